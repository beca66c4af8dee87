/* Whose mail is this? A table of mails against three customers of one mailbox. */
#include <string.h>

#include "harness/base/mem.h"
#include "harness/channels/mail_match.h"
#include "tests/unit/support/cmocka.h"

/* 0 and 1 have addresses of their own; 2 and 3 share one, and wrote to different companies. */
struct world {
    struct arena *arena;
    struct mail_thread threads[4];
    const struct mail_thread *list[4];
};

static struct mail mail_of(struct arena *a, const char *headers)
{
    char *text = arena_printf(a, "%s\n\nbody\n", headers);

    return *mail_read(a, slice_str(text));
}

static void make_world(struct world *w)
{
    static const char *const addresses[] = { "maya+a@shopper.test", "maya+b@shopper.test",
                                             "joe@shopper.test", "joe@shopper.test" };
    static const char *const partners[] = { "support@company.test", "support@company.test",
                                            "support@company.test", "help@other.test" };

    *w = (struct world){ .arena = arena_new() };
    for (size_t i = 0; i < ARRAY_LEN(w->threads); i++) {
        struct mail_thread *t = &w->threads[i];

        t->address = addresses[i];
        t->partner = partners[i];
        mail_thread_sent(w->arena, t, arena_printf(w->arena, "r.j%zu.0-1@shopper.test", i),
                         "Order A-10442 leaks");
        w->list[i] = t;
    }
    struct mail first = mail_of(w->arena,
        "From: support@company.test\nTo: maya+a@shopper.test\n"
        "Subject: [#7001] Re: Order A-10442 leaks\nMessage-ID: <t-a@company.test>\n"
        "In-Reply-To: <r.j0.0-1@shopper.test>");

    mail_thread_learn(w->arena, &w->threads[0], &first);
}

static const struct row { const char *name, *headers; int thread; enum match_by by; } rows[] = {
    { "our id in In-Reply-To", "In-Reply-To: <r.j1.0-1@shopper.test>", 1, MATCH_SENT_ID },
    { "our id among References", "References: <x@y.test>\n <r.j2.0-1@shopper.test> <z@y.test>", 2,
      MATCH_SENT_ID },
    { "our id beats another's address",
      "To: maya+a@shopper.test\nIn-Reply-To: <r.j1.0-1@shopper.test>", 1, MATCH_SENT_ID },
    { "ids of two journeys",
      "References: <r.j0.0-1@shopper.test> <r.j1.0-1@shopper.test>\nTo: maya+a@shopper.test", -1,
      MATCH_NONE },
    { "learned id", "In-Reply-To: <t-a@company.test>", 0, MATCH_LEARNED_ID },
    { "reference in the subject", "Subject: Your ticket #7001 was updated", 0, MATCH_SUBJECT },
    { "reference, other brackets", "Subject: (Case #7001) news\nTo: list@company.test", 0,
      MATCH_SUBJECT },
    { "reference, but another customer's address",
      "Subject: [#7001] news\nTo: maya+b@shopper.test", 1, MATCH_ADDRESS },
    { "reference within a longer one", "Subject: [#70011] news", -1, MATCH_NONE },
    { "the customer's own order number is no reference", "Subject: About order A-10442", -1,
      MATCH_NONE },
    { "plus address", "To: Maya <MAYA+B@shopper.test>", 1, MATCH_ADDRESS },
    { "envelope address", "To: undisclosed-recipients:;\nDelivered-To: maya+b@shopper.test", 1,
      MATCH_ADDRESS },
    { "plain address is not the plus address", "To: maya@shopper.test", -1, MATCH_NONE },
    { "shared address, known sender", "To: joe@shopper.test\nFrom: help@other.test", 3,
      MATCH_ADDRESS },
    { "shared address, known Reply-To",
      "To: joe@shopper.test\nFrom: bot@mailer.test\nReply-To: help@other.test", 3, MATCH_ADDRESS },
    { "shared address, unknown sender", "To: joe@shopper.test\nFrom: who@knows.test", -1,
      MATCH_NONE },
    { "answer to another run", "To: maya+a@shopper.test\nIn-Reply-To: <old.j.0-1@shopper.test>",
      -1, MATCH_NONE },
    { "answer to another run, with a reference",
      "Subject: [#7001]\nIn-Reply-To: <old.j.0-1@shopper.test>", -1, MATCH_NONE },
    { "answer to the agent's own mail", "To: maya+a@shopper.test\nIn-Reply-To: <q@company.test>",
      0, MATCH_ADDRESS },
    { "In-Reply-To present but empty", "To: maya+a@shopper.test\nIn-Reply-To:", 0,
      MATCH_ADDRESS },
    { "a year is no reference", "Subject: News of 2026", -1, MATCH_NONE },
    { "foreign", "To: someone@else.test\nSubject: Offer", -1, MATCH_NONE },
};

static void check_row(void **state)
{
    const struct row *r = *state;
    struct world w;

    make_world(&w);

    struct mail m = mail_of(w.arena, r->headers);
    struct mail_match got = mail_match(&m, w.list, ARRAY_LEN(w.list));

    assert_int_equal(got.thread, r->thread);
    assert_int_equal(got.by, r->by);
    assert_true((got.evidence != NULL) == (got.thread >= 0));
    arena_free(w.arena);
}

static void absent_threads_take_no_part(void **state)
{
    struct world w;

    (void)state;
    make_world(&w);
    w.list[2] = NULL;

    struct mail m = mail_of(w.arena, "To: joe@shopper.test\nFrom: who@knows.test");

    assert_int_equal(mail_match(&m, w.list, ARRAY_LEN(w.list)).thread, 3);
    w.list[3] = NULL;
    assert_int_equal(mail_match(&m, w.list, ARRAY_LEN(w.list)).thread, -1);
    arena_free(w.arena);
}

static void several_with_one_address_contest_it(void **state)
{
    struct world w;

    (void)state;
    make_world(&w);

    struct mail shared = mail_of(w.arena, "To: joe@shopper.test\nFrom: who@knows.test");
    struct mail foreign = mail_of(w.arena, "To: someone@else.test");

    assert_true(mail_match(&shared, w.list, ARRAY_LEN(w.list)).contested);
    assert_false(mail_match(&foreign, w.list, ARRAY_LEN(w.list)).contested);
    arena_free(w.arena);
}

static void quoted_words_tell(void **state)
{
    static const char asked[] = "Hello,\nthe thermostat of my kettle clicks, but it does not get "
                                "warm any more, whatever I do.\nRegards\n";
    static const char *const answers[] = {
        ("Try this.\n\n> Hello,\n> the thermostat of my kettle clicks,\n> but it does not\n> get "
         "warm any more, whatever\n> I do.\n"),
        "Nein.\n\n| THE THERMOSTAT of my kettle clicks, but it does not get warm any more, whatever",
        "> the thermostat of my kettle clicks, but\n> it does not get warm any [...]\n",
    };
    struct world w;

    (void)state;
    make_world(&w);
    mail_thread_said(w.arena, &w.threads[1], asked);
    mail_thread_said(w.arena, &w.threads[2], "My toaster is on fire, what shall I do now?");
    for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
        struct mail m = mail_of(w.arena, "To: list@company.test\nSubject: Re: Kettle");

        m.full_text = answers[i];
        struct mail_match got = mail_match(&m, w.list, ARRAY_LEN(w.list));

        assert_int_equal(got.thread, i < 2 ? 1 : -1);
        assert_int_equal(got.by, i < 2 ? MATCH_QUOTE : MATCH_NONE);
        assert_int_equal(mail_match_signs(&m, w.list, ARRAY_LEN(w.list)).thread, -1);
        /* To another customer, or to another run: the words prove nothing. */
        m = mail_of(w.arena, "To: maya+a@shopper.test");
        m.full_text = answers[i];
        assert_int_equal(mail_match(&m, w.list, ARRAY_LEN(w.list)).thread, 0);
        m = mail_of(w.arena, "In-Reply-To: <old.j.0-1@shopper.test>");
        m.full_text = answers[i];
        assert_int_equal(mail_match(&m, w.list, ARRAY_LEN(w.list)).thread, -1);
    }
    mail_thread_said(w.arena, &w.threads[2], asked);

    struct mail tied = mail_of(w.arena, "To: list@company.test");

    tied.full_text = answers[0];
    assert_int_equal(mail_match(&tied, w.list, ARRAY_LEN(w.list)).thread, -1);
    assert_true(mail_match(&tied, w.list, ARRAY_LEN(w.list)).contested);
    arena_free(w.arena);
}

static void own_copies_are_known(void **state)
{
    struct world w;

    (void)state;
    make_world(&w);

    struct mail own = mail_of(w.arena, "Message-ID: <r.j1.0-1@shopper.test>");
    struct mail other = mail_of(w.arena, "Message-ID: <x@company.test>");

    assert_true(mail_thread_is_own(&w.threads[1], &own));
    assert_false(mail_thread_is_own(&w.threads[1], &other));
    arena_free(w.arena);
}

static void a_thread_learns_within_bounds(void **state)
{
    struct world w;

    (void)state;
    make_world(&w);
    for (int i = 0; i < 500; i++) {
        char *headers = arena_printf(w.arena, "Message-ID: <m%d@company.test>\nSubject: T-%d", i,
                                     100000 + i);
        struct mail m = mail_of(w.arena, headers);

        mail_thread_learn(w.arena, &w.threads[1], &m);
    }
    assert_in_range(w.threads[1].learned.count, 1, 200);
    assert_in_range(w.threads[1].tags.count, 1, 20);
    arena_free(w.arena);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows) + 5];
    size_t n = 0;

    for (; n < ARRAY_LEN(rows); n++)
        tests[n] = (struct CMUnitTest){ .name = rows[n].name, .test_func = check_row,
                                        .initial_state = (void *)(uintptr_t)&rows[n] };
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(absent_threads_take_no_part);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(several_with_one_address_contest_it);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(quoted_words_tell);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(own_copies_are_known);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(a_thread_learns_within_bounds);
    return cmocka_run_group_tests_name("mail_match", tests, NULL, NULL);
}
