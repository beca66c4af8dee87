#include "harness/play/polite.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"

static const int64_t MINUTE = 60 * US_PER_S;

struct polite_place {
    struct polite *owner;
    struct polite_place *next;
    char *host;
    enum channel_family family;
    struct polite_limit limit;
    size_t inside;
    int64_t *begun;               /* a ring: when the last contacts began */
    size_t first, count, cap;
    int64_t held_until;
    struct polite_turn *head, *tail;      /* of the queue */
    struct timer *timer;
    struct loop *timer_loop;
};

struct polite {
    pthread_mutex_t lock;         /* of everything below, places and turns included */
    const struct polite_limit *limits;
    size_t limit_count;
    struct polite_place *places;
    uint32_t jitter;
};

struct polite *polite_new(const struct polite_limit *limits, size_t count)
{
    struct polite *p = mem_zero(1, sizeof *p);

    *p = (struct polite){ .limits = limits, .limit_count = count, .jitter = 1 };
    pthread_mutex_init(&p->lock, NULL);
    return p;
}

void polite_free(struct polite *p)
{
    struct polite_place *next;

    for (struct polite_place *x = p ? p->places : NULL; x; x = next) {
        next = x->next;
        timer_cancel(x->timer);
        free(x->begun);
        free(x->host);
        free(x);
    }
    if (p)
        pthread_mutex_destroy(&p->lock);
    free(p);
}

static struct polite_limit limit_of(const struct polite *p, const char *host)
{
    for (size_t i = 0; i < p->limit_count; i++)
        if (!p->limits[i].host || text_same_ascii(p->limits[i].host, host))
            return p->limits[i];
    return (struct polite_limit){ 0 };
}

static struct polite_place *place_of(struct polite *p, const char *host,
                                     enum channel_family family)
{
    struct polite_place *x;

    for (x = p->places; x; x = x->next)
        if (x->family == family && text_same_ascii(x->host, host))
            return x;
    x = mem_zero(1, sizeof *x);
    *x = (struct polite_place){ .owner = p, .next = p->places, .host = mem_strdup(host),
                                .family = family, .limit = limit_of(p, host) };
    p->places = x;
    return x;
}

/* Contacts older than a minute are forgotten. */
static void forget(struct polite_place *x, int64_t now)
{
    while (x->count && x->begun[x->first] <= now - MINUTE) {
        x->first = (x->first + 1) % x->cap;
        x->count--;
    }
}

static void remember(struct polite_place *x, int64_t now)
{
    if (!x->limit.per_minute)
        return;
    if (x->count) {               /* another loop may have read its clock a little later */
        int64_t last = x->begun[(x->first + x->count - 1) % x->cap];

        now = last > now ? last : now;
    }
    if (x->count == x->cap) {
        size_t cap = x->cap ? x->cap * 2 : 16;
        int64_t *begun = mem_alloc(cap * sizeof *begun);

        for (size_t i = 0; i < x->count; i++)
            begun[i] = x->begun[(x->first + i) % x->cap];
        free(x->begun);
        x->begun = begun;
        x->first = 0;
        x->cap = cap;
    }
    x->begun[(x->first + x->count++) % x->cap] = now;
}

/* When the next one may begin, as far as time decides it; now or earlier: at once. */
static int64_t free_at(struct polite_place *x, int64_t now)
{
    int64_t at = x->held_until;

    forget(x, now);
    if (x->limit.per_minute && x->count >= x->limit.per_minute) {
        int64_t room = x->begun[(x->first + x->count - x->limit.per_minute) % x->cap] + MINUTE;

        at = room > at ? room : at;
    }
    return at;
}

static bool has_room(const struct polite_place *x)
{
    return !x->limit.at_once || x->inside < x->limit.at_once;
}

static void take(struct polite_place *x, struct polite_turn *t, int64_t now)
{
    t->inside = true;
    x->inside++;
    remember(x, now);
}

static void unlink_turn(struct polite_place *x, struct polite_turn *t)
{
    *(t->prev ? &t->prev->next : &x->head) = t->next;
    *(t->next ? &t->next->prev : &x->tail) = t->prev;
    t->prev = t->next = NULL;
}

/* Up to a second later than needed, so that those who waited do not come in step. */
static int64_t jittered(struct polite *p, int64_t at)
{
    p->jitter = p->jitter * UINT32_C(1664525) + UINT32_C(1013904223);
    return at + (int64_t)(p->jitter >> 12) % US_PER_S;
}

static void serve(void *context);

/* Somebody has to look again when time has made room: the loop that finds that out does. */
static bool look_wanted(const struct polite_place *x)
{
    return x->head && has_room(x) && !x->timer;
}

static void look_at(struct polite_place *x, struct loop *loop, int64_t at)
{
    x->timer = timer_start(loop, at, serve, x);
    x->timer_loop = loop;
}

static void look_later(struct polite_place *x, struct loop *loop, int64_t now)
{
    if (look_wanted(x))
        look_at(x, loop, jittered(x->owner, free_at(x, now)));
}

static void drop_timer(struct polite_place *x)
{
    timer_cancel(x->timer);
    x->timer = NULL;
}

static void deliver(void *context)
{
    struct polite_turn *t = context;
    struct polite *p = t->place->owner;

    pthread_mutex_lock(&p->lock);
    t->post = NULL;
    pthread_mutex_unlock(&p->lock);
    t->go(t->context);
}

static void serve(void *context)
{
    struct polite_place *x = context;
    struct polite *p = x->owner;
    struct loop *loop;
    int64_t now;

    pthread_mutex_lock(&p->lock);
    loop = x->timer_loop;
    now = loop_now(loop);
    x->timer = NULL;
    while (x->head && has_room(x) && free_at(x, now) <= now) {
        struct polite_turn *t = x->head;

        unlink_turn(x, t);
        take(x, t, now);
        t->post = loop_post(t->loop, deliver, t);
    }
    look_later(x, loop, now);
    pthread_mutex_unlock(&p->lock);
}

bool polite_enter(struct polite *p, struct polite_turn *t, const char *host,
                  enum channel_family family)
{
    int64_t now = loop_now(t->loop);
    struct polite_place *x;
    bool begins;

    pthread_mutex_lock(&p->lock);
    t->place = x = place_of(p, host, family);
    begins = !x->head && has_room(x) && free_at(x, now) <= now;
    if (begins) {
        take(x, t, now);
    } else {
        t->prev = x->tail;
        t->next = NULL;
        *(x->tail ? &x->tail->next : &x->head) = t;
        x->tail = t;
        look_later(x, t->loop, now);
    }
    pthread_mutex_unlock(&p->lock);
    return begins;
}

void polite_leave(struct polite *p, struct polite_turn *t)
{
    struct polite_place *x = t->place;

    if (!x)
        return;
    pthread_mutex_lock(&p->lock);
    if (t->inside) {
        post_cancel(t->post);
        x->inside--;
        if (look_wanted(x))
            look_at(x, t->loop, loop_now(t->loop));
    } else {
        unlink_turn(x, t);
        if (!x->head && x->timer_loop == t->loop)
            drop_timer(x);
    }
    t->place = NULL;
    t->post = NULL;
    t->inside = false;
    pthread_mutex_unlock(&p->lock);
}

void polite_hold(struct polite *p, int64_t now_us, const char *host, int64_t us)
{
    int64_t until = now_us + us;

    pthread_mutex_lock(&p->lock);
    for (int f = 0; f < FAMILY_COUNT; f++) {
        struct polite_place *x = place_of(p, host, (enum channel_family)f);

        x->held_until = until > x->held_until ? until : x->held_until;
    }
    pthread_mutex_unlock(&p->lock);
}

void polite_without(struct polite *p, const struct loop *loop)
{
    pthread_mutex_lock(&p->lock);
    for (struct polite_place *x = p->places; x; x = x->next)
        if (x->timer_loop == loop)
            drop_timer(x);
    pthread_mutex_unlock(&p->lock);
}
