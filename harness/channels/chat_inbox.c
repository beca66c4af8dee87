#include "harness/channels/chat_inbox.h"

#include <stdlib.h>
#include <string.h>

struct heard {
    struct heard *next;
    char *text;
    int reply_to;
    int64_t wait_us, first_us, typing_us;
    bool failed;
    enum failure failure;
    struct named_text *choices;
    size_t choice_count;
};

void inbox_init(struct inbox *b, struct visit *v)
{
    *b = (struct inbox){ .visit = v };
    b->last = &b->first;
}

static void heard_free(struct heard *h)
{
    for (size_t i = 0; i < h->choice_count; i++) {
        free((char *)(uintptr_t)h->choices[i].name);
        free((char *)(uintptr_t)h->choices[i].text);
    }
    free(h->choices);
    free(h->text);
    free(h);
}

static struct heard *pop(struct inbox *b)
{
    struct heard *h = b->first;

    if (!h)
        return NULL;
    b->first = h->next;
    if (!b->first)
        b->last = &b->first;
    return h;
}

void inbox_forget_ids(struct inbox *b)
{
    while (b->id_count)
        free(b->ids[--b->id_count]);
}

void inbox_release(struct inbox *b)
{
    struct heard *h;

    if (!b->last)
        return;
    timer_cancel(b->deliver);
    while ((h = pop(b)))
        heard_free(h);
    inbox_forget_ids(b);
    free(b->ids);
    *b = (struct inbox){ 0 };
}

void inbox_know(struct inbox *b, const char *id)
{
    if (!id)
        return;
    MEM_GROW(b->ids, b->id_cap, b->id_count + 1);
    b->ids[b->id_count++] = mem_strdup(id);
}

static struct heard *push(struct inbox *b, const char *text)
{
    struct heard *h = mem_zero(1, sizeof(*h));

    *h = (struct heard){ .text = mem_strdup(text), .reply_to = -1,
                         .wait_us = DURATION_UNKNOWN, .first_us = DURATION_UNKNOWN,
                         .typing_us = DURATION_UNKNOWN };
    *b->last = h;
    b->last = &h->next;
    return h;
}

bool inbox_full(const struct inbox *b)
{
    return b->taken >= INBOX_MAX;
}

static int64_t since(int64_t at_us, int64_t began_us)
{
    return at_us == DURATION_UNKNOWN || at_us < began_us ? DURATION_UNKNOWN : at_us - began_us;
}

static void keep_choices(struct heard *h, const struct heard_words *w)
{
    h->choices = mem_zero(w->choice_count + 1, sizeof *h->choices);
    for (size_t i = 0; i < w->choice_count; i++)
        h->choices[h->choice_count++] = (struct named_text){
            mem_printf("choice %zu", i + 1), mem_strdup(w->choices[i]),
        };
}

bool inbox_take(struct inbox *b, const struct heard_words *w, struct heard_after after)
{
    struct heard *h;

    if (inbox_full(b))
        return false;
    for (size_t i = b->id_count; w->id && i-- > 0;)
        if (!strcmp(b->ids[i], w->id))
            return false;
    inbox_know(b, w->id);
    b->taken++;
    h = push(b, w->text);
    keep_choices(h, w);
    if (after.seq >= 0) {
        h->reply_to = after.seq;
        h->wait_us = w->at_us - after.at_us;
        h->first_us = since(w->first_us, after.at_us);
        h->typing_us = since(w->typing_us, after.at_us);
    }
    return true;
}

void inbox_take_failure(struct inbox *b, enum failure f, const char *text)
{
    struct heard *h = push(b, text);

    h->failed = true;
    h->failure = f;
}

static void emit_heard(struct visit *v, const struct heard *h)
{
    struct event e = event_init(EVENT_MESSAGE, PARTY_COMPANY);

    if (h->failed) {
        visit_company_failed(v, h->failure, "%s", h->text);
        return;
    }
    e.text = h->text;
    e.reply_to = h->reply_to;
    e.wait_us = h->wait_us;
    e.first_word_us = h->first_us;
    e.typing_us = h->typing_us;
    e.fields = h->choices;
    e.field_count = h->choice_count;
    visit_emit(v, &e);
}

static void deliver_one(void *context)
{
    struct inbox *b = context;
    struct visit *v = b->visit;
    struct heard *h = pop(b);

    b->deliver = NULL;
    if (!h)
        return;
    inbox_deliver_later(b);
    emit_heard(v, h);
    heard_free(h);
}

void inbox_deliver_later(struct inbox *b)
{
    struct loop *l = b->visit->world->loop;

    if (b->first && !b->deliver)
        b->deliver = timer_start(l, loop_now(l), deliver_one, b);
}

void inbox_deliver_now(struct inbox *b)
{
    struct heard *h;

    timer_cancel(b->deliver);
    b->deliver = NULL;
    while ((h = pop(b))) {
        emit_heard(b->visit, h);
        heard_free(h);
    }
}
