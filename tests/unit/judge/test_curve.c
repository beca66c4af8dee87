/* The mood while waiting, long times named, early replies: through whole transcripts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "harness/judge/dialogue.h"
#include "harness/judge/judge.h"
#include "harness/judge/score.h"
#include "tests/unit/judge/journeys.h"
#include "tests/unit/read/packs.h"

static struct judgement *judged(const char *turns, struct transcript **t)
{
    CLEANUP(mem_freep) char *json = mem_printf("{\"id\":\"d\",\"turns\":[%s]}", turns);
    struct diags diags;

    diags_init(&diags);
    if (dialogue_parse("test", slice_str(json), &diags, t))
        fail_msg("%s", diags.items[0].what);
    diags_release(&diags);
    return judge_transcript(packs_reader(), industry(), *t);
}

static void near(double got, double want)
{
    if (fabs(got - want) > 1e-9)
        fail_msg("got %.12f, want %.12f", got, want);
}

/* Four minutes in a chat: the mood falls from the moment an uncertain wait feels like 30 s. */
static void test_falls_while_waiting(void **state)
{
    struct transcript *t = NULL;
    struct judgement *j = judged(
        "{\"from\":\"customer\",\"text\":\"Do you ship abroad?\",\"t_s\":0},"
        "{\"from\":\"company\",\"text\":\"Yes, we do.\",\"t_s\":240}", &t);
    const struct exchange *x = &j->exchanges[0];

    (void)state;
    assert_true(x->waiting_count >= 8);
    near(x->waiting[0].mood, 0);
    for (size_t i = 1; i < x->waiting_count; i++) {
        assert_true(x->waiting[i].t_us > x->waiting[i - 1].t_us);
        assert_true(x->waiting[i].mood <= x->waiting[i - 1].mood);
    }

    const struct mood_point *last = &x->waiting[x->waiting_count - 1];

    assert_int_equal(last->t_us, 240 * US_PER_S);
    near(last->mood, score_mood(0, score_moment(
                         wait_loss(240, 30, WAIT_UNCERTAIN | WAIT_UNEXPLAINED), 0)));
    judgement_free(j);
    transcript_free(t);
}

/* Past a time that was named it drops at once, and not a second before. */
static void test_drops_when_due(void **state)
{
    struct transcript *t = NULL;
    struct judgement *j = judged(
        "{\"from\":\"customer\",\"text\":\"My kettle leaks.\",\"t_s\":0,\"channel\":\"email\"},"
        "{\"from\":\"company\",\"text\":\"We have received your message and will answer within 2 "
        "hours.\",\"t_s\":60,\"channel\":\"email\"},"
        "{\"from\":\"company\",\"text\":\"We have sent you a new kettle.\",\"t_s\":18060,"
        "\"channel\":\"email\"}", &t);
    const struct exchange *x = &j->exchanges[0];
    bool before = false, after = false;

    (void)state;
    assert_true(x->waiting_count > 0);
    for (size_t i = 0; i < x->waiting_count; i++) {
        const struct mood_point *p = &x->waiting[i];

        before |= p->t_us == 7260 * US_PER_S && p->mood > -1e-9;
        after |= p->t_us == 7260 * US_PER_S + 1 &&
                 p->mood < score_mood(0, score_moment(.34, 0));
    }
    assert_true(before && after);
    judgement_free(j);
    transcript_free(t);
}

static void test_no_curve_for_quick_answers(void **state)
{
    struct transcript *t = NULL;
    struct judgement *j = judged(
        "{\"from\":\"customer\",\"text\":\"Do you ship abroad?\",\"t_s\":0},"
        "{\"from\":\"company\",\"text\":\"Yes, we do.\",\"t_s\":4}", &t);

    (void)state;
    assert_int_equal(j->exchanges[0].waiting_count, 0);
    judgement_free(j);
    transcript_free(t);
}

/* Nobody minds the night and the weekend of a company that says when it is open. */
static void test_no_curve_while_closed(void **state)
{
    static const char path[] = "tests/judge/slow_reply/no-night-and-weekend.jsonl";
    struct buf text = BUF_INIT(1 << 20);
    struct transcript *t = NULL;
    struct diags diags;

    (void)state;
    diags_init(&diags);
    assert_int_equal(buf_read_file(&text, path), ST_OK);
    assert_int_equal(transcript_parse(path, buf_slice(&text), &diags, &t), ST_OK);
    assert_true(t->hours.given);

    struct judgement *open = judge_transcript(packs_reader(), industry(), t);

    t->hours.given = false;

    struct judgement *always = judge_transcript(packs_reader(), industry(), t);

    assert_int_equal(open->exchanges[0].waiting_count, 0);
    assert_true(always->exchanges[0].waiting_count > 0);
    judgement_free(open);
    judgement_free(always);
    transcript_free(t);
    diags_release(&diags);
    buf_release(&text);
}

static double loss_of_first(const char *receipt, double published_s)
{
    CLEANUP(mem_freep) char *turns = mem_printf(
        "{\"from\":\"customer\",\"text\":\"My kettle leaks.\",\"t_s\":0,\"channel\":\"email\"},"
        "{\"from\":\"company\",\"text\":\"We have received your message. Your reference is "
        "KC-1234. %s\",\"t_s\":60,\"channel\":\"email\"}", receipt);
    struct transcript *t = NULL;
    struct judgement *j = judged(turns, &t);

    if (published_s > 0) {
        judgement_free(j);
        t->promises[FAMILY_EMAIL].first_reply = (int64_t)(published_s * US_PER_S);
        j = judge_transcript(packs_reader(), industry(), t);
    }

    double loss = j->exchanges[0].loss;

    judgement_free(j);
    transcript_free(t);
    return loss;
}

/* Half the loss of the wait that was announced, against what is usual or published. */
static void test_long_time_named(void **state)
{
    const char *hours = "We will answer within 16 hours.";

    (void)state;
    near(loss_of_first("We will answer within 2 hours.", 0), 0);
    near(loss_of_first(hours, 0), .25);                    /* .5 * .25 * log2(16 / 4) */
    near(loss_of_first(hours, 8 * 3600), .125);            /* against the published 8 hours */
    near(loss_of_first(hours, 24 * 3600), 0);
}

/* Three of four hours: a gain of the formula, although nobody would call it early. */
static void test_a_little_early(void **state)
{
    struct transcript *t = NULL;
    struct judgement *j = judged(
        "{\"from\":\"customer\",\"text\":\"Do you ship abroad?\",\"t_s\":0},"
        "{\"from\":\"company\",\"text\":\"Hm.\",\"t_s\":20}", &t);

    (void)state;
    near(j->exchanges[0].gain, wait_gain(20, 30));
    judgement_free(j);
    transcript_free(t);
}

/* What a company's own file says otherwise is named; the same file says nothing otherwise. */
static void test_changes(void **state)
{
    struct arena *a = arena_new();
    struct expectations own = *industry();
    struct expected_time times[8];
    struct texts none = expectations_changes(industry(), &own, a), some;

    (void)state;
    assert_int_equal(none.count, 0);
    assert_true(own.times.count <= ARRAY_LEN(times));
    memcpy(times, own.times.items, own.times.count * sizeof *times);
    own.times.items = times;
    times[0].within_us = 7 * US_PER_S;
    times[0].source = "our survey";
    own.weights.count--;
    some = expectations_changes(industry(), &own, a);
    assert_int_equal(some.count, 2);
    assert_non_null(strstr(some.items[0], " instead of "));
    assert_non_null(strstr(some.items[0], "(our survey)"));
    assert_non_null(strstr(some.items[1], "not charged"));
    arena_free(a);
}

static int teardown(void **state)
{
    (void)state;
    packs_free();
    industry_free();
    return 0;
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_falls_while_waiting), cmocka_unit_test(test_drops_when_due),
        cmocka_unit_test(test_no_curve_for_quick_answers),
        cmocka_unit_test(test_no_curve_while_closed), cmocka_unit_test(test_long_time_named),
        cmocka_unit_test(test_a_little_early), cmocka_unit_test(test_changes),
    };

    return cmocka_run_group_tests_name("curve", tests, NULL, teardown);
}
