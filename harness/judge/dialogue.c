#include "harness/judge/dialogue.h"

#include <string.h>

/* Turns without a channel stand in this one. */
static const char *const CHAT = "chat";
static const double LONGEST_S = 1e9;

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

static enum status add_turn(struct transcript *t, const json_t *turn, size_t i, const char *name,
                            struct diags *diags, double *last_s)
{
    const char *from = text_of(turn, "from"), *text = text_of(turn, "text");
    const char *where = text_of(turn, "channel");
    const json_t *t_s = json_object_get(turn, "t_s");
    bool customer = from && !strcmp(from, "customer");

    if (!text || (!customer && !(from && !strcmp(from, "company")))) {
        diag_error(diags, "%s: turn %zu needs \"text\" and \"from\": \"customer\" or \"company\"",
                   name, i);
        return ST_INVALID;
    }
    if (json_number_value(t_s) > LONGEST_S) {
        diag_error(diags, "%s: turn %zu: \"t_s\" is more than 30 years", name, i);
        return ST_INVALID;
    }

    struct event e = customer ? event_init(EVENT_SENT, PARTY_CUSTOMER)
                              : event_init(EVENT_MESSAGE, PARTY_COMPANY);

    e.text = text;
    e.channel = channel(t, where && *where ? where : CHAT);
    if (json_is_number(t_s) && json_number_value(t_s) > *last_s)
        *last_s = json_number_value(t_s);
    e.t_us = (int64_t)(*last_s * US_PER_S);
    transcript_append(t, &e);
    return ST_OK;
}

enum status dialogue_parse(const char *name, struct slice line, struct diags *diags,
                           struct transcript **ret)
{
    json_error_t err;
    json_t *o = json_loadb(line.ptr, line.len, JSON_REJECT_DUPLICATES, &err);
    const json_t *turns = json_object_get(o, "turns");
    double last_s = 0;
    enum status st = ST_OK;

    if (!json_is_object(o) || !json_is_array(turns)) {
        diag_error(diags, "%s: %s", name, o ? "a dialogue is an object with \"turns\"" : err.text);
        json_decref(o);
        return ST_INVALID;
    }

    struct transcript *t = transcript_new();
    const char *id = text_of(o, "id"), *language = text_of(o, "language");

    t->journey = arena_strdup(t->arena, id ? id : "");
    t->language = arena_strdup(t->arena, language ? language : "en");
    for (size_t i = 0; !st && i < json_array_size(turns); i++)
        st = add_turn(t, json_array_get(turns, i), i, name, diags, &last_s);
    json_decref(o);
    if (st) {
        transcript_free(t);
        return st;
    }
    *ret = t;
    return ST_OK;
}
