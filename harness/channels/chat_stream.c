#include "harness/channels/chat_stream.h"

#include <string.h>

#include "harness/base/text.h"

void chat_stream_init(struct chat_stream *s, enum stream_format format, chat_piece_fn *fn,
                      void *context)
{
    *s = (struct chat_stream){ .format = format, .fn = fn, .context = context };
    buf_init(&s->line, CHAT_PIECE_MAX);
    buf_init(&s->data, CHAT_PIECE_MAX);
}

void chat_stream_release(struct chat_stream *s)
{
    buf_release(&s->line);
    buf_release(&s->data);
}

static void dispatch(struct chat_stream *s)
{
    if (s->has_data)
        s->fn(s->context, buf_slice(&s->data));
    buf_clear(&s->data);
    s->has_data = false;
}

/* Only data means something to us: an event's name, its id and the pause before a reconnect belong
 * to streams that are listened to, not to answers. */
static void event_line(struct chat_stream *s, struct slice line)
{
    static const char key[] = "data";
    size_t n = sizeof(key) - 1;

    if (line.len == 0) {
        dispatch(s);
        return;
    }
    if (line.len < n || memcmp(line.ptr, key, n) || (line.len > n && line.ptr[n] != ':'))
        return;
    n += line.len > n;
    n += line.len > n && line.ptr[n] == ' ';
    if (s->has_data)
        buf_addc(&s->data, '\n');
    s->has_data = true;
    buf_add(&s->data, line.ptr + n, line.len - n);
}

static void take_line(struct chat_stream *s)
{
    struct slice line = buf_slice(&s->line);

    if (!s->begun && line.len >= 3 && !memcmp(line.ptr, "\xef\xbb\xbf", 3)) {
        line.ptr += 3;
        line.len -= 3;
    }
    s->begun = true;
    if (s->format == STREAM_SSE)
        event_line(s, line);
    else if (text_trim(line).len)
        s->fn(s->context, text_trim(line));
    buf_clear(&s->line);
}

bool chat_stream_feed(struct chat_stream *s, struct slice bytes)
{
    for (size_t i = 0; i < bytes.len && !s->line.full && !s->data.full; i++) {
        char b = bytes.ptr[i];
        bool second = b == '\n' && s->after_cr;

        s->after_cr = b == '\r';
        if (second)
            continue;
        if (b == '\n' || b == '\r')
            take_line(s);
        else
            buf_addc(&s->line, b);
    }
    return !s->line.full && !s->data.full;
}

void chat_stream_end(struct chat_stream *s)
{
    if (s->format == STREAM_LINES && s->line.len)
        take_line(s);
}
