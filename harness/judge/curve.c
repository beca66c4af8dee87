/* The mood while the customer waits, for the picture: only the wait itself counts, as long as nothing
 * else is known. It never enters the score: that knows the answer. */
#include "harness/judge/curve.h"

#include <math.h>

#include "harness/judge/score.h"

enum { STEPS = 8 };               /* pieces of a curve between its corners */

/* A change of the mood that can be seen. */
static const double VISIBLE = .01;

/* Something waited for. */
struct waiting {
    int64_t from, until;
    struct allowance allowed;
    int open_seq;                 /* counted in opening hours since this event; -1 by the clock */
};

struct draft {
    struct view *v;
    struct exchange *x;
    struct waiting list[2];
    size_t count;
    double before;                /* mood when the waiting began */
};

static double loss_at(const struct view *v, const struct waiting *w, int64_t t_us)
{
    int64_t us = t_us - w->from;
    double seconds = (double)(w->open_seq >= 0 ? view_open_us(v, w->open_seq, us) : us) / US_PER_S;
    double allowed = (double)w->allowed.us / US_PER_S;

    if (t_us <= w->from || t_us > w->until)
        return 0;
    if (w->allowed.promised)
        return broken_loss(seconds, allowed);
    return wait_loss(seconds, allowed,
                     WAIT_UNCERTAIN | (seconds > allowed ? WAIT_UNEXPLAINED : 0u));
}

static double mood_at(const struct draft *d, int64_t t_us)
{
    double loss = 0;

    for (size_t i = 0; i < d->count; i++)
        loss = fmax(loss, loss_at(d->v, &d->list[i], t_us));

    double m = score_moment(loss, 0);

    return m < d->before && loss > 0 ? score_mood(d->before, m) : d->before;
}

static void point(struct draft *d, size_t *cap, int64_t t_us)
{
    struct exchange *x = d->x;

    ARENA_GROW(d->v->a, x->waiting, *cap, x->waiting_count + 1);
    x->waiting[x->waiting_count++] = (struct mood_point){ t_us, mood_at(d, t_us) };
}

/* When a wait begins to hurt: at what was allowed; a microsecond on, a broken promise costs. */
static int64_t corner(const struct waiting *w)
{
    int64_t due = w->from + w->allowed.us;

    return due < w->until ? due : w->until;
}

static void draw(struct draft *d)
{
    int64_t from = d->list[0].from, until = d->list[0].until, corners[4];
    size_t count = 0, cap = 0;

    for (size_t i = 0; i < d->count; i++) {
        from = d->list[i].from < from ? d->list[i].from : from;
        until = d->list[i].until > until ? d->list[i].until : until;
        corners[count++] = corner(&d->list[i]);
        corners[count++] = corner(&d->list[i]) + 1;
    }
    if (mood_at(d, until) > d->before - VISIBLE)
        return;
    for (int64_t t = from, step = (until - from) / STEPS + 1, next; t < until; t = next) {
        next = t + step;
        for (size_t i = 0; i < count; i++)
            if (corners[i] > t && corners[i] < next)
                next = corners[i];
        point(d, &cap, t);
    }
    point(d, &cap, until);
}

/* The moment something came, or the last one at which it is known that nothing had. */
static int64_t until(const struct view *v, const struct response *r, int seq)
{
    if (seq >= 0)
        return view_event(v, seq)->t_us;
    if (r->gave_up_seq >= 0)
        return view_event(v, r->gave_up_seq)->t_us;
    return v->t->events[v->t->count - 1].t_us;
}

static void wait_for(struct draft *d, int64_t from, int64_t end, struct allowance allowed,
                     int open_seq)
{
    if (end > from && allowed.us != DURATION_UNKNOWN && allowed.us > 0)
        d->list[d->count++] = (struct waiting){ from, end, allowed, open_seq };
}

static void exchange(struct draft *d, int k)
{
    struct view *v = d->v;
    const struct exchange *x = d->x;
    const struct response *r = &v->responses[k];
    struct allowance answer = view_answer_allowance(v, k);
    int64_t asked = view_event(v, x->asked_seq)->t_us;

    if (x->family == FAMILY_CHAT) {
        wait_for(d, asked, until(v, r, x->answered_seq), answer, -1);
        return;
    }
    if (r->opens_contact)
        wait_for(d, asked, until(v, r, r->receipt_seq >= 0 ? r->receipt_seq : r->answer_seq),
                 view_receipt_allowance(v, k), -1);
    wait_for(d, answer.spoken ? view_event(v, answer.spoken_seq)->t_us : asked,
             until(v, r, r->answer_seq), answer, answer.spoken ? -1 : x->asked_seq);
}

void judge_curve(struct view *v)
{
    struct judgement *j = v->j;

    for (size_t k = 0; k < j->exchange_count && !v->times_unknown; k++) {
        struct draft d = { .v = v, .x = &j->exchanges[k],
                           .before = k ? j->exchanges[k - 1].mood : 0 };

        if (d.x->asked_seq < 0)
            continue;
        exchange(&d, (int)k);
        if (d.count)
            draw(&d);
    }
}
