/* acknowledgement, missed_acknowledgement, no_reference, no_time_promise, reference, time_named. */
#include <string.h>

#include "harness/base/text.h"
#include "harness/judge/detector.h"

/* Where in an exchange a mark first stands, or -1. */
static int find_mark(const struct view *v, int k, enum mark_kind kind)
{
    const struct exchange *x = &v->j->exchanges[k];

    for (int seq = x->first_seq; seq <= x->last_seq; seq++)
        if (v->exchange_of[seq] == k && view_is_reply(view_event(v, seq)) &&
            view_mark(v, seq, kind))
            return seq;
    return -1;
}

/* How long the customer was seen waiting for a receipt that never came. */
static int64_t waited(const struct view *v, int k)
{
    const struct exchange *x = &v->j->exchanges[k];
    const struct response *r = &v->responses[k];
    int64_t from = view_event(v, x->asked_seq)->t_us;

    if (r->answer_us != DURATION_UNKNOWN)
        return r->answer_us;
    if (r->gave_up_seq >= 0 && view_event(v, r->gave_up_seq)->wait_us != DURATION_UNKNOWN)
        return view_event(v, r->gave_up_seq)->wait_us;
    return v->t->events[v->t->count - 1].t_us - from;
}

static bool gave_up_on_receipt(const struct view *v, int k)
{
    const struct response *r = &v->responses[k];
    const char *code = r->gave_up_seq < 0 ? NULL : view_event(v, r->gave_up_seq)->code;

    return code && !strcmp(code, wait_names[WAIT_ACKNOWLEDGEMENT]) &&
           (r->answer_seq < 0 || r->answer_seq > r->gave_up_seq);
}

/* The page after a form was the moment to say so, and nothing else came. */
static bool silent_page(const struct view *v, int k)
{
    const struct exchange *x = &v->j->exchanges[k];

    return v->responses[k].answer_seq < 0 && x->answered_seq >= 0 &&
           view_event(v, x->answered_seq)->kind == EVENT_PAGE;
}

/** Does the page show a piece of the text that is long enough to be no chance? What may have become
 *  markup there divides it. */
static bool shows(const char *page, const char *text)
{
    enum { WORDS_MIN = 12, WORDS_MAX = 200 };
    static const char between[] = "\n\r\t<>*=[]{}'`_#|\\";

    while (*text) {
        size_t len = strcspn(text, between);
        struct slice piece = text_trim((struct slice){ text, len });
        char words[WORDS_MAX + 1];

        if (piece.len >= WORDS_MIN && piece.len <= WORDS_MAX) {
            memcpy(words, piece.ptr, piece.len);
            words[piece.len] = '\0';
            if (strstr(page, words))
                return true;
        }
        text += len + (text[len] != '\0');
    }
    return false;
}

/** The page after a form shows what was written in it, as a wiki or a forum does: it has arrived. */
static bool shows_words(const struct view *v, int k)
{
    const struct exchange *x = &v->j->exchanges[k];
    const struct event *sent = view_event(v, x->asked_seq);
    const struct event *page = x->answered_seq >= 0 ? view_event(v, x->answered_seq) : NULL;

    if (!page || page->kind != EVENT_PAGE || !page->text)
        return false;
    for (size_t i = 0; i < sent->field_count; i++)
        if (shows(page->text, sent->fields[i].text))
            return true;
    return false;
}

static void missed(struct view *v, int k)
{
    const struct exchange *x = &v->j->exchanges[k];
    const struct response *r = &v->responses[k];
    struct allowance a = view_receipt_allowance(v, k);
    int64_t us = waited(v, k);
    bool late = !v->times_unknown && a.us != DURATION_UNKNOWN && us > a.us;

    if (r->failed_seq >= 0 || (!late && !gave_up_on_receipt(v, k) && !silent_page(v, k)))
        return;
    if (!gave_up_on_receipt(v, k) && shows_words(v, k))
        return;

    int seq = gave_up_on_receipt(v, k) ? r->gave_up_seq
            : r->answer_seq >= 0 ? r->answer_seq
            : x->answered_seq >= 0 ? x->answered_seq : x->asked_seq;
    struct finding *f = finding_add(v, "missed_acknowledgement", NULL, "no_ack", seq,
                                    late || gave_up_on_receipt(v, k) ? .9 : .8);

    f->exchange = k;
    if (late || gave_up_on_receipt(v, k)) {
        f->actual_us = us;
        f->allowed_us = a.us;
    }
    finding_evidence(v, f, x->asked_seq);
    finding_say(v, f, !late ? "no_receipt" : a.promised ? "no_receipt_published"
                                                        : "no_receipt_expected", NULL);
}

/* A receipt that leaves the customer with nothing to hold on to. */
static void incomplete(struct view *v, int k)
{
    static const struct { const char *kind, *event, *why; enum mark_kind mark; double sure; } rows[] = {
        { "no_reference", "no_ref", "no_reference", MARK_REFERENCE, .85 },
        { "no_time_promise", "no_time", "no_time", MARK_PROMISES, .85 },
    };
    const struct exchange *x = &v->j->exchanges[k];
    int seq = v->responses[k].receipt_seq;

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (find_mark(v, k, rows[i].mark) >= 0)
            continue;

        struct finding *f = finding_add(v, rows[i].kind, NULL, rows[i].event, seq, rows[i].sure);

        f->exchange = k;
        finding_evidence(v, f, x->asked_seq);
        finding_say(v, f, rows[i].why, NULL);
    }
}

/* Marks that count as a gain: once an exchange, the rest is only shown. */
static void gains(struct view *v, int k, enum mark_kind mark, const char *kind, const char *event)
{
    const struct exchange *x = &v->j->exchanges[k];
    bool counted = false;

    for (int seq = x->first_seq; seq <= x->last_seq; seq++) {
        if (v->exchange_of[seq] != k || !view_is_reply(view_event(v, seq)) ||
            !view_is_about_it(view_event(v, seq)))
            continue;

        const struct mark *m = view_mark(v, seq, mark);

        if (!m || (mark == MARK_PROMISES && m->within_us <= 0))
            continue;
        if (mark == MARK_ACKNOWLEDGES && view_mark(v, seq, MARK_CONFIRMS))
            continue;                 /* read back before it is done */

        struct finding *f = finding_add(v, kind, NULL, counted ? NULL : event, seq,
                                        m->confidence);

        if (mark == MARK_PROMISES)
            f->allowed_us = view_promised_us(v, m);
        finding_say(v, f, "read", "rule", m->rule, NULL);
        counted = true;
    }
}

/* A reference is new once. */
static void references(struct view *v)
{
    enum { KNOWN_MAX = 64 };
    const char *known[KNOWN_MAX];
    size_t count = 0;

    for (size_t i = 0; i < v->t->count; i++) {
        const struct mark *m = view_is_reply(&v->t->events[i])
                                   ? view_mark(v, (int)i, MARK_REFERENCE) : NULL;
        bool seen = !m || !m->value || v->exchange_of[i] < 0 || count == KNOWN_MAX;

        for (size_t n = 0; !seen && n < count; n++)
            seen = !strcmp(known[n], m->value);
        if (seen)
            continue;
        known[count++] = m->value;
        finding_say(v, finding_add(v, "reference", NULL, "ref", (int)i, m->confidence),
                    "read_value", "value", m->value, "rule", m->rule, NULL);
    }
}

/* In a dialogue whose times nobody knows, what is missing may only have been cut off. */
void detect_receipts(struct view *v)
{
    for (int k = 0; k < (int)v->j->exchange_count; k++) {
        const struct response *r = &v->responses[k];

        gains(v, k, MARK_ACKNOWLEDGES, "acknowledgement", "ack");
        gains(v, k, MARK_PROMISES, "time_named", "time");
        if (!r->opens_contact)
            continue;
        if (r->receipt_seq < 0)
            missed(v, k);
        else if (!v->times_unknown && r->tells)
            incomplete(v, k);
    }
    references(v);
}
