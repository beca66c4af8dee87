#include "harness/cli/plays.h"

#include <stdlib.h>

size_t plays_of(const struct scenario *s)
{
    return s->at.count ? s->at.count : 1;
}

int64_t plays_start(const struct scenario *s, size_t which, int64_t from_us)
{
    int64_t from = (from_us + US_PER_S - 1) / US_PER_S;

    return start_time_next(&s->starts[which], &s->at_zone, from) * US_PER_S;
}

/* The same journey under a name of its own; all else is the journey's. */
static struct scenario *at_its_time(struct arena *a, const struct scenario *s, size_t which)
{
    struct scenario *play = arena_alloc(a, sizeof *play);

    *play = *s;
    play->name = arena_printf(a, "%s, %s", s->name, s->at.items[which]);
    return play;
}

struct play {
    struct scenario *scenario;
    size_t number, made;          /* the number is the same whoever else is chosen */
    int64_t start;
};

struct plays {
    struct play *items;
    size_t count;
    bool some_later;
};

/* A journey's plays of one round. */
static void add(struct plays *p, const struct options *o, const struct chosen *c,
                const struct session *s, size_t index, size_t round)
{
    struct scenario *journey = c->items[index];
    size_t times = plays_of(journey);

    for (size_t t = 0; t < times; t++) {
        bool timed = journey->at.count > 0;
        size_t number = (round * times + t) * c->found + c->numbers[index];
        double late = chance((uint64_t)option_int(o, OPT_SEED), number);

        p->items[p->count] = (struct play){
            .scenario = times > 1 ? at_its_time(o->arena, journey, t) : journey,
            .number = number, .made = p->count,
            .start = timed ? plays_start(journey, t, s->started_us) +
                             (int64_t)(late * (double)s->jitter_us) : 0,
        };
        p->count++;
        p->some_later |= timed;
    }
}

static int by_start(const void *x, const void *y)
{
    const struct play *a = x, *b = y;

    if (a->start != b->start)
        return a->start < b->start ? -1 : 1;
    return a->made < b->made ? -1 : a->made > b->made;
}

static int by_number(const void *x, const void *y)
{
    const size_t a = (*(struct play *const *)x)->number, b = (*(struct play *const *)y)->number;

    return a < b ? -1 : a > b;
}

/* The result is in the order of the journeys, whenever they began, as `shopper merge` joins shards. */
static const size_t *ranks_of(const struct plays *p, struct arena *a)
{
    struct play **sorted = arena_alloc(a, (p->count + 1) * sizeof(struct play *));
    size_t *ranks = arena_alloc(a, (p->count + 1) * sizeof *ranks);

    for (size_t i = 0; i < p->count; i++)
        sorted[i] = &p->items[i];
    qsort(sorted, p->count, sizeof(struct play *), by_number);
    for (size_t i = 0; i < p->count; i++)
        ranks[sorted[i] - p->items] = i;
    return ranks;
}

static void hand_out(const struct plays *p, struct arena *a, struct session *s)
{
    struct scenario **all = arena_alloc(a, (p->count + 1) * sizeof *all);
    size_t *numbers = arena_alloc(a, (p->count + 1) * sizeof *numbers);
    int64_t *starts = arena_alloc(a, (p->count + 1) * sizeof *starts);

    for (size_t i = 0; i < p->count; i++) {
        all[i] = p->items[i].scenario;
        numbers[i] = p->items[i].number;
        starts[i] = p->items[i].start;
    }
    s->scenarios = all;
    s->numbers = numbers;
    s->starts = p->some_later ? starts : NULL;
    s->ranks = p->some_later ? ranks_of(p, a) : NULL;
    s->count = p->count;
}

void plays_make(const struct options *o, const struct chosen *c, struct session *s)
{
    size_t times = (size_t)option_int(o, OPT_REPEAT), each = 0;
    struct plays p = { 0 };

    for (size_t i = 0; i < c->count; i++)
        each += plays_of(c->items[i]);
    p.items = mem_zero(each * times, sizeof *p.items);
    for (size_t r = 0; r < times; r++)           /* plays of the same journey lie far apart */
        for (size_t i = 0; i < c->count; i++)
            add(&p, o, c, s, i, r);
    if (p.some_later)
        qsort(p.items, p.count, sizeof *p.items, by_start);
    hand_out(&p, o->arena, s);
    free(p.items);
}
