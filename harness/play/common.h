#ifndef PLAY_COMMON_H
#define PLAY_COMMON_H
/**
 * Common: all that the audits of several loops share: the turns at the company's hosts, the number
 * of contacts, and which journey begins next on which loop. An audit that plays alone has its own.
 *
 * Lanes    one loop, one thread, one audit each; number 0 is the one that was there first. A journey
 *          is played by one lane from beginning to end.
 * Order    journeys begin in their order, wherever there is room, and none before its start; a lane
 *          takes no more than its share of those at once. Which lane played a journey is told nowhere.
 * Bound    a journey with something that belongs to one loop (a mailbox and its reader, an address
 *          that listens, a browser) plays on lane 0, beside all others of its kind.
 * Threads  any.
 */
#include "harness/play/polite.h"
#include "harness/play/ramp.h"

struct common;

struct common_plan {
    const struct polite_limit *limits;    /* per company host; borrowed, as are the arrays */
    size_t limit_count;
    size_t max_contacts;                  /* messages sent by all customers together */
    size_t contacts_before;               /* of them, by earlier processes */
    size_t at_once;                       /* journeys side by side, on all lanes */
    struct ramp ramp;                     /* until there are so many */
    size_t lanes;                         /* 0 counts as 1 */
    size_t count;                         /* journeys */
    const bool *over;                     /* per journey: played already; NULL none */
    const int64_t *starts;                /* per journey: loop time, not before it; ascending, NULL
                                           * all now */
    const bool *bound;                    /* per journey: on lane 0 only; NULL none */
    /** Nothing runs, and nothing will begin. Once, on any of the threads; may be NULL. */
    void (*all_over)(void *context);
    void *context;
};

struct common *common_new(const struct common_plan *plan);
/** NULL is fine; no lane may be left. */
void common_free(struct common *c);

struct polite *common_polite(struct common *c);
/** May one more message leave? Counts it if so. */
bool common_contact(struct common *c);

/** Before the lanes begin: `start` is called on its loop when something may begin there. */
void common_join(struct common *c, size_t lane, struct loop *loop, timer_fn *start, void *context);
/**
 * True: this lane begins *index now, and says common_over of it later.
 * @param later  else: loop time at which it should ask again, though nobody wakes it; INT64_MAX none
 */
bool common_next(struct common *c, size_t lane, size_t *index, int64_t *later);
/**
 * True: *index does not begin in this process, since nothing runs, and nothing would begin within
 * `after_us`; then nothing else begins either. The lane says common_over of it, and asks again.
 */
bool common_rest(struct common *c, size_t lane, int64_t after_us, size_t *index);
/** One of this lane's journeys is gone. Then it asks for the next; then common_wake. */
void common_over(struct common *c, size_t lane);
/** What this lane could not begin another one may. */
void common_wake(struct common *c, size_t lane);
/** Every lane has been told to begin: if there was nothing to play, it is all over. */
void common_begun(struct common *c);
/** Nothing begins any more. Idempotent. */
void common_stop(struct common *c);

#endif
