#ifndef MODEL_ADAPTER_H
#define MODEL_ADAPTER_H
/**
 * Adapter: data that teaches the chat channel one vendor's wire protocol: JSON over HTTP.
 * Loaded from scenarios/adapters/NAME.yaml.
 *
 * Blanks   `path`, `body` and header values have blanks in single braces, filled per call:
 *          {session} {text} {after} {token} {name} {email} {language} {run}. In a path a value is
 *          percent-encoded, in a body it is escaped as inside a JSON string (write the quotes
 *          yourself). Braces around anything else stand for themselves. A header with a blank
 *          that has no value (no token in the scenario) is not sent.
 * Paths    where a value stands in an answer: member names with dots between, "name[]" for each
 *          item of a list, "name[0]" for one: `session`, `data.messages[]`, `content[0].text`.
 */
#include "harness/base/field.h"

/** One call; method and path NULL = the protocol has no such call. */
struct adapter_call {
    const char *method, *path, *body;
};

struct adapter_open {
    struct adapter_call call;
    const char *session;          /* path of the conversation's id in the answer */
};

/** Where messages stand in any answer. `text` and `id` are relative to one message. */
struct adapter_messages {
    const char *list, *text, *id;
    const char *closed;           /* path: true when the company has ended the conversation */
    const char *from;             /* path of the sender in one message; NULL = all count */
    struct texts company;         /* values of `from` that are the company; the rest is skipped */
};

struct adapter_poll {
    struct adapter_call call;
    int64_t interval, slowest;    /* doubles up to `slowest` while nothing comes */
};

struct adapter {
    const char *name;             /* what a scenario's `adapter:` says */
    const char *title;
    struct pairs headers;         /* sent with every call; values as written (template source) */
    struct adapter_open open;
    struct adapter_call send;
    struct adapter_messages messages;
    struct adapter_poll poll;
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
