/* The email channel against two small servers: who gets which mail, refusals, closing. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "harness/base/text.h"
#include "tests/unit/channels/mail_stage.h"
#include "tests/unit/support/cmocka.h"

/* Cases */

static void each_mail_goes_to_its_journey(void **state)
{
    struct stage *s = stage_new(CLOCK_REAL);

    (void)state;
    peers_deliver(&s->peers, "To: maya+0@shopper.test\r\n\r\nold\r\n", (int64_t)time(NULL) - 3600);
    for (int i = 0; i < CUSTOMERS; i++)
        stage_open_side(s, i);
    assert_int_equal(stage_act(s, 0, VERB_SEND, "My kettle leaks."), DONE_OK);
    assert_int_equal(stage_act(s, 1, VERB_SEND, "Mine too."), DONE_OK);
    channel_email.listen(&s->side[2].visit);
    assert_int_equal(s->peers.imap_connections, 1);

    stage_deliver(s, "In-Reply-To: <run.j1.0-1@shopper.test>\r\nSubject: [#71] Re: Kettle", "to one");
    stage_deliver(s, "To: someone@else.test\r\nSubject: offer", "foreign");
    stage_deliver(s, "To: maya+0@shopper.test\r\nSubject: Re: Kettle", "to zero");
    stage_deliver(s, "Delivered-To: maya+2@shopper.test\r\nSubject: Your form", "to two");
    stage_deliver(s, "Subject: #71 again", "to one again");
    stage_deliver(s, "To: maya+0@shopper.test\r\nIn-Reply-To: <other.run@shopper.test>", "stale");
    stage_run_until_events(s, 2 + 4);
    assert_string_equal(s->side[0].log.ptr, "sent: My kettle leaks.\nmessage to -1: to zero\n");
    assert_string_equal(s->side[1].log.ptr,
                        "sent: Mine too.\nmessage to 1: to one\nmessage to -1: to one again\n");
    assert_string_equal(s->side[2].log.ptr, "message to -1: to two\n");
    assert_string_equal(s->side[1].matched.ptr,
                        "our message id: run.j1.0-1@shopper.test\nthe reference in the subject: #71\n");
    assert_string_equal(s->side[2].matched.ptr, "the recipient address: maya+2@shopper.test\n");
    assert_string_equal(s->side[0].echo.ptr, "unclear, 50 %: none of kettle, leaks\n");
    assert_int_equal(s->side[2].echo.len, 0);        /* nothing was asked */
    stage_free(s);
}

/* Mail overtakes mail: the answer to the company's first mail is there before that mail is. */
static void what_is_learned_later_claims_what_came_before(void **state)
{
    struct stage *s = stage_new(CLOCK_REAL);

    (void)state;
    stage_open_side(s, 0);
    stage_open_side(s, 1);
    assert_int_equal(stage_act(s, 0, VERB_SEND, "One."), DONE_OK);
    channel_email.listen(&s->side[1].visit);
    stage_deliver(s, "In-Reply-To: <t1@company.test>\r\nTo: list@company.test", "second");
    stage_deliver(s, "In-Reply-To: <t9@company.test>\r\nTo: list@company.test", "foreign");
    stage_deliver(s, "In-Reply-To: <run.j0.0-1@shopper.test>\r\nMessage-ID: <t1@company.test>", "first");
    stage_run_until_events(s, 3);
    assert_string_equal(s->side[0].log.ptr,
                        "sent: One.\nmessage to 1: first\nmessage to -1: second\n");
    assert_string_equal(s->side[1].log.ptr, "");
    stage_free(s);
}

static void replies_stay_in_the_thread(void **state)
{
    struct stage *s = stage_new(CLOCK_REAL);

    (void)state;
    stage_open_side(s, 0);
    assert_int_equal(stage_act(s, 0, VERB_SEND, "One."), DONE_OK);
    assert_int_equal(stage_act(s, 0, VERB_CHASE, "Anybody?"), DONE_OK);
    assert_non_null(strstr(s->peers.received.ptr, "\nSubject: Re: Kettle\r\n"));
    assert_non_null(strstr(s->peers.received.ptr, "\nIn-Reply-To: <run.j0.0-1@shopper.test>\r\n"));

    stage_deliver(s, "Reply-To: <help+71@company.test>\r\nMessage-ID: <t1@company.test>\r\n"
               "In-Reply-To: <run.j0.0-2@shopper.test>\r\nSubject: [#71] Re: Kettle",
            "Which kettle?");
    stage_run_until_events(s, 3);
    assert_int_equal(stage_act(s, 0, VERB_REPLY, "The red one.\n.\n..x"), DONE_OK);

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

    stage_deliver(s, "In-Reply-To: <run.j0.0-1@shopper.test>\r\nAuto-Submitted: auto-replied", "Early.");
    p->on_data = NULL;
}

static void an_answer_may_be_faster_than_our_250(void **state)
{
    struct stage *s = stage_new(CLOCK_REAL);

    (void)state;
    s->peers.on_data = answer_before_250;
    s->peers.context = s;
    stage_open_side(s, 0);
    assert_int_equal(stage_act(s, 0, VERB_SEND, "Hi."), DONE_OK);
    stage_run_until_events(s, 2);
    assert_string_equal(s->side[0].log.ptr, "sent: Hi.\nmessage to 1: Early.\n");
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
    stage_open_side(s, 0);
    assert_int_equal(stage_act(s, 0, VERB_SEND, "Hi."), r->how);
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
    stage_open_side(s, 0);
    stage_open_side(s, 1);
    assert_int_equal(stage_act(s, 0, VERB_SEND, "Hi."), DONE_OUR_FAILED);
    assert_non_null(strstr(s->side[0].log.ptr, "refused the login"));
    channel_email.listen(&s->side[1].visit);
    stage_run_until_events(s, 2);
    assert_true(text_starts_with(s->side[1].log.ptr, "failed (ours): "));
    assert_int_equal(s->peers.smtp_connections, 0);
    stage_free(s);
}

static void bounces_are_failures(void **state)
{
    struct stage *s = stage_new(CLOCK_REAL);

    (void)state;
    stage_open_side(s, 0);
    assert_int_equal(stage_act(s, 0, VERB_SEND, "Hi."), DONE_OK);
    stage_deliver(s, "Return-Path: <>\r\nX-Failed-Recipients: support@company.test\r\n"
               "References: <run.j0.0-1@shopper.test>\r\nSubject: failure", "No such user.");
    stage_run_until_events(s, 2);
    assert_string_equal(s->side[0].log.ptr, "sent: Hi.\nfailed bounced: No such user.\n");
    stage_free(s);
}

/* Whatever is under way when a visit is closed: no callback, no leak, and the others go on. */
static void close_later(void *context)
{
    struct stage *s = context;

    stage_close_side(&s->side[0]);
    loop_stop(s->loop);
}

static void a_visit_may_be_closed_at_any_time(void **state)
{
    (void)state;
    for (int64_t us = 0; us < 12000; us += 400) {
        struct stage *s = stage_new(CLOCK_REAL);
        struct action a = { .verb = VERB_SEND, .text = "Hi.", .subject = "x", .repeats_seq = -1 };

        stage_open_side(s, 0);
        stage_open_side(s, 1);
        assert_int_equal(channel_email.act(&s->side[0].visit, &a), ST_OK);
        channel_email.listen(&s->side[1].visit);
        timer_start(s->loop, loop_now(s->loop) + us, close_later, s);
        while (!s->side[0].closed)
            stage_run(s);
        s->events = 0;
        stage_deliver(s, "To: maya+1@shopper.test", "still here");
        stage_run_until_events(s, 1);
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
        stage_open_side(s, i);
        channel_email.listen(&s->side[i].visit);
    }
    stage_deliver(s, "To: maya+0@shopper.test", "the end");
    stage_deliver(s, "To: maya+0@shopper.test", "too late");
    stage_deliver(s, "To: maya+1@shopper.test", "other");
    stage_run_until_events(s, 2);
    assert_string_equal(s->side[0].log.ptr, "message to -1: the end\n");
    assert_string_equal(s->side[1].log.ptr, "message to -1: other\n");
    stage_free(s);
}

static void the_loop_ends_when_nobody_listens(void **state)
{
    struct stage *s = stage_new(CLOCK_REAL);

    (void)state;
    stage_open_side(s, 0);
    channel_email.listen(&s->side[0].visit);
    stage_deliver(s, "To: maya+0@shopper.test", "first");
    stage_run_until_events(s, 1);
    channel_email.hush(&s->side[0].visit);
    stage_deliver(s, "To: maya+0@shopper.test", "while nobody listened");
    channel_email.listen(&s->side[0].visit);
    stage_run_until_events(s, 2);
    assert_int_equal(s->peers.imap_connections, 1);
    channel_email.hush(&s->side[0].visit);
    timer_start(s->loop, loop_now(s->loop) + 20 * US_PER_MS, (timer_fn *)(void (*)(void))loop_stop,
                s->loop);
    stage_run(s);
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
    stage_set_text(s, &s->side[0], b->field, b->value);
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
