#ifndef CHANNELS_CHAT_STREAM_H
#define CHANNELS_CHAT_STREAM_H
/**
 * Chat stream: bytes of an answer that comes in pieces, cut into the pieces.
 *
 * Formats  Server-Sent Events: the data of each event (html.spec.whatwg.org, 9.2.6; an event that
 *          has not ended when the stream does is dropped, as it says). Lines: every line that is
 *          not blank, the last one also without its end.
 * Network  none. Times are the caller's.
 */
#include <stdbool.h>

#include "harness/base/buf.h"
#include "harness/model/adapter.h"

enum { CHAT_PIECE_MAX = 1024 * 1024 };

typedef void chat_piece_fn(void *context, struct slice piece);

struct chat_stream {
    enum stream_format format;
    chat_piece_fn *fn;
    void *context;
    struct buf line, data;
    bool begun, after_cr, has_data;
};

void chat_stream_init(struct chat_stream *s, enum stream_format format, chat_piece_fn *fn,
                      void *context);
/** False: a line or a piece is over CHAT_PIECE_MAX; nothing more is read. */
bool chat_stream_feed(struct chat_stream *s, struct slice bytes);
/** The stream has ended. */
void chat_stream_end(struct chat_stream *s);
void chat_stream_release(struct chat_stream *s);

#endif
