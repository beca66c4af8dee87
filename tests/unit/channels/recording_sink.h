#ifndef TESTS_RECORDING_SINK_H
#define TESTS_RECORDING_SINK_H
/**
 * Recording sink: a visit with nobody behind it but a recorder. Every event goes into a transcript;
 * a step's end stops the loop. Header only: a unit test is one file.
 *
 *     struct recorder r;
 *     recorder_init(&r, &channel_chat, &settings, CLOCK_REAL);
 *     recorder_allow(&r, "127.0.0.1");
 *     assert_int_equal(recorder_open(&r), ST_OK);
 *     assert_int_equal(recorder_act(&r, &action), DONE_OK);
 *     assert_string_equal(recorder_log(&r, 1u << EVENT_SENT | 1u << EVENT_MESSAGE), "…");
 *     recorder_release(&r);
 */
#include <string.h>

#include "harness/channels/channel.h"
#include "harness/channels/jq_filter.h"

enum { RECORDER_NAMES = 8 };

struct recorder {
    struct visit visit;
    struct visit_sink sink;
    struct scenario scenario;
    struct channel_spec spec;
    struct channel_world world;
    struct transcript *transcript;
    struct diags diags;
    struct buf log;
    const char *hosts[RECORDER_NAMES];
    struct named_text variables[RECORDER_NAMES];
    size_t variable_count;
    const char *secrets[RECORDER_NAMES];
    size_t secret_count;
    int dones, typings;
    enum done how;
    int stop_at;                  /* stops the loop when so many events are there; 0 = never */
    bool close_at_stop;           /* and closes the visit from inside it, as a player may */
    bool open;
};

static inline struct recorder *recorder_of(struct visit *v)
{
    return (struct recorder *)(void *)v;  /* its first member */
}

static inline void recorder_close(struct recorder *r)
{
    if (r->open) {
        if (r->visit.channel->cancel)
            r->visit.channel->cancel(&r->visit);
        if (r->visit.channel->hush)
            r->visit.channel->hush(&r->visit);
        r->visit.channel->close(&r->visit);
    }
    r->open = false;
}

static inline int recorder_emit(struct visit *v, const struct event *e)
{
    struct recorder *r = recorder_of(v);
    struct event copy = *e;

    copy.channel = v->spec->name;
    copy.step = v->step;
    copy.t_us = loop_now(v->world->loop);
    int seq = transcript_append(r->transcript, &copy)->seq;

    if (r->stop_at && (int)r->transcript->count == r->stop_at) {
        loop_stop(v->world->loop);
        if (r->close_at_stop && e->kind != EVENT_TRANSFER && e->kind != EVENT_NOTE)
            recorder_close(r);
    }
    return seq;
}

static inline void recorder_done(struct visit *v, enum done how)
{
    struct recorder *r = recorder_of(v);

    r->dones++;
    r->how = how;
    loop_stop(v->world->loop);
}

static inline const char *recorder_lookup(void *context, const char *name)
{
    struct recorder *r = context;

    for (size_t i = 0; i < r->variable_count; i++)
        if (!strcmp(r->variables[i].name, name))
            return r->variables[i].text;
    return NULL;
}

static inline const char *recorder_render(struct visit *v, const struct template *t,
                                          struct diags *diags)
{
    struct recorder *r = recorder_of(v);
    struct buf out = BUF_INIT(65536);
    const char *missing = "", *text = NULL;

    if (template_render(t, recorder_lookup, r, &out, &missing) == ST_OK)
        text = arena_strndup(v->arena, out.ptr, out.len);
    else
        diag_error(diags, "\"%s\" has no value", missing);
    buf_release(&out);
    return text;
}

static inline void recorder_secret(struct visit *v, const char *text)
{
    struct recorder *r = recorder_of(v);

    if (r->secret_count < RECORDER_NAMES)
        r->secrets[r->secret_count++] = arena_strdup(v->arena, text);
}

static inline void recorder_typing(struct visit *v)
{
    recorder_of(v)->typings++;
}

static inline void recorder_init(struct recorder *r, const struct channel *channel,
                                 const void *settings, enum clock_kind clock)
{
    *r = (struct recorder){ .sink = { .emit = recorder_emit, .done = recorder_done,
                                      .render = recorder_render, .secret = recorder_secret,
                                      .typing = recorder_typing } };
    diags_init(&r->diags);
    buf_init(&r->log, 4 * 1024 * 1024);
    r->transcript = transcript_new();
    r->world.loop = loop_new(clock);
    r->world.user_agent = "shopper/test";
    r->scenario.arena = arena_new();
    r->scenario.company.hosts.items = r->hosts;
    r->spec = (struct channel_spec){ .name = channel->name, .type = channel->name,
                                     .family = channel->family, .settings = settings };
    r->visit = (struct visit){
        .channel = channel, .world = &r->world, .scenario = &r->scenario, .spec = &r->spec,
        .customer_name = "Maya Lindqvist", .customer_email = "maya@shopper.test",
        .language = "en", .run_id = "run-1", .journey_id = "journey-1",
        .arena = r->scenario.arena, .sink = &r->sink,
        .state = arena_alloc(r->scenario.arena, channel->state_size),
    };
}

static inline void recorder_allow(struct recorder *r, const char *host)
{
    r->hosts[r->scenario.company.hosts.count++] = host;
}

static inline void recorder_set(struct recorder *r, const char *name, const char *value)
{
    r->variables[r->variable_count++] = (struct named_text){ name, value };
}

/** A template for settings. */
static inline const struct template *recorder_template(struct recorder *r, const char *text)
{
    const struct template *t = NULL;
    const char *what;
    size_t at;

    return template_compile(r->scenario.arena, text, &at, &what, &t) == ST_OK ? t : NULL;
}

static inline enum status recorder_open(struct recorder *r)
{
    r->open = true;               /* close() takes a half-open visit too */
    return r->visit.channel->open(&r->visit, &r->diags);
}

/** Acts and runs the loop until it is done. -1: it was not done, or act() refused. */
static inline int recorder_act(struct recorder *r, const struct action *a)
{
    int before = r->dones;

    if (r->visit.channel->act(&r->visit, a) != ST_OK || r->dones != before)
        return -1;
    loop_run(r->world.loop);
    return r->dones == before + 1 ? (int)r->how : -1;
}

/** Runs on until `count` events are there, or nothing is left to happen. */
static inline void recorder_wait(struct recorder *r, int count)
{
    r->stop_at = count;
    if ((int)r->transcript->count < count)
        loop_run(r->world.loop);
    r->stop_at = 0;
}

static inline void recorder_stop(void *context)
{
    loop_stop(context);
}

/** Runs for a millisecond or so. */
static inline void recorder_turn(struct recorder *r)
{
    timer_start(r->world.loop, loop_now(r->world.loop) + US_PER_MS, recorder_stop, r->world.loop);
    loop_run(r->world.loop);
}

/** "kind from [code] text" a line, of the kinds in the mask. Until the next call. */
static inline const char *recorder_log(struct recorder *r, unsigned kinds)
{
    buf_clear(&r->log);
    for (size_t i = 0; i < r->transcript->count; i++) {
        const struct event *e = &r->transcript->events[i];

        if (!(kinds & 1u << e->kind))
            continue;
        buf_addf(&r->log, "%s %s", event_names[e->kind], party_names[e->from]);
        if (e->code)
            buf_addf(&r->log, " [%s]", e->code);
        buf_addf(&r->log, " %s\n", e->text);
    }
    return r->log.ptr;
}

/** The last event of a kind; NULL none. */
static inline const struct event *recorder_last(const struct recorder *r, enum event_kind kind)
{
    for (size_t i = r->transcript->count; i-- > 0;)
        if (r->transcript->events[i].kind == kind)
            return &r->transcript->events[i];
    return NULL;
}

static inline void recorder_release(struct recorder *r)
{
    recorder_close(r);
    page_memory_free(r->world.pages);
    webhooks_free(r->world.webhooks);
    jq_filters_free(r->world.filters);
    loop_free(r->world.loop);
    transcript_free(r->transcript);
    diags_release(&r->diags);
    buf_release(&r->log);
    arena_free(r->scenario.arena);
}

#endif
