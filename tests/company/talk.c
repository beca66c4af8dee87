#include "tests/company/talk.h"

#include <jansson.h>
#include <stdlib.h>

#include "tests/company/bot.h"
#include "tests/company/company.h"

static void send_json(struct reply *out, unsigned status, json_t *body)
{
    char *text = json_dumps(body, JSON_COMPACT);

    out->status = status;
    out->type = "application/json";
    buf_adds(&out->body, text ? text : "{}");
    free(text);
    json_decref(body);
}

static void send_error(struct reply *out, unsigned status, const char *why)
{
    send_json(out, status, json_pack("{s:s}", "error", why));
}

void talk_refuse(unsigned status, struct reply *out)
{
    static const struct { unsigned status; const char *why; } rows[] = {
        { MHD_HTTP_NOT_FOUND, "no such address" },
        { MHD_HTTP_METHOD_NOT_ALLOWED, "not that method" },
        { MHD_HTTP_CONTENT_TOO_LARGE, "too large" },
    };
    const char *why = "refused";

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (rows[i].status == status)
            why = rows[i].why;
    send_error(out, status, why);
}

/* Messages from index `first` that can be read at `now_us`. */
static json_t *messages(const struct chat *chat, size_t first, int64_t now_us)
{
    json_t *list = json_array();

    for (size_t i = first; i < chat->count && chat->said[i].due_us <= now_us; i++)
        json_array_append_new(list, json_pack("{s:I,s:s}", "id", (json_int_t)i + 1, "text",
                                              chat->said[i].text));
    return list;
}

static json_t *state(const struct chat *chat, size_t first, int64_t now_us)
{
    return json_pack("{s:o,s:b}", "messages", messages(chat, first, now_us), "closed",
                     chat->closed_us && chat->closed_us <= now_us);
}

void talk_open(struct company *c, const struct request *r, struct reply *out)
{
    struct chat *chat = chats_open(c->chats);

    (void)r;
    bot_greet(c, chat);
    send_json(out, MHD_HTTP_CREATED,
              json_pack("{s:s,s:o}", "session", chat->id, "messages",
                        messages(chat, 0, company_now(c))));
}

/* What the assistant says comes with the answer; what a colleague says later is polled for. */
void talk_say(struct company *c, const struct request *r, struct reply *out)
{
    struct chat *chat = chats_find(c->chats, r->part);
    json_t *body = NULL;
    const char *text = NULL;

    if (fault_on(&c->faults, FAULT_ERROR_500)) {
        send_error(out, MHD_HTTP_INTERNAL_SERVER_ERROR, "internal error");
        return;
    }
    if (!chat) {
        send_error(out, MHD_HTTP_NOT_FOUND, "no such session");
        return;
    }
    body = json_loadb(r->body.ptr, r->body.len, 0, NULL);
    if (json_unpack(body, "{s:s}", "text", &text) != 0 || !*text) {
        send_error(out, MHD_HTTP_BAD_REQUEST, "expected {\"text\": \"...\"}");
    } else if (chat->closed_us) {
        send_error(out, MHD_HTTP_CONFLICT, "this chat is closed");
    } else {
        size_t first = chat->count;

        company_note(c, "chat", text);
        out->due_us = bot_hear(c, chat, slice_str(text));
        send_json(out, MHD_HTTP_OK, state(chat, first, out->due_us));
    }
    json_decref(body);
}

void talk_poll(struct company *c, const struct request *r, struct reply *out)
{
    struct chat *chat = chats_find(c->chats, r->part);
    const char *after = request_query(r, "after");
    size_t first = after ? strtoul(after, NULL, 10) : 0;

    if (!chat)
        send_error(out, MHD_HTTP_NOT_FOUND, "no such session");
    else
        send_json(out, MHD_HTTP_OK, state(chat, first, company_now(c)));
}

void talk_leave(struct company *c, const struct request *r, struct reply *out)
{
    struct chat *chat = chats_find(c->chats, r->part);

    if (!chat) {
        send_error(out, MHD_HTTP_NOT_FOUND, "no such session");
        return;
    }
    if (!chat->closed_us)
        chat_close(chat);
    out->status = MHD_HTTP_NO_CONTENT;
}
