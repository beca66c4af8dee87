#include "harness/channels/websocket.h"

#include <errno.h>
#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>
#include <wslay/wslay.h>

#include "harness/base/text.h"

struct websocket {
    struct loop *loop;
    CURL *easy;
    struct transfer *transfer;
    struct watch *watch;
    struct timer *timer;          /* patience until it is open; then a failure to be told */
    struct websocket_events events;
    void *context;
    char key[WS_KEY_SIZE];
    char *protocol;
    struct buf out;               /* the request */
    size_t sent;
    struct buf in;                /* the answer, and what came behind it */
    size_t taken;
    wslay_event_context_ptr frames;       /* NULL = not open yet */
    bool gone;                    /* the connection has ended */
    struct buf *waiting;          /* messages for the callback */
    size_t waiting_count, waiting_cap;
    bool flooded, misbehaved;
    struct buf why;
    char error[CURL_ERROR_SIZE];
    bool *freed;
};

void websocket_free(struct websocket *w)
{
    if (!w)
        return;
    if (w->freed)
        *w->freed = true;
    if (w->frames && !w->gone) {
        wslay_event_queue_close(w->frames, WEBSOCKET_NORMAL, NULL, 0);
        wslay_event_send(w->frames);
    }
    wslay_event_context_free(w->frames);
    timer_cancel(w->timer);
    watch_free(w->watch);
    transfer_cancel(w->transfer);
    curl_easy_cleanup(w->easy);
    for (size_t i = 0; i < w->waiting_count; i++)
        buf_release(&w->waiting[i]);
    free(w->waiting);
    free(w->protocol);
    buf_release(&w->out);
    buf_release(&w->in);
    buf_release(&w->why);
    free(w);
}

/** The last callback. */
static void end(struct websocket *w, struct websocket_end e)
{
    w->gone = true;
    if (w->watch)
        watch_set(w->watch, 0);
    timer_cancel(w->timer);
    w->timer = NULL;
    w->freed = NULL;
    e.why = w->why.ptr;
    w->events.closed(w->context, &e);
}

/* What wslay asks for */

static ssize_t on_recv(wslay_event_context_ptr ctx, uint8_t *to, size_t len, int flags,
                       void *context)
{
    struct websocket *w = context;
    size_t n = w->in.len - w->taken;
    CURLcode rc = CURLE_OK;

    (void)flags;
    if (n) {                      /* came with the handshake */
        n = n < len ? n : len;
        memcpy(to, w->in.ptr + w->taken, n);
        w->taken += n;
        return (ssize_t)n;
    }
    if (!w->gone)
        rc = curl_easy_recv(w->easy, to, len, &n);
    if (rc == CURLE_AGAIN) {
        wslay_event_set_error(ctx, WSLAY_ERR_WOULDBLOCK);
        return -1;
    }
    if (rc == CURLE_OK && n)
        return (ssize_t)n;
    w->gone = true;
    wslay_event_set_error(ctx, WSLAY_ERR_CALLBACK_FAILURE);
    return -1;
}

static ssize_t on_send(wslay_event_context_ptr ctx, const uint8_t *bytes, size_t len, int flags,
                       void *context)
{
    struct websocket *w = context;
    size_t n = 0;
    CURLcode rc = curl_easy_send(w->easy, bytes, len, &n);

    (void)flags;
    if (rc == CURLE_OK)
        return (ssize_t)n;
    wslay_event_set_error(ctx, rc == CURLE_AGAIN ? WSLAY_ERR_WOULDBLOCK
                                                 : WSLAY_ERR_CALLBACK_FAILURE);
    return -1;
}

static int on_mask(wslay_event_context_ptr ctx, uint8_t *to, size_t len, void *context)
{
    (void)ctx;
    (void)context;
    return RAND_bytes(to, (int)len) == 1 ? 0 : -1;
}

static void on_message(wslay_event_context_ptr ctx, const struct wslay_event_on_msg_recv_arg *m,
                       void *context)
{
    struct websocket *w = context;

    if (m->opcode == WSLAY_PING)
        wslay_event_send(ctx);    /* the pong is queued; a close behind it would drop it */
    if (m->opcode == WSLAY_CONNECTION_CLOSE && m->msg_length == 1)
        w->misbehaved = true;     /* half a code: wslay takes it for none */
    if (m->opcode != WSLAY_TEXT_FRAME)
        return;
    if (w->waiting_count >= WEBSOCKET_WAITING_MAX) {
        w->flooded = true;
        return;
    }
    MEM_GROW(w->waiting, w->waiting_cap, w->waiting_count + 1);
    buf_init(&w->waiting[w->waiting_count], WEBSOCKET_MESSAGE_MAX);
    buf_add(&w->waiting[w->waiting_count++], m->msg, m->msg_length);
}

static const struct wslay_event_callbacks frame_callbacks = {
    .recv_callback = on_recv, .send_callback = on_send, .genmask_callback = on_mask,
    .on_msg_recv_callback = on_message,
};

/* Frames */

static void rewatch(struct websocket *w)
{
    watch_set(w->watch, w->sent < w->out.len || (w->frames && wslay_event_want_write(w->frames))
                            ? WATCH_READ | WATCH_WRITE : WATCH_READ);
}

/** @return false: freed in a callback. */
static bool tell_messages(struct websocket *w)
{
    bool freed = false;
    struct buf *all = w->waiting;
    size_t count = w->waiting_count;

    w->waiting = NULL;
    w->waiting_count = w->waiting_cap = 0;
    w->freed = &freed;
    for (size_t i = 0; i < count; i++) {
        if (!freed)
            w->events.text(w->context, buf_slice(&all[i]));
        buf_release(&all[i]);
    }
    free(all);
    if (!freed)
        w->freed = NULL;
    return !freed;
}

static void tell_end(struct websocket *w)
{
    static const struct { int code; const char *says; } ours[] = {
        { WSLAY_CODE_PROTOCOL_ERROR, "it broke the protocol of WebSocket" },
        { WSLAY_CODE_INVALID_FRAME_PAYLOAD_DATA, "a message of it is no UTF-8" },
        { WSLAY_CODE_MESSAGE_TOO_BIG, "a message of it is too long" },
    };
    int sent = w->misbehaved ? WSLAY_CODE_PROTOCOL_ERROR : wslay_event_get_close_sent(w->frames)
                   ? wslay_event_get_status_code_sent(w->frames) : 0;
    struct websocket_end e = { .code = WEBSOCKET_ABNORMAL };

    if (!w->misbehaved && wslay_event_get_close_received(w->frames)) {
        e.code = wslay_event_get_status_code_received(w->frames);
        buf_addf(&w->why, "it was closed with %d", e.code);
        end(w, e);
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(ours); i++) {
        if (sent != ours[i].code)
            continue;
        e.unreadable = true;
        buf_adds(&w->why, ours[i].says);
    }
    if (w->flooded) {
        e.unreadable = true;
        buf_adds(&w->why, "it sends more at once than anybody reads");
    }
    if (!w->why.len)
        buf_adds(&w->why, "the connection broke");
    end(w, e);
}

/* A frame that is none: wslay only stops, and would say goodbye without a code. */
static void close_by_hand(struct websocket *w)
{
    uint8_t frame[8] = { 0x88, 0x82 };
    size_t n;

    if (RAND_bytes(frame + 2, 4) != 1)
        return;
    frame[6] = frame[2] ^ (WSLAY_CODE_PROTOCOL_ERROR >> 8);
    frame[7] = frame[3] ^ (WSLAY_CODE_PROTOCOL_ERROR & 0xff);
    curl_easy_send(w->easy, frame, sizeof frame, &n);
}

static void serve_frames(struct websocket *w)
{
    bool broken = wslay_event_recv(w->frames) != 0;

    if (broken && !w->gone) {
        w->misbehaved = w->gone = true;
        close_by_hand(w);
    }
    if (!broken)
        broken = wslay_event_send(w->frames) != 0;
    if (!tell_messages(w))
        return;
    if (broken || w->gone || w->flooded ||
        (!wslay_event_want_read(w->frames) && !wslay_event_want_write(w->frames)) ||
        (wslay_event_get_close_sent(w->frames) && !wslay_event_want_write(w->frames)))
        tell_end(w);
    else
        rewatch(w);
}

bool websocket_send(struct websocket *w, const char *text)
{
    struct wslay_event_msg m = { WSLAY_TEXT_FRAME, (const uint8_t *)text, strlen(text) };

    if (!w->frames || w->gone || wslay_event_queue_msg(w->frames, &m))
        return false;
    wslay_event_send(w->frames);  /* what fails is seen by the next read */
    rewatch(w);
    return true;
}

/* Connection and handshake */

static void fail(struct websocket *w, int status, const char *why)
{
    if (!w->why.len)
        buf_adds(&w->why, why);
    end(w, (struct websocket_end){ .code = WEBSOCKET_ABNORMAL, .status = status });
}

static void on_patience(void *context)
{
    struct websocket *w = context;

    w->timer = NULL;
    fail(w, 0, "it does not answer");
}

static void on_answer_bytes(struct websocket *w)
{
    bool freed = false;
    int status = 0;
    enum status st = ws_read_answer(buf_slice(&w->in), w->key, w->protocol, &w->taken, &status,
                                    &w->why);

    if (st == ST_NOT_FOUND && w->gone) {
        fail(w, 0, "the connection broke before an answer came");
        return;
    }
    if (st == ST_NOT_FOUND)
        return;
    if (st || wslay_event_context_client_init(&w->frames, &frame_callbacks, w)) {
        fail(w, status == 101 ? 0 : status, "out of memory");
        return;
    }
    wslay_event_config_set_max_recv_msg_length(w->frames, WEBSOCKET_MESSAGE_MAX);
    timer_cancel(w->timer);
    w->timer = NULL;
    w->freed = &freed;
    w->events.open(w->context);
    if (freed)
        return;
    w->freed = NULL;
    serve_frames(w);
}

static void read_answer(struct websocket *w)
{
    char chunk[4096];

    while (!w->gone && !w->in.full) {
        size_t n = 0;
        CURLcode rc = curl_easy_recv(w->easy, chunk, sizeof chunk, &n);

        if (rc == CURLE_AGAIN)
            break;
        w->gone = rc != CURLE_OK || n == 0;
        buf_add(&w->in, chunk, n);
        if (strstr(w->in.ptr, "\r\n\r\n"))
            break;                /* the rest is frames */
    }
    on_answer_bytes(w);
}

static void send_request(struct websocket *w)
{
    while (w->sent < w->out.len) {
        size_t n = 0;
        CURLcode rc = curl_easy_send(w->easy, w->out.ptr + w->sent, w->out.len - w->sent, &n);

        if (rc != CURLE_OK)
            break;                /* later, or the next read says that it broke */
        w->sent += n;
    }
    rewatch(w);
}

static void on_socket(void *context, unsigned events)
{
    struct websocket *w = context;

    if (events & WATCH_ERROR)
        w->gone = true;
    if (w->frames) {
        serve_frames(w);
        return;
    }
    if (events & WATCH_WRITE)
        send_request(w);
    if (events & (WATCH_READ | WATCH_ERROR))
        read_answer(w);
}

static void on_connected(void *context, CURL *easy, CURLcode rc, int64_t at_us)
{
    struct websocket *w = context;
    curl_socket_t fd = CURL_SOCKET_BAD;

    (void)at_us;
    if (rc != CURLE_OK) {
        w->transfer = NULL;       /* gone by itself */
        fail(w, 0, w->error[0] ? w->error : curl_easy_strerror(rc));
        return;
    }
    curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, &fd);
    if (fd != CURL_SOCKET_BAD)
        w->watch = watch_new(w->loop, fd, on_socket, w);
    if (w->watch)
        send_request(w);
    else
        fail(w, 0, "its connection cannot be watched");
}

static void write_request(struct websocket *w, const char *url, const struct ws_request *q)
{
    const char *host = strstr(url, "://") ? strstr(url, "://") + 3 : url;
    size_t len = strcspn(host, "/?#");
    char *name = mem_strndup(host, len), *at = strrchr(name, '@');
    const char *path = host + len;
    char *target = mem_printf("%s%.*s", *path == '/' ? "" : "/", (int)strcspn(path, "#"), path);
    struct ws_request own = *q;

    own.host = at ? at + 1 : name;
    own.path = target;
    ws_write_request(&w->out, &own, w->key);
    free(name);
    free(target);
}

struct websocket *websocket_open(struct loop *l, const char *url, const struct ws_request *q,
                                 int64_t patience_us, const struct websocket_events *events,
                                 void *context)
{
    struct websocket *w = mem_zero(1, sizeof *w);
    CURL *easy = curl_easy_init();

    *w = (struct websocket){ .loop = l, .easy = easy, .events = *events, .context = context,
                             .protocol = mem_strdup(q->protocol) };
    buf_init(&w->out, WS_ANSWER_MAX);
    buf_init(&w->in, WS_ANSWER_MAX + WEBSOCKET_MESSAGE_MAX);
    buf_init(&w->why, 1024);
    if (!easy || !ws_make_key(w->key)) {
        websocket_free(w);
        return NULL;
    }
    write_request(w, url, q);
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, w->error);
    w->timer = timer_start(l, loop_now(l) + patience_us, on_patience, w);
    w->transfer = connection_start(l, easy, on_connected, w);
    return w;
}
