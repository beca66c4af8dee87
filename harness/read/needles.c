#include "harness/read/needles.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"

void needles_release(struct needles *n)
{
    free(n->items);
    free(n->owners);
    free(n->heads);
    *n = (struct needles){ 0 };
}

/* Bucket of the first bytes, well mixed: most buckets are empty or hold one needle. */
static inline size_t bucket(const char *text, size_t len)
{
    const unsigned char *b = (const unsigned char *)text;
    uint32_t key = b[0];

    if (len > 1)
        key = key << 8 | b[1];
    if (len > 2)
        key = key << 8 | b[2];
    return key * UINT32_C(2654435761) >> 18;
}

static inline bool bit(const uint64_t *set, size_t i)
{
    return set[i / 64] >> i % 64 & 1;
}

/* Eight bytes at i as they lie in memory, zeroes behind the end. */
static inline uint64_t eight(struct slice text, size_t i)
{
    uint64_t bytes = 0;

    if (text.len - i >= sizeof bytes)
        memcpy(&bytes, text.ptr + i, sizeof bytes);
    else
        memcpy(&bytes, text.ptr + i, text.len - i);
    return bytes;
}

static uint64_t mask_of(size_t len)
{
    char ones[sizeof(uint64_t)];

    memset(ones, 0xFF, sizeof ones);
    return eight((struct slice){ ones, len < sizeof ones ? len : sizeof ones }, 0);
}

static struct needle *same(const struct needles *n, size_t at, const struct needle *what)
{
    for (int32_t k = n->heads[at]; k >= 0; k = n->items[k].next) {
        struct needle *x = &n->items[k];

        if (x->first == what->first && x->len == what->len &&
            x->word_start == what->word_start && x->word_end == what->word_end &&
            !memcmp(x->text, what->text, x->len))
            return x;
    }
    return NULL;
}

void needles_add(struct needles *n, const struct needed *what, size_t owner)
{
    if (!n->heads) {
        n->heads = mem_alloc(NEEDLE_BUCKETS * sizeof *n->heads);
        for (size_t i = 0; i < NEEDLE_BUCKETS; i++)
            n->heads[i] = -1;
    }

    size_t len = strlen(what->text), at = bucket(what->text, len);
    struct needle needle = {
        .first = eight((struct slice){ what->text, len }, 0), .mask = mask_of(len),
        .text = what->text, .len = (uint32_t)len, .word_start = what->word_start,
        .word_end = what->word_end, .next = n->heads[at], .owners = -1,
    };
    struct needle *x = same(n, at, &needle);

    if (!x) {
        MEM_GROW(n->items, n->cap, n->count + 1);
        x = &n->items[n->count];
        *x = needle;
        n->heads[at] = (int32_t)n->count++;
        n->filled[at / 64] |= UINT64_C(1) << at % 64;
        if (len < 3)
            n->lengths[len] = true;
    }
    MEM_GROW(n->owners, n->owner_cap, n->owner_count + 1);
    n->owners[n->owner_count] = (struct needle_owner){ (uint32_t)owner, x->owners };
    x->owners = (int32_t)n->owner_count++;
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

static bool stands(const struct needle *x, struct slice text, size_t i)
{
    if (x->len > sizeof x->first &&
        (x->len > text.len - i || memcmp(x->text, text.ptr + i, x->len)))
        return false;
    if (x->word_start && i && is_word(text.ptr[i - 1]))
        return false;
    return !x->word_end || i + x->len == text.len || !is_word(text.ptr[i + x->len]);
}

static void look(const struct needles *n, size_t at, struct slice text, size_t i, uint64_t bytes,
                 uint64_t *found)
{
    for (int32_t k = n->heads[at]; k >= 0; k = n->items[k].next) {
        const struct needle *x = &n->items[k];

        if ((bytes & x->mask) != x->first || !stands(x, text, i))
            continue;
        for (int32_t o = x->owners; o >= 0; o = n->owners[o].next)
            found[n->owners[o].rule / 64] |= UINT64_C(1) << n->owners[o].rule % 64;
    }
}

/* The loop that every sentence goes through: most places begin no needle, and cost a glance. */
void needles_find(const struct needles *n, struct slice text, uint64_t *found)
{
    const bool ones = n->lengths[1], twos = n->lengths[2];

    for (size_t i = 0; n->heads && i < text.len; i++) {
        const size_t left = text.len - i;
        const size_t three = left > 2 ? bucket(text.ptr + i, 3) : 0;
        const size_t two = twos && left > 1 ? bucket(text.ptr + i, 2) : 0;
        const size_t one = ones ? bucket(text.ptr + i, 1) : 0;
        const bool in_three = left > 2 && bit(n->filled, three);
        const bool in_two = twos && left > 1 && bit(n->filled, two);
        const bool in_one = ones && bit(n->filled, one);

        if (!in_three && !in_two && !in_one)
            continue;

        const uint64_t bytes = eight(text, i);

        if (in_three)
            look(n, three, text, i, bytes, found);
        if (in_two)
            look(n, two, text, i, bytes, found);
        if (in_one)
            look(n, one, text, i, bytes, found);
    }
}

int32_t needles_folded(int32_t c)
{
    if (c < 0x80)
        return c >= 'A' && c <= 'Z' ? c + 32 : c >= '0' && c <= '9' ? '0' : c;
    if (c >= 0xC0 && c <= 0xDE && c != 0xD7)
        return c + 32;
    switch (c) {
    case 0x0152: return 0x0153;
    case 0x017F: return 's';
    case 0x1E9E: return 0xDF;
    case 0x212A: return 'k';
    case 0x212B: return 0xE5;
    default: return c;
    }
}

bool needles_foldable(int32_t c)
{
    /* Without letters that have a case: Arabic, Indic, punctuation, CJK, masks. */
    static const struct { int32_t first, last; } ranges[] = {
        { 0, 0x7F }, { 0xC0, 0xFE }, { 0x0152, 0x0153 }, { 0x0600, 0x0DFF }, { 0x2000, 0x206F },
        { 0x3000, 0x9FFF }, { 0xE000, 0xF8FF },
    };

    for (size_t i = 0; i < ARRAY_LEN(ranges); i++)
        if (c >= ranges[i].first && c <= ranges[i].last)
            return true;
    return false;
}

void needles_fold(struct buf *out, struct slice text)
{
    char run[256];
    size_t n = 0;

    for (size_t i = 0; i < text.len;) {
        int32_t c = (unsigned char)text.ptr[i];

        if (c < 0x80) {
            run[n++] = (char)needles_folded(c);
            i++;
        }
        if (n == sizeof run || (n && c >= 0x80)) {
            buf_add(out, run, n);
            n = 0;
        }
        if (c >= 0x80) {
            i += text_decode(text.ptr + i, text.len - i, &c);
            text_encode(out, needles_folded(c));
        }
    }
    buf_add(out, run, n);
}
