#ifndef CLI_JOURNALING_H
#define CLI_JOURNALING_H
/**
 * Journaling: a run's journal: what it was started with, where its journeys stand. Between the store
 * (which keeps rows) and the player (which knows what they mean).
 */
#include "harness/cli/choose.h"
#include "harness/cli/command.h"
#include "harness/play/audit.h"
#include "harness/store/journal.h"

struct journaling {
    struct journal *journal;
    const char *path;             /* as the customer of the program gave it */
    struct arena *arena;
    const char *run_id, *started; /* of the run; NULL until it is known */
    int64_t started_us;           /* microseconds since 1970 */
    bool resumed;
    bool failed;                  /* it could not be written: nothing more was sent */

    /* Of an earlier process, per journey; NULL when there was none. */
    struct kept_journey *before;  /* without events and parts */
    bool *over;
    size_t count, contacts;
};

/**
 * `run --journal`: a new journal, with the options and the journeys of this run.
 * @return ST_OK; ST_INVALID, ST_DENIED, ST_IO with diags. Release in any case.
 */
MUST_CHECK enum status journaling_begin(struct journaling *g, const char *path,
                                        const struct options *o, const struct chosen *c,
                                        struct scenario *const *scenarios, size_t count,
                                        const char *run_id, int64_t started_us,
                                        struct diags *diags);

/**
 * `resume`: opens it and gives `o` the options the run was started with, but for those that were
 * given on this command line; goes to the folder the run was started in.
 * @return as journal_open.
 */
MUST_CHECK enum status journaling_open(struct journaling *g, const char *path, struct options *o,
                                       struct diags *diags);
/** The journeys were loaded again: are they the same? ST_INVALID with a diag for each that is not. */
MUST_CHECK enum status journaling_match(struct journaling *g, const struct chosen *c,
                                        struct scenario *const *scenarios, size_t count,
                                        struct diags *diags);

/**
 * When the first of them wants to be looked at, microseconds since 1970; 0: one need not wait.
 * @param starts  of those that have not begun; 0 now; NULL: all now
 */
int64_t journaling_wake(const struct journaling *g, const int64_t *starts);

/** The audit's way to it; audit_before_fn for `before`. */
struct audit_keeper journaling_keeper(struct journaling *g, void (*failed)(void *context),
                                      void *failed_context);
bool journaling_before(void *journaling, size_t index, struct transcript **t, json_t **parts);

/** Why it cannot go on, for people; a sentence with the way to go on. */
void journaling_complain(const struct journaling *g, struct diags *diags);
void journaling_release(struct journaling *g);

#endif
