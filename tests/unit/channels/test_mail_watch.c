/* Watching a mailbox: IDLE and polling, lost connections, renumbered mail. */
#include <string.h>

#include "tests/unit/channels/mail_stage.h"
#include "tests/unit/support/cmocka.h"

/* The server hangs up at its N-th command, for every N: nothing is lost, nothing comes twice. The
 * virtual clock jumps over the pauses between our tries. */
static void cut_everywhere(bool idle)
{
    for (int cut = 0; cut < 16; cut++) {
        struct stage *s = stage_new(CLOCK_VIRTUAL);
        struct customer_side *c = &s->side[0];

        s->peers.cut_at = cut;
        s->peers.idle = idle;
        stage_open_side(s, 0);
        channel_email.listen(&c->visit);
        stage_deliver(s, "To: maya+0@shopper.test", "first");
        stage_deliver(s, "To: maya+0@shopper.test", "second");
        stage_wait_for(s, "second");
        stage_deliver(s, "To: maya+0@shopper.test", "third");
        stage_wait_for(s, "third");
        for (const char *p = c->log.ptr; (p = strstr(p, "note")); p++)
            assert_non_null(strstr(p, "trying again"));
        stage_expect_once(c->log.ptr, "first");
        stage_expect_once(c->log.ptr, "second");
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

/* TLS does that: a mail comes in one packet, the end of the answer to FETCH in the next. */
static void answers_may_come_in_pieces(void **state)
{
    struct stage *s = stage_new(CLOCK_REAL);
    struct customer_side *c = &s->side[0];

    (void)state;
    s->peers.late_tags = true;
    stage_open_side(s, 0);
    channel_email.listen(&c->visit);
    for (int i = 0; i < 5; i++)
        stage_deliver(s, "To: maya+0@shopper.test", arena_printf(s->arena, "mail %d", i));
    stage_run_until_events(s, 5);
    assert_string_equal(c->log.ptr, "message to -1: mail 0\nmessage to -1: mail 1\n"
                                    "message to -1: mail 2\nmessage to -1: mail 3\n"
                                    "message to -1: mail 4\n");
    stage_free(s);
}

static void deliver_third(void *context)
{
    stage_deliver(context, "To: maya+0@shopper.test", "third");
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
    stage_set(s, c, "poll", &(int64_t){ 3600 * US_PER_S }, sizeof(int64_t));
    s->peers.idle = true;
    stage_open_side(s, 0);
    channel_email.listen(&c->visit);
    stage_deliver(s, "To: maya+0@shopper.test", "first");
    stage_wait_for(s, "first");
    timer_start(s->loop, loop_now(s->loop) + 20 * US_PER_MS, deliver_third, s);
    stage_wait_for(s, "third");
    assert_true(loop_now(s->loop) - began < 10 * US_PER_S);
    assert_true(s->peers.idles >= 1);
    /* The server goes away while we idle, and what came meanwhile is found when it is back. */
    timer_start(s->loop, loop_now(s->loop) + 20 * US_PER_MS, cut_all, s);
    stage_wait_for(s, "note");
    stage_deliver(s, "To: maya+0@shopper.test", "fourth");
    stage_wait_for(s, "fourth");
    stage_expect_once(c->log.ptr, "third");
    stage_expect_once(c->log.ptr, "fourth");
    stage_free(s);
}

static void idle_that_is_refused_is_not_needed(void **state)
{
    struct stage *s = stage_new(CLOCK_VIRTUAL);

    (void)state;
    s->peers.idle = s->peers.refuse_idle = true;
    stage_open_side(s, 0);
    channel_email.listen(&s->side[0].visit);
    stage_deliver(s, "To: maya+0@shopper.test", "first");
    stage_wait_for(s, "first");
    deliver_third(s);
    stage_wait_for(s, "third");
    assert_int_equal(s->peers.imap_connections, 1);
    stage_free(s);
}

static void renumbered_mail_does_not_come_twice(void **state)
{
    struct stage *s = stage_new(CLOCK_VIRTUAL);
    struct customer_side *c = &s->side[0];

    (void)state;
    stage_open_side(s, 0);
    channel_email.listen(&c->visit);
    stage_deliver(s, "To: maya+0@shopper.test", "first");
    stage_run_until_events(s, 1);
    s->peers.validity = 18;
    s->peers.uid_base = 500;
    stage_deliver(s, "To: maya+0@shopper.test", "second");
    peers_cut(&s->peers);
    while (!strstr(c->log.ptr, "second")) {
        s->wait_events = s->events + 1;
        stage_run(s);
    }
    assert_null(strstr(strstr(c->log.ptr, "first") + 1, "first"));
    stage_free(s);
}

static void deliver_junk(struct stage *s, const char *text)
{
    s->peers.junk[s->peers.mail_count] = true;
    stage_deliver(s, "To: maya+0@shopper.test\r\n"
                     "Authentication-Results: mx.shopper.test;\r\n\tspf=pass smtp.mailfrom=x.test;"
                     " dkim=fail (bad key);\r\n dmarc=none", text);
}

static void the_spam_folder_is_found_and_watched(void **state)
{
    struct stage *s = stage_new(CLOCK_REAL);
    struct customer_side *c = &s->side[0];

    (void)state;
    stage_set(s, c, "spam", &(const struct template *){ NULL }, sizeof(struct template *));
    s->peers.special_use = s->peers.idle = true;
    stage_open_side(s, 0);
    channel_email.listen(&c->visit);
    deliver_junk(s, "first");
    stage_wait_for(s, "first");
    stage_deliver(s, "To: maya+0@shopper.test", "second");
    stage_wait_for(s, "second");
    deliver_junk(s, "third");
    stage_wait_for(s, "third");
    stage_expect_once(c->log.ptr, "[spam folder=Junk, SPF=pass, DKIM=fail, DMARC=none]: first");
    stage_expect_once(c->log.ptr, "message to -1: second");
    stage_expect_once(c->log.ptr, "[spam folder=Junk, SPF=pass, DKIM=fail, DMARC=none]: third");
    assert_int_equal(s->peers.imap_connections, 2);
    stage_free(s);
}

/* A filter may be slower than we are: what it moves to the spam folder was heard of already. */
static void mail_that_is_moved_counts_once(void **state)
{
    struct stage *s = stage_new(CLOCK_REAL);
    struct customer_side *c = &s->side[0];

    (void)state;
    stage_set(s, c, "spam", &(const struct template *){ NULL }, sizeof(struct template *));
    s->peers.special_use = s->peers.idle = true;
    stage_open_side(s, 0);
    channel_email.listen(&c->visit);
    stage_deliver(s, "To: maya+0@shopper.test", "first");
    stage_wait_for(s, "first");
    s->peers.junk[s->peers.mail_count] = true;
    stage_deliver(s, "To: maya+0@shopper.test", "first");
    deliver_junk(s, "second");
    stage_wait_for(s, "second");
    stage_expect_once(c->log.ptr, "first");
    stage_free(s);
}

/* No folder is marked, or the one named is not there: the inbox is watched all the same. */
static void without_a_spam_folder_the_rest_goes_on(void **state)
{
    static const char *const names[] = { NULL, "No such folder" };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        struct stage *s = stage_new(CLOCK_REAL);
        struct customer_side *c = &s->side[0];

        stage_set(s, c, "spam", &(const struct template *){ NULL }, sizeof(struct template *));
        if (names[i])
            stage_set_text(s, c, "spam", names[i]);
        stage_open_side(s, 0);
        assert_int_equal(stage_act(s, 0, VERB_SEND, "Hi."), DONE_OK);
        stage_deliver(s, "To: maya+0@shopper.test", "first");
        stage_wait_for(s, "first");
        assert_int_equal(!strstr(c->log.ptr, "the spam folder is not watched"), !names[i]);
        stage_free(s);
    }
}

static void an_oauth_token_logs_in(void **state)
{
    static const char maya[] = "dXNlcj1tYXlhAWF1dGg9QmVhcmVyIHlhMjkuczNjcmV0AQE=";
    static const char *const tokens[] = { "ya29.s3cret", "ya29.s3cret.other" };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(tokens); i++) {
        struct stage *s = stage_new(CLOCK_REAL);
        struct customer_side *c = &s->side[0];

        s->peers.oauth = maya;
        stage_set_text(s, c, "imap", arena_printf(s->arena, "imap://maya@127.0.0.1:%d",
                                                  s->peers.imap_port));
        stage_set_text(s, c, "token", tokens[i]);
        stage_open_side(s, 0);
        assert_int_equal(s->secrets, 1);
        assert_int_equal(stage_act(s, 0, VERB_SEND, "Hi."), i ? DONE_OUR_FAILED : DONE_OK);
        assert_int_equal(!strstr(c->log.ptr, "refused the login"), i == 0);
        assert_null(strstr(c->log.ptr, "ya29"));
        stage_free(s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_lost_when_the_connection_is),
        cmocka_unit_test(nothing_is_lost_when_it_is_while_idling),
        cmocka_unit_test(answers_may_come_in_pieces),
        cmocka_unit_test(idle_tells_of_mail_at_once),
        cmocka_unit_test(idle_that_is_refused_is_not_needed),
        cmocka_unit_test(renumbered_mail_does_not_come_twice),
        cmocka_unit_test(the_spam_folder_is_found_and_watched),
        cmocka_unit_test(mail_that_is_moved_counts_once),
        cmocka_unit_test(without_a_spam_folder_the_rest_goes_on),
        cmocka_unit_test(an_oauth_token_logs_in),
    };

    return cmocka_run_group_tests_name("mail_watch", tests, NULL, NULL);
}
