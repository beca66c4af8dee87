/* The chat channel: says things over an adapter's protocol and hears what comes back, in the answer
 * or by polling. Here: its settings and its vtable. */
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "harness/base/text.h"
#include "harness/channels/chat_inside.h"

/* A conversation */

/* RFC 9562, version 8: bits of our own choice, here of a hash. */
void chat_name_uuid(struct chat *c)
{
    unsigned char bits[EVP_MAX_MD_SIZE];
    size_t len = 0;

    EVP_Digest(c->conversation, strlen(c->conversation), bits, NULL, EVP_sha256(), NULL);
    bits[6] = (unsigned char)(0x80 | (bits[6] & 0x0f));
    bits[8] = (unsigned char)(0x80 | (bits[8] & 0x3f));
    for (int i = 0; i < 16; i++)
        len += (size_t)snprintf(c->uuid + len, sizeof c->uuid - len, "%s%02x",
                                i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", bits[i]);
}

/** An id of our making that no other conversation has, and variables as they begin. */
static void new_conversation(struct chat *c)
{
    const struct adapter *a = c->adapter;
    const struct visit *v = c->visit;

    free(c->conversation);
    c->conversation = mem_printf("%s-%s-%u", v->run_id, v->journey_id, ++c->conversations);
    chat_name_uuid(c);
    chat_vars_know_saved(&c->vars, a);
    for (size_t i = 0; i < a->variables.count; i++)
        chat_vars_set(&c->vars, a->variables.items[i].name, a->variables.items[i].value->source);
    for (size_t i = 0; i < c->with_count; i++)
        chat_vars_set(&c->vars, c->with[i].name, c->with[i].text);
    chat_callback_rename(c);
}

void chat_forget_session(struct chat *c)
{
    free(c->session);
    free(c->after);
    c->session = NULL;
    c->after = NULL;
    c->over = c->resumed = false;
    buf_clear(&c->history);
    chat_vars_release(&c->presses);
    inbox_forget_ids(&c->inbox);
    chat_poll_stop(c);
    chat_socket_stop(c);
    new_conversation(c);
}

void chat_act_over(struct chat *c, enum done how)
{
    timer_cancel(c->act_timer);
    c->act_timer = NULL;
    c->acting = false;
    c->current = NULL;
    free(c->words);
    c->words = NULL;
    timer_cancel(c->next_poll);   /* who has just written does not wait out a pause of before */
    c->next_poll = NULL;
    if (c->listening && c->session)
        chat_poll_soon(c, 0);
    visit_done(c->visit, how);
}

/* The vtable */

/** `with` names only what the adapter has. */
static void check_with(const struct scenario *s, const struct channel_spec *spec,
                       const struct adapter *a, struct diags *diags)
{
    const struct chat_settings *set = spec->settings;
    const char **names = mem_zero(a->variables.count + 1, sizeof(*names));

    for (size_t i = 0; i < a->variables.count; i++)
        names[i] = a->variables.items[i].name;
    for (size_t i = 0; i < set->with.count; i++) {
        const struct pair *p = &set->with.items[i];
        bool known = false;

        for (size_t k = 0; k < a->variables.count; k++)
            known |= !strcmp(names[k], p->name);
        if (known)
            continue;
        diag_add(diags, SEVERITY_ERROR, s->source, p->name_at,
                 names_hint(diags->arena, p->name, names, a->variables.count),
                 "channel \"%s\": adapter \"%s\" has no variable \"%s\"", spec->name, a->name,
                 p->name);
    }
    free(names);
}

static void chat_check(const struct scenario *s, const struct channel_spec *spec,
                       const struct channel_world *world, struct diags *diags)
{
    const struct chat_settings *set = spec->settings;
    const struct adapters *all = world->adapters;
    const struct adapter *a = adapters_find(all, set->adapter);
    struct jq_filters *filters = NULL;
    const char **names;

    http_check_url(s, spec, set->url, diags);
    if (a) {
        wire_check(a, &filters, s->source, spec->at, diags);
        jq_filters_free(filters);
        check_with(s, spec, a, diags);
        chat_callback_check(s, spec, a, diags);
        if (!set->token && wire_needs_token(a))
            diag_add(diags, SEVERITY_ERROR, s->source, spec->at, "add `token:`",
                     "channel \"%s\": adapter \"%s\" needs a token", spec->name, a->name);
        return;
    }
    names = mem_zero((all ? all->count : 0) + 1, sizeof(*names));
    for (size_t i = 0; all && i < all->count; i++)
        names[i] = all->items[i].name;
    diag_add(diags, SEVERITY_ERROR, s->source, spec->at,
             names_hint(diags->arena, set->adapter, names, all ? all->count : 0),
             "channel \"%s\": there is no chat adapter \"%s\"", spec->name, set->adapter);
    free(names);
}

/** The settings that are templates. */
static enum status render_settings(struct chat *c, const struct chat_settings *set,
                                   struct diags *diags)
{
    struct visit *v = c->visit;

    if (set->token) {
        c->token = visit_render(v, set->token, diags);
        if (!c->token)
            return ST_NOT_FOUND;
        v->sink->secret(v, c->token);
    }
    c->with = arena_alloc(v->arena, set->with.count * sizeof(*c->with));
    c->with_count = set->with.count;
    for (size_t i = 0; i < set->with.count; i++) {
        c->with[i].name = set->with.items[i].name;
        c->with[i].text = visit_render(v, set->with.items[i].value, diags);
        if (!c->with[i].text)
            return ST_NOT_FOUND;
    }
    return ST_OK;
}

static enum status chat_open(struct visit *v, struct diags *diags)
{
    const struct chat_settings *set = v->spec->settings;
    struct chat *c = v->state;
    enum status st;

    c->visit = v;
    c->last.seq = c->before.seq = -1;
    c->typing_us = DURATION_UNKNOWN;
    buf_init(&c->history, CHAT_HISTORY_MAX);
    inbox_init(&c->inbox, v);
    c->adapter = adapters_find(v->world->adapters, set->adapter);
    v->settle_us = set->settle;
    if (!c->adapter) {
        diag_error(diags, "channel \"%s\": there is no chat adapter \"%s\"", v->spec->name,
                   set->adapter);
        return ST_NOT_FOUND;
    }
    st = http_open_url(v, set->url, diags, &c->url);
    if (!st)
        st = render_settings(c, set, diags);
    if (!st)
        st = chat_callback_open(c, set, diags);
    if (st)
        return st;
    new_conversation(c);
    c->interval = c->adapter->poll.interval;
    v->hears = c->adapter->poll.call.path || c->adapter->socket.path;
    c->http = http_new(v);
    v->ca = set->ca;
    return ST_OK;
}

static void begin_later(void *context)
{
    struct chat *c = context;

    c->act_timer = NULL;
    chat_begin(c);
}

static enum status chat_act(struct visit *v, const struct action *a)
{
    struct chat *c = v->state;
    struct loop *l = v->world->loop;

    if (a->verb != VERB_SAY && a->verb != VERB_CHASE)
        return ST_UNSUPPORTED;
    c->acting = true;
    c->said = c->poll_kept = false;
    c->words = mem_strdup(a->text ? a->text : "");
    c->repeats_seq = a->repeats_seq;
    c->act_timer = timer_start(l, loop_now(l), begin_later, c);
    return ST_OK;
}

static void chat_listen(struct visit *v)
{
    struct chat *c = v->state;

    c->listening = true;
    c->polls_failed = 0;
    chat_tell_away(c);
    if (c->session)
        chat_poll_again(c);
    if (c->resumed && !c->socket)
        chat_socket_begin(c);
    inbox_deliver_later(&c->inbox);       /* what was pushed while nobody listened */
}

static void chat_hush(struct visit *v)
{
    struct chat *c = v->state;

    c->listening = false;
    chat_poll_stop(c);
}

static void chat_rest(struct visit *v)
{
    struct chat *c = v->state;

    http_rest(c->http);
}

static void chat_cancel(struct visit *v)
{
    struct chat *c = v->state;

    if (!c->acting)
        return;
    c->acting = false;
    timer_cancel(c->act_timer);
    c->act_timer = NULL;
    http_cancel(c->opening);
    c->opening = NULL;
    c->hearing_greeting = false;
    if (c->socket && !c->socket_open)
        chat_socket_stop(c);
    if (c->current) {
        http_cancel(c->current->call);
        chat_forget_saying(c->current);
        c->current = NULL;
    }
    free(c->words);
    c->words = NULL;
}

static void chat_close(struct visit *v)
{
    struct chat *c = v->state;

    if (!c->visit)
        return;                   /* never opened, or closed already */
    chat_cancel(v);
    chat_hush(v);
    http_cancel(c->leaving);
    chat_socket_stop(c);
    chat_callback_close(c);
    while (c->sayings) {
        http_cancel(c->sayings->call);
        chat_forget_saying(c->sayings);
    }
    free(c->said_last);
    chat_vars_release(&c->presses);
    free(c->session);
    free(c->after);
    free(c->conversation);
    chat_vars_release(&c->vars);
    buf_release(&c->history);
    inbox_release(&c->inbox);
    http_free(c->http);
    memset(c, 0, sizeof(*c));
}

/* Whoever is called back shares the address with all others who are. */
static bool chat_bound(const struct channel_spec *spec, const struct channel_world *world)
{
    const struct chat_settings *set = spec->settings;
    const struct adapter *a = adapters_find(world->adapters, set->adapter);

    return a && a->webhook.path;
}

static const struct field chat_fields[] = {
    { .name = "adapter", .type = FIELD_TEXT, .offset = offsetof(struct chat_settings, adapter),
      .flags = FIELD_REQUIRED, .help = "the service's protocol: a name from scenarios/adapters" },
    { .name = "url", .type = FIELD_TEMPLATE, .offset = offsetof(struct chat_settings, url),
      .flags = FIELD_REQUIRED, .help = "where the service lives; the adapter's paths follow it" },
    { .name = "token", .type = FIELD_TEMPLATE, .offset = offsetof(struct chat_settings, token),
      .help = "secret the service wants; never shown in a report" },
    { .name = "with", .type = FIELD_PAIRS, .offset = offsetof(struct chat_settings, with),
      .help = "values for the adapter's own variables" },
    { .name = "settle", .type = FIELD_DURATION, .offset = offsetof(struct chat_settings, settle),
      .help = "quiet for so long, the company has said what it wanted to", .fallback = "700ms" },
    { .name = "listen", .type = FIELD_TEMPLATE, .offset = offsetof(struct chat_settings, listen),
      .help = "HOST:PORT to be called back at; default: a free port of 127.0.0.1" },
    { .name = "callback", .type = FIELD_TEMPLATE,
      .offset = offsetof(struct chat_settings, callback),
      .help = "that address as the company reaches it, when a tunnel or proxy is in between" },
    { .name = "secret", .type = FIELD_TEMPLATE, .offset = offsetof(struct chat_settings, secret),
      .help = "what the company signs its callbacks with; never shown in a report" },
    { .name = "ca", .type = FIELD_TEXT, .offset = offsetof(struct chat_settings, ca),
      .help = "file of certificates to trust instead of the system's" },
    { 0 },
};

static const struct object chat_object = {
    "chat channel", sizeof(struct chat_settings), chat_fields, SIZE_MAX,
};

const struct channel channel_chat = {
    .name = "chat",
    .family = FAMILY_CHAT,
    .verbs = 1u << VERB_SAY | 1u << VERB_CHASE,
    .settings = &chat_object,
    .state_size = sizeof(struct chat),
    .check = chat_check,
    .open = chat_open,
    .act = chat_act,
    .listen = chat_listen,
    .hush = chat_hush,
    .rest = chat_rest,
    .cancel = chat_cancel,
    .leave = chat_leave,
    .close = chat_close,
    .save = chat_save,
    .restore = chat_restore,
    .one_loop = chat_bound,
};
