/* not_understood, and dead_end fallback_loop: the second time in a row. */
#include "harness/judge/detector.h"

/* Whether the turn also brought something: then it is no fallback. */
static bool brings_something(const struct view *v, int seq)
{
    return view_mark(v, seq, MARK_SOLVES) || view_mark(v, seq, MARK_ACKNOWLEDGES) ||
           view_mark(v, seq, MARK_COMPENSATES);
}

static bool brings_news(const struct view *v, int seq)
{
    static const enum mark_kind news[] = {
        MARK_REFERENCE, MARK_PROMISES, MARK_HANDS_OVER, MARK_EXPLAINS, MARK_CONFIRMS,
    };

    for (size_t i = 0; i < ARRAY_LEN(news); i++)
        if (view_mark(v, seq, news[i]))
            return true;
    return false;
}

/* Turns in a row without understanding, up to and with this exchange, on its channel. */
struct streak {
    const struct event *channel;
    int exchange, first_seq, last_seq;
    unsigned turns;
};

enum { STREAKS_MAX = 16 };

static struct streak *streak_of(struct streak *streaks, size_t *count, const struct event *e)
{
    for (size_t i = 0; i < *count; i++)
        if (view_same_channel(streaks[i].channel, e))
            return &streaks[i];
    if (*count == STREAKS_MAX)
        return NULL;
    streaks[*count] = (struct streak){ .channel = e, .exchange = -1, .first_seq = -1,
                                       .last_seq = -1 };
    return &streaks[(*count)++];
}

static void report(struct view *v, const struct streak *s, const struct mark *m)
{
    static const double FAINT = .6;
    double sure = m->confidence < CONFIDENCE_COUNTS ? FAINT : m->confidence;
    struct finding *f;

    if (s->turns == 1) {
        f = finding_add(v, "not_understood", NULL, "fallback", m->seq, sure);
        finding_say(v, f, "read", "rule", m->rule, NULL);
        return;
    }
    f = finding_add(v, "dead_end", "fallback_loop", "loop", m->seq, sure);
    finding_evidence(v, f, s->first_seq);
    finding_evidence(v, f, s->last_seq);
    finding_say(v, f, "in_a_row", "turns", judge_number(v, (int)s->turns), "rule", m->rule, NULL);
}

void detect_fallback(struct view *v)
{
    struct streak streaks[STREAKS_MAX];
    size_t count = 0;

    for (size_t i = 0; i < v->t->count; i++) {
        const struct event *e = &v->t->events[i];
        struct streak *s = view_is_reply(e) ? streak_of(streaks, &count, e) : NULL;

        if (!s)
            continue;

        const struct mark *m = view_mark(v, e->seq, MARK_NOT_UNDERSTOOD);
        int exchange = v->exchange_of[e->seq];

        /* where the turn before was not understood, "Once more, please?" says the same again */
        if (!m && s->turns && exchange == s->exchange + 1 && !brings_news(v, e->seq))
            m = view_faint_mark(v, e->seq, MARK_NOT_UNDERSTOOD);
        if (!m || brings_something(v, e->seq)) {
            if (exchange != s->exchange)         /* a second bubble of the same turn is no end */
                s->turns = 0;
            continue;
        }
        if (exchange == s->exchange && s->turns)
            continue;                            /* the same turn, said in two bubbles */
        s->turns++;
        s->exchange = exchange;
        if (s->turns == 1)
            s->first_seq = e->seq;
        report(v, s, m);
        s->last_seq = e->seq;
    }
}
