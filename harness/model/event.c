#include "harness/model/event.h"

#include <stdlib.h>
#include <string.h>

#include "harness/model/members.h"

const char *const party_names[PARTY_COUNT + 1] = { "customer", "company", "harness", NULL };

const char *const event_names[EVENT_COUNT + 1] = {
    "step_begin", "sent", "message", "page", "form", "waiting", "transfer", "note", "gave_up",
    "failed", "step_end", "evidence", NULL,
};

const struct evidence_row evidence_rows[EVIDENCE_COUNT] = {
#define X(name, code, extension, is_text) { code, extension, is_text },
    EVIDENCE_LIST(X)
#undef X
};

const char *const nature_names[NATURE_COUNT + 1] = {
    "unknown", "automatic", "human", "bounce", NULL,
};

const char *const mail_kind_names[MAIL_KIND_COUNT + 1] = {
    "unknown", "acknowledgement", "out_of_office", "notice", "human", "bounce", "confirmation",
    "survey", "newsletter", NULL,
};

enum nature mail_kind_nature(enum mail_kind k)
{
    return k == MAIL_UNKNOWN ? NATURE_UNKNOWN : k == MAIL_HUMAN ? NATURE_HUMAN
         : k == MAIL_BOUNCE ? NATURE_BOUNCE : NATURE_AUTOMATIC;
}

static const char *const failure_codes[] = {
#define X(name, code, text) code,
    FAILURE_LIST(X)
#undef X
};

static const char *const failure_texts[] = {
#define X(name, code, text) text,
    FAILURE_LIST(X)
#undef X
};

const char *failure_code(enum failure f)
{
    return failure_codes[f];
}

const char *failure_text(enum failure f)
{
    return failure_texts[f];
}

struct transcript *transcript_new(void)
{
    struct arena *a = arena_new();
    struct transcript *t = arena_alloc(a, sizeof *t);

    t->arena = a;
    t->journey = t->file = "";
    t->language = "en";
    t->bar_score = 50;
    for (int i = 0; i < FAMILY_COUNT; i++)
        t->promises[i] = (struct promises){ DURATION_UNKNOWN, DURATION_UNKNOWN,
                                            DURATION_UNKNOWN };
    return t;
}

void transcript_free(struct transcript *t)
{
    if (!t)
        return;
    free(t->events);
    arena_free(t->arena);                        /* holds t itself */
}

void transcript_freep(struct transcript **t)
{
    transcript_free(*t);
    *t = NULL;
}

size_t transcript_bytes(const struct transcript *t)
{
    return arena_bytes(t->arena) + t->cap * sizeof *t->events;
}

struct event event_init(enum event_kind kind, enum party from)
{
    return (struct event){
        .kind = kind, .from = from, .step = -1, .text = "", .reply_to = -1, .repeats_seq = -1,
        .wait_us = DURATION_UNKNOWN, .first_word_us = DURATION_UNKNOWN,
        .typing_us = DURATION_UNKNOWN,
    };
}

static const char *copy(struct arena *a, const char *s, size_t max)
{
    return s ? member_clean(a, s, strlen(s), max) : NULL;
}

static bool taken(const struct named_text *items, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (!strcmp(items[i].name, name))
            return true;
    return false;
}

/* Two fields may carry the same label; in JSON they are members of one object, so a second "Name"
 * becomes "Name (2)". */
static const char *unique_name(struct arena *a, const struct named_text *items, size_t count,
                               const char *name)
{
    const char *unique = name;

    for (unsigned n = 2; taken(items, count, unique); n++)
        unique = arena_printf(a, "%s (%u)", name, n);
    return unique;
}

enum { EVENT_FIELDS_MAX = 500 };

static void copy_fields(struct arena *a, const struct event *from, struct event *to)
{
    size_t count = from->field_count < EVENT_FIELDS_MAX ? from->field_count : EVENT_FIELDS_MAX;

    to->fields = count ? arena_alloc(a, count * sizeof *to->fields) : NULL;
    to->field_count = count;
    for (size_t i = 0; i < count; i++) {
        const char *name = copy(a, from->fields[i].name, MEMBER_TEXT_MAX);
        const char *text = copy(a, from->fields[i].text, EVENT_TEXT_MAX_BYTES);

        to->fields[i].name = unique_name(a, to->fields, i, name ? name : "");
        to->fields[i].text = text ? text : "";
    }
}

const struct event *transcript_append(struct transcript *t, const struct event *e)
{
    struct arena *a = t->arena;
    struct event copied = *e;
    int64_t last = t->count ? t->events[t->count - 1].t_us : 0;

    copied.seq = (int)t->count;
    copied.t_us = e->t_us > last ? e->t_us : last;
    copied.channel = copy(a, e->channel, MEMBER_TEXT_MAX);
    copied.text = e->text ? copy(a, e->text, EVENT_TEXT_MAX_BYTES) : "";
    copied.code = copy(a, e->code, MEMBER_TEXT_MAX);
    copied.url = copy(a, e->url, MEMBER_TEXT_MAX);
    copied.subject = copy(a, e->subject, MEMBER_TEXT_MAX);
    copied.sender = copy(a, e->sender, MEMBER_TEXT_MAX);
    copied.reply_address = copy(a, e->reply_address, MEMBER_TEXT_MAX);
    copied.message_id = copy(a, e->message_id, MEMBER_TEXT_MAX);
    copied.mail_rule = copy(a, e->mail_rule, MEMBER_TEXT_MAX);
    copy_fields(a, e, &copied);

    if (t->count == t->cap) {                    /* many journeys have few, and wait for long */
        t->cap = t->cap ? t->cap * 2 : 2;
        t->events = mem_resize(t->events, t->cap, sizeof *t->events);
    }
    t->events[t->count] = copied;
    return &t->events[t->count++];
}

enum channel_family transcript_family(const struct transcript *t, const char *channel)
{
    for (size_t i = 0; channel && i < t->channel_count; i++)
        if (!strcmp(t->channels[i].name, channel))
            return t->channels[i].family;
    return FAMILY_COUNT;
}

bool field_is_link(const struct named_text *field)
{
    return !strncmp(field->name, "link", 4) && (!field->name[4] || field->name[4] == ' ');
}

bool links_is_note(const struct event *e)
{
    return e->kind == EVENT_NOTE && e->code && !strcmp(e->code, LINKS_NOTE);
}
