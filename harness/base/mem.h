#ifndef BASE_MEM_H
#define BASE_MEM_H
/**
 * Memory: small allocations that end the program when they fail, and arenas.
 *
 * What strangers send never comes here unmeasured: it goes through `struct buf`, which has a cap.
 * An arena frees everything it gave out at once; model objects live in one arena each.
 */
#include <stdarg.h>
#include <stddef.h>

#include "harness/base/status.h"

void *mem_alloc(size_t size);                 /* uninitialised; never NULL */
void *mem_zero(size_t count, size_t size);    /* zeroed; checks the product */
void *mem_resize(void *ptr, size_t count, size_t size);
char *mem_strdup(const char *s);              /* s NULL gives NULL */
char *mem_strndup(const char *s, size_t len); /* len bytes, then a NUL */
char *mem_printf(const char *fmt, ...) PRINTF_LIKE(1, 2);

/** For CLEANUP on `char *` and friends. */
void mem_freep(void *pointer_to_pointer);

/** Grow `array` (a pointer) so that it holds at least `need` items; `cap` is updated. */
#define MEM_GROW(array, cap, need) \
    ((array) = mem_grow((array), &(cap), (need), sizeof(*(array))))
void *mem_grow(void *array, size_t *cap, size_t need, size_t item);

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *a);             /* NULL is fine */
void arena_freep(struct arena **a);
void *arena_alloc(struct arena *a, size_t size);   /* zeroed, aligned for anything */
char *arena_strdup(struct arena *a, const char *s);
char *arena_strndup(struct arena *a, const char *s, size_t len);
char *arena_printf(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);
char *arena_vprintf(struct arena *a, const char *fmt, va_list ap) PRINTF_LIKE(2, 0);
size_t arena_bytes(const struct arena *a);    /* bytes held, for measurements */

/** Arrays in an arena: doubled by copying; the old copy stays until the arena goes. */
#define ARENA_GROW(arena, array, cap, need) \
    ((array) = arena_grow((arena), (array), &(cap), (need), sizeof(*(array))))
void *arena_grow(struct arena *a, void *array, size_t *cap, size_t need, size_t item);

#endif
