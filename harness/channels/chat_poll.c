/* Asking a chat for new messages while the customer listens. */
#include "harness/channels/chat_inside.h"

enum { POLLS_FAILED_MAX = 3 };
/* A poll that hangs for longer waits for news: then what it brings is new. */
#define LONG_POLL_US US_PER_S

static void on_poll_failed(struct chat *c, const struct http_answer *a)
{
    http_tell(c->visit, a);
    if (!c->polls_failed)
        c->silent_us = c->polled_us;
    if (++c->polls_failed < POLLS_FAILED_MAX) {
        chat_poll_soon(c, c->adapter->poll.slowest);
        return;
    }
    c->listening = false;
    http_complain(c->visit, a);
}

static void on_polled(void *context, const struct http_answer *a)
{
    struct chat *c = context;
    const struct adapter_poll *p = &c->adapter->poll;
    bool failed = c->polls_failed > 0, all;

    c->poll = NULL;
    if (a->fault != HTTP_ANSWERED || a->status >= 400) {
        on_poll_failed(c, a);
        return;
    }
    if (failed)
        chat_tell_asked_again(c, a->at_us - c->silent_us);
    c->polls_failed = 0;
    c->late_poll = c->current && c->current->call && c->polled_us < c->last.at_us &&
                   a->at_us - c->polled_us < LONG_POLL_US;
    all = chat_read_all(c, a, NULL);
    c->late_poll = false;
    if (!all || c->new_messages)
        http_tell(c->visit, a);           /* a poll that brought nothing is no event */
    c->interval = c->new_messages ? p->interval : c->interval * 2;
    if (c->interval > p->slowest)
        c->interval = p->slowest;
    if (c->listening && c->session)
        chat_poll_soon(c, c->interval);
    chat_deliver(c);
}

static void poll_now(void *context)
{
    struct chat *c = context;

    c->next_poll = NULL;
    c->polled_us = loop_moment(c->visit->world->loop);
    c->poll = chat_call(c, &c->adapter->poll.call, NULL, NULL, CHAT_POLL_PATIENCE_US, on_polled,
                        c);
}

void chat_poll_soon(struct chat *c, int64_t delay)
{
    struct loop *l = c->visit->world->loop;

    if (!c->adapter->poll.call.path || c->poll || c->next_poll)
        return;
    c->poll_at = loop_now(l) + delay;
    c->next_poll = timer_start(l, c->poll_at, poll_now, c);
}

void chat_poll_again(struct chat *c)
{
    int64_t now = loop_now(c->visit->world->loop);
    bool kept = c->poll_kept;

    c->poll_kept = false;
    if (c->poll || c->next_poll)
        return;
    while (kept && c->poll_at < now) {    /* those brought nothing */
        c->interval = c->interval * 2 < c->adapter->poll.slowest ? c->interval * 2
                                                                 : c->adapter->poll.slowest;
        c->poll_at += c->interval > 0 ? c->interval : now - c->poll_at;
    }
    chat_poll_soon(c, kept ? c->poll_at - now : 0);
}

void chat_poll_stop(struct chat *c)
{
    http_cancel(c->poll);
    c->poll = NULL;
    timer_cancel(c->next_poll);
    c->next_poll = NULL;
}
