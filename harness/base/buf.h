#ifndef BASE_BUF_H
#define BASE_BUF_H
/**
 * Buf: a growable byte string with a named maximum, and slice: a borrowed piece of one.
 *
 * Invariants  ptr is never NULL and always NUL-terminated at ptr[len]; len <= max.
 *             Once an addition did not fit, `full` stays set, nothing more is added (what fits of
 *             a text is cut at a UTF-8 boundary by nobody: check `full`).
 */
#include <stdbool.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/base/mem.h"
#include "harness/base/status.h"

struct slice {
    const char *ptr;
    size_t len;
};

#define SLICE_LIT(s) ((struct slice){ (s), sizeof(s) - 1 })
struct slice slice_str(const char *s);        /* s NULL gives the empty slice */
bool slice_eq(struct slice a, const char *s);
/**
 * A number that equal texts share and others hardly ever do; no defence against who tries. Fast, and
 * for this process only: what must be the same everywhere (shards) takes text_hash.
 */
uint64_t slice_sum(struct slice s);
/** Printf arguments for "%.*s". */
#define SLICE_ARG(s) (int)(s).len, (s).ptr

struct buf {
    char *ptr;
    size_t len, cap, max;
    bool full;
};

extern char buf_empty[1];
#define BUF_INIT(maximum) { buf_empty, 0, 0, (maximum), false }

void buf_init(struct buf *b, size_t max);
void buf_release(struct buf *b);              /* back to empty, keeps max */
void buf_clear(struct buf *b);                /* length 0, keeps the memory */
char *buf_steal(struct buf *b);               /* caller frees; b is empty afterwards */
struct slice buf_slice(const struct buf *b);

/** Memory for so many bytes more; what does not fit is not had, and nothing is full for that. */
void buf_reserve(struct buf *b, size_t len);
void buf_add(struct buf *b, const void *bytes, size_t len);
/** Longer by so many bytes, which the caller fills in. NULL: they do not fit. */
char *buf_extend(struct buf *b, size_t len);
void buf_adds(struct buf *b, const char *s);
void buf_addc(struct buf *b, char c);
void buf_addf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
void buf_vaddf(struct buf *b, const char *fmt, va_list ap) PRINTF_LIKE(2, 0);
void buf_add_repeat(struct buf *b, char c, size_t count);
void buf_trim_right(struct buf *b);           /* ASCII white space */

/** Whole file. ST_IO unreadable (errno holds why); ST_LIMIT longer than b->max. */
MUST_CHECK enum status buf_read_file(struct buf *b, const char *path);
/** Everything from a descriptor until its end; same errors. */
MUST_CHECK enum status buf_read_fd(struct buf *b, int fd);

#endif
