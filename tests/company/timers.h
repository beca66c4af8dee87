#ifndef COMPANY_TIMERS_H
#define COMPANY_TIMERS_H
/**
 * Timers: things to do later, soonest first; equal times keep their order.
 *
 * Ownership  `arg` belongs to the timer until `fire` or `drop` gets it; exactly one of them runs.
 */
#include <stddef.h>
#include <stdint.h>

struct company;
struct timers;

struct timer {
    int64_t due_us;               /* on the clock of whoever runs them */
    void (*fire)(struct company *c, void *arg);
    void (*drop)(void *arg);      /* at shutdown, instead of fire */
    void *arg;
};

struct timers *timers_new(void);
/** Drops what is still there. */
void timers_free(struct timers *t);
void timers_add(struct timers *t, struct timer timer);
/** Runs what is due at `now_us`, and what that adds for then. How many they were. */
size_t timers_run(struct timers *t, struct company *c, int64_t now_us);
/** When the next one is due; INT64_MAX when there is none. */
int64_t timers_next(const struct timers *t);

#endif
