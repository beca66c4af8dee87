#ifndef LOAD_YAML_TREE_H
#define LOAD_YAML_TREE_H
/**
 * YAML tree: a file as nodes with positions, before anything is typed.
 *
 * Shape      texts stay exactly what was written; nothing becomes a number, a date or `false` here.
 * Positions  libyaml counts from 0 and in characters; converted once, here, into 1-based spans.
 * Caps       below; duplicate keys, keys that are no plain texts, foreign tags, a second document
 *            and an alias inside its own anchor are errors. `<<` merges as in YAML 1.1.
 * Sharing    an alias is the anchor's node itself, counted again against the node cap, so the tree
 *            can be walked as if it were a tree.
 */
#include <stdbool.h>

#include "harness/base/diag.h"

enum {
    TREE_MAX_BYTES = 1 << 20,
    TREE_MAX_DEPTH = 32,
    TREE_MAX_NODES = 20000,       /* aliases counted as often as they are used */
    TREE_MAX_ALIASES = 100,
};

enum node_kind { NODE_TEXT, NODE_LIST, NODE_MAP };
enum text_style { STYLE_PLAIN, STYLE_SINGLE, STYLE_DOUBLE, STYLE_LITERAL, STYLE_FOLDED };

struct node {
    enum node_kind kind;
    enum text_style style;
    const struct source *source;  /* NULL for a default that stands in a field table */
    struct span at;               /* text: itself; map: its first key; list: its first item */
    size_t start, end;            /* bytes in the source */
    const char *text;             /* NODE_TEXT; no NUL inside */
    size_t len;
    struct node **items;          /* list: items; map: values */
    struct node **keys;           /* map: as many texts */
    size_t count;
    size_t weight, height;        /* nodes in it, itself included; levels below it */
};

/**
 * @param source  borrowed by every node and diag.
 * @return ST_OK; ST_INVALID with at least one error in diags; *ret is untouched then.
 */
MUST_CHECK enum status tree_parse(const struct source *source, struct arena *a,
                                  struct diags *diags, const struct node **ret);

/** Value and key node of a mapping's key, or NULL. */
const struct node *node_get(const struct node *map, const char *key);
const struct node *node_key(const struct node *map, const char *key);

/** Nothing was written: an empty plain text or `~`. */
bool node_is_nothing(const struct node *n);

/** "a text", "a list", "a mapping", "nothing": for messages. */
const char *node_words(const struct node *n);

/**
 * Span of `len` bytes at byte `offset` of a text's value: quotes, escapes, folded lines and block
 * indentation taken into account. The text's own span where that cannot be told.
 */
struct span node_span_inside(const struct node *text, size_t offset, size_t len);

#endif
