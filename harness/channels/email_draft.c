/* What the customer writes: a new mail, an answer, a reminder. */
#include <string.h>

#include "harness/base/text.h"
#include "harness/channels/email.h"
#include "harness/channels/mail_echo.h"
#include "harness/channels/mail_kind.h"

enum { SUBJECT_MAX = 60 };

static const char *subject_for(struct visit *v, const struct action *a)
{
    struct email_state *s = email_state(v);
    struct buf line = BUF_INIT(SUBJECT_MAX * 4 + 8);
    struct slice text = text_trim(slice_str(a->text));
    const char *nl = memchr(text.ptr, '\n', text.len), *ret;

    if (a->subject && *a->subject)
        return mail_header_text(v->arena, a->subject);
    if (s->default_subject && *s->default_subject)
        return mail_header_text(v->arena, s->default_subject);
    if (nl)
        text.len = (size_t)(nl - text.ptr);
    text_add_clipped(&line, text, SUBJECT_MAX);
    ret = mail_header_text(v->arena, line.ptr);
    buf_release(&line);
    return ret;
}

/* <run.journey.step-n@domain>, n counting the mails of the step: known before the mail leaves, and
 * the same when the step is played again after a crash. */
static const char *new_message_id(struct visit *v)
{
    struct email_state *s = email_state(v);
    char *id;

    s->drafted = s->own_count && s->drafted_step == v->step ? s->drafted + 1 : 1;
    s->drafted_step = v->step;
    id = arena_printf(v->arena, "%s.%s.%d-%u@%s", v->run_id ? v->run_id : "run",
                      v->journey_id ? v->journey_id : "journey", v->step, s->drafted,
                      strrchr(s->from.address, '@') + 1);
    for (char *p = id; *p; p++)
        if (!mail_id_ok(p, 1))
            *p = '-';
    return id;
}

/* An answer to the last mail of the company, as a mail program makes it. */
static void draft_answer(struct visit *v, struct mail_draft *d, const char *words, enum verb verb)
{
    struct email_state *s = email_state(v);
    const struct received *r = &s->last;
    struct mail_person to = { "", r->reply_address };

    /* Who asks again writes where somebody reads. */
    if (mail_person_parse(v->arena, r->reply_address, &to) == ST_OK &&
        !(verb == VERB_CHASE && mail_is_no_reply(to.address)))
        d->to = (struct mail_person){ "", to.address };
    d->subject = mail_reply_subject(v->arena, r->subject);
    d->in_reply_to = r->message_id;
    d->references = r->references.items;
    d->reference_count = r->references.count;
    d->text = mail_reply_text(v->arena, v->language, words, r->name, r->date, r->text);
}

/* Nothing came: a reminder in the thread of our own mail. */
static void draft_reminder(struct visit *v, struct mail_draft *d)
{
    struct email_state *s = email_state(v);

    d->subject = mail_reply_subject(v->arena, s->own_subject);
    d->in_reply_to = s->own[s->own_count - 1].message_id;
    d->references = s->own_references.items;
    d->reference_count = s->own_references.count;
}

static void add_reference(struct visit *v, struct mail_ids *ids, const char *id)
{
    if (!id)
        return;
    ARENA_GROW(v->arena, ids->items, ids->cap, ids->count + 1);
    ids->items[ids->count++] = id;
}

void email_draft(struct visit *v, const struct action *a)
{
    struct email_state *s = email_state(v);
    struct mail_draft *d = &s->out.draft;
    const char *words = arena_strdup(v->arena, a->text ? a->text : "");
    bool answers = a->verb == VERB_REPLY || a->verb == VERB_CHASE;
    const char **attach = arena_alloc(v->arena, (a->attach_count + 1) * sizeof *attach);

    for (size_t i = 0; i < a->attach_count; i++)
        attach[i] = arena_strdup(v->arena, a->attach[i]);
    *d = (struct mail_draft){
        .from = s->from, .to = s->to, .cc = s->cc, .cc_count = s->cc_count, .text = words,
        .marker = s->marker,
        .message_id = new_message_id(v), .attach = attach, .attach_count = a->attach_count,
        .date = loop_wall(v->world->loop) / US_PER_S, .html = email_settings(v)->format == 1,
        .language = v->language,
    };
    if (answers && s->last.subject)
        draft_answer(v, d, words, a->verb);
    else if (answers && s->own_subject)
        draft_reminder(v, d);
    else
        d->subject = subject_for(v, a);
    if (a->subject && *a->subject)
        d->subject = mail_header_text(v->arena, a->subject);
    d->boundary = arena_printf(v->arena, "=_%zu_%s", s->own_count + 1, "part");
    s->out.words = words;
    s->out.repeats_seq = a->repeats_seq;
    s->out.own = s->own_count;
    s->own[s->own_count++] = (struct own_mail){ d->message_id, -1, -1 };
    add_reference(v, &s->own_references, d->message_id);
    /* Known before it leaves: an automatic answer may be faster than the end of our transfer. */
    mail_thread_sent(v->arena, &s->thread, d->message_id, d->subject);
    mail_thread_said(v->arena, &s->thread, words);
    mail_thread_asked(v->arena, &s->thread, words);
    mail_thread_asked(v->arena, &s->thread, d->subject);
}

void email_keep_last(struct visit *v, const struct mail *m)
{
    struct received *r = &email_state(v)->last;

    *r = (struct received){
        .message_id = arena_strdup(v->arena, m->message_id),
        .subject = arena_strdup(v->arena, m->subject),
        .name = arena_strdup(v->arena, *m->sender_name ? m->sender_name : m->sender),
        .reply_address = arena_strdup(v->arena, m->reply_address),
        .text = arena_strdup(v->arena, m->full_text),
        .date = m->date,
    };
    for (size_t i = 0; i < m->answers.count; i++)
        add_reference(v, &r->references, arena_strdup(v->arena, m->answers.items[i]));
    add_reference(v, &r->references, r->message_id);
}
