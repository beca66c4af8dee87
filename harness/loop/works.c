/* Work that would keep the loop waiting (a file that is synced, a large page that is read), on libuv's
 * threads. */
#include <stdlib.h>

#include "harness/loop/inside.h"

struct work {
    uv_work_t request;
    struct loop *loop;
    work_fn *work, *done;
    bool abandoned;               /* done is what drops the context */
    void *context;
};

static void on_thread(uv_work_t *request)
{
    struct work *w = request->data;

    w->work(w->context);
}

static void on_loop(uv_work_t *request, int status)
{
    struct work *w = request->data;

    (void)status;                 /* never cancelled */
    loop_release(w->loop);
    if (w->abandoned || !w->loop->closing)
        w->done(w->context);
    transfers_peek(w->loop);
    free(w);
}

struct work *work_start(struct loop *l, work_fn *work, work_fn *done, void *context)
{
    struct work *w = mem_zero(1, sizeof *w);

    *w = (struct work){ .loop = l, .work = work, .done = done, .context = context };
    w->request.data = w;
    loop_hold(l);
    uv_queue_work(&l->uv, &w->request, on_thread, on_loop);
    return w;
}

void work_abandon(struct work *w, work_fn *drop)
{
    w->done = drop;
    w->abandoned = true;
}
