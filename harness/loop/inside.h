#ifndef LOOP_INSIDE_H
#define LOOP_INSIDE_H
/**
 * What the files of this room share and nobody else includes: the loop's parts.
 */
#include <uv.h>

#include "harness/base/mem.h"
#include "harness/loop/loop.h"

/** A heap ordered by (time, sequence), and the due timers of this round, set aside. */
struct timers {
    struct timer **heap;
    size_t count, cap;
    uint64_t next_seq;
    struct timer *due;            /* singly linked, in order */
};

struct socket_watch;

/** All transfers of a loop: one multi handle, one poll handle per descriptor number. */
struct transfers {
    CURLM *multi;
    int64_t due_us;               /* libcurl's own timer, on the real clock; -1 none */
    struct transfer *active;      /* doubly linked */
    struct transfer *first_done, *last_done;   /* ended, callback still to come */
    size_t count;                 /* active and ended */
    struct socket_watch **watches;/* by descriptor; kept for the next use of the number */
    size_t watch_cap;
};

struct loop {
    uv_loop_t uv;
    uv_timer_t wake;              /* ends a poll at the next deadline; no system call of its own */
    enum clock_kind clock;
    struct shared_clock *shared;  /* CLOCK_SHARED */
    int64_t wall_us;              /* at loop time 0, since 1970 */
    uint64_t epoch_ns;
    int64_t now_us;
    int64_t real_us;              /* the real clock as of when the poll returned */
    int64_t lag_us;
    bool stale;                   /* a poll is under way or has returned; nobody read the clock */
    bool stopped;
    bool closing;                 /* loop_free is at work: nobody is called back */
    unsigned holds;
    struct timers timers;
    struct transfers transfers;
    struct child *children;       /* doubly linked */
};

/** The first callback after a poll calls this, so that all of them see the same time. */
void loop_touch(struct loop *l);

/* timers.c */
int64_t timers_next(const struct timers *t);          /* INT64_MAX: none */
/** Runs what is due; what a callback adds waits for the next round. Returns the worst lateness. */
int64_t timers_run(struct timers *t, int64_t now_us);
void timers_free(struct timers *t);

/* transfers.c */
bool transfers_open(struct loop *l);
/** Serves libcurl's timer when due and calls back for what has ended. True: there may be more. */
bool transfers_run(struct loop *l);
void transfers_free(struct loop *l);

/* shared_clock.c */
/** One turn of the loop. False: there is nothing left that could ever happen. */
bool shared_clock_step(struct loop *l);
void shared_clock_free(struct shared_clock *c);   /* NULL is fine */

/* loop.c */
/** Polls once. False: there is nothing left that could ever happen. */
bool loop_poll(struct loop *l, bool may_wait);

/* children.c */
void children_free(struct loop *l);

#endif
