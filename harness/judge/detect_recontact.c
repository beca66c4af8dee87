/* recontact: the customer had to write again. */
#include "harness/judge/detector.h"

void detect_recontact(struct view *v)
{
    for (size_t k = 0; k < v->j->exchange_count; k++) {
        const struct exchange *x = &v->j->exchanges[k];

        if (!v->responses[k].chases)
            continue;

        struct finding *f = finding_add(v, "recontact", NULL, "recontact", x->asked_seq, .95);
        const struct event *e = view_event(v, x->asked_seq);

        if (e->repeats_seq < e->seq)
            finding_evidence(v, f, e->repeats_seq);
        finding_say(v, f, "asks_again", "event", judge_number(v, x->asked_seq), NULL);
    }
}
