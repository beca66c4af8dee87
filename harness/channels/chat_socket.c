/* A chat's WebSocket: what the company pushes, and a connection that breaks. Words are said once:
 * after a break the conversation goes on, and what was under way is told as the customer met it. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/channels/chat_inside.h"

enum { RECONNECTS_MAX = 4, FRAME_MAX = 512 * 1024 };
#define CONNECT_PATIENCE_US (30 * US_PER_S)
#define RECONNECT_PAUSE_US (500 * US_PER_MS)      /* doubles */

static void connect_now(struct chat *c);

void chat_socket_stop(struct chat *c)
{
    timer_cancel(c->reconnect);
    c->reconnect = NULL;
    websocket_free(c->socket);
    c->socket = NULL;
    c->socket_open = c->hearing_greeting = false;
    c->reconnects = 0;
}

static void tell_handshake(struct chat *c, int status, const char *why)
{
    const struct wire_blanks blanks = chat_blanks(c, NULL);
    CLEANUP(buf_release) struct buf url = BUF_INIT(64 * 1024);

    chat_make_url(c, c->adapter->socket.path, &blanks, &url);
    http_tell(c->visit, &(struct http_answer){ .why = why, .method = "GET", .url = url.ptr,
                                               .status = status });
}

bool chat_socket_send(struct chat *c, const char *pattern, const char *text)
{
    const struct wire_blanks blanks = chat_blanks(c, text);
    CLEANUP(buf_release) struct buf body = BUF_INIT(FRAME_MAX);

    return wire_fill(&body, pattern, &blanks, WIRE_JSON) && websocket_send(c->socket, body.ptr);
}

/* Saying */

static void on_left(void *context)
{
    struct chat *c = context;

    c->act_timer = NULL;
    chat_act_over(c, DONE_OK);
}

static void say_now(void *context)
{
    struct chat *c = context;
    struct loop *l = c->visit->world->loop;

    if (!c->socket_open) {        /* it broke before the words could leave */
        visit_company_failed(c->visit, FAILURE_UNREACHABLE, "the chat's connection broke");
        chat_act_over(c, DONE_COMPANY_FAILED);
        return;
    }
    c->last.at_us = loop_moment(l);
    c->unsent = false;
    /* a break is told by on_closed */
    chat_socket_send(c, c->adapter->send.call.body, chat_words_sent(c));
    c->act_timer = timer_start(l, loop_now(l), on_left, c);
}

void chat_socket_say(struct chat *c)
{
    if (!c->socket_open) {
        chat_socket_begin(c);
        return;
    }
    c->said = true;
    chat_sent(c);
    chat_remember(c, c->adapter->history.customer, c->words);
    visit_commit(c->visit, say_now, c);
}

static void on_greeted(void *context)
{
    struct chat *c = context;

    c->act_timer = NULL;
    c->hearing_greeting = false;
    chat_say(c);
}

/* The connection */

/** Something the customer cannot get over: told now, or when somebody listens. */
static void give_up(struct chat *c, enum failure f, const char *why)
{
    CLEANUP(buf_release) struct buf text = BUF_INIT(1024);
    bool acting = c->acting;

    buf_addf(&text, "the chat's connection: %s", why);
    inbox_take_failure(&c->inbox, f, text.ptr);
    chat_forget_session(c);
    if (acting) {
        inbox_deliver_now(&c->inbox);
        chat_act_over(c, DONE_COMPANY_FAILED);
    } else if (c->listening) {
        inbox_deliver_later(&c->inbox);
    }
}

static void on_open(void *context)
{
    struct chat *c = context;
    const struct adapter_socket *s = &c->adapter->socket;
    struct loop *l = c->visit->world->loop;
    bool resumed = c->resumed && !c->reconnects, again = c->reconnects > 0 || resumed;
    const char *first = again && s->resume ? s->resume : s->hello;

    c->socket_open = true;
    tell_handshake(c, 101, "");
    c->resumed = false;
    if (again && !resumed)
        chat_tell_again(c, loop_now(l) - c->socket_since_us);
    c->reconnects = 0;
    if (first)
        chat_socket_send(c, first, NULL);
    if (!c->acting || c->said)
        return;
    c->hearing_greeting = first && !again;
    c->act_timer = timer_start(l, loop_now(l) + (first ? c->visit->settle_us : 0), on_greeted, c);
}

static void on_text(void *context, struct slice text)
{
    struct chat *c = context;

    chat_take_pushed(c, text, loop_now(c->visit->world->loop));
}

static void on_reconnect(void *context)
{
    struct chat *c = context;

    c->reconnect = NULL;
    connect_now(c);
}

/** A close that means it: they have ended it, or do not take what we send. The same words would meet
 *  the same end on a new connection. */
static bool is_final(int code)
{
    static const int codes[] = { WS_NORMAL, WS_NO_STATUS, 1002, 1003, 1007, 1008, 1009, 1010 };

    for (size_t i = 0; i < ARRAY_LEN(codes); i++)
        if (codes[i] == code)
            return true;
    return false;
}

static void on_closed(void *context, const struct websocket_end *e)
{
    struct chat *c = context;
    struct loop *l = c->visit->world->loop;
    bool was_open = c->socket_open;

    if (!was_open)
        tell_handshake(c, e->status, e->why);
    if (e->unreadable || is_final(e->code) || c->reconnects >= RECONNECTS_MAX ||
        (!was_open && !c->reconnects)) {
        CLEANUP(buf_release) struct buf why = BUF_INIT(1024);
        bool ended = was_open && is_final(e->code);
        bool plain = ended && (e->code == WS_NORMAL || e->code == WS_NO_STATUS);

        buf_adds(&why, plain ? failure_text(FAILURE_CLOSED) : e->why);
        give_up(c, e->unreadable ? FAILURE_BAD_ANSWER : ended ? FAILURE_CLOSED
                : e->status >= 400 ? FAILURE_HTTP_ERROR : FAILURE_UNREACHABLE, why.ptr);
        return;
    }
    if (was_open) {
        c->socket_since_us = loop_now(l);
        chat_tell_break(c, e->why);
    }
    if (!c->said) {               /* the greeting will be heard after the next beginning */
        timer_cancel(c->act_timer);
        c->act_timer = NULL;
    }
    websocket_free(c->socket);
    c->socket = NULL;
    c->socket_open = c->hearing_greeting = false;
    c->reconnect = timer_start(l, loop_now(l) + (RECONNECT_PAUSE_US << c->reconnects++),
                               on_reconnect, c);
}

static const struct websocket_events socket_events = { on_open, on_text, on_closed };

static void connect_now(struct chat *c)
{
    const struct wire_blanks blanks = chat_blanks(c, NULL);
    const struct visit *v = c->visit;
    struct ws_request q = { .protocol = c->adapter->socket.protocol,
                            .user_agent = v->world->user_agent, .marker = v->world->marker,
                            .ca = ((const struct chat_settings *)v->spec->settings)->ca };
    CLEANUP(buf_release) struct buf url = BUF_INIT(64 * 1024);
    char **lines = chat_make_headers(c, &blanks, &q.header_count);

    chat_make_url(c, c->adapter->socket.path, &blanks, &url);
    q.headers = (const char *const *)lines;
    if (url_allowed(v->scenario, url.ptr))
        c->socket = websocket_open(v->world->loop, url.ptr, &q, CONNECT_PATIENCE_US,
                                   &socket_events, c);
    for (size_t i = 0; i < q.header_count; i++)
        free(lines[i]);
    free(lines);
    if (!c->socket)
        give_up(c, FAILURE_UNREACHABLE, "it leads where this journey may not go");
}

void chat_socket_begin(struct chat *c)
{
    if (c->reconnect) {           /* a customer who writes does not wait out the pause */
        timer_cancel(c->reconnect);
        c->reconnect = NULL;
    }
    if (!c->socket)
        connect_now(c);
}
