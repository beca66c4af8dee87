#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "harness/base/text.h"
#include "harness/channels/mail_text.h"

/* What a tag does to the text. */
enum effect {
    INLINE, BREAK, LINE, PARAGRAPH, CELL, ITEM, QUOTE, SKIP_RAW, SKIP
};

static const struct tag { const char *name; enum effect effect; } tags[] = {
    { "address", LINE },     { "article", LINE },   { "blockquote", QUOTE }, { "br", BREAK },
    { "center", LINE },      { "dd", LINE },        { "div", LINE },         { "dl", PARAGRAPH },
    { "dt", LINE },          { "figure", LINE },    { "footer", LINE },      { "form", LINE },
    { "h1", PARAGRAPH },     { "h2", PARAGRAPH },   { "h3", PARAGRAPH },     { "h4", PARAGRAPH },
    { "h5", PARAGRAPH },     { "h6", PARAGRAPH },   { "head", SKIP },        { "header", LINE },
    { "hr", PARAGRAPH },     { "li", ITEM },        { "main", LINE },        { "map", SKIP },
    { "noscript", INLINE },  { "object", SKIP },    { "ol", PARAGRAPH },     { "p", PARAGRAPH },
    { "pre", PARAGRAPH },    { "script", SKIP_RAW },{ "section", LINE },     { "select", SKIP },
    { "style", SKIP_RAW },   { "svg", SKIP },       { "table", LINE },       { "td", CELL },
    { "template", SKIP },    { "textarea", SKIP_RAW }, { "th", CELL },       { "title", SKIP_RAW },
    { "tr", LINE },          { "ul", PARAGRAPH },   { "video", SKIP },       { "xml", SKIP },
};

static const struct entity { const char *name; int32_t cp; } entities[] = {
    { "AElig", 0xC6 }, { "Aacute", 0xC1 }, { "Agrave", 0xC0 }, { "Aring", 0xC5 },
    { "Auml", 0xC4 }, { "Ccedil", 0xC7 }, { "Eacute", 0xC9 }, { "Egrave", 0xC8 },
    { "Ntilde", 0xD1 }, { "Oslash", 0xD8 }, { "Ouml", 0xD6 }, { "Uuml", 0xDC },
    { "aacute", 0xE1 }, { "acirc", 0xE2 }, { "aelig", 0xE6 }, { "agrave", 0xE0 },
    { "amp", '&' }, { "apos", '\'' }, { "aring", 0xE5 }, { "atilde", 0xE3 },
    { "auml", 0xE4 }, { "bull", 0x2022 }, { "ccedil", 0xE7 }, { "cent", 0xA2 },
    { "copy", 0xA9 }, { "deg", 0xB0 }, { "eacute", 0xE9 }, { "ecirc", 0xEA },
    { "egrave", 0xE8 }, { "emsp", 0x2003 }, { "ensp", 0x2002 }, { "euml", 0xEB },
    { "euro", 0x20AC }, { "frac12", 0xBD }, { "gt", '>' }, { "hellip", 0x2026 },
    { "iacute", 0xED }, { "icirc", 0xEE }, { "iexcl", 0xA1 }, { "igrave", 0xEC },
    { "iquest", 0xBF }, { "iuml", 0xEF }, { "laquo", 0xAB }, { "larr", 0x2190 },
    { "ldquo", 0x201C }, { "lrm", 0x200E }, { "lsquo", 0x2018 }, { "lt", '<' },
    { "mdash", 0x2014 }, { "middot", 0xB7 }, { "nbsp", 0xA0 }, { "ndash", 0x2013 },
    { "ntilde", 0xF1 }, { "oacute", 0xF3 }, { "ocirc", 0xF4 }, { "oelig", 0x153 },
    { "ograve", 0xF2 }, { "oslash", 0xF8 }, { "otilde", 0xF5 }, { "ouml", 0xF6 },
    { "pound", 0xA3 }, { "quot", '"' }, { "raquo", 0xBB }, { "rarr", 0x2192 },
    { "rdquo", 0x201D }, { "reg", 0xAE }, { "rlm", 0x200F }, { "rsquo", 0x2019 },
    { "sbquo", 0x201A }, { "sect", 0xA7 }, { "shy", 0xAD }, { "szlig", 0xDF },
    { "thinsp", 0x2009 }, { "times", 0xD7 }, { "trade", 0x2122 }, { "uacute", 0xFA },
    { "ucirc", 0xFB }, { "ugrave", 0xF9 }, { "uuml", 0xFC }, { "yen", 0xA5 },
    { "zwj", 0x200D }, { "zwnj", 0x200C },
};

enum { NAME_MAX_BYTES = 16, QUOTE_DEPTH_MAX = 8 };

struct reader {
    const char *p, *end;
    struct buf *out;
    size_t line_start;            /* in out: where this line's words begin */
    unsigned newlines;            /* owed before the next word: 0, 1 or 2 */
    bool space;                   /* owed before the next word of this line */
    bool started;                 /* something has been written */
    unsigned quote;               /* depth of quoted blocks */
    bool pre;
    mail_html_link_fn *link;      /* NULL none */
    void *context;
    struct slice href;            /* of the link being read; empty none */
    size_t label_at;              /* in out */
    char skip[NAME_MAX_BYTES];    /* element whose content is not shown; "" none */
    unsigned skip_depth;
};

static void owe(struct reader *r, unsigned newlines)
{
    if (r->newlines < newlines)
        r->newlines = newlines;
    r->space = false;
}

static void begin_word(struct reader *r)
{
    if (!r->started)
        r->newlines = 0;
    if (!r->started || r->newlines) {
        buf_add_repeat(r->out, '\n', r->newlines);
        for (unsigned i = 0; i < r->quote; i++)
            buf_adds(r->out, "> ");
        r->line_start = r->out->len;
        r->space = false;
    }
    if (r->space && r->out->len > r->line_start)
        buf_addc(r->out, ' ');
    r->newlines = 0;
    r->space = false;
    r->started = true;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

/* "&eacute;" at r->p. False: it is only an ampersand. */
static bool entity(struct reader *r, int32_t *cp, size_t *used)
{
    size_t n = 1, max = (size_t)(r->end - r->p) < 12 ? (size_t)(r->end - r->p) : 12;
    char name[12] = "";

    if (max > 3 && r->p[1] == '#') {
        bool hex = r->p[2] == 'x' || r->p[2] == 'X';
        int32_t value = 0;

        for (n = hex ? 3 : 2; n < max; n++) {
            char c = r->p[n];
            int digit = c >= '0' && c <= '9'          ? c - '0'
                        : hex && c >= 'a' && c <= 'f' ? c - 'a' + 10
                        : hex && c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                      : -1;

            if (digit < 0)
                break;
            value = value > 0x110000 ? value : value * (hex ? 16 : 10) + digit;
        }
        if (n == (hex ? 3u : 2u))
            return false;
        *cp = value > 0x10FFFF || value == 0 || (value >= 0xD800 && value < 0xE000) ? 0xFFFD
                                                                                   : value;
        *used = n + (n < max && r->p[n] == ';');
        return true;
    }
    while (n < max && r->p[n] != ';' && n < sizeof name) {
        name[n - 1] = r->p[n];
        n++;
    }
    if (n >= max || r->p[n] != ';')
        return false;
    for (size_t i = 0; i < ARRAY_LEN(entities); i++) {
        if (!strcmp(name, entities[i].name)) {
            *cp = entities[i].cp;
            *used = n + 1;
            return true;
        }
    }
    return false;
}

/* What marketing mails fill their hidden first line with, and marks without a width. */
static bool is_filler(int32_t cp)
{
    return cp == 0xAD || cp == 0xFEFF || cp == 0x34F || cp == 0x200B || cp == 0x2060;
}

static void character(struct reader *r)
{
    int32_t cp;
    size_t used;

    if (*r->p == '&' && entity(r, &cp, &used)) {
        r->p += used;
        if (cp == 0xA0) {
            r->space = true;
        } else if (!is_filler(cp)) {
            begin_word(r);
            text_encode(r->out, cp);
        }
        return;
    }
    if (r->pre && *r->p == '\n') {
        r->newlines = r->newlines < 2 ? r->newlines + 1 : 2;
        r->p++;
        return;
    }
    if (is_space(*r->p)) {
        r->space = true;
        r->p++;
        return;
    }
    if ((unsigned char)*r->p == 0xC2 && r->p + 1 < r->end && (unsigned char)r->p[1] == 0xA0) {
        r->space = true;
        r->p += 2;
        return;
    }
    begin_word(r);
    buf_addc(r->out, *r->p++);
}

/* Case-insensitive search for what must end a raw element: "</script". */
static const char *find_close(const char *p, const char *end, const char *name)
{
    size_t len = strlen(name);

    for (; (size_t)(end - p) >= len + 2; p++) {
        p = memchr(p, '<', (size_t)(end - p));
        if (!p || (size_t)(end - p) < len + 2)
            return end;
        size_t i = 0;

        while (p[1] == '/' && i < len && (p[2 + i] | 0x20) == name[i])
            i++;
        if (i == len)
            return p;
    }
    return end;
}

/* Where the tag that starts at p ends ('>' outside of quotes); end when it does not. */
static const char *tag_end(const char *p, const char *end)
{
    char quote = 0;
    const char *first = NULL;

    for (; p < end; p++) {
        if (quote) {
            if (*p == '>' && !first)
                first = p;
            if (*p == quote)
                quote = 0;
        } else if (*p == '>') {
            return p;
        } else if ((*p == '"' || *p == '\'') && p[-1] == '=') {
            quote = *p;
            first = NULL;
        }
    }
    return first ? first : end;   /* a quote that nobody closed ends at the first '>' */
}

/* The attributes of a tag as written, white space and case aside. */
static bool attributes_hide(const char *p, const char *end)
{
    static const char *const hiding[] = {
        "display:none", "visibility:hidden", "mso-hide:all", "max-height:0", "font-size:0;",
        "font-size:0px", "font-size:1px", "opacity:0;", "opacity:0\"",
    };
    char flat[512];
    size_t n = 0;

    for (const char *q = p; end - q > 6; q++) {
        char after = end - q > 7 ? q[7] : ' ';

        if (is_space(*q) && !memcmp(q + 1, "hidden", 6) && (is_space(after) || after == '='))
            return true;
    }
    for (; p < end && n + 1 < sizeof flat; p++)
        if (!is_space(*p))
            flat[n++] = *p >= 'A' && *p <= 'Z' ? (char)(*p | 0x20) : *p;
    flat[n] = '\0';
    for (size_t i = 0; i < ARRAY_LEN(hiding); i++)
        if (strstr(flat, hiding[i]))
            return true;
    return false;
}

static enum effect effect_of(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(tags); i++)
        if (!strcmp(tags[i].name, name))
            return tags[i].effect;
    return INLINE;
}

static void apply(struct reader *r, enum effect effect, bool closing)
{
    switch (effect) {
    case BREAK:
        r->newlines = r->newlines < 2 ? r->newlines + 1 : 2;
        r->space = false;
        break;
    case LINE: owe(r, 1); break;
    case PARAGRAPH: owe(r, 2); break;
    case CELL: r->space = true; break;
    case ITEM:
        owe(r, 1);
        if (!closing) {
            begin_word(r);
            buf_adds(r->out, "- ");
            r->line_start = r->out->len;
        }
        break;
    case QUOTE:
        owe(r, 1);
        if (!closing && r->quote < QUOTE_DEPTH_MAX)
            r->quote++;
        else if (closing && r->quote)
            r->quote--;
        break;
    case INLINE: case SKIP: case SKIP_RAW: break;
    }
}

static bool is_void(const char *name)
{
    static const char *const names[] = { "area", "base", "br", "col", "hr", "img", "input", "link",
                                         "meta", "wbr" };

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (!strcmp(name, names[i]))
            return true;
    return false;
}

/* Inside something hidden only its own start and end tags count. */
static void skip_tag(struct reader *r, const char *name, bool closing, bool empty)
{
    /* Ends that people leave out: a paragraph's before a block, the head's before the body. */
    enum effect effect = effect_of(name);
    bool block = effect == LINE || effect == PARAGRAPH || effect == QUOTE || effect == ITEM;

    if (!closing && ((!strcmp(r->skip, "p") && block) ||
                     (!strcmp(r->skip, "head") && !strcmp(name, "body")))) {
        r->skip[0] = '\0';
        apply(r, effect, false);
        return;
    }
    if (strcmp(name, r->skip) || empty)
        return;
    if (!closing)
        r->skip_depth++;
    else if (--r->skip_depth == 0)
        r->skip[0] = '\0';
}

/* The value of an attribute of a tag, without its quotes; empty when it has none. */
static struct slice attribute(const char *p, const char *end, const char *name)
{
    size_t len = strlen(name), n = 0;

    for (; end - p > (ptrdiff_t)len + 1; p++) {
        if (!is_space(*p) && *p != '"' && *p != '\'')
            continue;
        if (strncasecmp(p + 1, name, len))
            continue;

        const char *v = p + 1 + len;

        while (v < end && is_space(*v))
            v++;
        if (v == end || *v != '=')
            continue;
        for (v++; v < end && is_space(*v);)
            v++;
        char quote = v < end && (*v == '"' || *v == '\'') ? *v++ : 0;

        while (v + n < end && (quote ? v[n] != quote : !is_space(v[n])))
            n++;
        return (struct slice){ v, n };
    }
    return (struct slice){ NULL, 0 };
}

/* A link begins (href) or ends; one that nobody closed ends with the next. */
static void at_link(struct reader *r, struct slice href)
{
    if (r->href.len && r->link && !r->quote && r->out->len >= r->label_at)
        r->link(r->context, text_trim((struct slice){ r->out->ptr + r->label_at,
                                                      r->out->len - r->label_at }), r->href);
    r->href = href;
    r->label_at = r->out->len;
}

static void read_tag(struct reader *r)
{
    const char *start = r->p + 1;
    bool closing = *start == '/';
    const char *name_at = start + closing;
    const char *close = tag_end(name_at, r->end);
    char name[NAME_MAX_BYTES] = "";
    size_t n = 0;

    while (name_at + n < close && n + 1 < sizeof name &&
           ((name_at[n] >= '0' && name_at[n] <= '9') || ((name_at[n] | 0x20) >= 'a' &&
                                                         (name_at[n] | 0x20) <= 'z'))) {
        name[n] = name_at[n] <= '9' ? name_at[n] : (char)(name_at[n] | 0x20);
        n++;
    }
    r->p = close < r->end ? close + 1 : r->end;

    enum effect effect = effect_of(name);
    bool empty = is_void(name) || (close > name_at && close < r->end && close[-1] == '/');

    if (r->skip[0]) {
        skip_tag(r, name, closing, empty);
        return;
    }
    if (effect == SKIP_RAW && !closing) {
        r->p = find_close(r->p, r->end, name);
        return;
    }
    if (!closing && !empty &&
        (effect == SKIP || attributes_hide(name_at + n, close))) {
        memcpy(r->skip, name, sizeof name);
        r->skip_depth = name[0] != '\0';
        return;
    }
    if (!strcmp(name, "pre"))
        r->pre = !closing;
    if (!strcmp(name, "a"))
        at_link(r, closing ? (struct slice){ NULL, 0 } : attribute(name_at + n, close, "href"));
    apply(r, effect, closing);
}

static void read_markup(struct reader *r)
{
    size_t left = (size_t)(r->end - r->p);

    if (left >= 4 && !memcmp(r->p, "<!--", 4)) {
        const char *p = r->p + 4;

        while ((p = memchr(p, '-', (size_t)(r->end - p))) && r->end - p >= 3 &&
               memcmp(p, "-->", 3))
            p++;
        r->p = p && r->end - p >= 3 ? p + 3 : r->end;
        return;
    }
    if (left >= 2 && (r->p[1] == '!' || r->p[1] == '?')) {
        const char *p = memchr(r->p, '>', left);

        r->p = p ? p + 1 : r->end;
        return;
    }
    if (left >= 2 && (r->p[1] == '/' || ((r->p[1] | 0x20) >= 'a' && (r->p[1] | 0x20) <= 'z'))) {
        read_tag(r);
        return;
    }
    if (r->skip[0])
        r->p++;
    else
        character(r);             /* "a < b" */
}

void mail_html_text(struct slice html, struct buf *out)
{
    mail_html_read(html, out, NULL, NULL);
}

void mail_html_read(struct slice html, struct buf *out, mail_html_link_fn *fn, void *context)
{
    struct reader r = { .p = html.ptr, .end = html.ptr + html.len, .out = out, .link = fn,
                        .context = context };

    while (r.p < r.end && !out->full) {
        if (*r.p == '<')
            read_markup(&r);
        else if (r.skip[0])
            r.p++;
        else
            character(&r);
    }
}
