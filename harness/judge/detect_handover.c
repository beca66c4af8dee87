/* handover: passed on without having asked for it, or a second time. */
#include "harness/judge/detector.h"

void detect_handover(struct view *v)
{
    bool wanted = false;
    int before = -1, exchange = -1;

    for (size_t i = 0; i < v->t->count; i++) {
        const struct event *e = &v->t->events[i];

        if (e->kind == EVENT_SENT)
            wanted |= view_mark(v, e->seq, MARK_WANTS_HUMAN) != NULL;
        if (!view_is_reply(e) || v->exchange_of[i] < 0)
            continue;

        const struct mark *m = view_mark(v, e->seq, MARK_HANDS_OVER);

        if (!m || v->exchange_of[i] == exchange)
            continue;
        exchange = v->exchange_of[i];
        if (!wanted || before >= 0) {
            struct finding *f = finding_add(v, "handover", before >= 0 ? "second" : NULL,
                                            "transfer", e->seq, m->confidence);

            finding_evidence(v, f, before);
            finding_say(v, f, before >= 0 ? "not_first" : "not_wanted", "rule", m->rule, NULL);
        }
        wanted = false;
        before = e->seq;
    }
}
