/* The email channel: a customer's mail program. Sends over SMTP, hears over a shared mailbox. */
#include <stdlib.h>
#include <string.h>

#include "harness/channels/email.h"
#include "harness/channels/mail_kind.h"

enum { TRIES_MAX = 3, LATER_FACTOR = 5 };
#define POLL_MIN_US (20 * US_PER_MS)
/* How long a copy may take to the customer's mailbox: from a server of our own, and from others. */
#define LOOK_US (3 * US_PER_S)
#define LOOK_REMOTE_US (600 * US_PER_S)

/* Ending an act */

static void stop_sending(struct email_state *s)
{
    mail_send_cancel(s->out.sending);
    timer_cancel(s->out.timer);
    s->out = (struct outgoing){ .active = false };
}

/* Tokens come and go while we are connected; none may be read in the transcript. */
static void keep_token(struct visit *v)
{
    struct email_state *s = email_state(v);
    const char *last = s->tokens ? mail_token_last(s->tokens) : "";

    if (!*last || (s->known_token && !strcmp(s->known_token, last)))
        return;
    s->known_token = arena_strdup(v->arena, last);
    v->sink->secret(v, last);
}

/* Now that the journey has our mail, what answers it may follow. */
static void emit_early(struct visit *v)
{
    struct email_state *s = email_state(v);
    const struct own_mail *own = &s->own[s->out.own];

    for (struct early *i = s->out.early; i; i = i->next) {
        i->event.reply_to = own->seq;
        if (own->seq >= 0)
            i->event.wait_us = i->at_us > own->at_us ? i->at_us - own->at_us : 0;
        email_note_heard(v, i->key);
        visit_emit_past(v, &i->event, i->at_us);
    }
}

static void finish(struct visit *v, enum done how)
{
    struct email_state *s = email_state(v);

    emit_early(v);

    s->out.sending = NULL;        /* frees itself after its callback */
    stop_sending(s);
    s->doubted = NULL;
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
    if (how->result != SEND_OK && *how->stage) {
        struct named_text *stage = arena_alloc(v->arena, sizeof *stage);

        *stage = (struct named_text){ "stage", how->stage };
        e.fields = stage;
        e.field_count = 1;
    }
    e.has_timings = true;
    e.timings = how->timings;
    visit_emit(v, &e);
}

static void emit_sent(struct visit *v, const struct mail_sent *how)
{
    struct email_state *s = email_state(v);
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

static void try_later(struct visit *v, const char *words)
{
    struct email_state *s = email_state(v);
    int64_t wait = email_settings(v)->retry;

    for (unsigned i = 1; i < s->out.tries; i++)
        wait *= LATER_FACTOR;

    char *text = duration_text(wait);

    visit_settled(v);
    visit_note(v, "the mail server asks to try again later (%.500s): next try in %s", words, text);
    free(text);
    s->out.timer = timer_start(v->world->loop, loop_now(v->world->loop) + wait, send_now, v);
}

/* Some have it: it is sent, once. Who was busy is asked again, alone. */
static void on_taken(struct visit *v, const struct mail_sent *how)
{
    struct outgoing *o = &email_state(v)->out;

    if (!o->sent)
        emit_sent(v, how);        /* it has its number before what answers it */
    o->sent = true;
    mailbox_expect(email_state(v)->member);
    email_settle_recipients(v, how, o->tries >= TRIES_MAX);
    if (!o->left_count) {
        finish(v, DONE_OK);
        return;
    }
    for (size_t i = 0; i < how->recipient_count; i++)
        if (how->recipients[i].result == SEND_LATER) {
            try_later(v, how->recipients[i].words);
            return;
        }
}

static void on_sent(void *context, const struct mail_sent *how)
{
    struct visit *v = context;
    struct email_state *s = email_state(v);

    s->out.sending = NULL;
    keep_token(v);
    emit_transfer(v, how);
    switch (how->result) {
    case SEND_OK:
        on_taken(v, how);
        break;
    case SEND_LATER:
        if (s->out.tries < TRIES_MAX) {
            try_later(v, how->words);
            break;
        }
        if (s->out.sent) {
            email_settle_recipients(v, how, true);
            finish(v, DONE_OK);
            break;
        }
        if (how->before_recipients) {
            visit_our_failed(v, "our mail server %s, at %s, after %d tries: %.1000s", how->url,
                             how->stage, TRIES_MAX, how->words);
            finish(v, DONE_OUR_FAILED);
            break;
        }
        visit_company_failed(v, FAILURE_REFUSED_MAIL, "not taken after %d tries: %.1000s",
                             TRIES_MAX, how->words);
        finish(v, DONE_COMPANY_FAILED);
        break;
    case SEND_REFUSED:
        if ((how->recipient_count > 1 || s->out.sent) && how->recipients[0].result != SEND_OK)
            email_settle_recipients(v, how, true);
        else
            visit_company_failed(v, FAILURE_REFUSED_MAIL, "%.1000s", how->words);
        finish(v, s->out.sent ? DONE_OK : DONE_COMPANY_FAILED);
        break;
    case SEND_OURS:
        visit_our_failed(v, "our mail server %s, at %s: %.1000s", how->url, how->stage,
                         how->words);
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

static void send_committed(void *context)
{
    struct visit *v = context;
    struct email_state *s = email_state(v);
    struct outgoing *o = &s->out;
    struct buf message = BUF_INIT(MAIL_OUT_MAX_BYTES);
    struct diags diags;
    enum status st;

    if (s->broken) {
        fail_ours(v, s->broken);
        return;
    }
    diags_init(&diags);
    st = mail_compose(&o->draft, &diags, &message);
    if (st == ST_OK) {
        o->sending = mail_send(v->world->loop, &s->smtp, strrchr(s->from.address, '@') + 1,
                               s->from.address, o->left, o->left_count,
                               v->keeps && !o->sent ? s->from.address : NULL, &message, on_sent,
                               v);
    }
    buf_release(&message);
    if (!o->sending)
        fail_ours(v, diags.count ? diags.items[0].what : "libcurl cannot make a connection");
    diags_release(&diags);
}

static void send_now(void *context)
{
    struct visit *v = context;
    struct outgoing *o = &email_state(v)->out;

    o->timer = NULL;
    o->tries++;
    email_state(v)->committed_us = v->world->epoch_us + loop_now(v->world->loop);
    visit_commit(v, send_committed, v);
}

/* Looking for a mail that may have left before a crash */

/* It did: told as of when it was about to leave. */
static void was_sent(struct visit *v)
{
    struct email_state *s = email_state(v);
    const struct mail_sent how = { .result = SEND_OK,
                                   .at_us = s->committed_us - v->world->epoch_us };

    timer_cancel(s->out.timer);
    s->out.timer = NULL;
    visit_note(v, "shopper was stopped while this mail was being sent; a look into the mailbox "
                  "shows that it was");
    emit_sent(v, &how);
    finish(v, DONE_OK);
}

static void give_up_looking(void *context)
{
    struct visit *v = context;
    struct email_state *s = email_state(v);

    s->out.timer = NULL;
    s->out.look = false;
    /* Ours would be there, too; the company whose clock we share does deliver them. */
    if (mailbox_has_copies(s->member) || loop_is_shared(v->world->loop)) {
        send_now(v);
        return;
    }
    visit_our_failed(v, "shopper was stopped while this mail was being sent. Nobody knows whether "
                        "it left: the mailbox shows no copies of what we send; it is not sent "
                        "again");
    finish(v, DONE_OUR_FAILED);
}

/* A server may think about a mail for ten minutes (RFC 5321, 4.5.3.2.6), and deliver it then. */
static void look_for_it(struct visit *v)
{
    struct email_state *s = email_state(v);
    struct loop *l = v->world->loop;
    int64_t now = loop_now(l), grace = LOOK_US, until;

    if (s->proved) {
        was_sent(v);
        return;
    }
    if (loop_is_shared(l)) {      /* it goes on only when no mail is under way any more */
        s->out.timer = timer_start(l, now + 1, give_up_looking, v);
        return;
    }
    if (!mail_server_is_loopback(&s->smtp))
        grace = LOOK_REMOTE_US;
    until = s->committed_us - v->world->epoch_us + grace;
    s->out.timer = timer_start(l, until > now + LOOK_US ? until : now + LOOK_US, give_up_looking, v);
}

static void on_own(void *context, const char *message_id)
{
    struct visit *v = context;
    struct email_state *s = email_state(v);

    if (!s->doubted || strcmp(s->doubted, message_id))
        return;
    s->proved = true;
    if (s->out.active && s->out.look && s->out.timer)
        look_for_it(v);
}

/* Nothing is sent to a company whose answer we could not hear. */
static void begin(void *context)
{
    struct visit *v = context;
    struct email_state *s = email_state(v);

    s->out.timer = NULL;
    if (s->broken)
        fail_ours(v, s->broken);
    else if (s->ready && s->out.look && s->looked)
        look_for_it(v);
    else if (s->ready && !s->out.look)
        send_now(v);
}

static void begin_soon(struct visit *v)
{
    struct email_state *s = email_state(v);

    if (s->out.active && !s->out.timer && !s->out.sending && !s->out.tries)
        s->out.timer = timer_start(v->world->loop, loop_now(v->world->loop), begin, v);
}

static void email_listen(struct visit *v);

static enum status email_act(struct visit *v, const struct action *a)
{
    struct email_state *s = email_state(v);

    if (s->out.active || s->own_count == EMAIL_SENT_MAX)
        return ST_LIMIT;
    if (a->verb != VERB_SEND && a->verb != VERB_REPLY && a->verb != VERB_CHASE)
        return ST_UNSUPPORTED;
    email_listen(v);
    s->out.active = true;
    s->out.look = a->in_doubt;
    email_draft(v, a);
    email_begin_recipients(v);
    begin_soon(v);
    return ST_OK;
}

/* Receiving */

/* The newest of our mails that this one answers; else nobody knows. */
static const struct own_mail *answered(const struct email_state *s, const struct mail *m)
{
    for (size_t i = s->own_count; i-- > 0;)
        for (size_t k = 0; k < m->answers.count; k++)
            if (!strcmp(s->own[i].message_id, m->answers.items[k]))
                return &s->own[i];
    return NULL;
}

static bool answers_doubted(const struct email_state *s, const struct mail *m)
{
    for (size_t k = 0; s->doubted && k < m->answers.count; k++)
        if (!strcmp(s->doubted, m->answers.items[k]))
            return true;
    return false;
}

static void keep_early(struct visit *v, const struct event *e, int64_t at_us, const char *key)
{
    struct outgoing *o = &email_state(v)->out;
    struct early *early = arena_alloc(v->arena, sizeof *early);

    early->event = *e;
    early->at_us = at_us;
    early->key = key;
    early->event.text = arena_strdup(v->arena, e->text);
    early->event.subject = arena_strdup(v->arena, e->subject);
    early->event.sender = arena_strdup(v->arena, e->sender);
    early->event.reply_address = arena_strdup(v->arena, e->reply_address);
    early->event.message_id = arena_strdup(v->arena, e->message_id);
    early->event.mail_rule = arena_strdup(v->arena, e->mail_rule);
    *(o->early ? o->early_end : &o->early) = early;
    o->early_end = &early->next;
}

/* "link", "link 2", …: fields are told apart by their names. */
static const char *numbered(struct arena *a, const char *name, size_t i)
{
    return i ? arena_printf(a, "%s %zu", name, i + 1) : name;
}

/* What is in the mail beside its words, as fields of the event: where it lay, the verdicts on its
 * origin, files and links. */
static void add_details(struct visit *v, const struct mail *m, struct event *e)
{
    const struct named_text all[] = {
        { "spam folder", m->spam_folder ? m->spam_folder : "" }, { "SPF", m->spf },
        { "DKIM", m->dkim }, { "DMARC", m->dmarc }, { "unsubscribe", m->unsubscribe },
    };
    size_t most = ARRAY_LEN(all) + m->attachment_count + m->link_count;
    struct named_text *to = e->fields = arena_alloc(v->arena, most * sizeof *to);

    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        if (*all[i].text)
            *to++ = (struct named_text){ all[i].name, arena_strdup(v->arena, all[i].text) };
    for (size_t i = 0; i < m->attachment_count; i++)
        *to++ = (struct named_text){ numbered(v->arena, "attachment", i),
            arena_printf(v->arena, "%.200s (%.100s, %lld bytes)", m->attachments[i].name,
                         m->attachments[i].type, (long long)m->attachments[i].size) };
    for (size_t i = 0; i < m->link_count; i++)
        *to++ = (struct named_text){ numbered(v->arena, "link", i),
                                     arena_strdup(v->arena, m->links[i].url) };
    e->field_count = (size_t)(to - e->fields);
}

/* Why the mail is this journey's. */
static void add_match(struct visit *v, const struct mail_match *how, struct event *e)
{
    struct named_text *all = arena_alloc(v->arena, (e->field_count + 1) * sizeof *all);

    if (e->field_count)
        memcpy(all, e->fields, e->field_count * sizeof *all);
    all[e->field_count++] = (struct named_text){
        "matched by", arena_printf(v->arena, "%s: %s", match_names[how->by], how->evidence) };
    e->fields = all;
}

/* Nobody answers a survey with what they have to say about their kettle. */
static bool is_thread_mail(enum mail_kind kind)
{
    return kind != MAIL_SURVEY && kind != MAIL_NEWSLETTER;
}

static void on_mail(void *context, const struct mail *m, const struct mail_match *how,
                    struct slice bytes)
{
    struct visit *v = context;
    struct email_state *s = email_state(v);
    bool bounced = m->delivery == DELIVERY_FAILED;
    const struct own_mail *own = answered(s, m);
    struct mail_guess guess = mail_guess_kind(v->arena, m, &v->world->lexicons);
    const char *key = v->keeps ? email_mail_key(v, m) : NULL;
    int64_t at_us = m->arrived_us;
    struct event e = event_init(bounced ? EVENT_FAILED : EVENT_MESSAGE, PARTY_COMPANY);

    if (email_heard_before(v, m))
        return;
    visit_evidence(v, EVIDENCE_MAIL, bytes);
    if (m->delivery == DELIVERY_DELAYED || m->delivery == DELIVERY_OTHER) {
        email_note_heard(v, key);
        visit_note(v, "a delivery report: %.500s", *m->delivery_reason ? m->delivery_reason
                                                                       : m->subject);
        return;
    }
    if (!bounced && (!s->last.subject || is_thread_mail(guess.kind)))
        email_keep_last(v, m);
    e.text = bounced ? m->delivery_reason : m->text;
    e.code = bounced ? failure_code(FAILURE_BOUNCED) : NULL;
    e.nature = mail_kind_nature(guess.kind);
    e.mail_kind = guess.kind;
    e.mail_confidence = guess.confidence;
    e.mail_rule = guess.rule;
    e.subject = m->subject;
    e.sender = *m->sender_name ? arena_printf(v->arena, "%s <%s>", m->sender_name, m->sender)
                               : m->sender;
    e.reply_address = m->reply_address;
    e.message_id = m->message_id;
    add_details(v, m, &e);
    add_match(v, how, &e);
    email_add_echo(v, m, &e);
    if (own && own->seq < 0 && (s->out.sending || s->out.look) && own == &s->own[s->out.own]) {
        keep_early(v, &e, at_us, key);
        s->proved |= s->out.look;
        if (s->out.look && s->out.timer)
            look_for_it(v);
        return;
    }
    if (!own && answers_doubted(s, m)) {  /* it is not drafted again yet */
        keep_early(v, &e, at_us, key);
        s->proved = true;
        return;
    }
    if (own && own->seq >= 0) {
        e.reply_to = own->seq;
        e.wait_us = at_us > own->at_us ? at_us - own->at_us : 0;
    }
    email_note_heard(v, key);
    visit_emit_past(v, &e, at_us);        /* last: the journey may be over with it */
}

static void on_ready(void *context)
{
    struct visit *v = context;

    keep_token(v);
    email_state(v)->ready = true;
    begin_soon(v);
}

static void on_looked(void *context)
{
    struct visit *v = context;

    email_state(v)->looked = true;
    begin_soon(v);
    visit_looked(v);
}

static void on_trouble(void *context, const char *why)
{
    keep_token(context);
    visit_note(context, "%s", why);
}

static void on_broken(void *context, const char *why)
{
    struct visit *v = context;
    struct email_state *s = email_state(v);

    keep_token(v);
    s->broken = arena_strdup(v->arena, why);
    if (s->out.active && !s->out.sending)
        begin_soon(v);            /* the act reports it */
    else
        visit_our_failed(v, "%s", why);
}

static void email_listen(struct visit *v)
{
    static const struct mailbox_events events = { on_ready, on_mail, on_trouble, on_broken,
                                                 on_looked, on_own };
    struct email_state *s = email_state(v);
    const struct email_settings *set = email_settings(v);
    struct mailbox_watch watch = { set->poll > POLL_MIN_US ? set->poll : POLL_MIN_US,
                                   set->idle ? REST_SILENT : REST_IDLE, s->spam,
                                   v->evidence != NULL };

    if (s->member)
        return;
    s->ready = false;
    s->broken = NULL;
    s->looked = false;
    s->member = mailbox_join(v->world->mailboxes, &s->imap, watch, v->arena, &s->thread, &events,
                             v);
    if (s->resumed)
        mailbox_joined_at(s->member, v->since_us);
}

static void email_hush(struct visit *v)
{
    struct email_state *s = email_state(v);

    mailbox_leave(s->member);
    s->member = NULL;
}

static void email_cancel(struct visit *v)
{
    stop_sending(email_state(v));
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
    .settings = &email_settings_object,
    .state_size = sizeof(struct email_state),
    .check = email_check,
    .open = email_open,
    .act = email_act,
    .listen = email_listen,
    .hush = email_hush,
    .cancel = email_cancel,
    .close = email_close,
    .save = email_save,
    .restore = email_restore,
    .one_loop = channel_bound,
};
