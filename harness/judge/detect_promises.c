/* broken_promise and promise_kept: times the company named in its messages. */
#include <string.h>

#include "harness/judge/detector.h"
#include "harness/judge/score.h"

static double seconds(int64_t us)
{
    return (double)us / US_PER_S;
}

/* The next thing of substance after the promise, in the same thread; -1 none. Where a person's mail
 * named the time, that is whatever a person writes next. */
static int next_answer(const struct view *v, int seq)
{
    const struct event *promise = view_event(v, seq);
    bool chat = view_family(v, promise) == FAMILY_CHAT;
    int answer = v->responses[v->exchange_of[seq]].answer_seq;

    for (int i = seq + 1; i < (int)v->t->count; i++) {
        const struct event *e = view_event(v, i);

        if (chat && e->kind == EVENT_SENT && view_same_channel(e, promise))
            return -1;                           /* the talk went on about something */
        if (!view_is_reply(e) || v->exchange_of[i] != v->exchange_of[seq])
            continue;
        if (chat || i == answer || (answer >= 0 && answer <= seq && e->nature != NATURE_AUTOMATIC))
            return i;
    }
    return -1;
}

/* The wait as the customer felt it: from the promise, which began where its own wait ended. */
static int64_t elapsed(const struct view *v, int promise, int answer)
{
    int64_t us = view_event(v, answer)->t_us - view_event(v, promise)->t_us;

    return us > 0 ? us : DURATION_UNKNOWN;
}

/* How long it is known that nothing came. */
static int64_t still_waiting(const struct view *v, int promise)
{
    return v->t->events[v->t->count - 1].t_us - view_event(v, promise)->t_us;
}

static void broken(struct view *v, const struct mark *m, int seq, int64_t us)
{
    struct finding *f = finding_add(v, "broken_promise", "answer", "broken", seq, m->confidence);

    f->exchange = v->exchange_of[m->seq];
    f->actual_us = us;
    f->allowed_us = view_promised_us(v, m);
    f->loss = broken_loss(seconds(us), seconds(f->allowed_us));
    finding_evidence(v, f, m->seq);
    finding_say(v, f, "time_said", "event", judge_number(v, m->seq), "rule", m->rule, NULL);
}

static void kept(struct view *v, const struct mark *m, int seq, int64_t us)
{
    struct finding *f = finding_add(v, "promise_kept", NULL, "kept", seq, m->confidence);

    f->exchange = v->exchange_of[m->seq];
    f->actual_us = us;
    f->allowed_us = view_promised_us(v, m);
    finding_evidence(v, f, m->seq);
    finding_say(v, f, "time_said", "event", judge_number(v, m->seq), "rule", m->rule, NULL);
}

/* Only promises to answer can be checked here; a parcel's delivery cannot be seen. */
static bool is_about_answers(const struct mark *m)
{
    return m->within_us > 0 && m->value && !strcmp(m->value, "answer");
}

static bool unanswered_here(const struct view *v, int k)
{
    for (size_t i = 0; i < v->j->findings.count; i++)
        if (v->j->findings.items[i].exchange == k &&
            !strcmp(v->j->findings.items[i].row->kind, "unanswered"))
            return true;
    return false;
}

/* The customer's reminder after the promise, before anything else they wrote there; -1 none. */
static int next_chase(const struct view *v, int seq)
{
    const struct event *promise = view_event(v, seq);

    for (int i = seq + 1; i < (int)v->t->count; i++) {
        const struct event *e = view_event(v, i);

        if (e->kind == EVENT_SENT && view_family(v, e) == view_family(v, promise))
            return v->exchange_of[i] >= 0 && v->responses[v->exchange_of[i]].chases ? i : -1;
    }
    return -1;
}

static void check(struct view *v, const struct mark *m)
{
    int answer = next_answer(v, m->seq), k = v->exchange_of[m->seq];

    if (answer >= 0) {
        int64_t us = elapsed(v, m->seq, answer);

        if (us == DURATION_UNKNOWN)
            return;
        if (us > view_promised_us(v, m))
            broken(v, m, answer, us);
        else
            kept(v, m, answer, us);
        return;
    }

    /* Silence past the promise: one finding, and "no answer" is the stronger one. */
    int gave_up = v->responses[k].gave_up_seq, chase = next_chase(v, m->seq);

    if (gave_up < m->seq && chase >= 0 && elapsed(v, m->seq, chase) > view_promised_us(v, m) &&
        !unanswered_here(v, k)) {
        broken(v, m, chase, elapsed(v, m->seq, chase));
        return;
    }

    if (gave_up > m->seq && still_waiting(v, m->seq) > view_promised_us(v, m) && !unanswered_here(v, k))
        broken(v, m, gave_up, view_event(v, gave_up)->t_us - view_event(v, m->seq)->t_us);
}

void detect_promises(struct view *v)
{
    int done = -1;                               /* a promise repeated in one exchange counts once */

    for (size_t i = 0; i < v->t->count; i++) {
        int k = v->exchange_of[i];
        const struct mark *m = view_is_reply(&v->t->events[i]) && k >= 0
                                   ? view_mark(v, (int)i, MARK_PROMISES) : NULL;

        if (!m || !is_about_answers(m) || k == done)
            continue;
        if (v->j->exchanges[k].family != FAMILY_CHAT) {
            struct allowance a = view_answer_allowance(v, k);

            if ((int)i != (a.spoken ? a.spoken_seq : v->responses[k].answer_seq))
                continue;                        /* a later message named another time */
        }
        done = k;
        check(v, m);
    }
}
