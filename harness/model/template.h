#ifndef MODEL_TEMPLATE_H
#define MODEL_TEMPLATE_H
/**
 * Template: text with {{ variables }}, compiled at load, so that an unknown variable is found
 * before a company is contacted.
 *
 * Variables   customer.name, customer.email, customer.language, customer.knows.NAME, company.name,
 *             env.NAME, run.id, run.seed, journey.name, and captures (`save`) by their bare name.
 * Escape      "{{{{" stands for "{{".
 */
#include "harness/base/buf.h"
#include "harness/base/diag.h"

struct template_part {
    const char *text;             /* literal text, or the variable's full name */
    bool variable;
    size_t offset;                /* byte in `source` where it stands */
    struct span at;               /* variables: in the file, set by the loader */
};

struct template {
    const char *source;           /* as written */
    const struct template_part *parts;
    size_t count;
};

/** Value of a variable, or NULL when there is none (yet). Borrowed by the caller for the call. */
typedef const char *template_lookup(void *context, const char *name);

/**
 * Split text into parts; everything is allocated in `a`.
 * @param err_at   byte offset in text of what is wrong.
 * @return ST_OK; ST_INVALID an unclosed or empty {{ }}, or a name with characters other than
 *         letters, digits, '_', '.', '-'; then *err_what says so and *ret is untouched.
 */
MUST_CHECK enum status template_compile(struct arena *a, const char *text, size_t *err_at,
                                        const char **err_what, const struct template **ret);

/**
 * Append the rendered text. t NULL renders nothing.
 * @return ST_OK; ST_NOT_FOUND a variable has no value yet: *missing is its name (borrowed).
 */
enum status template_render(const struct template *t, template_lookup *lookup, void *context,
                            struct buf *out, const char **missing);

/** A template that is just `text`. */
const struct template *template_literal(struct arena *a, const char *text);

#endif
