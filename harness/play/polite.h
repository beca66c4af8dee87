#ifndef PLAY_POLITE_H
#define PLAY_POLITE_H
/**
 * Polite: how many customers may be at one company host at once, and how many may come in a minute.
 * Who has to wait stands in a queue, first come first served, and is told on the loop; what is waited
 * for here lies before the customer's step, so no wait of it is the company's.
 *
 * Place    a host and a kind of channel; mail counts by the domain it is written to.
 * Contact  a step that does something there: a form, a conversation (not each of its messages), a
 *          mail. At most `per_minute` of them begin in any 60 seconds.
 * Cost     constant per contact; a place remembers the times of its last `per_minute` contacts.
 * Threads  any: one `struct polite` for the journeys of all loops of a run, whose clocks are the same
 *          (loop_beside). One queue per place, whatever loop the customers play on.
 */
#include "harness/loop/loop.h"
#include "harness/model/scenario.h"

/** 0 = no limit. */
struct polite_limit {
    const char *host;             /* compared without case; NULL = all that are not named */
    size_t at_once, per_minute;
};

struct polite;
struct polite_place;

/** One customer's turn; lies in the journey, zeroed before its first use. */
struct polite_turn {
    struct polite_place *place;   /* NULL: nowhere */
    struct polite_turn *prev, *next;      /* in the queue */
    bool inside;                  /* its turn has come */
    struct loop *loop;            /* of its journey: go comes from there */
    struct post *post;            /* go is on its way */
    void (*go)(void *context);    /* called once when it comes */
    void *context;
};

/** Limits are borrowed; the first that fits a host counts. */
struct polite *polite_new(const struct polite_limit *limits, size_t count);
/** NULL is fine; nobody may be waiting any more, and no other thread may be left. */
void polite_free(struct polite *p);

/** On t->loop. True: begin. False: go(context) comes from there, and the turn is taken then. */
bool polite_enter(struct polite *p, struct polite_turn *t, const char *host,
                  enum channel_family family);
/** On t->loop. The step is over, or nobody wants the turn any more. Idempotent. */
void polite_leave(struct polite *p, struct polite_turn *t);
/** The host asked to slow down (429, Retry-After): nobody begins there before that long. */
void polite_hold(struct polite *p, int64_t now_us, const char *host, int64_t us);
/** Nobody waits any more, on no loop: this one need not be woken again. On its thread. */
void polite_without(struct polite *p, const struct loop *loop);

#endif
