#include "harness/channels/chat_wire.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/channels/json_path.h"

static const struct blank_row {
    const char *name;
    size_t offset;
} blank_rows[] = {
    { "session", offsetof(struct wire_blanks, session) },
    { "text", offsetof(struct wire_blanks, text) },
    { "after", offsetof(struct wire_blanks, after) },
    { "token", offsetof(struct wire_blanks, token) },
    { "name", offsetof(struct wire_blanks, name) },
    { "email", offsetof(struct wire_blanks, email) },
    { "language", offsetof(struct wire_blanks, language) },
    { "run", offsetof(struct wire_blanks, run) },
};

static void add_percent(struct buf *out, const char *s)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                "0123456789-._~";

    for (; *s; s++) {
        if (strchr(plain, *s))
            buf_addc(out, *s);
        else
            buf_addf(out, "%%%02X", (unsigned char)*s);
    }
}

static void add_json(struct buf *out, const char *s)
{
    CLEANUP(buf_release) struct buf clean = BUF_INIT(out->max);
    json_t *string;
    char *quoted;

    text_add_clean(&clean, slice_str(s));
    string = json_stringn(clean.ptr, clean.len);
    quoted = json_dumps(string, JSON_ENCODE_ANY);
    json_decref(string);
    if (quoted)
        buf_add(out, quoted + 1, strlen(quoted) - 2);
    free(quoted);
}

static const struct blank_row *blank_at(const char *brace, size_t *len)
{
    for (size_t i = 0; i < ARRAY_LEN(blank_rows); i++) {
        size_t n = strlen(blank_rows[i].name);

        if (!strncmp(brace + 1, blank_rows[i].name, n) && brace[1 + n] == '}') {
            *len = n + 2;
            return &blank_rows[i];
        }
    }
    return NULL;
}

bool wire_fill(struct buf *out, const char *pattern, const struct wire_blanks *b,
               enum wire_style style)
{
    for (const char *p = pattern; *p;) {
        size_t len;
        const struct blank_row *row = *p == '{' ? blank_at(p, &len) : NULL;
        const char *value;

        if (!row) {
            buf_addc(out, *p++);
            continue;
        }
        value = *(const char *const *)((const char *)b + row->offset);
        if (!value)
            return false;
        if (style == WIRE_PERCENT)
            add_percent(out, value);
        else if (style == WIRE_JSON)
            add_json(out, value);
        else
            buf_adds(out, value);
        p += len;
    }
    return !out->full;
}

/** The walk over an answer's messages. */
struct reading {
    const struct adapter *adapter;
    wire_message_fn *fn;
    void *context;
    struct buf *why;
};

static bool is_company(const struct adapter_messages *m, const json_t *message)
{
    CLEANUP(buf_release) struct buf from = BUF_INIT(1024);

    if (!m->from || !json_text_of(json_path_first(message, m->from), &from))
        return true;
    for (size_t i = 0; i < m->company.count; i++)
        if (!strcmp(m->company.items[i], from.ptr))
            return true;
    return false;
}

static bool take_message(void *context, const json_t *message)
{
    struct reading *r = context;
    const struct adapter_messages *m = &r->adapter->messages;
    CLEANUP(buf_release) struct buf raw = BUF_INIT(WIRE_MESSAGE_MAX);
    CLEANUP(buf_release) struct buf text = BUF_INIT(WIRE_MESSAGE_MAX);
    CLEANUP(buf_release) struct buf id = BUF_INIT(1024);

    if (!is_company(m, message))
        return true;
    if (!json_text_of(json_path_first(message, m->text), &raw)) {
        buf_addf(r->why, "a message has no words at \"%s\"", m->text);
        return false;
    }
    if (raw.full) {
        buf_addf(r->why, "a message is over %d KiB", WIRE_MESSAGE_MAX / 1024);
        return false;
    }
    text_add_clean(&text, buf_slice(&raw));
    bool known = m->id && json_text_of(json_path_first(message, m->id), &id) && !id.full;
    r->fn(r->context, &(struct wire_message){ text.ptr, known ? id.ptr : NULL });
    return true;
}

static bool says_yes(const json_t *value)
{
    return json_is_true(value) ||
           (json_is_string(value) && text_same_ascii(json_string_value(value), "true"));
}

enum status wire_read(const struct adapter *a, struct slice body, wire_message_fn *fn,
                      void *context, struct wire_answer *ret, struct buf *why)
{
    CLEANUP(buf_release) struct buf session = BUF_INIT(1024);
    struct reading r = { a, fn, context, why };
    json_error_t error;
    json_t *root;

    *ret = (struct wire_answer){ 0 };
    if (text_trim(body).len == 0)         /* 204, or "ok, nothing to say" */
        return ST_OK;
    if (body.len > WIRE_ANSWER_MAX) {
        buf_addf(why, "it is over %d KiB", WIRE_ANSWER_MAX / 1024);
        return ST_INVALID;
    }
    root = json_loadb(body.ptr, body.len, JSON_ALLOW_NUL, &error);
    if (!root) {
        buf_addf(why, "it is no JSON (%s, line %d)", error.text, error.line);
        return ST_INVALID;
    }
    json_path_walk(root, a->messages.list, take_message, &r);
    if (a->messages.closed)
        ret->closed = says_yes(json_path_first(root, a->messages.closed));
    if (a->open.session && json_text_of(json_path_first(root, a->open.session), &session) &&
        session.len && !session.full)
        ret->session = mem_strndup(session.ptr, session.len);
    json_decref(root);
    if (why->len) {
        free(ret->session);
        ret->session = NULL;
        return ST_INVALID;
    }
    return ST_OK;
}

bool wire_needs_token(const struct adapter *a)
{
    const char *const texts[] = {
        a->open.call.path, a->open.call.body, a->send.path, a->send.body, a->poll.call.path,
        a->poll.call.body,
    };

    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        if (texts[i] && strstr(texts[i], "{token}"))
            return true;
    return false;
}

void wire_check(const struct adapter *a, const struct source *source, struct span at,
                struct diags *diags)
{
    const struct { const char *key, *path; } paths[] = {
        { "open.session", a->open.session },   { "messages.list", a->messages.list },
        { "messages.text", a->messages.text }, { "messages.id", a->messages.id },
        { "messages.closed", a->messages.closed }, { "messages.from", a->messages.from },
    };

    for (size_t i = 0; i < ARRAY_LEN(paths); i++)
        if (paths[i].path && !json_path_valid(paths[i].path))
            diag_add(diags, SEVERITY_ERROR, source, at,
                     "member names with dots between, as in data.messages[]",
                     "adapter \"%s\": %s: \"%s\" is no path", a->name, paths[i].key,
                     paths[i].path);
}
