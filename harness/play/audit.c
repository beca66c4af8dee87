#include "harness/play/audit.h"

#include <stdlib.h>

#include "harness/channels/pick.h"
#include "harness/play/journey.h"
#include "harness/play/link_memory.h"

static void start_next(void *audit);

struct audit *audit_new(const struct audit_options *o, struct scenario *const *scenarios,
                        size_t count)
{
    struct audit *a = mem_zero(1, sizeof *a);

    a->o = *o;
    a->world = (struct channel_world){
        .loop = o->loop, .adapters = o->adapters, .user_agent = o->user_agent,
        .marker = o->marker,
        .epoch_us = o->epoch_us, .run_id = o->run_id,
        .shares_connections = o->shares_connections, .since_us = o->before ? o->since_us : INT64_MAX,
    };
    if (o->reader)
        a->world.lexicons = reader_lexicons(o->reader);
    a->scenarios = scenarios;
    a->count = count;
    a->common = o->common;
    if (!a->common) {
        const struct common_plan plan = {
            .limits = o->limits, .limit_count = o->limit_count, .max_contacts = o->max_contacts,
            .contacts_before = o->contacts_before, .at_once = o->at_once, .count = count,
            .ramp = o->ramp,
            .over = o->over, .starts = o->starts,
        };

        a->alone = true;
        a->common = common_new(&plan);
    }
    a->polite = common_polite(a->common);
    common_join(a->common, o->lane, o->loop, start_next, a);
    if (o->keeper.write)
        a->keep = keep_new(a);
    a->journeys = mem_zero(count, sizeof *a->journeys);
    return a;
}

void audit_free(struct audit *a)
{
    if (!a)
        return;
    for (size_t i = 0; i < a->count; i++)
        journey_free(a->journeys[i]);
    if (a->alone)
        common_free(a->common);
    mailboxes_free(a->world.mailboxes);
    keep_free(a->keep);
    page_memory_free(a->world.pages);
    link_memory_free(a->links);
    webhooks_free(a->world.webhooks);
    jq_filters_free(a->world.filters);
    timer_cancel(a->later);
    free(a->journeys);
    free(a);
}

size_t audit_foreign_mails(const struct audit *a)
{
    return mailboxes_foreign(a->world.mailboxes);
}

/* Opening a channel does no traffic, so it can be tried before anything is played. */
static void try_opening(const struct scenario *s, const struct adapters *adapters,
                        struct audit_env env, struct loop *loop, struct diags *diags)
{
    const struct audit_options o = {
        .loop = loop, .adapters = adapters, .env = env, .run_id = "check",
    };
    struct audit *a = audit_new(&o, NULL, 0);
    struct journey *j = journey_new(a, 0, s);

    for (size_t i = 0; i < s->channel_count; i++) {
        struct diags mine;

        diags_init(&mine);
        j->unrendered = false;
        if (!journey_open(j, (int)i, &mine) && !j->unrendered && mine.count)
            diag_add(diags, SEVERITY_ERROR, s->source, s->channels[i].at, mine.items[0].hint,
                     "%s", mine.items[0].what);
        diags_release(&mine);
    }
    journey_free(j);
    audit_free(a);
}

/** Programs of `save` that cannot run. */
static void check_programs(const struct scenario *s, struct diags *diags)
{
    struct jq_filters *filters = NULL;

    for (size_t i = 0; i < s->steps.count; i++) {
        const struct patterns *save = &s->steps.items[i].save;

        for (size_t k = 0; k < save->count; k++) {
            const struct pattern *p = &save->items[k].pattern;
            CLEANUP(buf_release) struct buf why = BUF_INIT(2048);
            const struct picker pick = { &filters, NULL };

            if (p->text && !p->regex && !pick_check(&pick, p->text, &why))
                diag_add(diags, SEVERITY_ERROR, s->source, p->at, NULL, "\"save\": %s", why.ptr);
        }
    }
    jq_filters_free(filters);
}

void audit_check(const struct scenario *s, const struct adapters *adapters, struct audit_env env,
                 struct loop **tried, struct diags *diags)
{
    const struct channel_world world = { .adapters = adapters };
    size_t before = diags->errors;

    for (size_t i = 0; i < s->channel_count; i++) {
        const struct channel *c = channel_find(s->channels[i].type);

        if (c && c->check)
            c->check(s, &s->channels[i], &world, diags);
    }
    check_programs(s, diags);
    if (diags->errors > before)
        return;
    if (!*tried)
        *tried = loop_new(CLOCK_VIRTUAL);
    if (*tried)
        try_opening(s, adapters, env, *tried, diags);
}

bool audit_bound(const struct scenario *s, const struct adapters *adapters)
{
    const struct channel_world world = { .adapters = adapters };

    for (size_t i = 0; i < s->channel_count; i++) {
        const struct channel *c = channel_find(s->channels[i].type);

        if (c && c->one_loop && c->one_loop(&s->channels[i], &world))
            return true;
    }
    return false;
}

/* Mail for a customer who has no inbox to look into is not foreign, wherever they play. */

struct address {
    struct audit *audit;
    char *text;
};

static void take_address(void *context)
{
    struct address *address = context;

    mailboxes_know(&address->audit->world, address->text);
    free(address->text);
    free(address);
}

void audit_know(struct audit *a, const char *address)
{
    struct address *told;

    if (!a->mail_lane) {
        mailboxes_know(&a->world, address);
        return;
    }
    told = mem_zero(1, sizeof *told);
    *told = (struct address){ a->mail_lane, mem_strdup(address) };
    loop_post(a->mail_lane->o.loop, take_address, told);
}

void audit_tells(struct audit *a, struct audit *mail_lane)
{
    a->mail_lane = mail_lane;
}

static void start_one(struct audit *a, size_t index)
{
    struct journey *j = journey_new(a, index, a->scenarios[index]);
    struct transcript *t;
    json_t *parts = NULL;
    bool whole = true;

    a->journeys[index] = j;
    if (a->o.before && a->o.before(a->o.keeper.context, index, &t, &parts)) {
        whole = t && journey_restore(j, t, parts);
        j->kept.mute = !whole;
        json_decref(parts);
    }
    if (a->o.observer.started)
        a->o.observer.started(a->o.observer.context, index);
    if (!whole) {
        journey_note(j, EVENT_FAILED, PARTY_HARNESS, "journal",
                     "where this journey stood cannot be read in the journal");
        j->our_failed = true;
    }
    journey_start(j);
}

/* Nobody plays, and nobody will for a while: who begins later waits in the journal, too. */
static bool park_rest(struct audit *a)
{
    size_t index;
    bool parked = false;

    while (a->keep && common_rest(a->common, a->o.lane, a->o.park_after_us, &index)) {
        if (a->o.observer.started)
            a->o.observer.started(a->o.observer.context, index);
        a->o.observer.parked(a->o.observer.context, index, a->o.epoch_us + a->o.starts[index]);
        common_over(a->common, a->o.lane);
        parked = true;
    }
    return parked;
}

static void start_later(void *context);

/* Somebody may set the clock while a time of day is waited for. */
#define LOOK_US (10 * US_PER_S)

static void start_next(void *context)
{
    struct audit *a = context;
    size_t index;
    int64_t later;

    timer_cancel(a->later);
    a->later = NULL;
    while (common_next(a->common, a->o.lane, &index, &later))
        start_one(a, index);
    if (later == INT64_MAX || park_rest(a))
        return;
    if (a->o.starts && loop_is_real(a->o.loop) && later > loop_now(a->o.loop) + LOOK_US)
        later = loop_now(a->o.loop) + LOOK_US;
    a->later = timer_start(a->o.loop, later, start_later, a);
}

static void start_later(void *context)
{
    struct audit *a = context;

    a->later = NULL;              /* it has fired */
    start_next(a);
}

struct ended {
    struct audit *audit;
    struct journey *journey;
};

/* A journey may end deep inside its own callbacks: it is freed from the loop, not from there. */
static void bury(void *context)
{
    struct ended *e = context;
    struct audit *a = e->audit;

    journey_free(e->journey);
    free(e);
    common_over(a->common, a->o.lane);
    start_next(a);
    common_wake(a->common, a->o.lane);
}

static void bury_soon(struct audit *a, struct journey *j)
{
    struct ended *e = mem_zero(1, sizeof *e);

    *e = (struct ended){ a, j };
    timer_start(a->o.loop, loop_now(a->o.loop), bury, e);
}

void audit_ended(struct audit *a, struct journey *j, bool stopped)
{
    struct transcript *t = j->transcript;

    keep_forget(a->keep, j);
    j->transcript = NULL;
    a->journeys[j->index] = NULL;
    a->o.observer.ended(a->o.observer.context, j->index, t, stopped);
    bury_soon(a, j);
}

void audit_parked(struct audit *a, struct journey *j, int64_t wake_us)
{
    a->journeys[j->index] = NULL;
    a->o.observer.parked(a->o.observer.context, j->index, wake_us);
    bury_soon(a, j);
}

void audit_start(struct audit *a)
{
    start_next(a);
}

void audit_done(struct audit *a)
{
    timer_cancel(a->later);
    a->later = NULL;
}

void audit_stop(struct audit *a)
{
    common_stop(a->common);
    audit_done(a);
    for (size_t i = 0; i < a->count; i++)
        if (a->journeys[i])
            journey_stop(a->journeys[i]);
}
