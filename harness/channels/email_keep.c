/* A customer's mail program for the journal, and back: what it knows of its threads, what it heard. */
#include <stdlib.h>
#include <string.h>

#include "harness/channels/email.h"

/* What changed names (a second copy of a mail, without an id) is the same mail. */
const char *email_mail_key(struct visit *v, const struct mail *m)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    const char *const parts[] = { m->sender, m->subject, m->text };

    if (m->message_id)
        return arena_strdup(v->arena, m->message_id);
    for (size_t i = 0; i < ARRAY_LEN(parts); i++)
        for (const char *p = parts[i]; p && *p; p++)
            h = (h ^ (unsigned char)*p) * UINT64_C(0x100000001b3);
    return arena_printf(v->arena, "#%016llx", (unsigned long long)h);
}

static void add_id(struct visit *v, struct mail_ids *ids, const char *id)
{
    if (!id)
        return;
    ARENA_GROW(v->arena, ids->items, ids->cap, ids->count + 1);
    ids->items[ids->count++] = arena_strdup(v->arena, id);
}

/* Only for mails of an earlier process: a company may really send the same mail twice. */
bool email_heard_before(struct visit *v, const struct mail *m)
{
    const struct email_state *s = email_state(v);
    const char *key;

    if (!s->resumed || s->looked)
        return false;
    key = email_mail_key(v, m);
    for (size_t i = 0; i < s->before.count; i++)
        if (!strcmp(s->before.items[i], key))
            return true;
    return false;
}

void email_note_heard(struct visit *v, const char *key)
{
    add_id(v, &email_state(v)->before, key);
}

/* Out */

static json_t *ids_json(const struct mail_ids *ids, size_t count)
{
    json_t *list = json_array();

    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_string(ids->items[i]));
    return list;
}

static json_t *received_json(const struct received *r)
{
    return json_pack("{s:s?, s:s?, s:s?, s:s?, s:s?, s:o, s:I}", "message_id", r->message_id,
                     "subject", r->subject, "name", r->name, "reply_address", r->reply_address,
                     "text", r->text, "references", ids_json(&r->references, r->references.count),
                     "date", (json_int_t)r->date);
}

static json_t *thread_json(const struct mail_thread *t)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "sent", ids_json(&t->sent, t->sent.count),
                     "learned", ids_json(&t->learned, t->learned.count),
                     "tags", ids_json(&t->tags, t->tags.count),
                     "own_words", ids_json(&t->own_words, t->own_words.count),
                     "asked", ids_json(&t->asked, t->asked.count),
                     "said", ids_json(&t->said, t->said.count));
}

json_t *email_save(struct visit *v)
{
    const struct email_state *s = email_state(v);
    bool sending = s->out.active;         /* its draft is made again, with the same id */
    size_t done = s->own_count - (sending && s->own_count ? 1 : 0);
    json_t *own = json_array();

    for (size_t i = 0; i < done; i++)
        json_array_append_new(own, json_pack("{s:s, s:i, s:I}", "id", s->own[i].message_id,
                                             "seq", s->own[i].seq, "at_us",
                                             (json_int_t)(v->world->epoch_us + s->own[i].at_us)));
    return json_pack("{s:o, s:o, s:o, s:s?, s:o, s:i, s:i, s:s?, s:I, s:o}",
                     "thread", thread_json(&s->thread), "last", received_json(&s->last),
                     "own", own, "subject", s->own_subject,
                     "references", ids_json(&s->own_references, done < s->own_references.count
                                                ? done : s->own_references.count),
                     "drafted", (int)s->drafted - sending, "drafted_step", s->drafted_step,
                     "sending", sending && s->own_count ? s->own[s->out.own].message_id : NULL,
                     "committed_us", (json_int_t)s->committed_us,
                     "heard", ids_json(&s->before, s->before.count));
}

/* In */

static const char *text_of(struct visit *v, const json_t *o, const char *key)
{
    return arena_strdup(v->arena, json_string_value(json_object_get(o, key)));
}

static void take_ids(struct visit *v, const json_t *o, const char *key, struct mail_ids *ids)
{
    const json_t *list = json_object_get(o, key);

    ids->count = 0;
    for (size_t i = 0; i < json_array_size(list); i++)
        add_id(v, ids, json_string_value(json_array_get(list, i)));
}

static void take_own(struct visit *v, const json_t *list)
{
    struct email_state *s = email_state(v);

    for (size_t i = 0; i < json_array_size(list) && s->own_count < EMAIL_SENT_MAX; i++) {
        const json_t *one = json_array_get(list, i);
        const char *id = text_of(v, one, "id");

        if (id)
            s->own[s->own_count++] = (struct own_mail){
                id, (int)json_integer_value(json_object_get(one, "seq")),
                json_integer_value(json_object_get(one, "at_us")) - v->world->epoch_us,
            };
    }
}

void email_restore(struct visit *v, const json_t *saved)
{
    struct email_state *s = email_state(v);
    const json_t *thread = json_object_get(saved, "thread"), *last = json_object_get(saved, "last");

    take_ids(v, thread, "sent", &s->thread.sent);
    take_ids(v, thread, "learned", &s->thread.learned);
    take_ids(v, thread, "tags", &s->thread.tags);
    take_ids(v, thread, "own_words", &s->thread.own_words);
    take_ids(v, thread, "asked", &s->thread.asked);
    take_ids(v, thread, "said", &s->thread.said);
    s->last = (struct received){
        .message_id = text_of(v, last, "message_id"), .subject = text_of(v, last, "subject"),
        .name = text_of(v, last, "name"), .reply_address = text_of(v, last, "reply_address"),
        .text = text_of(v, last, "text"),
        .date = json_integer_value(json_object_get(last, "date")),
    };
    take_ids(v, last, "references", &s->last.references);
    take_own(v, json_object_get(saved, "own"));
    s->own_subject = text_of(v, saved, "subject");
    take_ids(v, saved, "references", &s->own_references);
    s->drafted = (unsigned)json_integer_value(json_object_get(saved, "drafted"));
    s->drafted_step = (int)json_integer_value(json_object_get(saved, "drafted_step"));
    s->doubted = text_of(v, saved, "sending");
    s->committed_us = json_integer_value(json_object_get(saved, "committed_us"));
    take_ids(v, saved, "heard", &s->before);
    s->resumed = true;
}
