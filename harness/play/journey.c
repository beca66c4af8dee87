#include "harness/play/journey.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "harness/base/regex.h"
#include "harness/base/text.h"
#include "harness/channels/http_connections.h"

static const char *slug(struct arena *a, size_t number, const char *name)
{
    char *folded = text_folded(name), *out = arena_alloc(a, 48);
    size_t n = 0;

    for (const char *p = folded; *p && n < 24; p++) {
        bool plain = (*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9');

        if (plain)
            out[n++] = *p;
        else if (n && out[n - 1] != '-')
            out[n++] = '-';
    }
    free(folded);
    while (n && out[n - 1] == '-')
        n--;
    out[n] = '\0';
    return arena_printf(a, "%s%s%zu", out, n ? "-" : "", number + 1);
}

/* Who begins late in a long run may have another day than the run. */
static const char *started(const struct journey *j, struct arena *a)
{
    int64_t set_us = loop_wall_set(j->audit->o.loop);
    time_t at = (time_t)((j->audit->o.epoch_us + j->started_at + set_us) / US_PER_S);
    struct tm tm;
    char text[32];

    gmtime_r(&at, &tm);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm);
    return arena_strdup(a, text);
}

/* The header: all that judging needs to know of the scenario. */
static void fill_header(struct journey *j)
{
    const struct scenario *s = j->scenario;
    struct transcript *t = j->transcript;
    struct arena *a = t->arena;

    t->journey = arena_strdup(a, s->name);
    t->file = arena_strdup(a, s->path);
    t->line = s->name_at.line;
    t->language = arena_strdup(a, s->language);
    t->started = started(j, a);
    t->customer_name = arena_strdup(a, journey_value(j, "customer.name"));
    t->customer_email = arena_strdup(a, journey_value(j, "customer.email"));
    t->company_name = arena_strdup(a, s->company.name);
    memcpy(t->promises, s->company.promises, sizeof t->promises);
    t->hours = hours_copy(a, &s->company.hours);
    t->goal_solved = arena_strdup(a, s->goal.solved.text);
    t->goal_partly = arena_strdup(a, s->goal.partly.text);
    t->bar_score = s->bar.score;

    t->knows = arena_alloc(a, (s->customer.knows.count + 1) * sizeof *t->knows);
    for (size_t i = 0; i < s->customer.knows.count; i++) {
        const char *missing;
        const char *value = journey_render(j, s->customer.knows.items[i].value, &missing);

        t->knows[t->know_count++] = (struct named_text){
            arena_strdup(a, s->customer.knows.items[i].name), arena_strdup(a, value ? value : ""),
        };
    }
    t->security = arena_alloc(a, (s->customer.security.count + 1) * sizeof *t->security);
    for (size_t i = 0; i < s->customer.security.count; i++)
        t->security[t->security_count++] = arena_strdup(a, s->customer.security.items[i]);
    t->channels = arena_alloc(a, (s->channel_count + 1) * sizeof *t->channels);
    for (size_t i = 0; i < s->channel_count; i++)
        t->channels[t->channel_count++] = (struct transcript_channel){
            arena_strdup(a, s->channels[i].name), arena_strdup(a, s->channels[i].type),
            s->channels[i].family,
        };
    t->bar_never = arena_alloc(a, (s->bar.never.count + 1) * sizeof *t->bar_never);
    for (size_t i = 0; i < s->bar.never.count; i++)
        t->bar_never[t->bar_never_count++] = arena_strdup(a, s->bar.never.items[i]);
    t->tags = arena_alloc(a, (s->tags.count + 1) * sizeof *t->tags);
    for (size_t i = 0; i < s->tags.count; i++)
        t->tags[t->tag_count++] = arena_strdup(a, s->tags.items[i]);
    t->steps = arena_alloc(a, (s->steps.count + 1) * sizeof *t->steps);
    for (size_t i = 0; i < s->steps.count; i++) {
        const struct step *step = &s->steps.items[i];

        t->steps[t->step_count++] = (struct transcript_step){
            step->at.line, verb_name(step->verb), arena_strdup(a, step->name),
            step->channel >= 0 ? arena_strdup(a, s->channels[step->channel].name) : NULL,
        };
    }
}

struct journey *journey_new(struct audit *a, size_t index, const struct scenario *s)
{
    struct journey *j = mem_zero(1, sizeof *j);

    j->audit = a;
    j->index = index;
    j->number = a->o.numbers ? a->o.numbers[index] : index;
    j->scenario = s;
    j->arena = arena_new();
    j->id = slug(j->arena, j->number, s->name);
    j->transcript = transcript_new();
    door_init(&j->door, j->arena);
    j->visits = arena_alloc(j->arena, (s->channel_count + 1) * sizeof *j->visits);
    j->started_at = loop_now(a->o.loop);
    j->phase = PHASE_IDLE;
    fill_header(j);
    return j;
}

void journey_free(struct journey *j)
{
    if (!j)
        return;
    j->phase = PHASE_OVER;        /* nothing that closing brings goes to an observer any more */
    timer_cancel(j->timer);
    timer_cancel(j->leaving);
    links_stop(j);
    polite_leave(j->audit->polite, &j->turn);
    journey_close_visits(j);
    connections_free(j->connections);
    transcript_free(j->transcript);
    keep_forget(j->audit->keep, j);
    arena_free(j->arena);
    free(j);
}

const struct step *journey_step(const struct journey *j)
{
    return &j->scenario->steps.items[j->step];
}

int64_t journey_patience(const struct journey *j)
{
    const struct step *step = journey_step(j);

    if (step->within >= 0)
        return step->within;
    if (step->channel >= 0 &&
        j->scenario->channels[step->channel].family == FAMILY_EMAIL)
        return j->audit->o.mail_patience_us;
    return j->scenario->customer.patience.reply > 0 ? j->scenario->customer.patience.reply
                                                    : j->audit->o.chat_patience_us;
}

const struct regex *journey_goal(const struct journey *j)
{
    return j->scenario->goal.solved.regex;
}

bool journey_goal_met(const struct journey *j, int from_seq)
{
    const struct regex *goal = journey_goal(j);

    for (size_t i = (size_t)from_seq; goal && i < j->transcript->count; i++) {
        const struct event *e = &j->transcript->events[i];

        if (e->from == PARTY_COMPANY && (e->kind == EVENT_MESSAGE || e->kind == EVENT_PAGE) &&
            regex_search(goal, slice_str(e->text), 0, NULL) == ST_OK)
            return true;
    }
    return false;
}

/* Values of variables */

void journey_capture(struct journey *j, const char *name, const char *value)
{
    for (size_t i = 0; i < j->capture_count; i++) {
        if (!strcmp(j->captures[i].name, name)) {
            j->captures[i].value = arena_strdup(j->arena, value);
            return;
        }
    }
    ARENA_GROW(j->arena, j->captures, j->capture_cap, j->capture_count + 1);
    j->captures[j->capture_count++] = (struct capture){
        arena_strdup(j->arena, name), arena_strdup(j->arena, value),
    };
}

/* An environment variable that is named like a secret is one. */
static const char *env_value(struct journey *j, const char *name)
{
    static const char *const marks[] = { "PASS", "SECRET", "TOKEN", "KEY", "CREDENTIAL" };
    const char *value = j->audit->o.env.get(j->audit->o.env.context, name);

    for (size_t i = 0; value && i < ARRAY_LEN(marks); i++)
        if (strstr(name, marks[i]))
            door_keep_out(&j->door, value);
    return value;
}

static const char *known_value(struct journey *j, const char *name)
{
    const struct customer *c = &j->scenario->customer;
    const char *missing;

    for (size_t i = 0; i < c->knows.count; i++)
        if (!strcmp(c->knows.items[i].name, name))
            return journey_render(j, c->knows.items[i].value, &missing);
    return NULL;
}

const char *journey_value(void *journey, const char *name)
{
    struct journey *j = journey;
    const struct scenario *s = j->scenario;
    const char *missing;

    if (text_starts_with(name, "env."))
        return env_value(j, name + 4);
    if (text_starts_with(name, "customer.knows."))
        return known_value(j, name + 15);
    if (!strcmp(name, "customer.name"))
        return s->customer.name ? journey_render(j, s->customer.name, &missing) : NULL;
    if (!strcmp(name, "customer.email"))
        return s->customer.email ? journey_render(j, s->customer.email, &missing) : NULL;
    if (!strcmp(name, "customer.language"))
        return s->customer.language ? s->customer.language : s->language;
    if (!strcmp(name, "company.name"))
        return s->company.name;
    if (!strcmp(name, "journey.name"))
        return s->name;
    if (!strcmp(name, "run.id"))
        return j->audit->o.run_id;
    if (!strcmp(name, "run.seed"))
        return arena_printf(j->arena, "%llu", (unsigned long long)j->audit->o.seed);
    for (size_t i = 0; i < j->capture_count; i++)
        if (!strcmp(j->captures[i].name, name))
            return j->captures[i].value;
    return NULL;
}

enum { RENDERED_MAX_BYTES = 1024 * 1024 };

const char *journey_render(struct journey *j, const struct template *t, const char **missing)
{
    struct buf out = BUF_INIT(RENDERED_MAX_BYTES);
    const char *text = NULL;

    if (template_render(t, journey_value, j, &out, missing) == ST_OK)
        text = arena_strndup(j->arena, out.ptr, out.len);
    buf_release(&out);
    return text;
}

/* Events */

void journey_read(struct journey *j, int seq, struct marks *out)
{
    reader_read_again(j->audit->o.reader, j->audit->o.read_before, j->transcript, seq, j->arena, out);
}

int journey_emit(struct journey *j, const struct event *e)
{
    struct event copy = *e;

    if (j->phase == PHASE_OVER)
        return -1;
    if (!copy.t_us)
        copy.t_us = loop_now(j->audit->o.loop) - j->started_at;

    const struct event *stored = door_pass(&j->door, j->transcript, &copy);
    int seq = stored->seq;
    const struct audit_observer *o = &j->audit->o.observer;

    keep_changed(j->audit->keep, j);
    if (o->event)
        o->event(o->context, j->index, stored);
    return seq;
}

void journey_note(struct journey *j, enum event_kind kind, enum party from, const char *code,
                  const char *fmt, ...)
{
    struct event e = event_init(kind, from);
    va_list ap;

    va_start(ap, fmt);
    e.text = arena_vprintf(j->arena, fmt, ap);
    va_end(ap);
    e.code = code;
    e.step = (int)j->step;
    if (journey_step(j)->channel >= 0)
        e.channel = j->scenario->channels[journey_step(j)->channel].name;
    journey_emit(j, &e);
}

/* Steps */

void journey_begin_clock(struct journey *j)
{
    struct transcript *t = j->transcript;

    j->started_at = loop_now(j->audit->o.loop);
    t->started = started(j, t->arena);
    j->kept.begun = false;        /* the journal has an earlier time, if any */
}

/* Who waits for hours looks now and then, not all the time; who comes late finds what came. */
#define LOOK_MIN_US (300 * US_PER_S)
#define LOOK_MAX_US (8 * 3600 * US_PER_S)

static int64_t next_look(const struct journey *j)
{
    int64_t now = loop_now(j->audit->o.loop), rest = (now - j->wait_from) / 2;
    int64_t end = j->phase == PHASE_DIARY   ? j->diary_end
                  : j->phase == PHASE_PAUSE ? j->wait_from + journey_step(j)->duration
                                            : j->wait_from + journey_patience(j);

    rest = rest < LOOK_MIN_US ? LOOK_MIN_US : rest > LOOK_MAX_US ? LOOK_MAX_US : rest;
    return j->phase == PHASE_PAUSE || now + rest > end ? end : now + rest;
}

static void park(struct journey *j)
{
    int64_t wake_us = j->audit->o.epoch_us + next_look(j);

    keep_last(j->audit->keep, j, KEPT_PARKED, wake_us);
    j->phase = PHASE_OVER;
    journey_close_visits(j);
    audit_parked(j->audit, j, wake_us);
}

static void fire(void *context)
{
    struct journey *j = context;

    j->timer = NULL;
    if (j->parks) {
        park(j);
        return;
    }
    switch (j->phase) {
    case PHASE_IDLE: j->stopping ? journey_stop_now(j) : step_begin(j); break;
    case PHASE_TURN: conversation_timer(j); break;
    case PHASE_WAIT: wait_timer(j); break;
    case PHASE_PAUSE: journey_end_step(j, STEP_MET); break;
    case PHASE_DIARY: diary_timer(j); break;
    case PHASE_RESUMED: journey_go_on(j); break;
    case PHASE_ACT: journey_stop_now(j); break;   /* the only timer of an act: the grace */
    case PHASE_LEAVING: journey_gone(j); break;
    case PHASE_PARTING: journey_stopped(j); break;
    case PHASE_OVER: break;
    }
}

void journey_timer(struct journey *j, int64_t delay_us)
{
    timer_cancel(j->timer);
    j->parks = false;
    j->timer_at = loop_now(j->audit->o.loop) + delay_us;
    if (j->stopping && j->timer_at > j->stop_by)
        j->timer_at = j->stop_by;
    j->timer = timer_start(j->audit->o.loop, j->timer_at, fire, j);
}

/* A visit that the customer does not wait for now; NULL: not this one. */
static struct visit *other_visit(const struct journey *j, size_t i)
{
    struct visit *v = j->visits[i];

    return v && (int)i != journey_step(j)->channel && v->channel->family != FAMILY_EMAIL ? v : NULL;
}

/* Nobody sits in front of a chat for weeks while they wait for a mail. What is said there in the
 * meantime is read when they come back. */
static void leave_chats(void *context)
{
    struct journey *j = context;

    j->leaving = NULL;
    for (size_t i = 0; i < j->scenario->channel_count; i++) {
        struct visit *v = other_visit(j, i);

        if (v && v->channel->hush)
            v->channel->hush(v);
        if (v && v->channel->rest)
            v->channel->rest(v);
    }
}

/* Browsers give an idle connection up after that time. */
#define IDLE_US (300 * US_PER_S)

static void leave_chats_later(struct journey *j, int64_t left_us)
{
    struct loop *l = j->audit->o.loop;
    int64_t reply = j->scenario->customer.patience.reply;
    bool any = false;

    for (size_t i = 0; i < j->scenario->channel_count; i++) {
        struct visit *v = other_visit(j, i);

        any |= v != NULL;
        if (v && v->channel->rest && j->phase == PHASE_PAUSE && left_us > IDLE_US)
            v->channel->rest(v);
    }
    timer_cancel(j->leaving);
    j->leaving = NULL;
    if (!any)
        return;
    j->leaving = timer_start(l, loop_now(l) + (reply > 0 ? reply : j->audit->o.chat_patience_us),
                             leave_chats, j);
}

/* Somebody may still say something where the customer does not look now. */
static bool may_be_told(const struct journey *j)
{
    for (size_t i = 0; i < j->scenario->channel_count; i++)
        if (other_visit(j, i) && j->visits[i]->channel->hush)
            return true;
    return false;
}

/* A resumed one has had its look, and one that pauses looks for nothing. */
void journey_rest(struct journey *j, int64_t left_us)
{
    int64_t after = j->audit->o.park_after_us;
    bool parks = j->audit->keep && !j->kept.mute && left_us > after;
    bool at_once = j->away_us || (j->phase == PHASE_PAUSE && !may_be_told(j));

    left_us = left_us > 0 ? left_us : 0;
    leave_chats_later(j, left_us);
    journey_timer(j, !parks ? left_us : at_once ? 0 : after);
    j->parks = parks;
}

void journey_gone(struct journey *j)
{
    timer_cancel(j->timer);
    j->timer = NULL;
    j->phase = PHASE_OVER;
    if (!j->stopped)
        keep_last(j->audit->keep, j, KEPT_OVER, 0);
    keep_stop_waiting(j->audit->keep, j);
    journey_close_visits(j);
    audit_ended(j->audit, j, j->stopped);
}

/* Whoever is stopped is in a hurry. */
#define LEAVE_US (5 * US_PER_S)
#define LEAVE_STOPPED_US (1 * US_PER_S)

/* The company is told that the customer goes, but for one who may go on later. */
static void over(struct journey *j, bool stopped)
{
    timer_cancel(j->timer);
    timer_cancel(j->leaving);
    j->timer = j->leaving = NULL;
    links_stop(j);
    polite_leave(j->audit->polite, &j->turn);
    j->stopped = stopped;
    j->stopping = false;
    j->phase = PHASE_LEAVING;
    if (!stopped || !j->audit->keep)
        journey_leave(j, -1);
    if (!journey_is_leaving(j)) {
        journey_gone(j);
        return;
    }
    keep_stop_waiting(j->audit->keep, j);
    journey_timer(j, stopped ? LEAVE_STOPPED_US : LEAVE_US);
}

void journey_end_step(struct journey *j, enum step_result how)
{
    static const char *const codes[] = { "met", "unmet", "skipped", "failed" };
    bool last = j->step + 1 >= j->scenario->steps.count;

    if (!j->our_failed && !j->stopping && links_try(j, how))
        return;
    if (how == STEP_MET && !j->unknown && journey_step(j)->expect.working_link &&
        !j->links_looked) {
        links_begin(j);
        return;
    }
    j->phase = PHASE_IDLE;
    timer_cancel(j->leaving);
    j->leaving = NULL;
    j->ending = 0;
    polite_leave(j->audit->polite, &j->turn);
    j->saying = NULL;
    if (how == STEP_MET && !j->unknown && !checks_pass(j))
        how = STEP_UNMET;
    if (j->unknown && (how != STEP_MET || last)) {
        journey_unknown(j);
        how = STEP_FAILED;
    }
    journey_note(j, EVENT_STEP_END, PARTY_HARNESS, codes[how], "%s", "");
    if (j->our_failed) {
        over(j, false);
        return;
    }
    if (how == STEP_MET && ++j->round < journey_step(j)->repeat) {
        journey_timer(j, 0);
        return;
    }
    j->round = 0;
    if (last) {
        over(j, false);
        return;
    }
    j->step++;
    j->company_failed = false;
    journey_timer(j, 0);
}

/* Who begins anew may be a little late; who has a start of their own has the chance in it. */
static int64_t first_pause(const struct journey *j)
{
    const struct audit_options *o = &j->audit->o;

    if (j->phase == PHASE_RESUMED || j->scenario->at.count)
        return 0;
    return (int64_t)(chance(o->seed, j->number) * (double)o->jitter_us);
}

void journey_start(struct journey *j)
{
    const char *email = journey_value(j, "customer.email");

    if (email && *email)
        audit_know(j->audit, email);
    /* Mail is listened for from the beginning: a receipt may come before the step that waits. */
    for (size_t i = 0; i < j->scenario->channel_count && !j->our_failed; i++) {
        if (j->scenario->channels[i].family != FAMILY_EMAIL)
            continue;

        struct visit *v = journey_visit(j, (int)i);

        if (v && v->channel->listen)
            v->channel->listen(v);
        j->to_look += v && j->phase == PHASE_RESUMED && v->channel->restore;
    }
    keep_changed(j->audit->keep, j);
    if (j->our_failed)
        over(j, false);
    else if (!j->to_look)
        journey_timer(j, first_pause(j));
}

void journey_stopped(struct journey *j)
{
    keep_last(j->audit->keep, j, KEPT_OPEN, 0);   /* as it stands: it may go on from there */
    journey_note(j, EVENT_NOTE, PARTY_HARNESS, "stopped", "stopped before the end");
    over(j, true);
}
