#include "harness/channels/ws_frames.h"

#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>
#include <wslay/wslay.h>

#include "harness/base/mem.h"
#include "harness/base/text.h"

enum { WS_REASON_MAX = 1024 };

struct ws_frames {
    struct ws_wire wire;
    wslay_event_context_ptr ctx;
    struct buf *waiting;          /* texts for the user, from `first` on */
    size_t first, count, cap;
    size_t looked_at;             /* messages of any kind in this look at the wire */
    struct buf reason;            /* of the server's close */
    struct buf closing;           /* the close frame that is coming in */
    bool in_close;
    bool unclean;                 /* its reason is no UTF-8 */
    int closed_with;              /* a code that wslay takes for none; 0 */
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
    if (m->opcode == WSLAY_CONNECTION_CLOSE && m->msg_length > 2)
        text_add_clean(&f->reason, (struct slice){ (const char *)m->msg + 2, m->msg_length - 2 });
    if (m->opcode != WSLAY_TEXT_FRAME)
        return;
    MEM_GROW(f->waiting, f->cap, f->count + 1);
    buf_init(&f->waiting[f->count], WS_MESSAGE_MAX + 1);
    buf_add(&f->waiting[f->count++], m->msg, m->msg_length);
}

/* Codes that came after the RFC ("service restart", "try again later", "bad gateway"): servers send
 * them, and wslay knows only the RFC's own. */

static void on_frame(wslay_event_context_ptr ctx,
                     const struct wslay_event_on_frame_recv_start_arg *a, void *context)
{
    struct ws_frames *f = context;

    (void)ctx;
    f->in_close = a->opcode == WSLAY_CONNECTION_CLOSE;
}

static void on_frame_bytes(wslay_event_context_ptr ctx,
                           const struct wslay_event_on_frame_recv_chunk_arg *a, void *context)
{
    struct ws_frames *f = context;

    (void)ctx;
    if (f->in_close)
        buf_add(&f->closing, a->data, a->data_length);
}

static void on_frame_end(wslay_event_context_ptr ctx, void *context)
{
    struct ws_frames *f = context;
    const unsigned char *b = (const unsigned char *)f->closing.ptr;
    int code = f->in_close && f->closing.len >= 2 ? b[0] << 8 | b[1] : 0;

    (void)ctx;
    /* wslay looks at the first piece of a reason only. */
    f->unclean = code && !text_is_valid((struct slice){ f->closing.ptr + 2, f->closing.len - 2 });
    if (f->unclean || code < 1012 || code > 1014)
        return;
    f->closed_with = code;
    text_add_clean(&f->reason, (struct slice){ f->closing.ptr + 2, f->closing.len - 2 });
}

static const struct wslay_event_callbacks callbacks = {
    .recv_callback = on_recv, .send_callback = on_send, .genmask_callback = on_mask,
    .on_frame_recv_start_callback = on_frame, .on_frame_recv_chunk_callback = on_frame_bytes,
    .on_frame_recv_end_callback = on_frame_end, .on_msg_recv_callback = on_message,
};

struct ws_frames *ws_frames_new(const struct ws_wire *wire)
{
    struct ws_frames *f = mem_zero(1, sizeof *f);

    f->wire = *wire;
    buf_init(&f->reason, WS_REASON_MAX);
    buf_init(&f->closing, WS_REASON_MAX);
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
    buf_release(&f->reason);
    buf_release(&f->closing);
    free(f);
}

static void close_by_hand(struct ws_frames *f, int code)
{
    uint8_t frame[8] = { 0x88, 0x82 };

    if (RAND_bytes(frame + 2, 4) != 1)
        return;
    frame[6] = frame[2] ^ (uint8_t)(code >> 8);
    frame[7] = frame[3] ^ (uint8_t)(code & 0xff);
    f->wire.send(f->wire.context, frame, sizeof frame);
}

bool ws_frames_serve(struct ws_frames *f)
{
    bool broken;

    f->looked_at = 0;
    broken = wslay_event_recv(f->ctx) != 0;
    if (f->closed_with) {
        f->gone = true;
        close_by_hand(f, f->closed_with);
        return false;
    }
    if (f->unclean) {
        f->gone = true;
        close_by_hand(f, WSLAY_CODE_INVALID_FRAME_PAYLOAD_DATA);
        return false;
    }
    if (broken && !f->gone) {     /* a frame that is none: wslay only stops, without a code */
        f->misbehaved = f->gone = true;
        close_by_hand(f, WSLAY_CODE_PROTOCOL_ERROR);
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

/* RFC 6455, 7.4.1, and what IANA has added to it. */
static const struct { int code; const char *says; } close_codes[] = {
    { 1000, "they ended it" },
    { 1001, "they went away" },
    { 1002, "they say we broke the protocol" },
    { 1003, "they say we sent what they do not take" },
    { 1005, "they ended it without saying why" },
    { 1007, "they say a message of ours is no UTF-8" },
    { 1008, "a message of ours is against their rules" },
    { 1009, "a message of ours is too long for them" },
    { 1010, "they want an extension that we do not have" },
    { 1011, "something broke on their side" },
    { 1012, "their service is being restarted" },
    { 1013, "they are too busy" },
    { 1014, "a server behind theirs does not answer" },
};

static void tell_close(const struct ws_frames *f, int code, struct buf *why)
{
    buf_addf(why, "it was closed with %d", code);
    for (size_t i = 0; i < ARRAY_LEN(close_codes); i++)
        if (close_codes[i].code == code)
            buf_addf(why, " (%s)", close_codes[i].says);
    if (f->reason.len)
        buf_addf(why, ": %.*s", SLICE_ARG(buf_slice(&f->reason)));
}

struct ws_end ws_frames_end(const struct ws_frames *f, struct buf *why)
{
    static const struct { int code; const char *says; } ours[] = {
        { WSLAY_CODE_PROTOCOL_ERROR, "it broke the protocol of WebSocket" },
        { WSLAY_CODE_INVALID_FRAME_PAYLOAD_DATA, "a message of it is no UTF-8" },
        { WSLAY_CODE_MESSAGE_TOO_BIG, "a message of it is too long" },
    };
    int sent = f->misbehaved ? WSLAY_CODE_PROTOCOL_ERROR
               : f->unclean ? WSLAY_CODE_INVALID_FRAME_PAYLOAD_DATA
               : wslay_event_get_close_sent(f->ctx) ? wslay_event_get_status_code_sent(f->ctx) : 0;

    if (f->closed_with || (!f->misbehaved && !f->unclean && wslay_event_get_close_received(f->ctx))) {
        int code = f->closed_with ? f->closed_with
                                  : wslay_event_get_status_code_received(f->ctx);

        tell_close(f, code, why);
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
