/* The exchanges of a journey, and what came back in each. */
#include <string.h>

#include "harness/judge/view.h"

static int add_exchange(struct view *v, int first_seq, int asked_seq, enum channel_family family)
{
    struct judgement *j = v->j;

    ARENA_GROW(v->a, j->exchanges, v->exchange_cap, j->exchange_count + 1);
    j->exchanges[j->exchange_count] = (struct exchange){
        .first_seq = first_seq, .last_seq = first_seq, .asked_seq = asked_seq, .answered_seq = -1,
        .family = family, .wait_us = DURATION_UNKNOWN, .receipt_us = DURATION_UNKNOWN,
        .answer_us = DURATION_UNKNOWN,
    };
    return (int)j->exchange_count++;
}

/* Two lines in a row in a chat are one turn, unless the customer had given up in between. */
static bool goes_on(const struct view *v, const struct event *e)
{
    if (!v->j->exchange_count || view_family(v, e) != FAMILY_CHAT)
        return false;

    const struct exchange *x = &v->j->exchanges[v->j->exchange_count - 1];

    if (x->answered_seq >= 0 || x->asked_seq < 0 ||
        !view_same_channel(view_event(v, x->asked_seq), e))
        return false;
    for (int seq = x->asked_seq; seq < e->seq; seq++)
        if (view_event(v, seq)->kind == EVENT_GAVE_UP)
            return false;
    return true;
}

/* Whether an exchange belongs to the written thread in which this event arrives. */
static bool fits(const struct view *v, const struct exchange *x, const struct event *e,
                 bool any_written)
{
    if (x->asked_seq < 0)
        return false;
    if (any_written)
        return x->family == FAMILY_EMAIL || x->family == FAMILY_FORM;
    return view_same_channel(view_event(v, x->asked_seq), e);
}

static int home_of(const struct view *v, const struct event *e)
{
    int last = (int)v->j->exchange_count - 1;

    if (e->reply_to >= 0 && e->reply_to < e->seq && v->exchange_of[e->reply_to] >= 0)
        return v->exchange_of[e->reply_to];
    for (int k = last; k >= 0; k--)
        if (fits(v, &v->j->exchanges[k], e, false))
            return k;
    if (view_family(v, e) == FAMILY_EMAIL)
        for (int k = last; k >= 0; k--)
            if (fits(v, &v->j->exchanges[k], e, true))
                return k;
    return last;
}

static bool belongs(const struct event *e)
{
    return view_is_reply(e) || (e->kind == EVENT_FAILED && e->from == PARTY_COMPANY) ||
           e->kind == EVENT_GAVE_UP || e->kind == EVENT_WAITING;
}

static int place(struct view *v, const struct event *e)
{
    if (e->kind == EVENT_SENT) {
        if (goes_on(v, e)) {
            int k = (int)v->j->exchange_count - 1;

            v->j->exchanges[k].asked_seq = e->seq;
            return k;
        }
        return add_exchange(v, e->seq, e->seq, view_family(v, e));
    }
    if (!belongs(e))
        return -1;

    int k = home_of(v, e);

    if (k < 0 && e->from == PARTY_COMPANY)
        k = add_exchange(v, e->seq, -1, view_family(v, e));
    return k;
}

/* A greeting before the customer's first message is part of the first exchange. */
static void adopt_greeting(struct view *v)
{
    struct judgement *j = v->j;

    if (j->exchange_count < 2 || j->exchanges[0].asked_seq >= 0)
        return;
    for (int seq = j->exchanges[0].first_seq; seq <= j->exchanges[0].last_seq; seq++)
        if (view_event(v, seq)->kind == EVENT_FAILED)
            return;
    j->exchanges[1].first_seq = j->exchanges[0].first_seq;
    memmove(j->exchanges, j->exchanges + 1, --j->exchange_count * sizeof *j->exchanges);
    for (size_t i = 0; i < v->t->count; i++)
        if (v->exchange_of[i] > 0)
            v->exchange_of[i]--;
}

static int64_t felt_wait(const struct view *v, const struct event *e, int asked_seq)
{
    if (e->wait_us != DURATION_UNKNOWN)
        return e->wait_us;
    if (asked_seq < 0)
        return DURATION_UNKNOWN;

    int64_t us = e->t_us - view_event(v, asked_seq)->t_us;

    return us > 0 ? us : DURATION_UNKNOWN;
}

void view_exchanges(struct view *v)
{
    v->exchange_of = arena_alloc(v->a, (v->t->count + 1) * sizeof *v->exchange_of);
    for (size_t i = 0; i < v->t->count; i++) {
        const struct event *e = &v->t->events[i];
        int k = v->exchange_of[i] = -1;

        k = v->exchange_of[i] = place(v, e);
        if (k < 0)
            continue;

        struct exchange *x = &v->j->exchanges[k];

        x->last_seq = e->seq;
        if (view_is_reply(e) && x->answered_seq < 0 && e->seq > x->asked_seq) {
            x->answered_seq = e->seq;
            x->wait_us = felt_wait(v, e, x->asked_seq);
        }
    }
    adopt_greeting(v);
}

/* Receipts and answers */

static bool has_any(const struct view *v, int seq, const enum mark_kind *kinds, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (view_mark(v, seq, kinds[i]))
            return true;
    return false;
}

/* Says that something arrived, and nothing about the matter itself. */
static bool is_receipt(const struct view *v, const struct event *e)
{
    static const enum mark_kind more[] = {
        MARK_SOLVES, MARK_ASKS, MARK_REFUSES, MARK_COMPENSATES, MARK_HANDS_OVER, MARK_EXPLAINS,
    };

    if (e->kind == EVENT_PAGE || e->nature == NATURE_AUTOMATIC)
        return true;
    if (view_family(v, e) == FAMILY_CHAT || !view_mark(v, e->seq, MARK_ACKNOWLEDGES) ||
        has_any(v, e->seq, more, ARRAY_LEN(more)))
        return false;
    return e->nature != NATURE_HUMAN || view_mark(v, e->seq, MARK_PROMISES);
}

/* A page or an automatic mail that says nothing of the kind is no receipt either. */
static bool receipts_something(const struct view *v, const struct event *e)
{
    return e->mail_kind == MAIL_ACKNOWLEDGEMENT || view_mark(v, e->seq, MARK_ACKNOWLEDGES) ||
           view_mark(v, e->seq, MARK_REFERENCE);
}

bool view_is_about_it(const struct event *e)
{
    switch (e->mail_kind) {
    case MAIL_OUT_OF_OFFICE: case MAIL_SURVEY: case MAIL_NEWSLETTER: case MAIL_BOUNCE: return false;
    default: return e->nature != NATURE_BOUNCE;
    }
}

static void take(struct view *v, struct response *r, const struct exchange *x,
                 const struct event *e)
{
    if (e->kind == EVENT_GAVE_UP)
        r->gave_up_seq = e->seq;
    if (e->kind == EVENT_FAILED)
        r->failed_seq = e->seq;
    if (!view_is_reply(e) || !view_is_about_it(e) || e->seq < x->asked_seq)
        return;
    if (!is_receipt(v, e)) {
        if (r->answer_seq < 0) {
            r->answer_seq = e->seq;
            r->answer_us = felt_wait(v, e, x->asked_seq);
        }
    } else if (r->receipt_seq < 0 && receipts_something(v, e)) {
        r->receipt_seq = e->seq;
        r->receipt_us = felt_wait(v, e, x->asked_seq);
    }
}

/* A form in several pages: the next one was filled in on the page that answered this one. */
static bool next_page_follows(const struct view *v, int k)
{
    const struct exchange *x = &v->j->exchanges[k], *next = x + 1;

    if ((size_t)k + 1 >= v->j->exchange_count || x->family != FAMILY_FORM ||
        next->family != FAMILY_FORM || next->asked_seq < 0 ||
        !view_same_channel(view_event(v, x->asked_seq), view_event(v, next->asked_seq)))
        return false;
    for (int i = x->asked_seq + 1; i < next->asked_seq; i++)
        if (view_event(v, i)->kind == EVENT_PAGE && view_event(v, i)->reply_to < 0)
            return false;
    return true;
}

int view_form_of(const struct view *v, const struct event *sent)
{
    for (int i = sent->seq - 1; i >= 0; i--) {
        const struct event *e = view_event(v, i);

        if (e->kind == EVENT_FORM && view_same_channel(e, sent))
            return i;
        if (e->kind == EVENT_SENT && view_same_channel(e, sent))
            break;
    }
    return -1;
}

/* Whether the form of a sending has a control of that type; false when the form is not known. */
static bool form_has(const struct view *v, const struct event *sent, const char *type)
{
    int form = view_form_of(v, sent);
    const struct event *e = form < 0 ? NULL : view_event(v, form);
    size_t len = strlen(type);

    for (size_t i = 0; e && i < e->field_count; i++)
        if (!strncmp(e->fields[i].text, type, len) &&
            (!e->fields[i].text[len] || e->fields[i].text[len] == ','))
            return true;
    return false;
}

/** Nothing but a button: "Log out", "Confirm". */
static bool is_a_press(const struct view *v, const struct event *sent)
{
    int form = view_form_of(v, sent);

    return form >= 0 && !sent->field_count && !view_event(v, form)->field_count;
}

/* A login, a sign-up, a search, a press: nobody at the company is written to. */
static bool is_for_a_machine(const struct view *v, const struct event *sent)
{
    return form_has(v, sent, "password") || form_has(v, sent, "search") || is_a_press(v, sent);
}

static bool tells(const struct view *v, int k)
{
    const struct exchange *x = &v->j->exchanges[k];
    const struct event *sent = x->asked_seq < 0 ? NULL : view_event(v, x->asked_seq);

    return x->family != FAMILY_FORM || !sent || view_form_of(v, sent) < 0 ||
           form_has(v, sent, "textarea");
}

/* A receipt is due for every form (of several pages, for the last), and for a mail that begins a
 * thread. */
static bool opens_contact(const struct view *v, int k)
{
    const struct exchange *x = &v->j->exchanges[k];

    if (x->asked_seq < 0 || x->family == FAMILY_CHAT || next_page_follows(v, k))
        return false;

    const char *verb = view_verb(v, view_event(v, x->asked_seq));

    if (!strcmp(verb, "reply") || !strcmp(verb, "chase"))
        return false;
    if (x->family == FAMILY_FORM)
        return !is_for_a_machine(v, view_event(v, x->asked_seq));
    if (!strcmp(verb, "send"))
        return true;
    for (int i = 0; i < k; i++)
        if (v->j->exchanges[i].family == FAMILY_EMAIL)
            return false;
    return true;
}

/* The written message before this one, on the same matter, has had no answer. */
static bool still_open(const struct view *v, const struct exchange *x)
{
    for (const struct exchange *before = x; before-- > v->j->exchanges;)
        if (before->family != FAMILY_CHAT && before->asked_seq >= 0)
            return v->responses[before - v->j->exchanges].answer_seq < 0;
    return false;
}

static bool chases(const struct view *v, const struct exchange *x)
{
    if (x->asked_seq < 0)
        return false;

    const struct event *e = view_event(v, x->asked_seq);

    if (!strcmp(view_verb(v, e), "chase"))
        return true;
    if (x->family != FAMILY_CHAT && view_mark(v, e->seq, MARK_CHASES) && still_open(v, x))
        return true;
    if (e->repeats_seq < 0 || e->repeats_seq >= e->seq)
        return false;

    const struct exchange *before = view_exchange(v, e->repeats_seq);

    return before && before != x && before->answered_seq < 0;
}

void view_responses(struct view *v)
{
    size_t n = v->j->exchange_count;
    bool waited = false;

    v->responses = arena_alloc(v->a, (n + 1) * sizeof *v->responses);
    for (size_t k = 0; k < n; k++)
        v->responses[k] = (struct response){
            -1, -1, DURATION_UNKNOWN, DURATION_UNKNOWN, -1, -1,
            opens_contact(v, (int)k), tells(v, (int)k), false,
        };
    for (size_t i = 0; i < v->t->count; i++) {
        int k = v->exchange_of[i];

        if (k >= 0)
            take(v, &v->responses[k], &v->j->exchanges[k], &v->t->events[i]);
    }
    for (size_t k = 0; k < n; k++)
        v->responses[k].chases = chases(v, &v->j->exchanges[k]);
    for (size_t k = 0; k < n; k++) {             /* for the reports: the two are timed apart */
        v->j->exchanges[k].receipt_us = v->responses[k].receipt_us;
        v->j->exchanges[k].answer_us = v->responses[k].answer_us;
    }
    v->times_unknown = n > 0;
    for (size_t k = 0; k < n; k++) {
        waited |= v->j->exchanges[k].answered_seq >= 0;
        if (v->j->exchanges[k].wait_us != DURATION_UNKNOWN || v->responses[k].gave_up_seq >= 0)
            v->times_unknown = false;
    }
    v->times_unknown &= waited;
}
