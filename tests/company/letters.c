#include "tests/company/letters.h"

#include <gmime/gmime.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "harness/base/text.h"

enum { LETTER_TEXT_MAX = 64 * 1024 };

/* ---- reading ---- */

static char *header(GMimeMessage *m, const char *name)
{
    const char *value = g_mime_object_get_header(GMIME_OBJECT(m), name);

    return mem_strdup(value ? value : "");
}

static void read_sender(GMimeMessage *m, struct letter *l)
{
    InternetAddressList *list = g_mime_message_get_reply_to(m);

    if (!list || internet_address_list_length(list) < 1)
        list = g_mime_message_get_from(m);
    InternetAddress *one = list && internet_address_list_length(list) > 0
                               ? internet_address_list_get_address(list, 0) : NULL;
    bool is_mailbox = one && INTERNET_ADDRESS_IS_MAILBOX(one);
    const char *address = is_mailbox
        ? internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(one)) : NULL;
    const char *name = one ? internet_address_get_name(one) : NULL;

    l->address = mem_strdup(address ? address : "");
    l->name = mem_strdup(name ? name : "");
}

/* RFC 3834: anything but "no" is a machine's; so is what has no sender, or comes from a list. */
static bool is_automatic(GMimeMessage *m)
{
    CLEANUP(mem_freep) char *submitted = header(m, "Auto-Submitted");
    CLEANUP(mem_freep) char *precedence = header(m, "Precedence");
    CLEANUP(mem_freep) char *path = header(m, "Return-Path");
    CLEANUP(mem_freep) char *list = header(m, "List-Id");

    return (*submitted && !text_starts_with(submitted, "no")) || strcmp(path, "<>") == 0 || *list
           || text_same_ascii(precedence, "bulk") || text_same_ascii(precedence, "junk")
           || text_same_ascii(precedence, "list");
}

static char *bare_subject(const char *subject)
{
    struct buf out = BUF_INIT(LETTER_TEXT_MAX);
    static const char *const prefixes[] = { "re:", "aw:", "fwd:", "fw:" };

    for (bool again = true; again; ) {
        again = false;
        subject += strspn(subject, " \t");
        for (size_t i = 0; i < ARRAY_LEN(prefixes); i++) {
            if (strncasecmp(subject, prefixes[i], strlen(prefixes[i])) == 0) {
                subject += strlen(prefixes[i]);
                again = true;
            }
        }
    }
    while (*subject) {            /* without our own tags */
        const char *close = text_starts_with(subject, "[KC-") ? strchr(subject, ']') : NULL;

        if (close)
            subject = close + 1;
        else
            buf_addc(&out, *subject++);
    }
    buf_trim_right(&out);
    return buf_steal(&out);
}

static GMimePart *find_part(GMimeMessage *m, const char *subtype)
{
    GMimePartIter *it = g_mime_part_iter_new(GMIME_OBJECT(m));
    GMimePart *found = NULL;

    do {
        GMimeObject *o = g_mime_part_iter_get_current(it);
        GMimeContentType *type = o ? g_mime_object_get_content_type(o) : NULL;

        if (o && GMIME_IS_TEXT_PART(o) && g_mime_content_type_is_type(type, "text", subtype))
            found = GMIME_PART(o);
    } while (!found && g_mime_part_iter_next(it));
    g_mime_part_iter_free(it);
    return found;
}

static void strip_tags(struct buf *out, const char *html)
{
    bool inside = false;

    for (; *html; html++) {
        if (*html == '<')
            inside = true;
        else if (*html == '>' && inside)
            inside = false, buf_addc(out, ' ');
        else if (!inside)
            buf_addc(out, *html);
    }
}

/* Is this line the start of what was written before? */
static bool ends_text(struct slice line)
{
    struct slice t = text_trim(line);

    return slice_eq(line, "-- ") || slice_eq(t, "--")
           || (t.len > 9 && text_starts_with(t.ptr, "On ")
               && memcmp(t.ptr + t.len - 6, "wrote:", 6) == 0);
}

static void add_own_words(struct buf *out, const char *text)
{
    while (*text) {
        struct slice line = { text, strcspn(text, "\n") };

        if (ends_text(line))
            return;
        if (*text != '>') {
            buf_add(out, line.ptr, line.len);
            buf_addc(out, '\n');
        }
        text += line.len;
        text += *text == '\n';
    }
}

static char *read_text(GMimeMessage *m)
{
    struct buf out = BUF_INIT(LETTER_TEXT_MAX), plain = BUF_INIT(LETTER_TEXT_MAX);
    GMimePart *part = find_part(m, "plain");
    bool html = !part && (part = find_part(m, "html"));
    char *text = part ? g_mime_text_part_get_text(GMIME_TEXT_PART(part)) : NULL;

    if (text && html)
        strip_tags(&plain, text);
    else if (text)
        text_add_clean(&plain, slice_str(text));
    g_free(text);
    add_own_words(&out, plain.ptr);
    buf_trim_right(&out);
    buf_release(&plain);
    return buf_steal(&out);
}

enum status letter_read(struct slice bytes, struct letter *l)
{
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes.ptr, bytes.len);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage *m = g_mime_parser_construct_message(parser, NULL);

    *l = (struct letter){ 0 };
    g_object_unref(parser);
    g_object_unref(stream);
    if (!m)
        return ST_INVALID;

    const char *subject = g_mime_message_get_subject(m), *id = g_mime_message_get_message_id(m);
    CLEANUP(mem_freep) char *references = header(m, "References");
    CLEANUP(mem_freep) char *in_reply_to = header(m, "In-Reply-To");

    read_sender(m, l);
    l->raw_subject = mem_strdup(subject ? subject : "");
    l->subject = bare_subject(l->raw_subject);
    l->id = id ? mem_printf("<%s>", id) : mem_strdup("");
    l->references = mem_printf("%s %s", references, in_reply_to);
    l->text = read_text(m);
    l->automatic = is_automatic(m);
    g_object_unref(m);
    return ST_OK;
}

void letter_release(struct letter *l)
{
    free(l->name);
    free(l->address);
    free(l->subject);
    free(l->raw_subject);
    free(l->id);
    free(l->references);
    free(l->text);
    *l = (struct letter){ 0 };
}

/* ---- writing ---- */

static void set_header(GMimeMessage *m, const char *name, const char *value)
{
    if (value && *value)
        g_mime_object_set_header(GMIME_OBJECT(m), name, value, "utf-8");
}

static void set_text(GMimeMessage *m, const char *text)
{
    GMimeTextPart *part = g_mime_text_part_new_with_subtype("plain");

    g_mime_text_part_set_charset(part, "utf-8");
    g_mime_text_part_set_text(part, text);
    g_mime_part_set_content_encoding(GMIME_PART(part), GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
    g_mime_message_set_mime_part(m, GMIME_OBJECT(part));
    g_object_unref(part);
}

static char *to_text(GMimeMessage *m)
{
    GMimeFormatOptions *options = g_mime_format_options_new();
    GMimeStream *stream = g_mime_stream_mem_new();

    g_mime_format_options_set_newline_format(options, GMIME_NEWLINE_FORMAT_DOS);
    g_mime_object_write_to_stream(GMIME_OBJECT(m), options, stream);

    GByteArray *bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
    char *text = mem_strndup((const char *)bytes->data, bytes->len);

    g_object_unref(stream);
    g_mime_format_options_free(options);
    return text;
}

char *letter_write(const struct outgoing *o)
{
    GMimeMessage *m = g_mime_message_new(TRUE);
    GDateTime *now = g_date_time_new_from_unix_utc(o->wall);
    size_t id_len = strlen(o->id);
    CLEANUP(mem_freep) char *id = mem_strndup(o->id + 1, id_len - 2);

    g_mime_message_add_mailbox(m, GMIME_ADDRESS_TYPE_FROM, o->from_name, o->from);
    g_mime_message_add_mailbox(m, GMIME_ADDRESS_TYPE_TO, o->to_name, o->to);
    g_mime_message_set_subject(m, o->subject, "utf-8");
    g_mime_message_set_date(m, now);
    g_mime_message_set_message_id(m, id);
    set_header(m, "In-Reply-To", o->in_reply_to);
    set_header(m, "References", o->references);
    set_header(m, "Auto-Submitted", o->automatic);
    set_header(m, "X-Auto-Response-Suppress", o->automatic ? "All" : NULL);
    set_text(m, o->text);

    char *text = to_text(m);
    g_date_time_unref(now);
    g_object_unref(m);
    return text;
}
