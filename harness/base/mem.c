#include "harness/base/mem.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void out_of_memory(size_t size)
{
    fprintf(stderr, "shopper: out of memory (%zu bytes)\n", size);
    abort();
}

void *mem_alloc(size_t size)
{
    void *p = malloc(size ? size : 1);

    if (!p)
        out_of_memory(size);
    return p;
}

void *mem_zero(size_t count, size_t size)
{
    void *p = calloc(count ? count : 1, size ? size : 1);

    if (!p)
        out_of_memory(count);
    return p;
}

void *mem_resize(void *ptr, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        out_of_memory(SIZE_MAX);

    size_t bytes = count * size;
    void *p = realloc(ptr, bytes > 0 ? bytes : 1);

    if (!p)
        out_of_memory(bytes);
    return p;
}

char *mem_strdup(const char *s)
{
    return s ? mem_strndup(s, strlen(s)) : NULL;
}

char *mem_strndup(const char *s, size_t len)
{
    char *p = mem_alloc(len + 1);

    if (len)
        memcpy(p, s, len);
    p[len] = '\0';
    return p;
}

char *mem_printf(const char *fmt, ...)
{
    char brief[256], *p;
    va_list ap;
    int len;

    va_start(ap, fmt);
    len = vsnprintf(brief, sizeof brief, fmt, ap);
    va_end(ap);
    if (len < 0)
        len = 0;
    if ((size_t)len < sizeof brief)
        return mem_strndup(brief, (size_t)len);
    p = mem_alloc((size_t)len + 1);
    va_start(ap, fmt);
    vsnprintf(p, (size_t)len + 1, fmt, ap);
    va_end(ap);
    return p;
}

void mem_freep(void *pointer_to_pointer)
{
    void *p;

    memcpy(&p, pointer_to_pointer, sizeof p);
    free(p);
}

void *mem_grow(void *array, size_t *cap, size_t need, size_t item)
{
    if (need <= *cap)
        return array;

    size_t want = *cap ? *cap * 2 : 8;

    if (want < need)
        want = need;
    array = mem_resize(array, want, item);
    *cap = want;
    return array;
}

/* Arena: a chain of blocks, newest first, each as large as all before it, so that one that holds
 * little takes little. Large pieces get a block of their own. */
enum { BLOCK_MIN_BYTES = 512, BLOCK_MAX_BYTES = 8192 };

struct block {
    struct block *next;
    size_t used, size;
    _Alignas(max_align_t) unsigned char bytes[];
};

struct arena {
    struct block *blocks;
    size_t total;
};

struct arena *arena_new(void)
{
    return mem_zero(1, sizeof(struct arena));
}

void arena_free(struct arena *a)
{
    if (!a)
        return;
    for (struct block *b = a->blocks, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    free(a);
}

void arena_freep(struct arena **a)
{
    arena_free(*a);
    *a = NULL;
}

static size_t block_bytes(const struct arena *a)
{
    size_t room = BLOCK_MIN_BYTES;

    while (room * 2 <= a->total && room < BLOCK_MAX_BYTES)
        room *= 2;
    return room;
}

void *arena_alloc(struct arena *a, size_t size)
{
    const size_t align = _Alignof(max_align_t);

    if (size > SIZE_MAX / 2)
        out_of_memory(size);
    size = (size + align - 1) / align * align;
    if (!size)
        size = align;

    struct block *b = a->blocks;

    if (!b || b->size - b->used < size) {
        size_t block = block_bytes(a), room = size > block / 4 ? size : block;

        b = mem_alloc(sizeof *b + room);
        b->used = 0;
        b->size = room;
        a->total += room;
        if (room == size && a->blocks) {      /* keep the half-full block in front */
            b->next = a->blocks->next;
            a->blocks->next = b;
        } else {
            b->next = a->blocks;
            a->blocks = b;
        }
    }

    void *p = b->bytes + b->used;

    b->used += size;
    return memset(p, 0, size);
}

char *arena_strdup(struct arena *a, const char *s)
{
    return s ? arena_strndup(a, s, strlen(s)) : NULL;
}

char *arena_strndup(struct arena *a, const char *s, size_t len)
{
    char *p = arena_alloc(a, len + 1);

    if (len)
        memcpy(p, s, len);
    p[len] = '\0';
    return p;
}

/* Most are short, and are written once. */
char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
    char brief[256], *p;
    va_list copy;
    int len;

    va_copy(copy, ap);
    len = vsnprintf(brief, sizeof brief, fmt, copy);
    va_end(copy);
    if (len < 0)
        len = 0;
    if ((size_t)len < sizeof brief)
        return arena_strndup(a, brief, (size_t)len);
    p = arena_alloc(a, (size_t)len + 1);
    vsnprintf(p, (size_t)len + 1, fmt, ap);
    return p;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    char *p = arena_vprintf(a, fmt, ap);
    va_end(ap);
    return p;
}

size_t arena_bytes(const struct arena *a)
{
    return a->total;
}

void *arena_grow(struct arena *a, void *array, size_t *cap, size_t need, size_t item)
{
    if (need <= *cap)
        return array;

    size_t want = *cap ? *cap * 2 : 8;

    if (want < need)
        want = need;
    if (want > SIZE_MAX / 2 / item)
        out_of_memory(SIZE_MAX);

    void *bigger = arena_alloc(a, want * item);

    if (*cap)
        memcpy(bigger, array, *cap * item);
    *cap = want;
    return bigger;
}
