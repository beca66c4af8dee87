#ifndef BASE_FIELD_H
#define BASE_FIELD_H
/**
 * Field tables: one row per key of an object people write in YAML. The loader types values by
 * them, messages list their names, the JSON Schema is generated from them.
 *
 * A row writes into a C struct at `offset`. What each type writes there:
 *
 *   FIELD_TEXT      const char *              (plain text, no templates)
 *   FIELD_TEMPLATE  const struct template *   (model/template.h; compiled, checked at load)
 *   FIELD_REGEX     struct pattern            (below; compiled, released with the object)
 *   FIELD_DURATION  int64_t                   (microseconds)
 *   FIELD_INT       int64_t                   (min..max)
 *   FIELD_NUMBER    double                    (min..max)
 *   FIELD_BOOL      bool                      (true or false and nothing else)
 *   FIELD_CHOICE    int                       (index into `choices`)
 *   FIELD_TEXTS     struct texts              (list of plain texts; one scalar is a list of one)
 *   FIELD_PAIRS     struct pairs              (mapping name → template, in order)
 *   FIELD_PATTERNS  struct patterns           (mapping name → regex, or a list of regexes)
 *   FIELD_OBJECT    the struct of `object`, in place (all its fields optional or not by its rows)
 *   FIELD_OBJECTS   struct list               (list of mappings, each an `object`)
 *   FIELD_MAP       struct list               (mapping name → object; the item's first member is
 *                                              `const char *name`)
 *   FIELD_CUSTOM    whatever `load`'s own code for this row's owner does with it
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/base/diag.h"

enum field_type {
    FIELD_END, FIELD_TEXT, FIELD_TEMPLATE, FIELD_REGEX, FIELD_DURATION, FIELD_INT, FIELD_NUMBER,
    FIELD_BOOL, FIELD_CHOICE, FIELD_TEXTS, FIELD_PAIRS, FIELD_PATTERNS, FIELD_OBJECT,
    FIELD_OBJECTS, FIELD_MAP, FIELD_CUSTOM
};

enum field_flags {
    FIELD_REQUIRED = 1,
    FIELD_CASELESS = 2,           /* regex: ignore case */
    FIELD_SHORT = 4,              /* a value that is no mapping stands for this field alone, as in
                                   * `goal: refund issued`; at most one row of an object */
    FIELD_JQ = 8,                 /* patterns: "jq: PROGRAM" is text without a regex */
};

struct regex;
struct template;

struct pattern {
    const char *text;             /* NULL = not given */
    struct regex *regex;          /* owned by the object's owner */
    struct span at;
};

struct texts {
    const char **items;
    struct span *spans;
    size_t count;
};

struct pair {
    const char *name;
    const struct template *value;
    struct span name_at, at;
};

struct pairs {
    struct pair *items;
    size_t count;
};

struct named_pattern {
    const char *name;             /* NULL in a plain list */
    struct pattern pattern;
};

struct patterns {
    struct named_pattern *items;
    size_t count;
};

/** Items of `size` bytes each, one after the other. */
struct list {
    void *items;
    size_t count;
};
#define LIST_ITEM(type, list, i) (&((type *)(list).items)[i])

struct object;

struct field {
    const char *name;
    enum field_type type;
    size_t offset;
    unsigned flags;
    const char *help;                    /* one line; goes into the JSON Schema */
    const char *fallback;                /* default, as it would be written; NULL = zero.
                                          * A duration's may be "unknown": DURATION_UNKNOWN */
    const struct object *object;         /* OBJECT, OBJECTS, MAP */
    const char *const *choices;          /* CHOICE; MAP: the names it may have; ends with NULL */
    double min, max;                     /* INT, NUMBER when max > min */
};

/** A kind of object: its name in messages, its C size, its rows (ending with {0}). */
struct object {
    const char *name;
    size_t size;
    const struct field *fields;
    size_t span_offset;                  /* where to put its struct span; SIZE_MAX = nowhere */
};

#endif
