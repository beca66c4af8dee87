#ifndef CHANNELS_CHAT_WIRE_H
#define CHANNELS_CHAT_WIRE_H
/**
 * Chat wire: one adapter's protocol as text in and text out. No network, no events.
 */
#include "harness/base/diag.h"
#include "harness/model/adapter.h"

/** What the blanks of an adapter's texts stand for; NULL = no value. */
struct wire_blanks {
    const char *session, *text, *after, *token, *name, *email, *language, *run;
};

enum wire_style { WIRE_PLAIN, WIRE_PERCENT, WIRE_JSON };

/** Append `pattern` with its blanks filled. False: a blank has no value (out is then unusable). */
bool wire_fill(struct buf *out, const char *pattern, const struct wire_blanks *b,
               enum wire_style style);

/** One message of an answer; strings are borrowed for the call. id NULL: it has none. */
struct wire_message {
    const char *text, *id;
};
typedef void wire_message_fn(void *context, const struct wire_message *m);

struct wire_answer {
    char *session;                /* owned by the caller; NULL: none in it (only `open` has one) */
    bool closed;
};

enum { WIRE_ANSWER_MAX = 1024 * 1024, WIRE_MESSAGE_MAX = 256 * 1024 };

/**
 * Read an answer's JSON: the company's messages in order, then the rest into *ret.
 * @param why  on failure what is wrong with it, for people.
 * @return ST_OK; ST_INVALID no JSON, or a message without words.
 */
MUST_CHECK enum status wire_read(const struct adapter *a, struct slice body, wire_message_fn *fn,
                                 void *context, struct wire_answer *ret, struct buf *why);

/** Is there a {token} outside the headers? Then it cannot do without. */
bool wire_needs_token(const struct adapter *a);

/** Paths that are none, said of the scenario's channel at `at`. */
void wire_check(const struct adapter *a, const struct source *source, struct span at,
                struct diags *diags);

#endif
