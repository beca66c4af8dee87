#include <stdlib.h>

#include "harness/loop/inside.h"

struct watch {
    uv_poll_t poll;
    struct loop *loop;
    watch_fn *fn;
    void *context;
};

struct watch *watch_new(struct loop *l, curl_socket_t fd, watch_fn *fn, void *context)
{
    struct watch *w = mem_zero(1, sizeof(*w));

    if (uv_poll_init_socket(&l->uv, &w->poll, fd)) {
        free(w);
        return NULL;
    }
    w->poll.data = w;
    w->loop = l;
    w->fn = fn;
    w->context = context;
    return w;
}

static void on_events(uv_poll_t *poll, int status, int events)
{
    struct watch *w = poll->data;

    loop_touch(w->loop);
    w->fn(w->context, status < 0 ? WATCH_ERROR
                                 : (events & UV_READABLE ? WATCH_READ : 0) |
                                       (events & UV_WRITABLE ? WATCH_WRITE : 0));
}

void watch_set(struct watch *w, unsigned events)
{
    if (events)
        uv_poll_start(&w->poll, (events & WATCH_READ ? UV_READABLE : 0) |
                                    (events & WATCH_WRITE ? UV_WRITABLE : 0), on_events);
    else
        uv_poll_stop(&w->poll);
}

static void free_closed(uv_handle_t *h)
{
    free(h->data);
}

void watch_free(struct watch *w)
{
    if (!w)
        return;
    uv_poll_stop(&w->poll);
    uv_close((uv_handle_t *)&w->poll, free_closed);
}
