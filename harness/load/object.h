#ifndef LOAD_OBJECT_H
#define LOAD_OBJECT_H
/**
 * Object: nodes typed by field tables. Every error is added to the diags and reading goes on, so
 * that whoever wrote the file sees all of them at once; what could not be read stays zero.
 */
#include "harness/load/load.h"
#include "harness/load/yaml_tree.h"

/** A template that was compiled, and the file it stands in: for the checks that come later. */
struct template_use {
    const struct template *template;
    const struct source *source;
};

struct loader {
    struct arena *arena;          /* strings, arrays */
    struct regex_list *regexes;
    struct diags *diags;
    struct template_use *templates;   /* all so far, in the order read; in the arena */
    size_t template_count, template_cap;
    bool refuse_variables;        /* "{{" in a plain text is an error, not a text */
    /** A better hint for a key that `o` does not have, or NULL. May be NULL itself. */
    const char *(*key_hint)(struct loader *l, const struct object *o, const char *key);
};

/**
 * Read a mapping into ret (o->size bytes, zeroed by the caller).
 *
 * @param key   the key it is the value of; NULL in a list or at the top.
 * @param also  names of keys somebody else reads; ends with NULL; may be NULL.
 * FIELD_CUSTOM rows are known keys and nothing more.
 */
void object_read(struct loader *l, const struct object *o, const struct node *key,
                 const struct node *n, const char *const *also, void *ret);

/** One value, as a row describes it, to `slot` (which is the row's own place, not the object). */
void field_read(struct loader *l, const struct field *f, const struct node *key,
                const struct node *n, void *slot);

/** The defaults of an object that was not given at all. */
void object_defaults(struct loader *l, const struct object *o, void *ret);

/** An error at a node. hint may be NULL. */
void node_error(struct loader *l, const struct node *n, const char *hint, const char *fmt, ...)
    PRINTF_LIKE(4, 5);

#endif
