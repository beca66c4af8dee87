/* The email channel: a customer's mail program. Sends over SMTP, hears over a shared mailbox. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "harness/base/text.h"
#include "harness/channels/channel.h"
#include "harness/channels/mail_compose.h"
#include "harness/channels/mail_send.h"
#include "harness/channels/mailbox.h"

enum { TRIES_MAX = 3, SUBJECT_MAX = 60, SENT_MAX = 200, LATER_FACTOR = 5 };
#define POLL_MIN_US (20 * US_PER_MS)

struct email_settings {
    const struct template *to, *from, *smtp, *imap, *subject, *marker;
    int tls;                      /* enum mail_tls */
    const char *ca;
    int64_t poll, retry;
};

static const struct field fields[] = {
    { .name = "to", .type = FIELD_TEMPLATE, .offset = offsetof(struct email_settings, to),
      .flags = FIELD_REQUIRED, .help = "the company's address" },
    { .name = "from", .type = FIELD_TEMPLATE, .offset = offsetof(struct email_settings, from),
      .help = "the customer's address, where answers come to; default: the customer's email" },
    { .name = "smtp", .type = FIELD_TEMPLATE, .offset = offsetof(struct email_settings, smtp),
      .flags = FIELD_REQUIRED, .help = "our mail server: smtp[s]://[user:password@]host[:port]" },
    { .name = "imap", .type = FIELD_TEMPLATE, .offset = offsetof(struct email_settings, imap),
      .flags = FIELD_REQUIRED,
      .help = "the customer's mailbox: imap[s]://user:password@host[:port][/FOLDER]" },
    { .name = "tls", .type = FIELD_CHOICE, .offset = offsetof(struct email_settings, tls),
      .choices = mail_tls_names, .fallback = "auto",
      .help = "STARTTLS: auto (where offered, not on loopback), required or off" },
    { .name = "ca", .type = FIELD_TEXT, .offset = offsetof(struct email_settings, ca),
      .help = "file of trusted certificates (PEM), instead of the system's" },
    { .name = "poll", .type = FIELD_DURATION, .offset = offsetof(struct email_settings, poll),
      .fallback = "500ms", .help = "how often the mailbox is looked at; mail is noticed so late" },
    { .name = "retry", .type = FIELD_DURATION, .offset = offsetof(struct email_settings, retry),
      .fallback = "1m",
      .help = "first wait when the server asks to try again later (greylisting); then 5 times that" },
    { .name = "subject", .type = FIELD_TEMPLATE, .offset = offsetof(struct email_settings, subject),
      .help = "subject of a mail whose step gives none; default: the mail's first line" },
    { .name = "marker", .type = FIELD_TEMPLATE, .offset = offsetof(struct email_settings, marker),
      .help = "value of an X-Shopper header in each mail; default: no such header" },
    { 0 },
};

static const struct object settings_object = {
    .name = "email channel", .size = sizeof(struct email_settings), .fields = fields,
    .span_offset = SIZE_MAX,
};

/* The last mail of the company, as far as an answer needs it. */
struct received {
    const char *message_id, *subject, *name, *reply_address, *text;
    struct mail_ids references;   /* of it, and then itself */
    int64_t date;
};

struct own_mail {
    const char *message_id;
    int seq;                      /* of the `sent` event; -1 = on its way */
    int64_t at_us;
};

/* A mail that answers ours before our server's 250 has reached us. */
struct early {
    struct event event;
    struct early *next;
};

/* What is being sent. */
struct outgoing {
    bool active;
    struct mail_draft draft;
    const char *words;            /* the customer's own, without the quote */
    int repeats_seq;
    size_t own;                   /* index into `own` */
    unsigned tries;
    struct mail_sending *sending;
    struct timer *timer;
    struct early *early, **early_end;
};

struct email_state {
    bool opened;
    struct mail_server smtp, imap;
    struct mail_person from, to;
    const char *default_subject, *marker;
    struct mail_thread thread;
    struct mailbox_member *member;
    bool ready;
    const char *broken;           /* why; NULL = not */
    struct received last;         /* message_id may be NULL; subject NULL = nothing came */
    struct own_mail own[SENT_MAX];
    size_t own_count;
    const char *own_subject;      /* of our last mail; NULL none */
    struct mail_ids own_references;
    struct outgoing out;
};

static struct email_state *state_of(struct visit *v)
{
    return v->state;
}

static const struct email_settings *settings_of(const struct visit *v)
{
    return v->spec->settings;
}

/* Opening */

static enum status open_person(struct visit *v, const char *what, const struct template *t,
                               const char *fallback, struct diags *diags,
                               struct mail_person *ret)
{
    const char *text = t ? visit_render(v, t, diags) : fallback;

    if (!text)
        return ST_INVALID;
    if (mail_person_parse(v->arena, text, ret) == ST_OK)
        return ST_OK;
    diag_error(diags, "channel \"%s\": %s: \"%s\" is not one email address", v->spec->name, what,
               mail_header_text(v->arena, text));
    return ST_INVALID;
}

/* Passwords never reach the transcript, neither decoded nor as they stand in the URL. */
static void keep_secret(struct visit *v, const struct mail_server *s)
{
    if (!s->password || !*s->password)
        return;
    v->sink->secret(v, s->password);

    char *escaped = curl_easy_escape(NULL, s->password, 0);

    if (escaped && strcmp(escaped, s->password))
        v->sink->secret(v, escaped);
    curl_free(escaped);
}

static enum status open_server(struct visit *v, const char *what, const struct template *t,
                               enum mail_protocol protocol, struct diags *diags,
                               struct mail_server *ret)
{
    const struct email_settings *set = settings_of(v);
    const char *url = visit_render(v, t, diags);
    char *name;
    enum status st;

    if (!url)
        return ST_INVALID;
    name = mem_printf("channel \"%s\": %s", v->spec->name, what);
    st = mail_server_parse(v->arena, name, url, protocol, diags, ret);
    free(name);
    if (st)
        return st;
    ret->tls = (enum mail_tls)set->tls;
    ret->ca = set->ca;
    keep_secret(v, ret);
    return ST_OK;
}

/* What the customer knows (an order number) is no reference of the company's, even in a subject. */
static void keep_own_words(struct visit *v, struct mail_thread *t)
{
    struct diags ignored;

    diags_init(&ignored);
    for (size_t i = 0; i < v->scenario->customer.knows.count; i++) {
        const char *value = visit_render(v, v->scenario->customer.knows.items[i].value, &ignored);

        if (value)
            mail_thread_own_words(v->arena, t, value);
    }
    diags_release(&ignored);
}

static enum status email_open(struct visit *v, struct diags *diags)
{
    struct email_state *s = state_of(v);
    const struct email_settings *set = settings_of(v);
    enum status st = open_person(v, "to", set->to, NULL, diags, &s->to);

    if (!st)
        st = open_person(v, "from", set->from, v->customer_email, diags, &s->from);
    if (!st)
        st = open_server(v, "smtp", set->smtp, MAIL_SMTP, diags, &s->smtp);
    if (!st)
        st = open_server(v, "imap", set->imap, MAIL_IMAP, diags, &s->imap);
    if (!st && set->subject && !(s->default_subject = visit_render(v, set->subject, diags)))
        st = ST_INVALID;
    if (!st && set->marker && !(s->marker = visit_render(v, set->marker, diags)))
        st = ST_INVALID;
    if (st)
        return st;
    if (!*s->from.name)
        s->from.name = v->customer_name;
    s->thread.address = s->from.address;
    s->thread.partner = s->to.address;
    keep_own_words(v, &s->thread);
    if (!v->world->mailboxes)
        v->world->mailboxes = mailboxes_new(v->world->loop);
    s->opened = true;
    return ST_OK;
}

/* Ending an act */

static void stop_sending(struct email_state *s)
{
    mail_send_cancel(s->out.sending);
    timer_cancel(s->out.timer);
    s->out = (struct outgoing){ .active = false };
}

/* Now that the journey has our mail, what answers it may follow. */
static void emit_early(struct visit *v)
{
    struct email_state *s = state_of(v);
    const struct own_mail *own = &s->own[s->out.own];

    for (struct early *i = s->out.early; i; i = i->next) {
        i->event.reply_to = own->seq;
        if (own->seq >= 0)
            i->event.wait_us = loop_now(v->world->loop) - own->at_us;
        visit_emit(v, &i->event);
    }
}

static void finish(struct visit *v, enum done how)
{
    struct email_state *s = state_of(v);

    emit_early(v);

    s->out.sending = NULL;        /* frees itself after its callback */
    stop_sending(s);
    visit_done(v, how);
}

static void fail_ours(struct visit *v, const char *why)
{
    visit_our_failed(v, "%s", why);
    finish(v, DONE_OUR_FAILED);
}

/* Sending */

static void send_now(void *context);

static void emit_transfer(struct visit *v, const struct mail_sent *how)
{
    struct event e = event_init(EVENT_TRANSFER, PARTY_HARNESS);

    e.code = "SMTP";
    e.url = how->url;
    e.status = how->status;
    e.text = how->result == SEND_OK ? "" : how->words;
    e.has_timings = true;
    e.timings = how->timings;
    visit_emit(v, &e);
}

static void emit_sent(struct visit *v, const struct mail_sent *how)
{
    struct email_state *s = state_of(v);
    const struct outgoing *o = &s->out;
    struct own_mail *own = &s->own[o->own];
    struct event e = event_init(EVENT_SENT, PARTY_CUSTOMER);

    e.text = o->words;
    e.subject = o->draft.subject;
    e.message_id = o->draft.message_id;
    e.sender = o->draft.from.address;
    e.repeats_seq = o->repeats_seq;
    e.status = how->status;
    s->own_subject = o->draft.subject;
    own->at_us = how->at_us;
    own->seq = visit_emit(v, &e);
}

static void try_later(struct visit *v, const struct mail_sent *how)
{
    struct email_state *s = state_of(v);
    int64_t wait = settings_of(v)->retry;

    for (unsigned i = 1; i < s->out.tries; i++)
        wait *= LATER_FACTOR;

    char *text = duration_text(wait);

    visit_note(v, "the mail server asks to try again later (%.500s): next try in %s", how->words,
               text);
    free(text);
    s->out.timer = timer_start(v->world->loop, loop_now(v->world->loop) + wait, send_now, v);
}

static void on_sent(void *context, const struct mail_sent *how)
{
    struct visit *v = context;
    struct email_state *s = state_of(v);

    s->out.sending = NULL;
    emit_transfer(v, how);
    switch (how->result) {
    case SEND_OK:
        emit_sent(v, how);        /* it has its number before what answers it */
        finish(v, DONE_OK);
        break;
    case SEND_LATER:
        if (s->out.tries < TRIES_MAX) {
            try_later(v, how);
            break;
        }
        visit_company_failed(v, FAILURE_REFUSED_MAIL, "not taken after %d tries: %.1000s",
                             TRIES_MAX, how->words);
        finish(v, DONE_COMPANY_FAILED);
        break;
    case SEND_REFUSED:
        visit_company_failed(v, FAILURE_REFUSED_MAIL, "%.1000s", how->words);
        finish(v, DONE_COMPANY_FAILED);
        break;
    case SEND_OURS:
        visit_our_failed(v, "our mail server %s: %.1000s", how->url, how->words);
        finish(v, DONE_OUR_FAILED);
        break;
    case SEND_UNKNOWN:
        visit_our_failed(v, "the connection to %s broke after the mail was handed over (%.500s): "
                         "it may or may not have been sent, and is not sent again", how->url,
                         how->words);
        finish(v, DONE_OUR_FAILED);
        break;
    }
}

static void send_now(void *context)
{
    struct visit *v = context;
    struct email_state *s = state_of(v);
    struct outgoing *o = &s->out;
    struct buf message = BUF_INIT(MAIL_OUT_MAX_BYTES);
    struct diags diags;
    enum status st;

    o->timer = NULL;
    diags_init(&diags);
    st = mail_compose(&o->draft, &diags, &message);
    if (st == ST_OK) {
        o->tries++;
        o->sending = mail_send(v->world->loop, &s->smtp, strrchr(s->from.address, '@') + 1,
                               s->from.address, o->draft.to.address, &message, on_sent, v);
    }
    buf_release(&message);
    if (!o->sending)
        fail_ours(v, diags.count ? diags.items[0].what : "libcurl cannot make a connection");
    diags_release(&diags);
}

/* Nothing is sent to a company whose answer we could not hear. */
static void begin(void *context)
{
    struct visit *v = context;
    struct email_state *s = state_of(v);

    s->out.timer = NULL;
    if (s->broken)
        fail_ours(v, s->broken);
    else if (s->ready)
        send_now(v);
}

static void begin_soon(struct visit *v)
{
    struct email_state *s = state_of(v);

    if (s->out.active && !s->out.timer && !s->out.sending && !s->out.tries)
        s->out.timer = timer_start(v->world->loop, loop_now(v->world->loop), begin, v);
}

/* Drafts */

static const char *subject_for(struct visit *v, const struct action *a)
{
    struct email_state *s = state_of(v);
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

/* <run.journey.step-n@domain>: known before the mail leaves, the same when a step is played again. */
static const char *new_message_id(struct visit *v)
{
    struct email_state *s = state_of(v);
    char *id = arena_printf(v->arena, "%s.%s.%d-%zu@%s", v->run_id ? v->run_id : "run",
                            v->journey_id ? v->journey_id : "journey", v->step, s->own_count + 1,
                            strrchr(s->from.address, '@') + 1);

    for (char *p = id; *p; p++)
        if (!mail_id_ok(p, 1))
            *p = '-';
    return id;
}

/* An answer to the last mail of the company, as a mail program makes it. */
static void draft_answer(struct visit *v, struct mail_draft *d, const char *words)
{
    struct email_state *s = state_of(v);
    const struct received *r = &s->last;
    struct mail_person to = { "", r->reply_address };

    if (mail_person_parse(v->arena, r->reply_address, &to) == ST_OK)
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
    struct email_state *s = state_of(v);

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

static void make_draft(struct visit *v, const struct action *a)
{
    struct email_state *s = state_of(v);
    struct mail_draft *d = &s->out.draft;
    const char *words = arena_strdup(v->arena, a->text ? a->text : "");
    bool answers = a->verb == VERB_REPLY || a->verb == VERB_CHASE;
    const char **attach = arena_alloc(v->arena, (a->attach_count + 1) * sizeof *attach);

    for (size_t i = 0; i < a->attach_count; i++)
        attach[i] = arena_strdup(v->arena, a->attach[i]);
    *d = (struct mail_draft){
        .from = s->from, .to = s->to, .text = words, .marker = s->marker,
        .message_id = new_message_id(v), .attach = attach, .attach_count = a->attach_count,
        .date = (int64_t)time(NULL),
    };
    if (answers && s->last.subject)
        draft_answer(v, d, words);
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
}

static void email_listen(struct visit *v);

static enum status email_act(struct visit *v, const struct action *a)
{
    struct email_state *s = state_of(v);

    if (s->out.active || s->own_count == SENT_MAX)
        return ST_LIMIT;
    if (a->verb != VERB_SEND && a->verb != VERB_REPLY && a->verb != VERB_CHASE)
        return ST_UNSUPPORTED;
    email_listen(v);
    s->out.active = true;
    make_draft(v, a);
    begin_soon(v);
    return ST_OK;
}

/* Receiving */

static void keep_last(struct visit *v, const struct mail *m)
{
    struct received *r = &state_of(v)->last;

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

/* The newest of our mails that this one answers; else nobody knows. */
static const struct own_mail *answered(const struct email_state *s, const struct mail *m)
{
    for (size_t i = s->own_count; i-- > 0;)
        for (size_t k = 0; k < m->answers.count; k++)
            if (!strcmp(s->own[i].message_id, m->answers.items[k]))
                return &s->own[i];
    return NULL;
}

static void keep_early(struct visit *v, const struct event *e)
{
    struct outgoing *o = &state_of(v)->out;
    struct early *early = arena_alloc(v->arena, sizeof *early);

    early->event = *e;
    early->event.text = arena_strdup(v->arena, e->text);
    early->event.subject = arena_strdup(v->arena, e->subject);
    early->event.sender = arena_strdup(v->arena, e->sender);
    early->event.reply_address = arena_strdup(v->arena, e->reply_address);
    early->event.message_id = arena_strdup(v->arena, e->message_id);
    *(o->early ? o->early_end : &o->early) = early;
    o->early_end = &early->next;
}

static void note_attachments(struct visit *v, const struct mail *m)
{
    struct buf names = BUF_INIT(2000);

    for (size_t i = 0; i < m->attachment_count; i++)
        buf_addf(&names, "%s%.100s", i ? ", " : "", m->attachments[i]);
    if (names.len)
        visit_note(v, "attached to the company's mail: %s", names.ptr);
    buf_release(&names);
}

static void on_mail(void *context, const struct mail *m, const struct mail_match *how)
{
    struct visit *v = context;
    struct email_state *s = state_of(v);
    bool bounced = m->nature == NATURE_BOUNCE;
    const struct own_mail *own = answered(s, m);
    struct event e = event_init(bounced ? EVENT_FAILED : EVENT_MESSAGE, PARTY_COMPANY);

    (void)how;
    if (m->delivery == DELIVERY_DELAYED || m->delivery == DELIVERY_OTHER) {
        visit_note(v, "a delivery report: %.500s", *m->delivery_reason ? m->delivery_reason
                                                                       : m->subject);
        return;
    }
    if (!bounced)
        keep_last(v, m);
    e.text = bounced ? m->delivery_reason : m->text;
    e.code = bounced ? failure_code(FAILURE_BOUNCED) : NULL;
    e.nature = m->nature;
    e.subject = m->subject;
    e.sender = *m->sender_name ? arena_printf(v->arena, "%s <%s>", m->sender_name, m->sender)
                               : m->sender;
    e.reply_address = m->reply_address;
    e.message_id = m->message_id;
    note_attachments(v, m);
    if (own && own->seq < 0 && s->out.sending && own == &s->own[s->out.own]) {
        keep_early(v, &e);
        return;
    }
    if (own && own->seq >= 0) {
        e.reply_to = own->seq;
        e.wait_us = loop_now(v->world->loop) - own->at_us;
    }
    visit_emit(v, &e);            /* last: the journey may be over with it */
}

static void on_ready(void *context)
{
    struct visit *v = context;

    state_of(v)->ready = true;
    begin_soon(v);
}

static void on_trouble(void *context, const char *why)
{
    visit_note(context, "%s: trying again", why);
}

static void on_broken(void *context, const char *why)
{
    struct visit *v = context;
    struct email_state *s = state_of(v);

    s->broken = arena_strdup(v->arena, why);
    if (s->out.active && !s->out.sending)
        begin_soon(v);            /* the act reports it */
    else
        visit_our_failed(v, "%s", why);
}

static void email_listen(struct visit *v)
{
    static const struct mailbox_events events = { on_ready, on_mail, on_trouble, on_broken };
    struct email_state *s = state_of(v);
    int64_t poll = settings_of(v)->poll;

    if (s->member)
        return;
    s->ready = false;
    s->broken = NULL;
    s->member = mailbox_join(v->world->mailboxes, &s->imap, poll > POLL_MIN_US ? poll : POLL_MIN_US,
                             v->arena, &s->thread, &events, v);
}

static void email_hush(struct visit *v)
{
    struct email_state *s = state_of(v);

    mailbox_leave(s->member);
    s->member = NULL;
}

static void email_cancel(struct visit *v)
{
    stop_sending(state_of(v));
}

static void email_close(struct visit *v)
{
    email_cancel(v);
    email_hush(v);
}

const struct channel channel_email = {
    .name = "email",
    .family = FAMILY_EMAIL,
    .verbs = 1u << VERB_SEND | 1u << VERB_REPLY | 1u << VERB_CHASE,
    .settings = &settings_object,
    .state_size = sizeof(struct email_state),
    .open = email_open,
    .act = email_act,
    .listen = email_listen,
    .hush = email_hush,
    .cancel = email_cancel,
    .close = email_close,
};
