#include "tests/unit/support/cmocka.h"

#include "harness/model/civil.h"
#include "harness/model/start_time.h"

static const struct zone berlin = { .name = "Europe/Berlin", .rules = "CET-1CEST,M3.5.0,M10.5.0/3" };

static int64_t at(const char *rfc3339)
{
    int64_t seconds = 0;

    assert_true(civil_parse(rfc3339, &seconds, NULL));
    return seconds;
}

static void check(const char *text, const char *now, const char *then)
{
    struct start_time m;

    assert_null(start_time_parse(text, &m));
    assert_string_equal(m.text, text);
    assert_int_equal(start_time_next(&m, &berlin, at(now)), at(then));
}

static void the_next_time(void **state)
{
    (void)state;
    check("09:00", "2026-11-18T06:00:00Z", "2026-11-18T08:00:00Z");       /* a Wednesday */
    check("09:00", "2026-11-18T08:00:00Z", "2026-11-18T08:00:00Z");
    check("09:00", "2026-11-18T08:00:01Z", "2026-11-19T08:00:00Z");
    check("00:15", "2026-11-18T22:50:00Z", "2026-11-18T23:15:00Z");       /* the customer's midnight */
    check("Sunday 11:00", "2026-11-18T08:00:00Z", "2026-11-22T10:00:00Z");
    check("sun 11:00", "2026-11-22T10:30:00Z", "2026-11-29T10:00:00Z");
    check("WEDNESDAY 23:59", "2026-11-18T08:00:00Z", "2026-11-18T22:59:00Z");
    check("Monday 8:05", "2026-12-31T08:00:00Z", "2027-01-04T07:05:00Z");
}

static void when_clocks_are_changed(void **state)
{
    (void)state;
    check("20:30", "2026-03-28T20:00:00Z", "2026-03-29T18:30:00Z");       /* summer since that night */
    check("Sunday 02:30", "2026-03-25T00:00:00Z", "2026-03-29T01:00:00Z"); /* never shown */
    check("Sunday 02:30", "2026-10-20T00:00:00Z", "2026-10-25T00:30:00Z"); /* shown twice */
    check("09:00", "2026-10-24T08:00:00Z", "2026-10-25T08:00:00Z");
}

static void what_is_no_time(void **state)
{
    static const char *const bad[] = {
        "", "9", "9h", "24:00", "12:60", "12:5", "12:055", "-1:30", "someday 11:00", "Sunday", "Sunday 11",
        "11:00 Sunday", "su 11:00", "Sunday  11:00x", "12:30pm", "1230",
    };
    struct start_time m;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        if (!start_time_parse(bad[i], &m))
            fail_msg("\"%s\" was taken", bad[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_next_time),
        cmocka_unit_test(when_clocks_are_changed),
        cmocka_unit_test(what_is_no_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
