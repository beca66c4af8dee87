#include "harness/channels/encode.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/channels/encodings.h"
#include "harness/channels/http.h"
#include "harness/channels/values.h"

/* The entry list */

struct entry {
    const char *name, *value;
    const char *path;             /* of a file; NULL: a value. "" a file field left empty */
};

struct entries {
    struct arena *arena;
    struct entry *items;
    size_t count, cap;
};

static void add(struct entries *e, const char *name, const char *value, const char *path)
{
    ARENA_GROW(e->arena, e->items, e->cap, e->count + 1);
    e->items[e->count++] = (struct entry){ name, value, path };
}

static void add_image(struct entries *e, const struct control *c)
{
    const char *prefix = c->name && *c->name ? arena_printf(e->arena, "%s.", c->name) : "";

    /* A key press has no coordinates; browsers send the picture's corner. */
    add(e, arena_printf(e->arena, "%sx", prefix), "0", NULL);
    add(e, arena_printf(e->arena, "%sy", prefix), "0", NULL);
}

static void add_files(struct entries *e, const struct control *c)
{
    if (c->file_count == 0)
        add(e, c->name, "", "");
    for (size_t i = 0; i < c->file_count; i++) {
        const char *slash = strrchr(c->files[i], '/');

        add(e, c->name, slash ? slash + 1 : c->files[i], c->files[i]);
    }
}

/** The direction of the first letter that has one. */
static bool begins_rtl(const char *s)
{
    size_t left = strlen(s);

    for (int32_t cp; left;) {
        size_t n = text_decode(s, left, &cp);

        if ((cp >= 0x590 && cp <= 0x8FF) || (cp >= 0xFB1D && cp <= 0xFDFF) ||
            (cp >= 0xFE70 && cp <= 0xFEFF) || (cp >= 0x10800 && cp <= 0x10FFF) ||
            (cp >= 0x1E800 && cp <= 0x1EFFF))
            return true;
        if ((cp >= 'A' && cp <= 'Z') || (cp >= 'a' && cp <= 'z') || cp >= 0xC0)
            return false;
        s += n;
        left -= n;
    }
    return false;
}

static const char *direction_of(const struct control *c)
{
    const char *own = node_attribute(c->node, "dir"), *said = own;

    if (own && text_same_ascii(own, "auto"))
        return begins_rtl(c->value) ? "rtl" : "ltr";
    if (!strcmp(c->type, "tel") && !own)
        return "ltr";
    for (const GumboNode *n = c->node; n && !said; n = n->parent)
        said = node_attribute(n, "dir");
    return said && text_same_ascii(said, "rtl") ? "rtl" : "ltr";
}

/* `dirname` sends the direction of the writing beside the text (4.10.19.2). */
static void add_direction(struct entries *e, const struct control *c)
{
    static const char *const typed[] = { "text", "search", "tel", "url", "email", "password",
                                         "hidden", "textarea" };
    const char *name = node_attribute(c->node, "dirname");

    for (size_t i = 0; name && *name && i < ARRAY_LEN(typed); i++)
        if (!strcmp(c->type, typed[i]))
            add(e, name, direction_of(c), NULL);
}

static const char *text_value(struct arena *a, const struct control *c)
{
    const char *wrap = node_attribute(c->node, "wrap"), *columns;

    if (strcmp(c->type, "textarea"))
        return value_sanitized(a, c, c->value);
    if (!wrap || !text_same_ascii(wrap, "hard"))
        return c->value;
    columns = node_attribute(c->node, "cols");
    return value_wrapped(a, c->value, columns ? strtol(columns, NULL, 10) : 0);
}

static void add_control(struct entries *e, const struct page *p, const struct control *c,
                        bool pressed)
{
    if (c->kind == CONTROL_IMAGE) {
        if (pressed)
            add_image(e, c);
        return;
    }
    if (!c->name || !*c->name)
        return;
    switch (c->kind) {
    case CONTROL_SUBMIT:
        if (pressed)
            add(e, c->name, c->value, NULL);
        break;
    case CONTROL_IMAGE:
    case CONTROL_BUTTON:
        break;
    case CONTROL_CHECKBOX:
    case CONTROL_RADIO:
        if (c->checked)
            add(e, c->name, c->value, NULL);
        break;
    case CONTROL_SELECT:
        for (size_t i = 0; i < c->option_count; i++)
            if (c->options[i].selected && !c->options[i].disabled)
                add(e, c->name, c->options[i].value, NULL);
        break;
    case CONTROL_FILE:
        add_files(e, c);
        break;
    case CONTROL_HIDDEN:
        add(e, c->name, text_same_ascii(c->name, "_charset_") ? p->forms[c->form].encoding->name
                                                              : c->value, NULL);
        add_direction(e, c);
        break;
    case CONTROL_TEXT:
        add(e, c->name, text_value(e->arena, c), NULL);
        add_direction(e, c);
        break;
    }
}

/* Characters */

/** With every line end as CR LF, then in the form's encoding. */
static void add_value(struct buf *out, const struct encoding *encoding, const char *s)
{
    CLEANUP(buf_release) struct buf lines = BUF_INIT(UPLOAD_MAX);

    for (; *s; s++) {
        if (*s == '\r' && s[1] == '\n')
            continue;
        if (*s == '\n' || *s == '\r')
            buf_adds(&lines, "\r\n");
        else
            buf_addc(&lines, *s);
    }
    encoding_write(encoding, out, lines.ptr);
}

/* application/x-www-form-urlencoded (url.spec.whatwg.org, 5.2) */

static void add_urlencoded(struct buf *out, const struct encoding *encoding, const char *s)
{
    CLEANUP(buf_release) struct buf bytes = BUF_INIT(UPLOAD_MAX);

    add_value(&bytes, encoding, s);
    for (size_t i = 0; i < bytes.len; i++) {
        unsigned char c = (unsigned char)bytes.ptr[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                     (c >= '0' && c <= '9') || (c && strchr("*-._", c));

        if (plain)
            buf_addc(out, (char)c);
        else if (c == ' ')
            buf_addc(out, '+');
        else
            buf_addf(out, "%%%02X", c);
    }
}

static void encode_pairs(struct buf *out, const struct entries *e, const struct encoding *encoding)
{
    for (size_t i = 0; i < e->count; i++) {
        if (i)
            buf_addc(out, '&');
        add_urlencoded(out, encoding, e->items[i].name);
        buf_addc(out, '=');
        add_urlencoded(out, encoding, e->items[i].value);
    }
}

/* multipart/form-data (html.spec.whatwg.org, 4.10.22.7) */

static const struct media_row {
    const char *extension, *type;
} media_rows[] = {
    { "csv", "text/csv" },       { "doc", "application/msword" },
    { "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document" },
    { "gif", "image/gif" },      { "html", "text/html" },         { "jpeg", "image/jpeg" },
    { "jpg", "image/jpeg" },     { "json", "application/json" },  { "mp4", "video/mp4" },
    { "odt", "application/vnd.oasis.opendocument.text" },         { "pdf", "application/pdf" },
    { "png", "image/png" },      { "svg", "image/svg+xml" },      { "txt", "text/plain" },
    { "webp", "image/webp" },    { "xml", "text/xml" },           { "zip", "application/zip" },
    { "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" },
};

static const char *media_type(const char *path)
{
    const char *dot = strrchr(path, '.');

    for (size_t i = 0; dot && i < ARRAY_LEN(media_rows); i++)
        if (text_same_ascii(dot + 1, media_rows[i].extension))
            return media_rows[i].type;
    return "application/octet-stream";
}

static void add_quoted(struct buf *out, const struct encoding *encoding, const char *s, bool name)
{
    CLEANUP(buf_release) struct buf bytes = BUF_INIT(UPLOAD_MAX);

    if (name)
        add_value(&bytes, encoding, s);
    else
        encoding_write(encoding, &bytes, s);
    for (size_t i = 0; i < bytes.len; i++) {
        switch (bytes.ptr[i]) {
        case '"': buf_adds(out, "%22"); break;
        case '\r': buf_adds(out, "%0D"); break;
        case '\n': buf_adds(out, "%0A"); break;
        default: buf_addc(out, bytes.ptr[i]);
        }
    }
}

static enum status add_file(struct buf *out, const struct entry *f, struct buf *why)
{
    CLEANUP(buf_release) struct buf bytes = BUF_INIT(UPLOAD_MAX);
    enum status st = *f->path ? buf_read_file(&bytes, f->path) : ST_OK;

    if (st == ST_LIMIT)
        buf_addf(why, "the file %s is over %d MiB", f->path, UPLOAD_MAX / 1024 / 1024);
    else if (st)
        buf_addf(why, "the file %s cannot be read: %s", f->path, strerror(errno));
    buf_add(out, bytes.ptr, bytes.len);
    return st;
}

static enum status encode_multipart(struct buf *out, const struct entries *e,
                                    const struct encoding *encoding, const char *boundary,
                                    struct buf *why)
{
    for (size_t i = 0; i < e->count; i++) {
        const struct entry *f = &e->items[i];

        buf_addf(out, "--%s\r\nContent-Disposition: form-data; name=\"", boundary);
        add_quoted(out, encoding, f->name, true);
        buf_addc(out, '"');
        if (f->path) {
            buf_adds(out, "; filename=\"");
            add_quoted(out, encoding, f->value, false);
            buf_addf(out, "\"\r\nContent-Type: %s\r\n\r\n",
                     *f->path ? media_type(f->path) : "application/octet-stream");

            enum status st = add_file(out, f, why);
            if (st)
                return st;
        } else {
            buf_adds(out, "\r\n\r\n");
            add_value(out, encoding, f->value);
        }
        buf_adds(out, "\r\n");
    }
    buf_addf(out, "--%s--\r\n", boundary);
    return ST_OK;
}

static void encode_plain(struct buf *out, const struct entries *e, const struct encoding *encoding)
{
    for (size_t i = 0; i < e->count; i++) {
        add_value(out, encoding, e->items[i].name);
        buf_addc(out, '=');
        add_value(out, encoding, e->items[i].value);
        buf_adds(out, "\r\n");
    }
}

/* The request */

/** The button's own wish, else the form's. */
static const char *wish(const struct page *p, int button, const char *attribute, const char *own)
{
    const char *of_button = button >= 0 ? node_attribute(p->controls[button].node, attribute)
                                        : NULL;

    return of_button ? of_button : own;
}

static enum status target(const struct page *p, int form, int button, char **url,
                          struct buf *why)
{
    const char *action = wish(p, button, "formaction", p->forms[form].action);
    struct slice trimmed = text_trim(slice_str(action));

    *url = trimmed.len ? http_resolve(p->base, action) : http_resolve(p->url, "");
    if (*url && (text_starts_with(*url, "http:") || text_starts_with(*url, "https:")))
        return ST_OK;
    buf_addf(why, "the form goes to \"%s\", which only a browser with scripts can do",
             action ? action : "");
    free(*url);
    *url = NULL;
    return ST_UNSUPPORTED;
}

/** For GET the fields replace the query. */
static char *with_query(const char *url, const struct buf *query)
{
    size_t path = strcspn(url, "?#");

    return mem_printf("%.*s?%s", (int)path, url, query->ptr);
}

static enum status write_body(struct page *p, int form, int button, const char *boundary,
                              const struct entries *e, struct submission *s, struct buf *why)
{
    const char *enctype = wish(p, button, "formenctype", p->forms[form].enctype);
    const struct encoding *encoding = p->forms[form].encoding;

    if (enctype && text_same_ascii(enctype, "multipart/form-data")) {
        s->content_type = arena_printf(p->arena, "multipart/form-data; boundary=%s", boundary);
        return encode_multipart(&s->body, e, encoding, boundary, why);
    }
    if (enctype && text_same_ascii(enctype, "text/plain")) {
        s->content_type = "text/plain";
        encode_plain(&s->body, e, encoding);
        return ST_OK;
    }
    s->content_type = "application/x-www-form-urlencoded";
    encode_pairs(&s->body, e, encoding);
    return ST_OK;
}

void submission_release(struct submission *s)
{
    free(s->url);
    buf_release(&s->body);
    s->url = NULL;
}

enum status form_encode(struct page *p, int form, int button, const char *boundary,
                        struct submission *ret, struct buf *why)
{
    const char *method = wish(p, button, "formmethod", p->forms[form].method);
    struct submission s = { .method = "GET", .body = BUF_INIT(UPLOAD_MAX) };
    struct entries e = { .arena = p->arena };
    enum status st = ST_OK;

    if (method && text_same_ascii(method, "dialog")) {
        buf_adds(why, "the form only closes a dialog: nothing is sent");
        return ST_UNSUPPORTED;
    }
    for (size_t i = 0; i < p->control_count; i++)
        if (p->controls[i].form == form && !p->controls[i].disabled)
            add_control(&e, p, &p->controls[i], (int)i == button);
    st = target(p, form, button, &s.url, why);
    if (!st && method && text_same_ascii(method, "post")) {
        s.method = "POST";
        st = write_body(p, form, button, boundary, &e, &s, why);
    } else if (!st) {
        CLEANUP(buf_release) struct buf query = BUF_INIT(UPLOAD_MAX);
        char *url = s.url;

        encode_pairs(&query, &e, p->forms[form].encoding);
        s.url = with_query(url, &query);
        free(url);
    }
    if (!st && s.body.full) {
        buf_addf(why, "what is to be sent is over %d MiB", UPLOAD_MAX / 1024 / 1024);
        st = ST_LIMIT;
    }
    if (st) {
        submission_release(&s);
        return st;
    }
    *ret = s;
    return ST_OK;
}
