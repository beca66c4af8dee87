#ifndef LOAD_SCENARIO_LOADER_H
#define LOAD_SCENARIO_LOADER_H
/**
 * Scenario loader: what its parts share while one scenario is being read.
 */
#include "harness/load/object.h"

enum {
    SCENARIO_MAX_STEPS = 1000,
    INCLUDE_MAX_FILES = 100,      /* of one scenario, each counted as often as it is taken */
    INCLUDE_MAX_DEPTH = 8,
};

/** Where a step stands, and which of the loader's templates are its own. */
struct step_origin {
    const struct node *node, *verb_key;
    size_t first_template, end_template;
};

struct scenario_loader {
    struct loader l;
    const struct load_context *ctx;
    struct sources *sources;
    struct scenario *s;
    const struct node *top;
    struct step_origin *origins;          /* one per step of s */
    size_t step_cap, origin_cap;
    size_t customer_templates, known_templates, channel_templates;   /* ends of their ranges */
    size_t include_count;
};

/** An error or warning at a span of a file. hint may be NULL. */
#define span_error(sl, source, at, hint, ...) \
    diag_add((sl)->l.diags, SEVERITY_ERROR, source, at, hint, __VA_ARGS__)

/* channels.c */
void channels_read(struct scenario_loader *sl, const struct node *key, const struct node *n);

/* steps.c */
void steps_read(struct scenario_loader *sl, const struct node *key, const struct node *n);
/** Hint for a key that belongs to other verbs' steps. */
const char *steps_key_hint(struct loader *l, const struct object *o, const char *key);

/* step_check.c */
void step_check(struct scenario_loader *sl, size_t index);
/** "en" for `language: en-GB` of a mapping; an error when it is no language tag. */
void language_check(struct scenario_loader *sl, const struct node *map, const char **language);

/* variables.c */
void variables_check(struct scenario_loader *sl);

/* company_hours.c */
void company_hours(struct scenario_loader *sl);

/* zone_file.c */
/**
 * A zone by its IANA name, from the system's zoneinfo files, or by its POSIX rule.
 * @return ST_OK; ST_NOT_FOUND no such zone here; ST_INVALID a file nobody can read.
 */
MUST_CHECK enum status zone_load(struct arena *a, const char *name, struct zone *ret);

/* start_times.c */
/** `at:` and the customer's zone; after company_hours. */
void start_times(struct scenario_loader *sl);

/* company_check.c */
void company_check(struct scenario_loader *sl);

#endif
