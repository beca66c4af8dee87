#include "harness/judge/view.h"

#include <string.h>

#include "harness/model/civil.h"

enum { HTTP_ERRORS = 400 };       /* an error page is a failure, no reply */

const struct event *view_event(const struct view *v, int seq)
{
    return &v->t->events[seq];
}

const struct mark *view_marks(const struct view *v, int seq, const struct mark **end)
{
    const struct mark *items = v->j->marks.items;

    *end = items ? items + v->first_mark[seq + 1] : NULL;
    return items ? items + v->first_mark[seq] : NULL;
}

const struct mark *view_faint_mark(const struct view *v, int seq, enum mark_kind kind)
{
    const struct mark *end, *k = view_marks(v, seq, &end);

    while (k < end && k->kind != kind)
        k++;
    return k < end ? k : NULL;
}

const struct mark *view_mark(const struct view *v, int seq, enum mark_kind kind)
{
    const struct mark *end, *m = view_marks(v, seq, &end), *best = NULL;

    for (; m < end; m++)
        if (m->kind == kind && m->confidence >= CONFIDENCE_COUNTS &&
            (!best || m->confidence > best->confidence))
            best = m;
    return best;
}

enum channel_family view_family(const struct view *v, const struct event *e)
{
    enum channel_family f = e->channel ? transcript_family(v->t, e->channel) : FAMILY_COUNT;

    /* The chat on a page: what is said there is said in a chat. */
    if (f == FAMILY_FORM && e->step >= 0 && (size_t)e->step < v->t->step_count &&
        !strcmp(v->t->steps[e->step].verb, "say"))
        return FAMILY_CHAT;
    return f == FAMILY_COUNT ? FAMILY_CHAT : f;
}

bool view_same_channel(const struct event *a, const struct event *b)
{
    return a->channel && b->channel ? !strcmp(a->channel, b->channel) : a->channel == b->channel;
}

bool view_is_reply(const struct event *e)
{
    return e->from == PARTY_COMPANY &&
           (e->kind == EVENT_MESSAGE ||
            (e->kind == EVENT_PAGE && e->reply_to >= 0 && e->status < HTTP_ERRORS));
}

const struct exchange *view_exchange(const struct view *v, int seq)
{
    int k = v->exchange_of[seq];

    return k < 0 ? NULL : &v->j->exchanges[k];
}

int view_last_reply(const struct view *v, int exchange)
{
    const struct exchange *x = &v->j->exchanges[exchange];

    for (int seq = x->last_seq; seq >= x->first_seq; seq--)
        if (v->exchange_of[seq] == exchange && view_is_reply(view_event(v, seq)))
            return seq;
    return -1;
}

bool view_is_last_word(const struct view *v, int seq)
{
    const struct event *e = view_event(v, seq);

    for (int i = seq + 1; i < (int)v->t->count; i++)
        if (view_is_reply(view_event(v, i)) && view_same_channel(view_event(v, i), e))
            return false;
    return true;
}

const char *view_verb(const struct view *v, const struct event *e)
{
    if (e->step < 0 || (size_t)e->step >= v->t->step_count || !v->t->steps[e->step].verb)
        return "";
    return v->t->steps[e->step].verb;
}

static void read_marks(struct view *v)
{
    v->first_mark = arena_alloc(v->a, (v->t->count + 2) * sizeof *v->first_mark);
    for (size_t i = 0; i < v->t->count; i++) {
        v->first_mark[i] = v->j->marks.count;
        reader_read_again(v->reader, v->read_before, v->t, (int)i, v->a, &v->j->marks);
    }
    v->first_mark[v->t->count] = v->first_mark[v->t->count + 1] = v->j->marks.count;
}

static void read_hours(struct view *v)
{
    int32_t offset = 0;

    v->dated = civil_parse(v->t->started, &v->started, &offset);
    if (v->t->hours.given)
        v->hours = v->t->hours;
    else
        hours_assumed(&v->hours, offset, v->a);
}

static int64_t wall_clock(const struct view *v, int seq)
{
    return v->started + view_event(v, seq)->t_us / US_PER_S;
}

int64_t view_promised_us(const struct view *v, const struct mark *m)
{
    int64_t said, due;

    if (!v->dated || m->when.kind == WHEN_NONE || m->when.kind == WHEN_SPAN)
        return m->within_us;
    said = wall_clock(v, m->seq);
    due = when_due(&m->when, said, &v->hours);
    return due > said ? (due - said) * US_PER_S : m->within_us;
}

int64_t view_open_us(const struct view *v, int seq, int64_t us)
{
    int64_t from, open;

    if (!v->dated || !v->t->hours.given || us == DURATION_UNKNOWN)
        return us;
    from = wall_clock(v, seq);
    open = hours_open_between(&v->hours, from, from + us / US_PER_S) * US_PER_S;
    return open > 0 ? open : 1;
}

void view_build(struct view *v)
{
    read_hours(v);
    read_marks(v);
    view_exchanges(v);
    view_responses(v);
    view_memory(v);
}

static void add_ordinary(struct view *v, struct ordinary x)
{
    if (x.amount <= 0)
        return;
    ARENA_GROW(v->a, v->waits, v->wait_cap, v->wait_count + 1);
    v->waits[v->wait_count++] = x;
}

void view_add_wait(struct view *v, int exchange, double amount)
{
    add_ordinary(v, (struct ordinary){ amount, exchange, false });
}

void view_add_early(struct view *v, int exchange, double amount)
{
    add_ordinary(v, (struct ordinary){ amount, exchange, true });
}

/* Allowed times */

static const char *expectation_name(const struct view *v, int exchange)
{
    const struct exchange *x = &v->j->exchanges[exchange];

    if (x->family == FAMILY_EMAIL)
        return "email";
    if (x->family == FAMILY_FORM)
        return "form";
    for (int k = 0; k < exchange; k++)
        if (v->j->exchanges[k].asked_seq >= 0 && x->asked_seq >= 0 &&
            view_same_channel(view_event(v, v->j->exchanges[k].asked_seq),
                              view_event(v, x->asked_seq)))
            return "chat_next";
    return "chat";
}

static struct allowance allowance(const struct view *v, int64_t published, const char *name)
{
    const struct expected_time *row = expectations_time(v->e, name);

    if (published != DURATION_UNKNOWN)
        return (struct allowance){ published, true, false, -1 };
    return (struct allowance){ row ? row->within_us : DURATION_UNKNOWN, false, false, -1 };
}

/* A form's answer usually comes by mail: what the company publishes for mail holds then too. */
static int64_t published(const struct view *v, enum channel_family family, size_t member)
{
    enum channel_family order[2] = { family, family == FAMILY_FORM ? FAMILY_EMAIL : family };

    for (size_t i = 0; i < ARRAY_LEN(order); i++) {
        const struct promises *p = &v->t->promises[order[i]];
        int64_t us = member == offsetof(struct promises, first_reply) ? p->first_reply
                   : member == offsetof(struct promises, next_reply) ? p->next_reply
                                                                     : p->acknowledgement;

        if (us != DURATION_UNKNOWN)
            return us;
    }
    return DURATION_UNKNOWN;
}

struct allowance view_receipt_allowance(const struct view *v, int exchange)
{
    return allowance(v, published(v, v->j->exchanges[exchange].family,
                                  offsetof(struct promises, acknowledgement)), "acknowledgement");
}

/* The last time a receipt of this exchange named for the answer. */
static struct allowance spoken(const struct view *v, int exchange)
{
    const struct exchange *x = &v->j->exchanges[exchange];
    int answer = v->responses[exchange].answer_seq;
    struct allowance found = { DURATION_UNKNOWN, true, true, -1 };

    for (int seq = x->first_seq; seq <= x->last_seq && (answer < 0 || seq < answer); seq++) {
        if (v->exchange_of[seq] != exchange || !view_is_reply(view_event(v, seq)))
            continue;

        const struct mark *m = view_mark(v, seq, MARK_PROMISES);

        if (m && view_promised_us(v, m) > 0) {
            found.us = view_promised_us(v, m);
            found.spoken_seq = seq;
        }
    }
    return found;
}

struct allowance view_usual_allowance(const struct view *v, int exchange)
{
    const char *name = expectation_name(v, exchange);
    size_t member = !strcmp(name, "chat_next") ? offsetof(struct promises, next_reply)
                                               : offsetof(struct promises, first_reply);

    return allowance(v, published(v, v->j->exchanges[exchange].family, member), name);
}

struct allowance view_answer_allowance(const struct view *v, int exchange)
{
    struct allowance said = spoken(v, exchange);

    if (said.us != DURATION_UNKNOWN && v->j->exchanges[exchange].family != FAMILY_CHAT)
        return said;
    return view_usual_allowance(v, exchange);
}
