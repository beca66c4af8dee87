/* Business time: what a time that people name means for a company with opening hours. */
#include <string.h>

#include "harness/model/civil.h"
#include "harness/model/when.h"
#include "tests/unit/support/cmocka.h"

#define BERLIN "CET-1CEST,M3.5.0,M10.5.0/3"
#define TEHRAN "<+0330>-3:30"
#define SYDNEY "AEST-10AEDT,M10.1.0,M4.1.0/3"

static struct hours office(struct arena *a, const char *rules)
{
    struct hours h = { .given = true, .zone = { .name = "test", .rules = rules } };

    if (!strcmp(rules, TEHRAN)) {
        assert_null(hours_set_days(&h, "sat-wed", "08:00-16:00"));
    } else {
        assert_null(hours_set_days(&h, "mon-fri", "09:00-18:00"));
        assert_null(hours_add_holiday(&h, a, "2026-12-25"));
        assert_null(hours_add_holiday(&h, a, "01-01"));
    }
    return h;
}

/* said and due: local wall clock with its offset. 20 November 2026 is a Friday. */
static const struct row { const char *name, *rules, *spec; int64_t hours; const char *said, *due; }
rows[] = {
    { "two working days from Friday evening", BERLIN, "working+2", 0, "2026-11-20T18:30:00+01:00",
      "2026-11-24T18:00:00+01:00" },
    { "two working days from Friday morning", BERLIN, "working+2", 0, "2026-11-20T09:10:00+01:00",
      "2026-11-24T18:00:00+01:00" },
    { "one working day from Saturday", BERLIN, "working+1", 0, "2026-11-21T12:00:00+01:00",
      "2026-11-23T18:00:00+01:00" },
    { "over a holiday", BERLIN, "working+1", 0, "2026-12-24T12:00:00+01:00",
      "2026-12-28T18:00:00+01:00" },
    { "over new year, every year", BERLIN, "working+1", 0, "2027-12-31T12:00:00+01:00",
      "2028-01-03T18:00:00+01:00" },
    { "48 hours are 48 hours", BERLIN, "", 48, "2026-11-20T18:30:00+01:00",
      "2026-11-22T18:30:00+01:00" },
    { "48 hours over the end of summer time", BERLIN, "", 48, "2026-10-24T12:00:00+02:00",
      "2026-10-26T11:00:00+01:00" },
    { "a working day over the end of summer time", BERLIN, "working+1", 0,
      "2026-10-23T12:00:00+02:00", "2026-10-26T18:00:00+01:00" },
    { "a working day over its beginning", BERLIN, "working+1", 0, "2027-03-26T12:00:00+01:00",
      "2027-03-29T18:00:00+02:00" },
    { "today, still open", BERLIN, "working+0", 0, "2026-11-20T12:00:00+01:00",
      "2026-11-20T18:00:00+01:00" },
    { "today, already closed", BERLIN, "working+0", 0, "2026-11-20T19:00:00+01:00",
      "2026-11-23T18:00:00+01:00" },
    { "tomorrow noon", BERLIN, "day+1 12:00", 0, "2026-11-19T15:00:00+01:00",
      "2026-11-20T12:00:00+01:00" },
    { "tomorrow, a Saturday, lasts all day", BERLIN, "day+1", 0, "2026-11-20T15:00:00+01:00",
      "2026-11-22T00:00:00+01:00" },
    { "the end of this week", BERLIN, "week+0", 0, "2026-11-18T15:00:00+01:00",
      "2026-11-20T18:00:00+01:00" },
    { "the end of next week", BERLIN, "week+1", 0, "2026-11-18T15:00:00+01:00",
      "2026-11-27T18:00:00+01:00" },
    { "the end of the month", BERLIN, "month+0", 0, "2026-11-18T15:00:00+01:00",
      "2026-11-30T18:00:00+01:00" },
    { "late on Friday in UTC is Saturday in Sydney", SYDNEY, "working+1", 0,
      "2026-11-20T20:00:00Z", "2026-11-23T18:00:00+11:00" },
    { "Iran works from Saturday on", TEHRAN, "working+2", 0, "2026-11-19T10:00:00+03:30",
      "2026-11-22T16:00:00+03:30" },
};

static void check_row(void **state)
{
    const struct row *r = *state;
    struct arena *a = arena_new();
    struct hours h = office(a, r->rules);
    struct when w = { .kind = WHEN_SPAN, .us = r->hours * 3600 * INT64_C(1000000), .minute = -1 };
    int64_t said = 0, due = 0;

    assert_true(civil_parse(r->said, &said, NULL) && civil_parse(r->due, &due, NULL));
    if (*r->spec)
        assert_true(when_parse(r->spec, &w));
    assert_int_equal(when_due(&w, said, &h), due);
    arena_free(a);
}

static void dates_become_moments(void **state)
{
    struct arena *a = arena_new();
    struct hours h = office(a, BERLIN), tehran = office(a, TEHRAN);
    struct when w = { .kind = WHEN_DATE, .day = 3, .month = 1, .minute = -1 };
    int64_t said = 0, due = 0;

    (void)state;
    civil_parse("2026-11-20T12:00:00+01:00", &said, NULL);
    civil_parse("2027-01-04T00:00:00+01:00", &due, NULL);       /* a Sunday: all day long */
    assert_int_equal(when_due(&w, said, &h), due);
    w = (struct when){ .kind = WHEN_DATE, .year = 1405, .month = 12, .day = 15, .jalali = true,
                       .minute = -1 };
    civil_parse("2027-03-06T16:00:00+03:30", &due, NULL);       /* a Saturday */
    assert_int_equal(when_due(&w, said, &tehran), due);
    arena_free(a);
}

static void opening_hours_are_counted(void **state)
{
    struct arena *a = arena_new();
    struct hours h = office(a, BERLIN);
    int64_t from, to;

    (void)state;
    civil_parse("2026-11-20T17:00:00+01:00", &from, NULL);
    civil_parse("2026-11-23T11:00:00+01:00", &to, NULL);
    assert_int_equal(hours_open_between(&h, from, to), 3 * 3600);
    assert_int_equal(hours_add_open(&h, from, 3 * 3600), to);
    assert_int_equal(hours_open_between(&h, to, from), 0);
    arena_free(a);
}

static void civil_days_and_back(void **state)
{
    int y, m, d;

    (void)state;
    for (int64_t day = -800000; day < 800000; day += 17) {
        civil_date(day, &y, &m, &d);
        assert_int_equal(civil_day(y, m, d), day);
        civil_jalali_date(day, &y, &m, &d);
        if (y)
            assert_int_equal(civil_jalali_day(y, m, d), day);
    }
    assert_int_equal(civil_weekday(civil_day(2026, 11, 20)), 5);
    civil_jalali_date(civil_day(2024, 3, 20), &y, &m, &d);
    assert_true(y == 1403 && m == 1 && d == 1);
}

static void wrong_words_are_refused(void **state)
{
    static const char *const days[] = { "", "monday", "mon-", "mon-xyz", "-fri" };
    static const char *const times[] = { "", "9", "09:00", "18:00-09:00", "09:00-25:00",
                                         "09:00-12:00,", "09:00-12:00; 13:00-18:00",
                                         "10:00-12:00, 11:00-13:00" };
    static const char *const rules[] = { "C", "CET", "CET-1CEST", "CET-1CEST,M3.5.0",
                                         "CET-1CEST,M13.5.0,M10.5.0/3", "CET-1CEST,M3.5.0,M10.5.0/3x" };
    struct hours h = { 0 };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(days); i++)
        assert_non_null(hours_set_days(&h, days[i], "09:00-18:00"));
    for (size_t i = 0; i < ARRAY_LEN(times); i++)
        assert_non_null(hours_set_days(&h, "mon", times[i]));
    for (size_t i = 0; i < ARRAY_LEN(rules); i++)
        assert_false(zone_rules_ok(rules[i]));
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows) + 4];
    size_t n = 0;

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[n++] = (struct CMUnitTest){ .name = rows[i].name, .test_func = check_row,
                                          .initial_state = (void *)(uintptr_t)&rows[i] };
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(dates_become_moments);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(opening_hours_are_counted);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(civil_days_and_back);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(wrong_words_are_refused);
    return _cmocka_run_group_tests("hours", tests, n, NULL, NULL);
}
