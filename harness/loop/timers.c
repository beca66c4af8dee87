#include <stdlib.h>

#include "harness/loop/inside.h"

enum timer_place { IN_HEAP, SET_ASIDE };

struct timer {
    int64_t at_us;
    uint64_t seq;
    size_t index;                 /* in the heap */
    enum timer_place place;
    struct timers *owner;
    struct timer *next;           /* set aside */
    timer_fn *fn;
    void *context;
};

static bool before(const struct timer *a, const struct timer *b)
{
    return a->at_us != b->at_us ? a->at_us < b->at_us : a->seq < b->seq;
}

static void put(struct timers *t, size_t i, struct timer *timer)
{
    t->heap[i] = timer;
    timer->index = i;
}

static void sift_up(struct timers *t, size_t i)
{
    struct timer *timer = t->heap[i];

    while (i > 0 && before(timer, t->heap[(i - 1) / 2])) {
        put(t, i, t->heap[(i - 1) / 2]);
        i = (i - 1) / 2;
    }
    put(t, i, timer);
}

static void sift_down(struct timers *t, size_t i)
{
    struct timer *timer = t->heap[i];

    for (;;) {
        size_t child = 2 * i + 1;

        if (child + 1 < t->count && before(t->heap[child + 1], t->heap[child]))
            child++;
        if (child >= t->count || !before(t->heap[child], timer))
            break;
        put(t, i, t->heap[child]);
        i = child;
    }
    put(t, i, timer);
}

static void heap_remove(struct timers *t, size_t i)
{
    struct timer *last = t->heap[--t->count];

    if (i == t->count)
        return;
    put(t, i, last);
    sift_up(t, i);
    sift_down(t, last->index);
}

struct timer *timer_start(struct loop *l, int64_t at_us, timer_fn *fn, void *context)
{
    struct timers *t = &l->timers;
    struct timer *timer = mem_zero(1, sizeof(*timer));

    *timer = (struct timer){ .at_us = at_us, .seq = t->next_seq++, .owner = t,
                             .fn = fn, .context = context };
    MEM_GROW(t->heap, t->cap, t->count + 1);
    put(t, t->count++, timer);
    sift_up(t, timer->index);
    return timer;
}

void timer_cancel(struct timer *timer)
{
    if (!timer)
        return;
    if (timer->place == IN_HEAP) {
        heap_remove(timer->owner, timer->index);
    } else {
        struct timer **at = &timer->owner->due;

        while (*at != timer)
            at = &(*at)->next;
        *at = timer->next;
    }
    free(timer);
}

int64_t timers_next(const struct timers *t)
{
    return t->count ? t->heap[0]->at_us : INT64_MAX;
}

int64_t timers_run(struct loop *l)
{
    struct timers *t = &l->timers;
    int64_t worst = 0, now_us = l->now_us;
    struct timer **tail = &t->due;

    while (*tail)
        tail = &(*tail)->next;
    while (t->count && t->heap[0]->at_us <= now_us) {
        struct timer *timer = t->heap[0];

        heap_remove(t, 0);
        if (now_us - timer->at_us > worst)
            worst = now_us - timer->at_us;
        timer->place = SET_ASIDE;
        *tail = timer;
        tail = &timer->next;
    }
    while (t->due && !transfers_are_many(l)) {
        struct timer *timer = t->due;
        timer_fn *fn = timer->fn;
        void *context = timer->context;

        t->due = timer->next;
        free(timer);
        fn(context);
        transfers_peek(l);
    }
    return worst;
}

void timers_free(struct timers *t)
{
    for (size_t i = 0; i < t->count; i++)
        free(t->heap[i]);
    while (t->due) {
        struct timer *next = t->due->next;

        free(t->due);
        t->due = next;
    }
    free(t->heap);
    *t = (struct timers){ 0 };
}
