/* The words and figures that the formats share. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "reporters/names.h"
#include "reporters/view.h"

static void test_clock(void **state)
{
    (void)state;
    static const struct { int64_t t, total; const char *want; } rows[] = {
        { 0, 0, "0:00.0" },
        { 46 * US_PER_S + 849999, 60 * US_PER_S, "0:46.8" },
        { 599 * US_PER_S, 599 * US_PER_S, "9:59.0" },
        { 3725 * US_PER_S, 7200 * US_PER_S, "1:02:05" },
        { 187200 * US_PER_S, 200000 * US_PER_S, "2 d 04:00" },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct buf b = BUF_INIT(64);

        view_clock(&b, rows[i].t, rows[i].total);
        assert_string_equal(b.ptr, rows[i].want);
        buf_release(&b);
    }
}

static void test_date(void **state)
{
    (void)state;
    static const struct { const char *in, *want; } rows[] = {
        { "2024-05-06T08:00:00Z", "6 May 2024, 08:00 UTC" },
        { "2024-12-31T23:59:59.123+02:00", "31 December 2024, 23:59 (UTC+02:00)" },
        { "2024-05-06T08:00:00", "6 May 2024, 08:00" },
        { "2024-13-06T08:00:00Z", "2024-13-06T08:00:00Z" },
        { "yesterday", "yesterday" }, { "", "" },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct buf b = BUF_INIT(128);

        view_date(&b, rows[i].in);
        assert_string_equal(b.ptr, rows[i].want);
        buf_release(&b);
    }
}

static void test_score(void **state)
{
    (void)state;
    struct score s = { .known = true, .value = 60.5, .low = 55.2, .high = 66, .grade = 'C',
                       .grade_low = 'C', .grade_high = 'B' };
    struct buf b = BUF_INIT(64);

    view_score(&s, &b);
    assert_string_equal(b.ptr, "61 (55-66)");
    buf_clear(&b);
    view_grade(&s, &b);
    assert_string_equal(b.ptr, "C (C to B)");
    s.low = s.high = 60.9;
    s.grade_high = 'C';
    buf_clear(&b);
    view_score(&s, &b);
    view_grade(&s, &b);
    assert_string_equal(b.ptr, "61C");
    buf_release(&b);
}

static void add_event(struct transcript *t, enum event_kind kind, enum party from,
                      const char *channel, int64_t wait_us)
{
    struct event e = event_init(kind, from);

    e.channel = channel;
    e.wait_us = wait_us;
    transcript_append(t, &e);
}

static void test_waits(void **state)
{
    (void)state;
    static const struct transcript_channel channels[] = {
        { "inbox", "email", FAMILY_EMAIL }, { "chat", "chat", FAMILY_CHAT },
    };
    struct journey_result jr = { .transcript = transcript_new(), .judgement = judgement_new() };
    struct finding receipt = { .row = finding_row_find("acknowledgement"), .seq = 1,
                               .confidence = 1 };
    struct exchange asked = { .first_seq = 3, .last_seq = 4, .asked_seq = 3, .answered_seq = 4,
                              .family = FAMILY_CHAT, .wait_us = 42 };
    struct view_wait *rows;

    jr.transcript->channels = (struct transcript_channel *)(uintptr_t)channels;
    jr.transcript->channel_count = 2;
    jr.judgement->findings = (struct findings){ &receipt, 1, 1 };
    jr.judgement->exchanges = &asked;
    jr.judgement->exchange_count = 1;
    add_event(jr.transcript, EVENT_SENT, PARTY_CUSTOMER, "inbox", DURATION_UNKNOWN);
    add_event(jr.transcript, EVENT_MESSAGE, PARTY_COMPANY, "inbox", 5);
    add_event(jr.transcript, EVENT_MESSAGE, PARTY_COMPANY, "inbox", 70);
    add_event(jr.transcript, EVENT_SENT, PARTY_CUSTOMER, "chat", DURATION_UNKNOWN);
    add_event(jr.transcript, EVENT_MESSAGE, PARTY_COMPANY, "chat", DURATION_UNKNOWN);
    add_event(jr.transcript, EVENT_GAVE_UP, PARTY_CUSTOMER, "chat", 99);

    assert_int_equal(view_waits(&jr, &rows), 2);
    assert_string_equal(rows[0].channel, "inbox");
    assert_int_equal(rows[0].receipt_us, 5);
    assert_int_equal(rows[0].first_us, 70);
    assert_int_equal(rows[0].longest_us, 70);
    assert_int_equal(rows[1].first_us, 42);      /* from the exchange: the event had none */
    assert_int_equal(rows[1].receipt_us, DURATION_UNKNOWN);
    assert_int_equal(rows[1].answers, 1);
    assert_int_equal(rows[1].typing_us, DURATION_UNKNOWN);
    free(rows);
    jr.transcript->events[4].typing_us = 7;
    jr.transcript->events[4].first_word_us = 20;
    assert_int_equal(view_waits(&jr, &rows), 2);
    assert_int_equal(rows[1].typing_us, 7);
    assert_int_equal(rows[1].word_us, 20);
    free(rows);
    judgement_free(jr.judgement);
    transcript_free(jr.transcript);
}

/* What was waited for, kind by kind; leaving a talk after an answer is no wait in vain. */
static void test_kinds_of_waits(void **state)
{
    (void)state;
    static const struct transcript_channel channels[] = {
        { "inbox", "email", FAMILY_EMAIL }, { "chat", "chat", FAMILY_CHAT },
    };
    static const struct { enum event_kind kind; enum party from; const char *channel; int64_t us; }
    events[] = {
        { EVENT_SENT, PARTY_CUSTOMER, "inbox", DURATION_UNKNOWN },
        { EVENT_MESSAGE, PARTY_COMPANY, "inbox", DURATION_UNKNOWN },   /* the receipt */
        { EVENT_MESSAGE, PARTY_COMPANY, "chat", DURATION_UNKNOWN },    /* "Hello, I am Keti" */
        { EVENT_MESSAGE, PARTY_COMPANY, "inbox", DURATION_UNKNOWN },   /* the answer */
        { EVENT_PAGE, PARTY_COMPANY, "site", 3 },
        { EVENT_SENT, PARTY_CUSTOMER, "chat", DURATION_UNKNOWN },
        { EVENT_MESSAGE, PARTY_COMPANY, "chat", 4 },
        { EVENT_MESSAGE, PARTY_COMPANY, "chat", 5 },
        { EVENT_GAVE_UP, PARTY_CUSTOMER, "chat", 6 },
        { EVENT_SENT, PARTY_CUSTOMER, "chat", DURATION_UNKNOWN },
        { EVENT_GAVE_UP, PARTY_CUSTOMER, "chat", 7 },
        { EVENT_GAVE_UP, PARTY_CUSTOMER, "inbox", 8 },
    };
    static const struct { enum view_wait_kind kind; int64_t us; } want[] = {
        { WAIT_KIND_RECEIPT, 60 }, { WAIT_KIND_ANSWER, 7000 }, { WAIT_KIND_PAGE, 3 },
        { WAIT_KIND_FIRST, 4 }, { WAIT_KIND_NEXT, 5 }, { WAIT_KIND_VAIN, 7 }, { WAIT_KIND_VAIN, 8 },
    };
    struct journey_result jr = { .transcript = transcript_new(), .judgement = judgement_new() };
    struct finding receipt = { .row = finding_row_find("acknowledgement"), .seq = 1,
                               .confidence = 1 };
    struct exchange mail = { .first_seq = 0, .last_seq = 3, .asked_seq = 0, .answered_seq = 1,
                             .family = FAMILY_EMAIL, .wait_us = 60, .receipt_us = 60,
                             .answer_us = 7000 };
    struct view_waited *list;

    jr.transcript->channels = (struct transcript_channel *)(uintptr_t)channels;
    jr.transcript->channel_count = 2;
    jr.judgement->findings = (struct findings){ &receipt, 1, 1 };
    jr.judgement->exchanges = &mail;
    jr.judgement->exchange_count = 1;
    for (size_t i = 0; i < ARRAY_LEN(events); i++)
        add_event(jr.transcript, events[i].kind, events[i].from, events[i].channel, events[i].us);
    assert_int_equal(view_waited(&jr, &list), ARRAY_LEN(want));
    for (size_t i = 0; i < ARRAY_LEN(want); i++) {
        assert_int_equal(list[i].kind, want[i].kind);
        assert_int_equal(list[i].us, want[i].us);
    }
    free(list);
    judgement_free(jr.judgement);
    transcript_free(jr.transcript);
}

static void test_names(void **state)
{
    (void)state;
    static const char *const in[] = { "Refund", "Refund", " Refund\n", "Refund (2)", "", "Refund" };
    static const char *const want[] = { "Refund", "Refund (2)", "Refund (3)", "Refund (2) (2)",
                                        "journey", "Refund (4)" };
    struct result *r = result_new();

    for (size_t i = 0; i < ARRAY_LEN(in); i++) {
        struct journey_result *jr = mem_zero(1, sizeof *jr);

        jr->transcript = transcript_new();
        jr->transcript->journey = in[i];
        result_add(r, jr);
    }

    struct names names;

    names_open(&names, r);
    for (size_t i = 0; i < ARRAY_LEN(want); i++)
        assert_string_equal(names_next(&names, result_journey(r, i)), want[i]);
    names_close(&names);
    result_free(r);
}

static void test_class(void **state)
{
    (void)state;
    static const struct { const char *in, *want; } rows[] = {
        { "scenarios/refund.journey.yaml", "scenarios.refund" },
        { "./a b/../c.yml", "a_b.c" }, { "/x.journey.yaml", "x" }, { "", "shopper" },
        { "export.jsonl", "export" },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct buf b = BUF_INIT(256);

        names_class(&b, rows[i].in);
        assert_string_equal(b.ptr, rows[i].want);
        buf_release(&b);
    }
}

static void test_epoch(void **state)
{
    (void)state;
    static const struct { const char *in; bool ok; int64_t want; } rows[] = {
        { "1970-01-01T00:00:00Z", true, 0 },
        { "2024-05-06T08:00:00Z", true, 1714982400 },
        { "2024-02-29T23:59:59.25+02:00", true, 1709243999 },
        { "2000-03-01T00:00:00-01:30", true, 951874200 },
        { "2024-13-06T08:00:00Z", false, 7 }, { "yesterday", false, 7 }, { "", false, 7 },
        { NULL, false, 7 },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int64_t got = 7;

        assert_int_equal(view_epoch(rows[i].in, &got), rows[i].ok);
        assert_int_equal(got, rows[i].want);
    }
}

static void test_step_line(void **state)
{
    (void)state;
    struct transcript *t = transcript_new();
    struct transcript_step steps[2] = { { .line = 12 }, { .line = 20 } };
    struct event e = event_init(EVENT_NOTE, PARTY_HARNESS);

    t->line = 1;
    t->steps = steps;
    t->step_count = 2;
    transcript_append(t, &e);                    /* before any step */
    e.step = 1;
    transcript_append(t, &e);
    e.step = -1;
    transcript_append(t, &e);                    /* of no step, after the second */
    assert_int_equal(view_step_line(t, 0), 1);
    assert_int_equal(view_step_line(t, 1), 20);
    assert_int_equal(view_step_line(t, 2), 20);
    assert_int_equal(view_step_line(t, 99), 1);
    assert_int_equal(view_step_line(t, -1), 1);
    transcript_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clock), cmocka_unit_test(test_date), cmocka_unit_test(test_score),
        cmocka_unit_test(test_waits), cmocka_unit_test(test_kinds_of_waits),
        cmocka_unit_test(test_names), cmocka_unit_test(test_class),
        cmocka_unit_test(test_epoch), cmocka_unit_test(test_step_line),
    };

    return cmocka_run_group_tests_name("view", tests, NULL, NULL);
}
