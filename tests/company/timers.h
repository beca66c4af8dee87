#ifndef COMPANY_TIMERS_H
#define COMPANY_TIMERS_H
/**
 * Timers: things to do later, soonest first; equal times keep their order.
 *
 * Ownership  `arg` belongs to the timer until `fire` or `drop` gets it; exactly one of them runs.
 */
#include <stdint.h>

struct company;
struct timers;

struct timer {
    int64_t due_us;               /* monotonic */
    void (*fire)(struct company *c, void *arg);
    void (*drop)(void *arg);      /* at shutdown, instead of fire */
    void *arg;
};

struct timers *timers_new(void);
/** Drops what is still there. */
void timers_free(struct timers *t);
void timers_add(struct timers *t, struct timer timer);
/** Runs what is due now. */
void timers_run(struct timers *t, struct company *c);
/** Microseconds to the next one, 0 when it is due; -1 when there is none. */
int64_t timers_left(const struct timers *t);

#endif
