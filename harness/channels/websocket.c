#include "harness/channels/websocket.h"

#include <stdlib.h>
#include <string.h>

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
    struct ws_frames *frames;     /* NULL = not open yet */
    bool gone;                    /* the connection has ended */
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
    if (w->frames && !w->gone)
        ws_frames_goodbye(w->frames);
    ws_frames_free(w->frames);
    timer_cancel(w->timer);
    watch_free(w->watch);
    transfer_cancel(w->transfer);
    curl_easy_cleanup(w->easy);
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

/* The wire */

static ssize_t wire_recv(void *context, uint8_t *to, size_t len)
{
    struct websocket *w = context;
    size_t n = w->in.len - w->taken;
    CURLcode rc = CURLE_OK;

    if (n) {                      /* came with the handshake */
        n = n < len ? n : len;
        memcpy(to, w->in.ptr + w->taken, n);
        w->taken += n;
        return (ssize_t)n;
    }
    if (!w->gone)
        rc = curl_easy_recv(w->easy, to, len, &n);
    if (rc == CURLE_AGAIN)
        return 0;
    return rc == CURLE_OK && n ? (ssize_t)n : -1;
}

static ssize_t wire_send(void *context, const uint8_t *bytes, size_t len)
{
    struct websocket *w = context;
    size_t n = 0;
    CURLcode rc = curl_easy_send(w->easy, bytes, len, &n);

    return rc == CURLE_OK ? (ssize_t)n : rc == CURLE_AGAIN ? 0 : -1;
}

/* Frames */

static void rewatch(struct websocket *w)
{
    watch_set(w->watch, w->sent < w->out.len || (w->frames && ws_frames_wants_write(w->frames))
                            ? WATCH_READ | WATCH_WRITE : WATCH_READ);
}

/** @return false: freed in a callback. */
static bool tell_messages(struct websocket *w)
{
    bool freed = false;
    struct buf text;

    w->freed = &freed;
    while (!freed && ws_frames_take(w->frames, &text)) {
        w->events.text(w->context, buf_slice(&text));
        buf_release(&text);
    }
    if (!freed)
        w->freed = NULL;
    return !freed;
}

static void serve_frames(struct websocket *w)
{
    bool over = !ws_frames_serve(w->frames);
    struct ws_end e;

    if (!tell_messages(w))
        return;
    if (!over) {
        rewatch(w);
        return;
    }
    e = ws_frames_end(w->frames, &w->why);
    end(w, (struct websocket_end){ .code = e.code, .unreadable = e.unreadable });
}

bool websocket_send(struct websocket *w, const char *text)
{
    if (!w->frames || w->gone || !ws_frames_send(w->frames, text))
        return false;
    rewatch(w);
    return true;
}

/* Connection and handshake */

static void fail(struct websocket *w, int status, const char *why)
{
    if (!w->why.len)
        buf_adds(&w->why, why);
    end(w, (struct websocket_end){ .code = WS_ABNORMAL, .status = status });
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
    if (!st)
        w->frames = ws_frames_new(&(struct ws_wire){ wire_recv, wire_send, w });
    if (!w->frames) {
        fail(w, status == 101 ? 0 : status, "out of memory");
        return;
    }
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
    buf_init(&w->in, WS_ANSWER_MAX + WS_MESSAGE_MAX);
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
    if (q->ca)
        curl_easy_setopt(easy, CURLOPT_CAINFO, q->ca);
    w->timer = timer_start(l, loop_now(l) + patience_us, on_patience, w);
    w->transfer = connection_start(l, easy, on_connected, w);
    return w;
}
