#include "harness/play/common.h"

#include <pthread.h>
#include <stdlib.h>

struct lane {
    struct loop *loop;
    timer_fn *start;
    void *context;
    size_t running;
};

struct common {
    struct common_plan plan;
    struct polite *polite;        /* has its own lock */
    pthread_mutex_t lock;         /* of everything below */
    struct lane *lanes;
    size_t contacts, running;
    int64_t clock_set_us;         /* starts are times of day, and the clock was set by so much */
    size_t next_free, next_bound; /* first that has not begun; `count`: none */
    bool stopping, resting, told; /* resting: what has not begun waits for another process */
};

/* The first journey from `i` on that is to be played, and is bound or is not. */
static size_t find(const struct common *c, size_t i, bool bound)
{
    const struct common_plan *p = &c->plan;

    while (i < p->count && ((p->over && p->over[i]) || (p->bound && p->bound[i]) != bound))
        i++;
    return i;
}

struct common *common_new(const struct common_plan *plan)
{
    struct common *c = mem_zero(1, sizeof *c);

    c->plan = *plan;
    if (!c->plan.at_once)
        c->plan.at_once = 1;
    if (!c->plan.lanes)
        c->plan.lanes = 1;
    c->polite = polite_new(plan->limits, plan->limit_count);
    pthread_mutex_init(&c->lock, NULL);
    c->lanes = mem_zero(c->plan.lanes, sizeof *c->lanes);
    c->contacts = plan->contacts_before;
    c->next_free = find(c, 0, false);
    c->next_bound = find(c, 0, true);
    return c;
}

void common_free(struct common *c)
{
    if (!c)
        return;
    polite_free(c->polite);
    pthread_mutex_destroy(&c->lock);
    free(c->lanes);
    free(c);
}

struct polite *common_polite(struct common *c)
{
    return c->polite;
}

bool common_contact(struct common *c)
{
    bool may;

    pthread_mutex_lock(&c->lock);
    may = c->contacts < c->plan.max_contacts;
    c->contacts += may;
    pthread_mutex_unlock(&c->lock);
    return may;
}

void common_join(struct common *c, size_t lane, struct loop *loop, timer_fn *start, void *context)
{
    c->lanes[lane] = (struct lane){ loop, start, context, 0 };
}

static int64_t start_of(const struct common *c, size_t index)
{
    const struct common_plan *p = &c->plan;

    return index >= p->count ? INT64_MAX : p->starts ? p->starts[index] - c->clock_set_us : INT64_MIN;
}

/* How many may play now. */
static size_t places(const struct common *c, int64_t now, int64_t *next)
{
    int64_t later;

    return ramp_open(&c->plan.ramp, c->plan.at_once, now, next ? next : &later);
}

/* What this lane would begin now; NULL nothing. */
static size_t *choose(struct common *c, size_t lane, int64_t now)
{
    const struct common_plan *p = &c->plan;
    size_t share = (p->at_once + p->lanes - 1) / p->lanes;
    bool free_one = start_of(c, c->next_free) <= now && c->lanes[lane].running < share;
    bool bound_one = lane == 0 && start_of(c, c->next_bound) <= now;

    if (c->stopping || c->resting || c->running >= places(c, now, NULL))
        return NULL;
    if (free_one && bound_one)
        return c->next_free < c->next_bound ? &c->next_free : &c->next_bound;
    return free_one ? &c->next_free : bound_one ? &c->next_bound : NULL;
}

/* The next start to come of those this lane may play, whether there will be room or not: who has none
 * is woken when there is. INT64_MAX: none. */
static int64_t later_start(const struct common *c, size_t lane, int64_t now)
{
    int64_t free_one = start_of(c, c->next_free);
    int64_t bound_one = lane == 0 ? start_of(c, c->next_bound) : INT64_MAX;
    int64_t first = free_one < bound_one ? free_one : bound_one, place;

    if (c->stopping || c->resting)
        return INT64_MAX;
    if (first <= now && c->running >= places(c, now, &place))
        return place;             /* it is due, but for the ramp; without one it is woken */
    free_one = free_one > now ? free_one : INT64_MAX;
    bound_one = bound_one > now ? bound_one : INT64_MAX;
    return free_one < bound_one ? free_one : bound_one;
}

static size_t take(struct common *c, size_t lane, size_t *next)
{
    size_t index = *next;

    *next = find(c, index + 1, next == &c->next_bound);
    c->running++;
    c->lanes[lane].running++;
    return index;
}

bool common_next(struct common *c, size_t lane, size_t *index, int64_t *later)
{
    int64_t now = loop_now(c->lanes[lane].loop);
    size_t *next;

    pthread_mutex_lock(&c->lock);
    if (c->plan.starts)
        c->clock_set_us = loop_wall_set(c->lanes[lane].loop);
    next = choose(c, lane, now);
    *later = next ? INT64_MAX : later_start(c, lane, now);
    if (next)
        *index = take(c, lane, next);
    pthread_mutex_unlock(&c->lock);
    return next != NULL;
}

bool common_rest(struct common *c, size_t lane, int64_t after_us, size_t *index)
{
    int64_t now = loop_now(c->lanes[lane].loop);
    size_t *next;

    pthread_mutex_lock(&c->lock);
    next = c->next_free < c->next_bound ? &c->next_free : &c->next_bound;
    if (!c->running && *next < c->plan.count && start_of(c, *next) > now + after_us)
        c->resting = true;
    if (!c->resting || c->stopping || *next >= c->plan.count)
        next = NULL;
    else
        *index = take(c, lane, next);
    pthread_mutex_unlock(&c->lock);
    return next != NULL;
}

/* True once: when nothing runs and nothing will. The lock is held. */
static bool ends_now(struct common *c)
{
    bool left = c->next_free < c->plan.count || c->next_bound < c->plan.count;

    if (c->told || c->running || (left && !c->stopping))
        return false;
    return c->told = true;
}

static void unlock(struct common *c)
{
    bool ends = ends_now(c);

    pthread_mutex_unlock(&c->lock);
    if (ends && c->plan.all_over)
        c->plan.all_over(c->plan.context);
}

void common_over(struct common *c, size_t lane)
{
    pthread_mutex_lock(&c->lock);
    c->running--;
    c->lanes[lane].running--;
    unlock(c);
}

void common_begun(struct common *c)
{
    pthread_mutex_lock(&c->lock);
    unlock(c);
}

void common_stop(struct common *c)
{
    pthread_mutex_lock(&c->lock);
    c->stopping = true;
    unlock(c);
}

void common_wake(struct common *c, size_t lane)
{
    int64_t now = loop_now(c->lanes[lane].loop);

    if (c->plan.lanes == 1)
        return;
    pthread_mutex_lock(&c->lock);
    for (size_t i = 0; i < c->plan.lanes; i++)
        if (i != lane && (choose(c, i, now) || later_start(c, i, now) < INT64_MAX))
            loop_post(c->lanes[i].loop, c->lanes[i].start, c->lanes[i].context);
    pthread_mutex_unlock(&c->lock);
}
