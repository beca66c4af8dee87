#include "harness/read/needles.h"

#include <stdlib.h>
#include <string.h>

void needles_release(struct needles *n)
{
    free(n->items);
    free(n->heads);
    *n = (struct needles){ 0 };
}

/* Bucket of the first two or three bytes, well mixed: most buckets are empty or hold one needle. */
static size_t bucket(const char *text, size_t len)
{
    const unsigned char *b = (const unsigned char *)text;
    uint32_t key = (uint32_t)b[0] << 16 | (uint32_t)b[1] << 8 | (len > 2 ? b[2] : 0);

    return key * UINT32_C(2654435761) >> 18;
}

void needles_add(struct needles *n, const char *text, size_t owner)
{
    if (!n->heads) {
        n->heads = mem_alloc(NEEDLE_BUCKETS * sizeof *n->heads);
        for (size_t i = 0; i < NEEDLE_BUCKETS; i++)
            n->heads[i] = -1;
    }
    MEM_GROW(n->items, n->cap, n->count + 1);

    size_t len = strlen(text);
    int32_t *head = &n->heads[bucket(text, len)];

    n->pairs |= len == 2;
    n->items[n->count] = (struct needle){ text, (uint32_t)len, (uint32_t)owner, *head };
    *head = (int32_t)n->count++;
}

static void look(const struct needles *n, size_t at, struct slice text, uint64_t *found)
{
    for (int32_t k = n->heads[at]; k >= 0; k = n->items[k].next) {
        const struct needle *x = &n->items[k];

        if (x->len <= text.len && !memcmp(x->text, text.ptr, x->len))
            found[x->owner / 64] |= UINT64_C(1) << x->owner % 64;
    }
}

void needles_find(const struct needles *n, struct slice text, uint64_t *found)
{
    for (; n->heads && text.len > 1; text.ptr++, text.len--) {
        if (text.len > 2)
            look(n, bucket(text.ptr, 3), text, found);
        if (n->pairs)
            look(n, bucket(text.ptr, 2), text, found);
    }
}

void needles_fold(struct buf *out, struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];

        if (c >= 'A' && c <= 'Z') {
            buf_addc(out, (char)(c + 32));
        } else if (c == 0xC5 && i + 1 < text.len && (unsigned char)text.ptr[i + 1] == 0xBF) {
            buf_addc(out, 's');
            i++;
        } else if (c == 0xE2 && i + 2 < text.len && !memcmp(text.ptr + i, "\xE2\x84\xAA", 3)) {
            buf_addc(out, 'k');
            i += 2;
        } else {
            buf_addc(out, (char)c);
        }
    }
}
