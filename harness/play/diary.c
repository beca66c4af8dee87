/* `chase` by mail: the customer's diary. They write again when the time that the company named has
 * passed and no answer came; a promise that was kept is not chased. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/duration.h"
#include "harness/model/civil.h"
#include "harness/model/when.h"
#include "harness/play/journey.h"

/* What came at the last moment may still be on its way to us: a tenth of the time, in bounds. */
#define GRACE_MIN_US (US_PER_S / 2)
#define GRACE_MAX_US (60 * US_PER_S)

static const char *channel_name(const struct journey *j)
{
    return j->scenario->channels[journey_step(j)->channel].name;
}

/* What the company writes into this thread: its mails, and the page after a form. */
static bool is_thread(const struct journey *j, const struct event *e)
{
    return e->from == PARTY_COMPANY && e->channel &&
           (e->kind == EVENT_PAGE || e->kind == EVENT_MESSAGE) &&
           (!strcmp(e->channel, channel_name(j)) ||
            transcript_family(j->transcript, e->channel) == FAMILY_FORM);
}

/* Seconds since 1970 at which an event was seen. */
static int64_t wall_clock(const struct journey *j, int64_t loop_us)
{
    return (j->audit->o.epoch_us + loop_us) / US_PER_S;
}

static struct hours company_hours(struct journey *j)
{
    struct hours hours = j->scenario->company.hours;
    int64_t started;
    int32_t offset = 0;

    if (!hours.given) {
        civil_parse(j->audit->o.started, &started, &offset);
        hours_assumed(&hours, offset, j->arena);
    }
    return hours;
}

/* The loop time at which what this message promises is due; 0: it promises no answer. */
static int64_t due_by(struct journey *j, const struct event *e, const struct hours *hours)
{
    struct marks marks = { 0 };
    int64_t at = j->started_at + e->t_us, due = 0;

    journey_read(j, e->seq, &marks);
    for (size_t i = 0; i < marks.count; i++) {
        const struct mark *m = &marks.items[i];

        if (m->kind != MARK_PROMISES || m->confidence < .5 || !m->value ||
            strcmp(m->value, "answer") != 0)
            continue;
        if (m->when.kind == WHEN_NONE || m->when.kind == WHEN_SPAN)
            due = at + (m->within_us > 0 ? m->within_us : 0);
        else
            due = when_due(&m->when, wall_clock(j, at), hours) * US_PER_S - j->audit->o.epoch_us;
    }
    return due > at ? due : 0;
}

/* Published: so long after the customer wrote, counted while the company works. */
static int64_t due_as_published(struct journey *j, size_t sent, const struct hours *hours)
{
    int64_t us = j->scenario->company.promises[FAMILY_EMAIL].first_reply;
    int64_t at = j->started_at + j->transcript->events[sent].t_us;

    if (us <= 0)
        return 0;
    if (!hours->given)
        return at + us;
    return hours_add_open(hours, wall_clock(j, at), us / US_PER_S) * US_PER_S -
           j->audit->o.epoch_us + us % US_PER_S;
}

struct page {
    int64_t due;                  /* loop time */
    bool named;                   /* by the company; else as long as this customer would wait */
    int promise;                  /* the message that named it; -1 published */
    bool answered;                /* and nothing more is promised */
};

/* What stands in the diary about this thread. After the customer gave up on what came, only what
 * came later answers them; a new promise takes the old one's place, also that of an answer. */
static struct page look_up(struct journey *j)
{
    const struct transcript *t = j->transcript;
    struct hours hours = company_hours(j);
    size_t first = wait_start(j, channel_name(j));
    struct page p = { .promise = -1 };

    if (first == t->count)
        return p;
    p.due = due_as_published(j, first, &hours);
    p.named = p.due > 0;
    if (!p.named)
        p.due = j->started_at + t->events[first].t_us + j->audit->o.mail_patience_us;
    for (size_t i = first; i < t->count; i++) {
        const struct event *e = &t->events[i];
        int64_t due;

        if (e->kind == EVENT_GAVE_UP && e->channel && !strcmp(e->channel, channel_name(j)) &&
            e->code && strcmp(e->code, wait_names[WAIT_ACKNOWLEDGEMENT]) != 0) {
            p.answered = false;
            if (!p.named)
                p.due = j->started_at + e->t_us;
        }
        if (!is_thread(j, e))
            continue;
        due = wait_about_it(e) ? due_by(j, e, &hours) : 0;
        if (due) {
            p = (struct page){ due, true, e->seq, false };
        } else if (e->kind == EVENT_MESSAGE && wait_fulfils(j, e, WAIT_ANSWER)) {
            p.answered = true;
        }
    }
    return p;
}

static void not_chased(struct journey *j)
{
    journey_note(j, EVENT_NOTE, PARTY_HARNESS, "answered",
                 "not done: the company has answered, so there is nothing to chase");
    journey_end_step(j, STEP_SKIPPED);
}

/* The customer writes when it is due, but waits no longer than the step's `within`. */
static int64_t end_of(const struct journey *j, const struct page *p)
{
    int64_t most = journey_step(j)->within, grace = (p->due - j->wait_from) / 10;
    int64_t end = p->due;

    if (p->named && end > j->wait_from)
        end += grace < GRACE_MIN_US ? GRACE_MIN_US : grace > GRACE_MAX_US ? GRACE_MAX_US : grace;
    return most >= 0 && j->wait_from + most < end ? j->wait_from + most : end;
}

static void tell_wait(struct journey *j, const struct page *p)
{
    struct event e = event_init(EVENT_WAITING, PARTY_CUSTOMER);
    int64_t left = j->diary_end - loop_now(j->audit->o.loop);
    char *text = duration_text(left);

    e.step = (int)j->step;
    e.channel = channel_name(j);
    e.code = wait_names[WAIT_ANSWER];
    e.wait_us = left;
    e.reply_to = p->promise;
    e.text = arena_printf(j->arena, "%s: writes again in %s if no answer comes",
                          !p->named         ? "no time was named"
                          : p->promise >= 0 ? "the company named a time"
                                            : "the company publishes a time", text);
    free(text);
    journey_emit(j, &e);
}

static void rest(struct journey *j)
{
    journey_rest(j, j->diary_end - loop_now(j->audit->o.loop));
}

static void hear(struct journey *j)
{
    struct visit *v = journey_visit(j, journey_step(j)->channel);

    if (v && v->channel->listen)
        v->channel->listen(v);
}

void diary_begin(struct journey *j)
{
    struct page p = look_up(j);

    if (!j->sent_ok) {
        journey_note(j, EVENT_NOTE, PARTY_HARNESS, "skipped",
                     "nothing was sent before, so there is nothing to chase");
        journey_end_step(j, STEP_SKIPPED);
        return;
    }
    if (p.answered) {
        not_chased(j);
        return;
    }
    j->wait_from = loop_now(j->audit->o.loop);
    j->diary_end = end_of(j, &p);
    j->phase = PHASE_DIARY;
    if (j->diary_end > j->wait_from)
        tell_wait(j, &p);
    hear(j);
    if (j->phase == PHASE_DIARY)
        rest(j);
}

void diary_message(struct journey *j, const struct event *e)
{
    struct page p = look_up(j);
    int64_t before = j->diary_end;

    if (e->kind == EVENT_FAILED) {        /* it came back: who would read a reminder? */
        journey_end_step(j, STEP_FAILED);
        return;
    }
    if (e->kind != EVENT_MESSAGE)
        return;
    if (p.answered) {
        not_chased(j);
        return;
    }
    j->diary_end = end_of(j, &p);
    if (j->diary_end != before)
        tell_wait(j, &p);
    rest(j);
}

void diary_timer(struct journey *j)
{
    if (journey_take_turn(j))     /* else the timer fires again */
        step_act(j);
}

void diary_go_on(struct journey *j)
{
    struct page p = look_up(j);

    if (p.answered) {
        not_chased(j);
        return;
    }
    j->diary_end = end_of(j, &p);
    hear(j);
    if (j->phase == PHASE_DIARY)
        rest(j);
}
