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

/* How many words stand in text[start, end): runs without a blank. */
static unsigned words_in(const char *text, size_t start, size_t end)
{
    unsigned count = 0;

    for (size_t i = start; i < end; i++)
        count += text[i] != ' ' && (i == start || text[i - 1] == ' ');
    return count;
}

static bool has_mark(const struct view *v, int seq, size_t start, size_t end)
{
    const struct mark *last, *m = view_marks(v, seq, &last);

    for (; m < last; m++)
        if (m->kind != MARK_LANGUAGE && m->start < end && start < m->end)
            return true;
    return false;
}

/* A clause that no mark touches is about something nobody here knows: "Thank you for your patience!
 * Your table is ready." Short ones ("At Northline,") say nothing. */
static bool says_more(const struct view *v, int seq)
{
    enum { CLAUSE_WORDS = 4 };
    static const char ends[] = ",;:.!?\n";
    const char *text = view_event(v, seq)->text;
    size_t len = strlen(text);

    for (size_t start = 0, end; start < len; start = end + 1) {
        end = start + strcspn(text + start, ends);
        if (words_in(text, start, end) >= CLAUSE_WORDS && !has_mark(v, seq, start, end))
            return true;
    }
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

        if (!m || says_something(v, (int)i) || says_more(v, (int)i) || answered_beside(v, (int)i))
            continue;
        finding_say(v, finding_add(v, "scripted_reply", NULL, "boilerplate", (int)i,
                                   m->confidence), "set_phrase", "rule", m->rule, NULL);
    }
}
