/* Results: ownership, counts, rounding, and result files that somebody changed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "harness/model/json_out.h"
#include "harness/model/result.h"

static struct journey_result *small_journey(enum journey_status status)
{
    struct journey_result *jr = mem_zero(1, sizeof *jr);
    struct event e = event_init(EVENT_MESSAGE, PARTY_COMPANY);

    e.text = "Hello";
    jr->status = status;
    jr->transcript = transcript_new();
    jr->transcript->journey = "x";
    transcript_append(jr->transcript, &e);
    return jr;
}

static void test_counts(void **state)
{
    (void)state;
    struct result *r = result_new();
    size_t n[JOURNEY_STATUS_COUNT];

    for (int i = 0; i < 20; i++)
        result_add(r, small_journey(i % 2 ? JOURNEY_MET : JOURNEY_FELL_SHORT));
    result_add(r, small_journey(JOURNEY_INTERRUPTED));
    result_counts(r, n);
    assert_int_equal(n[JOURNEY_MET], 10);
    assert_int_equal(n[JOURNEY_FELL_SHORT], 10);
    assert_int_equal(n[JOURNEY_NOT_TESTED], 0);
    assert_int_equal(n[JOURNEY_INTERRUPTED], 1);
    result_freep(&r);
    assert_null(r);
    result_free(NULL);
    judgement_free(NULL);
    journey_result_free(NULL);
}

static void test_rounding(void **state)
{
    (void)state;
    assert_int_equal(score_rounded(0), 0);
    assert_int_equal(score_rounded(64.4999), 64);
    assert_int_equal(score_rounded(64.5), 65);
    assert_int_equal(score_rounded(64.49999999999999), 65);
    assert_int_equal(score_rounded(100), 100);
    assert_string_equal(outcome_name(OUTCOME_NOT_SOLVED), "not_solved");
    assert_string_equal(outcome_name(OUTCOME_SOLVED), "solved");
}

static void fill_judgement(struct judgement *j)
{
    static int events[] = { 0 };
    static struct mood_point waiting[] = { { 3, 0 }, { 7, -.25 } };
    struct finding *f = arena_alloc(j->arena, sizeof *f);
    struct mark *m = arena_alloc(j->arena, sizeof *m);
    struct points_line *line = arena_alloc(j->arena, sizeof *line);

    *f = (struct finding){ .row = finding_row_find("slow_reply"), .variant = "first",
        .event = "wait", .slot = "zip", .events = events, .event_count = 1, .exchange = 0,
        .actual_us = 5, .allowed_us = 3, .confidence = 1 / 3., .say = "slow", .why = "so",
        .loss = .1, .share = .2, .regain = .3 };
    *m = (struct mark){ .kind = MARK_PROMISES, .start = 1, .end = 4, .slot = "s", .value = "v",
        .within_us = 9, .boilerplate = true, .confidence = .7, .rule = "en:x/1" };
    *line = (struct points_line){ "outcome", 1.25 };
    j->findings = (struct findings){ f, 1, 1 };
    j->marks = (struct marks){ m, 1, 1 };
    j->exchanges = arena_alloc(j->arena, sizeof *j->exchanges);
    j->exchange_count = 1;
    j->exchanges[0] = (struct exchange){
        .asked_seq = -1, .family = FAMILY_EMAIL, .wait_us = 7, .loss = .1, .gain = .2, .m = .3,
        .m_after = .4, .mood = .5, .waiting = waiting, .waiting_count = 2 };
    j->score = (struct score){ .known = true, .value = 61.23456789012345, .low = 55, .high = 66,
        .grade = 'C', .grade_low = 'C', .grade_high = 'B', .worst = -.1, .end = .1, .mean = .2,
        .remembered = .15, .effort = 1.6, .ces = 4.2, .outcome = OUTCOME_SOLVED,
        .outcome_why = "said so", .outcome_seq = 0, .times_unknown = true, .lines = line,
        .line_count = 1 };
}

static char *dumped(const struct result *r)
{
    struct buf text = BUF_INIT(1 << 20);
    struct json_out o = json_out_line(&text);

    json_out_object(&o, NULL);
    result_head_write_members(&o, r);
    json_out_list(&o, "journeys");
    for (size_t i = 0; i < r->count; i++)
        journey_result_write(&o, result_journey(r, i));
    json_out_close(&o);
    json_out_close(&o);
    return buf_steal(&text);
}

static void test_round_trip(void **state)
{
    (void)state;
    static const char *reasons[] = { "score 61 is below 70" }, *left_out[] = { "x: y" },
                      *changes[] = { "chat: 20 s instead of 30 s" };
    struct result *r = result_new(), *back = NULL;
    struct journey_result *jr = small_journey(JOURNEY_FELL_SHORT);
    struct diags diags;

    r->started = "2024-05-06T08:00:00Z";
    r->expectations = "industry";
    r->duration_us = 5;
    r->left_out = left_out;
    r->left_out_count = 1;
    r->changes = changes;
    r->change_count = 1;
    jr->reasons = reasons;
    jr->reason_count = 1;
    jr->duration_us = 4;
    jr->judgement = judgement_new();
    fill_judgement(jr->judgement);
    result_add(r, jr);
    result_add(r, small_journey(JOURNEY_NOT_TESTED));

    char *first = dumped(r);

    diags_init(&diags);
    assert_int_equal(result_parse("r", slice_str(first), &diags, &back), ST_OK);
    char *second = dumped(back);

    assert_string_equal(first, second);
    assert_true(back->journeys[0]->judgement->score.value == 61.23456789012345);
    assert_null(back->journeys[1]->judgement);
    free(first);
    free(second);
    result_free(r);
    result_free(back);
    diags_release(&diags);
}

static char *one_dumped(const struct result *r, size_t i)
{
    struct buf text = BUF_INIT(1 << 20);
    struct json_out o = json_out_line(&text);

    journey_result_write(&o, result_journey(r, i));
    return buf_steal(&text);
}

/* With no room in memory everything is as with room for all. */
static void test_kept_in_a_file(void **state)
{
    (void)state;
    enum { COUNT = 3 * RESULT_OPEN };
    struct result *kept[2] = { result_new(), result_new() };
    size_t n[2][JOURNEY_STATUS_COUNT];

    kept[1]->held_max = 0;
    for (size_t k = 0; k < 2; k++) {
        for (size_t i = COUNT; i-- > 0;) {       /* they end in any order; every fifth never began */
            struct journey_result *jr = small_journey(i % 3 ? JOURNEY_MET : JOURNEY_FELL_SHORT);

            if (i % 5 == 4) {
                journey_result_free(jr);
                continue;
            }
            jr->duration_us = (int64_t)i;
            jr->judgement = judgement_new();
            fill_judgement(jr->judgement);
            result_put(kept[k], i, jr);
        }
        result_close_gaps(kept[k]);
        result_counts(kept[k], n[k]);
        assert_int_equal(kept[k]->count, COUNT - COUNT / 5);
    }
    assert_non_null(kept[0]->journeys);
    assert_null(kept[1]->journeys);
    assert_memory_equal(n[0], n[1], sizeof n[0]);
    for (size_t i = 0; i < kept[0]->count; i++) {
        char *a = one_dumped(kept[0], i), *b = one_dumped(kept[1], i);

        assert_string_equal(a, b);
        free(a);
        free(b);
    }
    assert_ptr_equal(result_journey(kept[1], 3), result_journey(kept[1], 3));
    journey_result_free(result_take(kept[1], 2));
    assert_true(result_whole(kept[1]));
    result_free(kept[0]);
    result_free(kept[1]);
}

/* Where nothing can be kept in a file, memory has to do. */
static void test_no_place_for_a_file(void **state)
{
    (void)state;
    struct result *r = result_new();
    char *text = mem_alloc(2 * 1024 * 1024 + 1);

    memset(text, 'x', 2 * 1024 * 1024);
    text[2 * 1024 * 1024] = '\0';
    r->held_max = 0;
    r->folder = "/nowhere";
    for (int i = 0; i < 3; i++) {
        struct journey_result *jr = small_journey(JOURNEY_MET);
        struct event e = event_init(EVENT_MESSAGE, PARTY_COMPANY);

        e.text = text;
        transcript_append(jr->transcript, &e);
        result_add(r, jr);
    }
    assert_true(result_whole(r));
    assert_non_null(r->journeys);
    assert_int_equal(r->count, 3);
    free(text);
    result_free(r);
}

/* The schema lists the names of findings and marks: a new one belongs there too. */
static void test_schema_knows_all_names(void **state)
{
    (void)state;
    json_error_t err;
    json_t *schema = json_load_file("scenarios/schema/result.schema.json", 0, &err), *findings,
           *marks;

    assert_non_null(schema);
    assert_int_equal(json_unpack(schema, "{s:{s:{s:{s:{s:o}}}, s:{s:{s:{s:o}}}}}", "$defs",
                                 "finding", "properties", "kind", "enum", &findings, "mark",
                                 "properties", "kind", "enum", &marks), 0);
    assert_int_equal(json_array_size(findings), finding_row_count);
    for (size_t i = 0; i < finding_row_count; i++)
        assert_string_equal(json_string_value(json_array_get(findings, i)), finding_rows[i].kind);
    assert_int_equal(json_array_size(marks), MARK_COUNT);
    for (size_t i = 0; i < MARK_COUNT; i++)
        assert_string_equal(json_string_value(json_array_get(marks, i)),
                            mark_name((enum mark_kind)i));
    json_decref(schema);
}

#define HEAD "{\"result\":1,\"journeys\":[{\"status\":\"met\",\"transcript\":{\"transcript\":1}," \
             "\"events\":[{\"seq\":0,\"t_us\":0,\"from\":\"company\",\"kind\":\"message\"," \
             "\"text\":\"abc\"}],\"judgement\":{\"score\":{\"known\":false}"
#define TAIL "}}]}"

static const struct row {
    const char *name, *text;
    const char *error;            /* NULL: reads well */
} rows[] = {
    { "least", "{\"result\":1,\"journeys\":[]}", NULL },
    { "a journey", HEAD TAIL, NULL },
    { "unknown members", HEAD ",\"x\":1" TAIL, NULL },
    { "empty", "", "r:1: not JSON (column 1): '{' expected near end of file" },
    { "a list", "[]", "r: expected an object" },
    { "no name", "{\"result\":1,}", "r:1: not JSON (column 13): a name in quotation marks expected" },
    { "no colon", "{\"result\" 1}", "r:1: not JSON (column 11): ':' expected" },
    { "no comma", "{\"result\":1 \"journeys\":[]}", "r:1: not JSON (column 13): ',' or '}' expected" },
    { "cut in a journey", "{\"result\":1,\n\"journeys\":[{\"a\":[1,2]",
      "r:2: not JSON (column 22): '}' expected near end of file" },
    { "cut behind a journey", "{\"result\":1,\"journeys\":[",
      "r:1: not JSON (column 25): a value expected near end of file" },
    { "broken in a journey", "{\"result\":1,\"journeys\":[\n{\"a\":\n tru}]}",
      "r:3: not JSON (column 4): invalid token near 'tru'" },
    { "the same name twice", "{\"result\":1,\"result\":1,\"journeys\":[]}",
      "r:1: not JSON (column 13): a name that was there before" },
    { "something behind it", "{\"result\":1,\"journeys\":[]} x",
      "r:1: not JSON (column 28): end of file expected" },
    { "journeys are text", "{\"result\":1,\"journeys\":\"x\"}",
      "r: journeys: expected a list, found text" },
    { "journeys before the version", "{\"journeys\":[],\"result\":9}",
      "r: result: version 9; this program reads version 1" },
    { "braces in texts", "{\"result\":1,\"tool\":\"}]\\\"{\",\"journeys\":[]}", NULL },
    { "something else", "{\"a\":1}", "r: not a result; expected {\"result\":1, …}" },
    { "future version", "{\"result\":9}", "r: result: version 9; this program reads version 1" },
    { "no journeys", "{\"result\":1}", "r: journeys: missing; expected a list" },
    { "journey is text", "{\"result\":1,\"journeys\":[\"x\"]}",
      "r: journeys[0]: expected an object, found text" },
    { "no transcript", "{\"result\":1,\"journeys\":[{\"status\":\"met\"}]}",
      "r: journeys[0].transcript: missing; expected an object" },
    { "broken transcript",
      "{\"result\":1,\"journeys\":[{\"transcript\":{\"transcript\":1},\"events\":[{}]}]}",
      "transcript: events[0].seq: missing; expected a whole number" },
    { "no score", "{\"result\":1,\"journeys\":[{\"status\":\"met\",\"transcript\":"
      "{\"transcript\":1},\"judgement\":{}}]}",
      "r: journeys[0].judgement.score: missing; expected an object" },
    { "status misspelt", "{\"result\":1,\"journeys\":[{\"status\":\"mett\",\"transcript\":"
      "{\"transcript\":1}}]}",
      "r: journeys[0].status: unknown \"mett\"; did you mean \"met\"?" },
    { "unknown finding", HEAD ",\"findings\":[{\"kind\":\"slow_replay\",\"seq\":0}]" TAIL,
      "r: journeys[0].judgement.findings[0].kind: unknown finding \"slow_replay\"; did you mean "
      "\"slow_reply\"?" },
    { "finding beyond the events", HEAD ",\"findings\":[{\"kind\":\"slow_reply\",\"seq\":1}]" TAIL,
      "r: journeys[0].judgement.findings[0].seq: 1 is out of range; expected 0 to 0" },
    { "evidence beyond the events",
      HEAD ",\"findings\":[{\"kind\":\"slow_reply\",\"seq\":0,\"events\":[0,7]}]" TAIL,
      "r: journeys[0].judgement.findings[0].events: item 1 is no event of this journey" },
    { "exchange of nobody",
      HEAD ",\"findings\":[{\"kind\":\"slow_reply\",\"seq\":0,\"exchange\":0}]" TAIL,
      "r: journeys[0].judgement.findings[0].exchange: 0 is out of range; expected -1 to -1" },
    { "confidence of 2",
      HEAD ",\"findings\":[{\"kind\":\"slow_reply\",\"seq\":0,\"confidence\":2}]" TAIL,
      "r: journeys[0].judgement.findings[0].confidence: 2 is out of range; expected 0 to 1" },
    { "mark behind the text", HEAD ",\"marks\":[{\"kind\":\"asks\",\"seq\":0,\"end\":4}]" TAIL,
      "r: journeys[0].judgement.marks[0].end: 4 is out of range; expected 0 to 3" },
    { "mark turned round",
      HEAD ",\"marks\":[{\"kind\":\"asks\",\"seq\":0,\"start\":3,\"end\":2}]" TAIL,
      "r: journeys[0].judgement.marks[0].start: 3 is out of range; expected 0 to 2" },
    { "exchange beyond the events",
      HEAD ",\"exchanges\":[{\"first_seq\":0,\"last_seq\":1}]" TAIL,
      "r: journeys[0].judgement.exchanges[0].last_seq: 1 is out of range; expected 0 to 0" },
    { "grade of two letters", "{\"result\":1,\"journeys\":[{\"status\":\"met\",\"transcript\":"
      "{\"transcript\":1},\"judgement\":{\"score\":{\"known\":true,\"value\":5,\"grade\":\"AA\"}}}]}",
      "r: journeys[0].judgement.score.grade: expected a letter from A to F" },
};

static void check_row(void **state)
{
    const struct row *r = *state;
    struct result *got = NULL;
    struct diags diags;

    diags_init(&diags);
    enum status st = result_parse("r", slice_str(r->text), &diags, &got);

    if (r->error) {
        assert_int_equal(st, ST_INVALID);
        assert_null(got);
        assert_true(diags.count > 0);
        assert_string_equal(diags.items[0].what, r->error);
    } else {
        if (diags.count)
            print_error("%s\n", diags.items[0].what);
        assert_int_equal(st, ST_OK);
    }
    result_free(got);
    diags_release(&diags);
}

int main(void)
{
    const struct CMUnitTest plain[] = {
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_rounding),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_kept_in_a_file),
        cmocka_unit_test(test_no_place_for_a_file),
        cmocka_unit_test(test_schema_knows_all_names),
    };
    struct CMUnitTest tests[ARRAY_LEN(rows)];

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[i] = (struct CMUnitTest){ .name = rows[i].name, .test_func = check_row,
                                        .initial_state = (void *)(uintptr_t)&rows[i] };

    int failed = cmocka_run_group_tests_name("result", plain, NULL, NULL);

    return failed + cmocka_run_group_tests_name("result text", tests, NULL, NULL);
}
