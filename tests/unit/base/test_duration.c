/* Durations and sizes: reading, and writing for people. */
#include "harness/base/duration.h"
#include "tests/unit/support/cmocka.h"

static const struct row { const char *name, *text; enum status want; int64_t us; } rows[] = {
    { "milliseconds", "500ms", ST_OK, 500 * US_PER_MS },
    { "microseconds", "7us", ST_OK, 7 },
    { "fraction", "1.5s", ST_OK, 1500 * US_PER_MS },
    { "leading point", ".5s", ST_OK, 500 * US_PER_MS },
    { "blank before the unit", "15 m", ST_OK, 900 * US_PER_S },
    { "min", "15min", ST_OK, 900 * US_PER_S },
    { "sum", "1h30m", ST_OK, 5400 * US_PER_S },
    { "sum with blanks", "1h 30m 5s", ST_OK, 5405 * US_PER_S },
    { "days and weeks", "1w3d", ST_OK, 10 * 86400 * US_PER_S },
    { "nothing at all", "0s", ST_OK, 0 },
    { "rounds to a microsecond", "0.0000014s", ST_OK, 1 },
    { "a hundred years", "5217w", ST_OK, INT64_C(5217) * 7 * 86400 * US_PER_S },
    { "no unit", "15", ST_INVALID, 0 },
    { "unit alone", "s", ST_INVALID, 0 },
    { "empty", "", ST_INVALID, 0 },
    { "point alone", ".s", ST_INVALID, 0 },
    { "two points", "1.2.3s", ST_INVALID, 0 },
    { "negative", "-5s", ST_INVALID, 0 },
    { "exponent", "1e3s", ST_INVALID, 0 },
    { "unknown unit", "5y", ST_INVALID, 0 },
    { "capital unit", "5H", ST_INVALID, 0 },
    { "longer word", "5 hours", ST_INVALID, 0 },
    { "rest", "5s!", ST_INVALID, 0 },
    { "overflow", "9999999999999999h", ST_LIMIT, 0 },
    { "infinity", "1000000000000000000000000000000000000000000000000000000000000000000000w",
      ST_LIMIT, 0 },
};

static void check_row(void **state)
{
    const struct row *r = *state;
    int64_t got = -7;

    assert_int_equal(duration_parse(r->text, &got), r->want);
    assert_int_equal(got, r->want == ST_OK ? r->us : -7);   /* untouched on failure */
}

static void for_people(void **state)
{
    static const struct { int64_t us; const char *text; } texts[] = {
        { DURATION_UNKNOWN, "unknown" }, { 0, "0 ms" }, { 40, "0.0 ms" }, { 1500, "1.5 ms" },
        { 9949, "9.9 ms" }, { 9950, "10 ms" }, { 850 * US_PER_MS, "850 ms" },
        { 999499, "999 ms" }, { 999500, "1 s" }, { 4200 * US_PER_MS, "4.2 s" },
        { 59949 * US_PER_MS, "59.9 s" }, { 59950 * US_PER_MS, "1 min" },
        { 185 * US_PER_S, "3 min 5 s" }, { 3599 * US_PER_S, "59 min 59 s" },
        { 3599600 * US_PER_MS, "1 h" }, { 7800 * US_PER_S, "2 h 10 min" },
        { 86369 * US_PER_S, "23 h 59 min" }, { 86370 * US_PER_S, "1 d" },
        { (3 * 86400 + 4 * 3600) * US_PER_S, "3 d 4 h" }, { 7 * 86400 * US_PER_S, "7 d" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        CLEANUP(mem_freep) char *got = duration_text(texts[i].us);

        assert_string_equal(got, texts[i].text);
    }
}

static void sizes(void **state)
{
    static const struct { const char *text; enum status want; int64_t bytes; } cases[] = {
        { "10", ST_OK, 10 }, { "64k", ST_OK, 65536 }, { "64K", ST_OK, 65536 },
        { "5M", ST_OK, 5 << 20 }, { "5 MB", ST_OK, 5 << 20 }, { "1GiB", ST_OK, 1 << 30 },
        { "1.5k", ST_OK, 1536 }, { "10B", ST_OK, 10 }, { "", ST_INVALID, 0 },
        { "k", ST_INVALID, 0 }, { "5X", ST_INVALID, 0 }, { "5kk", ST_INVALID, 0 },
        { "-1", ST_INVALID, 0 }, { "99999999999G", ST_LIMIT, 0 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int64_t got = -7;

        assert_int_equal(size_parse(cases[i].text, &got), cases[i].want);
        assert_int_equal(got, cases[i].want == ST_OK ? cases[i].bytes : -7);
    }
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows) + 2] = {
        cmocka_unit_test(for_people), cmocka_unit_test(sizes),
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[i + 2] = (struct CMUnitTest){ .name = rows[i].name, .test_func = check_row,
                                            .initial_state = (void *)(uintptr_t)&rows[i] };
    return cmocka_run_group_tests_name("duration", tests, NULL, NULL);
}
