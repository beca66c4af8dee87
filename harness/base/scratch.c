#include "harness/base/scratch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

enum { PIECE = 64 * 1024 };

void scratch_init(struct scratch *s, const char *folder)
{
    *s = (struct scratch){ .folder = folder ? folder : "/tmp", .fd = -1 };
    buf_init(&s->held, SCRATCH_HELD);
}

void scratch_release(struct scratch *s)
{
    if (s->fd >= 0)
        close(s->fd);
    s->fd = -1;
    buf_release(&s->held);
}

static bool failed(struct scratch *s)
{
    s->failed = true;
    return false;
}

static bool write_at(struct scratch *s, uint64_t at, const char *bytes, size_t len)
{
    while (len) {
        ssize_t n = pwrite(s->fd, bytes, len, (off_t)at);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return failed(s);
        bytes += n;
        at += (uint64_t)n;
        len -= (size_t)n;
    }
    return true;
}

/* From memory to a file; its name lives for a moment. */
static bool to_file(struct scratch *s)
{
    char *name = mem_printf("%s/shopper.XXXXXX", s->folder);

    s->fd = mkstemp(name);
    if (s->fd >= 0)
        unlink(name);
    free(name);
    if (s->fd < 0 || !write_at(s, 0, s->held.ptr, s->held.len))
        return failed(s);
    buf_release(&s->held);
    return true;
}

bool scratch_put(struct scratch *s, uint64_t at, const void *bytes, size_t len)
{
    if (s->failed || !len)
        return !s->failed;
    if (s->fd < 0 && at + len > SCRATCH_HELD && !to_file(s))
        return false;
    if (s->fd >= 0) {
        if (!write_at(s, at, bytes, len))
            return false;
    } else {
        if (at + len > s->held.len)
            buf_add_repeat(&s->held, '\0', (size_t)(at + len) - s->held.len);
        memcpy(s->held.ptr + at, bytes, len);
    }
    s->len = at + len > s->len ? at + len : s->len;
    return true;
}

bool scratch_add(struct scratch *s, const void *bytes, size_t len)
{
    return scratch_put(s, s->len, bytes, len);
}

bool scratch_get(struct scratch *s, uint64_t at, void *bytes, size_t len)
{
    char *to = bytes;

    if (s->failed || at > s->len || len > s->len - at)
        return false;
    if (s->fd < 0) {
        if (len)
            memcpy(to, s->held.ptr + at, len);
        return true;
    }
    while (len) {
        ssize_t n = pread(s->fd, to, len, (off_t)at);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return failed(s);
        if (!n) {                                /* a hole that was never written */
            memset(to, 0, len);
            return true;
        }
        to += n;
        at += (uint64_t)n;
        len -= (size_t)n;
    }
    return true;
}

bool scratch_print(struct scratch *s, FILE *out)
{
    char *piece = mem_alloc(PIECE);
    bool ok = !s->failed;

    for (uint64_t at = 0; ok && at < s->len; at += PIECE) {
        size_t len = s->len - at < PIECE ? (size_t)(s->len - at) : PIECE;

        ok = scratch_get(s, at, piece, len) && fwrite(piece, 1, len, out) == len;
    }
    free(piece);
    return ok;
}
