#include "harness/channels/chat_wire.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/model/template.h"

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
    { "conversation", offsetof(struct wire_blanks, conversation) },
    { "uuid", offsetof(struct wire_blanks, uuid) },
    { "history", offsetof(struct wire_blanks, history) },
    { "callback", offsetof(struct wire_blanks, callback) },
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

/** A blank of a pattern, and what it stands for. */
struct blank {
    struct slice name;
    bool optional;                /* {?name} */
    const char *value;            /* NULL = none */
};

static bool find_value(const struct wire_blanks *b, struct slice name, const char **value)
{
    const struct chat_var *own = chat_vars_find(b->vars, name.ptr, name.len);

    *value = own ? own->value : NULL;
    if (*value)
        return true;
    for (size_t i = 0; i < ARRAY_LEN(blank_rows); i++) {
        if (!slice_eq(name, blank_rows[i].name))
            continue;
        *value = *(const char *const *)((const char *)b + blank_rows[i].offset);
        return true;
    }
    return own != NULL;
}

/** @return how long the blank at `brace` is; 0 there is none, or of no known name. */
static size_t read_blank(const char *brace, const struct wire_blanks *b, struct blank *ret)
{
    size_t skip = brace[1] == '?' ? 2 : 1;
    size_t len = strcspn(brace + skip, "{}\"");

    *ret = (struct blank){ .name = { brace + skip, len }, .optional = skip == 2 };
    if (len == 0 || brace[skip + len] != '}' || !find_value(b, ret->name, &ret->value))
        return 0;
    return skip + len + 1;
}

bool wire_has(const struct wire_blanks *b, const char *name)
{
    const char *value;

    return find_value(b, slice_str(name), &value) && value && *value;
}

static void add_value(struct buf *out, const struct blank *blank, enum wire_style style)
{
    if (blank->optional) {
        buf_addf(out, "?%.*s=", SLICE_ARG(blank->name));
        style = WIRE_PERCENT;
    }
    if (style == WIRE_PERCENT)
        add_percent(out, blank->value);
    else if (style == WIRE_JSON && !slice_eq(blank->name, "history"))
        add_json(out, blank->value);
    else
        buf_adds(out, blank->value);
}

bool wire_fill(struct buf *out, const char *pattern, const struct wire_blanks *b,
               enum wire_style style)
{
    for (const char *p = pattern; *p;) {
        struct blank blank;
        size_t len = *p == '{' ? read_blank(p, b, &blank) : 0;

        if (!len) {
            buf_addc(out, *p++);
            continue;
        }
        if (blank.value)
            add_value(out, &blank, style);
        else if (!blank.optional)
            return false;
        p += len;
    }
    return !out->full;
}

/** The walk over an answer's messages. */
struct reading {
    const struct wire_reader *with;
    struct wire_answer *answer;
    struct buf *why;
    struct picker pick;
};

static bool one_of(const struct texts *list, const char *text)
{
    for (size_t i = 0; i < list->count; i++)
        if (!strcmp(list->items[i], text))
            return true;
    return false;
}

static bool is_company(const struct reading *r, const json_t *message)
{
    const struct adapter_messages *m = &r->with->adapter->messages;
    CLEANUP(buf_release) struct buf from = BUF_INIT(1024);
    CLEANUP(buf_release) struct buf customer = BUF_INIT(1024);

    if (!m->from || !pick_text(&r->pick, message, m->from, &from))
        return true;
    if (m->customer && wire_fill(&customer, m->customer, r->with->blanks, WIRE_PLAIN) &&
        !strcmp(customer.ptr, from.ptr))
        return false;
    return !m->company.count || one_of(&m->company, from.ptr);
}

static bool add_line(void *context, const json_t *value)
{
    struct buf *raw = context;
    CLEANUP(buf_release) struct buf line = BUF_INIT(WIRE_MESSAGE_MAX);

    if (json_text_of(value, &line) && line.len)
        buf_addf(raw, "%s%s", raw->len ? "\n" : "", line.ptr);
    return true;
}

/* Buttons: lines of the text, words that can be said, and what is sent for them. */
struct offered {
    struct buf *raw;
    char *items[WIRE_CHOICES_MAX], *presses[WIRE_CHOICES_MAX];
    size_t count, press_count;
};

static bool add_choice(void *context, const json_t *value)
{
    struct offered *o = context;
    CLEANUP(buf_release) struct buf text = BUF_INIT(WIRE_CHOICE_MAX);
    CLEANUP(buf_release) struct buf clean = BUF_INIT(WIRE_CHOICE_MAX * 3);

    if (o->count == WIRE_CHOICES_MAX || !json_text_of(value, &text) || text.full)
        return add_line(o->raw, value);
    text_add_clean(&clean, text_trim(buf_slice(&text)));
    if (clean.len)
        o->items[o->count++] = mem_strdup(clean.ptr);
    return add_line(o->raw, value);
}

static bool add_press(void *context, const json_t *value)
{
    struct offered *o = context;
    CLEANUP(buf_release) struct buf text = BUF_INIT(WIRE_PRESS_MAX);

    if (o->press_count == WIRE_CHOICES_MAX)
        return false;
    if (!json_text_of(value, &text) || text.full)
        buf_clear(&text);
    o->presses[o->press_count++] = mem_strdup(text.ptr);
    return true;
}

static void add_choices(const struct reading *r, const json_t *message, struct offered *o)
{
    const struct adapter_messages *m = &r->with->adapter->messages;
    const struct picker quiet = { r->with->filters, NULL };

    for (size_t i = 0; i < m->choices.count; i++)
        pick_walk(&quiet, message, m->choices.items[i], add_choice, o);
    for (size_t i = 0; i < m->presses.count; i++)
        pick_walk(&quiet, message, m->presses.items[i], add_press, o);
}

/* What does not fit there is no reason to lose the words. */
static void add_also(const struct reading *r, const json_t *message, struct buf *raw)
{
    const struct texts *also = &r->with->adapter->messages.also;
    const struct picker quiet = { r->with->filters, NULL };

    for (size_t i = 0; i < also->count; i++)
        pick_walk(&quiet, message, also->items[i], add_line, raw);
}

/** What sort of message it is. True: one with words. */
static bool has_words(struct reading *r, const json_t *message)
{
    const struct adapter_messages *m = &r->with->adapter->messages;
    CLEANUP(buf_release) struct buf kind = BUF_INIT(1024);

    if (!m->kind || !pick_text(&r->pick, message, m->kind, &kind))
        return true;
    if (one_of(&m->typing, kind.ptr))
        r->with->fn(r->with->context, &(struct wire_message){ 0 });
    else if (one_of(&m->closing, kind.ptr))
        r->answer->closed = true;
    return one_of(&m->words, kind.ptr);
}

/** Its words, whole: with what is shown beside them. False: it has none, or too many. */
static bool read_words(struct reading *r, const json_t *message, struct buf *raw,
                       struct offered *offered)
{
    const struct adapter_messages *m = &r->with->adapter->messages;
    bool worded = pick_text(&r->pick, message, m->text, raw);

    add_also(r, message, raw);
    add_choices(r, message, offered);
    if (raw->full)
        buf_addf(r->why, "a message is over %d KiB", WIRE_MESSAGE_MAX / 1024);
    else if (!worded && !raw->len && !m->kind && !m->also.count)
        buf_addf(r->why, "a message has no words at \"%s\"", m->text);
    /* A service with kinds, or with cards, has messages for machines too. */
    return !raw->full && (raw->len || (worded && !m->kind && !m->also.count));
}

static bool take_message(void *context, const json_t *message)
{
    struct reading *r = context;
    const struct adapter_messages *m = &r->with->adapter->messages;
    CLEANUP(buf_release) struct buf raw = BUF_INIT(WIRE_MESSAGE_MAX);
    CLEANUP(buf_release) struct buf text = BUF_INIT(WIRE_MESSAGE_MAX);
    CLEANUP(buf_release) struct buf id = BUF_INIT(1024);
    struct offered offered = { .raw = &raw };

    if (!is_company(r, message) || !has_words(r, message))
        return true;
    if (read_words(r, message, &raw, &offered)) {
        bool known = m->id && pick_text(&r->pick, message, m->id, &id) && !id.full;

        text_add_clean(&text, buf_slice(&raw));
        r->with->fn(r->with->context, &(struct wire_message){
            text.ptr, known ? id.ptr : NULL, (const char *const *)offered.items, offered.count,
            offered.press_count == offered.count ? (const char *const *)offered.presses : NULL });
    }
    while (offered.count)
        free(offered.items[--offered.count]);
    while (offered.press_count)
        free(offered.presses[--offered.press_count]);
    return !r->why->len;
}

static bool says_yes(const json_t *value)
{
    return json_is_true(value) ||
           (json_is_string(value) && text_same_ascii(json_string_value(value), "true"));
}

/** @return true, with `why`, when it stands in the answer that it is a failure. */
static bool says_failed(const struct adapter *a, const struct picker *p, const json_t *root,
                        struct buf *why)
{
    CLEANUP(buf_release) struct buf error = BUF_INIT(4096);

    if (!a->messages.error || !pick_text(p, root, a->messages.error, &error) || !error.len)
        return false;
    buf_adds(why, "it says: ");
    text_add_clipped(why, buf_slice(&error), 200);
    return true;
}

static json_t *parse(struct slice body, struct buf *why)
{
    json_error_t error;
    json_t *root;

    if (body.len > WIRE_ANSWER_MAX) {
        buf_addf(why, "it is over %d KiB", WIRE_ANSWER_MAX / 1024);
        return NULL;
    }
    root = json_loadb(body.ptr, body.len, JSON_ALLOW_NUL, &error);
    if (!root)
        buf_addf(why, "it is no JSON (%s, line %d)", error.text, error.line);
    return root;
}

/** @return the first name whose value is not there. */
static const char *save_from(const struct picker *p, const json_t *root, const struct pairs *save,
                             struct chat_vars *vars)
{
    const char *missing = NULL;

    for (size_t i = 0; i < save->count; i++) {
        CLEANUP(buf_release) struct buf value = BUF_INIT(CHAT_VAR_MAX);
        const char *path = save->items[i].value->source;

        if (pick_text(p, root, path, &value) && !value.full)
            chat_vars_set(vars, save->items[i].name, value.ptr);
        else if (!missing)
            missing = save->items[i].name;
    }
    return missing;
}

const char *wire_save(struct slice body, const struct pairs *save, struct jq_filters **filters,
                      struct chat_vars *vars)
{
    CLEANUP(buf_release) struct buf why = BUF_INIT(256);
    const struct picker pick = { filters, NULL };
    json_t *root = parse(body, &why);
    const char *missing = save_from(&pick, root, save, vars);

    json_decref(root);
    return missing;
}

enum status wire_read(const struct wire_reader *with, struct slice body, struct wire_answer *ret,
                      struct buf *why)
{
    const struct adapter *a = with->adapter;
    CLEANUP(buf_release) struct buf session = BUF_INIT(1024);
    struct reading r = { with, ret, why, { with->filters, why } };
    json_t *root, *closed;

    *ret = (struct wire_answer){ 0 };
    if (text_trim(body).len == 0)         /* 204, or "ok, nothing to say" */
        return ST_OK;
    root = parse(body, why);
    if (!root)
        return ST_INVALID;
    if (!says_failed(a, &r.pick, root, why))
        pick_walk(&r.pick, root, a->messages.list, take_message, &r);
    save_from(&(struct picker){ with->filters, NULL }, root, &a->messages.save, with->saved);
    closed = pick_first(&r.pick, root, a->messages.closed);
    ret->closed |= says_yes(closed);
    json_decref(closed);
    if (a->open.session && pick_text(&r.pick, root, a->open.session, &session) &&
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

bool wire_read_piece(const struct adapter *a, struct slice piece, struct jq_filters **filters,
                     struct buf *words, bool *last, struct buf *why)
{
    const struct adapter_stream *s = &a->send.stream;
    const struct picker pick = { filters, why };
    json_t *root = parse(piece, why), *sign;
    bool ok;

    if (!root)
        return false;
    ok = !says_failed(a, &pick, root, why);
    if (ok)
        pick_text(&pick, root, s->delta, words);
    sign = pick_first(&pick, root, s->finished);
    *last = sign && !json_is_null(sign) && !json_is_false(sign);
    json_decref(sign);
    json_decref(root);
    return ok;
}

bool wire_needs_token(const struct adapter *a)
{
    const char *const texts[] = {
        a->open.call.path, a->open.call.body, a->send.call.path, a->send.call.body,
        a->poll.call.path, a->poll.call.body, a->close.call.path, a->close.call.body,
    };

    for (size_t i = 0; i < a->prepare.count; i++) {
        const struct pairs *save = &LIST_ITEM(struct adapter_prepare, a->prepare, i)->save;

        for (size_t k = 0; k < save->count; k++)
            if (!strcmp(save->items[k].name, "token"))
                return false;
    }
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        if (texts[i] && strstr(texts[i], "{token}"))
            return true;
    return false;
}

/** Where and of whom wire_check complains. */
struct complaint {
    const struct adapter *adapter;
    struct jq_filters **filters;
    const struct source *source;
    struct span at;
    struct diags *diags;
};

static void check_path(const struct complaint *c, const char *key, const char *path)
{
    CLEANUP(buf_release) struct buf why = BUF_INIT(2048);

    if (path && !pick_check(&(struct picker){ c->filters, NULL }, path, &why))
        diag_add(c->diags, SEVERITY_ERROR, c->source, c->at,
                 "member names with dots between, as in data.messages[], or \"jq: PROGRAM\"",
                 "adapter \"%s\": %s: %s", c->adapter->name, key, why.ptr);
}

static void check_save(const struct complaint *c, const char *key, const struct pairs *save)
{
    for (size_t i = 0; i < save->count; i++)
        check_path(c, key, save->items[i].value->source);
}

void wire_check(const struct adapter *a, struct jq_filters **filters,
                const struct source *source, struct span at, struct diags *diags)
{
    const struct adapter_messages *m = &a->messages;
    const struct complaint c = { a, filters, source, at, diags };
    const struct { const char *key, *path; } paths[] = {
        { "open.session", a->open.session },   { "messages.list", m->list },
        { "messages.text", m->text },          { "messages.id", m->id },
        { "messages.closed", m->closed },      { "messages.error", m->error },
        { "messages.from", m->from },          { "messages.kind", m->kind },
        { "send.stream.delta", a->send.stream.delta },
        { "send.stream.finished", a->send.stream.finished },
        { "webhook.conversation", a->webhook.conversation },
    };

    for (size_t i = 0; i < ARRAY_LEN(paths); i++)
        check_path(&c, paths[i].key, paths[i].path);
    for (size_t i = 0; i < m->also.count; i++)
        check_path(&c, "messages.also", m->also.items[i]);
    for (size_t i = 0; i < m->choices.count; i++)
        check_path(&c, "messages.choices", m->choices.items[i]);
    for (size_t i = 0; i < m->presses.count; i++)
        check_path(&c, "messages.presses", m->presses.items[i]);
    for (size_t i = 0; i < a->prepare.count; i++)
        check_save(&c, "prepare.save", &LIST_ITEM(struct adapter_prepare, a->prepare, i)->save);
    check_save(&c, "open.save", &a->open.save);
    check_save(&c, "messages.save", &m->save);
    if (!a->send.call.path && (!a->socket.path || !a->send.call.body))
        diag_add(diags, SEVERITY_ERROR, source, at, NULL,
                 "adapter \"%s\": send needs a path, or a socket and a body", a->name);
    if (!a->close.call.path && a->close.call.body && !a->socket.path)
        diag_add(diags, SEVERITY_ERROR, source, at, NULL,
                 "adapter \"%s\": close needs a path, or a socket", a->name);
    if (a->webhook.path && !a->webhook.conversation && !strstr(a->webhook.path, "{conversation}"))
        diag_add(diags, SEVERITY_ERROR, source, at, NULL,
                 "adapter \"%s\": webhook needs {conversation} in its path, or the path of a "
                 "\"conversation\"", a->name);
    if (!a->history.customer != !a->history.company)
        diag_add(diags, SEVERITY_ERROR, source, at, NULL,
                 "adapter \"%s\": history needs both \"customer\" and \"company\"", a->name);
}
