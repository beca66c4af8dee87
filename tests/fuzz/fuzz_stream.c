/* Any bytes as an answer that comes in pieces, both formats: however the network cuts it, the same
 * pieces come out, and none holds what cannot be in it. */
#include <string.h>

#include "harness/channels/chat_stream.h"
#include "tests/fuzz/fuzz.h"

enum { PIECES_MAX = 1 << 22 };

struct told {
    struct buf all;
    enum stream_format format;
};

static void take(void *context, struct slice piece)
{
    struct told *t = context;

    if (memchr(piece.ptr, '\r', piece.len) ||
        (t->format == STREAM_LINES && memchr(piece.ptr, '\n', piece.len)))
        __builtin_trap();
    buf_addf(&t->all, "%zu:", piece.len);
    buf_add(&t->all, piece.ptr, piece.len);
}

static void cut(struct told *t, const char *bytes, size_t size, size_t step)
{
    struct chat_stream s;
    bool more = true;

    buf_init(&t->all, PIECES_MAX);
    chat_stream_init(&s, t->format, take, t);
    for (size_t at = 0; at < size && more; at += step)
        more = chat_stream_feed(&s, (struct slice){ bytes + at,
                                                    size - at < step ? size - at : step });
    if (!more)
        __builtin_trap();         /* an input of the fuzzer is far below the cap */
    chat_stream_end(&s);
    chat_stream_release(&s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *bytes = (const char *)data + 1;

    if (size < 2)
        return 0;
    for (int format = STREAM_SSE; format < STREAM_COUNT; format++) {
        struct told whole = { .format = (enum stream_format)format };
        struct told pieces = { .format = (enum stream_format)format };

        cut(&whole, bytes, size - 1, size);
        cut(&pieces, bytes, size - 1, data[0] % 16 + 1);
        if (whole.all.len != pieces.all.len ||
            (whole.all.len && memcmp(whole.all.ptr, pieces.all.ptr, whole.all.len)))
            __builtin_trap();
        buf_release(&whole.all);
        buf_release(&pieces.all);
    }
    return 0;
}
