/* Any bytes as what a WebSocket server says: its handshake, and frames, in pieces. */
#include <string.h>

#include "harness/base/text.h"
#include "harness/channels/ws_frames.h"
#include "harness/channels/ws_handshake.h"
#include "tests/fuzz/fuzz.h"

#define KEY "dGhlIHNhbXBsZSBub25jZQ=="

struct peer {
    const uint8_t *at, *end;
    size_t piece;                 /* bytes it gives between two "not now" */
    size_t left;
    size_t told;                  /* bytes we sent */
};

static ssize_t give(void *context, uint8_t *to, size_t len)
{
    struct peer *p = context;
    size_t n = (size_t)(p->end - p->at);

    if (n == 0)
        return -1;
    n = n < len ? n : len;
    n = n < p->left ? n : p->left;
    memcpy(to, p->at, n);
    p->at += n;
    p->left -= n;
    return (ssize_t)n;
}

/* Now and then it takes nothing. */
static ssize_t take(void *context, const uint8_t *bytes, size_t len)
{
    struct peer *p = context;

    (void)bytes;
    p->told += len;
    return p->told % 7 == 3 ? 0 : (ssize_t)len;
}

static void handshake(const uint8_t *data, size_t size)
{
    struct slice bytes = { (const char *)data, size };
    struct buf why = BUF_INIT(4096);
    size_t used = 0;
    int status;

    switch (ws_read_answer(bytes, KEY, "chat.v1", &used, &status, &why)) {
    case ST_OK:
        if (used > size || status != 101)
            __builtin_trap();
        break;
    case ST_INVALID:
        if (!why.len)
            __builtin_trap();
        break;
    default:
        break;
    }
    buf_release(&why);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct peer p = { .end = data + size };
    struct ws_frames *f;
    struct buf text, why = BUF_INIT(1024);
    struct ws_end e;

    if (size < 2)
        return 0;
    if (data[0] & 1) {
        handshake(data + 1, size - 1);
        return 0;
    }
    p.at = data + 1;
    p.piece = (size_t)(data[0] >> 1) + 1;
    f = ws_frames_new(&(struct ws_wire){ give, take, &p });
    do {
        p.left = p.piece;
        while (ws_frames_take(f, &text)) {
            if (!text_is_valid(buf_slice(&text)))
                __builtin_trap();
            buf_release(&text);
        }
        if (data[0] & 2)
            ws_frames_send(f, "Hello");
    } while (ws_frames_serve(f));
    while (ws_frames_take(f, &text))
        buf_release(&text);
    e = ws_frames_end(f, &why);
    if (!why.len || (e.unreadable && e.code != WS_ABNORMAL))
        __builtin_trap();
    ws_frames_goodbye(f);
    ws_frames_free(f);
    buf_release(&why);
    return 0;
}
