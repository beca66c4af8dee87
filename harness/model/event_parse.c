/* Transcripts from JSON, written by us or by a stranger: nothing is believed. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/model/event.h"
#include "harness/model/hours_json.h"
#include "harness/model/members.h"

enum {
    TRANSCRIPT_EVENTS_MAX = 500000,
    TRANSCRIPT_STEPS_MAX = 100000,
    TRANSCRIPT_VERSION = 1,
};

static void read_customer(const struct members *h, struct transcript *t)
{
    struct members c;

    if (!member_object(h, "customer", OPTIONAL, &c))
        return;
    member_text(&c, "name", OPTIONAL, MEMBER_TEXT_MAX, &t->customer_name);
    member_text(&c, "email", OPTIONAL, MEMBER_TEXT_MAX, &t->customer_email);
    member_pairs(&c, "knows", MEMBER_TEXT_MAX, &t->knows, &t->know_count);
    member_texts(&c, "security", &t->security, &t->security_count);
}

static void read_company(const struct members *h, struct transcript *t)
{
    struct members c, promises, row;

    if (!member_object(h, "company", OPTIONAL, &c))
        return;
    member_text(&c, "name", OPTIONAL, MEMBER_TEXT_MAX, &t->company_name);
    hours_read(&c, &t->hours);
    if (!member_object(&c, "promises", OPTIONAL, &promises))
        return;
    for (int i = 0; i < FAMILY_COUNT; i++) {
        if (!member_object(&promises, family_names[i], OPTIONAL, &row))
            continue;
        member_us(&row, "first_reply_us", OPTIONAL, &t->promises[i].first_reply);
        member_us(&row, "next_reply_us", OPTIONAL, &t->promises[i].next_reply);
        member_us(&row, "acknowledgement_us", OPTIONAL, &t->promises[i].acknowledgement);
    }
}

static void read_channels(const struct members *h, struct transcript *t)
{
    struct members channels, row;

    if (!member_object(h, "channels", OPTIONAL, &channels))
        return;

    json_t *object = json_object_get(h->object, "channels");
    size_t count = json_object_size(object);

    if (count > MEMBER_LIST_MAX) {
        member_error(h, "channels", "%zu channels; at most %d are read", count, MEMBER_LIST_MAX);
        return;
    }
    t->channels = arena_alloc(t->arena, count * sizeof *t->channels);
    for (void *it = json_object_iter(object); it; it = json_object_iter_next(object, it)) {
        const char *name = json_object_iter_key(it);
        struct transcript_channel *c = &t->channels[t->channel_count];
        int family = FAMILY_COUNT;

        if (!member_object(&channels, name, NEEDED, &row))
            continue;
        c->name = member_clean(t->arena, name, strlen(name), MEMBER_TEXT_MAX);
        member_text(&row, "type", OPTIONAL, MEMBER_TEXT_MAX, &c->type);
        if (member_given(&row, "family"))
            member_choice(&row, "family", NEEDED, family_names, &family);
        for (int i = 0; family == FAMILY_COUNT && c->type && i < FAMILY_COUNT; i++)
            if (!strcmp(c->type, family_names[i]))
                family = i;
        c->family = (enum channel_family)family;
        t->channel_count++;
    }
}

static void read_goal_and_bar(const struct members *h, struct transcript *t)
{
    struct members goal, bar;

    if (member_object(h, "goal", OPTIONAL, &goal)) {
        member_text(&goal, "solved", OPTIONAL, MEMBER_TEXT_MAX, &t->goal_solved);
        member_text(&goal, "partly", OPTIONAL, MEMBER_TEXT_MAX, &t->goal_partly);
    }
    if (member_object(h, "bar", OPTIONAL, &bar)) {
        member_number(&bar, "score", OPTIONAL, 0, 100, &t->bar_score);
        member_texts(&bar, "never", &t->bar_never, &t->bar_never_count);
    }
}

static void read_steps(const struct members *h, struct transcript *t)
{
    const json_t *list = member_list(h, "steps", OPTIONAL, TRANSCRIPT_STEPS_MAX);
    size_t count = json_array_size(list);

    if (!count)
        return;
    t->steps = arena_alloc(t->arena, count * sizeof *t->steps);
    t->step_count = count;
    for (size_t i = 0; i < count; i++) {
        struct transcript_step *s = &t->steps[i];
        struct members row;
        int64_t line = 0;

        s->verb = s->name = "";
        if (!member_item(h, "steps", list, i, &row))
            continue;
        member_int(&row, "line", OPTIONAL, 0, UINT32_MAX, &line);
        s->line = (uint32_t)line;
        member_text(&row, "verb", OPTIONAL, MEMBER_TEXT_MAX, &s->verb);
        member_text(&row, "name", OPTIONAL, MEMBER_TEXT_MAX, &s->name);
        member_text(&row, "channel", OPTIONAL, MEMBER_TEXT_MAX, &s->channel);
    }
}

static void read_header(const struct members *h, struct transcript *t)
{
    int64_t version = 0, line = 0;

    if (!json_is_object(h->object) || !member_given(h, "transcript")) {
        member_error(h, NULL, "not a transcript; expected a first line such as "
                              "{\"transcript\":%d,\"journey\":\"…\"}", TRANSCRIPT_VERSION);
        return;
    }
    if (!member_int(h, "transcript", NEEDED, 0, INT_MAX, &version))
        return;
    if (version != TRANSCRIPT_VERSION) {
        member_error(h, "transcript", "version %lld; this program reads version %d",
                     (long long)version, TRANSCRIPT_VERSION);
        return;
    }
    member_text(h, "journey", OPTIONAL, MEMBER_TEXT_MAX, &t->journey);
    member_text(h, "file", OPTIONAL, MEMBER_TEXT_MAX, &t->file);
    member_int(h, "line", OPTIONAL, 0, UINT32_MAX, &line);
    t->line = (uint32_t)line;
    member_text(h, "language", OPTIONAL, 64, &t->language);
    member_text(h, "started", OPTIONAL, 64, &t->started);
    read_customer(h, t);
    read_company(h, t);
    read_channels(h, t);
    read_goal_and_bar(h, t);
    member_texts(h, "tags", &t->tags, &t->tag_count);
    read_steps(h, t);
}

static void read_timings(const struct members *m, struct event *e)
{
    struct members row;
    struct timings *t = &e->timings;

    if (!member_object(m, "timings", OPTIONAL, &row))
        return;
    e->has_timings = true;
    *t = (struct timings){ DURATION_UNKNOWN, DURATION_UNKNOWN, DURATION_UNKNOWN,
                           DURATION_UNKNOWN, DURATION_UNKNOWN, 0, 0 };
    member_us(&row, "lookup_us", OPTIONAL, &t->lookup_us);
    member_us(&row, "connect_us", OPTIONAL, &t->connect_us);
    member_us(&row, "tls_us", OPTIONAL, &t->tls_us);
    member_us(&row, "first_byte_us", OPTIONAL, &t->first_byte_us);
    member_us(&row, "total_us", OPTIONAL, &t->total_us);
    member_int(&row, "sent_bytes", OPTIONAL, 0, INT64_MAX, &t->sent_bytes);
    member_int(&row, "received_bytes", OPTIONAL, 0, INT64_MAX, &t->received_bytes);
}

/* seq must be the event's place: evidence is named by it. */
static void read_seq(const struct members *m, const struct transcript *t)
{
    int64_t seq = -1;

    if (!member_int(m, "seq", NEEDED, 0, INT_MAX, &seq) || seq == (int64_t)t->count)
        return;
    if (seq < (int64_t)t->count)
        member_error(m, "seq", "%lld was there already; expected %zu", (long long)seq, t->count);
    else
        member_error(m, "seq", "%lld leaves a gap; expected %zu", (long long)seq, t->count);
}

static void read_references(const struct members *m, const struct transcript *t,
                            struct event *e)
{
    int64_t step = -1, reply_to = -1, repeats = -1, last = (int64_t)t->count - 1;

    member_int(m, "step", OPTIONAL, -1, t->step_count ? (int64_t)t->step_count - 1 : INT_MAX,
               &step);
    member_int(m, "reply_to", OPTIONAL, -1, last, &reply_to);
    member_int(m, "repeats_seq", OPTIONAL, -1, last, &repeats);
    e->step = (int)step;
    e->reply_to = (int)reply_to;
    e->repeats_seq = (int)repeats;
}

static void read_details(const struct members *m, struct event *e)
{
    int64_t status = 0;
    int nature = NATURE_UNKNOWN, mail_kind = MAIL_UNKNOWN;

    member_text(m, "code", OPTIONAL, MEMBER_TEXT_MAX, &e->code);
    member_us(m, "wait_us", OPTIONAL, &e->wait_us);
    member_int(m, "bytes", OPTIONAL, 0, INT64_MAX, &e->bytes);
    member_int(m, "requests", OPTIONAL, 0, INT64_MAX, &e->requests);
    member_us(m, "lag_us", OPTIONAL, &e->lag_us);
    member_us(m, "first_word_us", OPTIONAL, &e->first_word_us);
    member_us(m, "typing_us", OPTIONAL, &e->typing_us);
    member_pairs(m, "fields", EVENT_TEXT_MAX_BYTES, &e->fields, &e->field_count);
    member_text(m, "url", OPTIONAL, MEMBER_TEXT_MAX, &e->url);
    member_int(m, "status", OPTIONAL, 0, 999, &status);
    e->status = (int)status;
    member_choice(m, "nature", OPTIONAL, nature_names, &nature);
    e->nature = (enum nature)nature;
    member_choice(m, "mail_kind", OPTIONAL, mail_kind_names, &mail_kind);
    e->mail_kind = (enum mail_kind)mail_kind;
    member_number(m, "mail_confidence", OPTIONAL, 0, 1, &e->mail_confidence);
    member_text(m, "mail_rule", OPTIONAL, MEMBER_TEXT_MAX, &e->mail_rule);
    member_text(m, "subject", OPTIONAL, MEMBER_TEXT_MAX, &e->subject);
    member_text(m, "sender", OPTIONAL, MEMBER_TEXT_MAX, &e->sender);
    member_text(m, "reply_address", OPTIONAL, MEMBER_TEXT_MAX, &e->reply_address);
    member_text(m, "message_id", OPTIONAL, MEMBER_TEXT_MAX, &e->message_id);
    read_timings(m, e);
}

static void read_event(const struct members *m, struct transcript *t)
{
    struct event e = event_init(EVENT_NOTE, PARTY_HARNESS);
    int from = PARTY_HARNESS, kind = EVENT_NOTE;
    int64_t last = t->count ? t->events[t->count - 1].t_us : 0;

    read_seq(m, t);
    member_us(m, "t_us", NEEDED, &e.t_us);
    member_choice(m, "from", NEEDED, party_names, &from);
    member_choice(m, "kind", NEEDED, event_names, &kind);
    e.from = (enum party)from;
    e.kind = (enum event_kind)kind;
    member_text(m, "text", kind == EVENT_SENT || kind == EVENT_MESSAGE ? NEEDED : OPTIONAL,
                EVENT_TEXT_MAX_BYTES, &e.text);
    member_text(m, "channel", OPTIONAL, MEMBER_TEXT_MAX, &e.channel);
    read_references(m, t, &e);
    read_details(m, &e);
    if (e.t_us < last && m->diags->count < MEMBER_ERRORS_MAX)
        member_warning(m, "t_us", "%lld is earlier than the event before it; taken as %lld",
                       (long long)e.t_us, (long long)last);
    transcript_append(t, &e);
}

/* A line of the file as JSON, or NULL with an error. */
static json_t *parse_line(const struct members *at, struct slice line)
{
    json_error_t err;
    json_t *j = json_loadb(line.ptr, line.len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &err);

    if (!j)
        member_error(at, NULL, "not JSON (column %d): %s", err.column, err.text);
    else if (!json_is_object(j))
        member_error(at, NULL, "expected an object");
    else
        return j;
    json_decref(j);
    return NULL;
}

static bool next_line(struct slice *rest, struct slice *line)
{
    if (!rest->len)
        return false;

    const char *end = memchr(rest->ptr, '\n', rest->len);
    size_t len = end ? (size_t)(end - rest->ptr) : rest->len;

    *line = (struct slice){ rest->ptr, len };
    rest->ptr += len + (end != NULL);
    rest->len -= len + (end != NULL);
    return true;
}

static enum status finish(struct diags *diags, size_t errors_before, struct transcript **t,
                          struct transcript **ret)
{
    if (diags->errors > errors_before)
        return ST_INVALID;
    *ret = *t;
    *t = NULL;
    return ST_OK;
}

enum status transcript_parse(const char *name, struct slice text, struct diags *diags,
                             struct transcript **ret)
{
    CLEANUP(transcript_freep) struct transcript *t = transcript_new();
    struct members at = { NULL, name, 0, NULL, diags, t->arena };
    size_t errors = diags->errors;
    struct slice line;
    bool header = false;

    if (text.len > TRANSCRIPT_MAX_BYTES) {
        diag_error(diags, "%s: %zu bytes; at most %d are read", name, text.len,
                   TRANSCRIPT_MAX_BYTES);
        return ST_INVALID;
    }
    if (text.len >= 3 && !memcmp(text.ptr, "\xEF\xBB\xBF", 3))
        text = (struct slice){ text.ptr + 3, text.len - 3 };   /* byte order mark */
    while (next_line(&text, &line) && diags->errors - errors < MEMBER_ERRORS_MAX) {
        at.index++;
        if (!text_trim(line).len)
            continue;

        json_t *j = parse_line(&at, line);

        at.object = j;
        if (j && !header)
            read_header(&at, t);
        else if (j && t->count < TRANSCRIPT_EVENTS_MAX)
            read_event(&at, t);
        else if (j)
            member_error(&at, NULL, "more than %d events", TRANSCRIPT_EVENTS_MAX);
        json_decref(j);
        if (!header && diags->errors > errors)
            break;                               /* without a header the rest is noise */
        header = true;
    }
    if (!header && diags->errors == errors)
        diag_error(diags, "%s: empty; expected a transcript, one JSON object a line", name);
    return finish(diags, errors, &t, ret);
}

enum status transcript_from_json(const json_t *header, const json_t *events,
                                 struct diags *diags, struct transcript **ret)
{
    CLEANUP(transcript_freep) struct transcript *t = transcript_new();
    struct members root = { NULL, "transcript", -1, header, diags, t->arena };
    struct members at = { &root, "events", -1, NULL, diags, t->arena };
    size_t errors = diags->errors, count = json_array_size(events);

    read_header(&root, t);
    if (events && !json_is_array(events))
        diag_error(diags, "events: expected a list");
    if (count > TRANSCRIPT_EVENTS_MAX)
        diag_error(diags, "events: more than %d", TRANSCRIPT_EVENTS_MAX);
    for (size_t i = 0; i < count && diags->errors == errors; i++) {
        at.index = (int64_t)i;
        at.object = json_array_get(events, i);
        if (json_is_object(at.object))
            read_event(&at, t);
        else
            member_error(&at, NULL, "expected an object");
    }
    return finish(diags, errors, &t, ret);
}
