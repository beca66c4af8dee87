#include "tests/company/desk.h"

#include <gmime/gmime.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "harness/base/text.h"
#include "tests/company/clock.h"
#include "tests/company/company.h"
#include "tests/company/letters.h"
#include "tests/company/mail_servers.h"
#include "tests/company/mailbox.h"
#include "tests/company/outbox.h"
#include "tests/company/postman.h"
#include "tests/company/timers.h"
#include "tests/company/topics.h"
#include "tests/company/transfer.h"

#define NOREPLY_ADDRESS "noreply@company.test"

enum { ANSWERS_MOST = 20, MAIL_TEXT_MAX = 20000, IDS_MAX = 4000 };

struct desk {
    struct company *company;
    CURLM *multi;
    struct outbox *outbox;
    struct mailbox *mailbox;
    struct postman *postman;      /* on a virtual clock */
    struct post post;             /* of the last round */
    size_t mails;
};

/* A mail to write later. */
struct errand {
    struct ticket *ticket;
    enum errand_kind { ERRAND_ACKNOWLEDGE, ERRAND_ANSWER, ERRAND_REPLY } kind;
};

/* ---- writing ---- */

static void say(const struct desk *d, struct buf *out, enum words w, const struct ticket *t)
{
    char order[16];
    const struct speech speech = {
        .tongue = fault_on(&d->company->faults, FAULT_WRONG_LANGUAGE) ? TONGUE_GERMAN
                                                                      : TONGUE_ENGLISH,
        .variety = d->company->manners.same_words ? 0 : (uint32_t)t->reference[REFERENCE_MAX - 5] +
                                                        (uint32_t)t->answers,
        .name = t->name,
        .order = topic_order(&t->facts, order, sizeof order),
        .reference = t->reference,
        .address = t->facts.value[SLOT_ADDRESS],
        .matter = topic_rows[t->topic].matter, .promise = d->company->manners.promise,
    };

    words_say(out, w, &speech);
}

static void write_acknowledgement(const struct desk *d, const struct ticket *t, struct buf *out)
{
    say(d, out, WORDS_MAIL_HELLO, t);
    buf_adds(out, "\n\n");
    say(d, out, WORDS_MAIL_RECEIVED, t);
    if (!fault_on(&d->company->faults, FAULT_NO_REFERENCE))
        say(d, out, WORDS_MAIL_REFERENCE, t);
    if (!fault_on(&d->company->faults, FAULT_NO_TIME))
        say(d, out, WORDS_MAIL_TIME, t);
    buf_adds(out, "\n\n");
    say(d, out, WORDS_MAIL_AUTOMATIC, t);
    buf_adds(out, "\n\n" COMPANY_NAME " support\n");
}

static enum slot missing_slot(const struct ticket *t)
{
    for (int i = 0; i < TOPIC_NEEDS; i++) {
        enum slot need = topic_rows[t->topic].mail_needs[i];

        if (need == SLOT_NONE || !facts_has(&t->facts, need))
            return need;
    }
    return SLOT_NONE;
}

/* The matter itself: what is missing, or the solution. */
static void write_matter(const struct desk *d, struct ticket *t, struct buf *out)
{
    const struct faults *f = &d->company->faults;

    if (fault_on(f, FAULT_BOILERPLATE)) {
        say(d, out, WORDS_BOILERPLATE, t);
        return;
    }
    t->asked = missing_slot(t);
    if (t->asked != SLOT_NONE) {
        say(d, out, topic_question(t->asked), t);
        return;
    }
    say(d, out, topic_rows[t->topic].solved, t);
    t->solved = t->topic != TOPIC_NONE;
    if (fault_on(f, FAULT_CONTRADICT) && t->solved) {
        buf_adds(out, "\n\n");
        say(d, out, topic_rows[t->topic].untrue, t);
    }
}

static void quote(const struct ticket *t, struct buf *out)
{
    const char *text = t->last_text ? t->last_text : "";

    if (!*text)
        return;
    buf_addf(out, "\nOn %s, %s wrote:\n", t->last_date, t->name[0] ? t->name : "you");
    while (*text) {
        size_t n = strcspn(text, "\n");

        buf_addf(out, "> %.*s\n", (int)n, text);
        text += n;
        text += *text == '\n';
    }
}

static void write_answer(const struct desk *d, struct ticket *t, bool reply, struct buf *out)
{
    const struct faults *f = &d->company->faults;

    say(d, out, WORDS_MAIL_HELLO, t);
    buf_adds(out, "\n\n");
    if (fault_on(f, FAULT_RUDE)) {
        say(d, out, WORDS_RUDE, t);
        buf_addc(out, ' ');
    }
    if (!fault_on(f, FAULT_BOILERPLATE)) {
        say(d, out, reply ? WORDS_MAIL_LEAD_REPLY : WORDS_MAIL_LEAD, t);
        buf_addc(out, ' ');
    }
    write_matter(d, t, out);
    buf_adds(out, "\n\n");
    if (fault_on(f, FAULT_NOREPLY_MAILBOX)) {
        say(d, out, WORDS_MAIL_NOREPLY, t);
        buf_adds(out, "\n\n");
    }
    say(d, out, WORDS_MAIL_SIGNATURE, t);
    buf_addc(out, '\n');
    quote(t, out);
}

static char *make_subject(const struct desk *d, const struct ticket *t, enum errand_kind kind)
{
    bool tag = kind != ERRAND_ACKNOWLEDGE || !fault_on(&d->company->faults, FAULT_NO_REFERENCE);
    bool thread = t->last_id && *t->last_id;

    return mem_printf("%s%s%s%s%s", thread ? "Re: " : "",
                      t->subject[0] ? t->subject : "Your message to " COMPANY_NAME,
                      tag ? " [" : "", tag ? t->reference : "", tag ? "]" : "");
}

static void send_letter(struct desk *d, struct ticket *t, enum errand_kind kind, const char *text)
{
    CLEANUP(mem_freep) char *subject = make_subject(d, t, kind);
    bool automatic = kind == ERRAND_ACKNOWLEDGE;
    bool noreply = !automatic && fault_on(&d->company->faults, FAULT_NOREPLY_MAILBOX);
    char random[17];

    company_random(random, 8);
    CLEANUP(mem_freep) char *id =
        mem_printf("<%s.%d.%s@company.test>", t->reference, ++t->letters, random);
    const struct outgoing o = {
        .from_name = automatic || noreply ? COMPANY_NAME : "Jonas Weber, " COMPANY_NAME,
        .from = noreply ? NOREPLY_ADDRESS : COMPANY_ADDRESS,
        .to_name = t->name[0] ? t->name : NULL, .to = t->facts.value[SLOT_EMAIL],
        .subject = subject, .id = id, .in_reply_to = t->last_id, .references = t->references,
        .automatic = !automatic ? NULL : t->form ? "auto-generated" : "auto-replied",
        .text = text, .wall = clock_wall(d->company->clock),
    };
    outbox_send(d->outbox, o.from, o.to, letter_write(&o));
}

static void do_errand(struct company *c, void *arg)
{
    CLEANUP(buf_release) struct buf text = BUF_INIT(MAIL_TEXT_MAX);
    struct errand *e = arg;

    if (e->ticket->answers < ANSWERS_MOST) {
        if (e->kind == ERRAND_ACKNOWLEDGE)
            write_acknowledgement(c->desk, e->ticket, &text);
        else
            write_answer(c->desk, e->ticket, e->kind == ERRAND_REPLY, &text);
        send_letter(c->desk, e->ticket, e->kind, text.ptr);
        e->ticket->answers++;
    }
    free(e);
}

static void later(struct desk *d, struct ticket *t, enum errand_kind kind, int64_t after_us)
{
    struct errand *e;

    if (after_us < 0)
        return;                   /* never */
    e = mem_zero(1, sizeof *e);
    *e = (struct errand){ t, kind };
    timers_add(d->company->timers,
               (struct timer){ company_now(d->company) + after_us, do_errand, free, e });
}

/* ---- hearing ---- */

static void note_date(const struct company *c, struct ticket *t)
{
    time_t now = (time_t)clock_wall(c->clock);
    struct tm tm;

    gmtime_r(&now, &tm);
    strftime(t->last_date, sizeof t->last_date, "%a, %d %b %Y at %H:%M", &tm);
}

void desk_form(struct desk *d, struct ticket *t)
{
    const struct manners *m = &d->company->manners;

    note_date(d->company, t);
    later(d, t, ERRAND_ACKNOWLEDGE, m->ack_us);
    later(d, t, ERRAND_ANSWER, m->answer_us);
}

/* The ticket this mail belongs to: by a reference in its thread, its subject or its words. */
static struct ticket *find_ticket(struct company *c, const struct letter *l, bool *thread)
{
    const char *const places[] = { l->references, l->raw_subject, l->text };
    struct ticket *t = NULL;

    for (size_t i = 0; !t && i < ARRAY_LEN(places); i++) {
        struct heard heard;

        ear_hear(c->ear, slice_str(places[i]), SLOT_NONE, &heard);
        t = tickets_by_reference(c->tickets, heard.reference);
        *thread = t && i < 2;
    }
    return t ? t : tickets_open(c->tickets);
}

static void replace(char **owned, char *with)
{
    free(*owned);
    *owned = with;
}

static void remember(struct company *c, struct ticket *t, const struct letter *l)
{
    struct heard heard;

    company_note(c, "mail", l->text);
    ear_hear(c->ear, slice_str(l->text), t->asked, &heard);
    facts_add(&t->facts, &heard.facts);
    if (t->topic == TOPIC_NONE || t->solved) {
        struct heard subject;

        ear_hear(c->ear, slice_str(l->subject), SLOT_NONE, &subject);
        facts_add(&t->facts, &subject.facts);
        if (heard.topic || subject.topic)
            t->topic = heard.topic ? heard.topic : subject.topic;
    }
    snprintf(t->facts.value[SLOT_EMAIL], FACT_MAX, "%s", l->address);
    if (*l->name)
        snprintf(t->name, sizeof t->name, "%s", l->name);
    if (!t->subject[0])
        snprintf(t->subject, sizeof t->subject, "%s", l->subject);
    t->form = false;
    replace(&t->last_text, mem_strdup(l->text));
    replace(&t->last_id, mem_strdup(l->id));
    if (!t->references || strlen(t->references) < IDS_MAX)
        replace(&t->references, mem_printf("%s%s%s", t->references ? t->references : "",
                                           t->references ? " " : "", l->id));
    note_date(c, t);
}

static void on_mail(struct company *c, struct slice bytes)
{
    const struct manners *m = &c->manners;
    struct letter l;
    bool thread = false;

    if (letter_read(bytes, &l) == ST_OK && !l.automatic && strchr(l.address, '@')
        && !strstr(l.address, "@company.test")) {
        struct ticket *t = find_ticket(c, &l, &thread);

        remember(c, t, &l);
        if (!thread)
            later(c->desk, t, ERRAND_ACKNOWLEDGE, m->ack_us);
        later(c->desk, t, thread ? ERRAND_REPLY : ERRAND_ANSWER,
              thread ? m->reply_us : m->answer_us);
    }
    letter_release(&l);
}

/* ---- the desk ---- */

struct desk *desk_new(struct company *c, CURLM *multi, const struct mail_servers *mail,
                      const char *folder)
{
    struct desk *d = mem_zero(1, sizeof *d);

    g_mime_init();
    d->company = c;
    d->multi = multi;
    if (clock_is_virtual(c->clock))
        d->postman = postman_new(folder);
    d->outbox = outbox_new(c, multi, mail->smtp_port);
    d->mailbox = mailbox_new(c, multi, mail->imap_port, mail->support, on_mail);
    return d;
}

void desk_free(struct desk *d)
{
    if (!d)
        return;
    mailbox_free(d->mailbox);
    outbox_free(d->outbox);
    postman_free(d->postman);
    free(d);
    g_mime_shutdown();
}

void desk_run(struct desk *d)
{
    transfers_run(d->multi);
    if (!d->postman)
        return;
    d->post = postman_round(d->postman, company_now(d->company));
    d->mails += d->post.customers;
    if (d->post.support)
        mailbox_look(d->mailbox);
    if (d->post.customers || d->post.support)
        clock_happened(d->company->clock);
}

bool desk_at_rest(const struct desk *d)
{
    return !d->post.under_way && outbox_is_empty(d->outbox) && mailbox_at_rest(d->mailbox);
}

size_t desk_mails(const struct desk *d)
{
    return d->mails;
}

bool desk_ready(const struct desk *d)
{
    return outbox_ready(d->outbox) && mailbox_ready(d->mailbox);
}
