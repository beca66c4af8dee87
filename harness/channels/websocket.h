#ifndef CHANNELS_WEBSOCKET_H
#define CHANNELS_WEBSOCKET_H
/**
 * Websocket: a client of RFC 6455: handshake and frames over a libcurl connection.
 *
 * Clients    RFC 6455 (4.1) lets a client connect to a host once at a time. Here a visit is a client:
 *            another person, with one socket.
 * Callbacks  from the loop, never from inside a call; the websocket may be freed in any of them.
 *            `closed` comes once, and nothing after it.
 */
#include "harness/channels/ws_frames.h"
#include "harness/channels/ws_handshake.h"
#include "harness/loop/loop.h"

struct websocket;

struct websocket_end {
    int code;                     /* the server's, or WS_NO_STATUS, WS_ABNORMAL */
    int status;                   /* HTTP status of a refused handshake; 0 = none */
    bool unreadable;              /* it broke the protocol, and we ended it (1002, 1007, 1009) */
    const char *why;              /* for people; until the callback returns */
};

struct websocket_events {
    void (*open)(void *context);
    void (*text)(void *context, struct slice text);   /* valid UTF-8; binary is passed over */
    void (*closed)(void *context, const struct websocket_end *end);
};

/**
 * @param url         http or https; allowed by the caller's host rule already.
 * @param q           host and path are taken from url; all of it is copied.
 * @param patience_us for connection and handshake.
 * @return NULL when libcurl cannot start.
 */
struct websocket *websocket_open(struct loop *l, const char *url, const struct ws_request *q,
                                 int64_t patience_us, const struct websocket_events *events,
                                 void *context);
/** False: it is not open, or is closing. A broken connection is told by `closed`. */
bool websocket_send(struct websocket *w, const char *text);
/** Says goodbye when it is open. NULL is fine. */
void websocket_free(struct websocket *w);

#endif
