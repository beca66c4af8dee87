/* Saying something in a chat, and the answer to it: whole or in pieces. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/channels/chat_inside.h"

void chat_forget_saying(struct saying *s)
{
    struct saying **at = &s->chat->sayings;

    while (*at != s)
        at = &(*at)->next;
    *at = s->next;
    timer_cancel(s->enough);
    chat_stream_release(&s->stream);
    buf_release(&s->words);
    buf_release(&s->why);
    free(s);
}

static void on_settle(void *context)
{
    struct chat *c = context;

    c->act_timer = NULL;
    chat_act_over(c, DONE_OK);    /* the words have left; the player's patience counts from here */
}

/* An answer in pieces. Until it ends we are inside libcurl: what comes is only kept. */

static void on_piece(void *context, struct slice piece)
{
    struct saying *s = context;
    struct chat *c = s->chat;
    const struct adapter_stream *how = &c->adapter->send.stream;
    int64_t now = loop_now(c->visit->world->loop);
    size_t before = s->words.len;
    bool last = false;

    if (s->ended || c->over)
        return;
    if (how->end && slice_eq(text_trim(piece), how->end)) {
        s->ended = true;
        return;
    }
    if (!how->delta) {
        c->reading = s;
        s->failed |= !chat_read(c, piece, now, NULL);
        c->reading = NULL;
        inbox_deliver_later(&c->inbox);
        return;
    }
    s->ended = !wire_read_piece(c->adapter, piece, &c->visit->world->filters, &s->words, &last,
                                &s->why);
    s->finished |= last;
    if (s->words.full && !s->why.len) {
        buf_addf(&s->why, "a message is over %d KiB", WIRE_MESSAGE_MAX / 1024);
        s->ended = true;
    }
    if (s->words.len == before)
        return;
    s->last_us = now;
    if (before == 0)
        s->first_us = now;
}

static void on_enough(void *context)
{
    struct saying *s = context;

    s->enough = NULL;
    http_enough(s->call);
}

static void on_bytes(void *context, struct slice bytes, const char *content_type)
{
    struct saying *s = context;
    struct loop *l = s->chat->visit->world->loop;
    int format = s->chat->adapter->send.stream.format;

    if (!s->streaming && format == STREAM_SSE &&
        !text_starts_with(content_type, "text/event-stream"))
        return;                   /* a service that would not stream: read when it is whole */
    s->streaming = true;
    if (!chat_stream_feed(&s->stream, bytes) && !s->why.len) {
        buf_addf(&s->why, "a piece of it is over %d KiB", CHAT_PIECE_MAX / 1024);
        s->ended = true;
    }
    if (s->ended && !s->enough)
        s->enough = timer_start(l, loop_now(l) + CHAT_STREAM_GRACE_US, on_enough, s);
}

/** The words of a streamed message, as one. */
static void take_words(struct saying *s)
{
    struct chat *c = s->chat;
    CLEANUP(buf_release) struct buf text = BUF_INIT(WIRE_MESSAGE_MAX);
    struct heard_words heard = { .at_us = s->last_us, .first_us = s->first_us,
                                 .typing_us = DURATION_UNKNOWN };

    if (!s->words.len)
        return;
    text_add_clean(&text, buf_slice(&s->words));
    heard.text = text.ptr;
    inbox_take(&c->inbox, &heard, (struct heard_after){ s->seq, s->at_us });
    chat_remember(c, c->adapter->history.company, text.ptr);
}

static void take_broken_off(const struct saying *s)
{
    CLEANUP(buf_release) struct buf text = BUF_INIT(1024);

    buf_addf(&text, "the chat's answer to turn %u broke off before its end", s->turn);
    inbox_take_failure(&s->chat->inbox, FAILURE_UNREACHABLE, text.ptr);
}

static enum done read_stream(struct saying *s)
{
    struct chat *c = s->chat;
    const struct adapter_stream *how = &c->adapter->send.stream;
    bool has_sign = how->end || how->finished;

    if (!s->ended)
        chat_stream_end(&s->stream);
    take_words(s);
    if (s->why.len)
        chat_take_failure(c, FAILURE_BAD_ANSWER, s->why.ptr, (struct slice){ 0 });
    else if (has_sign && !s->ended && !s->finished && !c->over)
        take_broken_off(s);
    else if (!s->failed)
        return DONE_OK;
    if (c->over)
        chat_forget_session(c);
    return DONE_COMPANY_FAILED;
}

/* Words that never arrived are none the company could remember. */
static void take_back(const struct saying *s)
{
    struct chat *c = s->chat;

    if (c->history.len != s->history_after)
        return;                   /* somebody has spoken since */
    c->history.len = s->history_before;
    if (c->history.len)
        c->history.ptr[c->history.len] = '\0';
}

static void on_failed(struct saying *s, const struct http_answer *a, bool own)
{
    struct chat *c = s->chat;
    bool spoke = s->words.len > 0;
    enum done how;

    if (spoke) {                  /* what was heard before it broke was heard */
        take_words(s);
        if (own)
            inbox_deliver_now(&c->inbox);
    } else {
        take_back(s);
    }
    if (spoke && !own)            /* the words first, and on either the visit may end */
        take_broken_off(s);
    else if (!spoke && a->timings.sent_bytes > 0 && s->turn == c->turns &&
             (a->fault == HTTP_UNREACHABLE || a->fault == HTTP_TIMEOUT))
        chat_tell_in_doubt(c);
    chat_forget_saying(s);
    if (spoke && !own) {
        chat_deliver(c);
        return;
    }
    how = http_complain(c->visit, a);
    if (own)                      /* else it was the last word: see channel.h */
        chat_act_over(c, how);
}

static void on_said(void *context, const struct http_answer *a)
{
    struct saying *s = context;
    struct chat *c = s->chat;
    bool own = c->acting && c->current == s;
    enum done how;

    s->call = NULL;
    if (a->fault == HTTP_ANSWERED)
        visit_settled(c->visit);
    http_tell(c->visit, a);
    if (a->fault != HTTP_ANSWERED || a->status >= 400) {
        on_failed(s, a, own);
        return;
    }
    c->reading = s;
    if (s->streaming)
        how = read_stream(s);
    else
        how = chat_read_all(c, a, NULL) ? DONE_OK : DONE_COMPANY_FAILED;
    c->reading = NULL;
    chat_forget_saying(s);
    chat_deliver(c);
    if (own)
        chat_act_over(c, how);
}

int chat_sent(struct chat *c)
{
    struct event e = event_init(EVENT_SENT, PARTY_CUSTOMER);

    chat_tell_lost(c);
    e.text = c->words;
    e.repeats_seq = c->repeats_seq;
    c->before = c->last;
    c->unsent = true;
    c->turns++;
    c->answers = 0;
    free(c->said_last);
    c->said_last = mem_strdup(c->words);
    c->last.at_us = loop_moment(c->visit->world->loop);
    c->last.seq = visit_emit(c->visit, &e);
    c->typing_us = DURATION_UNKNOWN;
    c->interval = c->adapter->poll.interval;
    return c->last.seq;
}

/* The waits count from here: the journal may have taken a while. */
static void say_now(void *context)
{
    struct saying *s = context;
    struct chat *c = s->chat;
    struct loop *l = c->visit->world->loop;
    const struct adapter_send *send = &c->adapter->send;

    s->at_us = c->last.at_us = loop_moment(l);
    c->unsent = false;
    c->act_timer = timer_start(l, s->at_us + c->visit->settle_us, on_settle, c);
    s->call = chat_call(c, &send->call, chat_words_sent(c),
                        send->stream.format == STREAM_NONE ? NULL : on_bytes,
                        CHAT_SAY_PATIENCE_US, on_said, s);
}

void chat_say(struct chat *c)
{
    const struct adapter_send *send = &c->adapter->send;
    struct saying *s;

    if (!send->call.path) {
        chat_socket_say(c);
        return;
    }
    s = mem_zero(1, sizeof(*s));
    s->chat = c;
    s->seq = chat_sent(c);
    s->turn = c->turns;
    s->next = c->sayings;
    s->first_us = s->last_us = DURATION_UNKNOWN;
    buf_init(&s->words, WIRE_MESSAGE_MAX);
    buf_init(&s->why, 1024);
    chat_stream_init(&s->stream, (enum stream_format)send->stream.format, on_piece, s);
    c->sayings = c->current = s;
    s->history_before = c->history.len;
    chat_remember(c, c->adapter->history.customer, c->words);
    s->history_after = c->history.len;
    visit_commit(c->visit, say_now, s);
}
