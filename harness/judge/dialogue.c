#include "harness/judge/dialogue.h"

#include <string.h>

#include "harness/judge/dialogue_line.h"

/* Turns without a channel stand in this one. */
static const char *const CHAT = "chat";
static const double LONGEST_S = 1e9;
#define USUAL_LANGUAGE "en"

static const char *text_of(const json_t *o, const char *key)
{
    return json_string_value(json_object_get(o, key));
}

static enum channel_family family_named(const char *name)
{
    for (int f = 0; f < FAMILY_COUNT; f++)
        if (!strcmp(name, family_names[f]))
            return (enum channel_family)f;
    if (!strcmp(name, "mail"))
        return FAMILY_EMAIL;
    return !strcmp(name, "web") || !strcmp(name, "contact") ? FAMILY_FORM : FAMILY_CHAT;
}

static const char *channel(struct transcript *t, const char *name)
{
    for (size_t i = 0; i < t->channel_count; i++)
        if (!strcmp(t->channels[i].name, name))
            return t->channels[i].name;

    struct transcript_channel *more = arena_alloc(t->arena,
                                                  (t->channel_count + 1) * sizeof *more);

    if (t->channel_count)
        memcpy(more, t->channels, t->channel_count * sizeof *more);
    more[t->channel_count] = (struct transcript_channel){
        arena_strdup(t->arena, name), family_names[family_named(name)], family_named(name),
    };
    t->channels = more;
    return more[t->channel_count++].name;
}

struct telling {
    struct transcript *t;
    double last_s;
};

static bool is_turn(const struct dialogue_turn *d)
{
    return d->text && d->from && (!strcmp(d->from, "customer") || !strcmp(d->from, "company"));
}

/** False: something is wrong with it, and nothing was added. */
static bool add_turn(void *context, const struct dialogue_turn *d)
{
    struct telling *to = context;

    if (!is_turn(d) || d->t_s > LONGEST_S)
        return false;

    struct event e = !strcmp(d->from, "customer") ? event_init(EVENT_SENT, PARTY_CUSTOMER)
                                                  : event_init(EVENT_MESSAGE, PARTY_COMPANY);

    e.text = d->text;
    e.channel = channel(to->t, d->channel && *d->channel ? d->channel : CHAT);
    if (d->timed && d->t_s > to->last_s)
        to->last_s = d->t_s;
    e.t_us = (int64_t)(to->last_s * US_PER_S);
    transcript_append(to->t, &e);
    return true;
}

static enum status add_value(struct telling *to, const json_t *turn, size_t i, const char *name,
                             struct diags *diags)
{
    const json_t *t_s = json_object_get(turn, "t_s");
    struct dialogue_turn d = { text_of(turn, "from"), text_of(turn, "text"), text_of(turn, "channel"),
                               json_number_value(t_s), json_is_number(t_s) };

    if (add_turn(to, &d))
        return ST_OK;
    if (!is_turn(&d))
        diag_error(diags, "%s: turn %zu needs \"text\" and \"from\": \"customer\" or \"company\"",
                   name, i);
    else
        diag_error(diags, "%s: turn %zu: \"t_s\" is more than 30 years", name, i);
    return ST_INVALID;
}

static void name_it(struct transcript *t, const char *id, const char *language)
{
    t->journey = arena_strdup(t->arena, id ? id : "");
    t->language = arena_strdup(t->arena, language ? language : USUAL_LANGUAGE);
}

/** NULL: the line is not plain. */
static struct transcript *read_plain(struct slice line)
{
    CLEANUP(buf_release) struct buf id = BUF_INIT(line.len + 1);
    CLEANUP(buf_release) struct buf language = BUF_INIT(line.len + sizeof USUAL_LANGUAGE);
    struct telling to = { .t = transcript_new() };

    buf_adds(&language, USUAL_LANGUAGE);
    if (dialogue_line(line, add_turn, &to, &id, &language)) {
        name_it(to.t, id.ptr, language.ptr);
        return to.t;
    }
    transcript_free(to.t);
    return NULL;
}

static enum status read_any(const char *name, struct slice line, struct diags *diags,
                            struct transcript **ret)
{
    json_error_t err;
    json_t *o = json_loadb(line.ptr, line.len, JSON_REJECT_DUPLICATES, &err);
    const json_t *turns = json_object_get(o, "turns");
    enum status st = ST_OK;

    if (!json_is_object(o) || !json_is_array(turns)) {
        diag_error(diags, "%s: %s", name, o ? "a dialogue is an object with \"turns\"" : err.text);
        json_decref(o);
        return ST_INVALID;
    }

    struct telling to = { .t = transcript_new() };

    name_it(to.t, text_of(o, "id"), text_of(o, "language"));
    for (size_t i = 0; !st && i < json_array_size(turns); i++)
        st = add_value(&to, json_array_get(turns, i), i, name, diags);
    json_decref(o);
    if (st)
        transcript_free(to.t);
    else
        *ret = to.t;
    return st;
}

enum status dialogue_parse(const char *name, struct slice line, struct diags *diags,
                           struct transcript **ret)
{
    struct transcript *plain = read_plain(line);

    if (!plain)
        return read_any(name, line, diags, ret);
    *ret = plain;
    return ST_OK;
}
