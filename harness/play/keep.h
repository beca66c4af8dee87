#ifndef PLAY_KEEP_H
#define PLAY_KEEP_H
/**
 * Keep: gets the journeys of an audit into the journal, many in one batch, while the loop goes on.
 * Internal to play.
 *
 * Batches  one is being written, on a thread of its own; what changes meanwhile is gathered for the
 *          next. A batch is taken between two turns of the loop, so it never holds half of what one
 *          callback did.
 * Failure  the first one is the last: the audit's keeper is told, nobody who waits is called any
 *          more, so nothing more is sent.
 */
#include "harness/loop/loop.h"
#include "harness/model/kept.h"

struct audit;
struct journey;
struct keep;

/** What a journey has of its own in here; zeroed at first. */
struct kept_marks {
    size_t slot;                  /* in the list of those that changed, + 1; 0 = not there */
    bool mute;                    /* the journal keeps what it has */
    size_t events;                /* handed over so far */
    bool begun;                   /* its header was */
    size_t contacts, contacts_kept;       /* messages sent; as far as handed over */
    uint64_t state;               /* sum of the part "journey" as handed over last */
    size_t wait;                  /* in the list of those that wait, + 1 */
};

struct keep *keep_new(struct audit *a);
void keep_free(struct keep *k);                   /* NULL is fine, here and below */

/** Something of this journey changed. */
void keep_changed(struct keep *k, struct journey *j);
/** fn on the loop when everything up to now is on the disk. One at a time per journey. */
void keep_wait(struct keep *k, struct journey *j, timer_fn *fn, void *context);
/** fn will not be called. */
void keep_stop_waiting(struct keep *k, struct journey *j);
/** The journal keeps what it has of it, and nothing comes of it any more. */
void keep_forget(struct keep *k, struct journey *j);
/** Take the journey's last state now: it is freed next. */
void keep_last(struct keep *k, struct journey *j, enum kept_status status, int64_t wake_us);

/* save.c: the journey's rows since it was asked last. */
void journey_collect(struct journey *j, struct kept_batch *b);

#endif
