#include "tests/company/chats.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/company/clock.h"
#include "tests/company/company.h"

struct chats {
    const struct clock *clock;
    struct chat **items;
    size_t count, cap;
};

struct chats *chats_new(const struct clock *clock)
{
    struct chats *c = mem_zero(1, sizeof *c);

    c->clock = clock;
    return c;
}

static void chat_free(struct chat *chat)
{
    for (size_t i = 0; i < chat->count; i++)
        free(chat->said[i].text);
    free(chat->said);
    free(chat);
}

void chats_free(struct chats *c)
{
    for (size_t i = 0; c && i < c->count; i++)
        chat_free(c->items[i]);
    if (c)
        free(c->items);
    free(c);
}

struct chat *chats_open(struct chats *c)
{
    struct chat *chat = mem_zero(1, sizeof *chat);
    char random[25];

    company_random(random, 12);
    snprintf(chat->id, sizeof chat->id, "%zu-%s", c->count, random);
    chat->clock = c->clock;
    chat->seed = (uint32_t)c->count;
    chat->talk.expecting = SLOT_NONE;
    MEM_GROW(c->items, c->cap, c->count + 1);
    c->items[c->count++] = chat;
    return chat;
}

struct chat *chats_find(const struct chats *c, const char *id)
{
    size_t at = strtoul(id, NULL, 10);

    return at < c->count && strcmp(c->items[at]->id, id) == 0 ? c->items[at] : NULL;
}

void chat_say(struct chat *chat, char *text, int64_t after_us)
{
    int64_t due = clock_now(chat->clock) + after_us, last = chat_last_due(chat);

    if (chat->count == CHAT_SAID_MAX) {
        free(text);
        return;
    }
    MEM_GROW(chat->said, chat->cap, chat->count + 1);
    chat->said[chat->count++] = (struct said){ due > last ? due : last, text };
}

void chat_close(struct chat *chat)
{
    chat->closed_us = chat_last_due(chat);
}

bool chat_is_closed(const struct chat *chat)
{
    return chat->closed_us && chat->closed_us <= clock_now(chat->clock);
}

int64_t chat_last_due(const struct chat *chat)
{
    int64_t now = clock_now(chat->clock);

    if (chat->count && chat->said[chat->count - 1].due_us > now)
        return chat->said[chat->count - 1].due_us;
    return now;
}
