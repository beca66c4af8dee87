#include <string.h>

#include "harness/base/text.h"
#include "harness/load/yaml_tree.h"

const struct node *node_get(const struct node *map, const char *key)
{
    for (size_t i = 0; i < map->count && map->kind == NODE_MAP; i++)
        if (!strcmp(map->keys[i]->text, key))
            return map->items[i];
    return NULL;
}

const struct node *node_key(const struct node *map, const char *key)
{
    for (size_t i = 0; i < map->count && map->kind == NODE_MAP; i++)
        if (!strcmp(map->keys[i]->text, key))
            return map->keys[i];
    return NULL;
}

bool node_is_nothing(const struct node *n)
{
    return n->kind == NODE_TEXT && n->style == STYLE_PLAIN &&
           (n->len == 0 || !strcmp(n->text, "~"));
}

const char *node_words(const struct node *n)
{
    if (node_is_nothing(n))
        return "nothing";
    switch (n->kind) {
    case NODE_LIST: return "a list";
    case NODE_MAP: return "a mapping";
    default: return "a text";
    }
}

/* A walk along a text as written and as read, side by side. */
struct walk {
    const char *raw;
    size_t i, end;                /* in raw */
    const char *value;
    size_t k, len;                /* in value */
    enum text_style style;
    size_t indent;                /* of a block's lines */
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_break(char c)
{
    return c == '\n' || c == '\r';
}

/* From blanks before a line's end to the first character of the next line that counts. */
static bool skip_break(struct walk *w)
{
    size_t i = w->i;

    while (i < w->end && is_blank(w->raw[i]))
        i++;
    if (i >= w->end || !is_break(w->raw[i]))
        return false;
    while (i < w->end && (is_blank(w->raw[i]) || is_break(w->raw[i])))
        i++;
    w->i = i;
    if (w->k < w->len && w->value[w->k] == ' ')
        w->k++;
    else
        while (w->k < w->len && w->value[w->k] == '\n')
            w->k++;
    return true;
}

/* One character of an escape: its length in raw and in value. */
static void step_escape(struct walk *w)
{
    static const struct { char c; size_t digits; } sized[] = { { 'x', 2 }, { 'u', 4 }, { 'U', 8 } };
    size_t used = 2;
    int32_t cp;

    if (w->i + 1 < w->end && is_break(w->raw[w->i + 1])) {   /* "\" at a line's end: nothing */
        w->i++;
        while (w->i < w->end && (is_blank(w->raw[w->i]) || is_break(w->raw[w->i])))
            w->i++;
        return;
    }
    for (size_t s = 0; s < ARRAY_LEN(sized); s++)
        if (w->i + 1 < w->end && w->raw[w->i + 1] == sized[s].c)
            used += sized[s].digits;
    w->i += used;
    w->k += text_decode(w->value + w->k, w->len - w->k, &cp);
}

static bool step_flow(struct walk *w)
{
    if (skip_break(w))
        return true;
    if (w->style == STYLE_DOUBLE && w->raw[w->i] == '\\') {
        step_escape(w);
        return true;
    }
    if (w->raw[w->i] != w->value[w->k])
        return false;
    w->i += w->style == STYLE_SINGLE && w->raw[w->i] == '\'' ? 2 : 1;
    w->k++;
    return true;
}

static void skip_indent(struct walk *w)
{
    for (size_t n = 0; n < w->indent && w->i < w->end && w->raw[w->i] == ' '; n++)
        w->i++;
}

static bool step_block(struct walk *w)
{
    if (!is_break(w->raw[w->i])) {
        if (w->raw[w->i++] != w->value[w->k])
            return false;
        w->k++;
        return true;
    }

    size_t breaks = 0, spaces = 0;

    while (w->i < w->end && is_break(w->raw[w->i])) {
        w->i += w->raw[w->i] == '\r' && w->i + 1 < w->end && w->raw[w->i + 1] == '\n' ? 2 : 1;
        breaks++;
        skip_indent(w);
    }
    while (w->k + spaces < w->len && w->value[w->k + spaces] == '\n')
        spaces++;
    if (w->style == STYLE_FOLDED && !spaces)
        w->k++;                              /* one break became one blank */
    else
        w->k += spaces;
    return w->style == STYLE_FOLDED || spaces == breaks;
}

/* Behind the header ("|-", ">2 # …") and the indentation of the first line. */
static void enter_block(struct walk *w)
{
    while (w->i < w->end && !is_break(w->raw[w->i]))
        w->i++;
    while (w->i < w->end && is_break(w->raw[w->i]))
        w->i++;

    size_t blanks = 0, own = 0, skip = 0;

    while (w->k + skip < w->len && w->value[w->k + skip] == '\n')
        skip++;                              /* empty lines before the first with something */
    for (;;) {
        blanks = 0;
        while (w->i + blanks < w->end && w->raw[w->i + blanks] == ' ')
            blanks++;
        if (w->i + blanks >= w->end || !is_break(w->raw[w->i + blanks]))
            break;
        w->i += blanks + 1;
    }
    w->k = skip;
    while (w->k + own < w->len && w->value[w->k + own] == ' ')
        own++;
    w->indent = blanks > own ? blanks - own : 0;
    w->i += w->indent;
}

struct span node_span_inside(const struct node *text, size_t offset, size_t len)
{
    if (!text->source)
        return text->at;

    struct walk w = { .raw = text->source->text, .i = text->start, .end = text->end,
                      .value = text->text, .len = text->len, .style = text->style };
    bool block = w.style == STYLE_LITERAL || w.style == STYLE_FOLDED;

    if (block)
        enter_block(&w);
    else if (w.style != STYLE_PLAIN)
        w.i++;                               /* the opening quote */
    while (w.k < offset && w.k < w.len && w.i < w.end)
        if (!(block ? step_block(&w) : step_flow(&w)))
            return text->at;
    if (w.k != offset)
        return text->at;

    size_t start = w.i;

    while (w.k < offset + len && w.k < w.len && w.i < w.end)
        if (!(block ? step_block(&w) : step_flow(&w)))
            break;
    return source_span(text->source, start, w.i > start ? w.i - start : 0);
}
