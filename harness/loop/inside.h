#ifndef LOOP_INSIDE_H
#define LOOP_INSIDE_H
/**
 * What the files of this room share and nobody else includes: the loop's parts.
 */
#include <pthread.h>
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
    size_t begun;                 /* since libcurl last had its turn */
    struct socket_watch **watches;/* by descriptor; kept for the next use of the number */
    size_t watch_cap;
    int64_t peeked_us;            /* real clock: sockets were last looked at between two polls */
    int64_t late_us;              /* of the transfer whose callback is running */
};

/* How long the loop was busy between two polls, the worst of each second. */
enum { LAG_SECONDS = 64 };
struct lag {
    int64_t worst_us;             /* of all time */
    int64_t second[LAG_SECONDS];  /* which second the place is about */
    int64_t us[LAG_SECONDS];
};

/** What other threads want done: a list under a lock, and what ends the poll. */
struct posts {
    uv_async_t wake;              /* keeps the loop running only while stays > 0 */
    pthread_mutex_t lock;
    struct post *first, *last;    /* guarded by it */
    unsigned stays;
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
    int64_t wake_by_us;           /* real clock: the poll under way ends then at the latest; 0 never */
    struct lag lag;
    bool stale;                   /* a poll is under way or has returned; nobody read the clock */
    bool stopped;
    bool closing;                 /* loop_free is at work: nobody is called back */
    unsigned holds;
    struct timers timers;
    struct transfers transfers;
    struct posts posts;
    struct child *children;       /* doubly linked */
};

/** The first callback after a poll calls this, so that all of them see the same time. */
void loop_touch(struct loop *l);

/* timers.c */
int64_t timers_next(const struct timers *t);          /* INT64_MAX: none */
/** Runs what is due; what a callback adds waits for the next round. Returns the worst lateness. */
int64_t timers_run(struct loop *l);
void timers_free(struct timers *t);

/* transfers.c */
bool transfers_open(struct loop *l);
/** Between callbacks: which sockets have become ready since the poll? */
void transfers_peek(struct loop *l);
/** Between callbacks: enough have begun, the rest is for the next turn of the loop. */
bool transfers_are_many(const struct loop *l);
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

/* posts.c */
bool posts_open(struct loop *l);
/** True: there was something. */
bool posts_run(struct loop *l);
bool posts_wait(struct loop *l);          /* there is one */
void posts_free(struct loop *l);

/* children.c */
void children_free(struct loop *l);

#endif
