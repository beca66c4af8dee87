/* Transcripts as JSON: the header object, an object per event, and both as JSON Lines. */
#include <stdlib.h>

#include "harness/model/civil.h"
#include "harness/model/event.h"
#include "harness/model/hours_json.h"
#include "harness/model/members.h"

static json_t *customer_json(const struct transcript *t)
{
    json_t *customer = json_object();

    json_put_text(customer, "name", t->customer_name);
    json_put_text(customer, "email", t->customer_email);
    if (t->know_count)
        json_object_set_new(customer, "knows", json_pairs(t->knows, t->know_count));
    if (t->security_count)
        json_object_set_new(customer, "security", json_texts(t->security, t->security_count));
    return customer;
}

static json_t *company_json(const struct transcript *t)
{
    json_t *company = json_object(), *promises = json_object();

    json_put_text(company, "name", t->company_name);
    for (int i = 0; i < FAMILY_COUNT; i++) {
        const struct promises *p = &t->promises[i];
        json_t *row = json_object();

        json_put_int(row, "first_reply_us", p->first_reply, DURATION_UNKNOWN);
        json_put_int(row, "next_reply_us", p->next_reply, DURATION_UNKNOWN);
        json_put_int(row, "acknowledgement_us", p->acknowledgement, DURATION_UNKNOWN);
        if (json_object_size(row))
            json_object_set(promises, family_names[i], row);
        json_decref(row);
    }
    if (json_object_size(promises))
        json_object_set(company, "promises", promises);
    json_decref(promises);
    if (t->hours.given) {
        int64_t started = 0;

        civil_parse(t->started, &started, NULL);
        json_object_set_new(company, "hours", hours_json(&t->hours, started));
    }
    return company;
}

static json_t *channels_json(const struct transcript *t)
{
    json_t *channels = json_object();

    for (size_t i = 0; i < t->channel_count; i++) {
        const struct transcript_channel *c = &t->channels[i];
        json_t *row = json_object();

        json_put_text(row, "type", c->type);
        if (c->family < FAMILY_COUNT)
            json_put_text(row, "family", family_names[c->family]);
        json_object_set_new(channels, c->name, row);
    }
    return channels;
}

static json_t *steps_json(const struct transcript *t)
{
    json_t *steps = json_array();

    for (size_t i = 0; i < t->step_count; i++) {
        const struct transcript_step *s = &t->steps[i];
        json_t *row = json_object();

        json_put_int(row, "line", s->line, 0);
        json_put_text(row, "verb", s->verb);
        json_put_text(row, "name", s->name);
        json_put_text(row, "channel", s->channel);
        json_array_append_new(steps, row);
    }
    return steps;
}

json_t *transcript_header_json(const struct transcript *t)
{
    json_t *h = json_object(), *bar = json_object();

    json_object_set_new(h, "transcript", json_integer(1));
    json_put_text(h, "journey", t->journey);
    json_put_text(h, "file", t->file);
    json_put_int(h, "line", t->line, 0);
    json_put_text(h, "language", t->language);
    json_object_set_new(h, "customer", customer_json(t));
    json_object_set_new(h, "company", company_json(t));
    json_object_set_new(h, "channels", channels_json(t));
    if (t->goal_solved || t->goal_partly) {
        json_t *goal = json_object();

        json_put_text(goal, "solved", t->goal_solved);
        json_put_text(goal, "partly", t->goal_partly);
        json_object_set_new(h, "goal", goal);
    }
    json_object_set_new(bar, "score", json_number(t->bar_score));
    if (t->bar_never_count)
        json_object_set_new(bar, "never", json_texts(t->bar_never, t->bar_never_count));
    json_object_set_new(h, "bar", bar);
    if (t->tag_count)
        json_object_set_new(h, "tags", json_texts(t->tags, t->tag_count));
    json_object_set_new(h, "steps", steps_json(t));
    json_put_text(h, "started", t->started);
    return h;
}

static json_t *timings_json(const struct timings *t)
{
    json_t *j = json_object();

    json_put_int(j, "lookup_us", t->lookup_us, DURATION_UNKNOWN);
    json_put_int(j, "connect_us", t->connect_us, DURATION_UNKNOWN);
    json_put_int(j, "tls_us", t->tls_us, DURATION_UNKNOWN);
    json_put_int(j, "first_byte_us", t->first_byte_us, DURATION_UNKNOWN);
    json_put_int(j, "total_us", t->total_us, DURATION_UNKNOWN);
    json_put_int(j, "sent_bytes", t->sent_bytes, 0);
    json_put_int(j, "received_bytes", t->received_bytes, 0);
    return j;
}

json_t *event_json(const struct event *e)
{
    json_t *j = json_object();

    json_object_set_new(j, "seq", json_integer(e->seq));
    json_object_set_new(j, "t_us", json_integer(e->t_us));
    json_put_text(j, "channel", e->channel);
    json_put_int(j, "step", e->step, -1);
    json_put_text(j, "from", party_names[e->from]);
    json_put_text(j, "kind", event_names[e->kind]);
    json_put_text(j, "text", e->text ? e->text : "");
    json_put_text(j, "code", e->code);
    json_put_int(j, "reply_to", e->reply_to, -1);
    json_put_int(j, "repeats_seq", e->repeats_seq, -1);
    json_put_int(j, "wait_us", e->wait_us, DURATION_UNKNOWN);
    json_put_int(j, "bytes", e->bytes, 0);
    json_put_int(j, "requests", e->requests, 0);
    json_put_int(j, "lag_us", e->lag_us, 0);
    json_put_int(j, "first_word_us", e->first_word_us, DURATION_UNKNOWN);
    json_put_int(j, "typing_us", e->typing_us, DURATION_UNKNOWN);
    if (e->field_count)
        json_object_set_new(j, "fields", json_pairs(e->fields, e->field_count));
    json_put_text(j, "url", e->url);
    json_put_int(j, "status", e->status, 0);
    if (e->nature != NATURE_UNKNOWN)
        json_put_text(j, "nature", nature_names[e->nature]);
    if (e->mail_kind != MAIL_UNKNOWN) {
        json_put_text(j, "mail_kind", mail_kind_names[e->mail_kind]);
        json_object_set_new(j, "mail_confidence", json_number(e->mail_confidence));
        json_put_text(j, "mail_rule", e->mail_rule);
    }
    json_put_text(j, "subject", e->subject);
    json_put_text(j, "sender", e->sender);
    json_put_text(j, "reply_address", e->reply_address);
    json_put_text(j, "message_id", e->message_id);
    if (e->has_timings)
        json_object_set_new(j, "timings", timings_json(&e->timings));
    return j;
}

/* Takes over the reference. */
static bool write_line(json_t *j, FILE *out)
{
    bool ok = json_dumpf(j, out, JSON_COMPACT) == 0 && fputc('\n', out) != EOF;

    json_decref(j);
    return ok;
}

enum status transcript_write(const struct transcript *t, FILE *out)
{
    bool ok = write_line(transcript_header_json(t), out);

    for (size_t i = 0; ok && i < t->count; i++)
        ok = write_line(event_json(&t->events[i]), out);
    return ok ? ST_OK : ST_IO;
}
