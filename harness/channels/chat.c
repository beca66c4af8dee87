/* The chat channel: says things over an adapter's protocol and hears what comes back, in the answer
 * or by polling. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/channels/chat_inbox.h"
#include "harness/channels/chat_wire.h"
#include "harness/channels/http.h"

enum { POLLS_FAILED_MAX = 3, CALL_MAX = 512 * 1024 };

/* A conversation may pause for as long as a person thinks; the player ends it, not the wire. */
#define CALL_PATIENCE_US (1800 * US_PER_S)
#define OPEN_PATIENCE_US (300 * US_PER_S)
#define POLL_PATIENCE_US (60 * US_PER_S)

struct chat_settings {
    const char *adapter;
    const struct template *url, *token;
    int64_t settle;
};

/** One message of the customer on its way; outlives its act when the answer takes long. */
struct saying {
    struct saying *next;
    struct chat *chat;
    struct http_exchange *call;
    int seq;
    int64_t at_us;
};

struct chat {
    struct visit *visit;
    const struct adapter *adapter;
    const char *url, *token;
    struct http *http;

    struct inbox inbox;
    char *session, *after;        /* the conversation; the last message heard in it */

    bool acting;                  /* visit_done is owed */
    char *words;                  /* what the act says */
    int repeats_seq;
    struct http_exchange *opening;
    struct saying *sayings, *current;     /* current: the act's own */
    struct timer *act_timer;      /* its beginning; then its end, when the answer takes longer */

    bool listening;
    struct http_exchange *poll;
    struct timer *next_poll;
    int64_t interval;
    int polls_failed;

    const struct saying *reading; /* whose answer is being read; NULL a poll's or the greeting */
    int64_t read_at_us;
    bool greeting;
    size_t new_messages;
    struct heard_after last;      /* the latest words sent */
};

static void start_polling(struct chat *c, int64_t delay);

/* Reading answers */

static void on_message(void *context, const struct wire_message *m)
{
    struct chat *c = context;
    struct heard_after after = c->greeting ? (struct heard_after){ .seq = -1 } : c->last;

    if (c->reading)
        after = (struct heard_after){ c->reading->seq, c->reading->at_us };
    if (!inbox_take(&c->inbox, m->text, m->id, c->read_at_us, after))
        return;
    c->new_messages++;
    if (m->id) {
        free(c->after);
        c->after = mem_strdup(m->id);
    }
}

static void forget_session(struct chat *c)
{
    free(c->session);
    free(c->after);
    c->session = NULL;
    c->after = NULL;
    inbox_forget_ids(&c->inbox);
    http_cancel(c->poll);
    c->poll = NULL;
    timer_cancel(c->next_poll);
    c->next_poll = NULL;
}

/** Queues what an answer holds. False: it held a failure as well, or only that. */
static bool read_answer(struct chat *c, const struct http_answer *a, char **session)
{
    CLEANUP(buf_release) struct buf why = BUF_INIT(1024);
    CLEANUP(buf_release) struct buf text = BUF_INIT(8192);
    struct wire_answer got;

    c->read_at_us = a->at_us;
    c->new_messages = 0;
    if (wire_read(c->adapter, a->body, on_message, c, &got, &why) != ST_OK) {
        buf_addf(&text, "the chat's answer cannot be read: %s: ", why.ptr);
        text_add_clipped(&text, a->body, 120);
        inbox_take_failure(&c->inbox, FAILURE_BAD_ANSWER, text.ptr);
        return false;
    }
    if (session)
        *session = got.session;
    else
        free(got.session);
    if (got.closed)
        inbox_take_failure(&c->inbox, FAILURE_CLOSED, failure_text(FAILURE_CLOSED));
    else if (inbox_full(&c->inbox))
        inbox_take_failure(&c->inbox, FAILURE_BAD_ANSWER, "more messages than anybody reads");
    else
        return true;
    forget_session(c);
    return false;
}

/* Calls */

static struct http_exchange *call(struct chat *c, const struct adapter_call *how, const char *text,
                                  int64_t patience_us, http_fn *fn, void *context)
{
    struct visit *v = c->visit;
    struct wire_blanks blanks = {
        c->session, text, c->after ? c->after : "", c->token, v->customer_name,
        v->customer_email, v->language, v->run_id,
    };
    const struct pairs *extra = &c->adapter->headers;
    CLEANUP(buf_release) struct buf url = BUF_INIT(64 * 1024);
    CLEANUP(buf_release) struct buf body = BUF_INIT(CALL_MAX);
    struct http_request q = { .method = how->method, .accept = "application/json",
                              .patience_us = patience_us, .flags = HTTP_QUIET };
    char **lines = mem_zero(extra->count + 1, sizeof(char *));
    struct http_exchange *x;

    buf_adds(&url, c->url);
    while (url.len && url.ptr[url.len - 1] == '/' && how->path[0] == '/')
        url.ptr[--url.len] = '\0';
    wire_fill(&url, how->path, &blanks, WIRE_PERCENT);
    if (how->body) {
        wire_fill(&body, how->body, &blanks, WIRE_JSON);
        q.content_type = "application/json";
        q.body = buf_slice(&body);
    }
    for (size_t i = 0; i < extra->count; i++) {
        struct buf line = BUF_INIT(8192);

        buf_addf(&line, "%s: ", extra->items[i].name);
        if (wire_fill(&line, extra->items[i].value->source, &blanks, WIRE_PLAIN))
            lines[q.header_count++] = buf_steal(&line);
        buf_release(&line);
    }
    q.url = url.ptr;
    q.headers = (const char *const *)lines;
    x = http_start(c->http, &q, fn, context);
    for (size_t i = 0; i < q.header_count; i++)
        free(lines[i]);
    free(lines);
    return x;
}

/* Ends the act: nothing of the chat may be touched afterwards. */
static void act_over(struct chat *c, enum done how)
{
    timer_cancel(c->act_timer);
    c->act_timer = NULL;
    c->acting = false;
    c->current = NULL;
    free(c->words);
    c->words = NULL;
    if (c->listening && c->session)
        start_polling(c, 0);
    visit_done(c->visit, how);
}

static void on_settle(void *context)
{
    struct chat *c = context;

    c->act_timer = NULL;
    act_over(c, DONE_OK);         /* the words have left; the player's patience counts from here */
}

static void forget_saying(struct saying *s)
{
    struct saying **at = &s->chat->sayings;

    while (*at != s)
        at = &(*at)->next;
    *at = s->next;
    free(s);
}

static void deliver(struct chat *c)
{
    if (c->acting)
        inbox_deliver_now(&c->inbox);
    else
        inbox_deliver_later(&c->inbox);
}

static void on_said(void *context, const struct http_answer *a)
{
    struct saying *s = context;
    struct chat *c = s->chat;
    bool own = c->acting && c->current == s;
    enum done how = DONE_OK;

    s->call = NULL;
    http_tell(c->visit, a);
    if (a->fault != HTTP_ANSWERED || a->status >= 400) {
        forget_saying(s);
        how = http_complain(c->visit, a);
        if (own)                          /* else it was the last word: see channel.h */
            act_over(c, how);
        return;
    }
    c->reading = s;
    if (!read_answer(c, a, NULL))
        how = DONE_COMPANY_FAILED;
    c->reading = NULL;
    forget_saying(s);
    deliver(c);
    if (own)
        act_over(c, how);
}

static void say(struct chat *c)
{
    struct visit *v = c->visit;
    struct event e = event_init(EVENT_SENT, PARTY_CUSTOMER);
    struct saying *s = mem_zero(1, sizeof(*s));

    e.text = c->words;
    e.repeats_seq = c->repeats_seq;
    s->chat = c;
    s->at_us = loop_now(v->world->loop);
    s->seq = visit_emit(v, &e);
    s->next = c->sayings;
    c->sayings = c->current = s;
    c->last = (struct heard_after){ s->seq, s->at_us };
    c->interval = c->adapter->poll.interval;
    c->act_timer = timer_start(v->world->loop, s->at_us + v->settle_us, on_settle, c);
    s->call = call(c, &c->adapter->send, c->words, CALL_PATIENCE_US, on_said, s);
}

static void on_opened(void *context, const struct http_answer *a)
{
    struct chat *c = context;
    enum done complaint;
    bool ok;

    c->opening = NULL;
    http_tell(c->visit, a);
    complaint = http_complain(c->visit, a);
    if (complaint != DONE_OK) {
        act_over(c, complaint);
        return;
    }
    c->greeting = true;
    ok = read_answer(c, a, &c->session);
    c->greeting = false;
    if (ok && !c->session) {
        inbox_take_failure(&c->inbox, FAILURE_BAD_ANSWER,
                           "the chat opened without giving a session");
        ok = false;
    }
    inbox_deliver_now(&c->inbox);
    if (ok)
        say(c);
    else
        act_over(c, DONE_COMPANY_FAILED);
}

/* Polling */

static void on_poll_failed(struct chat *c, const struct http_answer *a)
{
    http_tell(c->visit, a);
    if (++c->polls_failed < POLLS_FAILED_MAX) {
        start_polling(c, c->adapter->poll.slowest);
        return;
    }
    c->listening = false;
    http_complain(c->visit, a);
}

static void on_polled(void *context, const struct http_answer *a)
{
    struct chat *c = context;
    const struct adapter_poll *p = &c->adapter->poll;

    c->poll = NULL;
    if (a->fault != HTTP_ANSWERED || a->status >= 400) {
        on_poll_failed(c, a);
        return;
    }
    c->polls_failed = 0;
    if (!read_answer(c, a, NULL) || c->new_messages)
        http_tell(c->visit, a);           /* a poll that brought nothing is no event */
    c->interval = c->new_messages ? p->interval : c->interval * 2;
    if (c->interval > p->slowest)
        c->interval = p->slowest;
    if (c->listening && c->session)
        start_polling(c, c->interval);
    deliver(c);
}

static void poll_now(void *context)
{
    struct chat *c = context;

    c->next_poll = NULL;
    c->poll = call(c, &c->adapter->poll.call, NULL, POLL_PATIENCE_US, on_polled, c);
}

static void start_polling(struct chat *c, int64_t delay)
{
    struct loop *l = c->visit->world->loop;

    if (!c->adapter->poll.call.path || c->poll || c->next_poll)
        return;
    c->next_poll = timer_start(l, loop_now(l) + delay, poll_now, c);
}

/* The vtable */

static void chat_check(const struct scenario *s, const struct channel_spec *spec,
                       const struct channel_world *world, struct diags *diags)
{
    const struct chat_settings *set = spec->settings;
    const struct adapters *all = world->adapters;
    const struct adapter *a = adapters_find(all, set->adapter);
    const char **names;
    const char *near;
    char *hint;

    http_check_url(s, spec, set->url, diags);
    if (a) {
        wire_check(a, s->source, spec->at, diags);
        if (!set->token && wire_needs_token(a))
            diag_add(diags, SEVERITY_ERROR, s->source, spec->at, "add `token:`",
                     "channel \"%s\": adapter \"%s\" needs a token", spec->name, a->name);
        return;
    }
    names = mem_zero((all ? all->count : 0) + 1, sizeof(*names));
    for (size_t i = 0; all && i < all->count; i++)
        names[i] = all->items[i].name;
    near = suggest(set->adapter, names, all ? all->count : 0);
    hint = near ? mem_printf("did you mean \"%s\"?", near) : NULL;
    diag_add(diags, SEVERITY_ERROR, s->source, spec->at, hint,
             "channel \"%s\": there is no chat adapter \"%s\"", spec->name, set->adapter);
    free(hint);
    free(names);
}

static enum status chat_open(struct visit *v, struct diags *diags)
{
    const struct chat_settings *set = v->spec->settings;
    struct chat *c = v->state;
    enum status st;

    c->visit = v;
    c->last.seq = -1;
    inbox_init(&c->inbox, v);
    c->adapter = adapters_find(v->world->adapters, set->adapter);
    v->settle_us = set->settle;
    if (!c->adapter) {
        diag_error(diags, "channel \"%s\": there is no chat adapter \"%s\"", v->spec->name,
                   set->adapter);
        return ST_NOT_FOUND;
    }
    st = http_open_url(v, set->url, diags, &c->url);
    if (st)
        return st;
    if (set->token) {
        c->token = visit_render(v, set->token, diags);
        if (!c->token)
            return ST_NOT_FOUND;
        v->sink->secret(v, c->token);
    }
    c->interval = c->adapter->poll.interval;
    c->http = http_new(v);
    return ST_OK;
}

/* Nothing has been said yet, so nothing else ends it: as long as the customer waits for a reply. */
static int64_t open_patience(const struct chat *c)
{
    int64_t patience = c->visit->scenario->customer.patience.reply;

    return patience > 0 ? patience : OPEN_PATIENCE_US;
}

static void begin_later(void *context)
{
    struct chat *c = context;

    c->act_timer = NULL;
    if (c->session)
        say(c);
    else
        c->opening = call(c, &c->adapter->open.call, NULL, open_patience(c), on_opened, c);
}

static enum status chat_act(struct visit *v, const struct action *a)
{
    struct chat *c = v->state;
    struct loop *l = v->world->loop;

    if (a->verb != VERB_SAY && a->verb != VERB_CHASE)
        return ST_UNSUPPORTED;
    c->acting = true;
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
    if (c->session)
        start_polling(c, 0);
}

static void chat_hush(struct visit *v)
{
    struct chat *c = v->state;

    c->listening = false;
    http_cancel(c->poll);
    c->poll = NULL;
    timer_cancel(c->next_poll);
    c->next_poll = NULL;
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
    if (c->current) {
        http_cancel(c->current->call);
        forget_saying(c->current);
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
    while (c->sayings) {
        http_cancel(c->sayings->call);
        forget_saying(c->sayings);
    }
    forget_session(c);
    inbox_release(&c->inbox);
    http_free(c->http);
    memset(c, 0, sizeof(*c));
}

static const struct field chat_fields[] = {
    { .name = "adapter", .type = FIELD_TEXT, .offset = offsetof(struct chat_settings, adapter),
      .flags = FIELD_REQUIRED, .help = "the service's protocol: a name from scenarios/adapters" },
    { .name = "url", .type = FIELD_TEMPLATE, .offset = offsetof(struct chat_settings, url),
      .flags = FIELD_REQUIRED, .help = "where the service lives; the adapter's paths follow it" },
    { .name = "token", .type = FIELD_TEMPLATE, .offset = offsetof(struct chat_settings, token),
      .help = "secret the service wants; never shown in a report" },
    { .name = "settle", .type = FIELD_DURATION, .offset = offsetof(struct chat_settings, settle),
      .help = "quiet for so long, the company has said what it wanted to", .fallback = "700ms" },
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
    .cancel = chat_cancel,
    .close = chat_close,
};
