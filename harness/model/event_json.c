/* Transcripts as JSON: the header object, an object per event, and both as JSON Lines. */
#include <stdlib.h>

#include "harness/model/civil.h"
#include "harness/model/event.h"
#include "harness/model/hours_json.h"
#include "harness/model/json_out.h"

enum { LINE_MAX_BYTES = 256 * 1024 * 1024 };

static void write_customer(struct json_out *o, const struct transcript *t)
{
    json_out_object(o, "customer");
    json_out_text(o, "name", t->customer_name);
    json_out_text(o, "email", t->customer_email);
    if (t->know_count)
        json_out_pairs(o, "knows", t->knows, t->know_count);
    if (t->security_count)
        json_out_texts(o, "security", t->security, t->security_count);
    json_out_close(o);
}

static bool promised(const struct promises *p)
{
    return p->first_reply != DURATION_UNKNOWN || p->next_reply != DURATION_UNKNOWN ||
           p->acknowledgement != DURATION_UNKNOWN;
}

static void write_promises(struct json_out *o, const struct transcript *t)
{
    bool any = false;

    for (int i = 0; i < FAMILY_COUNT; i++) {
        const struct promises *p = &t->promises[i];

        if (!promised(p))
            continue;
        if (!any)
            json_out_object(o, "promises");
        any = true;
        json_out_object(o, family_names[i]);
        json_out_int(o, "first_reply_us", p->first_reply, DURATION_UNKNOWN);
        json_out_int(o, "next_reply_us", p->next_reply, DURATION_UNKNOWN);
        json_out_int(o, "acknowledgement_us", p->acknowledgement, DURATION_UNKNOWN);
        json_out_close(o);
    }
    if (any)
        json_out_close(o);
}

static void write_company(struct json_out *o, const struct transcript *t)
{
    json_out_object(o, "company");
    json_out_text(o, "name", t->company_name);
    write_promises(o, t);
    if (t->hours.given) {
        int64_t started = 0;
        json_t *hours;

        civil_parse(t->started, &started, NULL);
        hours = hours_json(&t->hours, started);
        json_out_tree(o, "hours", hours);
        json_decref(hours);
    }
    json_out_close(o);
}

static void write_channels(struct json_out *o, const struct transcript *t)
{
    json_out_object(o, "channels");
    for (size_t i = 0; i < t->channel_count; i++) {
        const struct transcript_channel *c = &t->channels[i];

        json_out_object(o, c->name);
        json_out_text(o, "type", c->type);
        if (c->family < FAMILY_COUNT)
            json_out_text(o, "family", family_names[c->family]);
        json_out_close(o);
    }
    json_out_close(o);
}

static void write_steps(struct json_out *o, const struct transcript *t)
{
    json_out_list(o, "steps");
    for (size_t i = 0; i < t->step_count; i++) {
        const struct transcript_step *s = &t->steps[i];

        json_out_object(o, NULL);
        json_out_int(o, "line", s->line, 0);
        json_out_text(o, "verb", s->verb);
        json_out_text(o, "name", s->name);
        json_out_text(o, "channel", s->channel);
        json_out_close(o);
    }
    json_out_close(o);
}

static void write_bar(struct json_out *o, const struct transcript *t)
{
    json_out_object(o, "bar");
    json_out_number(o, "score", t->bar_score);
    if (t->bar_never_count)
        json_out_texts(o, "never", t->bar_never, t->bar_never_count);
    json_out_close(o);
}

void transcript_header_write(struct json_out *o, const char *key, const struct transcript *t)
{
    json_out_object(o, key);
    json_out_whole(o, "transcript", 1);
    json_out_text(o, "journey", t->journey);
    json_out_text(o, "file", t->file);
    json_out_int(o, "line", t->line, 0);
    json_out_text(o, "language", t->language);
    write_customer(o, t);
    write_company(o, t);
    write_channels(o, t);
    if (t->goal_solved || t->goal_partly) {
        json_out_object(o, "goal");
        json_out_text(o, "solved", t->goal_solved);
        json_out_text(o, "partly", t->goal_partly);
        json_out_close(o);
    }
    write_bar(o, t);
    if (t->tag_count)
        json_out_texts(o, "tags", t->tags, t->tag_count);
    write_steps(o, t);
    json_out_text(o, "started", t->started);
    json_out_close(o);
}

static void write_timings(struct json_out *o, const struct timings *t)
{
    json_out_object(o, "timings");
    json_out_int(o, "lookup_us", t->lookup_us, DURATION_UNKNOWN);
    json_out_int(o, "connect_us", t->connect_us, DURATION_UNKNOWN);
    json_out_int(o, "tls_us", t->tls_us, DURATION_UNKNOWN);
    json_out_int(o, "first_byte_us", t->first_byte_us, DURATION_UNKNOWN);
    json_out_int(o, "total_us", t->total_us, DURATION_UNKNOWN);
    json_out_int(o, "sent_bytes", t->sent_bytes, 0);
    json_out_int(o, "received_bytes", t->received_bytes, 0);
    json_out_close(o);
}

void event_write(struct json_out *o, const struct event *e)
{
    json_out_object(o, NULL);
    json_out_whole(o, "seq", e->seq);
    json_out_whole(o, "t_us", e->t_us);
    json_out_text(o, "channel", e->channel);
    json_out_int(o, "step", e->step, -1);
    json_out_text(o, "from", party_names[e->from]);
    json_out_text(o, "kind", event_names[e->kind]);
    json_out_text(o, "text", e->text ? e->text : "");
    json_out_text(o, "code", e->code);
    json_out_int(o, "reply_to", e->reply_to, -1);
    json_out_int(o, "repeats_seq", e->repeats_seq, -1);
    json_out_int(o, "wait_us", e->wait_us, DURATION_UNKNOWN);
    json_out_int(o, "bytes", e->bytes, 0);
    json_out_int(o, "requests", e->requests, 0);
    json_out_int(o, "lag_us", e->lag_us, 0);
    json_out_int(o, "first_word_us", e->first_word_us, DURATION_UNKNOWN);
    json_out_int(o, "typing_us", e->typing_us, DURATION_UNKNOWN);
    if (e->field_count)
        json_out_pairs(o, "fields", e->fields, e->field_count);
    json_out_text(o, "url", e->url);
    json_out_int(o, "status", e->status, 0);
    if (e->nature != NATURE_UNKNOWN)
        json_out_text(o, "nature", nature_names[e->nature]);
    if (e->mail_kind != MAIL_UNKNOWN) {
        json_out_text(o, "mail_kind", mail_kind_names[e->mail_kind]);
        json_out_number(o, "mail_confidence", e->mail_confidence);
        json_out_text(o, "mail_rule", e->mail_rule);
    }
    json_out_text(o, "subject", e->subject);
    json_out_text(o, "sender", e->sender);
    json_out_text(o, "reply_address", e->reply_address);
    json_out_text(o, "message_id", e->message_id);
    if (e->has_timings)
        write_timings(o, &e->timings);
    json_out_close(o);
}

json_t *event_json(const struct event *e)
{
    CLEANUP(buf_release) struct buf text = BUF_INIT(LINE_MAX_BYTES);
    struct json_out o = json_out_line(&text);

    event_write(&o, e);
    return json_loadb(text.ptr, text.len, 0, NULL);
}

static bool put_line(struct buf *line, FILE *out)
{
    bool ok = !line->full && fwrite(line->ptr, 1, line->len, out) == line->len &&
              fputc('\n', out) != EOF;

    buf_clear(line);
    return ok;
}

enum status transcript_write(const struct transcript *t, FILE *out)
{
    CLEANUP(buf_release) struct buf line = BUF_INIT(LINE_MAX_BYTES);
    struct json_out o = json_out_line(&line);
    bool ok;

    transcript_header_write(&o, NULL, t);
    ok = put_line(&line, out);
    for (size_t i = 0; ok && i < t->count; i++) {
        o = json_out_line(&line);
        event_write(&o, &t->events[i]);
        ok = put_line(&line, out);
    }
    return ok ? ST_OK : ST_IO;
}
