#include "harness/model/adapter.h"

#include <string.h>

/* The rows every call has. */
#define METHOD_ROW(owner, member, normal)                                                         \
    { .name = "method", .type = FIELD_TEXT, .offset = offsetof(owner, member),                    \
      .help = "HTTP method", .fallback = normal }
#define PATH_ROW(owner, member, needed)                                                           \
    { .name = "path", .type = FIELD_TEXT, .offset = offsetof(owner, member), .flags = needed,     \
      .help = "appended to the channel's url; blanks are percent-encoded" }
#define BODY_ROW(owner, member)                                                                   \
    { .name = "body", .type = FIELD_TEXT, .offset = offsetof(owner, member),                      \
      .help = "JSON text; blanks are escaped as inside a JSON string" }

static const struct field open_fields[] = {
    METHOD_ROW(struct adapter_open, call.method, "POST"),
    PATH_ROW(struct adapter_open, call.path, FIELD_REQUIRED),
    BODY_ROW(struct adapter_open, call.body),
    { .name = "session", .type = FIELD_TEXT, .offset = offsetof(struct adapter_open, session),
      .flags = FIELD_REQUIRED, .help = "path of the conversation's id in the answer" },
    { 0 },
};
static const struct object open_object = {
    "open", sizeof(struct adapter_open), open_fields, SIZE_MAX,
};

static const struct field send_fields[] = {
    METHOD_ROW(struct adapter_call, method, "POST"),
    PATH_ROW(struct adapter_call, path, FIELD_REQUIRED),
    BODY_ROW(struct adapter_call, body),
    { 0 },
};
static const struct object send_object = {
    "send", sizeof(struct adapter_call), send_fields, SIZE_MAX,
};

static const struct field messages_fields[] = {
    { .name = "list", .type = FIELD_TEXT, .offset = offsetof(struct adapter_messages, list),
      .flags = FIELD_REQUIRED, .help = "path of the messages in an answer, as in messages[]" },
    { .name = "text", .type = FIELD_TEXT, .offset = offsetof(struct adapter_messages, text),
      .flags = FIELD_REQUIRED, .help = "path of the words in one message" },
    { .name = "id", .type = FIELD_TEXT, .offset = offsetof(struct adapter_messages, id),
      .help = "path of the id in one message; without it polling cannot tell old from new" },
    { .name = "closed", .type = FIELD_TEXT, .offset = offsetof(struct adapter_messages, closed),
      .help = "path of the sign in an answer that the company has ended the conversation" },
    { .name = "from", .type = FIELD_TEXT, .offset = offsetof(struct adapter_messages, from),
      .help = "path of the sender in one message" },
    { .name = "company", .type = FIELD_TEXTS,
      .offset = offsetof(struct adapter_messages, company),
      .help = "senders that are the company; messages of others are skipped" },
    { 0 },
};
static const struct object messages_object = {
    "messages", sizeof(struct adapter_messages), messages_fields, SIZE_MAX,
};

static const struct field poll_fields[] = {
    METHOD_ROW(struct adapter_poll, call.method, "GET"),
    PATH_ROW(struct adapter_poll, call.path, 0),
    BODY_ROW(struct adapter_poll, call.body),
    { .name = "interval", .type = FIELD_DURATION, .offset = offsetof(struct adapter_poll, interval),
      .help = "pause between two polls", .fallback = "250ms" },
    { .name = "slowest", .type = FIELD_DURATION, .offset = offsetof(struct adapter_poll, slowest),
      .help = "the pause doubles up to this while nothing comes", .fallback = "1s" },
    { 0 },
};
static const struct object poll_object = {
    "poll", sizeof(struct adapter_poll), poll_fields, SIZE_MAX,
};

static const struct field adapter_fields[] = {
    { .name = "adapter", .type = FIELD_TEXT, .offset = offsetof(struct adapter, name),
      .flags = FIELD_REQUIRED, .help = "name, as a scenario's `adapter:` says it" },
    { .name = "title", .type = FIELD_TEXT, .offset = offsetof(struct adapter, title),
      .help = "what it is, in a line" },
    { .name = "headers", .type = FIELD_PAIRS, .offset = offsetof(struct adapter, headers),
      .help = "headers of every call" },
    { .name = "open", .type = FIELD_OBJECT, .offset = offsetof(struct adapter, open),
      .flags = FIELD_REQUIRED, .help = "begins a conversation", .object = &open_object },
    { .name = "send", .type = FIELD_OBJECT, .offset = offsetof(struct adapter, send),
      .flags = FIELD_REQUIRED, .help = "says something", .object = &send_object },
    { .name = "messages", .type = FIELD_OBJECT, .offset = offsetof(struct adapter, messages),
      .flags = FIELD_REQUIRED, .help = "where the company's messages stand in any answer",
      .object = &messages_object },
    { .name = "poll", .type = FIELD_OBJECT, .offset = offsetof(struct adapter, poll),
      .help = "asks for new messages while the customer listens", .object = &poll_object },
    { 0 },
};

const struct object adapter_object = {
    "adapter", sizeof(struct adapter), adapter_fields, offsetof(struct adapter, at),
};

const struct adapter *adapters_find(const struct adapters *all, const char *name)
{
    for (size_t i = 0; all && name && i < all->count; i++)
        if (all->items[i].name && !strcmp(all->items[i].name, name))
            return &all->items[i];
    return NULL;
}
