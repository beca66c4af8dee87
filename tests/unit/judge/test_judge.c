#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/judge/detector.h"
#include "harness/judge/dialogue.h"
#include "harness/judge/judge.h"
#include "tests/unit/judge/journeys.h"
#include "tests/unit/read/packs.h"

static struct transcript *dialogue(const char *json)
{
    struct transcript *t = NULL;
    struct diags diags;

    diags_init(&diags);
    if (dialogue_parse("test", slice_str(json), &diags, &t))
        fail_msg("%s", diags.items[0].what);
    diags_release(&diags);
    return t;
}

static struct judgement *judge(const struct transcript *t)
{
    return judge_transcript(packs_reader(), industry(), t);
}

static const struct finding *find(const struct judgement *j, const char *kind)
{
    for (size_t i = 0; i < j->findings.count; i++)
        if (!strcmp(j->findings.items[i].row->kind, kind))
            return &j->findings.items[i];
    return NULL;
}

static void test_dialogue(void **state)
{
    struct transcript *t = dialogue(
        "{\"id\":\"d-1\",\"language\":\"en\",\"extra\":[1],\"turns\":["
        "{\"from\":\"customer\",\"text\":\"My parcel is late.\",\"t_s\":null},"
        "{\"from\":\"company\",\"text\":\"What is your order number?\"},"
        "{\"from\":\"customer\",\"text\":\"A-1044\",\"channel\":\"email\"}]}");

    (void)state;
    assert_string_equal(t->journey, "d-1");
    assert_int_equal(t->count, 3);
    assert_int_equal(t->events[0].kind, EVENT_SENT);
    assert_int_equal(t->events[1].kind, EVENT_MESSAGE);
    assert_int_equal(transcript_family(t, t->events[0].channel), FAMILY_CHAT);
    assert_int_equal(transcript_family(t, t->events[2].channel), FAMILY_EMAIL);
    transcript_free(t);
}

static void test_dialogue_errors(void **state)
{
    static const char *const bad[] = {
        "", "{", "[]", "{\"turns\":{}}", "{\"id\":\"x\"}", "{\"turns\":[{\"from\":\"company\"}]}",
        "{\"turns\":[{\"from\":\"bot\",\"text\":\"x\"}]}", "{\"turns\":[7]}",
        "{\"turns\":[{\"from\":\"company\",\"text\":\"x\",\"t_s\":1e300}]}",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct transcript *t = NULL;
        struct diags diags;

        diags_init(&diags);
        assert_int_equal(dialogue_parse("test", slice_str(bad[i]), &diags, &t), ST_INVALID);
        assert_null(t);
        assert_int_equal(diags.errors, 1);
        diags_release(&diags);
    }
}

/* Nobody knows the times: no waits, and it is said. */
static void test_times_unknown(void **state)
{
    struct transcript *t = dialogue(
        "{\"id\":\"d\",\"turns\":[{\"from\":\"customer\",\"text\":\"Do you ship abroad?\"},"
        "{\"from\":\"company\",\"text\":\"Yes, we do.\"}]}");
    struct judgement *j = judge(t);

    (void)state;
    assert_true(j->score.known);
    assert_true(j->score.times_unknown);
    assert_null(find(j, "slow_reply"));
    assert_null(find(j, "early_reply"));
    judgement_free(j);
    transcript_free(t);
}

static void test_times_known(void **state)
{
    struct transcript *t = dialogue(
        "{\"id\":\"d\",\"turns\":[{\"from\":\"customer\",\"text\":\"Do you ship?\",\"t_s\":0},"
        "{\"from\":\"company\",\"text\":\"Yes, we do.\",\"t_s\":240}]}");
    struct judgement *j = judge(t);
    const struct finding *slow = find(j, "slow_reply");

    (void)state;
    assert_false(j->score.times_unknown);
    assert_non_null(slow);
    assert_int_equal(slow->actual_us, 240 * US_PER_S);
    assert_int_equal(slow->allowed_us, 30 * US_PER_S);
    assert_true(fabs(slow->loss - wait_loss(240, 30, WAIT_UNCERTAIN | WAIT_UNEXPLAINED)) < 1e-9);
    judgement_free(j);
    transcript_free(t);
}

static void test_empty(void **state)
{
    struct transcript *t = transcript_new();
    struct judgement *j = judge(t);
    const char **reasons;
    size_t count;

    (void)state;
    assert_false(j->score.known);
    assert_int_equal(j->findings.count, 0);
    assert_int_equal(judge_bar(packs_reader(), t, j, &reasons, &count), JOURNEY_FELL_SHORT);
    assert_int_equal(count, 1);
    judgement_free(j);
    transcript_free(t);
}

/* The bar */

static const char looped[] =
    "{\"id\":\"d\",\"turns\":[{\"from\":\"customer\",\"text\":\"I lost my card.\"},"
    "{\"from\":\"company\",\"text\":\"Sorry, I did not understand that.\"},"
    "{\"from\":\"customer\",\"text\":\"My bank card, I lost it.\"},"
    "{\"from\":\"company\",\"text\":\"Sorry, I did not understand that.\"}]}";

static void add_failure(struct transcript *t, enum party from, const char *text)
{
    struct event e = event_init(EVENT_FAILED, from);

    e.text = text;
    transcript_append(t, &e);
}

static void check_bar(double bar, const char *never, enum party failure, enum journey_status want,
                      const char *reason)
{
    struct transcript *t = dialogue(looped);
    const char **reasons;
    size_t count;
    bool said = !reason;

    t->bar_score = bar;
    t->bar_never = &never;
    t->bar_never_count = never ? 1 : 0;
    if (failure != PARTY_COUNT)
        add_failure(t, failure, "the text does not match");

    struct judgement *j = judge(t);

    assert_int_equal(judge_bar(packs_reader(), t, j, &reasons, &count), want);
    for (size_t i = 0; i < count; i++)
        said |= reason && strstr(reasons[i], reason) != NULL;
    assert_true(said);
    assert_int_equal(count == 0, want == JOURNEY_MET);
    judgement_free(j);
    transcript_free(t);
}

static void test_bar(void **state)
{
    (void)state;
    check_bar(0, NULL, PARTY_COUNT, JOURNEY_MET, NULL);
    check_bar(60, NULL, PARTY_COUNT, JOURNEY_FELL_SHORT, "the bar is 60");
    check_bar(0, "dead_end", PARTY_COUNT, JOURNEY_FELL_SHORT, "dead_end fallback_loop");
    check_bar(0, "any", PARTY_COUNT, JOURNEY_FELL_SHORT, "not_understood");
    check_bar(0, "rude_tone", PARTY_COUNT, JOURNEY_MET, NULL);
    check_bar(0, NULL, PARTY_CUSTOMER, JOURNEY_FELL_SHORT, "does not match");
    check_bar(0, NULL, PARTY_HARNESS, JOURNEY_NOT_TESTED, "could not test");
}

/* The same thing twice is one reason, with its number. */
static void test_same_reason(void **state)
{
    struct transcript *t = dialogue(
        "{\"id\":\"d\",\"turns\":[{\"from\":\"customer\",\"text\":\"I lost my card.\"},"
        "{\"from\":\"company\",\"text\":\"Honestly, can you not read? This is your own fault.\"},"
        "{\"from\":\"customer\",\"text\":\"My bank card, please.\"},"
        "{\"from\":\"company\",\"text\":\"Do you always make such a fuss? Other people "
        "manage, so stop wasting my time.\"}]}");
    struct judgement *j = judge(t);
    const char *never = "rude_tone", **reasons;
    size_t count;

    (void)state;
    t->bar_never = &never;
    t->bar_never_count = 1;
    t->bar_score = 0;
    assert_int_equal(judge_bar(packs_reader(), t, j, &reasons, &count), JOURNEY_FELL_SHORT);
    assert_int_equal(count, 1);
    assert_non_null(strstr(reasons[0], "(x2)"));
    judgement_free(j);
    transcript_free(t);
}

/* Judged in one language and told again in another: the same as judged in the other. */
static void test_retold(void **state)
{
    static const char *const languages[] = { "de", "fr", "fa", "en" };
    struct transcript *t = dialogue(looped);
    struct journey_result jr = { .transcript = t, .judgement = judge(t) };

    (void)state;
    t->bar_score = 100;
    jr.status = judge_bar(packs_reader(), t, jr.judgement, &jr.reasons, &jr.reason_count);
    for (size_t i = 0; i < ARRAY_LEN(languages); i++) {
        packs_say_in(languages[i]);

        struct judgement *j = judge(t);
        const char **reasons;
        size_t count;

        assert_int_equal(judge_bar(packs_reader(), t, j, &reasons, &count), jr.status);
        assert_string_not_equal(reasons[0], jr.reasons[0]);
        judge_retell(packs_reader(), &jr);
        assert_int_equal(count, jr.reason_count);
        for (size_t k = 0; k < count; k++)
            assert_string_equal(reasons[k], jr.reasons[k]);
        assert_true(j->findings.count >= 2);
        for (size_t k = 0; k < j->findings.count; k++)
            assert_string_equal(j->findings.items[k].say, jr.judgement->findings.items[k].say);
        assert_string_equal(j->score.outcome_why, jr.judgement->score.outcome_why);
        judgement_free(j);
    }
    judgement_free(jr.judgement);
    transcript_free(t);
}

/* The account: shares and lines add up, in tenths, for every outcome and many findings. */
static void check_account(const struct judgement *j)
{
    double sum = 0;

    for (size_t i = 0; i < j->findings.count; i++)
        sum += j->findings.items[i].share;
    for (size_t i = 0; i < j->score.line_count; i++)
        sum += j->score.lines[i].share;
    assert_int_equal(lround(sum * 10), lround((100 - score_tenths(j->score.value)) * 10));
}

static void test_account(void **state)
{
    struct buf text = BUF_INIT(1 << 20);

    (void)state;
    for (int turns = 1; turns < 300; turns += 37) {
        buf_clear(&text);
        buf_adds(&text, "{\"id\":\"d\",\"turns\":[");
        for (int i = 0; i < turns; i++)
            buf_addf(&text, "%s{\"from\":\"customer\",\"text\":\"It is A-%d, please help.\"},"
                     "{\"from\":\"company\",\"text\":\"%s\"}", i ? "," : "", 1000 + i,
                     i % 3 == 2 ? "I did not understand that."
                     : i % 7 == 6 ? "I am passing you on to a colleague."
                                  : "What is your order number?");
        buf_adds(&text, "]}");

        struct transcript *t = dialogue(text.ptr);
        struct judgement *j = judge(t);

        check_account(j);
        assert_true(j->score.low <= j->score.value && j->score.value <= j->score.high);
        judgement_free(j);
        transcript_free(t);
    }
    buf_release(&text);
}

/* What is regained without a finding is what the score would be without it. */
static void test_regain(void **state)
{
    struct transcript *t = dialogue(looped);
    struct judgement *j = judge(t);
    const struct finding *loop = find(j, "dead_end"), *first = find(j, "not_understood");

    (void)state;
    assert_non_null(loop);
    assert_non_null(first);
    assert_true(loop->regain > first->regain && first->regain > 0);
    assert_true(loop->share > first->share && first->share > 0);
    check_account(j);
    judgement_free(j);
    transcript_free(t);
}

/* Every detector that makes a finding gives it a kind that exists, a charge that exists and words. */
static void test_tables(void **state)
{
    static const char *const events[] = {
        "repeat", "given", "repeat_x", "loop", "noreply", "deflect", "closed", "fallback",
        "unanswered", "no_ack", "no_ref", "no_time", "broken", "recontact", "transfer",
        "boilerplate", "wrong_lang", "rude", "abuse", "contradiction", "effort", "off_topic",
        "progress", "answer", "resolved", "kept", "update", "ack", "personal", "time", "explain",
        "ref",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(events); i++)
        assert_true(score_weight(industry(), events[i]) >= 0);
    for (size_t i = 0; i < detector_count; i++)
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(detectors[i].name, detectors[k].name);
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
        cmocka_unit_test(test_dialogue), cmocka_unit_test(test_dialogue_errors),
        cmocka_unit_test(test_times_unknown), cmocka_unit_test(test_times_known),
        cmocka_unit_test(test_empty), cmocka_unit_test(test_bar),
        cmocka_unit_test(test_same_reason),
        cmocka_unit_test(test_retold), cmocka_unit_test(test_account),
        cmocka_unit_test(test_regain), cmocka_unit_test(test_tables),
    };

    return cmocka_run_group_tests_name("judge", tests, NULL, teardown);
}
