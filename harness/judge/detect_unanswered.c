/* unanswered: the customer waited as long as anybody would, and nothing came. */
#include <string.h>

#include "harness/judge/detector.h"

static int64_t timeout_of(const struct view *v, const struct exchange *x)
{
    return x->family == FAMILY_CHAT ? v->e->chat_timeout : v->e->mail_timeout;
}

/* How long the transcript shows the customer without an answer; DURATION_UNKNOWN not at all. */
static int64_t silence(const struct view *v, const struct exchange *x)
{
    int64_t from = view_event(v, x->asked_seq)->t_us;
    int64_t until = v->t->events[v->t->count - 1].t_us;

    return until > from ? until - from : DURATION_UNKNOWN;
}

/* What the customer stopped waiting for was an answer, not only a receipt. */
static bool gave_up_on_answer(const struct view *v, const struct response *r)
{
    const char *code = r->gave_up_seq < 0 ? NULL : view_event(v, r->gave_up_seq)->code;

    return r->gave_up_seq >= 0 && (!code || strcmp(code, wait_names[WAIT_ACKNOWLEDGEMENT]) != 0);
}

static void report(struct view *v, int k, int64_t waited)
{
    const struct exchange *x = &v->j->exchanges[k];
    const struct response *r = &v->responses[k];
    int seq = r->gave_up_seq >= 0 ? r->gave_up_seq : x->asked_seq;
    struct finding *f = finding_add(v, "unanswered", NULL, "unanswered", seq, .95);

    f->exchange = k;
    f->actual_us = waited;
    f->allowed_us = timeout_of(v, x);
    finding_evidence(v, f, x->asked_seq);
    finding_say(v, f, r->gave_up_seq >= 0 ? "gave_up" : "until_the_end", NULL);
}

void detect_unanswered(struct view *v)
{
    for (size_t k = 0; k < v->j->exchange_count; k++) {
        const struct exchange *x = &v->j->exchanges[k];
        const struct response *r = &v->responses[k];

        if (x->asked_seq < 0 || r->answer_seq >= 0 || r->failed_seq >= 0)
            continue;
        if (gave_up_on_answer(v, r)) {
            report(v, (int)k, view_event(v, r->gave_up_seq)->wait_us);
            continue;
        }
        if (x->answered_seq >= 0)
            continue;

        int64_t quiet = silence(v, x);

        if (quiet != DURATION_UNKNOWN && quiet > timeout_of(v, x))
            report(v, (int)k, quiet);
    }
}
