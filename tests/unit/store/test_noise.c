/* The tests of noise.h against values from tables and by counting. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "harness/base/mem.h"
#include "harness/store/noise.h"

enum { MAX = 8 };

/* Complete separation has 2 of C(n+m, n) arrangements; others counted by hand. */
static const struct { double a[MAX]; size_t n; double b[MAX]; size_t m; double p; } ranks[] = {
    { { 1, 2, 3 }, 3, { 4, 5, 6 }, 3, 2.0 / 20 },
    { { 1, 2, 3, 4 }, 4, { 5, 6, 7, 8 }, 4, 2.0 / 70 },
    { { 5, 6, 7, 8 }, 4, { 1, 2, 3, 4 }, 4, 2.0 / 70 },
    { { 1, 2, 3, 5 }, 4, { 4, 6, 7, 8 }, 4, 4.0 / 70 },
    { { 5, 5, 5 }, 3, { 5, 5, 5 }, 3, 1 },
    { { 1 }, 1, { 2 }, 1, 1 },
    { { 1, 1 }, 2, { 1, 2 }, 2, 1 },
    { { 1 }, 1, { 0 }, 0, 1 },
};

static void test_ranks(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(ranks); i++)
        assert_true(fabs(noise_ranks(ranks[i].a, ranks[i].n, ranks[i].b, ranks[i].m) -
                         ranks[i].p) < 1e-9);
}

/* Just above the exact range the approximation gives nearly what the exact test would. */
static void test_approximation_is_near(void **state)
{
    (void)state;
    double a[31], b[31];

    for (size_t i = 0; i < 31; i++) {
        a[i] = (double)(i * 7 % 31);
        b[i] = (double)(i * 11 % 31) + 5.5;
    }
    assert_true(fabs(noise_ranks(a, 30, b, 30) - noise_ranks(a, 31, b, 31)) < .02);
}

/* Fisher: the lady tasting tea, and a table of 1 to 9 against 11 to 3. */
static void test_counts(void **state)
{
    (void)state;
    static const struct { size_t a, n, b, m; double p; } rows[] = {
        { 3, 4, 1, 4, 34.0 / 70 }, { 4, 4, 0, 4, 2.0 / 70 }, { 1, 10, 11, 14, 0.0027594561852 },
        { 0, 5, 0, 5, 1 }, { 5, 5, 5, 5, 1 }, { 0, 0, 1, 1, 1 },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_true(fabs(noise_counts(rows[i].a, rows[i].n, rows[i].b, rows[i].m) - rows[i].p) <
                    1e-9);
}

static void test_few_plays(void **state)
{
    (void)state;
    const double low[] = { 50, 55, 60 }, high[] = { 61, 70, 75 }, mixed[] = { 40, 58, 90 };

    assert_false(noise_testable(1, 1));
    assert_false(noise_testable(3, 3));
    assert_true(noise_testable(4, 4));
    assert_false(noise_testable(1, 20));
    assert_true(noise_testable(1, 40));
    assert_true(noise_values_differ(low, 3, high, 3));
    assert_false(noise_values_differ(low, 3, mixed, 3));
    assert_false(noise_values_differ(low, 1, low, 1));
    assert_true(noise_values_differ(low, 1, high, 1));
    assert_false(noise_values_differ(low, 0, high, 1));
    assert_true(noise_counts_differ(0, 3, 3, 3));
    assert_false(noise_counts_differ(0, 3, 2, 3));
    assert_true(noise_counts_differ(0, 1, 1, 1));
}

static void test_spread(void **state)
{
    (void)state;
    const double values[] = { 3, 1, 2, 10 };
    struct spread s = spread_of(values, 4), none = spread_of(NULL, 0);

    assert_true(s.count == 4 && s.min == 1 && s.max == 10 && s.median == 2.5 && s.mean == 4);
    assert_true(none.count == 0 && none.mean == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ranks), cmocka_unit_test(test_approximation_is_near),
        cmocka_unit_test(test_counts), cmocka_unit_test(test_few_plays),
        cmocka_unit_test(test_spread),
    };

    return cmocka_run_group_tests_name("noise", tests, NULL, NULL);
}
