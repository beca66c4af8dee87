#ifndef LOAD_LOAD_H
#define LOAD_LOAD_H
/**
 * Load: YAML files into typed objects by field tables. All errors at once, each with file, line,
 * column, the line itself, what was expected, and a "did you mean".
 *
 * Caps      a file 1 MiB, depth 32, 20,000 nodes, 100 aliases; duplicate keys are errors.
 * Scalars   stay text until a field types them, so `no` is never silently false.
 * Must not depend on: loop, channels, play, the environment (it is passed in).
 */
#include "harness/model/scenario.h"

/** What the caller lets scenarios see of the world. */
struct load_env {
    /** Value of an environment variable or NULL. context is passed through. */
    const char *(*get)(void *context, const char *name);
    void *context;
    /** `check` warns about an unset env name; `run` refuses it. */
    enum severity unset;
};

/** A channel type as its registry row gives it: `cli` passes the rows down. */
struct channel_kind {
    const char *name;                     /* value of `type:` */
    enum channel_family family;
    const struct object *settings;        /* fields beside `type` */
    unsigned more_verbs;                  /* 1u << VERB_x: those it can do beside its family's */
};

struct load_context {
    const struct load_env *env;
    const struct channel_kind *kinds;
    size_t kind_count;
    const char *const *finding_names;     /* for bar.never; NULL-terminated */
};

/**
 * One scenario file.
 *
 * @param path   shown in messages; `include` is relative to its folder.
 * @param diags  errors and warnings are appended, sorted.
 * @param sources  files whose text diags may show are kept here: included ones, and on failure the
 *               scenario's own, which else the scenario owns. Released by the caller, after diags.
 * @return ST_OK (warnings possible); ST_IO unreadable; ST_INVALID. *ret is untouched on failure.
 */
struct sources {
    struct source **items;
    size_t count, cap;
};
void sources_release(struct sources *s);

MUST_CHECK enum status load_scenario(const char *path, const struct load_context *ctx,
                                     struct sources *sources, struct diags *diags,
                                     struct scenario **ret);

/**
 * Any other YAML file (language pack, adapter, expectations, config): the top-level mapping is read
 * by `object` into *ret (object->size bytes, zeroed by the caller). Strings and arrays go to `a`;
 * compiled regexes are appended to `regexes` (caller frees each).
 */
struct regex_list {
    struct regex **items;
    size_t count, cap;
};
void regex_list_release(struct regex_list *l);

MUST_CHECK enum status load_object_file(const char *path, const struct object *object,
                                        struct arena *a, struct regex_list *regexes,
                                        struct sources *sources, struct diags *diags, void *ret);
/** The same from memory; name is for messages. */
MUST_CHECK enum status load_object_text(const char *name, struct slice text,
                                        const struct object *object, struct arena *a,
                                        struct regex_list *regexes, struct sources *sources,
                                        struct diags *diags, void *ret);

/**
 * JSON Schema (draft 2020-12) of a scenario, from the same field tables: the same text for the
 * same tables, ending with a newline. Appended to out (well under 1 MiB). ctx->env is not used.
 * scenarios/schema/scenario.schema.json is this, with the real channel types and findings in ctx.
 */
void load_schema(const struct load_context *ctx, struct buf *out);

#endif
