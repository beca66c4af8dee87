/* Leaving a chat: the company is told, so that nobody there waits for somebody who has gone. */
#include "harness/channels/chat_inside.h"

#define LEAVE_PATIENCE_US (5 * US_PER_S)

/* A customer who has gone sees nothing of the answer; the transfer tells it. */
static void on_left(void *context, const struct http_answer *a)
{
    struct chat *c = context;
    struct visit *v = c->visit;

    c->leaving = NULL;
    http_tell(v, a);
    chat_forget_session(c);
    visit_left(v);
}

bool chat_leave(struct visit *v)
{
    struct chat *c = v->state;
    const struct adapter_call *close;

    if (!c->visit || c->acting || c->leaving || !c->session)
        return false;
    close = &c->adapter->close.call;
    c->listening = false;
    chat_poll_stop(c);
    if (close->path) {
        c->leaving = chat_call(c, close, NULL, NULL, LEAVE_PATIENCE_US, on_left, c);
        return true;
    }
    if (close->body && c->socket_open)
        chat_socket_send(c, close->body, NULL);
    if (close->body)
        chat_forget_session(c);   /* with it goes the socket, by a close of its own */
    return false;
}
