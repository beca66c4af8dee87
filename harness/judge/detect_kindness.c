/* apology, compensation, personal, wait_explained. */
#include <string.h>

#include "harness/judge/detector.h"

static void apologies(struct view *v, int seq)
{
    const struct mark *m = view_mark(v, seq, MARK_APOLOGISES);
    const struct mark *paid = view_mark(v, seq, MARK_COMPENSATES);

    if (m && !view_mark(v, seq, MARK_NOT_UNDERSTOOD))
        finding_say(v, finding_add(v, "apology", m->boilerplate ? "set_phrase" : NULL, NULL, seq,
                                   m->confidence), "read", "rule", m->rule, NULL);
    if (paid)
        finding_say(v, finding_add(v, "compensation", NULL, NULL, seq, paid->confidence),
                    "read", "rule", paid->rule, NULL);
}

/* By name, in something that is more than a receipt; once an exchange. */
static bool personal(struct view *v, int seq, int done)
{
    const struct mark *m = view_mark(v, seq, MARK_GREETS);
    int k = v->exchange_of[seq];

    if (!m || k == done || v->responses[k].receipt_seq == seq ||
        view_event(v, seq)->nature == NATURE_AUTOMATIC)
        return false;
    finding_say(v, finding_add(v, "personal", NULL, "personal", seq, m->confidence), "read",
                "rule", m->rule, NULL);
    return true;
}

/* Why it takes a while, said while the customer waits or with the apology for it. */
static bool explained(struct view *v, int seq, int done)
{
    const struct mark *m = view_mark(v, seq, MARK_EXPLAINS);

    if (!m || v->exchange_of[seq] == done ||
        !(view_mark(v, seq, MARK_PROMISES) || view_mark(v, seq, MARK_APOLOGISES)))
        return false;
    finding_say(v, finding_add(v, "wait_explained", NULL, "explain", seq, m->confidence),
                "read", "rule", m->rule, NULL);
    return true;
}

void detect_kindness(struct view *v)
{
    int named = -1, told = -1;

    for (size_t i = 0; i < v->t->count; i++) {
        if (!view_is_reply(&v->t->events[i]) || v->exchange_of[i] < 0)
            continue;
        apologies(v, (int)i);
        if (personal(v, (int)i, named))
            named = v->exchange_of[i];
        if (explained(v, (int)i, told))
            told = v->exchange_of[i];
    }
}
