/* Messages that come again word for word are read once: a bot says the same sentences all day. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/buf.h"
#include "harness/read/reading.h"

enum {
    PLACES = 4096,                /* a power of two; one message each, the last that fell there */
    TEXT_MAX_BYTES = 8000, WHO_MAX_BYTES = 4000,
    KEPT_MAX_BYTES = 2 * 1024 * 1024,
};

/* What the marks of a message without fields and addresses depend on. */
struct message_key {
    uint64_t hash;
    struct slice text;
    struct slice who;             /* what the transcript knows of its customer */
    const struct pack *usual;     /* what is believed when the words don't say */
    enum party from;
};

struct kept_message {
    struct message_key key;       /* text: the memory's; its ptr NULL, only the hash was seen */
    const struct mark *marks;
    size_t count;
};

struct reading_memory {
    struct kept_message places[PLACES];
    struct arena *arena;          /* texts and marks */
};

struct reading_memory *reading_memory_new(void)
{
    struct reading_memory *m = mem_zero(1, sizeof *m);

    m->arena = arena_new();
    return m;
}

void reading_memory_free(struct reading_memory *m)
{
    if (!m)
        return;
    arena_free(m->arena);
    free(m);
}

static bool same_bytes(struct slice a, struct slice b)
{
    return a.len == b.len && !memcmp(a.ptr, b.ptr, a.len);
}

static bool same_message(const struct message_key *a, const struct message_key *b)
{
    return a->hash == b->hash && a->usual == b->usual && a->from == b->from &&
           a->text.ptr && same_bytes(a->text, b->text) && same_bytes(a->who, b->who);
}

/* A slot may be called as the customer's fact is. */
static void keep_texts(struct mark *m, struct arena *a)
{
    mark_keep_texts(m, a);
    if (m->slot)
        m->slot = arena_strdup(a, m->slot);
}

static void keep(struct reading_memory *memory, struct kept_message *place,
                 const struct message_key *key, const struct mark *marks, size_t count)
{
    if (arena_bytes(memory->arena) > KEPT_MAX_BYTES) {
        arena_free(memory->arena);
        memset(memory->places, 0, sizeof memory->places);
        memory->arena = arena_new();
    }

    struct mark *copy = arena_alloc(memory->arena, (count + 1) * sizeof *copy);

    for (size_t i = 0; i < count; i++) {
        copy[i] = marks[i];
        keep_texts(&copy[i], memory->arena);
    }
    *place = (struct kept_message){ *key, copy, count };
    place->key.text.ptr = arena_strndup(memory->arena, key->text.ptr, key->text.len);
    place->key.who.ptr = arena_strndup(memory->arena, key->who.ptr, key->who.len);
}

static void say_again(const struct kept_message *kept, int seq, struct arena *a, struct marks *out)
{
    ARENA_GROW(a, out->items, out->cap, out->count + kept->count);
    for (size_t i = 0; i < kept->count; i++) {
        struct mark *m = &out->items[out->count++];

        *m = kept->marks[i];
        m->seq = seq;
        keep_texts(m, a);
    }
}

/* Addresses and fields have words of their own. */
static bool stands_alone(const struct event *e)
{
    bool said = e->from == PARTY_COMPANY ? e->kind == EVENT_MESSAGE || e->kind == EVENT_PAGE
                                         : e->kind == EVENT_SENT;

    return said && e->text && *e->text && !e->field_count && !e->reply_address && !e->sender;
}

/* Every text with its end, so that no two customers are one. */
static void add_text(struct buf *out, const char *s)
{
    buf_addc(out, s ? '+' : '-');
    if (s)
        buf_add(out, s, strlen(s) + 1);
}

static void add_customer(struct buf *out, const struct transcript *t)
{
    if (!t->know_count && !t->customer_email && !t->customer_name)
        return;
    add_text(out, t->customer_name);
    add_text(out, t->customer_email);
    for (size_t i = 0; i < t->know_count; i++) {
        add_text(out, t->knows[i].name);
        add_text(out, t->knows[i].text);
    }
}

void reader_read_again(const struct reader *r, struct reading_memory *memory,
                       const struct transcript *t, int seq, struct arena *a, struct marks *out)
{
    const struct event *e = &t->events[seq];
    struct message_key key = { .text = slice_str(e->text), .from = e->from };
    CLEANUP(buf_release) struct buf who = BUF_INIT(WHO_MAX_BYTES);
    size_t before = out->count;
    bool may_come_again = memory && stands_alone(e) && key.text.len <= TEXT_MAX_BYTES;

    if (may_come_again)
        add_customer(&who, t);
    if (!may_come_again || who.full) {
        reader_read(r, t, seq, a, out);
        return;
    }
    key.who = buf_slice(&who);
    key.usual = reading_usual_pack(r, t->language);
    key.hash = slice_sum(key.text) ^ (uint64_t)e->from ^ (who.len ? slice_sum(key.who) : 0);

    struct kept_message *place = &memory->places[key.hash % PLACES];

    if (same_message(&place->key, &key)) {
        say_again(place, seq, a, out);
        return;
    }
    reader_read(r, t, seq, a, out);
    /* Kept when it comes for the second time: most of what people write never does. */
    if (place->key.hash == key.hash)
        keep(memory, place, &key, out->items + before, out->count - before);
    else
        *place = (struct kept_message){ .key = { .hash = key.hash } };
}
