/* scripted_reply: a set phrase in place of an answer. */
#include <string.h>

#include "harness/judge/detector.h"

static bool says_something(const struct view *v, int seq)
{
    static const enum mark_kind kinds[] = {
        MARK_ASKS, MARK_CONFIRMS, MARK_ACKNOWLEDGES, MARK_REFERENCE, MARK_PROMISES, MARK_EXPLAINS,
        MARK_SOLVES, MARK_COMPENSATES, MARK_INFORMS, MARK_HANDS_OVER, MARK_PUSHES,
        MARK_NOT_UNDERSTOOD, MARK_REFUSES, MARK_CLOSES, MARK_ANYTHING_ELSE,
    };

    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        if (view_mark(v, seq, kinds[i]))
            return true;
    return false;
}

/* Something of substance in the same exchange makes the phrase a courtesy. */
static bool answered_beside(const struct view *v, int seq)
{
    const struct exchange *x = view_exchange(v, seq);

    for (int i = x->first_seq; i <= x->last_seq; i++)
        if (i != seq && v->exchange_of[i] == v->exchange_of[seq] &&
            view_is_reply(view_event(v, i)) && says_something(v, i))
            return true;
    return false;
}

void detect_scripted(struct view *v)
{
    for (size_t i = 0; i < v->t->count; i++) {
        const struct mark *m = view_is_reply(&v->t->events[i]) && v->exchange_of[i] >= 0
                                   ? view_mark(v, (int)i, MARK_BOILERPLATE) : NULL;

        if (!m || says_something(v, (int)i) || answered_beside(v, (int)i))
            continue;
        finding_say(v, finding_add(v, "scripted_reply", NULL, "boilerplate", (int)i,
                                   m->confidence), "nothing but a set phrase; rule %s", m->rule);
    }
}
