/* Walking the parsed tree, and what a person sees of it. */
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "harness/base/text.h"
#include "harness/channels/sight.h"

/* A page may name one large element as the label of thousands. */
enum { LINE_NODES_MAX = 1000 };

bool node_is_element(const GumboNode *n)
{
    return n->type == GUMBO_NODE_ELEMENT || n->type == GUMBO_NODE_TEMPLATE;
}

bool node_is(const GumboNode *n, GumboTag tag)
{
    return n->type == GUMBO_NODE_ELEMENT && n->v.element.tag == tag &&
           n->v.element.tag_namespace == GUMBO_NAMESPACE_HTML;
}

const GumboVector *node_children(const GumboNode *n)
{
    if (n->type == GUMBO_NODE_DOCUMENT)
        return &n->v.document.children;
    return node_is_element(n) ? &n->v.element.children : NULL;
}

const char *node_attribute(const GumboNode *n, const char *name)
{
    const GumboAttribute *a;

    if (!node_is_element(n))
        return NULL;
    a = gumbo_get_attribute(&n->v.element.attributes, name);
    return a ? a->value : NULL;
}

const GumboNode *node_next(const GumboNode *n, const GumboNode *root)
{
    const GumboVector *children = n->type == GUMBO_NODE_TEMPLATE ? NULL : node_children(n);

    if (children && children->length)
        return children->data[0];
    for (; n && n != root; n = n->parent) {
        const GumboVector *among = n->parent ? node_children(n->parent) : NULL;

        if (among && n->index_within_parent + 1 < among->length)
            return among->data[n->index_within_parent + 1];
    }
    return NULL;
}

/* How an element shows. */
enum show { SHOW_INLINE, SHOW_LINE, SHOW_CELL, SHOW_BREAK, SHOW_PRE, SHOW_NEVER };

static const struct show_row {
    GumboTag tag;
    enum show show;
} show_rows[] = {
    { GUMBO_TAG_ADDRESS, SHOW_LINE },    { GUMBO_TAG_ARTICLE, SHOW_LINE },
    { GUMBO_TAG_ASIDE, SHOW_LINE },      { GUMBO_TAG_AUDIO, SHOW_NEVER },
    { GUMBO_TAG_BLOCKQUOTE, SHOW_LINE }, { GUMBO_TAG_BODY, SHOW_LINE },
    { GUMBO_TAG_BR, SHOW_BREAK },        { GUMBO_TAG_CANVAS, SHOW_NEVER },
    { GUMBO_TAG_CAPTION, SHOW_LINE },    { GUMBO_TAG_CENTER, SHOW_LINE },
    { GUMBO_TAG_DATALIST, SHOW_NEVER },  { GUMBO_TAG_DD, SHOW_LINE },
    { GUMBO_TAG_DETAILS, SHOW_LINE },    { GUMBO_TAG_DIV, SHOW_LINE },
    { GUMBO_TAG_DL, SHOW_LINE },         { GUMBO_TAG_DT, SHOW_LINE },
    { GUMBO_TAG_FIELDSET, SHOW_LINE },   { GUMBO_TAG_FIGCAPTION, SHOW_LINE },
    { GUMBO_TAG_FIGURE, SHOW_LINE },     { GUMBO_TAG_FOOTER, SHOW_LINE },
    { GUMBO_TAG_FORM, SHOW_LINE },       { GUMBO_TAG_H1, SHOW_LINE },
    { GUMBO_TAG_H2, SHOW_LINE },         { GUMBO_TAG_H3, SHOW_LINE },
    { GUMBO_TAG_H4, SHOW_LINE },         { GUMBO_TAG_H5, SHOW_LINE },
    { GUMBO_TAG_H6, SHOW_LINE },         { GUMBO_TAG_HEAD, SHOW_NEVER },
    { GUMBO_TAG_HEADER, SHOW_LINE },     { GUMBO_TAG_HGROUP, SHOW_LINE },
    { GUMBO_TAG_HR, SHOW_BREAK },        { GUMBO_TAG_HTML, SHOW_LINE },
    { GUMBO_TAG_IFRAME, SHOW_NEVER },    { GUMBO_TAG_LEGEND, SHOW_LINE },
    { GUMBO_TAG_LI, SHOW_LINE },         { GUMBO_TAG_MAIN, SHOW_LINE },
    { GUMBO_TAG_MENU, SHOW_LINE },       { GUMBO_TAG_NAV, SHOW_LINE },
    { GUMBO_TAG_NOSCRIPT, SHOW_NEVER },  { GUMBO_TAG_OBJECT, SHOW_NEVER },
    { GUMBO_TAG_OL, SHOW_LINE },         { GUMBO_TAG_P, SHOW_LINE },
    { GUMBO_TAG_PRE, SHOW_PRE },         { GUMBO_TAG_SCRIPT, SHOW_NEVER },
    { GUMBO_TAG_SECTION, SHOW_LINE },    { GUMBO_TAG_SELECT, SHOW_NEVER },
    { GUMBO_TAG_STYLE, SHOW_NEVER },     { GUMBO_TAG_SUMMARY, SHOW_LINE },
    { GUMBO_TAG_TABLE, SHOW_LINE },      { GUMBO_TAG_TBODY, SHOW_LINE },
    { GUMBO_TAG_TD, SHOW_CELL },         { GUMBO_TAG_TEMPLATE, SHOW_NEVER },
    { GUMBO_TAG_TEXTAREA, SHOW_NEVER },  { GUMBO_TAG_TFOOT, SHOW_LINE },
    { GUMBO_TAG_TH, SHOW_CELL },         { GUMBO_TAG_THEAD, SHOW_LINE },
    { GUMBO_TAG_TITLE, SHOW_NEVER },     { GUMBO_TAG_TR, SHOW_LINE },
    { GUMBO_TAG_UL, SHOW_LINE },         { GUMBO_TAG_VIDEO, SHOW_NEVER },
};

static enum show show_of(const GumboNode *n)
{
    for (size_t i = 0; i < ARRAY_LEN(show_rows); i++)
        if (n->v.element.tag == show_rows[i].tag)
            return show_rows[i].show;
    return SHOW_INLINE;
}

/** Words on their way into lines. */
struct writer {
    struct buf *out;
    size_t budget;                /* nodes still to be looked at */
    bool aloud;                   /* with what only a screen reader says */
    size_t start;                 /* where in out this text begins */
    enum { GLUE_NONE, GLUE_SPACE, GLUE_CELL, GLUE_LINE } glue;
};

static void glue(struct writer *w, int how)
{
    if (how > (int)w->glue)
        w->glue = how;
}

static void put(struct writer *w, const char *p, size_t len)
{
    static const char *const between[] = { "", " ", "\t", "\n" };

    if (w->out->len > w->start)
        buf_adds(w->out, between[w->glue]);
    w->glue = GLUE_NONE;
    buf_add(w->out, p, len);
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

static void write_words(struct writer *w, const char *p)
{
    while (*p) {
        const char *from = p;

        while (*p && !is_space(*p))
            p++;
        if (p > from)
            put(w, from, (size_t)(p - from));
        if (*p)
            glue(w, GLUE_SPACE);
        while (is_space(*p))
            p++;
    }
}

static void write_lines(struct writer *w, const char *p)
{
    for (;;) {
        size_t len = strcspn(p, "\n");

        if (len)
            put(w, p, len);
        if (!p[len])
            break;
        glue(w, GLUE_LINE);
        p += len + 1;
    }
}

/* What buttons drawn from an attribute say. */
static void write_input(struct writer *w, const GumboNode *n)
{
    const char *type = node_attribute(n, "type"), *value = node_attribute(n, "value");

    if (type && value &&
        (text_same_ascii(type, "submit") || text_same_ascii(type, "button") ||
         text_same_ascii(type, "reset")))
        write_words(w, value);
}

/* Fields, buttons and pictures stand between words even where no blank does. */
static bool is_box(const GumboNode *n)
{
    return node_is(n, GUMBO_TAG_INPUT) || node_is(n, GUMBO_TAG_SELECT) ||
           node_is(n, GUMBO_TAG_TEXTAREA) || node_is(n, GUMBO_TAG_BUTTON) ||
           node_is(n, GUMBO_TAG_IMG);
}

static void write_node(struct writer *w, const GumboNode *n, const GumboNode *skip, bool pre)
{
    const GumboVector *children;
    enum show show;

    if (n == skip || w->out->full || w->budget == 0)
        return;
    w->budget--;
    if (n->type != GUMBO_NODE_DOCUMENT && (node_unseen(n) || (node_is_away(n) && !w->aloud)))
        return;
    if (n->type == GUMBO_NODE_TEXT || n->type == GUMBO_NODE_CDATA ||
        n->type == GUMBO_NODE_WHITESPACE) {
        if (pre)
            write_lines(w, n->v.text.text);
        else
            write_words(w, n->v.text.text);
        return;
    }
    show = n->type == GUMBO_NODE_DOCUMENT ? SHOW_LINE : show_of(n);
    if (is_box(n))
        glue(w, GLUE_SPACE);
    if (show == SHOW_NEVER)
        return;
    if (show == SHOW_BREAK) {
        glue(w, GLUE_LINE);
        return;
    }
    if (node_is(n, GUMBO_TAG_INPUT))
        write_input(w, n);
    if (show == SHOW_LINE || show == SHOW_PRE)
        glue(w, GLUE_LINE);
    children = node_children(n);
    for (unsigned i = 0; i < children->length; i++)
        write_node(w, children->data[i], skip, pre || show == SHOW_PRE);
    if (show == SHOW_LINE || show == SHOW_PRE)
        glue(w, GLUE_LINE);
    if (show == SHOW_CELL)
        glue(w, GLUE_CELL);
    if (is_box(n))
        glue(w, GLUE_SPACE);
}

void node_text(const GumboNode *n, const GumboNode *skip, struct buf *out)
{
    struct writer w = { .out = out, .budget = SIZE_MAX, .start = out->len };

    write_node(&w, n, skip, false);
}

const char *node_line(struct arena *a, const GumboNode *n, const GumboNode *skip)
{
    CLEANUP(buf_release) struct buf text = BUF_INIT(4096);
    CLEANUP(buf_release) struct buf clean = BUF_INIT(4096 * 3);
    struct writer w = { .out = &text, .budget = LINE_NODES_MAX, .aloud = true };

    write_node(&w, n, skip, false);
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == '\n' || text.ptr[i] == '\t')
            text.ptr[i] = ' ';
    text_add_clean(&clean, buf_slice(&text));     /* a full text may end within a letter */
    return arena_strndup(a, clean.ptr, clean.len);
}
