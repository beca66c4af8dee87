/* `wait`: until what the customer waits for has come, or the customer's time is up. */
#include "harness/base/duration.h"
#include "harness/base/regex.h"
#include "harness/play/journey.h"

#include <stdlib.h>
#include <string.h>

static bool already_consumed(const struct journey *j, int seq)
{
    for (size_t i = 0; i < j->consumed_count; i++)
        if (j->consumed[i] == seq)
            return true;
    return false;
}

bool wait_about_it(const struct event *e)
{
    return e->mail_kind != MAIL_OUT_OF_OFFICE && e->mail_kind != MAIL_SURVEY &&
           e->mail_kind != MAIL_NEWSLETTER;
}

/* Read with the marks, as they would. */
bool wait_fulfils(struct journey *j, const struct event *e, enum wait_for what)
{
    struct marks marks = { 0 };
    bool acknowledges = false, solves = false, promises = false, says_more = false;

    if (what == WAIT_MESSAGE)
        return true;
    if (!wait_about_it(e))
        return false;
    journey_read(j, e->seq, &marks);
    for (size_t i = 0; i < marks.count; i++) {
        switch (marks.items[i].kind) {
        case MARK_ACKNOWLEDGES: acknowledges = true; break;
        case MARK_SOLVES: case MARK_COMPENSATES: solves = true; break;
        case MARK_PROMISES: promises = true; break;
        case MARK_EXPLAINS: case MARK_ASKS: case MARK_REFUSES: case MARK_HANDS_OVER:
        case MARK_PUSHES: says_more = true; break;
        default: break;
        }
    }

    bool automatic = e->nature == NATURE_AUTOMATIC;
    bool receipt_only = acknowledges && !solves && !says_more;
    bool answer = !automatic && (e->nature == NATURE_HUMAN ? !receipt_only || !promises
                                                            : !receipt_only);

    switch (what) {
    case WAIT_ACKNOWLEDGEMENT: return acknowledges || automatic || answer;
    case WAIT_ANSWER: return answer;
    case WAIT_RESOLUTION:
        return solves || (journey_goal(j) &&
                          regex_search(journey_goal(j), slice_str(e->text), 0, NULL) == ST_OK);
    default: return true;
    }
}

static bool is_message(const struct event *e)
{
    return e->from == PARTY_COMPANY && e->kind == EVENT_MESSAGE;
}

static bool try_message(struct journey *j, const struct event *e)
{
    const struct step *s = journey_step(j);

    if (!is_message(e) || already_consumed(j, e->seq) || !wait_fulfils(j, e, s->wait_for))
        return false;
    ARENA_GROW(j->arena, j->consumed, j->consumed_cap, j->consumed_count + 1);
    j->consumed[j->consumed_count++] = e->seq;
    return true;
}

size_t wait_start(const struct journey *j, const char *channel)
{
    const struct transcript *t = j->transcript;
    size_t first = t->count;

    for (size_t i = t->count; i-- > 0;) {
        const struct event *e = &t->events[i];

        if (e->kind != EVENT_SENT)
            continue;
        if (e->channel && !strcmp(e->channel, channel))
            return i;
        first = i;
    }
    return first;
}

/* Mail waits at its server, with the time it came; what a chat says is heard only by who is there. */
static void rest(struct journey *j, int64_t left_us)
{
    if (j->scenario->channels[journey_step(j)->channel].family == FAMILY_EMAIL)
        journey_rest(j, left_us);
    else
        journey_timer(j, left_us > 0 ? left_us : 0);
}

void wait_begin(struct journey *j)
{
    const struct step *s = journey_step(j);
    const struct channel_spec *spec = &j->scenario->channels[s->channel];
    struct visit *v = journey_visit(j, s->channel);
    int64_t patience = journey_patience(j);

    if (!v) {
        journey_end_step(j, STEP_FAILED);
        return;
    }
    if (!j->sent_ok) {
        journey_note(j, EVENT_NOTE, PARTY_HARNESS, "skipped",
                     "nothing was sent before, so there is nothing to wait for");
        journey_end_step(j, STEP_SKIPPED);
        return;
    }

    struct event e = event_init(EVENT_WAITING, PARTY_CUSTOMER);
    char *most = duration_text(patience);

    e.step = (int)j->step;
    e.channel = spec->name;
    e.code = wait_names[s->wait_for];
    e.wait_us = patience;
    e.text = arena_printf(j->arena, "waiting for %s, at most %s", wait_names[s->wait_for], most);
    free(most);

    size_t from = wait_start(j, spec->name);

    for (size_t i = from; i < j->transcript->count; i++) {
        const struct event *seen = &j->transcript->events[i];

        if (seen->channel && !strcmp(seen->channel, spec->name) && try_message(j, seen)) {
            journey_end_step(j, STEP_MET);
            return;
        }
    }
    journey_emit(j, &e);
    if (v->channel->listen)
        v->channel->listen(v);
    j->wait_from = loop_now(j->audit->o.loop);
    j->phase = PHASE_WAIT;
    rest(j, patience);
}

static void give_up(struct journey *j, int64_t at_us);

/* Something came at `at_us` while nobody played. Had the customer stopped waiting by then? */
bool wait_is_over(struct journey *j, int64_t at_us)
{
    int64_t end = j->wait_from + journey_patience(j);

    if (at_us <= end)
        return false;
    give_up(j, end);
    return true;
}

/* What came while nobody played is in the transcript by now. */
void wait_go_on(struct journey *j)
{
    const struct step *s = journey_step(j);
    struct visit *v = journey_visit(j, s->channel);
    int64_t left = j->wait_from + journey_patience(j) - loop_now(j->audit->o.loop);

    if (!v) {
        journey_end_step(j, STEP_FAILED);
        return;
    }
    if (v->channel->listen)
        v->channel->listen(v);
    rest(j, left);
}

void wait_message(struct journey *j, const struct event *e)
{
    if (try_message(j, e))
        journey_end_step(j, STEP_MET);
    else if (e->kind == EVENT_FAILED)
        journey_end_step(j, STEP_FAILED);
}

/* After a resume the time may be long past: what is told is when the customer stopped. */
void wait_timer(struct journey *j)
{
    int64_t now = loop_now(j->audit->o.loop), end = j->wait_from + journey_patience(j);

    give_up(j, j->away_us && end < now ? end : now);
}

static void give_up(struct journey *j, int64_t at_us)
{
    const struct step *s = journey_step(j);
    struct event e = event_init(EVENT_GAVE_UP, PARTY_CUSTOMER);
    int64_t waited = at_us - j->wait_from;
    char *text = duration_text(waited);

    e.step = (int)j->step;
    e.channel = j->scenario->channels[s->channel].name;
    e.code = wait_names[s->wait_for];
    e.t_us = at_us - j->started_at;
    e.wait_us = waited;
    e.text = arena_printf(j->arena, "no %s after %s: stopped waiting", wait_names[s->wait_for],
                          text);
    free(text);
    journey_emit(j, &e);
    journey_end_step(j, STEP_UNMET);
}
