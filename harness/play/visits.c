/* A journey's visits: the player's side of its channels. */
#include <stdlib.h>
#include <string.h>

#include "harness/channels/http_connections.h"
#include "harness/play/journey.h"

static int sink_emit(struct visit *v, const struct event *e);
static void sink_done(struct visit *v, enum done how);
static const char *sink_render(struct visit *v, const struct template *t, struct diags *diags);
static void sink_secret(struct visit *v, const char *text);
static void sink_commit(struct visit *v, timer_fn *fn, void *context);
static void sink_settled(struct visit *v);
static void sink_looked(struct visit *v);
static void sink_slow_down(struct visit *v, int status, int64_t us);
static void sink_left(struct visit *v);
static void sink_links(struct visit *v, int page, const char *const *urls, size_t count);
static void sink_typing(struct visit *v);

/* The visit's side of a channel, with the way back to the journey behind it. */
struct player_visit {
    struct visit visit;
    struct visit_sink sink;
    struct journey *journey;
    bool changed;                 /* since the journal got it last */
    bool leaving;
    bool talking;                 /* said something in a chat, no goodbye, and it is not broken */
};

static struct journey *journey_of(struct visit *v)
{
    return ((struct player_visit *)(void *)v)->journey;
}

static void mark_changed(struct visit *v)
{
    ((struct player_visit *)(void *)v)->changed = true;
    keep_changed(journey_of(v)->audit->keep, journey_of(v));
}

bool visit_changed(struct visit *v)
{
    struct player_visit *pv = (struct player_visit *)(void *)v;
    bool changed = pv->changed;

    pv->changed = false;
    return changed;
}

/* What was in doubt did arrive: the company answers it. */
static void proved(struct journey *j)
{
    j->unknown = j->in_doubt = false;
    journey_note(j, EVENT_NOTE, PARTY_HARNESS, "arrived",
                 "what was on its way when shopper was stopped did arrive: it is answered");
}

/* How much of a wait the harness itself may have made: late to send, late to look. Mail is dated by its
 * server. Told where it is worth a thought: from a millisecond and a hundredth of the wait on. */
static int64_t lag_of(const struct visit *v, const struct event *e)
{
    const struct loop *l = v->world->loop;
    int64_t now = loop_now(l), lag;

    if (e->from != PARTY_COMPANY || e->wait_us == DURATION_UNKNOWN ||
        v->channel->family == FAMILY_EMAIL)
        return 0;
    lag = loop_lag_at(l, now) + loop_lag_at(l, now - e->wait_us);
    lag = lag < e->wait_us ? lag : e->wait_us;
    return lag < US_PER_MS || lag < e->wait_us / 100 ? 0 : lag;
}

/* A chat on a page is over when another page comes. */
static void follow_talk(struct player_visit *pv, const struct event *e)
{
    const struct journey *j = pv->journey;
    const struct visit *v = &pv->visit;
    enum verb verb = journey_step(j)->verb;
    bool chats = verb == VERB_SAY || v->channel->family == FAMILY_CHAT;

    if (e->kind == EVENT_SENT && e->from == PARTY_CUSTOMER)
        pv->talking = chats && j->phase != PHASE_PARTING && !j->talk.leaving;
    else if (e->kind == EVENT_PAGE || e->kind == EVENT_FAILED)
        pv->talking = false;
}

bool journey_is_talking(const struct visit *v)
{
    return ((const struct player_visit *)(const void *)v)->talking;
}

void journey_fall_silent(struct visit *v)
{
    ((struct player_visit *)(void *)v)->talking = false;
}

/* What the company sent while nobody waited (a mail during a chat) is in the transcript and
 * nothing else; a later wait finds it there. */
static int sink_emit(struct visit *v, const struct event *e)
{
    struct journey *j = journey_of(v);
    struct event copy = *e;

    copy.channel = v->spec->name;
    copy.step = (int)j->step;
    copy.lag_us = lag_of(v, e);
    if (j->phase == PHASE_PARTING && e->kind == EVENT_FAILED) {   /* whatever becomes of a goodbye */
        copy.kind = EVENT_NOTE;
        copy.from = PARTY_HARNESS;
    }
    mark_changed(v);
    if (v->happened)
        copy.t_us = *v->happened - j->started_at;
    if (j->phase == PHASE_RESUMED && e->from == PARTY_COMPANY) {
        journey_keep_late(j, v, &copy, v->happened ? *v->happened
                                                   : loop_now(j->audit->o.loop));
        return -1;
    }
    int seq = journey_emit(j, &copy);

    if (seq < 0)
        return seq;
    follow_talk((struct player_visit *)(void *)v, &copy);
    if (copy.kind == EVENT_FAILED && copy.from == PARTY_COMPANY)
        j->company_failed = true;
    if (copy.kind == EVENT_FAILED && copy.from == PARTY_HARNESS)
        j->our_failed = true;
    if (j->our_failed && j->phase == PHASE_RESUMED)
        journey_timer(j, 0);

    int channel = journey_step(j)->channel;
    bool here = channel >= 0 && j->visits[channel] == v;

    if (copy.kind == EVENT_MESSAGE && copy.from == PARTY_COMPANY && j->unknown &&
        (here || (v->channel->family == FAMILY_EMAIL &&
                  j->scenario->channels[channel].family != FAMILY_CHAT)))
        proved(j);

    const struct event *stored = &j->transcript->events[seq];

    if (j->links)
        return seq;               /* the step is over but for that */
    if (here && j->phase == PHASE_TURN)
        conversation_message(j, stored);
    else if (here && j->phase == PHASE_WAIT)
        wait_message(j, stored);
    else if (here && j->phase == PHASE_DIARY)
        diary_message(j, stored);
    return seq;
}

static void sink_done(struct visit *v, enum done how)
{
    struct journey *j = journey_of(v);
    int channel = journey_step(j)->channel;

    if (j->phase == PHASE_PARTING && j->parting && j->visits[j->parting - 1] == v) {
        journey_part(j);
        return;
    }
    if (j->phase != PHASE_ACT || j->links || channel < 0 || j->visits[channel] != v)
        return;
    mark_changed(v);
    if (v->channel->family != FAMILY_CHAT || how != DONE_OK)
        j->in_doubt = false;
    if (how == DONE_OK && journey_step(j)->verb != VERB_OPEN)
        j->sent_ok++;
    if (how == DONE_OUR_FAILED)
        j->our_failed = true;
    if (how == DONE_COMPANY_FAILED)
        j->company_failed = true;
    if (journey_step(j)->verb == VERB_SAY ||
        (journey_step(j)->verb == VERB_CHASE && v->channel->family == FAMILY_CHAT))
        conversation_sent(j, how);
    else
        journey_end_step(j, how == DONE_OK ? STEP_MET : STEP_FAILED);
    /* With a journal nobody has to hear the answer before it goes on. */
    if (j->stopping && j->phase == PHASE_TURN && j->audit->keep)
        journey_stop_now(j);
}

static const char *sink_render(struct visit *v, const struct template *t, struct diags *diags)
{
    const char *missing = NULL;
    const char *text = journey_render(journey_of(v), t, &missing);

    journey_of(v)->unrendered |= !text;
    if (!text)
        diag_error(diags, "channel \"%s\": \"%s\" has no value", v->spec->name,
                   missing ? missing : "?");
    return text;
}

static void sink_secret(struct visit *v, const char *text)
{
    door_keep_out(&journey_of(v)->door, text);
}

static void sink_looked(struct visit *v)
{
    struct journey *j = journey_of(v);

    if (j->phase == PHASE_RESUMED && j->to_look && !--j->to_look)
        journey_timer(j, 0);
}

static void sink_evidence(struct visit *v, enum evidence_kind kind, struct slice bytes)
{
    struct journey *j = journey_of(v);
    struct evidence_place place = {
        .journey = j->index, .journey_name = j->scenario->name, .channel = v->spec->name,
        .step = (int)j->step, .seq = (int)j->transcript->count, .first = !j->kept_evidence,
    };
    char name[EVIDENCE_NAME_MAX];

    if (j->phase == PHASE_OVER)
        return;
    if (evidence_keep(j->audit->o.evidence, &place, kind, &j->door, bytes, name) == ST_OK) {
        struct event e = event_init(EVENT_EVIDENCE, PARTY_HARNESS);

        e.code = evidence_rows[kind].code;
        e.text = name;
        e.step = (int)j->step;
        e.channel = v->spec->name;
        journey_emit(j, &e);
        j->kept_evidence = true;
    }
}

static void sink_slow_down(struct visit *v, int status, int64_t us)
{
    struct journey *j = journey_of(v);
    char *wait = duration_text(us);

    polite_hold(j->audit->polite, loop_now(j->audit->o.loop), v->host, us);
    journey_note(j, status == 429 ? EVENT_FAILED : EVENT_NOTE, PARTY_HARNESS, "slow_down",
                 "%s asked for fewer contacts (status %d): nobody begins anything there for %s%s",
                 v->host, status, wait, status == 429 ? "; --limit allows it less" : "");
    free(wait);
    if (status == 429)            /* too many of ours; a customer alone would not have met it */
        j->our_failed = true;
}

static void sink_commit(struct visit *v, timer_fn *fn, void *context)
{
    struct journey *j = journey_of(v);

    j->in_doubt = true;
    if (!j->audit->keep) {
        fn(context);
        return;
    }
    mark_changed(v);
    keep_wait(j->audit->keep, j, fn, context);
}

static void sink_links(struct visit *v, int page, const char *const *urls, size_t count)
{
    links_passed(journey_of(v), page, urls, count);
}

static void sink_settled(struct visit *v)
{
    journey_of(v)->in_doubt = false;
    mark_changed(v);
}

/* Visits */

static const struct channel *find_channel(const struct audit *a, const char *type)
{
    for (size_t i = 0; a->o.channels && a->o.channels[i]; i++)
        if (!strcmp(a->o.channels[i]->name, type))
            return a->o.channels[i];
    return a->o.channels ? NULL : channel_find(type);
}

struct visit *journey_open(struct journey *j, int channel, struct diags *diags)
{
    const struct channel_spec *spec = &j->scenario->channels[channel];
    const struct channel *kind = find_channel(j->audit, spec->type);
    struct player_visit *pv = arena_alloc(j->arena, sizeof *pv);
    struct visit *v = &pv->visit;
    const char *email = journey_value(j, "customer.email");
    const char *name = journey_value(j, "customer.name");

    if (!j->connections)
        j->connections = connections_new(j->audit->o.shares_connections);
    pv->journey = j;
    pv->sink = (struct visit_sink){ sink_emit, sink_done, sink_render, sink_secret, sink_commit,
                                   sink_settled, sink_looked, sink_slow_down, sink_left, sink_links,
                                   sink_typing };
    pv->changed = true;
    *v = (struct visit){
        .channel = kind, .world = &j->audit->world, .scenario = j->scenario, .spec = spec,
        .customer_name = name ? name : "", .customer_email = email ? email : "",
        .language = journey_value(j, "customer.language"), .run_id = j->audit->o.run_id,
        .keeps = j->audit->keep != NULL, .since_us = j->started_at, .away_us = j->away_us,
        .connections = j->connections, .journey_id = j->id, .step = (int)j->step, .arena = j->arena,
        .state = arena_alloc(j->arena, kind->state_size), .sink = &pv->sink,
        .evidence = j->audit->o.evidence ? sink_evidence : NULL,
    };
    j->visits[channel] = v;
    if (kind->open(v, diags) == ST_OK)
        return v;
    kind->close(v);
    return j->visits[channel] = NULL;
}

struct visit *journey_try(struct journey *j, int channel)
{
    struct visit *v = j->visits[channel];
    struct diags diags;

    diags_init(&diags);
    if (!v)
        v = journey_open(j, channel, &diags);
    diags_release(&diags);
    return v;
}

struct visit *journey_visit(struct journey *j, int channel)
{
    struct diags diags;

    if (j->visits[channel])
        return j->visits[channel];
    diags_init(&diags);

    struct visit *v = journey_open(j, channel, &diags);

    if (!v) {
        struct event e = event_init(EVENT_FAILED, PARTY_HARNESS);

        e.channel = j->scenario->channels[channel].name;
        e.step = (int)j->step;
        e.code = "open";
        e.text = diags.count ? diags.items[0].what : "the channel could not be opened";
        journey_emit(j, &e);
        j->our_failed = true;
    }
    diags_release(&diags);
    return v;
}

/* Opening a page tells the company nothing. */
static bool only_looks(enum verb v)
{
    return v == VERB_OPEN || v == VERB_FOLLOW;
}

void journey_act(struct journey *j, const struct action *a)
{
    struct visit *v = journey_visit(j, journey_step(j)->channel);

    if (!v) {
        journey_end_step(j, STEP_FAILED);
        return;
    }
    if (!only_looks(a->verb) && !common_contact(j->audit->common)) {
        journey_note(j, EVENT_FAILED, PARTY_HARNESS, "max_contacts",
                     "this run may contact companies %zu times at most; nothing more is sent "
                     "(--max-contacts raises it)", j->audit->o.max_contacts);
        j->our_failed = true;
        journey_end_step(j, STEP_FAILED);
        return;
    }
    v->step = (int)j->step;
    j->phase = PHASE_ACT;
    j->kept.contacts++;
    if (v->channel->act(v, a) == ST_OK)
        return;
    if (!j->our_failed && !j->company_failed) {
        journey_note(j, EVENT_FAILED, PARTY_HARNESS, "act", "the %s channel cannot %s",
                     v->channel->name, verb_name(a->verb));
        j->our_failed = true;
    }
    journey_end_step(j, STEP_FAILED);
}

void journey_leave(struct journey *j, int channel)
{
    for (size_t i = 0; i < j->scenario->channel_count; i++) {
        struct visit *v = j->visits[i];

        if (v && (channel < 0 || (size_t)channel == i))
            journey_fall_silent(v);
        if (!v || !v->channel->leave || (channel >= 0 && (size_t)channel != i))
            continue;
        if (v->channel->cancel)
            v->channel->cancel(v);
        if (v->channel->leave(v))
            ((struct player_visit *)(void *)v)->leaving = true;
    }
}

bool journey_is_leaving(const struct journey *j)
{
    for (size_t i = 0; i < j->scenario->channel_count; i++)
        if (j->visits[i] && ((struct player_visit *)(void *)j->visits[i])->leaving)
            return true;
    return false;
}

static void sink_left(struct visit *v)
{
    struct journey *j = journey_of(v);

    ((struct player_visit *)(void *)v)->leaving = false;
    if (j->phase == PHASE_LEAVING && !journey_is_leaving(j))
        journey_gone(j);
}

static void sink_typing(struct visit *v)
{
    struct journey *j = journey_of(v);

    if (j->phase == PHASE_TURN && j->visits[journey_step(j)->channel] == v)
        conversation_typing(j);
}

void journey_close_visits(struct journey *j)
{
    for (size_t i = 0; i < j->scenario->channel_count; i++) {
        struct visit *v = j->visits[i];

        if (!v)
            continue;
        if (v->channel->cancel)
            v->channel->cancel(v);
        if (v->channel->hush)
            v->channel->hush(v);
        v->channel->close(v);
        j->visits[i] = NULL;
    }
}
