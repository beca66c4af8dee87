/* slow_reply, broken_promise by being late, early_reply: how long things took. */
#include <string.h>

#include "harness/judge/detector.h"
#include "harness/judge/score.h"

static double seconds(int64_t us)
{
    return (double)us / US_PER_S;
}

/* A late message that says why is easier to bear. */
static unsigned wait_flags_of(const struct view *v, int k, int seq, const struct allowance *a)
{
    const struct exchange *x = &v->j->exchanges[k];
    bool named = a->promised;

    for (int i = x->first_seq; !named && i < seq; i++)
        named = v->exchange_of[i] == k && view_is_reply(view_event(v, i)) &&
                view_mark(v, i, MARK_PROMISES);
    return (named ? 0u : WAIT_UNCERTAIN) |
           (view_mark(v, seq, MARK_EXPLAINS) ? 0u : WAIT_UNEXPLAINED);
}

/* What may have been our own lateness is not held against the company: where it decides, the finding
 * is a doubt, and elsewhere it costs nothing. */
static void late(struct view *v, int k, int seq, int64_t us, const struct allowance *a,
                 const char *what)
{
    int64_t sure_us = us - view_event(v, seq)->lag_us;
    double sure = sure_us > a->us ? .95 : .3;
    double actual = seconds(sure_us > a->us ? sure_us : us), allowed = seconds(a->us);
    struct finding *f = a->promised
        ? finding_add(v, "broken_promise", what, "broken", seq, sure)
        : finding_add(v, "slow_reply", what, NULL, seq, sure);

    f->exchange = k;
    f->actual_us = us;
    f->allowed_us = a->us;
    f->loss = a->promised ? broken_loss(actual, allowed)
                          : wait_loss(actual, allowed, wait_flags_of(v, k, seq, a));
    finding_evidence(v, f, v->j->exchanges[k].asked_seq);
    finding_evidence(v, f, a->spoken_seq);
    finding_say(v, f, a->spoken ? "late_said" : a->promised ? "late_published" : "late_expected",
                "what", judge_what(v, what), NULL);
}

static void early(struct view *v, int k, int seq, int64_t us, const struct allowance *a,
                  const char *what)
{
    double gain = wait_gain(seconds(us), seconds(a->us));
    struct finding *f = finding_add(v, "early_reply", what, NULL, seq, .95);

    f->exchange = k;
    f->actual_us = us;
    f->allowed_us = a->us;
    f->loss = gain;
    finding_evidence(v, f, v->j->exchanges[k].asked_seq);
    finding_say(v, f, "early", "what", judge_what(v, what), NULL);
}

/* Half the time allowed, or less, is early enough to be noticed. */
static const int EARLY_PARTS = 2;

static void judge_wait(struct view *v, int k, int seq, int64_t us, const struct allowance *a,
                       const char *what)
{
    if (seq < 0 || us == DURATION_UNKNOWN || a->us == DURATION_UNKNOWN || a->us <= 0)
        return;
    if (us > a->us) {
        late(v, k, seq, us, a, what);
    } else if (us <= a->us / EARLY_PARTS) {
        early(v, k, seq, us, a, what);
    } else {
        view_add_early(v, k, wait_gain(seconds(us), seconds(a->us)));
        if (!a->promised)
            view_add_wait(v, k, wait_loss(seconds(us), seconds(a->us),
                                          wait_flags_of(v, k, seq, a) & WAIT_UNCERTAIN));
    }
}

/* "We answer within two weeks": half the loss of that wait at once. Measured against what the
 * company publishes, else against what customers expect. */
static void long_time_named(struct view *v, int k)
{
    struct allowance said = view_answer_allowance(v, k), usual = view_usual_allowance(v, k);

    if (said.spoken && usual.us != DURATION_UNKNOWN)
        view_add_wait(v, k, .5 * wait_loss(seconds(view_open_us(v, said.spoken_seq, said.us)),
                                           seconds(usual.us), 0));
}

/* The same in a chat: "this will take ten minutes". A time longer than anybody stays in a chat is
 * meant for a mail, and measured like one. */
static void long_time_named_in_chat(struct view *v, int k)
{
    const struct exchange *x = &v->j->exchanges[k];
    const struct expected_time *mail = expectations_time(v->e, "email");
    struct allowance usual = view_usual_allowance(v, k);

    for (int seq = x->first_seq; seq <= x->last_seq; seq++) {
        const struct mark *m = v->exchange_of[seq] == k && view_is_reply(view_event(v, seq))
                                   ? view_mark(v, seq, MARK_PROMISES) : NULL;

        if (!m || m->within_us <= 0 || !m->value || strcmp(m->value, "answer") != 0)
            continue;

        int64_t usual_us = m->within_us <= v->e->chat_timeout ? usual.us
                           : mail ? mail->within_us : DURATION_UNKNOWN;

        if (usual_us != DURATION_UNKNOWN)
            view_add_wait(v, k, .5 * wait_loss(seconds(m->within_us), seconds(usual_us), 0));
        return;
    }
}

static void written(struct view *v, int k)
{
    const struct response *r = &v->responses[k];
    struct allowance receipt = view_receipt_allowance(v, k), answer = view_answer_allowance(v, k);

    if (r->opens_contact)
        judge_wait(v, k, r->receipt_seq, r->receipt_us, &receipt, "acknowledgement");
    if (answer.spoken)
        long_time_named(v, k);                   /* kept or broken: detect_promises */
    else
        judge_wait(v, k, r->answer_seq,          /* people answer when the company is open */
                   view_open_us(v, v->j->exchanges[k].asked_seq, r->answer_us), &answer, "answer");
}

void detect_waits(struct view *v)
{
    for (int k = 0; k < (int)v->j->exchange_count; k++) {
        const struct exchange *x = &v->j->exchanges[k];

        if (x->asked_seq < 0)
            continue;
        if (x->family == FAMILY_CHAT) {
            struct allowance a = view_answer_allowance(v, k);

            judge_wait(v, k, x->answered_seq, x->wait_us, &a, "reply");
            long_time_named_in_chat(v, k);
        } else {
            written(v, k);
        }
    }
}
