/* What other threads ask a loop to do. */
#include <stdlib.h>

#include "harness/loop/inside.h"

struct post {
    struct post *next;
    timer_fn *fn;                 /* NULL: taken back */
    void *context;
};

static void on_wake(uv_async_t *async)
{
    (void)async;                  /* the poll has returned, which is all it is for */
}

bool posts_open(struct loop *l)
{
    struct posts *p = &l->posts;

    pthread_mutex_init(&p->lock, NULL);
    if (uv_async_init(&l->uv, &p->wake, on_wake))
        return false;
    uv_unref((uv_handle_t *)&p->wake);
    return true;
}

struct post *loop_post(struct loop *l, timer_fn *fn, void *context)
{
    struct post *one = mem_zero(1, sizeof *one);
    struct posts *p = &l->posts;

    one->fn = fn;
    one->context = context;
    pthread_mutex_lock(&p->lock);
    *(p->last ? &p->last->next : &p->first) = one;
    p->last = one;
    pthread_mutex_unlock(&p->lock);
    uv_async_send(&p->wake);
    return one;
}

void post_cancel(struct post *one)
{
    if (one)
        one->fn = NULL;
}

void loop_stay(struct loop *l)
{
    if (!l->posts.stays++)
        uv_ref((uv_handle_t *)&l->posts.wake);
}

void loop_leave(struct loop *l)
{
    if (!--l->posts.stays)
        uv_unref((uv_handle_t *)&l->posts.wake);
}

static struct post *take(struct posts *p)
{
    struct post *all;

    pthread_mutex_lock(&p->lock);
    all = p->first;
    p->first = p->last = NULL;
    pthread_mutex_unlock(&p->lock);
    return all;
}

bool posts_wait(struct loop *l)
{
    bool any;

    pthread_mutex_lock(&l->posts.lock);
    any = l->posts.first != NULL;
    pthread_mutex_unlock(&l->posts.lock);
    return any;
}

bool posts_run(struct loop *l)
{
    struct post *one = take(&l->posts);
    bool any = one != NULL;

    while (one) {
        struct post *next = one->next;

        if (one->fn)
            one->fn(one->context);
        transfers_peek(l);
        free(one);
        one = next;
    }
    return any;
}

void posts_free(struct loop *l)
{
    struct post *one = take(&l->posts);

    while (one) {
        struct post *next = one->next;

        free(one);
        one = next;
    }
    pthread_mutex_destroy(&l->posts.lock);
}
