#ifndef CLI_LANES_H
#define CLI_LANES_H
/**
 * Lanes: the loops a session's journeys are spread over, each with a thread and an audit of its own.
 * Lane 0 is the session's own loop, on the thread that called; with one lane no thread is begun.
 *
 * Threads  the audits' observers are called on their lane's thread, with the lane as context; the
 *          rest of this header belongs to the thread of lane 0, but for lanes_stop.
 */
#include <pthread.h>

#include "harness/play/audit.h"

struct session;

struct lane {
    struct session *session;
    struct loop *loop;
    struct audit *audit;
    struct reading_memory *read_before;   /* of all its journeys */
    pthread_t thread;
    bool threaded;
};

struct lanes {
    struct lane *items;
    size_t count;
    struct common *common;
    bool *bound;
    bool threads;                 /* there is more than one loop */
};

/** How many loops pay for so many journeys at once; wanted: by the user, 0 = nobody said. */
size_t lanes_worth(size_t wanted, size_t at_once, size_t journeys);

/**
 * Makes them, all with the same options; o->observer.context and o->lane are filled in here.
 * Fewer than `count` where there is no room for another loop.
 */
void lanes_open(struct lanes *all, struct session *s, const struct audit_options *o, size_t count);
/** The journeys begin. */
void lanes_start(struct lanes *all);
/** From any thread: all journeys end where they are. */
void lanes_stop(struct lanes *all);
/** After loop_run: waits for the other threads, frees everything but the session's loop. */
void lanes_close(struct lanes *all);

/** Mails that belong to none of the journeys. */
size_t lanes_foreign_mails(const struct lanes *all);

#endif
