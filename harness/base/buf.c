#include "harness/base/buf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char buf_empty[1];

struct slice slice_str(const char *s)
{
    return (struct slice){ s ? s : "", s ? strlen(s) : 0 };
}

uint64_t slice_sum(struct slice s)
{
    const uint64_t odd = UINT64_C(0x9E3779B97F4A7C15);     /* 2^64 over the golden ratio */
    uint64_t sum = s.len * odd;

    for (size_t i = 0; i < s.len; i += sizeof sum) {
        uint64_t piece = 0;
        size_t left = s.len - i;

        memcpy(&piece, s.ptr + i, left < sizeof piece ? left : sizeof piece);
        sum = (sum ^ piece) * odd;
        sum ^= sum >> 29;
    }
    return sum;
}

bool slice_eq(struct slice a, const char *s)
{
    return strlen(s) == a.len && memcmp(a.ptr, s, a.len) == 0;
}

void buf_init(struct buf *b, size_t max)
{
    *b = (struct buf)BUF_INIT(max);
}

void buf_release(struct buf *b)
{
    if (b->cap)
        free(b->ptr);
    buf_init(b, b->max);
}

void buf_clear(struct buf *b)
{
    b->len = 0;
    b->full = false;
    if (b->cap)
        b->ptr[0] = '\0';
}

char *buf_steal(struct buf *b)
{
    char *p = b->cap ? b->ptr : mem_strdup("");

    buf_init(b, b->max);
    return p;
}

struct slice buf_slice(const struct buf *b)
{
    return (struct slice){ b->ptr, b->len };
}

static void grow(struct buf *b, size_t cap)
{
    b->ptr = mem_resize(b->cap ? b->ptr : NULL, cap, 1);
    b->cap = cap;
    b->ptr[b->len] = '\0';
}

void buf_reserve(struct buf *b, size_t len)
{
    if (!b->full && len <= b->max - b->len && b->len + len + 1 > b->cap)
        grow(b, b->len + len + 1);
}

static bool make_room(struct buf *b, size_t len)
{
    if (b->full || len > b->max - b->len) {
        b->full = true;
        return false;
    }
    if (b->len + len + 1 > b->cap) {
        size_t want = b->cap ? b->cap * 2 : 64;

        if (want < b->len + len + 1)
            want = b->len + len + 1;
        grow(b, want);
    }
    return true;
}

void buf_add(struct buf *b, const void *bytes, size_t len)
{
    if (!make_room(b, len))
        return;
    if (len)
        memcpy(b->ptr + b->len, bytes, len);
    b->len += len;
    b->ptr[b->len] = '\0';
}

void buf_adds(struct buf *b, const char *s)
{
    if (s)
        buf_add(b, s, strlen(s));
}

char *buf_extend(struct buf *b, size_t len)
{
    char *at;

    if (!make_room(b, len))
        return NULL;
    at = b->ptr + b->len;
    b->len += len;
    b->ptr[b->len] = '\0';
    return at;
}

void buf_addc(struct buf *b, char c)
{
    if (!make_room(b, 1))
        return;
    b->ptr[b->len++] = c;
    b->ptr[b->len] = '\0';
}

/* Most fit in what is there, and are written once. */
void buf_vaddf(struct buf *b, const char *fmt, va_list ap)
{
    va_list copy;
    size_t room = b->cap ? b->cap - b->len : 0;
    int len;

    va_copy(copy, ap);
    len = vsnprintf(room ? b->ptr + b->len : NULL, room, fmt, copy);
    va_end(copy);
    if (len >= 0 && (size_t)len < room && !b->full && (size_t)len <= b->max - b->len) {
        b->len += (size_t)len;
        return;
    }
    if (room)
        b->ptr[b->len] = '\0';
    if (len < 0 || !make_room(b, (size_t)len))
        return;
    vsnprintf(b->ptr + b->len, (size_t)len + 1, fmt, ap);
    b->len += (size_t)len;
}

void buf_addf(struct buf *b, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    buf_vaddf(b, fmt, ap);
    va_end(ap);
}

void buf_add_repeat(struct buf *b, char c, size_t count)
{
    if (!make_room(b, count))
        return;
    memset(b->ptr + b->len, c, count);
    b->len += count;
    b->ptr[b->len] = '\0';
}

void buf_trim_right(struct buf *b)
{
    while (b->len && b->ptr[b->len - 1] && strchr(" \t\r\n", b->ptr[b->len - 1]))
        b->ptr[--b->len] = '\0';
}

enum status buf_read_fd(struct buf *b, int fd)
{
    char chunk[16384];

    for (;;) {
        ssize_t got = read(fd, chunk, sizeof chunk);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return ST_IO;
        if (got == 0)
            return ST_OK;
        buf_add(b, chunk, (size_t)got);
        if (b->full)
            return ST_LIMIT;
    }
}

enum status buf_read_file(struct buf *b, const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return ST_IO;

    enum status st = buf_read_fd(b, fd);
    int saved = errno;

    close(fd);
    errno = saved;
    return st;
}
