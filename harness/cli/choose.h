#ifndef CLI_CHOOSE_H
#define CLI_CHOOSE_H
/**
 * Choose: from the paths on the command line to checked scenarios.
 */
#include "harness/cli/data.h"

struct chosen {
    struct scenario **items;              /* owned */
    size_t *numbers;                      /* of each: which of those found it is, from 0; owned */
    size_t count, cap, number_cap;
    size_t found;                         /* before --tag and --grep */
    size_t files, bad_files;
    struct sources sources;
};

/** Extra environment (the demo's URLs), asked before the real one; may be NULL. */
struct overrides {
    const struct named_text *items;
    size_t count;
};
const char *environment_get(void *overrides, const char *name);

/** What load needs to know of the rooms it cannot see: channel types, names of findings. */
struct load_context context_for(struct arena *a, const struct load_env *env);

/**
 * Load everything under the paths; folders are searched for *.journey.yaml.
 * @param unset  how an unset {{ env.X }} counts.
 * @return ST_OK; ST_INVALID errors are in diags; ST_NOT_FOUND nothing was found or chosen (a diag
 *         says what there was).
 */
MUST_CHECK enum status choose(const struct options *o, const struct data *d,
                              struct overrides *overrides, enum severity unset,
                              const char *const *paths, size_t path_count, struct diags *diags,
                              struct chosen *ret);
void chosen_release(struct chosen *c);

#endif
