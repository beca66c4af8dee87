/* no_apology: something went wrong, the company wrote again, and nobody said sorry. Shown, not
 * charged: the failure itself is. */
#include <string.h>

#include "harness/judge/detector.h"

/* What a customer expects a word about. */
static bool calls_for_one(const struct finding *f)
{
    static const char *const kinds[] = {
        "broken_promise", "contradiction", "recontact", "rude_tone",
    };

    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        if (!strcmp(f->row->kind, kinds[i]))
            return f->confidence >= CONFIDENCE_COUNTS;
    return false;
}

static bool by_a_person(const struct view *v, const struct event *e)
{
    return e->kind == EVENT_MESSAGE && view_is_reply(e) && e->nature != NATURE_AUTOMATIC &&
           e->nature != NATURE_BOUNCE && v->exchange_of[e->seq] >= 0;
}

/* The last message from the failure on that could have had the word; -1 when there was none, or when
 * one has it. */
static int silent_since(const struct view *v, int seq)
{
    int last = -1;

    for (size_t i = (size_t)seq; i < v->t->count; i++) {
        const struct event *e = &v->t->events[i];

        if (view_is_reply(e) && (view_mark(v, e->seq, MARK_APOLOGISES) ||
                                 view_mark(v, e->seq, MARK_COMPENSATES)))
            return -1;
        if (by_a_person(v, e))
            last = e->seq;
    }
    return last;
}

void detect_no_apology(struct view *v)
{
    static const double SURE = .7;
    const struct findings *list = &v->j->findings;
    const struct finding *first = NULL;

    for (size_t i = 0; i < list->count; i++)
        if (calls_for_one(&list->items[i]) && (!first || list->items[i].seq < first->seq))
            first = &list->items[i];
    if (!first)
        return;

    const char *kind = first->row->kind;
    bool by_itself = !strcmp(kind, "rude_tone");      /* nobody apologises in the same breath */
    int failed = first->seq, seq = silent_since(v, failed + by_itself);

    if (seq < 0)
        return;

    struct finding *f = finding_add(v, "no_apology", NULL, NULL, seq, SURE);

    finding_evidence(v, f, failed);
    finding_say(v, f, "no_word_since", "event", judge_number(v, failed), NULL);
}
