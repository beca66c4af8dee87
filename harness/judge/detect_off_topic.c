/* off_topic: the answer missed the question. Whether two sentences are about the same thing is beyond
 * word lists; the customer knows, and says so. */
#include "harness/judge/detector.h"

/* The customer says so; says the same again, after words that were about nothing known. */
static const double SAYS_SO = .85, SAYS_IT_AGAIN = .6;

static bool about_something(const struct view *v, int seq)
{
    static const enum mark_kind kinds[] = {
        MARK_ASKS, MARK_CONFIRMS, MARK_ACKNOWLEDGES, MARK_REFERENCE, MARK_PROMISES, MARK_EXPLAINS,
        MARK_SOLVES, MARK_COMPENSATES, MARK_HANDS_OVER, MARK_PUSHES, MARK_NOT_UNDERSTOOD,
        MARK_REFUSES, MARK_CLOSES, MARK_ANYTHING_ELSE, MARK_NO_REPLY, MARK_BOILERPLATE,
    };

    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        if (view_mark(v, seq, kinds[i]))
            return true;
    return false;
}

/* The company's last word on this channel before an event; -1 when the customer spoke last. */
static int answered_by(const struct view *v, const struct event *e)
{
    for (int seq = e->seq - 1; seq >= 0; seq--) {
        const struct event *before = view_event(v, seq);

        if (!view_same_channel(before, e))
            continue;
        if (before->kind == EVENT_SENT)
            return -1;
        if (view_is_reply(before))
            return before->nature == NATURE_AUTOMATIC || before->kind == EVENT_PAGE ? -1 : seq;
    }
    return -1;
}

/* A failure that is named already is not a second one; a question is no answer. */
static bool failed_otherwise(const struct view *v, int seq)
{
    return view_mark(v, seq, MARK_NOT_UNDERSTOOD) || view_mark(v, seq, MARK_REFUSES) ||
           view_mark(v, seq, MARK_PUSHES) || view_mark(v, seq, MARK_BOILERPLATE) ||
           view_mark(v, seq, MARK_ASKS);
}

static bool said_again(const struct event *e, int answer)
{
    return e->repeats_seq >= 0 && e->repeats_seq < answer;
}

void detect_off_topic(struct view *v)
{
    for (size_t i = 0; i < v->t->count; i++) {
        const struct event *e = &v->t->events[i];
        int answer = e->kind == EVENT_SENT ? answered_by(v, e) : -1;

        if (answer < 0 || v->exchange_of[answer] < 0 || failed_otherwise(v, answer))
            continue;

        const struct mark *m = view_mark(v, e->seq, MARK_OBJECTS);

        if (!m && (!said_again(e, answer) || about_something(v, answer)))
            continue;

        struct finding *f = finding_add(v, "off_topic", NULL, "off_topic", answer,
                                        m ? SAYS_SO : SAYS_IT_AGAIN);

        finding_evidence(v, f, e->seq);
        finding_say(v, f, m ? "says_so" : "says_it_again", "event", judge_number(v, e->seq), "rule",
                    m ? m->rule : "", NULL);
    }
}
