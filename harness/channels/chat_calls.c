/* The chat channel's calls, and what stands in any answer. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/channels/chat_inside.h"

enum { CALL_MAX = 512 * 1024 };

struct wire_blanks chat_blanks(const struct chat *c, const char *text)
{
    const struct visit *v = c->visit;

    return (struct wire_blanks){
        .session = c->session, .text = text, .after = c->after ? c->after : "",
        .token = c->token, .name = v->customer_name, .email = v->customer_email,
        .language = v->language, .run = v->run_id, .conversation = c->conversation,
        .uuid = c->uuid,
        .history = c->history.ptr, .callback = c->callback, .vars = &c->vars,
    };
}

void chat_remember(struct chat *c, const char *pattern, const char *text)
{
    struct wire_blanks blanks = chat_blanks(c, text);

    if (!pattern)
        return;
    if (c->history.len)
        buf_addc(&c->history, ',');
    wire_fill(&c->history, pattern, &blanks, WIRE_JSON);
}

/* Reading answers */

/** What something that was readable at read_at_us answers: words that had left by then. */
static struct heard_after answered(const struct chat *c)
{
    if (c->greeting)
        return (struct heard_after){ .seq = -1 };
    if (c->reading)
        return (struct heard_after){ c->reading->seq, c->reading->at_us };
    return c->unsent || c->late_poll || c->read_at_us < c->last.at_us ? c->before : c->last;
}

static void keep_choices(struct chat *c, const struct wire_message *m)
{
    chat_vars_release(&c->presses);
    for (size_t i = 0; m->presses && i < m->choice_count; i++)
        if (*m->presses[i])
            chat_vars_set(&c->presses, m->choices[i], m->presses[i]);
}

const char *chat_words_sent(const struct chat *c)
{
    const struct chat_var *press = chat_vars_find(&c->presses, c->words, strlen(c->words));

    return press ? press->value : c->words;
}

static void on_message(void *context, const struct wire_message *m)
{
    struct chat *c = context;
    const struct heard_after after = answered(c);
    struct heard_words words = { m->text, m->id, c->read_at_us, DURATION_UNKNOWN, c->typing_us,
                                 m->choices, m->choice_count };

    if (!m->text) {
        if (c->typing_us == DURATION_UNKNOWN)
            c->typing_us = c->read_at_us;
        visit_typing(c->visit);
        return;
    }
    if (!inbox_take(&c->inbox, &words, after))
        return;
    c->typing_us = DURATION_UNKNOWN;
    if (m->choice_count)
        keep_choices(c, m);
    c->new_messages++;
    c->answers += after.seq >= 0 && after.seq == c->last.seq;
    chat_remember(c, c->adapter->history.company, m->text);
    if (m->id) {
        free(c->after);
        c->after = mem_strdup(m->id);
    }
}

void chat_take_failure(struct chat *c, enum failure f, const char *why, struct slice answer)
{
    CLEANUP(buf_release) struct buf text = BUF_INIT(8192);

    buf_addf(&text, "the chat's answer cannot be read: %s", why);
    if (answer.len) {
        buf_adds(&text, ": ");
        text_add_clipped(&text, answer, 120);
    }
    inbox_take_failure(&c->inbox, f, text.ptr);
}

bool chat_read(struct chat *c, struct slice body, int64_t at_us, char **session)
{
    CLEANUP(buf_release) struct buf why = BUF_INIT(1024);
    struct wire_blanks blanks = chat_blanks(c, NULL);
    struct wire_reader r = { c->adapter, &blanks, &c->vars, on_message, c,
                             &c->visit->world->filters };
    struct wire_answer got;

    c->read_at_us = at_us;
    c->new_messages = 0;
    if (wire_read(&r, body, &got, &why) != ST_OK) {
        chat_take_failure(c, FAILURE_BAD_ANSWER, why.ptr, body);
        return false;
    }
    if (session)
        *session = got.session;
    else
        free(got.session);
    c->over = got.closed || inbox_full(&c->inbox);
    if (got.closed)
        inbox_take_failure(&c->inbox, FAILURE_CLOSED, failure_text(FAILURE_CLOSED));
    else if (c->over)
        inbox_take_failure(&c->inbox, FAILURE_BAD_ANSWER, "more messages than anybody reads");
    return !c->over;
}

bool chat_read_all(struct chat *c, const struct http_answer *a, char **session)
{
    bool ok = chat_read(c, a->body, a->at_us, session);

    if (c->over)
        chat_forget_session(c);
    return ok;
}

void chat_take_pushed(struct chat *c, struct slice body, int64_t at_us)
{
    bool ok;

    c->greeting = c->hearing_greeting;
    ok = chat_read(c, body, at_us, NULL);
    c->greeting = false;
    if (c->over) {
        bool acting = c->acting;

        chat_forget_session(c);
        chat_deliver(c);
        if (acting)
            chat_act_over(c, DONE_COMPANY_FAILED);
        return;
    }
    if (c->acting || c->listening || !ok)
        chat_deliver(c);
}

void chat_deliver(struct chat *c)
{
    if (c->acting)
        inbox_deliver_now(&c->inbox);
    else
        inbox_deliver_later(&c->inbox);
}

/* Calls */

void chat_make_url(const struct chat *c, const char *path, const struct wire_blanks *blanks,
                   struct buf *url)
{
    buf_adds(url, c->url);
    while (url->len && url->ptr[url->len - 1] == '/' && path[0] == '/')
        url->ptr[--url->len] = '\0';
    wire_fill(url, path, blanks, WIRE_PERCENT);
}

char **chat_make_headers(const struct chat *c, const struct wire_blanks *blanks, size_t *count)
{
    const struct pairs *extra = &c->adapter->headers;
    char **lines = mem_zero(extra->count + 1, sizeof(char *));

    for (size_t i = 0; i < extra->count; i++) {
        struct buf line = BUF_INIT(CHAT_VAR_MAX + 1024);

        buf_addf(&line, "%s: ", extra->items[i].name);
        /* What the company gave us goes into a header as it is, so it must not end the line. */
        if (wire_fill(&line, extra->items[i].value->source, blanks, WIRE_PLAIN) &&
            !strpbrk(line.ptr, "\r\n"))
            lines[(*count)++] = buf_steal(&line);
        buf_release(&line);
    }
    return lines;
}

struct http_exchange *chat_call(struct chat *c, const struct adapter_call *how, const char *text,
                                http_piece_fn *piece, int64_t patience_us, http_fn *fn,
                                void *context)
{
    struct wire_blanks blanks = chat_blanks(c, text);
    CLEANUP(buf_release) struct buf url = BUF_INIT(64 * 1024);
    CLEANUP(buf_release) struct buf body = BUF_INIT(CALL_MAX);
    struct http_request q = {
        .method = how->method, .patience_us = patience_us, .flags = HTTP_QUIET, .piece = piece,
        .accept = piece ? "text/event-stream, application/json" : "application/json",
    };
    char **lines = chat_make_headers(c, &blanks, &q.header_count);
    struct http_exchange *x;

    chat_make_url(c, how->path, &blanks, &url);
    if (how->body) {
        wire_fill(&body, how->body, &blanks, WIRE_JSON);
        q.content_type = "application/json";
        q.body = buf_slice(&body);
    }
    q.url = url.ptr;
    q.headers = (const char *const *)lines;
    x = http_start(c->http, &q, fn, context);
    for (size_t i = 0; i < q.header_count; i++)
        free(lines[i]);
    free(lines);
    return x;
}
