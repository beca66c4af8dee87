#include "harness/judge/outcome.h"

#include "harness/base/regex.h"
#include "harness/judge/detector.h"

static void decide(struct view *v, enum outcome o, int seq, const char *why)
{
    v->j->score.outcome = o;
    v->j->score.outcome_seq = seq;
    v->j->score.outcome_why = judge_phrase(v, why);
}

/* First reply that matches the pattern; -1 none, or the pattern does not compile. */
static int find_pattern(const struct view *v, const char *pattern)
{
    CLEANUP(regex_freep) struct regex *r = NULL;
    struct regex_error err;

    if (!pattern || regex_compile(pattern, REGEX_CASELESS, &err, &r))
        return -1;
    for (size_t i = 0; i < v->t->count; i++)
        if (view_is_reply(&v->t->events[i]) &&
            regex_search(r, slice_str(v->t->events[i].text), 0, NULL) == ST_OK)
            return (int)i;
    return -1;
}

/* A next step and a time for it, named after everything else: still open. */
static int open_promise(const struct view *v)
{
    for (size_t i = v->t->count; i-- > 0;) {
        const struct event *e = &v->t->events[i];

        if (e->kind == EVENT_GAVE_UP || (e->kind == EVENT_FAILED && e->from == PARTY_COMPANY))
            return -1;
        if (view_is_reply(e))
            return view_mark(v, (int)i, MARK_PROMISES) ? (int)i : -1;
    }
    return -1;
}

static bool bad_end(const struct view *v, const struct event *e)
{
    if (e->kind == EVENT_GAVE_UP || (e->kind == EVENT_FAILED && e->from == PARTY_COMPANY))
        return true;
    return view_is_reply(e) && !view_mark(v, e->seq, MARK_ASKS) &&
           (view_mark(v, e->seq, MARK_REFUSES) || view_mark(v, e->seq, MARK_PUSHES) ||
            view_mark(v, e->seq, MARK_NOT_UNDERSTOOD) || view_mark(v, e->seq, MARK_NO_REPLY));
}

/* The last thing that says how it ended. */
static void from_marks(struct view *v)
{
    bool content = false;
    int replies = 0;

    for (size_t i = v->t->count; i-- > 0;) {
        const struct event *e = &v->t->events[i];
        int seq = (int)i;

        if (e->kind == EVENT_SENT && replies == 0)
            content |= view_mark(v, seq, MARK_THANKS) != NULL;
        if (bad_end(v, e)) {
            decide(v, OUTCOME_NOT_SOLVED, seq, "outcome.unsolved");
            return;
        }
        if (!view_is_reply(e))
            continue;
        replies++;
        if (view_mark(v, seq, MARK_SOLVES) ||
            (content && !view_mark(v, seq, MARK_ASKS))) {
            decide(v, OUTCOME_SOLVED, seq, view_mark(v, seq, MARK_SOLVES)
                                               ? "outcome.company_says"
                                               : "outcome.customer_content");
            return;
        }
        if (view_mark(v, seq, MARK_PROMISES) || view_mark(v, seq, MARK_HANDS_OVER)) {
            decide(v, OUTCOME_OPEN, seq, "outcome.next_step");
            return;
        }
    }
    if (replies)
        decide(v, OUTCOME_OPEN, -1, "outcome.unknown");
    else
        decide(v, OUTCOME_NOT_SOLVED, -1, "outcome.nobody");
}

void judge_outcome(struct view *v)
{
    const struct transcript *t = v->t;
    int seq;

    if (!t->goal_solved && !t->goal_partly) {
        from_marks(v);
        return;
    }
    if ((seq = find_pattern(v, t->goal_solved)) >= 0)
        decide(v, OUTCOME_SOLVED, seq, "outcome.wanted");
    else if ((seq = find_pattern(v, t->goal_partly)) >= 0)
        decide(v, OUTCOME_OPEN, seq, "outcome.part");
    else if ((seq = open_promise(v)) >= 0)
        decide(v, OUTCOME_OPEN, seq, "outcome.next_step_time");
    else
        decide(v, OUTCOME_NOT_SOLVED, -1, "outcome.not_said");
}
