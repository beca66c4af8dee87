#include "harness/channels/mail_compose.h"

#include <gmime/gmime.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/channels/mail_markup.h"
#include "harness/channels/mail_mime.h"

enum { LINE_MAX_PLAIN = 900, QUOTED_LINES_MAX = 200 };   /* RFC 5322: 998 at most, with room */

bool mail_id_ok(const char *id, size_t len)
{
    if (len == 0 || len > MAIL_ID_MAX)
        return false;
    for (size_t i = 0; i < len; i++)
        if (id[i] <= 0x20 || id[i] >= 0x7f || strchr("<>\"(),;", id[i]))
            return false;
    return true;
}

const char *mail_header_text(struct arena *a, const char *text)
{
    struct buf clean = BUF_INIT(64 * 1024), line = BUF_INIT(64 * 1024);
    const char *ret;

    text_add_clean(&clean, slice_str(text));
    for (size_t i = 0; i < clean.len; i++) {
        bool blank = (unsigned char)clean.ptr[i] <= 0x20 || clean.ptr[i] == 0x7f;

        if (!blank)
            buf_addc(&line, clean.ptr[i]);
        else if (line.len && line.ptr[line.len - 1] != ' ')
            buf_addc(&line, ' ');
    }
    buf_trim_right(&line);
    ret = arena_strndup(a, line.ptr, line.len);
    buf_release(&clean);
    buf_release(&line);
    return ret;
}

static bool address_ok(struct slice s)
{
    const char *at = memchr(s.ptr, '@', s.len);

    if (!at || at == s.ptr || at + 1 >= s.ptr + s.len || s.len > 320)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];

        if (c <= 0x20 || c >= 0x7f || strchr("<>()[],;:\\\"", c))
            return false;
        if (c == '@' && s.ptr + i != at)
            return false;
    }
    return true;
}

enum status mail_person_parse(struct arena *a, const char *text, struct mail_person *ret)
{
    struct slice all = text_trim(slice_str(text)), name = { "", 0 }, address = all;
    const char *open = memchr(all.ptr, '<', all.len);

    for (size_t i = 0; i < all.len; i++)
        if ((unsigned char)all.ptr[i] < 0x20)
            return ST_INVALID;
    if (open) {
        if (all.ptr[all.len - 1] != '>')
            return ST_INVALID;
        name = text_trim((struct slice){ all.ptr, (size_t)(open - all.ptr) });
        address = (struct slice){ open + 1, (size_t)(all.ptr + all.len - open) - 2 };
        if (name.len >= 2 && name.ptr[0] == '"' && name.ptr[name.len - 1] == '"')
            name = (struct slice){ name.ptr + 1, name.len - 2 };
    }
    if (!address_ok(address))
        return ST_INVALID;
    ret->name = mail_header_text(a, arena_strndup(a, name.ptr, name.len));
    ret->address = arena_strndup(a, address.ptr, address.len);
    return ST_OK;
}

/* Up to the next comma that stands neither in quotes nor between < and >. */
static size_t person_length(const char *p)
{
    bool quotes = false, angle = false;
    size_t n = 0;

    for (; p[n] && (p[n] != ',' || quotes || angle); n++) {
        quotes ^= p[n] == '"';
        angle = !quotes && (p[n] == '<' || (angle && p[n] != '>'));
    }
    return n;
}

enum status mail_people_parse(struct arena *a, const char *text, const struct mail_person **ret,
                              size_t *count)
{
    struct mail_person *all = arena_alloc(a, MAIL_CC_MAX * sizeof *all);
    size_t n = 0;

    for (const char *p = text; *p;) {
        size_t len = person_length(p);

        if (n == MAIL_CC_MAX)
            return ST_LIMIT;
        if (mail_person_parse(a, arena_strndup(a, p, len), &all[n++]) != ST_OK)
            return ST_INVALID;
        p += len + (p[len] == ',');
    }
    *ret = all;
    *count = n;
    return ST_OK;
}

/* Bodies */

static GMimeDataWrapper *content_of(const char *bytes, size_t len)
{
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes, len);
    GMimeDataWrapper *content =
        g_mime_data_wrapper_new_with_stream(stream, GMIME_CONTENT_ENCODING_DEFAULT);

    g_object_unref(stream);
    return content;
}

/* Valid UTF-8 without NUL, lines ending in CRLF: that is what the encodings are defined on. */
static void canonical_text(struct buf *out, const char *text)
{
    struct buf clean = BUF_INIT(MAIL_OUT_MAX_BYTES);

    for (const char *p = text; *p; p++) {
        if (*p == '\r' && p[1] != '\n')
            buf_addc(&clean, '\n');
        else if (*p != '\r')
            buf_addc(&clean, *p);
    }
    buf_trim_right(&clean);
    struct buf valid = BUF_INIT(MAIL_OUT_MAX_BYTES);

    text_add_clean(&valid, buf_slice(&clean));
    for (size_t i = 0; i < valid.len; i++) {
        if (valid.ptr[i] == '\n')
            buf_addc(out, '\r');
        buf_addc(out, valid.ptr[i]);
    }
    buf_adds(out, "\r\n");
    buf_release(&valid);
    buf_release(&clean);
}

static GMimeContentEncoding best_encoding(struct slice text)
{
    size_t high = 0, line = 0, longest = 0;

    for (size_t i = 0; i < text.len; i++) {
        high += (unsigned char)text.ptr[i] >= 0x80;
        line = text.ptr[i] == '\n' ? 0 : line + 1;
        longest = line > longest ? line : longest;
    }
    if (high * 3 > text.len)
        return GMIME_CONTENT_ENCODING_BASE64;
    return high || longest > LINE_MAX_PLAIN ? GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE
                                            : GMIME_CONTENT_ENCODING_7BIT;
}

static GMimeObject *text_part(const char *subtype, const char *text)
{
    GMimePart *part = g_mime_part_new_with_type("text", subtype);
    struct buf body = BUF_INIT(MAIL_OUT_MAX_BYTES);
    GMimeContentEncoding encoding;
    GMimeDataWrapper *content;

    canonical_text(&body, text);
    encoding = best_encoding(buf_slice(&body));
    content = content_of(body.ptr, body.len);
    g_mime_object_set_content_type_parameter(GMIME_OBJECT(part), "charset", "utf-8");
    g_mime_part_set_content(part, content);
    g_mime_part_set_content_encoding(part, encoding);
    g_object_unref(content);
    buf_release(&body);
    return GMIME_OBJECT(part);
}

/* The words, and beside them the same as HTML where wished: the last is what readers show. */
static GMimeObject *words_part(const struct mail_draft *d)
{
    GMimeObject *plain = text_part("plain", d->text);

    if (!d->html)
        return plain;

    struct buf valid = BUF_INIT(MAIL_OUT_MAX_BYTES), html = BUF_INIT(MAIL_OUT_MAX_BYTES);
    GMimeMultipart *both = g_mime_multipart_new_with_subtype("alternative");
    char *boundary = mem_printf("%s-alt", d->boundary);
    GMimeObject *other;

    text_add_clean(&valid, slice_str(d->text));
    mail_markup(buf_slice(&valid), d->language, &html);
    other = text_part("html", html.ptr);
    g_mime_multipart_set_boundary(both, boundary);
    g_mime_multipart_add(both, plain);
    g_mime_multipart_add(both, other);
    g_object_unref(plain);
    g_object_unref(other);
    mem_freep(&boundary);
    buf_release(&valid);
    buf_release(&html);
    return GMIME_OBJECT(both);
}

static const char *type_of(const char *name)
{
    static const char *const types[][2] = {
        { ".csv", "text/csv" },        { ".gif", "image/gif" },      { ".htm", "text/html" },
        { ".html", "text/html" },      { ".jpeg", "image/jpeg" },    { ".jpg", "image/jpeg" },
        { ".json", "application/json" }, { ".mp4", "video/mp4" },    { ".pdf", "application/pdf" },
        { ".png", "image/png" },       { ".txt", "text/plain" },     { ".webp", "image/webp" },
        { ".zip", "application/zip" },
    };
    const char *dot = strrchr(name, '.');

    for (size_t i = 0; dot && i < ARRAY_LEN(types); i++)
        if (text_same_ascii(dot, types[i][0]))
            return types[i][1];
    return "application/octet-stream";
}

static enum status file_part(const char *path, struct diags *diags, GMimeObject **ret)
{
    CLEANUP(buf_release) struct buf bytes = BUF_INIT(MAIL_ATTACH_MAX_BYTES);
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    enum status st = buf_read_file(&bytes, path);

    if (st) {
        diag_error(diags, st == ST_LIMIT ? "%s: larger than an attachment may be (20 MiB)"
                                         : "%s: cannot be read", path);
        return st;
    }
    GMimeContentType *type = g_mime_content_type_parse(NULL, type_of(name));
    GMimePart *part = g_mime_part_new();
    GMimeDataWrapper *content = content_of(bytes.ptr, bytes.len);
    struct arena *a = arena_new();

    g_mime_object_set_content_type(GMIME_OBJECT(part), type);
    g_mime_object_set_disposition(GMIME_OBJECT(part), "attachment");
    g_mime_part_set_filename(part, mail_header_text(a, name));
    g_mime_part_set_content(part, content);
    g_mime_part_set_content_encoding(part, GMIME_CONTENT_ENCODING_BASE64);
    g_object_unref(type);
    g_object_unref(content);
    arena_free(a);
    *ret = GMIME_OBJECT(part);
    return ST_OK;
}

static enum status add_files(const struct mail_draft *d, struct diags *diags, GMimeObject **body)
{
    if (!d->attach_count)
        return ST_OK;

    GMimeMultipart *mixed = g_mime_multipart_new_with_subtype("mixed");

    g_mime_multipart_set_boundary(mixed, d->boundary);
    g_mime_multipart_add(mixed, *body);
    g_object_unref(*body);
    *body = GMIME_OBJECT(mixed);
    for (size_t i = 0; i < d->attach_count; i++) {
        GMimeObject *file;
        enum status st = file_part(d->attach[i], diags, &file);

        if (st)
            return st;
        g_mime_multipart_add(mixed, file);
        g_object_unref(file);
    }
    return ST_OK;
}

/* Headers */

/* The first id tells the thread, the last ones the place in it. */
static void set_references(GMimeObject *m, const struct mail_draft *d)
{
    struct buf line = BUF_INIT(MAIL_REFERENCES_MAX * (MAIL_ID_MAX + 4));
    size_t n = d->reference_count;
    size_t skip_to = n > MAIL_REFERENCES_MAX ? n - MAIL_REFERENCES_MAX + 1 : 1;

    for (size_t i = 0; i < n; i = i == 0 ? skip_to : i + 1)
        if (mail_id_ok(d->references[i], strlen(d->references[i])))
            buf_addf(&line, "%s<%s>", line.len ? " " : "", d->references[i]);
    if (line.len)
        g_mime_object_set_header(m, "References", line.ptr, NULL);
    buf_release(&line);
}

static void set_headers(GMimeMessage *m, const struct mail_draft *d, struct arena *a)
{
    GDateTime *date = g_date_time_new_from_unix_utc(d->date);
    GMimeObject *object = GMIME_OBJECT(m);

    g_mime_message_add_mailbox(m, GMIME_ADDRESS_TYPE_FROM, mail_header_text(a, d->from.name),
                               d->from.address);
    g_mime_message_add_mailbox(m, GMIME_ADDRESS_TYPE_TO, mail_header_text(a, d->to.name),
                               d->to.address);
    for (size_t i = 0; i < d->cc_count; i++)
        g_mime_message_add_mailbox(m, GMIME_ADDRESS_TYPE_CC, mail_header_text(a, d->cc[i].name),
                                   d->cc[i].address);
    g_mime_message_set_subject(m, mail_header_text(a, d->subject), "utf-8");
    g_mime_message_set_date(m, date);
    g_mime_message_set_message_id(m, d->message_id);
    g_date_time_unref(date);
    if (d->in_reply_to && mail_id_ok(d->in_reply_to, strlen(d->in_reply_to)))
        g_mime_object_set_header(object, "In-Reply-To",
                                 arena_printf(a, "<%s>", d->in_reply_to), NULL);
    set_references(object, d);
    if (d->marker)
        g_mime_object_set_header(object, "X-Shopper", mail_header_text(a, d->marker), "utf-8");
}

enum status mail_compose(const struct mail_draft *d, struct diags *diags, struct buf *out)
{
    mime_ready();

    GMimeObject *body = words_part(d);
    enum status st = add_files(d, diags, &body);

    if (st) {
        g_object_unref(body);
        return st;
    }
    GMimeMessage *m = g_mime_message_new(FALSE);
    GMimeFormatOptions *format = g_mime_format_options_new();
    GMimeStream *stream = g_mime_stream_mem_new();
    struct arena *a = arena_new();

    set_headers(m, d, a);
    g_mime_message_set_mime_part(m, body);
    g_mime_format_options_set_newline_format(format, GMIME_NEWLINE_FORMAT_DOS);
    g_mime_object_write_to_stream(GMIME_OBJECT(m), format, stream);

    GByteArray *bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));

    buf_add(out, bytes->data, bytes->len);
    if (out->full) {
        diag_error(diags, "the mail is larger than a mail may be (32 MiB)");
        st = ST_LIMIT;
    }
    arena_free(a);
    g_object_unref(stream);
    g_mime_format_options_free(format);
    g_object_unref(m);
    g_object_unref(body);
    return st;
}

/* Replies */

const char *mail_reply_subject(struct arena *a, const char *subject)
{
    static const char *const prefixes[] = { "re:", "aw:", "sv:", "antw:", "rv:", "réf:" };
    char *folded;
    bool reply = false;

    subject = mail_header_text(a, subject);
    folded = mem_strdup(subject);
    for (char *p = folded; *p; p++)
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p - 'A' + 'a');
    for (size_t i = 0; i < ARRAY_LEN(prefixes); i++)
        reply |= text_starts_with(folded, prefixes[i]);
    mem_freep(&folded);
    return reply ? subject : arena_printf(a, "Re: %s", subject);
}

static void add_wrote(struct buf *out, const char *language, const char *name, int64_t date)
{
    static const struct { const char *language, *dated, *undated; } frames[] = {
        { "de", "Am %s schrieb ", ":" },
        { "es", "El %s, ", " escribió:" },
        { "fa", "در %s، ", " نوشت:" },
        { "fr", "Le %s, ", " a écrit :" },
        { "en", "On %s, ", " wrote:" },
    };
    size_t i = 0;
    char day[32] = "";

    while (i + 1 < ARRAY_LEN(frames) && (!language || strncmp(language, frames[i].language, 2)))
        i++;
    if (date >= 0) {
        GDateTime *when = g_date_time_new_from_unix_utc(date);
        char *text = when ? g_date_time_format(when, "%Y-%m-%d %H:%M") : NULL;

        if (text)
            g_strlcpy(day, text, sizeof day);
        g_free(text);
        if (when)
            g_date_time_unref(when);
    }
    for (const char *p = frames[i].dated; *day && *p; p++) {
        if (p[0] == '%' && p[1] == 's') {
            buf_adds(out, day);
            p++;
        } else {
            buf_addc(out, *p);
        }
    }
    buf_adds(out, name);
    buf_adds(out, frames[i].undated);
}

const char *mail_reply_text(struct arena *a, const char *language, const char *words,
                            const char *name, int64_t date, const char *quoted)
{
    struct buf out = BUF_INIT(MAIL_OUT_MAX_BYTES / 4);
    const char *ret;
    int lines = 0;

    buf_adds(&out, words);
    buf_trim_right(&out);
    buf_adds(&out, "\n\n");
    add_wrote(&out, language, mail_header_text(a, name), date);
    buf_addc(&out, '\n');
    for (const char *p = quoted; *p && lines < QUOTED_LINES_MAX; lines++) {
        size_t len = strcspn(p, "\n");

        buf_adds(&out, *p == '>' ? ">" : "> ");
        buf_add(&out, p, len);
        buf_addc(&out, '\n');
        p += len + (p[len] == '\n');
    }
    ret = arena_strndup(a, out.ptr, out.len);
    buf_release(&out);
    return ret;
}
