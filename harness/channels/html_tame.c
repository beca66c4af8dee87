#include "harness/channels/html_tame.h"

#include <string.h>

#include "harness/base/text.h"

/* What a start tag does here. */
enum handling {
    NEST,                         /* may nest: counted */
    VOID,                         /* has no end tag */
    CLOSED_BY_NEXT,               /* by the parser, before the next of its kind: cannot nest */
    RAW_DROPPED,                  /* its content is text; left out with the tag */
    RAW_KEPT,                     /* its content is text in which "<" cannot begin anything */
    RAW_STYLE,                    /* the same where references do not count */
    REST_IS_TEXT,
};

static const struct tag_row {
    const char *name;
    enum handling handling;
    bool field;                   /* belongs to a form */
} tag_rows[] = {
    { "area", VOID, false },      { "base", VOID, false },      { "basefont", VOID, false },
    { "bgsound", VOID, false },   { "br", VOID, false },        { "button", NEST, true },
    { "col", VOID, false },       { "dd", CLOSED_BY_NEXT, false },
    { "dt", CLOSED_BY_NEXT, false }, { "embed", VOID, false },  { "fieldset", NEST, true },
    { "hr", VOID, false },        { "iframe", RAW_DROPPED, false }, { "image", VOID, false },
    { "img", VOID, false },       { "input", VOID, true },      { "keygen", VOID, false },
    { "li", CLOSED_BY_NEXT, false }, { "link", VOID, false },   { "meta", VOID, false },
    { "noembed", RAW_DROPPED, false }, { "noframes", RAW_DROPPED, false },
    { "noscript", RAW_DROPPED, false },     /* as where scripts may run */
    { "object", NEST, true },     { "option", CLOSED_BY_NEXT, false },
    { "optgroup", CLOSED_BY_NEXT, false }, { "output", NEST, true },
    { "p", CLOSED_BY_NEXT, false }, { "param", VOID, false },
    { "plaintext", REST_IS_TEXT, false }, { "script", RAW_DROPPED, false },
    { "select", NEST, true },     { "source", VOID, false },    { "style", RAW_STYLE, false },
    { "tbody", CLOSED_BY_NEXT, false }, { "td", CLOSED_BY_NEXT, false },
    { "textarea", RAW_KEPT, true }, { "tfoot", CLOSED_BY_NEXT, false },
    { "th", CLOSED_BY_NEXT, false }, { "thead", CLOSED_BY_NEXT, false },
    { "title", RAW_KEPT, false }, { "tr", CLOSED_BY_NEXT, false }, { "track", VOID, false },
    { "wbr", VOID, false },       { "xmp", RAW_DROPPED, false },
};

struct tamer {
    struct buf *out;
    const char *p, *end;
    struct slice open[TAME_DEPTH_MAX];    /* names of open elements, in the page's own bytes */
    size_t depth;
    size_t tags, attributes;
    unsigned forms;               /* begun so far */
    unsigned form;                /* the open one; 0 none */
    bool cut;
};

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool same_name(struct slice a, struct slice b)
{
    if (a.len != b.len || lower(a.ptr[0]) != lower(b.ptr[0]))
        return false;
    for (size_t i = 1; i < a.len; i++)
        if (lower(a.ptr[i]) != lower(b.ptr[i]))
            return false;
    return true;
}

/* The rows are in the order of the alphabet. */
static const struct tag_row *row_of(struct slice name)
{
    const char first = lower(name.ptr[0]);

    for (size_t i = 0; i < ARRAY_LEN(tag_rows) && tag_rows[i].name[0] <= first; i++)
        if (tag_rows[i].name[0] == first && same_name(name, slice_str(tag_rows[i].name)))
            return &tag_rows[i];
    return NULL;
}

static bool is_named(struct slice name, const char *what)
{
    return same_name(name, slice_str(what));
}

/* Comments, doctypes, processing instructions, "</" before no letter. */

/* "<!-->", "<!--->" and "--!>" end a comment too. */
static void skip_comment(struct tamer *t)
{
    const char *p = t->p + 4;

    if (p < t->end && *p == '>') {
        t->p = p + 1;
        return;
    }
    if (t->end - p >= 2 && p[0] == '-' && p[1] == '>') {
        t->p = p + 2;
        return;
    }
    for (; p < t->end && (p = memchr(p, '-', (size_t)(t->end - p))); p++) {
        if (t->end - p >= 3 && !memcmp(p, "-->", 3)) {
            t->p = p + 3;
            return;
        }
        if (t->end - p >= 4 && !memcmp(p, "--!>", 4)) {
            t->p = p + 4;
            return;
        }
    }
    t->p = t->end;
}

static void skip_to_bracket(struct tamer *t)
{
    const char *close = memchr(t->p, '>', (size_t)(t->end - t->p));

    t->p = close ? close + 1 : t->end;
}

static void skip_declaration(struct tamer *t)
{
    const char *from = t->p;

    if (t->end - t->p >= 4 && !memcmp(t->p, "<!--", 4)) {
        skip_comment(t);
        return;
    }
    skip_to_bracket(t);
    /* Only the plain doctype is kept: it decides whether a paragraph may hold a table. */
    if (t->p - from == 15 &&
        same_name((struct slice){ from + 2, 12 }, SLICE_LIT("doctype html")))
        buf_adds(t->out, "<!DOCTYPE html>");
}

/* Attributes */

struct attribute {
    struct slice name, value;
    bool has_value;
};

/** At the next attribute; false at the end of the tag, which is then behind t->p. */
static bool next_attribute(struct tamer *t, struct attribute *a)
{
    const char *p = t->p, *end = t->end;

    while (p < end && (is_space(*p) || *p == '/'))
        p++;
    if (p == end || *p == '>') {
        t->p = p < end ? p + 1 : end;
        return false;
    }
    a->name.ptr = p++;            /* may begin with "=" */
    while (p < end && !is_space(*p) && *p != '/' && *p != '>' && *p != '=')
        p++;
    a->name.len = (size_t)(p - a->name.ptr);
    a->has_value = false;
    a->value = (struct slice){ "", 0 };
    while (p < end && is_space(*p))
        p++;
    if (p < end && *p == '=') {
        char quote;

        a->has_value = true;
        for (p++; p < end && is_space(*p); p++)
            ;
        quote = p < end ? *p : '\0';
        if (quote == '"' || quote == '\'') {
            a->value.ptr = ++p;
            while (p < end && *p != quote)
                p++;
            a->value.len = (size_t)(p - a->value.ptr);
            p += p < end;
        } else {
            a->value.ptr = p;
            while (p < end && !is_space(*p) && *p != '>')
                p++;
            a->value.len = (size_t)(p - a->value.ptr);
        }
    }
    t->p = p;
    return true;
}

static bool plain_name(struct slice name)
{
    for (size_t i = 0; i < name.len; i++)
        if (strchr("\"'<=", name.ptr[i]))
            return false;
    return name.len > 0 && !is_named(name, TAME_FORM) && !is_named(name, TAME_OWNER);
}

static void write_attribute(struct buf *out, const struct attribute *a)
{
    buf_addc(out, ' ');
    buf_add(out, a->name.ptr, a->name.len);
    if (!a->has_value)
        return;
    buf_adds(out, "=\"");
    for (const char *p = a->value.ptr, *end = p + a->value.len; p < end;) {
        const char *quote = memchr(p, '"', (size_t)(end - p));

        buf_add(out, p, (size_t)((quote ? quote : end) - p));
        if (!quote)
            break;
        buf_adds(out, "&quot;");
        p = quote + 1;
    }
    buf_addc(out, '"');
}

/** Reads the attributes behind a tag's name; writes them when `keep`. */
static void attributes(struct tamer *t, bool keep)
{
    struct attribute a;
    size_t count = 0;

    while (next_attribute(t, &a)) {
        if (!plain_name(a.name))
            continue;
        if (++count > TAME_ATTRIBUTES_MAX || t->attributes == TAME_ATTRIBUTES_ALL) {
            t->cut = true;
        } else if (keep) {
            t->attributes++;
            write_attribute(t->out, &a);
        }
    }
}

static void write_end(struct buf *out, struct slice name)
{
    buf_adds(out, "</");
    buf_add(out, name.ptr, name.len);
    buf_addc(out, '>');
}

/* Raw text */

/** The end tag of `name` or the end of the page. */
static const char *raw_end(const struct tamer *t, struct slice name)
{
    const char *p = t->p;

    while (p < t->end && (p = memchr(p, '<', (size_t)(t->end - p)))) {
        const char *after = p + 2 + name.len;

        if (after < t->end && p[1] == '/' &&
            same_name((struct slice){ p + 2, name.len }, name) &&
            (is_space(*after) || *after == '/' || *after == '>'))
            return p;
        p++;
    }
    return t->end;
}

static void add_without_tags(struct buf *out, struct slice text, const char *instead)
{
    for (const char *p = text.ptr, *end = p + text.len; p < end;) {
        const char *open = memchr(p, '<', (size_t)(end - p));

        buf_add(out, p, (size_t)((open ? open : end) - p));
        if (!open)
            break;
        buf_adds(out, instead);
        p = open + 1;
    }
}

static void raw_text(struct tamer *t, struct slice name, enum handling how)
{
    const char *end = raw_end(t, name);
    struct slice text = { t->p, (size_t)(end - t->p) };

    t->p = end;
    if (end < t->end)
        skip_to_bracket(t);
    if (how == RAW_DROPPED)
        return;
    add_without_tags(t->out, text, how == RAW_STYLE ? " " : "&lt;");
    write_end(t->out, name);
}

/* Tags */

static struct slice tag_name(struct tamer *t)
{
    const char *from = t->p;

    while (t->p < t->end && !is_space(*t->p) && *t->p != '/' && *t->p != '>')
        t->p++;
    return (struct slice){ from, (size_t)(t->p - from) };
}

/** False: this tag is left out. */
static bool may_stand(struct tamer *t, struct slice name, enum handling how)
{
    if (memchr(name.ptr, '<', name.len) || memchr(name.ptr, '"', name.len))
        return false;
    if (is_named(name, "form") && t->form)
        return false;             /* a form in a form does not exist */
    if (++t->tags > TAME_TAGS_MAX || (how == NEST && t->depth == TAME_DEPTH_MAX)) {
        t->cut = true;
        return false;
    }
    return how != RAW_DROPPED && how != REST_IS_TEXT;
}

static void start_tag(struct tamer *t)
{
    t->p++;

    struct slice name = tag_name(t);
    const struct tag_row *row = row_of(name);
    enum handling how = row ? row->handling : NEST;
    bool keep = may_stand(t, name, how);

    if (keep) {
        buf_addc(t->out, '<');
        buf_add(t->out, name.ptr, name.len);
        if (is_named(name, "form")) {
            t->form = ++t->forms;
            buf_addf(t->out, " " TAME_FORM "=\"%u\"", t->form);
        } else if (row && row->field && t->form) {
            buf_addf(t->out, " " TAME_OWNER "=\"%u\"", t->form);
        }
    }
    attributes(t, keep);
    if (keep) {
        buf_addc(t->out, '>');
        if (how == NEST)
            t->open[t->depth++] = name;
    }
    if (how == REST_IS_TEXT) {
        add_without_tags(t->out, (struct slice){ t->p, (size_t)(t->end - t->p) }, "&lt;");
        t->p = t->end;
    } else if (how == RAW_DROPPED || how == RAW_KEPT || how == RAW_STYLE) {
        raw_text(t, name, keep ? how : RAW_DROPPED);
    }
}

static void end_tag(struct tamer *t)
{
    t->p += 2;

    struct slice name = tag_name(t);
    const struct tag_row *row = row_of(name);
    size_t i = t->depth;

    attributes(t, false);
    t->tags++;                    /* some make elements: "</p>" alone is a paragraph */
    if (memchr(name.ptr, '<', name.len))
        return;
    if (is_named(name, "form"))
        t->form = 0;
    if (!row || row->handling == NEST) {
        while (i > 0 && !same_name(t->open[i - 1], name))
            i--;
        if (i == 0)
            return;               /* closes nothing */
        memmove(&t->open[i - 1], &t->open[i], (t->depth - i) * sizeof(t->open[0]));
        t->depth--;
    } else if (row->handling != CLOSED_BY_NEXT && !is_named(name, "br")) {
        return;
    }
    write_end(t->out, name);
}

bool html_tame(struct buf *out, struct slice html)
{
    struct tamer t = { .out = out, .p = html.ptr, .end = html.ptr + html.len };

    while (t.p < t.end) {
        const char *open = memchr(t.p, '<', (size_t)(t.end - t.p));
        size_t left;

        buf_add(out, t.p, (size_t)((open ? open : t.end) - t.p));
        if (!open || t.tags > TAME_TAGS_MAX)
            break;
        t.p = open;
        left = (size_t)(t.end - open);
        if (left > 1 && is_letter(open[1])) {
            start_tag(&t);
        } else if (left > 2 && open[1] == '/' && is_letter(open[2])) {
            end_tag(&t);
        } else if (left > 1 && (open[1] == '!' || open[1] == '?')) {
            skip_declaration(&t);
        } else if (left > 1 && open[1] == '/') {
            skip_to_bracket(&t);
        } else {
            buf_adds(out, "&lt;");
            t.p++;
        }
    }
    return t.cut || out->full;
}
