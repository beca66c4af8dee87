#ifndef MODEL_ADAPTER_H
#define MODEL_ADAPTER_H
/**
 * Adapter: data that teaches the chat channel one vendor's wire protocol: JSON over HTTP or
 * WebSocket, answers in the reply, streamed, pushed, called back, or by polling. Loaded from
 * scenarios/adapters/NAME.yaml.
 *
 * Blanks   `path`, `body` and header values have blanks in single braces, filled per call:
 *          {session} {text} {after} {token} {name} {email} {language} {run}, {conversation} (an id
 *          of our making, another one for every conversation), {uuid} (the same as a UUID), {history}
 *          (see `history`), {callback} (where our listener is called back), and the adapter's own: the
 *          names of its `variables` and of everything it saves. In a path a
 *          value is percent-encoded, in a body it is escaped as inside a JSON string (write the
 *          quotes yourself). {?NAME} in a path is "?NAME=value", or nothing while NAME has no value
 *          (RFC 6570). Braces around anything else stand for themselves. A header with a blank
 *          that has no value (no token in the scenario) is not sent.
 * Paths    where a value stands in an answer: member names with dots between, "name[]" for each
 *          item of a list, "name[0]" for one, "." for the whole: `session`, `data.messages[]`,
 *          `content[0].text`.
 * Saved    `save` maps a blank's name to a path. A saved `token` replaces the scenario's from then
 *          on, and is as secret. Every conversation begins without what the last one saved.
 */
#include "harness/base/field.h"

/** One call; method and path NULL = the protocol has no such call. */
struct adapter_call {
    const char *method, *path, *body;
};

/** A call that must come before the conversation opens. */
struct adapter_prepare {
    struct adapter_call call;
    const char *when;             /* only when this blank has a value; NULL = always */
    struct pairs save;            /* what must stand in its answer */
};

struct adapter_open {
    struct adapter_call call;     /* path NULL: the first words open the conversation */
    const char *session;          /* path of the conversation's id in the answer; NULL = none */
    struct pairs save;            /* what may stand in its answer */
};

enum stream_format { STREAM_NONE, STREAM_SSE, STREAM_LINES, STREAM_COUNT };
extern const char *const stream_names[STREAM_COUNT + 1];

/** An answer that comes in pieces of JSON. */
struct adapter_stream {
    int format;                   /* enum stream_format */
    const char *delta;            /* path in a piece: the next words of one message. NULL = a piece
                                   * is an answer by itself, with whole messages */
    const char *end;              /* a piece that is just this is the last */
    const char *finished;         /* path: a piece with a value here is the last with words */
};

/** A WebSocket (RFC 6455) on which messages are pushed: each text is read by `messages`. */
struct adapter_socket {
    const char *path;             /* NULL = the protocol has none */
    const char *protocol;         /* subprotocol; NULL = none */
    const char *hello;            /* said first; the customer then hears the greeting */
    const char *resume;           /* said first when the connection broke; NULL = hello */
};

/** How a callback proves that it is the company's. */
enum signature_kind {
    SIGNATURE_SECRET,             /* the header is the shared secret itself */
    SIGNATURE_SHA256, SIGNATURE_SHA1, SIGNATURE_SHA512,   /* an HMAC (RFC 2104) with it */
    SIGNATURE_COUNT
};
enum signature_form { SIGNATURE_HEX, SIGNATURE_BASE64, SIGNATURE_FORM_COUNT };

struct adapter_signature {
    const char *header;           /* NULL = callbacks are not signed */
    int kind;                     /* enum signature_kind */
    int form;                     /* enum signature_form, of an HMAC in the header */
    const char *prefix;           /* before it in the header, such as "sha256="; NULL = none */
    const char *of;               /* what is signed: {body}, {HEADER-NAME} and text; NULL = {body} */
    const char *base64;           /* secrets that begin with this are base64 behind it; NULL = none */
    const char *timestamp;        /* header with its time in Unix seconds, at most five minutes off;
                                   * NULL = none */
};

/** An address of ours that the company's platform calls back: each body is read by `messages`. */
struct adapter_webhook {
    const char *path;             /* behind our address; {callback} is both. NULL = none */
    const char *conversation;     /* path in a body: whose it is, {conversation} or {session}; NULL =
                                   * the address says it: `path` has {conversation} */
    const char *delivery;         /* header with an id that a repeated call has again; NULL = none */
    const char *answer;           /* JSON text we answer with */
    struct adapter_signature signature;
};

struct adapter_send {
    struct adapter_call call;     /* path NULL: the body goes over the socket */
    struct adapter_stream stream; /* an answer of another content type is read whole */
};

/** The customer leaves: told once, of a conversation that the company has not ended. */
struct adapter_close {
    struct adapter_call call;     /* path NULL: the body goes over the socket; both NULL = nobody is
                                   * told */
};

/** What was said so far, for services that forget: one JSON text per message; {history} is all of
 *  them, oldest first, with commas between. The words being said are the last. */
struct adapter_history {
    const char *customer, *company;
};

/** Where messages stand in any answer. All but list, closed, error and save: in one message. */
struct adapter_messages {
    const char *list, *text, *id;
    const char *closed;           /* path: true when the company has ended the conversation */
    const char *error;            /* path: words here say that the company could not answer */
    const char *from;             /* path of the sender in one message; NULL = all count */
    struct texts company;         /* values of `from` that are the company; empty = all others */
    const char *customer;         /* value of `from`, with blanks, that is the customer: skipped */
    const char *kind;             /* path of what sort of message it is; NULL = all have words */
    struct texts words, typing, closing;  /* values of `kind`; any other sort is skipped */
    struct texts also;            /* paths: cards, attachments; each a line of its own */
    struct texts choices;         /* paths: buttons and quick replies; the same, and the customer
                                   * may say one of them */
    struct texts presses;         /* paths: what goes out instead of the choice at the same place;
                                   * unless there is one for each, the choice itself does */
    struct pairs save;            /* what may stand in any answer, such as a cursor */
};

struct adapter_poll {
    struct adapter_call call;
    int64_t interval, slowest;    /* doubles up to `slowest` while nothing comes */
};

struct adapter {
    const char *name;             /* what a scenario's `adapter:` says */
    const char *title;
    const char *documentation;    /* where the protocol is described, for people */
    const char *tried;            /* against which server, for people */
    struct pairs variables;       /* blanks with their normal values; a channel's `with` overrides */
    struct pairs headers;         /* sent with every call; values as written (template source) */
    struct list prepare;          /* of struct adapter_prepare */
    struct adapter_open open;
    struct adapter_socket socket;
    struct adapter_webhook webhook;
    struct adapter_send send;
    struct adapter_history history;
    struct adapter_messages messages;
    struct adapter_poll poll;
    struct adapter_close close;
    struct span at;
};

extern const struct object adapter_object;        /* model/adapter.c */

struct adapters {
    struct adapter *items;
    size_t count;
};

/** NULL when there is none of that name; NULL `all` has none. */
const struct adapter *adapters_find(const struct adapters *all, const char *name);

#endif
