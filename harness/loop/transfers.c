#include <stdlib.h>
#include <sys/epoll.h>

#include "harness/base/duration.h"
#include "harness/loop/inside.h"

struct transfer {
    struct loop *loop;
    CURL *easy;
    transfer_fn *fn;
    void *context;
    struct transfer *prev, *next;
    bool done;
    bool connection;              /* connection_start: stays after CURLE_OK, */
    bool open;                    /* and has got there: not under way any more */
    CURLcode result;
    int64_t at_us, late_us;
    struct socket_watch *watch;   /* its socket's, while it is under way */
};

struct socket_watch {
    uv_poll_t poll;
    struct loop *loop;
    curl_socket_t fd;
    struct transfer *transfer;    /* the last one that asked for it; each knows the other */
    int64_t ready_us;             /* real clock: seen ready, and not served yet; 0 not */
};

/* Many sockets become ready while others are served. When that takes long, a look between two callbacks
 * (epoll tells what is ready and leaves it so) dates them, instead of the poll that comes after all. */
enum { PEEK_US = 1000, PEEK_MOST = 2048, BEGUN_MOST = 32 };

void transfers_peek(struct loop *l)
{
    struct transfers *ts = &l->transfers;
    struct epoll_event ready[PEEK_MOST];
    int64_t now;
    int n;

    if (l->clock != CLOCK_REAL || ts->count < 2)
        return;
    now = loop_real_now(l);
    if (now - (ts->peeked_us > l->real_us ? ts->peeked_us : l->real_us) < PEEK_US)
        return;
    n = epoll_wait(uv_backend_fd(&l->uv), ready, PEEK_MOST, 0);
    for (int i = 0; i < n; i++) {
        size_t fd = (size_t)ready[i].data.fd;

        if (fd < ts->watch_cap && ts->watches[fd] && !ts->watches[fd]->ready_us)
            ts->watches[fd]->ready_us = now;
    }
    ts->peeked_us = now;
}

/* A socket's lateness is that of the transfer that asked for it last; they forget each other. */
static void attach(struct socket_watch *w, struct transfer *t)
{
    if (w && w->transfer)
        w->transfer->watch = NULL;
    if (t && t->watch)
        t->watch->transfer = NULL;
    if (w)
        w->transfer = t;
    if (t)
        t->watch = w;
}

/* When the socket that is being served became ready, as well as anybody can know. */
static int64_t ready_at(struct socket_watch *w)
{
    const struct loop *l = w->loop;
    int64_t seen = w->ready_us, peeked = l->transfers.peeked_us;

    w->ready_us = 0;
    if (l->clock != CLOCK_REAL)
        return l->now_us;
    return seen ? seen : peeked > l->real_us ? peeked : l->real_us;
}

static void unlink_active(struct transfers *ts, struct transfer *t)
{
    if (t->prev)
        t->prev->next = t->next;
    else
        ts->active = t->next;
    if (t->next)
        t->next->prev = t->prev;
    t->prev = t->next = NULL;
}

static void push_done(struct transfers *ts, struct transfer *t, CURLcode result, int64_t at_us)
{
    t->done = true;
    t->result = result;
    t->at_us = at_us;
    t->next = NULL;
    if (ts->last_done)
        ts->last_done->next = t;
    else
        ts->first_done = t;
    ts->last_done = t;
}

static void unlink_done(struct transfers *ts, struct transfer *t)
{
    struct transfer *before = NULL;

    for (struct transfer *i = ts->first_done; i != t; i = i->next)
        before = i;
    if (before)
        before->next = t->next;
    else
        ts->first_done = t->next;
    if (ts->last_done == t)
        ts->last_done = before;
}

/** Sets aside what libcurl says has ended; callbacks come when we are out of its stack. */
static void collect(struct loop *l, int64_t at_us)
{
    CURLMsg *msg;
    int left;

    while ((msg = curl_multi_info_read(l->transfers.multi, &left))) {
        struct transfer *t = NULL;
        CURLcode result = msg->data.result;   /* msg dies with the removal */

        if (msg->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, (char **)&t);
        t->open = t->connection && !result;
        if (!t->open)
            curl_multi_remove_handle(l->transfers.multi, msg->easy_handle);
        attach(NULL, t);
        unlink_active(&l->transfers, t);
        push_done(&l->transfers, t, result, at_us);
    }
}

static void on_socket(uv_poll_t *poll, int status, int events)
{
    struct socket_watch *w = poll->data;
    int flags = 0, running;
    int64_t ready;

    loop_touch(w->loop);
    transfers_peek(w->loop);
    ready = ready_at(w);
    if (w->transfer && w->loop->clock == CLOCK_REAL)
        w->transfer->late_us += loop_real_now(w->loop) - ready;
    if (status < 0)
        flags = CURL_CSELECT_ERR;
    if (events & UV_READABLE)
        flags |= CURL_CSELECT_IN;
    if (events & UV_WRITABLE)
        flags |= CURL_CSELECT_OUT;
    curl_multi_socket_action(w->loop->transfers.multi, w->fd, flags, &running);
    collect(w->loop, ready);
}

/* A poll handle is bound to a descriptor number, not to a socket, so one per number is kept:
 * libcurl drops and takes up a socket for every request of a kept connection. */
static struct socket_watch *kept_watch(struct loop *l, curl_socket_t fd)
{
    struct transfers *ts = &l->transfers;
    size_t old = ts->watch_cap;

    if ((size_t)fd >= old) {
        MEM_GROW(ts->watches, ts->watch_cap, (size_t)fd + 1);
        for (size_t i = old; i < ts->watch_cap; i++)
            ts->watches[i] = NULL;
    }
    if (!ts->watches[fd]) {
        struct socket_watch *w = mem_zero(1, sizeof(*w));

        if (uv_poll_init_socket(&l->uv, &w->poll, fd)) {
            free(w);
            return NULL;
        }
        w->poll.data = w;
        w->loop = l;
        w->fd = fd;
        ts->watches[fd] = w;
    }
    return ts->watches[fd];
}

static int on_curl_socket(CURL *easy, curl_socket_t fd, int what, void *context, void *unused)
{
    struct loop *l = context;
    struct socket_watch *w;
    struct transfer *t = NULL;

    (void)unused;
    if (what == CURL_POLL_REMOVE) {
        if ((size_t)fd < l->transfers.watch_cap && l->transfers.watches[fd]) {
            uv_poll_stop(&l->transfers.watches[fd]->poll);
            attach(l->transfers.watches[fd], NULL);
            l->transfers.watches[fd]->ready_us = 0;
        }
        return 0;
    }
    w = kept_watch(l, fd);
    if (!w)
        return -1;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&t);
    attach(w, t);
    return uv_poll_start(&w->poll, (what & CURL_POLL_IN ? UV_READABLE : 0) |
                                       (what & CURL_POLL_OUT ? UV_WRITABLE : 0),
                         on_socket) ? -1 : 0;
}

/* Only a variable: arming a timer of the system for each request would double the work. */
static int on_curl_timer(CURLM *multi, long timeout_ms, void *context)
{
    struct loop *l = context;

    (void)multi;
    if (timeout_ms < 0)
        l->transfers.due_us = -1;
    else if (timeout_ms == 0)
        l->transfers.due_us = 0;
    else
        l->transfers.due_us = loop_real_now(l) + timeout_ms * US_PER_MS;
    return 0;
}

bool transfers_open(struct loop *l)
{
    CURLM *multi = curl_multi_init();

    l->transfers.multi = multi;
    l->transfers.due_us = -1;
    if (!multi)
        return false;
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_curl_socket);
    curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, l);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_curl_timer);
    curl_multi_setopt(multi, CURLMOPT_TIMERDATA, l);
    return true;
}

static void link_active(struct transfers *ts, struct transfer *t)
{
    t->prev = NULL;
    t->next = ts->active;
    if (ts->active)
        ts->active->prev = t;
    ts->active = t;
}

static struct transfer *start(struct transfer *t)
{
    struct transfers *ts = &t->loop->transfers;

    transfers_peek(t->loop);
    ts->begun++;
    ts->count++;
    curl_easy_setopt(t->easy, CURLOPT_PRIVATE, t);
    if (curl_multi_add_handle(ts->multi, t->easy))
        push_done(ts, t, CURLE_FAILED_INIT, loop_now(t->loop));
    else
        link_active(ts, t);
    return t;
}

struct transfer *transfer_start(struct loop *l, CURL *easy, transfer_fn *fn, void *context)
{
    struct transfer *t = mem_zero(1, sizeof(*t));

    *t = (struct transfer){ .loop = l, .easy = easy, .fn = fn, .context = context };
    return start(t);
}

struct transfer *connection_start(struct loop *l, CURL *easy, transfer_fn *fn, void *context)
{
    struct transfer *t = mem_zero(1, sizeof(*t));

    *t = (struct transfer){ .loop = l, .easy = easy, .fn = fn, .context = context,
                            .connection = true };
    return start(t);
}

void transfer_cancel(struct transfer *t)
{
    if (!t)
        return;

    struct transfers *ts = &t->loop->transfers;

    bool under_way = t->done || !t->open;

    if (t->done)
        unlink_done(ts, t);
    else
        unlink_active(ts, t);
    if (!t->done || t->open)
        curl_multi_remove_handle(ts->multi, t->easy);
    if (under_way)
        ts->count--;
    attach(NULL, t);
    free(t);
}

/* Their sockets are looked at from the next poll on. Of thousands that begin in one go the first would
 * be answered long before that, and nobody would know when. */
bool transfers_are_many(const struct loop *l)
{
    return l->clock == CLOCK_REAL && l->transfers.begun >= BEGUN_MOST;
}

bool transfers_run(struct loop *l)
{
    struct transfers *ts = &l->transfers;

    /* due_us 0 means at once; anything later is looked up on the clock of the last poll. */
    ts->begun = 0;
    if (ts->due_us >= 0 && ts->due_us <= l->real_us) {
        int running;

        ts->due_us = -1;
        curl_multi_socket_action(ts->multi, CURL_SOCKET_TIMEOUT, 0, &running);
        collect(l, loop_moment(l));       /* what it found was not waited for */
    }
    while (ts->first_done && !transfers_are_many(l)) {
        struct transfer *t = ts->first_done;
        struct transfer done = *t;

        unlink_done(ts, t);
        ts->count--;
        if (t->open) {
            t->done = false;
            link_active(ts, t);
        } else {
            free(t);
        }
        transfers_peek(l);
        ts->late_us = done.late_us;
        done.fn(done.context, done.easy, done.result, done.at_us);
    }
    return ts->due_us == 0 || ts->first_done;
}

static int64_t phase(CURL *easy, CURLINFO info)
{
    curl_off_t us = 0;

    if (curl_easy_getinfo(easy, info, &us) || us <= 0)
        return DURATION_UNKNOWN;
    return (int64_t)us;
}

static int64_t bytes(CURL *easy, CURLINFO body, CURLINFO head)
{
    curl_off_t n = 0;
    long h = 0;

    curl_easy_getinfo(easy, body, &n);
    curl_easy_getinfo(easy, head, &h);
    return (int64_t)n + h;
}

int64_t transfer_late(const struct loop *l)
{
    return l->transfers.late_us;
}

struct timings transfer_timings(CURL *easy, int64_t late_us)
{
    long connects = 0;
    struct timings t = {
        .lookup_us = DURATION_UNKNOWN,
        .connect_us = DURATION_UNKNOWN,
        .tls_us = DURATION_UNKNOWN,
        .first_byte_us = phase(easy, CURLINFO_STARTTRANSFER_TIME_T),
        .total_us = phase(easy, CURLINFO_TOTAL_TIME_T),
        .sent_bytes = bytes(easy, CURLINFO_SIZE_UPLOAD_T, CURLINFO_REQUEST_SIZE),
        .received_bytes = bytes(easy, CURLINFO_SIZE_DOWNLOAD_T, CURLINFO_HEADER_SIZE),
    };

    if (t.total_us > late_us)
        t.total_us -= late_us;
    if (t.first_byte_us > t.total_us)
        t.first_byte_us = t.total_us;
    curl_easy_getinfo(easy, CURLINFO_NUM_CONNECTS, &connects);
    if (connects > 0) {           /* on a kept connection these did not happen */
        t.lookup_us = phase(easy, CURLINFO_NAMELOOKUP_TIME_T);
        t.connect_us = phase(easy, CURLINFO_CONNECT_TIME_T);
        t.tls_us = phase(easy, CURLINFO_APPCONNECT_TIME_T);
    }
    return t;
}

static void free_watch(uv_handle_t *h)
{
    free(h->data);
}

void transfers_free(struct loop *l)
{
    struct transfers *ts = &l->transfers;

    while (ts->active)
        transfer_cancel(ts->active);
    while (ts->first_done)
        transfer_cancel(ts->first_done);
    if (ts->multi)
        curl_multi_cleanup(ts->multi);
    for (size_t i = 0; i < ts->watch_cap; i++)
        if (ts->watches[i])
            uv_close((uv_handle_t *)&ts->watches[i]->poll, free_watch);
    free(ts->watches);
    *ts = (struct transfers){ 0 };
}
