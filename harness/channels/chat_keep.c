/* A chat for the journal, and back: the conversation's ids, what was heard in it, cookies. */
#include <stdlib.h>
#include <string.h>

#include "harness/channels/chat_inside.h"

static void set_text(json_t *o, const char *key, const char *text)
{
    if (text)
        json_object_set_new(o, key, json_string(text));
}

static json_t *saved_vars(const struct chat_vars *v)
{
    json_t *o = json_object();

    for (size_t i = 0; i < v->count; i++)
        set_text(o, v->items[i].name, v->items[i].value);
    return o;
}

static void restore_vars(struct chat_vars *v, json_t *saved)
{
    const char *name;
    json_t *value;

    json_object_foreach(saved, name, value)
        if (json_is_string(value))
            chat_vars_set(v, name, json_string_value(value));
}

json_t *chat_save(struct visit *v)
{
    struct chat *c = v->state;
    json_t *o = json_object(), *ids = json_array();

    set_text(o, "session", c->session);
    set_text(o, "after", c->after);
    set_text(o, "conversation", c->conversation);
    set_text(o, "history", c->history.ptr);
    json_object_set_new(o, "conversations", json_integer(c->conversations));
    json_object_set_new(o, "last_seq", json_integer(c->last.seq));
    json_object_set_new(o, "last_ago_us", json_integer(loop_now(v->world->loop) - c->last.at_us));
    json_object_set_new(o, "turns", json_integer(c->turns));
    set_text(o, "said_last", c->said_last);
    json_object_set_new(o, "now_us", json_integer(v->world->epoch_us +
                                                  loop_now(v->world->loop)));
    if (loop_is_shared(v->world->loop) && (c->poll || c->next_poll))
        json_object_set_new(o, "poll", json_pack("{s:I, s:I}", "at_us", (json_int_t)
                                                 (v->world->epoch_us + c->poll_at), "every_us",
                                                 (json_int_t)c->interval));
    json_object_set_new(o, "vars", saved_vars(&c->vars));
    json_object_set_new(o, "presses", saved_vars(&c->presses));
    for (size_t i = 0; i < c->inbox.id_count; i++)
        json_array_append_new(ids, json_string(c->inbox.ids[i]));
    json_object_set_new(o, "heard", ids);
    json_object_set_new(o, "cookies", http_cookies(c->http));
    return o;
}

static char *text_of(const json_t *o, const char *key)
{
    return mem_strdup(json_string_value(json_object_get(o, key)));
}

/* When the customer's last words left, on this process's clock. */
static int64_t last_at(const struct visit *v, const json_t *saved)
{
    int64_t then = json_integer_value(json_object_get(saved, "now_us")) -
                   json_integer_value(json_object_get(saved, "last_ago_us"));

    return then - v->world->epoch_us;
}

/* Between two processes a shared clock stood still, and nobody asked. */
static void restore_poll(struct chat *c, const json_t *poll)
{
    const struct channel_world *w = c->visit->world;

    c->poll_kept = poll && loop_is_shared(w->loop);
    if (!c->poll_kept)
        return;
    c->poll_at = json_integer_value(json_object_get(poll, "at_us")) - w->epoch_us;
    c->interval = json_integer_value(json_object_get(poll, "every_us"));
}

void chat_restore(struct visit *v, const json_t *saved)
{
    struct chat *c = v->state;
    const json_t *ids = json_object_get(saved, "heard");

    free(c->session);
    free(c->after);
    free(c->conversation);
    c->session = text_of(saved, "session");
    c->after = text_of(saved, "after");
    c->conversation = text_of(saved, "conversation");
    if (c->conversation)
        chat_name_uuid(c);
    c->conversations = (unsigned)json_integer_value(json_object_get(saved, "conversations"));
    c->last.seq = (int)json_integer_value(json_object_get(saved, "last_seq"));
    c->last.at_us = last_at(v, saved);
    c->before = c->last;
    c->turns = (unsigned)json_integer_value(json_object_get(saved, "turns"));
    free(c->said_last);
    c->said_last = text_of(saved, "said_last");
    c->was_away = c->session && v->away_us > 0;
    buf_clear(&c->history);
    buf_adds(&c->history, json_string_value(json_object_get(saved, "history"))
                              ? json_string_value(json_object_get(saved, "history")) : "");
    restore_vars(&c->vars, json_object_get(saved, "vars"));
    restore_vars(&c->presses, json_object_get(saved, "presses"));
    chat_hide_token(c);
    for (size_t i = 0; i < json_array_size(ids); i++)
        inbox_know(&c->inbox, json_string_value(json_array_get(ids, i)));
    restore_poll(c, json_object_get(saved, "poll"));
    http_take_cookies(c->http, json_object_get(saved, "cookies"));
    c->resumed = c->session && c->adapter->socket.path;
}
