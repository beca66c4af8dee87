/* dead_end (all but the fallback loop), deflection, refused_mail: no way on, or only elsewhere. */
#include <string.h>

#include "harness/judge/detector.h"
#include "harness/judge/likeness.h"

static bool leaves_a_way(const struct view *v, int seq)
{
    return view_mark(v, seq, MARK_ASKS) || view_mark(v, seq, MARK_CONFIRMS) ||
           view_mark(v, seq, MARK_PROMISES) || view_mark(v, seq, MARK_SOLVES) ||
           view_mark(v, seq, MARK_HANDS_OVER) || view_mark(v, seq, MARK_COMPENSATES);
}

static bool is_receipt(const struct view *v, int seq)
{
    const struct exchange *x = view_exchange(v, seq);

    return x && v->responses[v->exchange_of[seq]].receipt_seq == seq;
}

static bool solved_later(const struct view *v, int seq)
{
    for (size_t i = (size_t)seq + 1; i < v->t->count; i++)
        if (view_is_reply(&v->t->events[i]) && view_mark(v, (int)i, MARK_SOLVES))
            return true;
    return false;
}

/* "Please call us." */
static void pushed(struct view *v, const struct event *e)
{
    const struct mark *m = view_mark(v, e->seq, MARK_PUSHES);
    static const double BESIDE_SOMETHING = .45;

    if (!m || is_receipt(v, e->seq) || view_mark(v, e->seq, MARK_SOLVES))
        return;

    bool last = view_is_last_word(v, e->seq) && !leaves_a_way(v, e->seq) &&
                !solved_later(v, e->seq);
    double sure = m->confidence * (!last && leaves_a_way(v, e->seq) ? BESIDE_SOMETHING : 1);
    struct finding *f = last ? finding_add(v, "dead_end", "deflection", "deflect", e->seq, sure)
                             : finding_add(v, "deflection", m->slot, "deflect", e->seq, sure);

    finding_say(v, f, last ? "sent_last" : "sent_on", "to", judge_target(v, m->slot), "rule",
                m->rule, NULL);
}

/* Of a question, a no about ourselves: "we've stopped that" answers, "they have no parking" informs. */
static bool leaves_wanting(const struct view *v, const struct mark *no)
{
    for (int i = no->seq - 1; i >= 0; i--) {
        const struct event *e = view_event(v, i);
        size_t len = strlen(e->text);

        if (e->kind == EVENT_SENT)
            return view_faint_mark(v, i, MARK_REQUESTS) ||
                   (len && likeness_question(e->text, len) && no->value && !strcmp(no->value, "ours"));
    }
    return false;
}

/* "Files aren't released by chat": a no in any words, to somebody who wanted something done. */
static const struct mark *no_in_other_words(const struct view *v, const struct event *e)
{
    static const enum mark_kind more[] = {
        MARK_ACKNOWLEDGES, MARK_REFERENCE, MARK_INFORMS, MARK_EXPLAINS, MARK_APOLOGISES,
        MARK_NOT_UNDERSTOOD,
    };
    const struct mark *no = view_faint_mark(v, e->seq, MARK_REFUSES);
    size_t len = strlen(e->text);

    for (size_t i = 0; i < ARRAY_LEN(more); i++)
        if (view_mark(v, e->seq, more[i]))
            return NULL;
    for (size_t i = (size_t)e->seq + 1; i < v->t->count; i++)
        if (view_is_reply(&v->t->events[i]))             /* on any channel */
            return NULL;
    return no && view_family(v, e) == FAMILY_CHAT && len && !likeness_question(e->text, len) &&
           leaves_wanting(v, no) ? no : NULL;
}

/* "I cannot do that", as the last word. */
static void refused(struct view *v, const struct event *e)
{
    const struct mark *said = view_mark(v, e->seq, MARK_REFUSES);
    const struct mark *m = said ? said : no_in_other_words(v, e);
    static const double SURE = .75, IN_OTHER_WORDS = .55;

    if (!m || view_mark(v, e->seq, MARK_PUSHES) || leaves_a_way(v, e->seq) ||
        view_mark(v, e->seq, MARK_NOT_UNDERSTOOD) || is_receipt(v, e->seq) ||
        view_mark(v, e->seq, MARK_ANYTHING_ELSE) || !view_is_last_word(v, e->seq) ||
        solved_later(v, e->seq))
        return;

    struct finding *f = finding_add(v, "dead_end", "refused", "closed", e->seq,
                                    said ? SURE : IN_OTHER_WORDS);

    finding_say(v, f, "refused_last", "rule", m->rule, NULL);
}

static bool address_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Does the mail name another address to write to than its sender's? */
static bool names_an_address(const struct event *e)
{
    const char *own = e->reply_address ? strchr(e->reply_address, '@') : NULL;
    size_t before = own ? (size_t)(own - e->reply_address) : 0;

    for (const char *at = e->text; (at = strchr(at, '@')); at++) {
        bool same = own && (size_t)(at - e->text) >= before &&
                    !strncmp(at - before, e->reply_address, before) && before;

        if (at > e->text && address_char(at[-1]) && address_char(at[1]) && !same)
            return true;
    }
    return false;
}

/* A mailbox nobody reads, and no other answer after it, nor another address to write to. */
static void nobody_reads(struct view *v, const struct event *e)
{
    const struct mark *m = view_mark(v, e->seq, MARK_NO_REPLY);

    if (!m || view_family(v, e) == FAMILY_FORM || v->exchange_of[e->seq] < 0 ||
        (view_family(v, e) == FAMILY_EMAIL && names_an_address(e)))
        return;
    for (size_t i = (size_t)e->seq + 1; i < v->t->count; i++) {
        const struct event *later = &v->t->events[i];

        if (later->kind == EVENT_MESSAGE && view_family(v, later) == view_family(v, e) &&
            !view_mark(v, later->seq, MARK_NO_REPLY))
            return;
    }

    struct finding *f = finding_add(v, "dead_end", "no_reply_mailbox", "noreply", e->seq,
                                    m->confidence);

    finding_say(v, f, "nothing_else_came", "rule", m->rule, NULL);
}

static bool thanked_before(const struct view *v, int seq)
{
    for (int i = seq - 1; i >= 0; i--)
        if (view_event(v, i)->kind == EVENT_SENT)
            return view_mark(v, i, MARK_THANKS) != NULL;
    return false;
}

/* The conversation was closed before anything was solved; a polite goodbye is not that. */
static void closed(struct view *v, const struct event *e)
{
    const struct mark *m = view_mark(v, e->seq, MARK_CLOSES);

    if (!m || (m->value && !strcmp(m->value, "polite")) || !view_is_last_word(v, e->seq) ||
        leaves_a_way(v, e->seq) || v->j->score.outcome == OUTCOME_SOLVED ||
        thanked_before(v, e->seq))
        return;

    struct finding *f = finding_add(v, "dead_end", "closed", "closed", e->seq, m->confidence);

    finding_say(v, f, "closed_unsolved", "rule", m->rule, NULL);
}

/* Broken channels */

static const struct breakage {
    enum failure failure;
    const char *kind, *variant, *event;
} breakages[] = {
    { FAILURE_HTTP_ERROR, "dead_end", "error", "closed" },
    { FAILURE_BROKEN_LINK, "dead_end", "broken_link", "closed" },
    { FAILURE_UNREACHABLE, "dead_end", "error", "closed" },
    { FAILURE_CLOSED, "dead_end", "closed", "closed" },
    { FAILURE_NO_FORM, "dead_end", "error", "closed" },
    { FAILURE_REFUSED_INPUT, "dead_end", "error", "closed" },
    { FAILURE_REFUSED_MAIL, "refused_mail", NULL, NULL },
    { FAILURE_BOUNCED, "refused_mail", NULL, NULL },
    { FAILURE_BAD_ANSWER, "dead_end", "error", "closed" },
};

static const struct breakage *breakage_of(const struct event *e)
{
    for (size_t i = 0; e->code && i < ARRAY_LEN(breakages); i++)
        if (!strcmp(failure_code(breakages[i].failure), e->code))
            return &breakages[i];
    return NULL;
}

/* It worked after all: the same channel answered later. */
static bool recovered(const struct view *v, const struct event *e)
{
    for (size_t i = (size_t)e->seq + 1; i < v->t->count; i++)
        if (view_is_reply(&v->t->events[i]) && view_same_channel(&v->t->events[i], e))
            return true;
    return false;
}

static bool reported(const struct view *v, const struct breakage *b, const struct event *e)
{
    for (size_t i = 0; i < v->j->findings.count; i++) {
        const struct finding *f = &v->j->findings.items[i];

        if (!strcmp(f->row->kind, b->kind) && f->variant && b->variant &&
            !strcmp(f->variant, b->variant) && f->exchange == v->exchange_of[e->seq] &&
            view_same_channel(view_event(v, f->seq), e))
            return true;
    }
    return false;
}

static void broken(struct view *v, const struct event *e)
{
    static const double SURE = .95;
    const struct breakage *b = breakage_of(e);

    bool mail = b && !strcmp(b->kind, "refused_mail");     /* came back, whatever came later */

    if (!b || (!mail && recovered(v, e)) || reported(v, b, e))
        return;
    if (b->failure == FAILURE_CLOSED && v->j->score.outcome == OUTCOME_SOLVED)
        return;

    struct finding *f = finding_add(v, b->kind, b->variant, b->event, e->seq, SURE);

    const char *what = judge_phrase(v, arena_printf(v->a, "failure.%s", failure_code(b->failure)));

    /* Only a mail server's words are for people; elsewhere the code says it. */
    if (mail && *e->text)
        finding_say(v, f, "failed_saying", "failure", what, "text",
                    arena_printf(v->a, "%.300s", e->text), NULL);
    else
        finding_say(v, f, "failed", "failure", what, NULL);
}

void detect_dead_ends(struct view *v)
{
    for (size_t i = 0; i < v->t->count; i++) {
        const struct event *e = &v->t->events[i];

        if (e->kind == EVENT_FAILED && e->from == PARTY_COMPANY)
            broken(v, e);
        if (!view_is_reply(e))
            continue;
        nobody_reads(v, e);
        pushed(v, e);
        refused(v, e);
        closed(v, e);
    }
}
