#include "harness/channels/mail_read.h"

#include <gmime/gmime.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/channels/mail_charset.h"
#include "harness/channels/mail_compose.h"
#include "harness/channels/mail_mime.h"
#include "harness/channels/mail_text.h"
#include "harness/channels/mail_verdict.h"
#include "harness/channels/mail_words.h"

/* What is being gathered while the parts of a mail are visited. */
struct gather {
    struct arena *arena;
    struct mail *mail;
    struct buf text;
    unsigned parts;
};

static const char *clean(struct arena *a, const char *text)
{
    return text ? mail_header_text(a, text) : "";
}

/* Headers */

static bool same_start(const char *text, const char *name)
{
    for (; *name; text++, name++) {
        char c = *text >= 'A' && *text <= 'Z' ? (char)(*text | 0x20) : *text;

        if (c != (*name >= 'A' && *name <= 'Z' ? (char)(*name | 0x20) : *name))
            return false;
    }
    return true;
}

static const char *header(GMimeObject *o, const char *name)
{
    const char *value = g_mime_object_get_header(o, name);

    return value ? value : "";
}

/* A header as it stands in the mail; "" none. */
static struct slice raw_header(GMimeObject *o, const char *name)
{
    GMimeHeader *h = g_mime_header_list_get_header(g_mime_object_get_header_list(o), name);

    return slice_str(h ? g_mime_header_get_raw_value(h) : NULL);
}

static const char *decoded(struct arena *a, struct slice raw)
{
    struct buf out = BUF_INIT(64 * 1024);
    const char *ret;

    mail_words_add(&out, raw);
    ret = mail_header_text(a, out.ptr);
    buf_release(&out);
    return ret;
}

/* The words before the address in "=?utf-8?B?…?= <anna@x>"; NULL: nothing encoded. */
static const char *encoded_name(struct arena *a, struct slice raw)
{
    const char *open = memchr(raw.ptr, '<', raw.len);
    struct slice name = { raw.ptr, open ? (size_t)(open - raw.ptr) : 0 };

    name = text_trim(name);
    if (name.len >= 2 && name.ptr[0] == '"' && name.ptr[name.len - 1] == '"')
        name = (struct slice){ name.ptr + 1, name.len - 2 };
    for (size_t i = 0; i + 1 < name.len; i++)
        if (name.ptr[i] == '=' && name.ptr[i + 1] == '?')
            return decoded(a, name);
    return NULL;
}

static void add_id(struct arena *a, struct mail_ids *ids, const char *id, size_t len)
{
    if (ids->count == MAIL_IDS_MAX || !mail_id_ok(id, len))
        return;
    for (size_t i = 0; i < ids->count; i++)
        if (strlen(ids->items[i]) == len && !memcmp(ids->items[i], id, len))
            return;
    ARENA_GROW(a, ids->items, ids->cap, ids->count + 1);
    ids->items[ids->count++] = arena_strndup(a, id, len);
}

/* Everything between < and >; white space inside is what a bad fold left there. */
static void add_ids(struct arena *a, struct mail_ids *ids, const char *value)
{
    while ((value = strchr(value, '<'))) {
        char id[MAIL_ID_MAX];
        size_t n = 0;

        for (value++; *value && *value != '>' && *value != '<' && n < sizeof id; value++)
            if ((unsigned char)*value > 0x20)
                id[n++] = *value;
        if (*value == '>')
            add_id(a, ids, id, n);
    }
}

static const char *message_id(struct arena *a, GMimeObject *m)
{
    struct mail_ids one = { 0 };

    add_ids(a, &one, header(m, "Message-Id"));
    return one.count ? one.items[0] : NULL;
}

static void add_recipient(struct arena *a, struct mail_ids *to, const char *address)
{
    struct mail_person p;

    if (!address || to->count == MAIL_RECIPIENTS_MAX ||
        mail_person_parse(a, address, &p) != ST_OK)
        return;

    char *lower = arena_strdup(a, p.address);

    for (char *c = lower; *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c | 0x20);
    for (size_t i = 0; i < to->count; i++)
        if (!strcmp(to->items[i], lower))
            return;
    ARENA_GROW(a, to->items, to->cap, to->count + 1);
    to->items[to->count++] = lower;
}

static void add_list(struct arena *a, struct mail_ids *to, InternetAddressList *list)
{
    int n = list ? internet_address_list_length(list) : 0;

    for (int i = 0; i < n && i < MAIL_RECIPIENTS_MAX; i++) {
        InternetAddress *one = internet_address_list_get_address(list, i);

        if (INTERNET_ADDRESS_IS_MAILBOX(one))
            add_recipient(a, to, internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(one)));
    }
}

static InternetAddressMailbox *first_mailbox(InternetAddressList *list)
{
    int n = list ? internet_address_list_length(list) : 0;

    for (int i = 0; i < n; i++) {
        InternetAddress *one = internet_address_list_get_address(list, i);

        if (INTERNET_ADDRESS_IS_MAILBOX(one))
            return INTERNET_ADDRESS_MAILBOX(one);
    }
    return NULL;
}

static void read_people(struct arena *a, struct mail *mail, GMimeMessage *m)
{
    /* The envelope's recipient first: To may be a list, an alias or anything else. */
    static const char *const delivered[] = { "Delivered-To", "Envelope-To", "X-Original-To",
                                             "X-Envelope-To" };
    InternetAddressMailbox *from = first_mailbox(g_mime_message_get_from(m));
    InternetAddressMailbox *reply = first_mailbox(g_mime_message_get_reply_to(m));

    if (!from)
        from = first_mailbox(g_mime_message_get_sender(m));
    mail->sender = mail->sender_name = "";
    if (from) {
        mail->sender = clean(a, internet_address_mailbox_get_addr(from));
        mail->sender_name = encoded_name(a, raw_header(GMIME_OBJECT(m), "From"));
        if (!mail->sender_name)
            mail->sender_name = clean(a, internet_address_get_name(INTERNET_ADDRESS(from)));
    }
    mail->reply_address =
        reply ? clean(a, internet_address_mailbox_get_addr(reply)) : mail->sender;
    for (size_t i = 0; i < ARRAY_LEN(delivered); i++)
        add_recipient(a, &mail->recipients, g_mime_object_get_header(GMIME_OBJECT(m),
                                                                     delivered[i]));
    add_list(a, &mail->recipients, g_mime_message_get_to(m));
    add_list(a, &mail->recipients, g_mime_message_get_cc(m));
}

/* What marks a machine. "Precedence: bulk" alone does not (people's answers carry it too), nor does
 * X-Auto-Response-Suppress, which only asks others for silence. */
static void read_nature(struct arena *a, struct mail *mail, GMimeObject *m)
{
    static const struct { const char *name, *value; } marks[] = {   /* value NULL: any */
        { "X-Autoreply", NULL },      { "X-Autorespond", NULL },
        { "X-Autoresponder", NULL },  { "X-AutoReply-From", NULL },
        { "X-Mail-Autoreply", NULL }, { "Precedence", "auto_reply" },
        { "X-Precedence", "auto_reply" }, { "X-POST-MessageClass", "9; Autoresponder" },
    };
    struct slice submitted = text_trim(slice_str(header(m, "Auto-Submitted")));

    mail->nature = NATURE_HUMAN;
    if (submitted.len && !(submitted.len >= 2 && (submitted.ptr[0] | 0x20) == 'n' &&
                           (submitted.ptr[1] | 0x20) == 'o' &&
                           (submitted.len == 2 || strchr(" \t;(", submitted.ptr[2])))) {
        mail->nature = NATURE_AUTOMATIC;
        mail->nature_why = clean(a, arena_printf(a, "Auto-Submitted: %.*s",
                                                 SLICE_ARG(submitted)));
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
        const char *value = g_mime_object_get_header(m, marks[i].name);

        if (!value || text_same_ascii(value, "no") ||
            (marks[i].value && !text_same_ascii(value, marks[i].value)))
            continue;
        mail->nature = NATURE_AUTOMATIC;
        mail->nature_why = clean(a, arena_printf(a, "%s: %s", marks[i].name, value));
        return;
    }
    struct slice path = text_trim(slice_str(header(m, "Return-Path")));

    if (slice_eq(path, "<>")) {          /* RFC 3834 section 3.3: responders send from nobody */
        mail->nature = NATURE_AUTOMATIC;
        mail->nature_why = "Return-Path: <>";
    }
}

static void read_headers(struct arena *a, struct mail *mail, GMimeMessage *m)
{
    GMimeObject *o = GMIME_OBJECT(m);
    GDateTime *date = g_mime_message_get_date(m);
    /* The first is the one that the last server has put on top; others may be anybody's. */
    const char *results = header(o, "Authentication-Results");

    mail->subject = decoded(a, raw_header(o, "Subject"));
    mail->message_id = message_id(a, o);
    mail->date = date ? g_date_time_to_unix(date) : -1;
    read_people(a, mail, m);
    add_ids(a, &mail->answers, header(o, "In-Reply-To"));
    add_ids(a, &mail->answers, header(o, "References"));
    read_nature(a, mail, o);
    mail->spf = mail_verdict(a, results, "spf");
    mail->dkim = mail_verdict(a, results, "dkim");
    mail->dmarc = mail_verdict(a, results, "dmarc");
}

/* Bodies */

static void part_bytes(GMimePart *part, struct buf *out)
{
    GMimeDataWrapper *content = g_mime_part_get_content(part);
    GMimeStream *stream;
    GByteArray *bytes;

    if (!content)
        return;
    stream = g_mime_stream_mem_new();
    g_mime_data_wrapper_write_to_stream(content, stream);
    bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
    buf_add(out, bytes->data, bytes->len < out->max ? bytes->len : out->max);
    g_object_unref(stream);
}

/* The decoded text of a text part, in UTF-8, HTML made readable, flowed lines joined. */
static void part_text(GMimePart *part, struct buf *out)
{
    CLEANUP(buf_release) struct buf bytes = BUF_INIT(MAIL_TEXT_MAX_BYTES);
    CLEANUP(buf_release) struct buf text = BUF_INIT(MAIL_TEXT_MAX_BYTES * 3);
    GMimeContentType *type = g_mime_object_get_content_type(GMIME_OBJECT(part));
    const char *format = g_mime_content_type_get_parameter(type, "format");
    const char *delsp = g_mime_content_type_get_parameter(type, "delsp");

    part_bytes(part, &bytes);
    mail_charset_add(&text, g_mime_content_type_get_parameter(type, "charset"),
                     buf_slice(&bytes));
    if (g_mime_content_type_is_type(type, "text", "html"))
        mail_html_text(buf_slice(&text), out);
    else if (format && text_same_ascii(format, "flowed"))
        mail_unflow(buf_slice(&text), delsp && text_same_ascii(delsp, "yes")
                                          ? FLOWED_DELETE_SPACE : FLOWED_KEEP_SPACE, out);
    else
        buf_add(out, text.ptr, text.len);
}

static bool is_blank(struct slice s)
{
    return text_trim(s).len == 0;
}

static void add_text(struct gather *g, struct slice text)
{
    if (is_blank(text))
        return;
    if (g->text.len)
        buf_adds(&g->text, "\n\n");
    buf_add(&g->text, text.ptr, text.len);
}

static void add_attachment(struct gather *g, const char *name)
{
    struct mail *m = g->mail;

    if (!m->attachments)
        m->attachments = arena_alloc(g->arena, MAIL_PARTS_MAX * sizeof *m->attachments);
    if (m->attachment_count < MAIL_PARTS_MAX)
        m->attachments[m->attachment_count++] = clean(g->arena, name);
}

/* "field: value" in the groups of a delivery report. */
static const char *report_field(struct arena *a, struct slice report, const char *name)
{
    size_t len = strlen(name);

    for (size_t i = 0; i + len < report.len; i++) {
        size_t end = i;

        if (i && report.ptr[i - 1] != '\n')
            continue;
        if (!same_start(report.ptr + i, name))
            continue;
        do {                                 /* folded lines belong to it */
            const char *nl = memchr(report.ptr + end, '\n', report.len - end);

            end = nl ? (size_t)(nl - report.ptr) + 1 : report.len;
        } while (end < report.len && (report.ptr[end] == ' ' || report.ptr[end] == '\t'));
        return clean(a, arena_strndup(a, report.ptr + i + len, end - i - len));
    }
    return "";
}

/* Exim puts the reason only into the words: the indented lines below the recipient's address. */
static const char *reason_in_words(struct arena *a, struct slice text, const char *who)
{
    const char *at = *who ? strstr(text.ptr, who) : NULL;
    const char *line = at ? strchr(at, '\n') : NULL;
    struct buf out = BUF_INIT(500);
    const char *ret;

    while (line && (line[1] == ' ' || line[1] == '\t')) {
        const char *start = line + 1;

        line = strchr(start, '\n');

        struct slice words =
            text_trim((struct slice){ start, line ? (size_t)(line - start) : strlen(start) });

        if (!words.len)
            break;
        if (out.len)
            buf_addc(&out, ' ');
        buf_add(&out, words.ptr, words.len);
    }
    ret = mail_header_text(a, out.ptr);
    buf_release(&out);
    return ret;
}

static const char *after_type(struct arena *a, const char *typed)
{
    const char *semicolon = strchr(typed, ';');      /* "rfc822;anna@x", "smtp; 550 no" */

    return semicolon ? mail_header_text(a, semicolon + 1) : typed;
}

/* RFC 3464 section 2.3: one group per recipient; the first that tells an action is ours. */
static void read_report(struct gather *g, struct slice report)
{
    static const struct { const char *action; enum delivery delivery; } actions[] = {
        { "failed", DELIVERY_FAILED }, { "delayed", DELIVERY_DELAYED },
        { "delivered", DELIVERY_OTHER }, { "relayed", DELIVERY_OTHER },
        { "expanded", DELIVERY_OTHER },
    };
    struct arena *a = g->arena;
    const char *action = report_field(a, report, "Action:");
    const char *status = report_field(a, report, "Status:");
    const char *who = after_type(a, report_field(a, report, "Final-Recipient:"));
    const char *reason = after_type(a, report_field(a, report, "Diagnostic-Code:"));

    for (size_t i = 0; i < ARRAY_LEN(actions); i++)
        if (text_same_ascii(action, actions[i].action))
            g->mail->delivery = actions[i].delivery;
    if (!*reason) {
        const char *words = reason_in_words(a, buf_slice(&g->text), who);

        reason = arena_printf(a, "%s%s%s", status, *words ? " " : "", words);
    }
    g->mail->delivery_reason = arena_printf(a, "%s%s%s%s", reason, *who ? " (" : "", who,
                                            *who ? ")" : "");
}

static void read_part(struct gather *g, GMimeObject *o, unsigned depth);

/* The returned mail inside a report: its id is what the report is about. */
static void read_returned(struct gather *g, struct slice bytes)
{
    struct mail_ids *ids = &g->mail->answers;
    const char *id = report_field(g->arena, bytes, "Message-ID:");

    add_ids(g->arena, ids, id);
}

/* Does this plain text only say that the mail is to be read as HTML? */
static bool is_stub(struct slice plain, struct slice html)
{
    return plain.len < 200 && html.len > plain.len &&
           (strstr(plain.ptr, "HTML") || strstr(plain.ptr, "html"));
}

static bool is_text(GMimeObject *o, const char *subtype)
{
    return GMIME_IS_PART(o) &&
           g_mime_content_type_is_type(g_mime_object_get_content_type(o), "text", subtype);
}

/* The best of the alternatives: plain text, unless it is empty or only a pointer to the HTML. */
static void read_alternative(struct gather *g, GMimeMultipart *m, unsigned depth)
{
    CLEANUP(buf_release) struct buf plain = BUF_INIT(MAIL_TEXT_MAX_BYTES * 3);
    CLEANUP(buf_release) struct buf html = BUF_INIT(MAIL_TEXT_MAX_BYTES * 3);
    GMimeObject *other = NULL;
    int n = g_mime_multipart_get_count(m);

    for (int i = 0; i < n && i < MAIL_PARTS_MAX; i++) {
        GMimeObject *o = g_mime_multipart_get_part(m, i);

        if (is_text(o, "plain"))
            part_text(GMIME_PART(o), &plain);
        else if (is_text(o, "html"))
            part_text(GMIME_PART(o), &html);
        else if (GMIME_IS_MULTIPART(o))
            other = o;
    }
    if (is_blank(buf_slice(&html)) && other) {       /* related inside alternative */
        struct buf before = g->text;
        struct buf inside = BUF_INIT(MAIL_TEXT_MAX_BYTES * 3);

        g->text = inside;
        read_part(g, other, depth + 1);
        inside = g->text;
        g->text = before;
        buf_add(&html, inside.ptr, inside.len);
        buf_release(&inside);
    }
    bool use_html = is_blank(buf_slice(&plain)) || is_stub(buf_slice(&plain), buf_slice(&html));

    add_text(g, buf_slice(use_html && !is_blank(buf_slice(&html)) ? &html : &plain));
}

static void read_multipart(struct gather *g, GMimeMultipart *m, unsigned depth)
{
    GMimeContentType *type = g_mime_object_get_content_type(GMIME_OBJECT(m));
    int n = g_mime_multipart_get_count(m);

    if (g_mime_content_type_is_type(type, "multipart", "alternative")) {
        read_alternative(g, m, depth);
        return;
    }
    for (int i = 0; i < n && i < MAIL_PARTS_MAX; i++)
        read_part(g, g_mime_multipart_get_part(m, i), depth + 1);
}

static void read_leaf(struct gather *g, GMimePart *part)
{
    GMimeObject *o = GMIME_OBJECT(part);
    GMimeContentType *type = g_mime_object_get_content_type(o);
    const char *disposition = g_mime_object_get_disposition(o);
    const char *name = g_mime_part_get_filename(part);
    CLEANUP(buf_release) struct buf text = BUF_INIT(MAIL_TEXT_MAX_BYTES * 3);

    if (g_mime_content_type_is_type(type, "message", "delivery-status")) {
        part_bytes(part, &text);
        read_report(g, buf_slice(&text));
    } else if (g_mime_content_type_is_type(type, "text", "rfc822-headers") ||
               g_mime_content_type_is_type(type, "message", "rfc822-headers")) {
        part_bytes(part, &text);
        read_returned(g, buf_slice(&text));
    } else if (g_mime_content_type_is_type(type, "text", "*") && !name &&
               !g_mime_content_type_is_type(type, "text", "calendar") &&
               !(disposition && text_same_ascii(disposition, "attachment"))) {
        part_text(part, &text);
        add_text(g, buf_slice(&text));
    } else if (name || (disposition && text_same_ascii(disposition, "attachment"))) {
        add_attachment(g, name ? name : "attachment");
    }
}

static void read_part(struct gather *g, GMimeObject *o, unsigned depth)
{
    if (!o || depth > MAIL_DEPTH_MAX || g->parts++ > MAIL_PARTS_MAX)
        return;
    if (GMIME_IS_MULTIPART(o)) {
        read_multipart(g, GMIME_MULTIPART(o), depth);
    } else if (GMIME_IS_MESSAGE_PART(o)) {
        GMimeMessage *inner = g_mime_message_part_get_message(GMIME_MESSAGE_PART(o));

        if (inner && g->mail->delivery != DELIVERY_NONE)   /* the mail the report is about */
            add_ids(g->arena, &g->mail->answers, header(GMIME_OBJECT(inner), "Message-Id"));
        else
            add_attachment(g, inner && g_mime_message_get_subject(inner)
                                  ? g_mime_message_get_subject(inner) : "message");
    } else if (GMIME_IS_PART(o)) {
        read_leaf(g, GMIME_PART(o));
    }
}

/* Bounces from before there was a format for them: from the mailer, to nobody, in words. */
static void read_plain_bounce(struct arena *a, struct mail *mail, GMimeObject *m)
{
    struct slice first = slice_str(mail->full_text);
    struct slice path = text_trim(slice_str(header(m, "Return-Path")));
    char *sender = text_folded(mail->sender);
    bool mailer = text_starts_with(sender, "mailer-daemon") && slice_eq(path, "<>");

    mem_freep(&sender);
    if (!mailer && !*header(m, "X-Failed-Recipients"))
        return;
    if (first.len > 300)
        first.len = 300;
    mail->delivery = DELIVERY_FAILED;
    mail->delivery_reason = mail_header_text(a, arena_strndup(a, first.ptr, first.len));
}

/* Line ends as mail programs write them when they get them wrong: CR CR LF, lone CR, both kinds
 * mixed. All become LF, so that no header swallows the next one. */
static void normalise(struct slice in, struct buf *out)
{
    size_t len = in.len < MAIL_IN_MAX_BYTES ? in.len : MAIL_IN_MAX_BYTES;

    for (size_t i = 0; i < len; i++) {
        if (in.ptr[i] != '\r') {
            buf_addc(out, in.ptr[i] ? in.ptr[i] : ' ');
            continue;
        }
        while (i + 1 < len && in.ptr[i + 1] == '\r')
            i++;
        if (i + 1 >= len || in.ptr[i + 1] != '\n')
            buf_addc(out, '\n');
    }
}

static GMimeMessage *parse(const struct buf *bytes)
{
    static const char *charsets[] = { "utf-8", "windows-1252", NULL };
    GMimeParserOptions *options = g_mime_parser_options_new();
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes->ptr, bytes->len);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage *m;

    g_mime_parser_options_set_fallback_charsets(options, charsets);
    m = g_mime_parser_construct_message(parser, options);
    g_object_unref(parser);
    g_object_unref(stream);
    g_mime_parser_options_free(options);
    return m;
}

static const char *text_of(struct arena *a, const struct buf *b)
{
    struct buf out = BUF_INIT(MAIL_TEXT_MAX_BYTES);
    const char *ret;

    text_add_clean(&out, text_trim(buf_slice(b)));
    ret = arena_strndup(a, out.ptr, out.len);
    buf_release(&out);
    return ret;
}

struct mail *mail_read(struct arena *a, struct slice bytes)
{
    CLEANUP(buf_release) struct buf normal = BUF_INIT(MAIL_IN_MAX_BYTES);
    CLEANUP(buf_release) struct buf fresh = BUF_INIT(MAIL_TEXT_MAX_BYTES);
    struct mail *mail = arena_alloc(a, sizeof *mail);
    struct gather g = { .arena = a, .mail = mail, .text = BUF_INIT(MAIL_TEXT_MAX_BYTES) };

    mime_ready();
    mail->subject = mail->sender = mail->sender_name = mail->reply_address = "";
    mail->text = mail->full_text = mail->delivery_reason = "";
    mail->spf = mail->dkim = mail->dmarc = "";
    mail->date = -1;
    normalise(bytes, &normal);

    GMimeMessage *m = parse(&normal);

    if (!m) {                     /* no header anywhere: then all of it is text */
        mail->text = mail->full_text = text_of(a, &normal);
        return mail;
    }
    read_headers(a, mail, m);
    read_part(&g, g_mime_message_get_mime_part(m), 0);
    mail->full_text = text_of(a, &g.text);
    if (mail->delivery == DELIVERY_NONE)
        read_plain_bounce(a, mail, GMIME_OBJECT(m));
    g_object_unref(m);
    if (mail->delivery == DELIVERY_FAILED)
        mail->nature = NATURE_BOUNCE;
    else if (mail->delivery != DELIVERY_NONE)
        mail->nature = NATURE_AUTOMATIC;
    mail_new_text(slice_str(mail->full_text), &fresh);
    mail->text = arena_strndup(a, fresh.ptr, fresh.len);
    buf_release(&g.text);
    return mail;
}
