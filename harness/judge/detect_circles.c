/* dead_end circles: the company answered to the last, and the customer left with nothing: it said the
 * same for ever, never stopped asking, or led nowhere. */
#include <string.h>

#include "harness/base/text.h"
#include "harness/judge/detector.h"

enum { SAME_TURNS = 3, MANY_TURNS = 10 };

/* The talk that somebody left, seen from its end. */
struct talk {
    const struct event *left, *last;      /* the customer's leaving; the company's last words */
    int first_same;                       /* since this event it has said just that */
    unsigned turns, same;                 /* the customer's; the company's at the end that are alike */
};

/* Backwards, a turn of the company at a time: its last message stands for it. */
static struct talk read_talk(const struct view *v, const struct event *left)
{
    struct talk t = { .left = left, .first_same = -1 };
    bool counts = true, heard = false;

    for (int i = left->seq; i-- > 0;) {
        const struct event *e = view_event(v, i);

        if (!view_same_channel(e, left))
            continue;
        if (e->kind == EVENT_SENT) {
            if (!t.last)
                return t;                 /* nobody answered: that is another finding */
            t.turns++;
            counts &= heard;
            heard = false;
        } else if (view_is_reply(e) && !heard) {
            heard = true;
            t.last = t.last ? t.last : e;
            counts = counts && text_same(e->text, t.last->text);
            t.same += counts;
            t.first_same = counts ? e->seq : t.first_same;
        }
    }
    return t;
}

/* Something bad is said about the last exchange already. */
static bool is_told(const struct view *v, const struct talk *t)
{
    static const char *const kinds[] = { "dead_end", "repeated_question", "not_understood",
                                         "deflection" };

    for (size_t i = 0; i < v->j->findings.count; i++) {
        const struct finding *f = &v->j->findings.items[i];

        for (size_t k = 0; k < ARRAY_LEN(kinds); k++)
            if (!strcmp(f->row->kind, kinds[k]) && f->seq >= 0 &&
                v->exchange_of[f->seq] == v->exchange_of[t->last->seq])
                return true;
    }
    return false;
}

/* What was said last was worth something, whatever this customer had hoped for. */
static bool leads_somewhere(const struct view *v, const struct talk *t)
{
    static const enum mark_kind kinds[] = { MARK_SOLVES, MARK_COMPENSATES, MARK_PROMISES,
                                            MARK_HANDS_OVER };

    for (int seq = t->last->seq; seq > 0 && v->exchange_of[seq] == v->exchange_of[t->last->seq]; seq--)
        for (size_t k = 0; k < ARRAY_LEN(kinds); k++)
            if (view_mark(v, seq, kinds[k]))
                return true;
    return false;
}

static void report(struct view *v, const struct talk *t)
{
    bool same = t->same >= SAME_TURNS, many = t->turns >= MANY_TURNS;
    struct finding *f = finding_add(v, "dead_end", "circles", "loop", t->last->seq,
                                    same || many ? .9 : .7);

    if (same)
        finding_evidence(v, f, t->first_same);
    finding_evidence(v, f, t->left->seq);
    finding_say(v, f, same ? "same_words" : many ? "no_end" : "left_with_nothing", "turns",
                judge_number(v, (int)(same ? t->same : t->turns)), NULL);
}

void detect_circles(struct view *v)
{
    for (size_t i = 0; i < v->t->count && v->j->score.outcome != OUTCOME_SOLVED; i++) {
        const struct event *e = &v->t->events[i];
        struct talk t;

        if (e->kind != EVENT_GAVE_UP || view_family(v, e) != FAMILY_CHAT || !e->channel)
            continue;
        t = read_talk(v, e);
        if (t.last && t.turns > 1 && !is_told(v, &t) && !leads_somewhere(v, &t))
            report(v, &t);
    }
}
