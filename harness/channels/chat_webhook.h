#ifndef CHANNELS_CHAT_WEBHOOK_H
#define CHANNELS_CHAT_WEBHOOK_H
/**
 * Chat webhook: addresses of ours that companies' platforms call back. One listener per address and
 * loop, shared by every visit of the loop; each call is given to the one visit whose it is.
 *
 * Nobody's  a call for a conversation that nobody here has (any more) is accepted and counted.
 * Threads   loop thread only.
 */
#include <jansson.h>

#include "harness/channels/channel.h"
#include "harness/loop/listener.h"

struct webhook_member;

struct webhook_events {
    /** Is it ours? */
    bool (*claims)(void *context, const struct listener_request *q, const json_t *root);
    /** The HTTP status to answer with. The member may leave in it. */
    int (*call)(void *context, const struct listener_request *q, struct buf *answer);
    /** A call for nobody, the count-th at this address: the latest member is told. */
    void (*foreign)(void *context, size_t count);
};

/** NULL: nobody can listen there; `why` says so. */
struct webhook_member *webhook_join(struct channel_world *world, const char *address,
                                    const struct webhook_events *events, void *context,
                                    struct buf *why);
/** "http://127.0.0.1:PORT" */
const char *webhook_url(const struct webhook_member *m);
/** NULL is fine. */
void webhook_leave(struct webhook_member *m);

#endif
