#ifndef CHANNELS_WS_FRAMES_H
#define CHANNELS_WS_FRAMES_H
/**
 * Ws frames: a client's side of RFC 6455 behind the handshake (wslay): bytes in, messages out.
 *
 * Network  none of its own: the caller lends a wire.
 * Caps     a message of WS_MESSAGE_MAX; WS_WAITING_MAX messages, of any kind, per look at the wire.
 */
#include <stdint.h>
#include <sys/types.h>

#include "harness/base/buf.h"

enum { WS_MESSAGE_MAX = 1024 * 1024, WS_WAITING_MAX = 1000 };
/* RFC 6455, 7.4.1 */
enum { WS_NORMAL = 1000, WS_NO_STATUS = 1005, WS_ABNORMAL = 1006 };

/** Both return how many bytes went; 0 not now; -1 the connection has ended. */
struct ws_wire {
    ssize_t (*recv)(void *context, uint8_t *to, size_t len);
    ssize_t (*send)(void *context, const uint8_t *bytes, size_t len);
    void *context;
};

struct ws_end {
    int code;                     /* the server's, or WS_NO_STATUS, WS_ABNORMAL */
    bool unreadable;              /* it broke the protocol, and we ended it (1002, 1007, 1009) */
};

struct ws_frames;

/** NULL: out of memory. */
struct ws_frames *ws_frames_new(const struct ws_wire *wire);
void ws_frames_free(struct ws_frames *f);         /* NULL is fine */

/**
 * Reads and writes what the wire takes now. What was read waits for ws_frames_take.
 * @return false: it is over, and ws_frames_end says how.
 */
bool ws_frames_serve(struct ws_frames *f);
/** The next text, UTF-8 (binary messages are passed over); the caller releases it. */
bool ws_frames_take(struct ws_frames *f, struct buf *ret);
/** Is there something to write? */
bool ws_frames_wants_write(const struct ws_frames *f);
/** False: it is closing, or over. What cannot leave now is queued. */
bool ws_frames_send(struct ws_frames *f, const char *text);
/** A close with WS_NORMAL, as far as the wire takes it now. */
void ws_frames_goodbye(struct ws_frames *f);
/** @param why  appended to, for people. */
struct ws_end ws_frames_end(const struct ws_frames *f, struct buf *why);

#endif
