#ifndef CHANNELS_CHAT_WIRE_H
#define CHANNELS_CHAT_WIRE_H
/**
 * Chat wire: one adapter's protocol as text in and text out. No network, no events.
 */
#include "harness/base/diag.h"
#include "harness/channels/chat_vars.h"
#include "harness/channels/pick.h"
#include "harness/model/adapter.h"

/** What the blanks of an adapter's texts stand for; NULL = no value. */
struct wire_blanks {
    const char *session, *text, *after, *token, *name, *email, *language, *run, *conversation,
        *uuid, *callback;
    const char *history;          /* JSON texts with commas between; goes in as it is */
    const struct chat_vars *vars; /* the adapter's own, which come before ours; may be NULL */
};

enum wire_style { WIRE_PLAIN, WIRE_PERCENT, WIRE_JSON };

/** Append `pattern` with its blanks filled. False: a blank has no value (out is then unusable). */
bool wire_fill(struct buf *out, const char *pattern, const struct wire_blanks *b,
               enum wire_style style);
/** Has the blank of that name a value? */
bool wire_has(const struct wire_blanks *b, const char *name);

/** One message of an answer; strings are borrowed for the call. id NULL: it has none. */
struct wire_message {
    const char *text, *id;        /* text NULL: somebody is typing */
    const char *const *choices;   /* its buttons, which stand in text too */
    size_t choice_count;
    const char *const *presses;   /* what is sent for each; NULL the choice itself */
};

enum { WIRE_CHOICES_MAX = 20, WIRE_CHOICE_MAX = 200, WIRE_PRESS_MAX = 4096 };
typedef void wire_message_fn(void *context, const struct wire_message *m);

struct wire_answer {
    char *session;                /* owned by the caller; NULL: none in it (only `open` has one) */
    bool closed;
};

/** What reading needs beside the answer. */
struct wire_reader {
    const struct adapter *adapter;
    const struct wire_blanks *blanks;
    struct chat_vars *saved;      /* what `messages.save` says goes here */
    wire_message_fn *fn;
    void *context;
    struct jq_filters **filters;  /* for paths that are jq programs */
};

enum { WIRE_ANSWER_MAX = 1024 * 1024, WIRE_MESSAGE_MAX = 256 * 1024 };

/**
 * Read an answer's JSON: the company's messages in order, then the rest into *ret.
 * @param why  on failure what is wrong with it, for people.
 * @return ST_OK; ST_INVALID no JSON, a message without words, or an answer that says it failed.
 */
MUST_CHECK enum status wire_read(const struct wire_reader *r, struct slice body,
                                 struct wire_answer *ret, struct buf *why);
/**
 * Takes the values of `save` from an answer.
 * @return the name of the first that is not in it; NULL all are.
 */
const char *wire_save(struct slice body, const struct pairs *save, struct jq_filters **filters,
                      struct chat_vars *vars);

/**
 * Reads one piece of a streamed answer: appends its words to `words`.
 * @return false: it cannot be read, or says it failed; `why` says what.
 */
bool wire_read_piece(const struct adapter *a, struct slice piece, struct jq_filters **filters,
                     struct buf *words, bool *last, struct buf *why);

/** Is there a {token} outside the headers? Then it cannot do without. */
bool wire_needs_token(const struct adapter *a);

/** Paths that are none, and settings that do not fit, said of the scenario's channel at `at`. */
void wire_check(const struct adapter *a, struct jq_filters **filters,
                const struct source *source, struct span at, struct diags *diags);

#endif
