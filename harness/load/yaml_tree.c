#include "harness/load/yaml_tree.h"

#include <string.h>
#include <yaml.h>

#include "harness/base/text.h"
#include "harness/load/yaml_errors.h"

enum { STRIDE = 64 };             /* characters between two remembered byte offsets */

struct anchor {
    const char *name;
    struct node *node;
    bool complete;
};

struct builder {
    yaml_parser_t parser;
    yaml_event_t event;
    bool has_event;
    const struct source *source;
    struct arena *arena;
    struct diags *diags;
    struct anchor *anchors;
    size_t anchor_count, anchor_cap;
    size_t total, aliases;        /* nodes so far, aliases expanded; aliases */
    uint32_t *strides;            /* byte offset of every STRIDEth character */
    size_t stride_count;
};

/* libyaml's mark.index counts characters; everything else here counts bytes. */
static size_t byte_at(const struct builder *b, size_t index)
{
    const struct source *s = b->source;
    size_t k = index / STRIDE;

    if (k >= b->stride_count)
        k = b->stride_count - 1;

    size_t at = b->strides[k];

    for (size_t left = index - k * STRIDE; left && at < s->len; left--)
        do
            at++;
        while (at < s->len && ((unsigned char)s->text[at] & 0xC0) == 0x80);
    return at;
}

static void index_characters(struct builder *b)
{
    const struct source *s = b->source;
    size_t count = 0;

    b->strides = arena_alloc(b->arena, (s->len / STRIDE + 1) * sizeof *b->strides);
    for (size_t i = 0; i < s->len; i++) {
        if (((unsigned char)s->text[i] & 0xC0) == 0x80)
            continue;
        if (count++ % STRIDE == 0)
            b->strides[b->stride_count++] = (uint32_t)i;
    }
    if (!b->stride_count)
        b->strides[b->stride_count++] = 0;
}

static void drop_event(struct builder *b)
{
    if (b->has_event)
        yaml_event_delete(&b->event);
    b->has_event = false;
}

static bool next_event(struct builder *b)
{
    drop_event(b);
    if (!yaml_parser_parse(&b->parser, &b->event)) {
        struct yaml_problem p = {
            .problem = b->parser.problem, .context = b->parser.context,
            .at = b->parser.error == YAML_READER_ERROR
                      ? b->parser.problem_offset : byte_at(b, b->parser.problem_mark.index),
            .context_at = byte_at(b, b->parser.context_mark.index),
        };

        yaml_problem_report(&p, b->source, b->diags);
        return false;
    }
    b->has_event = true;
    return true;
}

static void fail_at(struct builder *b, size_t at, size_t len, const char *hint, const char *what)
{
    diag_add(b->diags, SEVERITY_ERROR, b->source, source_span(b->source, at, len), hint, "%s",
             what);
}

static struct node *new_node(struct builder *b, enum node_kind kind)
{
    struct node *n = arena_alloc(b->arena, sizeof *n);

    n->kind = kind;
    n->source = b->source;
    n->start = byte_at(b, b->event.start_mark.index);
    n->end = byte_at(b, b->event.end_mark.index);
    n->at = source_span(b->source, n->start, n->end - n->start);
    n->weight = 1;
    return n;
}

/* libyaml lets a text begin at its anchor or tag. */
static void skip_properties(struct node *n)
{
    const char *text = n->source->text;

    while (n->start < n->end && (text[n->start] == '&' || text[n->start] == '!')) {
        while (n->start < n->end && !strchr(" \t\r\n", text[n->start]))
            n->start++;
        while (n->start < n->end && strchr(" \t\r\n", text[n->start]))
            n->start++;
    }
    n->at = source_span(n->source, n->start, n->end - n->start);
}

/* The current event brings so many nodes. */
static bool count_nodes(struct builder *b, size_t weight)
{
    size_t at = byte_at(b, b->event.start_mark.index);

    b->total += weight;
    if (b->total <= TREE_MAX_NODES)
        return true;
    diag_add(b->diags, SEVERITY_ERROR, b->source, source_span(b->source, at, 1), NULL,
             "too much in one file: over %d values, aliases counted as often as they are used",
             TREE_MAX_NODES);
    return false;
}

static void remember_anchor(struct builder *b, const yaml_char_t *name, struct node *n,
                            size_t *slot)
{
    *slot = SIZE_MAX;
    if (!name)
        return;
    ARENA_GROW(b->arena, b->anchors, b->anchor_cap, b->anchor_count + 1);
    *slot = b->anchor_count++;
    b->anchors[*slot] = (struct anchor){ arena_strdup(b->arena, (const char *)name), n, false };
}

static bool tag_is_fine(struct builder *b, const yaml_char_t *tag, const char *core)
{
    const char *t = (const char *)tag;

    if (!t || !strcmp(t, "!") || !strcmp(t, core))
        return true;
    fail_at(b, byte_at(b, b->event.start_mark.index), 1, "leave the tag out",
            "YAML tags are not used here");
    return false;
}

static struct node *read_text(struct builder *b)
{
    static const enum text_style styles[] = {
        [YAML_PLAIN_SCALAR_STYLE] = STYLE_PLAIN,
        [YAML_SINGLE_QUOTED_SCALAR_STYLE] = STYLE_SINGLE,
        [YAML_DOUBLE_QUOTED_SCALAR_STYLE] = STYLE_DOUBLE,
        [YAML_LITERAL_SCALAR_STYLE] = STYLE_LITERAL,
        [YAML_FOLDED_SCALAR_STYLE] = STYLE_FOLDED,
    };
    const yaml_char_t *value = b->event.data.scalar.value;
    size_t len = b->event.data.scalar.length, slot;
    struct node *n = new_node(b, NODE_TEXT);

    if (!tag_is_fine(b, b->event.data.scalar.tag, YAML_STR_TAG))
        return NULL;
    if (memchr(value, 0, len)) {
        fail_at(b, n->start, n->end - n->start, NULL, "a text cannot hold the character NUL");
        return NULL;
    }
    skip_properties(n);
    n->text = arena_strndup(b->arena, (const char *)value, len);
    n->len = len;
    n->style = styles[b->event.data.scalar.style];
    remember_anchor(b, b->event.data.scalar.anchor, n, &slot);
    if (slot != SIZE_MAX)
        b->anchors[slot].complete = true;
    return count_nodes(b, 1) ? n : NULL;
}

static struct node *read_alias(struct builder *b, size_t depth)
{
    const char *name = (const char *)b->event.data.alias.anchor;
    size_t at = byte_at(b, b->event.start_mark.index), len = strlen(name) + 1;
    const struct anchor *found = NULL;

    if (++b->aliases > TREE_MAX_ALIASES) {
        fail_at(b, at, len, NULL, "too many aliases: over 100 in one file");
        return NULL;
    }
    for (size_t i = b->anchor_count; i-- > 0 && !found;)
        if (!strcmp(b->anchors[i].name, name))
            found = &b->anchors[i];
    if (!found) {
        fail_at(b, at, len, "an anchor (&name) must come before its alias",
                "alias of something that is not there");
        return NULL;
    }
    if (!found->complete) {
        fail_at(b, at, len, NULL, "alias inside the value it stands for");
        return NULL;
    }
    if (depth + found->node->height > TREE_MAX_DEPTH) {
        fail_at(b, at, len, NULL, "nested too deeply: over 32 levels");
        return NULL;
    }
    return count_nodes(b, found->node->weight) ? found->node : NULL;
}

static struct node *read_node(struct builder *b, size_t depth);

static void take_in(struct node *parent, const struct node *child)
{
    parent->weight += child->weight;
    if (child->height + 1 > parent->height)
        parent->height = child->height + 1;
}

static struct node *read_list(struct builder *b, size_t depth)
{
    struct node *n = new_node(b, NODE_LIST);
    size_t cap = 0, slot;

    if (!tag_is_fine(b, b->event.data.sequence_start.tag, YAML_SEQ_TAG) || !count_nodes(b, 1))
        return NULL;
    remember_anchor(b, b->event.data.sequence_start.anchor, n, &slot);
    for (;;) {
        if (!next_event(b))
            return NULL;
        if (b->event.type == YAML_SEQUENCE_END_EVENT)
            break;

        struct node *item = read_node(b, depth + 1);

        if (!item)
            return NULL;
        ARENA_GROW(b->arena, n->items, cap, n->count + 1);
        n->items[n->count++] = item;
        take_in(n, item);
    }
    n->end = byte_at(b, b->event.end_mark.index);
    if (n->count)
        n->at = n->items[0]->at;
    if (slot != SIZE_MAX)
        b->anchors[slot].complete = true;
    return n;
}

static const struct node *find_key(const struct node *map, const struct node *key)
{
    for (size_t i = 0; i < map->count; i++)
        if (map->keys[i]->len == key->len && !memcmp(map->keys[i]->text, key->text, key->len))
            return map->keys[i];
    return NULL;
}

static void add_pair(struct builder *b, struct node *map, size_t *cap, struct node *key,
                     struct node *value)
{
    if (map->count + 1 > *cap) {
        size_t same = *cap;

        ARENA_GROW(b->arena, map->keys, same, map->count + 1);
        ARENA_GROW(b->arena, map->items, *cap, map->count + 1);
    }
    map->keys[map->count] = key;
    map->items[map->count++] = value;
    take_in(map, key);
    take_in(map, value);
}

/* What `<<` brings: only keys that the mapping does not give itself. */
static bool merge(struct builder *b, struct node *map, size_t *cap, const struct node *from)
{
    if (from->kind == NODE_LIST) {
        for (size_t i = 0; i < from->count; i++)
            if (from->items[i]->kind != NODE_MAP || !merge(b, map, cap, from->items[i]))
                return false;
        return true;
    }
    if (from->kind != NODE_MAP)
        return false;
    for (size_t i = 0; i < from->count; i++) {
        if (find_key(map, from->keys[i]))
            continue;
        if (!count_nodes(b, from->items[i]->weight + 1))
            return false;
        add_pair(b, map, cap, from->keys[i], from->items[i]);
    }
    return true;
}

/* A plain `url: {{ env.X }}` is a mapping to YAML and a slip to everybody else. */
static bool is_bare_template(struct builder *b)
{
    size_t at = byte_at(b, b->event.start_mark.index);
    const struct source *s = b->source;

    if (at + 1 >= s->len || s->text[at] != '{' || s->text[at + 1] != '{')
        return false;
    fail_at(b, at, 2, "put the whole text in quotes: \"{{ … }}\"",
            "a text that begins with \"{{\" needs quotes");
    return true;
}

static struct node *read_key(struct builder *b, size_t depth, const struct node *map)
{
    size_t at = byte_at(b, b->event.start_mark.index);
    struct node *key = is_bare_template(b) ? NULL : read_node(b, depth + 1);

    if (!key)
        return NULL;
    if (key->kind != NODE_TEXT || key->len == 0) {
        fail_at(b, at, 1, NULL, "a key must be a text");
        return NULL;
    }

    const struct node *first = find_key(map, key);

    if (first) {
        char hint[48];

        snprintf(hint, sizeof hint, "first given in line %u", first->at.line);
        diag_add(b->diags, SEVERITY_ERROR, b->source, key->at, hint, "\"%s\" is given twice",
                 key->text);
    }
    return key;
}

static bool read_pairs(struct builder *b, size_t depth, struct node *n)
{
    struct node *merges = NULL, *merge_key = NULL;
    size_t cap = 0;

    for (;;) {
        if (!next_event(b))
            return false;
        if (b->event.type == YAML_MAPPING_END_EVENT)
            break;

        struct node *key = read_key(b, depth, n);

        if (!key || !next_event(b))
            return false;

        struct node *value = read_node(b, depth + 1);

        if (!value)
            return false;
        if (key->style == STYLE_PLAIN && !strcmp(key->text, "<<")) {
            merge_key = key;
            merges = value;
        } else if (!find_key(n, key)) {
            add_pair(b, n, &cap, key, value);
        }
    }
    n->end = byte_at(b, b->event.end_mark.index);

    size_t before = b->diags->errors;

    if (merges && !merge(b, n, &cap, merges)) {
        if (b->diags->errors == before)
            diag_add(b->diags, SEVERITY_ERROR, b->source, merge_key->at, NULL,
                     "\"<<\" needs an alias of a mapping, or a list of such");
        return false;
    }
    return true;
}

static struct node *read_map(struct builder *b, size_t depth)
{
    struct node *n = new_node(b, NODE_MAP);
    size_t slot;

    if (is_bare_template(b))
        return NULL;
    if (!tag_is_fine(b, b->event.data.mapping_start.tag, YAML_MAP_TAG) || !count_nodes(b, 1))
        return NULL;
    remember_anchor(b, b->event.data.mapping_start.anchor, n, &slot);
    if (!read_pairs(b, depth, n))
        return NULL;
    if (n->count && n->keys[0]->start >= n->start && n->keys[0]->start < n->end)
        n->at = n->keys[0]->at;
    if (slot != SIZE_MAX)
        b->anchors[slot].complete = true;
    return n;
}

/* The node that begins with the current event. NULL after an error. */
static struct node *read_node(struct builder *b, size_t depth)
{
    if (depth > TREE_MAX_DEPTH) {
        fail_at(b, byte_at(b, b->event.start_mark.index), 1, NULL,
                "nested too deeply: over 32 levels");
        return NULL;
    }
    switch (b->event.type) {
    case YAML_SCALAR_EVENT: return read_text(b);
    case YAML_ALIAS_EVENT: return read_alias(b, depth);
    case YAML_SEQUENCE_START_EVENT: return read_list(b, depth);
    default: return read_map(b, depth);
    }
}

static struct node *read_stream(struct builder *b)
{
    if (!next_event(b) || !next_event(b))        /* stream start, document start */
        return NULL;
    if (b->event.type == YAML_STREAM_END_EVENT) {
        diag_add(b->diags, SEVERITY_ERROR, b->source, (struct span){ 0, 0, 0 }, NULL,
                 "there is nothing in this file");
        return NULL;
    }
    if (!next_event(b))
        return NULL;

    struct node *n = read_node(b, 1);

    if (!n || !next_event(b) || !next_event(b))  /* document end, stream end */
        return NULL;
    if (b->event.type != YAML_STREAM_END_EVENT) {
        fail_at(b, byte_at(b, b->event.start_mark.index), 3, "one file holds one document",
                "a second document begins here");
        return NULL;
    }
    return n;
}

enum status tree_parse(const struct source *source, struct arena *a, struct diags *diags,
                       const struct node **ret)
{
    struct builder b = { .source = source, .arena = a, .diags = diags };
    size_t before = diags->errors;

    if (!yaml_text_check(source, diags))
        return ST_INVALID;
    if (!yaml_parser_initialize(&b.parser)) {
        diag_error(diags, "out of memory");
        return ST_INVALID;
    }
    index_characters(&b);
    yaml_parser_set_encoding(&b.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&b.parser, (const unsigned char *)source->text, source->len);

    struct node *n = read_stream(&b);

    drop_event(&b);
    yaml_parser_delete(&b.parser);
    if (!n || diags->errors > before)
        return ST_INVALID;
    *ret = n;
    return ST_OK;
}
