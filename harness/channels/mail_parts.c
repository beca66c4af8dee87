/* The parts of one mail: which of them a person reads, and which are files. */
#include "harness/channels/mail_inside.h"

#include <string.h>
#include <strings.h>

#include "harness/base/text.h"
#include "harness/channels/mail_charset.h"
#include "harness/channels/mail_text.h"
#include "harness/channels/mail_words.h"

/* Base64 is decoded here: GMime drops the end of one that was cut or lost its padding. */
static void part_bytes(GMimePart *part, struct buf *out)
{
    GMimeDataWrapper *content = g_mime_part_get_content(part);
    bool base64 = content && g_mime_data_wrapper_get_encoding(content) ==
                                 GMIME_CONTENT_ENCODING_BASE64;
    GMimeStream *stream;
    GByteArray *bytes;

    if (!content)
        return;
    stream = g_mime_stream_mem_new();
    if (base64) {
        GMimeStream *raw = g_mime_data_wrapper_get_stream(content);

        g_mime_stream_reset(raw);
        g_mime_stream_write_to_stream(raw, stream);
    } else {
        g_mime_data_wrapper_write_to_stream(content, stream);
    }
    bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
    if (base64)
        mail_base64_add(out, (struct slice){ (const char *)bytes->data, bytes->len });
    else
        buf_add(out, bytes->data, bytes->len < out->max ? bytes->len : out->max);
    g_object_unref(stream);
}

/* A page that is called plain text, as careless programs send it. */
static bool looks_like_html(struct slice text)
{
    struct slice s = text_trim(text);

    return (s.len > 15 && !strncasecmp(s.ptr, "<!doctype html", 14)) ||
           (s.len > 6 && !strncasecmp(s.ptr, "<html", 5) && strchr("> \n\t", s.ptr[5]));
}

/* Has it any character beyond ASCII that is whole? Then "utf-8" may be believed. */
static bool has_whole_character(struct slice s)
{
    for (size_t i = 0; i < s.len;) {
        int32_t c;
        size_t n = text_decode(s.ptr + i, s.len - i, &c);

        if (n > 1)
            return true;
        i += n;
    }
    return false;
}

/* "charset=…" in the head of a page whose headers name none. */
static const char *meta_charset(struct arena *a, struct slice html)
{
    enum { HEAD_MAX = 2000, NAME_MAX_BYTES = 40 };
    size_t end = html.len < HEAD_MAX ? html.len : HEAD_MAX;

    for (size_t i = 0; i + 9 < end; i++) {
        const char *p = html.ptr + i + 8;
        size_t n = 0;

        if (strncasecmp(html.ptr + i, "charset=", 8))
            continue;
        p += *p == '"' || *p == '\'';
        while (p + n < html.ptr + end && n < NAME_MAX_BYTES &&
               (strchr("-_.:", p[n]) || (p[n] >= '0' && p[n] <= '9') ||
                ((p[n] | 0x20) >= 'a' && (p[n] | 0x20) <= 'z')))
            n++;
        return arena_strndup(a, p, n);
    }
    return NULL;
}

static void keep_link(void *context, struct slice label, struct slice href)
{
    struct gather *g = context;

    mail_add_link(g->arena, g->mail, label, href);
}

/* The decoded text of a text part, in UTF-8, HTML made readable, flowed lines joined. */
static void part_text(struct gather *g, GMimePart *part, struct buf *out)
{
    CLEANUP(buf_release) struct buf bytes = BUF_INIT(MAIL_TEXT_MAX_BYTES);
    CLEANUP(buf_release) struct buf text = BUF_INIT(MAIL_TEXT_MAX_BYTES * 3);
    GMimeContentType *type = g_mime_object_get_content_type(GMIME_OBJECT(part));
    const char *format = g_mime_content_type_get_parameter(type, "format");
    const char *delsp = g_mime_content_type_get_parameter(type, "delsp");
    const char *charset = g_mime_content_type_get_parameter(type, "charset");
    bool html = g_mime_content_type_is_type(type, "text", "html");

    part_bytes(part, &bytes);
    if (html && (!charset || !*charset))
        charset = meta_charset(g->arena, buf_slice(&bytes));
    if (charset && text_same_ascii(charset, "utf-8") && !text_is_valid(buf_slice(&bytes)) &&
        !has_whole_character(buf_slice(&bytes)))
        charset = NULL;           /* mislabelled: no byte of it is UTF-8 */
    mail_charset_add(&text, charset, buf_slice(&bytes));
    if (html || looks_like_html(buf_slice(&text)))
        mail_html_read(buf_slice(&text), out, keep_link, g);
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

static int64_t decoded_size(GMimePart *part)
{
    CLEANUP(buf_release) struct buf bytes = BUF_INIT(MAIL_IN_MAX_BYTES);

    part_bytes(part, &bytes);
    return (int64_t)bytes.len;
}

static void add_attachment(struct gather *g, GMimeObject *o, const char *name, int64_t size)
{
    struct mail *m = g->mail;
    char *type = g_mime_content_type_get_mime_type(g_mime_object_get_content_type(o));

    if (!m->attachments)
        m->attachments = arena_alloc(g->arena, MAIL_PARTS_MAX * sizeof *m->attachments);
    if (m->attachment_count < MAIL_PARTS_MAX)
        m->attachments[m->attachment_count++] = (struct mail_file){
            mail_clean(g->arena, name), mail_clean(g->arena, type), size };
    g_free(type);
}

/* Is this plain text only a pointer to the HTML, or the empty shell of it? */
static bool is_stub(struct slice plain, struct slice html)
{
    enum { STUB_MAX = 200, TIMES = 4 };
    struct slice words = text_trim(plain);

    if (words.len >= STUB_MAX || text_trim(html).len <= words.len)
        return false;
    return strstr(plain.ptr, "HTML") || strstr(plain.ptr, "html") ||
           (words.len < 60 && text_trim(html).len > words.len * TIMES);
}

static bool is_text(GMimeObject *o, const char *subtype)
{
    return GMIME_IS_PART(o) &&
           g_mime_content_type_is_type(g_mime_object_get_content_type(o), "text", subtype);
}

/* What a container holds, beside the text gathered so far. */
static void read_aside(struct gather *g, GMimeObject *o, unsigned depth, struct buf *out)
{
    struct buf before = g->text;

    g->text = (struct buf)BUF_INIT(MAIL_TEXT_MAX_BYTES * 3);
    mail_read_part(g, o, depth);
    buf_add(out, g->text.ptr, g->text.len);
    buf_release(&g->text);
    g->text = before;
}

/* The best of the alternatives: plain text, unless it is empty or only a pointer to the HTML. The
 * HTML may lie deeper, beside its pictures. Files among them are files. */
static void read_alternative(struct gather *g, GMimeMultipart *m, unsigned depth)
{
    CLEANUP(buf_release) struct buf plain = BUF_INIT(MAIL_TEXT_MAX_BYTES * 3);
    CLEANUP(buf_release) struct buf html = BUF_INIT(MAIL_TEXT_MAX_BYTES * 3);
    CLEANUP(buf_release) struct buf inside = BUF_INIT(MAIL_TEXT_MAX_BYTES * 3);
    int n = g_mime_multipart_get_count(m);

    for (int i = 0; i < n && i < MAIL_PARTS_MAX; i++) {
        GMimeObject *o = g_mime_multipart_get_part(m, i);

        if (is_text(o, "plain"))
            part_text(g, GMIME_PART(o), &plain);
        else if (is_text(o, "html"))
            part_text(g, GMIME_PART(o), &html);
        else if (GMIME_IS_MULTIPART(o))
            read_aside(g, o, depth + 1, &inside);
        else if (!is_text(o, "*"))
            mail_read_part(g, o, depth + 1);
    }
    struct slice rich = is_blank(buf_slice(&html)) ? buf_slice(&inside) : buf_slice(&html);
    bool use_rich = is_blank(buf_slice(&plain)) || is_stub(buf_slice(&plain), rich);

    add_text(g, use_rich && !is_blank(rich) ? rich : buf_slice(&plain));
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
        mail_read_part(g, g_mime_multipart_get_part(m, i), depth + 1);
}

/* A picture that only decorates the text, or a signature nobody opens. */
static bool is_decoration(GMimeObject *o, bool attached)
{
    GMimeContentType *type = g_mime_object_get_content_type(o);

    if (g_mime_content_type_is_type(type, "application", "pgp-signature") ||
        g_mime_content_type_is_type(type, "application", "pkcs7-signature") ||
        g_mime_content_type_is_type(type, "application", "x-pkcs7-signature"))
        return true;
    return !attached && g_mime_content_type_is_type(type, "image", "*") &&
           g_mime_object_get_content_id(o);
}

/* Words to read rather than a file: text without a name, or with one that only its type gives. */
static bool is_body(const struct gather *g, GMimeObject *o, const char *name, bool attached)
{
    GMimeContentDisposition *d = g_mime_object_get_content_disposition(o);
    bool filed = d && g_mime_content_disposition_get_parameter(d, "filename");

    return is_text(o, "*") && !attached && !is_text(o, "calendar") && !is_text(o, "x-vcard") &&
           !is_text(o, "vcard") && !is_text(o, "csv") && (!name || (!g->text.len && !filed));
}

static void read_leaf(struct gather *g, GMimePart *part)
{
    GMimeObject *o = GMIME_OBJECT(part);
    GMimeContentType *type = g_mime_object_get_content_type(o);
    const char *disposition = g_mime_object_get_disposition(o);
    const char *name = g_mime_part_get_filename(part);
    bool attached = disposition && text_same_ascii(disposition, "attachment");
    CLEANUP(buf_release) struct buf text = BUF_INIT(MAIL_TEXT_MAX_BYTES * 3);

    if (g_mime_content_type_is_type(type, "message", "delivery-status")) {
        part_bytes(part, &text);
        mail_read_report(g, buf_slice(&text));
    } else if (g_mime_content_type_is_type(type, "text", "rfc822-headers") ||
               g_mime_content_type_is_type(type, "message", "rfc822-headers")) {
        part_bytes(part, &text);
        mail_read_returned(g, buf_slice(&text));
    } else if (is_body(g, o, name, attached)) {
        part_text(g, part, &text);
        add_text(g, buf_slice(&text));
    } else if (!is_decoration(o, attached) &&
               (name || attached || !is_text(o, "*"))) {
        add_attachment(g, o, name ? name : "attachment", decoded_size(part));
    }
}

void mail_read_part(struct gather *g, GMimeObject *o, unsigned depth)
{
    if (!o || depth > MAIL_DEPTH_MAX || g->parts++ > MAIL_PARTS_MAX)
        return;
    if (GMIME_IS_MULTIPART(o)) {
        read_multipart(g, GMIME_MULTIPART(o), depth);
    } else if (GMIME_IS_MESSAGE_PART(o)) {
        GMimeMessage *inner = g_mime_message_part_get_message(GMIME_MESSAGE_PART(o));

        if (inner && g->mail->delivery != DELIVERY_NONE)   /* the mail the report is about */
            mail_add_ids(g->arena, &g->mail->answers,
                         mail_header(GMIME_OBJECT(inner), "Message-Id"));
        else
            add_attachment(g, o, inner && g_mime_message_get_subject(inner)
                                     ? g_mime_message_get_subject(inner) : "message", 0);
    } else if (GMIME_IS_PART(o)) {
        read_leaf(g, GMIME_PART(o));
    }
}
