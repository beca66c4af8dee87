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

#define TEXT_ROW(key, owner, member, words)                                                       \
    { .name = key, .type = FIELD_TEXT, .offset = offsetof(owner, member), .help = words }
#define TEXTS_ROW(key, owner, member, words)                                                      \
    { .name = key, .type = FIELD_TEXTS, .offset = offsetof(owner, member), .help = words }
#define SAVE_ROW(owner, words)                                                                    \
    { .name = "save", .type = FIELD_PAIRS, .offset = offsetof(owner, save), .help = words }

const char *const stream_names[STREAM_COUNT + 1] = { "none", "sse", "lines", NULL };

static const struct field prepare_fields[] = {
    METHOD_ROW(struct adapter_prepare, call.method, "POST"),
    PATH_ROW(struct adapter_prepare, call.path, FIELD_REQUIRED),
    BODY_ROW(struct adapter_prepare, call.body),
    TEXT_ROW("when", struct adapter_prepare, when, "only when this blank has a value"),
    SAVE_ROW(struct adapter_prepare, "blank to path of what must stand in the answer"),
    { 0 },
};
static const struct object prepare_object = {
    "prepare", sizeof(struct adapter_prepare), prepare_fields, SIZE_MAX,
};

static const struct field open_fields[] = {
    METHOD_ROW(struct adapter_open, call.method, "POST"),
    PATH_ROW(struct adapter_open, call.path, FIELD_REQUIRED),
    BODY_ROW(struct adapter_open, call.body),
    { .name = "session", .type = FIELD_TEXT, .offset = offsetof(struct adapter_open, session),
      .flags = FIELD_REQUIRED, .help = "path of the conversation's id in the answer" },
    SAVE_ROW(struct adapter_open, "blank to path of what may stand in the answer"),
    { 0 },
};
static const struct object open_object = {
    "open", sizeof(struct adapter_open), open_fields, SIZE_MAX,
};

static const struct field socket_fields[] = {
    { .name = "path", .type = FIELD_TEXT, .offset = offsetof(struct adapter_socket, path),
      .flags = FIELD_REQUIRED, .help = "appended to the channel's url" },
    TEXT_ROW("protocol", struct adapter_socket, protocol, "subprotocol to ask for"),
    TEXT_ROW("hello", struct adapter_socket, hello, "JSON text to begin with"),
    TEXT_ROW("resume", struct adapter_socket, resume,
             "JSON text to go on with after the connection broke; else hello"),
    { 0 },
};
static const struct object socket_object = {
    "socket", sizeof(struct adapter_socket), socket_fields, SIZE_MAX,
};

static const char *const signature_kinds[SIGNATURE_COUNT + 1] = {
    "secret", "hmac-sha256", "hmac-sha1", "hmac-sha512", NULL,
};
static const char *const signature_forms[SIGNATURE_FORM_COUNT + 1] = { "hex", "base64", NULL };

static const struct field signature_fields[] = {
    { .name = "header", .type = FIELD_TEXT, .offset = offsetof(struct adapter_signature, header),
      .flags = FIELD_REQUIRED, .help = "where it stands" },
    { .name = "kind", .type = FIELD_CHOICE, .offset = offsetof(struct adapter_signature, kind),
      .flags = FIELD_REQUIRED, .choices = signature_kinds,
      .help = "secret: the header is the channel's secret itself; else an HMAC with it" },
    { .name = "form", .type = FIELD_CHOICE, .offset = offsetof(struct adapter_signature, form),
      .choices = signature_forms, .fallback = "hex", .help = "how the HMAC is written" },
    TEXT_ROW("prefix", struct adapter_signature, prefix, "what stands before it in the header"),
    TEXT_ROW("of", struct adapter_signature, of,
             "what is signed: text with {body} and {HEADER-NAME}; default: the body"),
    TEXT_ROW("base64", struct adapter_signature, base64,
             "a secret that begins with this is base64 behind it"),
    TEXT_ROW("timestamp", struct adapter_signature, timestamp,
             "header with the time in Unix seconds; more than five minutes off is refused"),
    { 0 },
};
static const struct object signature_object = {
    "signature", sizeof(struct adapter_signature), signature_fields, SIZE_MAX,
};

static const struct field webhook_fields[] = {
    { .name = "path", .type = FIELD_TEXT, .offset = offsetof(struct adapter_webhook, path),
      .flags = FIELD_REQUIRED, .help = "behind our address; {callback} is both together" },
    TEXT_ROW("conversation", struct adapter_webhook, conversation,
             "path in a callback of whose it is: {conversation} or {session}"),
    TEXT_ROW("delivery", struct adapter_webhook, delivery,
             "header with an id that a repeated callback has again"),
    { .name = "answer", .type = FIELD_TEXT, .offset = offsetof(struct adapter_webhook, answer),
      .fallback = "{}", .help = "JSON text that a callback is answered with" },
    { .name = "signature", .type = FIELD_OBJECT,
      .offset = offsetof(struct adapter_webhook, signature), .object = &signature_object,
      .help = "how a callback proves that it is the company's" },
    { 0 },
};
static const struct object webhook_object = {
    "webhook", sizeof(struct adapter_webhook), webhook_fields, SIZE_MAX,
};

static const struct field stream_fields[] = {
    { .name = "format", .type = FIELD_CHOICE, .offset = offsetof(struct adapter_stream, format),
      .flags = FIELD_REQUIRED, .choices = stream_names,
      .help = "sse: Server-Sent Events; lines: a JSON text a line" },
    TEXT_ROW("delta", struct adapter_stream, delta,
             "path in a piece of the next words; without it a piece is an answer by itself"),
    TEXT_ROW("end", struct adapter_stream, end, "a piece that is just this is the last"),
    TEXT_ROW("finished", struct adapter_stream, finished,
             "path of what only the last piece with words has"),
    { 0 },
};
static const struct object stream_object = {
    "stream", sizeof(struct adapter_stream), stream_fields, SIZE_MAX,
};

static const struct field send_fields[] = {
    METHOD_ROW(struct adapter_send, call.method, "POST"),
    PATH_ROW(struct adapter_send, call.path, 0),
    BODY_ROW(struct adapter_send, call.body),
    { .name = "stream", .type = FIELD_OBJECT, .offset = offsetof(struct adapter_send, stream),
      .help = "how the answer comes in pieces", .object = &stream_object },
    { 0 },
};
static const struct object send_object = {
    "send", sizeof(struct adapter_send), send_fields, SIZE_MAX,
};

static const struct field history_fields[] = {
    TEXT_ROW("customer", struct adapter_history, customer, "JSON text of the customer's words"),
    TEXT_ROW("company", struct adapter_history, company, "JSON text of the company's words"),
    { 0 },
};
static const struct object history_object = {
    "history", sizeof(struct adapter_history), history_fields, SIZE_MAX,
};

static const struct field messages_fields[] = {
    { .name = "list", .type = FIELD_TEXT, .offset = offsetof(struct adapter_messages, list),
      .flags = FIELD_REQUIRED, .help = "path of the messages in an answer, as in messages[]" },
    { .name = "text", .type = FIELD_TEXT, .offset = offsetof(struct adapter_messages, text),
      .flags = FIELD_REQUIRED, .help = "path of the words in one message" },
    TEXT_ROW("id", struct adapter_messages, id,
             "path of the id in one message; without it polling cannot tell old from new"),
    TEXT_ROW("closed", struct adapter_messages, closed,
             "path of the sign in an answer that the company has ended the conversation"),
    TEXT_ROW("error", struct adapter_messages, error,
             "path in an answer of words that say it is a failure"),
    TEXT_ROW("from", struct adapter_messages, from, "path of the sender in one message"),
    TEXTS_ROW("company", struct adapter_messages, company,
              "senders that are the company; messages of others are skipped"),
    TEXT_ROW("customer", struct adapter_messages, customer,
             "the sender that is the customer; those messages are skipped"),
    TEXT_ROW("kind", struct adapter_messages, kind, "path of the sort of one message"),
    TEXTS_ROW("words", struct adapter_messages, words, "sorts that have words for a person"),
    TEXTS_ROW("typing", struct adapter_messages, typing, "sorts that say somebody is typing"),
    TEXTS_ROW("closing", struct adapter_messages, closing, "sorts that end the conversation"),
    TEXTS_ROW("also", struct adapter_messages, also,
              "paths in one message of cards and attachments: a line each"),
    TEXTS_ROW("choices", struct adapter_messages, choices,
              "paths in one message of buttons and quick replies: a line each, one to be chosen"),
    TEXTS_ROW("presses", struct adapter_messages, presses,
              "paths of what is sent when one of the choices is pressed, in their order"),
    SAVE_ROW(struct adapter_messages, "blank to path of what may stand in any answer"),
    { 0 },
};
static const struct object messages_object = {
    "messages", sizeof(struct adapter_messages), messages_fields, SIZE_MAX,
};

static const struct field poll_fields[] = {
    METHOD_ROW(struct adapter_poll, call.method, "GET"),
    PATH_ROW(struct adapter_poll, call.path, FIELD_REQUIRED),
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

static const struct field close_fields[] = {
    METHOD_ROW(struct adapter_close, call.method, "POST"),
    PATH_ROW(struct adapter_close, call.path, 0),
    BODY_ROW(struct adapter_close, call.body),
    { 0 },
};
static const struct object close_object = {
    "close", sizeof(struct adapter_close), close_fields, SIZE_MAX,
};

static const struct field adapter_fields[] = {
    { .name = "adapter", .type = FIELD_TEXT, .offset = offsetof(struct adapter, name),
      .flags = FIELD_REQUIRED, .help = "name, as a scenario's `adapter:` says it" },
    { .name = "title", .type = FIELD_TEXT, .offset = offsetof(struct adapter, title),
      .help = "what it is, in a line" },
    TEXT_ROW("documentation", struct adapter, documentation, "where the protocol is described"),
    TEXT_ROW("tried", struct adapter, tried, "against which server it was tried"),
    { .name = "variables", .type = FIELD_PAIRS, .offset = offsetof(struct adapter, variables),
      .help = "blanks of its own, with their normal values" },
    { .name = "headers", .type = FIELD_PAIRS, .offset = offsetof(struct adapter, headers),
      .help = "headers of every call" },
    { .name = "prepare", .type = FIELD_OBJECTS, .offset = offsetof(struct adapter, prepare),
      .help = "calls before a conversation begins, in order", .object = &prepare_object },
    { .name = "open", .type = FIELD_OBJECT, .offset = offsetof(struct adapter, open),
      .help = "begins a conversation", .object = &open_object },
    { .name = "socket", .type = FIELD_OBJECT, .offset = offsetof(struct adapter, socket),
      .help = "a WebSocket for what the company says", .object = &socket_object },
    { .name = "webhook", .type = FIELD_OBJECT, .offset = offsetof(struct adapter, webhook),
      .help = "an address of ours that the company calls back", .object = &webhook_object },
    { .name = "send", .type = FIELD_OBJECT, .offset = offsetof(struct adapter, send),
      .flags = FIELD_REQUIRED, .help = "says something", .object = &send_object },
    { .name = "history", .type = FIELD_OBJECT, .offset = offsetof(struct adapter, history),
      .help = "what was said so far, for a service that forgets", .object = &history_object },
    { .name = "messages", .type = FIELD_OBJECT, .offset = offsetof(struct adapter, messages),
      .flags = FIELD_REQUIRED, .help = "where the company's messages stand in any answer",
      .object = &messages_object },
    { .name = "poll", .type = FIELD_OBJECT, .offset = offsetof(struct adapter, poll),
      .help = "asks for new messages while the customer listens", .object = &poll_object },
    { .name = "close", .type = FIELD_OBJECT, .offset = offsetof(struct adapter, close),
      .help = "tells the company that the customer leaves", .object = &close_object },
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
