/* solved, full_answer, progress, unasked_update: what moved the customer's matter on. */
#include <string.h>

#include "harness/judge/detector.h"

static bool asks_something_new(const struct view *v, int seq)
{
    for (size_t i = 0; i < v->question_count; i++)
        if (v->questions[i].mark->seq == seq && !v->questions[i].told)
            return true;
    return false;
}

static bool fails(const struct view *v, int seq)
{
    return view_mark(v, seq, MARK_NOT_UNDERSTOOD) || view_mark(v, seq, MARK_REFUSES) ||
           view_mark(v, seq, MARK_PUSHES);
}

static bool is_answer(const struct view *v, const struct event *e)
{
    return e->kind == EVENT_MESSAGE && e->nature != NATURE_AUTOMATIC &&
           e->nature != NATURE_BOUNCE &&
           v->responses[v->exchange_of[e->seq]].receipt_seq != e->seq;
}

/* A second mail that nobody had to ask for. */
static bool is_update(const struct view *v, const struct event *e)
{
    int first = v->responses[v->exchange_of[e->seq]].answer_seq;

    return view_family(v, e) == FAMILY_EMAIL && first >= 0 && first < e->seq &&
           e->t_us > view_event(v, first)->t_us &&
           (view_mark(v, e->seq, MARK_INFORMS) || view_mark(v, e->seq, MARK_SOLVES) ||
            view_mark(v, e->seq, MARK_PROMISES));
}

/* What the messages of one exchange amount to: the first that earns each gain. */
struct gains {
    int answer, progress, update;
};

static void look(const struct view *v, const struct event *e, struct gains *g)
{
    if (!is_answer(v, e) || fails(v, e->seq))
        return;
    if (g->update < 0 && is_update(v, e))
        g->update = e->seq;
    if (g->answer < 0 && !view_mark(v, e->seq, MARK_ASKS) &&
        (view_mark(v, e->seq, MARK_SOLVES) || view_mark(v, e->seq, MARK_EXPLAINS)))
        g->answer = e->seq;
    if (g->progress < 0 && (asks_something_new(v, e->seq) || view_mark(v, e->seq, MARK_INFORMS)))
        g->progress = e->seq;
}

static void report(struct view *v, int seq, const char *kind, const char *event, double sure,
                   const char *why)
{
    if (seq >= 0)
        finding_say(v, finding_add(v, kind, NULL, event, seq, sure), why, NULL);
}

void detect_answers(struct view *v)
{
    const struct score *s = &v->j->score;

    for (int k = 0; k < (int)v->j->exchange_count; k++) {
        const struct exchange *x = &v->j->exchanges[k];
        struct gains g = { -1, -1, -1 };

        for (int seq = x->first_seq; seq <= x->last_seq; seq++)
            if (v->exchange_of[seq] == k && view_is_reply(view_event(v, seq)))
                look(v, view_event(v, seq), &g);
        report(v, g.answer, "full_answer", "answer", .75, "answers");
        if (g.answer < 0)
            report(v, g.progress, "progress", "progress", .75, "moves_on");
        report(v, g.update, "unasked_update", "update", .8, "unasked");
        if (s->outcome == OUTCOME_SOLVED && s->outcome_seq >= 0 &&
            v->exchange_of[s->outcome_seq] == k)
            report(v, s->outcome_seq, "solved", "resolved", .9, "outcome");
    }
}
