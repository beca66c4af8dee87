/* Messages that come again word for word are read once: a bot says the same sentences all day. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/buf.h"
#include "harness/read/reading.h"

enum {
    PLACES = 4096,                /* a power of two; one message each, the last that fell there */
    TEXT_MAX_BYTES = 2000,
    KEPT_MAX_BYTES = 2 * 1024 * 1024,
};

/* What the marks of a message without facts and addresses depend on. */
struct message_key {
    uint64_t hash;
    struct slice text;
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

static bool same_message(const struct message_key *a, const struct message_key *b)
{
    return a->hash == b->hash && a->usual == b->usual && a->from == b->from &&
           a->text.ptr && a->text.len == b->text.len &&
           !memcmp(a->text.ptr, b->text.ptr, a->text.len);
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
        mark_keep_texts(&copy[i], memory->arena);
    }
    *place = (struct kept_message){ *key, copy, count };
    place->key.text.ptr = arena_strndup(memory->arena, key->text.ptr, key->text.len);
}

static void say_again(const struct kept_message *kept, int seq, struct arena *a, struct marks *out)
{
    ARENA_GROW(a, out->items, out->cap, out->count + kept->count);
    for (size_t i = 0; i < kept->count; i++) {
        struct mark *m = &out->items[out->count++];

        *m = kept->marks[i];
        m->seq = seq;
        mark_keep_texts(m, a);
    }
}

/* Facts and names have places of their own in a message, addresses and fields words of their own. */
static bool stands_alone(const struct transcript *t, const struct event *e)
{
    bool said = e->kind == (e->from == PARTY_COMPANY ? EVENT_MESSAGE : EVENT_SENT);

    return said && e->text && *e->text && !e->field_count && !e->reply_address && !e->sender &&
           !t->know_count && !t->customer_email && !t->customer_name;
}

void reader_read_again(const struct reader *r, struct reading_memory *memory,
                       const struct transcript *t, int seq, struct arena *a, struct marks *out)
{
    const struct event *e = &t->events[seq];
    struct message_key key = { .text = slice_str(e->text), .from = e->from };
    size_t before = out->count;

    if (!stands_alone(t, e) || key.text.len > TEXT_MAX_BYTES) {
        reader_read(r, t, seq, a, out);
        return;
    }
    key.usual = reading_usual_pack(r, t->language);
    key.hash = slice_sum(key.text) ^ (uint64_t)e->from;

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
