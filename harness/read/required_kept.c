/* Required strings as bytes: a count; for each its two flags, its text and a NUL. */
#include <assert.h>
#include <string.h>

#include "harness/read/required.h"

enum { WORD_START = 1, WORD_END = 2 };

void required_write(struct required r, struct buf *out)
{
    buf_addc(out, (char)r.count);
    for (size_t i = 0; i < r.count; i++) {
        buf_addc(out, (char)((r.items[i].word_start ? WORD_START : 0) |
                             (r.items[i].word_end ? WORD_END : 0)));
        buf_add(out, r.items[i].text, strlen(r.items[i].text) + 1);
    }
}

static unsigned char next(struct slice *from)
{
    assert(from->len && "strings were written for every pattern");
    from->len--;
    return (unsigned char)*from->ptr++;
}

struct required required_read(struct arena *a, struct slice *from)
{
    struct required r = { .count = next(from) };

    r.items = arena_alloc(a, (r.count + 1) * sizeof *r.items);
    for (size_t i = 0; i < r.count; i++) {
        unsigned flags = next(from);
        size_t size = strlen(from->ptr) + 1;

        r.items[i] = (struct needed){ from->ptr, flags & WORD_START, flags & WORD_END };
        assert(size <= from->len);
        from->ptr += size;
        from->len -= size;
    }
    return r;
}
