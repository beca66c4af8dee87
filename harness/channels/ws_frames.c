#include "harness/channels/ws_frames.h"

#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>
#include <wslay/wslay.h>

#include "harness/base/mem.h"

struct ws_frames {
    struct ws_wire wire;
    wslay_event_context_ptr ctx;
    struct buf *waiting;          /* texts for the user, from `first` on */
    size_t first, count, cap;
    size_t looked_at;             /* messages of any kind in this look at the wire */
    bool gone;                    /* the connection has ended */
    bool flooded, misbehaved;
};

/* What wslay asks for */

static ssize_t on_recv(wslay_event_context_ptr ctx, uint8_t *to, size_t len, int flags,
                       void *context)
{
    struct ws_frames *f = context;
    ssize_t n = f->gone ? -1 : f->wire.recv(f->wire.context, to, len);

    (void)flags;
    if (n > 0)
        return n;
    f->gone |= n < 0;
    wslay_event_set_error(ctx, n == 0 ? WSLAY_ERR_WOULDBLOCK : WSLAY_ERR_CALLBACK_FAILURE);
    return -1;
}

static ssize_t on_send(wslay_event_context_ptr ctx, const uint8_t *bytes, size_t len, int flags,
                       void *context)
{
    struct ws_frames *f = context;
    ssize_t n = f->wire.send(f->wire.context, bytes, len);

    (void)flags;
    if (n > 0)
        return n;
    wslay_event_set_error(ctx, n == 0 ? WSLAY_ERR_WOULDBLOCK : WSLAY_ERR_CALLBACK_FAILURE);
    return -1;
}

static int on_mask(wslay_event_context_ptr ctx, uint8_t *to, size_t len, void *context)
{
    (void)ctx;
    (void)context;
    return RAND_bytes(to, (int)len) == 1 ? 0 : -1;
}

/** More than anybody reads, or pings faster than pongs can leave. */
static bool floods(struct ws_frames *f)
{
    if (++f->looked_at <= WS_WAITING_MAX &&
        wslay_event_get_queued_msg_count(f->ctx) <= WS_WAITING_MAX)
        return false;
    f->flooded = true;
    wslay_event_shutdown_read(f->ctx);
    return true;
}

static void on_message(wslay_event_context_ptr ctx, const struct wslay_event_on_msg_recv_arg *m,
                       void *context)
{
    struct ws_frames *f = context;

    if (floods(f))
        return;
    if (m->opcode == WSLAY_PING)
        wslay_event_send(ctx);    /* the pong is queued; a close behind it would drop it */
    if (m->opcode == WSLAY_CONNECTION_CLOSE && m->msg_length == 1)
        f->misbehaved = true;     /* half a code: wslay takes it for none */
    if (m->opcode != WSLAY_TEXT_FRAME)
        return;
    MEM_GROW(f->waiting, f->cap, f->count + 1);
    buf_init(&f->waiting[f->count], WS_MESSAGE_MAX + 1);
    buf_add(&f->waiting[f->count++], m->msg, m->msg_length);
}

static const struct wslay_event_callbacks callbacks = {
    .recv_callback = on_recv, .send_callback = on_send, .genmask_callback = on_mask,
    .on_msg_recv_callback = on_message,
};

struct ws_frames *ws_frames_new(const struct ws_wire *wire)
{
    struct ws_frames *f = mem_zero(1, sizeof *f);

    f->wire = *wire;
    if (wslay_event_context_client_init(&f->ctx, &callbacks, f)) {
        free(f);
        return NULL;
    }
    wslay_event_config_set_max_recv_msg_length(f->ctx, WS_MESSAGE_MAX);
    return f;
}

void ws_frames_free(struct ws_frames *f)
{
    if (!f)
        return;
    wslay_event_context_free(f->ctx);
    while (f->first < f->count)
        buf_release(&f->waiting[f->first++]);
    free(f->waiting);
    free(f);
}

/* A frame that is none: wslay only stops, and would say goodbye without a code. */
static void close_by_hand(struct ws_frames *f)
{
    uint8_t frame[8] = { 0x88, 0x82 };

    if (RAND_bytes(frame + 2, 4) != 1)
        return;
    frame[6] = frame[2] ^ (WSLAY_CODE_PROTOCOL_ERROR >> 8);
    frame[7] = frame[3] ^ (WSLAY_CODE_PROTOCOL_ERROR & 0xff);
    f->wire.send(f->wire.context, frame, sizeof frame);
}

bool ws_frames_serve(struct ws_frames *f)
{
    bool broken;

    f->looked_at = 0;
    broken = wslay_event_recv(f->ctx) != 0;
    if (broken && !f->gone) {
        f->misbehaved = f->gone = true;
        close_by_hand(f);
    }
    if (!broken)
        broken = wslay_event_send(f->ctx) != 0;
    f->gone |= broken;
    if (f->gone || f->flooded)
        return false;
    if (wslay_event_want_write(f->ctx))
        return true;
    return wslay_event_want_read(f->ctx) && !wslay_event_get_close_sent(f->ctx);
}

bool ws_frames_take(struct ws_frames *f, struct buf *ret)
{
    if (f->first == f->count) {
        f->first = f->count = 0;
        return false;
    }
    *ret = f->waiting[f->first++];
    return true;
}

bool ws_frames_wants_write(const struct ws_frames *f)
{
    return !f->gone && wslay_event_want_write(f->ctx);
}

bool ws_frames_send(struct ws_frames *f, const char *text)
{
    struct wslay_event_msg m = { WSLAY_TEXT_FRAME, (const uint8_t *)text, strlen(text) };

    if (f->gone || wslay_event_queue_msg(f->ctx, &m))
        return false;
    wslay_event_send(f->ctx);     /* what fails is seen by the next read */
    return true;
}

void ws_frames_goodbye(struct ws_frames *f)
{
    if (f->gone)
        return;
    wslay_event_queue_close(f->ctx, WS_NORMAL, NULL, 0);
    wslay_event_send(f->ctx);
}

struct ws_end ws_frames_end(const struct ws_frames *f, struct buf *why)
{
    static const struct { int code; const char *says; } ours[] = {
        { WSLAY_CODE_PROTOCOL_ERROR, "it broke the protocol of WebSocket" },
        { WSLAY_CODE_INVALID_FRAME_PAYLOAD_DATA, "a message of it is no UTF-8" },
        { WSLAY_CODE_MESSAGE_TOO_BIG, "a message of it is too long" },
    };
    int sent = f->misbehaved ? WSLAY_CODE_PROTOCOL_ERROR
               : wslay_event_get_close_sent(f->ctx) ? wslay_event_get_status_code_sent(f->ctx) : 0;

    if (!f->misbehaved && wslay_event_get_close_received(f->ctx)) {
        int code = wslay_event_get_status_code_received(f->ctx);

        buf_addf(why, "it was closed with %d", code);
        return (struct ws_end){ .code = code };
    }
    if (f->flooded) {
        buf_adds(why, "it sends more at once than anybody reads");
        return (struct ws_end){ WS_ABNORMAL, true };
    }
    for (size_t i = 0; i < ARRAY_LEN(ours); i++) {
        if (sent != ours[i].code)
            continue;
        buf_adds(why, ours[i].says);
        return (struct ws_end){ WS_ABNORMAL, true };
    }
    buf_adds(why, "the connection broke");
    return (struct ws_end){ .code = WS_ABNORMAL };
}
