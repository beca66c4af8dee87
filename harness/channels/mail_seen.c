#include "harness/channels/mail_seen.h"

#include <stdlib.h>

#include "harness/base/mem.h"

enum { FIRST_SIZE = 256 };

/* FNV-1a, mixed once more: neighbours would crowd. 0 marks a free slot. */
static uint64_t hash(struct slice s)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < s.len; i++)
        h = (h ^ (unsigned char)s.ptr[i]) * UINT64_C(0x100000001b3);
    h = (h ^ h >> 32) * UINT64_C(0x9e3779b97f4a7c15);
    return h ? h : 1;
}

static uint64_t *slot_of(uint64_t *slots, size_t size, uint64_t h)
{
    size_t i = (size_t)(h >> 20) & (size - 1);

    while (slots[i] && slots[i] != h)
        i = (i + 1) & (size - 1);
    return &slots[i];
}

static void grow(struct mail_seen *s)
{
    size_t size = s->size ? s->size * 2 : FIRST_SIZE;
    uint64_t *slots = mem_zero(size, sizeof *slots);

    for (size_t i = 0; i < s->size; i++)
        if (s->slots[i])
            *slot_of(slots, size, s->slots[i]) = s->slots[i];
    free(s->slots);
    s->slots = slots;
    s->size = size;
}

bool mail_seen_add(struct mail_seen *s, struct slice bytes)
{
    uint64_t h = hash(bytes), *slot;

    if (s->count * 2 >= s->size)
        grow(s);
    slot = slot_of(s->slots, s->size, h);
    if (*slot)
        return false;
    *slot = h;
    s->count++;
    return true;
}

bool mail_seen_holds(const struct mail_seen *s, struct slice bytes)
{
    return s->size && *slot_of(s->slots, s->size, hash(bytes));
}

void mail_seen_release(struct mail_seen *s)
{
    free(s->slots);
    *s = (struct mail_seen){ 0 };
}
