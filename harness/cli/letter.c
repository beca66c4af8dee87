#include "harness/cli/letter.h"

#include <string.h>

#include "harness/model/civil.h"
#include "harness/model/event.h"
#include "harness/model/members.h"

/* The mail as the one message of a journey, so that it is read as it would be there. */
static struct transcript *journey_of(const struct mail *m)
{
    static const char channel[] = "mail";
    struct transcript *t = transcript_new();
    struct event e = event_init(EVENT_MESSAGE, PARTY_COMPANY);

    t->channels = arena_alloc(t->arena, sizeof *t->channels);
    t->channels[0] = (struct transcript_channel){ channel, "email", FAMILY_EMAIL };
    t->channel_count = 1;
    e.channel = channel;
    e.text = m->text;
    e.subject = m->subject;
    e.sender = m->sender;
    e.reply_address = m->reply_address;
    transcript_append(t, &e);
    return t;
}

static const struct mark *surest(const struct marks *marks, enum mark_kind kind)
{
    const struct mark *best = NULL;

    for (size_t i = 0; i < marks->count; i++)
        if (marks->items[i].kind == kind &&
            (!best || marks->items[i].confidence > best->confidence))
            best = &marks->items[i];
    return best;
}

/* The time as it was named, and the moment it means for a company of which nothing is known. */
static void put_promise(json_t *o, const struct mark *said, const struct mail *m)
{
    struct arena *a = arena_new();
    json_t *row = json_object();
    struct hours hours;
    int year, month, day;

    hours_assumed(&hours, m->date_offset, a);
    json_put_text(row, "time", when_text(a, &said->when));
    if (m->date >= 0) {
        int64_t due = when_due(&said->when, m->date, &hours);

        civil_date(due / DAY_SECONDS, &year, &month, &day);
        due %= DAY_SECONDS;
        json_put_text(row, "due", arena_printf(a, "%04d-%02d-%02dT%02d:%02d:%02dZ", year, month,
                                               day, (int)(due / 3600), (int)(due / 60 % 60),
                                               (int)(due % 60)));
    }
    json_put_text(row, "rule", said->rule);
    json_object_set_new(o, "promise", row);
    arena_free(a);
}

/* A survey's two minutes and an absent person's week promise nothing. */
static bool may_promise(enum mail_kind kind)
{
    return kind == MAIL_ACKNOWLEDGEMENT || kind == MAIL_HUMAN || kind == MAIL_NOTICE;
}

static void put_marks(json_t *o, const struct reader *r, const struct mail *m,
                      enum mail_kind kind)
{
    struct transcript *t = journey_of(m);
    struct marks marks = { 0 };
    const struct mark *said;

    reader_read(r, t, 0, t->arena, &marks);
    if ((said = surest(&marks, MARK_LANGUAGE)))
        json_put_text(o, "language", said->value);
    if ((said = surest(&marks, MARK_REFERENCE)))
        json_put_text(o, "reference", said->value);
    if (may_promise(kind) && m->delivery == DELIVERY_NONE &&
        (said = surest(&marks, MARK_PROMISES)) && said->when.kind != WHEN_NONE)
        put_promise(o, said, m);
    if (surest(&marks, MARK_NO_REPLY))
        json_object_set_new(o, "no_reply", json_true());
    transcript_free(t);
}

static void put_files(json_t *o, const struct mail *m)
{
    json_t *list = json_array();

    for (size_t i = 0; i < m->attachment_count; i++) {
        json_t *row = json_object();

        json_put_text(row, "name", m->attachments[i].name);
        json_put_text(row, "type", m->attachments[i].type);
        json_put_int(row, "size", m->attachments[i].size, -1);
        json_array_append_new(list, row);
    }
    json_object_set_new(o, "attachments", list);
}

static void put_links(json_t *o, const struct mail *m)
{
    json_t *list = json_array();

    for (size_t i = 0; i < m->link_count; i++) {
        json_t *row = json_object();

        json_put_text(row, "url", m->links[i].url);
        if (*m->links[i].label)
            json_put_text(row, "label", m->links[i].label);
        json_array_append_new(list, row);
    }
    json_object_set_new(o, "links", list);
}

static void put_some(json_t *o, const char *name, const char *value)
{
    if (value && *value)
        json_put_text(o, name, value);
}

json_t *letter_json(const struct reader *r, struct slice bytes)
{
    struct arena *a = arena_new();
    const struct mail *m = mail_read(a, bytes);
    struct lexicons packs = reader_lexicons(r);
    struct mail_guess guess = mail_guess_kind(a, m, &packs);
    json_t *o = json_object();

    json_put_text(o, "kind", mail_kind_names[guess.kind]);
    json_object_set_new(o, "confidence", json_number(guess.confidence));
    json_put_text(o, "rule", guess.rule);
    json_put_text(o, "subject", m->subject);
    json_put_text(o, "from", m->sender);
    json_put_text(o, "reply_to", m->reply_address);
    json_put_text(o, "text", m->text);
    put_marks(o, r, m, guess.kind);
    put_files(o, m);
    put_links(o, m);
    put_some(o, "delivery", m->delivery_reason);
    put_some(o, "unsubscribe", m->unsubscribe);
    put_some(o, "spf", m->spf);
    put_some(o, "dkim", m->dkim);
    put_some(o, "dmarc", m->dmarc);
    arena_free(a);
    return o;
}
