/* The way to a conversation: the adapter's prepare calls, then open. */
#include <string.h>

#include "harness/channels/chat_inside.h"

#define OPEN_PATIENCE_US (300 * US_PER_S)

/* Nothing has been said yet, so nothing else ends it: as long as the customer waits for a reply. */
static int64_t open_patience(const struct chat *c)
{
    int64_t patience = c->visit->scenario->customer.patience.reply;

    return patience > 0 ? patience : OPEN_PATIENCE_US;
}

/** Ends the act when there is something to complain about. */
static bool opening_failed(struct chat *c, const struct http_answer *a)
{
    enum done complaint;

    c->opening = NULL;
    http_tell(c->visit, a);
    complaint = http_complain(c->visit, a);
    if (complaint != DONE_OK)
        chat_act_over(c, complaint);
    return complaint != DONE_OK;
}

/** What a person may not see of what was saved. */
void chat_hide_token(struct chat *c)
{
    const struct chat_var *token = chat_vars_find(&c->vars, "token", strlen("token"));

    if (token && token->value)
        c->visit->sink->secret(c->visit, token->value);
}

static void on_opened(void *context, const struct http_answer *a)
{
    struct chat *c = context;
    bool ok;

    if (opening_failed(c, a))
        return;
    wire_save(a->body, &c->adapter->open.save, &c->visit->world->filters, &c->vars);
    chat_hide_token(c);
    c->greeting = true;
    ok = chat_read_all(c, a, &c->session);
    c->greeting = false;
    if (ok && !c->session) {
        inbox_take_failure(&c->inbox, FAILURE_BAD_ANSWER,
                           "the chat opened without giving a session");
        ok = false;
    }
    inbox_deliver_now(&c->inbox);
    if (ok && c->adapter->socket.path)
        chat_socket_begin(c);
    else if (ok)
        chat_say(c);
    else
        chat_act_over(c, DONE_COMPANY_FAILED);
}

static void next_step(struct chat *c);

static void on_prepared(void *context, const struct http_answer *a)
{
    struct chat *c = context;
    const struct adapter_prepare *p =
        LIST_ITEM(struct adapter_prepare, c->adapter->prepare, c->prepared);
    const char *missing;

    if (opening_failed(c, a))
        return;
    missing = wire_save(a->body, &p->save, &c->visit->world->filters, &c->vars);
    chat_hide_token(c);
    if (missing) {
        visit_company_failed(c->visit, FAILURE_BAD_ANSWER,
                             "the chat's answer to %s has no \"%s\"", p->call.path, missing);
        chat_act_over(c, DONE_COMPANY_FAILED);
        return;
    }
    c->prepared++;
    next_step(c);
}

static void next_step(struct chat *c)
{
    const struct adapter *a = c->adapter;
    const struct wire_blanks blanks = chat_blanks(c, NULL);

    for (; c->prepared < a->prepare.count; c->prepared++) {
        const struct adapter_prepare *p =
            LIST_ITEM(struct adapter_prepare, a->prepare, c->prepared);

        if (p->when && !wire_has(&blanks, p->when))
            continue;
        c->opening = chat_call(c, &p->call, NULL, NULL, open_patience(c), on_prepared, c);
        return;
    }
    if (a->open.call.path) {
        c->opening = chat_call(c, &a->open.call, NULL, NULL, open_patience(c), on_opened, c);
        return;
    }
    c->session = mem_strdup(c->conversation);     /* the first words open it */
    if (a->socket.path)
        chat_socket_begin(c);
    else
        chat_say(c);
}

void chat_begin(struct chat *c)
{
    inbox_deliver_now(&c->inbox);         /* what was pushed while nobody listened */
    if (c->session && c->adapter->socket.path && !c->socket_open) {
        chat_socket_begin(c);
        return;
    }
    if (c->session) {
        chat_say(c);
        return;
    }
    c->prepared = 0;
    next_step(c);
}
