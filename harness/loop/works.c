/* Work that would keep the loop waiting (a file that is synced), on libuv's threads. */
#include <stdlib.h>

#include "harness/loop/inside.h"

struct work {
    uv_work_t request;
    struct loop *loop;
    void (*work)(void *context), (*done)(void *context);
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
    if (!w->loop->closing)
        w->done(w->context);
    free(w);
}

void work_start(struct loop *l, void (*work)(void *context), void (*done)(void *context),
                void *context)
{
    struct work *w = mem_zero(1, sizeof *w);

    *w = (struct work){ .loop = l, .work = work, .done = done, .context = context };
    w->request.data = w;
    loop_hold(l);
    uv_queue_work(&l->uv, &w->request, on_thread, on_loop);
}
