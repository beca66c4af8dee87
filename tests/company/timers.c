#include "tests/company/timers.h"

#include <stdbool.h>
#include <stdlib.h>

#include "harness/base/mem.h"

struct entry {
    struct timer timer;
    uint64_t order;
};

/* A binary heap: entries[0] is the next one. */
struct timers {
    struct entry *entries;
    size_t count, cap;
    uint64_t order;
};

struct timers *timers_new(void)
{
    return mem_zero(1, sizeof(struct timers));
}

void timers_free(struct timers *t)
{
    if (!t)
        return;
    for (size_t i = 0; i < t->count; i++)
        t->entries[i].timer.drop(t->entries[i].timer.arg);
    free(t->entries);
    free(t);
}

static bool before(const struct entry *a, const struct entry *b)
{
    if (a->timer.due_us != b->timer.due_us)
        return a->timer.due_us < b->timer.due_us;
    return a->order < b->order;
}

static void swap(struct entry *a, struct entry *b)
{
    struct entry kept = *a;

    *a = *b;
    *b = kept;
}

void timers_add(struct timers *t, struct timer timer)
{
    size_t at = t->count;

    MEM_GROW(t->entries, t->cap, t->count + 1);
    t->entries[t->count++] = (struct entry){ timer, t->order++ };
    while (at > 0 && before(&t->entries[at], &t->entries[(at - 1) / 2])) {
        swap(&t->entries[at], &t->entries[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
}

static struct timer take_first(struct timers *t)
{
    struct timer first = t->entries[0].timer;
    size_t at = 0;

    t->entries[0] = t->entries[--t->count];
    for (;;) {
        size_t least = at;

        for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < t->count; child++)
            if (before(&t->entries[child], &t->entries[least]))
                least = child;
        if (least == at)
            return first;
        swap(&t->entries[at], &t->entries[least]);
        at = least;
    }
}

int64_t timers_next(const struct timers *t)
{
    return t->count ? t->entries[0].timer.due_us : INT64_MAX;
}

size_t timers_run(struct timers *t, struct company *c, int64_t now_us)
{
    size_t ran = 0;

    for (; timers_next(t) <= now_us; ran++) {
        struct timer due = take_first(t);

        due.fire(c, due.arg);
    }
    return ran;
}
