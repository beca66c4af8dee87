/* The email channel against two small servers: who gets which mail, refusals, lost connections. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "harness/base/text.h"
#include "harness/channels/channel.h"
#include "tests/unit/channels/mail_peers.h"
#include "tests/unit/support/cmocka.h"

enum { CUSTOMERS = 3, SETTINGS_MAX_BYTES = 512 };

/* One journey: its visit, and what it saw as a line per event. */
struct customer_side {
    struct visit visit;           /* first: the sink finds us by it */
    struct channel_spec spec;
    _Alignas(16) char settings[SETTINGS_MAX_BYTES];
    char id[16];
    struct buf log;
    int seq, dones;
    enum done how;
    bool closed;
    const char *close_on;         /* close the visit from inside this event, as a player may */
};

struct stage {
    struct loop *loop;
    struct arena *arena;
    struct peers peers;
    struct channel_world world;
    struct scenario scenario;
    struct visit_sink sink;
    struct customer_side side[CUSTOMERS];
    int wait_events;              /* stop the loop when that many lines are logged in all */
    int events;
};

static void close_side(struct customer_side *c)
{
    if (c->closed)
        return;
    c->closed = true;
    channel_email.cancel(&c->visit);
    channel_email.hush(&c->visit);
    channel_email.close(&c->visit);
}

static struct stage *stage_of(struct visit *v)
{
    return (struct stage *)(void *)((char *)v->sink - offsetof(struct stage, sink));
}

static int on_emit(struct visit *v, const struct event *e)
{
    struct customer_side *c = (struct customer_side *)(void *)v;
    struct stage *s = stage_of(v);

    assert_false(c->closed);
    if (e->kind != EVENT_TRANSFER) {
        buf_addf(&c->log, "%s%s%s%s", event_names[e->kind], e->code ? " " : "",
                 e->code ? e->code : "", e->kind == EVENT_FAILED && e->from == PARTY_HARNESS
                                             ? " (ours)" : "");
        if (e->kind == EVENT_MESSAGE)
            buf_addf(&c->log, " to %d", e->reply_to);
        buf_addf(&c->log, ": %s\n", e->text);
        s->events++;
    }
    if (c->close_on && !strcmp(c->close_on, event_names[e->kind]))
        close_side(c);
    if (s->wait_events && s->events >= s->wait_events)
        loop_stop(s->loop);
    return c->seq++;
}

static void on_done(struct visit *v, enum done how)
{
    struct customer_side *c = (struct customer_side *)(void *)v;

    assert_false(c->closed);
    c->dones++;
    c->how = how;
    loop_stop(stage_of(v)->loop);
}

static const char *on_render(struct visit *v, const struct template *t, struct diags *diags)
{
    (void)v;
    (void)diags;
    return t->source;
}

static void on_secret(struct visit *v, const char *text)
{
    (void)v;
    assert_true(!strcmp(text, "s3cret/") || !strcmp(text, "s3cret%2F"));
}

static void set(struct stage *s, struct customer_side *c, const char *name, const void *value,
                size_t size)
{
    (void)s;
    for (const struct field *f = channel_email.settings->fields; f->name; f++) {
        if (!strcmp(f->name, name)) {
            memcpy(c->settings + f->offset, value, size);
            return;
        }
    }
    fail_msg("no setting %s", name);
}

static void set_text(struct stage *s, struct customer_side *c, const char *name, const char *text)
{
    const struct template *t = template_literal(s->arena, text);

    set(s, c, name, &t, sizeof t);
}

static void prepare(struct stage *s, int i)
{
    struct customer_side *c = &s->side[i];
    int64_t poll = 20 * US_PER_MS, retry = 50 * US_PER_MS;

    snprintf(c->id, sizeof c->id, "j%d", i);
    buf_init(&c->log, 100000);
    c->spec = (struct channel_spec){ .name = "inbox", .type = "email", .family = FAMILY_EMAIL,
                                     .settings = c->settings };
    set_text(s, c, "to", "support@company.test");
    set_text(s, c, "from", arena_printf(s->arena, "maya+%d@shopper.test", i));
    set_text(s, c, "smtp", arena_printf(s->arena, "smtp://127.0.0.1:%d", s->peers.smtp_port));
    set_text(s, c, "imap", arena_printf(s->arena, "imap://maya:s3cret%%2F@127.0.0.1:%d",
                                        s->peers.imap_port));
    set(s, c, "poll", &poll, sizeof poll);
    set(s, c, "retry", &retry, sizeof retry);
    c->visit = (struct visit){
        .channel = &channel_email, .world = &s->world, .scenario = &s->scenario, .spec = &c->spec,
        .customer_name = "Maya", .customer_email = "maya@shopper.test", .language = "en",
        .run_id = "run", .journey_id = c->id, .arena = s->arena,
        .state = arena_alloc(s->arena, channel_email.state_size), .sink = &s->sink,
    };
}

static struct stage *stage_new(enum clock_kind clock)
{
    struct stage *s = mem_zero(1, sizeof *s);

    assert_true(channel_email.settings->size <= SETTINGS_MAX_BYTES);
    s->loop = loop_new(clock);
    s->arena = arena_new();
    s->world = (struct channel_world){ .loop = s->loop, .user_agent = "test" };
    s->sink = (struct visit_sink){ on_emit, on_done, on_render, on_secret };
    peers_start(&s->peers, s->loop);
    for (int i = 0; i < CUSTOMERS; i++)
        prepare(s, i);
    return s;
}

static void stage_free(struct stage *s)
{
    for (int i = 0; i < CUSTOMERS; i++) {
        close_side(&s->side[i]);
        buf_release(&s->side[i].log);
    }
    mailboxes_free(s->world.mailboxes);
    peers_stop(&s->peers);
    loop_free(s->loop);
    arena_free(s->arena);
    free(s);
}

static void open_side(struct stage *s, int i)
{
    struct diags diags;

    diags_init(&diags);
    assert_int_equal(channel_email.open(&s->side[i].visit, &diags), ST_OK);
    assert_int_equal(diags.count, 0);
    diags_release(&diags);
}

static void too_long(void *context)
{
    struct stage *s = context;

    for (int i = 0; i < CUSTOMERS; i++)
        print_error("%d: %s", i, s->side[i].log.ptr);
    fail_msg("nothing more happened for 20 s");
}

static void run(struct stage *s)
{
    struct timer *watchdog = timer_start(s->loop, loop_now(s->loop) + 20 * US_PER_S, too_long, s);

    loop_run(s->loop);
    timer_cancel(watchdog);
}

static void run_until_events(struct stage *s, int count)
{
    s->wait_events = count;
    if (s->events < count)
        run(s);
    s->wait_events = 0;
}

static enum done act(struct stage *s, int i, enum verb verb, const char *text)
{
    struct customer_side *c = &s->side[i];
    struct action a = { .verb = verb, .text = text, .subject = verb == VERB_SEND ? "Kettle" : NULL,
                        .repeats_seq = -1 };
    int before = c->dones;

    assert_int_equal(channel_email.act(&c->visit, &a), ST_OK);
    assert_int_equal(c->dones, before);   /* never from inside */
    while (c->dones == before)
        run(s);
    assert_int_equal(c->dones, before + 1);
    return c->how;
}

static int64_t wall(void)
{
    return (int64_t)time(NULL);
}

static void deliver(struct stage *s, const char *headers, const char *text)
{
    char *mail = mem_printf("From: Support <support@company.test>\r\n%s\r\n\r\n%s\r\n", headers,
                            text);

    peers_deliver(&s->peers, mail, wall());
    free(mail);
}

/* Cases */

static void each_mail_goes_to_its_journey(void **state)
{
    struct stage *s = stage_new(CLOCK_REAL);

    (void)state;
    peers_deliver(&s->peers, "To: maya+0@shopper.test\r\n\r\nold\r\n", wall() - 3600);
    for (int i = 0; i < CUSTOMERS; i++)
        open_side(s, i);
    assert_int_equal(act(s, 0, VERB_SEND, "My kettle leaks."), DONE_OK);
    assert_int_equal(act(s, 1, VERB_SEND, "Mine too."), DONE_OK);
    channel_email.listen(&s->side[2].visit);
    assert_int_equal(s->peers.imap_connections, 1);

    deliver(s, "In-Reply-To: <run.j1.0-1@shopper.test>\r\nSubject: [#71] Re: Kettle", "to one");
    deliver(s, "To: someone@else.test\r\nSubject: offer", "foreign");
    deliver(s, "To: maya+0@shopper.test\r\nSubject: Re: Kettle", "to zero");
    deliver(s, "Delivered-To: maya+2@shopper.test\r\nSubject: Your form", "to two");
    deliver(s, "Subject: #71 again", "to one again");
    deliver(s, "To: maya+0@shopper.test\r\nIn-Reply-To: <other.run@shopper.test>", "stale");
    run_until_events(s, 2 + 4);
    assert_string_equal(s->side[0].log.ptr, "sent: My kettle leaks.\nmessage to -1: to zero\n");
    assert_string_equal(s->side[1].log.ptr,
                        "sent: Mine too.\nmessage to 1: to one\nmessage to -1: to one again\n");
    assert_string_equal(s->side[2].log.ptr, "message to -1: to two\n");
    stage_free(s);
}

/* Mail overtakes mail: the answer to the company's first mail is there before that mail is. */
static void what_is_learned_later_claims_what_came_before(void **state)
{
    struct stage *s = stage_new(CLOCK_REAL);

    (void)state;
    open_side(s, 0);
    open_side(s, 1);
    assert_int_equal(act(s, 0, VERB_SEND, "One."), DONE_OK);
    channel_email.listen(&s->side[1].visit);
    deliver(s, "In-Reply-To: <t1@company.test>\r\nTo: list@company.test", "second");
    deliver(s, "In-Reply-To: <t9@company.test>\r\nTo: list@company.test", "foreign");
    deliver(s, "In-Reply-To: <run.j0.0-1@shopper.test>\r\nMessage-ID: <t1@company.test>", "first");
    run_until_events(s, 3);
    assert_string_equal(s->side[0].log.ptr,
                        "sent: One.\nmessage to 1: first\nmessage to -1: second\n");
    assert_string_equal(s->side[1].log.ptr, "");
    stage_free(s);
}

static void replies_stay_in_the_thread(void **state)
{
    struct stage *s = stage_new(CLOCK_REAL);

    (void)state;
    open_side(s, 0);
    assert_int_equal(act(s, 0, VERB_SEND, "One."), DONE_OK);
    assert_int_equal(act(s, 0, VERB_CHASE, "Anybody?"), DONE_OK);
    assert_non_null(strstr(s->peers.received.ptr, "\nSubject: Re: Kettle\r\n"));
    assert_non_null(strstr(s->peers.received.ptr, "\nIn-Reply-To: <run.j0.0-1@shopper.test>\r\n"));

    deliver(s, "Reply-To: <help+71@company.test>\r\nMessage-ID: <t1@company.test>\r\n"
               "In-Reply-To: <run.j0.0-2@shopper.test>\r\nSubject: [#71] Re: Kettle",
            "Which kettle?");
    run_until_events(s, 3);
    assert_int_equal(act(s, 0, VERB_REPLY, "The red one.\n.\n..x"), DONE_OK);

    const char *wire = s->peers.received.ptr;

    assert_non_null(strstr(wire, "\nTo: help+71@company.test\r\n"));
    assert_non_null(strstr(wire, "\nSubject: Re: [#71] Re: Kettle\r\n"));
    assert_non_null(strstr(wire, "\nIn-Reply-To: <t1@company.test>\r\n"));
    assert_non_null(strstr(wire, "<run.j0.0-2@shopper.test>"));
    assert_non_null(strstr(wire, "\r\nThe red one.\r\n..\r\n...x\r\n\r\n"));
    assert_non_null(strstr(wire, "\r\n> Which kettle?\r\n"));
    assert_non_null(strstr(s->side[0].log.ptr, "sent: The red one.\n.\n..x\n"));
    stage_free(s);
}

static void answer_before_250(struct peers *p)
{
    struct stage *s = p->context;

    deliver(s, "In-Reply-To: <run.j0.0-1@shopper.test>\r\nAuto-Submitted: auto-replied", "Early.");
    p->on_data = NULL;
}

static void an_answer_may_be_faster_than_our_250(void **state)
{
    struct stage *s = stage_new(CLOCK_REAL);

    (void)state;
    s->peers.on_data = answer_before_250;
    s->peers.context = s;
    open_side(s, 0);
    assert_int_equal(act(s, 0, VERB_SEND, "Hi."), DONE_OK);
    run_until_events(s, 2);
    assert_string_equal(s->side[0].log.ptr, "sent: Hi.\nmessage to 1: Early.\n");
    stage_free(s);
}

static void wait_for(struct stage *s, const char *text)
{
    while (!strstr(s->side[0].log.ptr, text)) {
        s->wait_events = s->events + 1;
        run(s);
    }
}

static void expect_once(const char *log, const char *text)
{
    const char *first = strstr(log, text);

    assert_non_null(first);
    assert_null(strstr(first + 1, text));
}

/* The server hangs up at its N-th command, for every N: nothing is lost, nothing comes twice. The
 * virtual clock jumps over the pauses between our tries. */
static void cut_everywhere(bool idle)
{
    for (int cut = 0; cut < 16; cut++) {
        struct stage *s = stage_new(CLOCK_VIRTUAL);
        struct customer_side *c = &s->side[0];

        s->peers.cut_at = cut;
        s->peers.idle = idle;
        open_side(s, 0);
        channel_email.listen(&c->visit);
        deliver(s, "To: maya+0@shopper.test", "first");
        deliver(s, "To: maya+0@shopper.test", "second");
        wait_for(s, "second");
        deliver(s, "To: maya+0@shopper.test", "third");
        wait_for(s, "third");
        for (const char *p = c->log.ptr; (p = strstr(p, "note")); p++)
            assert_non_null(strstr(p, "trying again"));
        expect_once(c->log.ptr, "first");
        expect_once(c->log.ptr, "second");
        assert_true(strstr(c->log.ptr, "first") < strstr(c->log.ptr, "second"));
        stage_free(s);
    }
}

static void nothing_is_lost_when_the_connection_is(void **state)
{
    (void)state;
    cut_everywhere(false);
}

static void nothing_is_lost_when_it_is_while_idling(void **state)
{
    (void)state;
    cut_everywhere(true);
}

static void deliver_third(void *context)
{
    deliver(context, "To: maya+0@shopper.test", "third");
}

static void cut_all(void *context)
{
    peers_cut(&((struct stage *)context)->peers);
}

/* With a look only every hour, what comes is known by IDLE alone. */
static void idle_tells_of_mail_at_once(void **state)
{
    struct stage *s = stage_new(CLOCK_REAL);
    struct customer_side *c = &s->side[0];
    int64_t began = loop_now(s->loop);

    (void)state;
    set(s, c, "poll", &(int64_t){ 3600 * US_PER_S }, sizeof(int64_t));
    s->peers.idle = true;
    open_side(s, 0);
    channel_email.listen(&c->visit);
    deliver(s, "To: maya+0@shopper.test", "first");
    wait_for(s, "first");
    timer_start(s->loop, loop_now(s->loop) + 20 * US_PER_MS, deliver_third, s);
    wait_for(s, "third");
    assert_true(loop_now(s->loop) - began < 10 * US_PER_S);
    assert_true(s->peers.idles >= 1);
    /* The server goes away while we idle, and what came meanwhile is found when it is back. */
    timer_start(s->loop, loop_now(s->loop) + 20 * US_PER_MS, cut_all, s);
    wait_for(s, "note");
    deliver(s, "To: maya+0@shopper.test", "fourth");
    wait_for(s, "fourth");
    expect_once(c->log.ptr, "third");
    expect_once(c->log.ptr, "fourth");
    stage_free(s);
}

static void idle_that_is_refused_is_not_needed(void **state)
{
    struct stage *s = stage_new(CLOCK_VIRTUAL);

    (void)state;
    s->peers.idle = s->peers.refuse_idle = true;
    open_side(s, 0);
    channel_email.listen(&s->side[0].visit);
    deliver(s, "To: maya+0@shopper.test", "first");
    wait_for(s, "first");
    deliver_third(s);
    wait_for(s, "third");
    assert_int_equal(s->peers.imap_connections, 1);
    stage_free(s);
}

static void renumbered_mail_does_not_come_twice(void **state)
{
    struct stage *s = stage_new(CLOCK_VIRTUAL);
    struct customer_side *c = &s->side[0];

    (void)state;
    open_side(s, 0);
    channel_email.listen(&c->visit);
    deliver(s, "To: maya+0@shopper.test", "first");
    run_until_events(s, 1);
    s->peers.validity = 18;
    s->peers.uid_base = 500;
    deliver(s, "To: maya+0@shopper.test", "second");
    peers_cut(&s->peers);
    while (!strstr(c->log.ptr, "second")) {
        s->wait_events = s->events + 1;
        run(s);
    }
    assert_null(strstr(strstr(c->log.ptr, "first") + 1, "first"));
    stage_free(s);
}

static const struct refusal {
    const char *name, *command, *reply;
    int times;
    enum done how;
    const char *log;
} refusals[] = {
    { "recipient unknown", "RCPT", "550-5.1.1 no\r\n550 such mailbox\r\n", -1, DONE_COMPANY_FAILED,
      "failed refused_mail: 550 5.1.1 no such mailbox\n" },
    { "looks like spam", ".", "554 5.7.1 not wanted here\r\n", -1, DONE_COMPANY_FAILED,
      "failed refused_mail: 554 5.7.1 not wanted here\n" },
    { "too large", "DATA", "552 too big\r\n", -1, DONE_COMPANY_FAILED,
      "failed refused_mail: 552 too big\n" },
    { "greylisted once", "RCPT", "451 4.7.1 later\r\n", 1, DONE_OK,
      "note: the mail server asks to try again later (451 4.7.1 later): next try in 50 ms\n"
      "sent: Hi.\n" },
    { "greylisted for ever", "RCPT", "450 later\r\n", -1, DONE_COMPANY_FAILED,
      "note: the mail server asks to try again later (450 later): next try in 50 ms\n"
      "note: the mail server asks to try again later (450 later): next try in 250 ms\n"
      "failed refused_mail: not taken after 3 tries: 450 later\n" },
    { "sender refused", "MAIL", "550 who are you\r\n", -1, DONE_OUR_FAILED, "550 who are you" },
    { "relaying", "RCPT", "550 5.7.1 relay not permitted\r\n", -1, DONE_OUR_FAILED,
      "550 5.7.1 relay not permitted" },
    { "login wanted", "MAIL", "530 5.7.0 log in first\r\n", -1, DONE_OUR_FAILED, "log in first" },
    { "hung up at RCPT", "RCPT", NULL, -1, DONE_OUR_FAILED, "closed the connection" },
    { "hung up after the dot", ".", NULL, -1, DONE_OUR_FAILED, "is not sent again" },
    { "no SMTP at all", "MAIL", "hello?\r\n", -1, DONE_OUR_FAILED, "is not SMTP" },
};

static void check_refusal(void **state)
{
    const struct refusal *r = *state;
    struct stage *s = stage_new(CLOCK_REAL);
    struct customer_side *c = &s->side[0];

    s->peers.smtp_refuse = r->command;
    s->peers.smtp_reply = r->reply;
    s->peers.smtp_refusals = r->times;
    open_side(s, 0);
    assert_int_equal(act(s, 0, VERB_SEND, "Hi."), r->how);
    if (r->how == DONE_OUR_FAILED) {
        assert_true(text_starts_with(c->log.ptr, "failed (ours): "));
        assert_non_null(strstr(c->log.ptr, r->log));
        assert_in_range(s->peers.smtp_connections, 1, 1);
    } else {
        assert_string_equal(c->log.ptr, r->log);
    }
    assert_int_equal(s->peers.smtp_mails, r->how == DONE_OK);
    stage_free(s);
}

static void nothing_is_sent_when_we_cannot_hear(void **state)
{
    struct stage *s = stage_new(CLOCK_REAL);

    (void)state;
    s->peers.refuse_login = true;
    open_side(s, 0);
    open_side(s, 1);
    assert_int_equal(act(s, 0, VERB_SEND, "Hi."), DONE_OUR_FAILED);
    assert_non_null(strstr(s->side[0].log.ptr, "refused the login"));
    channel_email.listen(&s->side[1].visit);
    run_until_events(s, 2);
    assert_true(text_starts_with(s->side[1].log.ptr, "failed (ours): "));
    assert_int_equal(s->peers.smtp_connections, 0);
    stage_free(s);
}

static void bounces_are_failures(void **state)
{
    struct stage *s = stage_new(CLOCK_REAL);

    (void)state;
    open_side(s, 0);
    assert_int_equal(act(s, 0, VERB_SEND, "Hi."), DONE_OK);
    deliver(s, "Return-Path: <>\r\nX-Failed-Recipients: support@company.test\r\n"
               "References: <run.j0.0-1@shopper.test>\r\nSubject: failure", "No such user.");
    run_until_events(s, 2);
    assert_string_equal(s->side[0].log.ptr, "sent: Hi.\nfailed bounced: No such user.\n");
    stage_free(s);
}

/* Whatever is under way when a visit is closed: no callback, no leak, and the others go on. */
static void close_later(void *context)
{
    struct stage *s = context;

    close_side(&s->side[0]);
    loop_stop(s->loop);
}

static void a_visit_may_be_closed_at_any_time(void **state)
{
    (void)state;
    for (int64_t us = 0; us < 12000; us += 400) {
        struct stage *s = stage_new(CLOCK_REAL);
        struct action a = { .verb = VERB_SEND, .text = "Hi.", .subject = "x", .repeats_seq = -1 };

        open_side(s, 0);
        open_side(s, 1);
        assert_int_equal(channel_email.act(&s->side[0].visit, &a), ST_OK);
        channel_email.listen(&s->side[1].visit);
        timer_start(s->loop, loop_now(s->loop) + us, close_later, s);
        while (!s->side[0].closed)
            run(s);
        s->events = 0;
        deliver(s, "To: maya+1@shopper.test", "still here");
        run_until_events(s, 1);
        assert_string_equal(s->side[1].log.ptr, "message to -1: still here\n");
        stage_free(s);
    }
}

static void a_visit_may_close_itself_inside_its_events(void **state)
{
    (void)state;

    struct stage *s = stage_new(CLOCK_REAL);

    s->side[0].close_on = "message";
    for (int i = 0; i < 2; i++) {
        open_side(s, i);
        channel_email.listen(&s->side[i].visit);
    }
    deliver(s, "To: maya+0@shopper.test", "the end");
    deliver(s, "To: maya+0@shopper.test", "too late");
    deliver(s, "To: maya+1@shopper.test", "other");
    run_until_events(s, 2);
    assert_string_equal(s->side[0].log.ptr, "message to -1: the end\n");
    assert_string_equal(s->side[1].log.ptr, "message to -1: other\n");
    stage_free(s);
}

static void the_loop_ends_when_nobody_listens(void **state)
{
    struct stage *s = stage_new(CLOCK_REAL);

    (void)state;
    open_side(s, 0);
    channel_email.listen(&s->side[0].visit);
    deliver(s, "To: maya+0@shopper.test", "first");
    run_until_events(s, 1);
    channel_email.hush(&s->side[0].visit);
    deliver(s, "To: maya+0@shopper.test", "while nobody listened");
    channel_email.listen(&s->side[0].visit);
    run_until_events(s, 2);
    assert_int_equal(s->peers.imap_connections, 1);
    channel_email.hush(&s->side[0].visit);
    timer_start(s->loop, loop_now(s->loop) + 20 * US_PER_MS, (timer_fn *)(void (*)(void))loop_stop,
                s->loop);
    run(s);
    assert_null(s->peers.open);   /* we have hung up */
    stage_free(s);
}

static const struct bad { const char *name, *field, *value, *says; } bad[] = {
    { "smtp is http", "smtp", "http://x", "not smtp:// or smtps://" },
    { "smtp is no URL", "smtp", "nonsense here", "not" },
    { "imap without user", "imap", "imap://x", "names no mailbox user" },
    { "imap line break", "imap", "imap://a%0d%0ab:c@x", "control characters" },
    { "two recipients", "to", "a@b.test, c@d.test", "not one email address" },
    { "recipient with a line break", "to", "a@b.test\r\nBcc: x@y.test", "not one email address" },
    { "no sender", "from", "nobody", "not one email address" },
};

static void check_bad(void **state)
{
    const struct bad *b = *state;
    struct stage *s = stage_new(CLOCK_REAL);
    struct diags diags;

    diags_init(&diags);
    set_text(s, &s->side[0], b->field, b->value);
    assert_int_equal(channel_email.open(&s->side[0].visit, &diags), ST_INVALID);
    assert_int_equal(diags.errors, 1);
    assert_non_null(strstr(diags.items[0].what, b->says));
    assert_null(strstr(diags.items[0].what, "s3cret"));
    diags_release(&diags);
    stage_free(s);
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        cmocka_unit_test(each_mail_goes_to_its_journey),
        cmocka_unit_test(what_is_learned_later_claims_what_came_before),
        cmocka_unit_test(replies_stay_in_the_thread),
        cmocka_unit_test(an_answer_may_be_faster_than_our_250),
        cmocka_unit_test(nothing_is_lost_when_the_connection_is),
        cmocka_unit_test(nothing_is_lost_when_it_is_while_idling),
        cmocka_unit_test(idle_tells_of_mail_at_once),
        cmocka_unit_test(idle_that_is_refused_is_not_needed),
        cmocka_unit_test(renumbered_mail_does_not_come_twice),
        cmocka_unit_test(nothing_is_sent_when_we_cannot_hear),
        cmocka_unit_test(bounces_are_failures),
        cmocka_unit_test(a_visit_may_be_closed_at_any_time),
        cmocka_unit_test(a_visit_may_close_itself_inside_its_events),
        cmocka_unit_test(the_loop_ends_when_nobody_listens),
    };
    struct CMUnitTest tests[ARRAY_LEN(cases) + ARRAY_LEN(refusals) + ARRAY_LEN(bad)];
    size_t n = 0;

    for (; n < ARRAY_LEN(cases); n++)
        tests[n] = cases[n];
    for (size_t i = 0; i < ARRAY_LEN(refusals); i++)
        tests[n++] = (struct CMUnitTest){ .name = refusals[i].name, .test_func = check_refusal,
                                          .initial_state = (void *)(uintptr_t)&refusals[i] };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        tests[n++] = (struct CMUnitTest){ .name = bad[i].name, .test_func = check_bad,
                                          .initial_state = (void *)(uintptr_t)&bad[i] };
    return cmocka_run_group_tests_name("mail_channel", tests, NULL, NULL);
}
