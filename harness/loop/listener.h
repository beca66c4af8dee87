#ifndef LOOP_LISTENER_H
#define LOOP_LISTENER_H
/**
 * Listener: a small HTTP server of ours in the loop (libmicrohttpd), for platforms that call back.
 *
 * Caps     a body of LISTENER_BODY_MAX, LISTENER_CONNECTIONS_MAX callers at a time, 30 s for each.
 * Threads  the loop's. A listener does not hold a virtual clock.
 */
#include "harness/base/buf.h"
#include "harness/loop/loop.h"

enum { LISTENER_BODY_MAX = 1024 * 1024, LISTENER_CONNECTIONS_MAX = 256 };

struct listener;

struct listener_request {
    const char *method, *path;    /* path: without the query, as it was sent */
    struct slice body;
    int64_t at_us;                /* when its last byte was readable */
    void *connection;             /* for listener_header */
};

/** Borrowed; NULL: the request has no such header. Names in any case. */
const char *listener_header(const struct listener_request *q, const char *name);

/**
 * A whole request has come. Called from the loop; the listener must not be freed in it.
 * @param answer  JSON to be filled in; may stay empty.
 * @return the HTTP status.
 */
typedef int listener_fn(void *context, const struct listener_request *q, struct buf *answer);

/**
 * @param address  "HOST:PORT", "[::1]:PORT"; port 0 = any that is free.
 * @param why      on failure, for people.
 * @return NULL: it cannot listen there.
 */
struct listener *listener_start(struct loop *l, const char *address, listener_fn *fn,
                                void *context, struct buf *why);
/** "http://127.0.0.1:PORT", with the port it got; without a slash at the end. */
const char *listener_url(const struct listener *x);
/** NULL is fine. */
void listener_free(struct listener *x);

#endif
