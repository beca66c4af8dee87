/* Which journey begins next, and when, on one loop and on several. */
#include "tests/unit/support/cmocka.h"

#include "harness/base/duration.h"
#include "harness/play/common.h"

enum { HOUR = 3600, MINUTE = 60 };

struct world {
    struct loop *loops[2];
    struct common *common;
    size_t woken[2], over;
};

static void wake_0(void *context)
{
    ((struct world *)context)->woken[0]++;
}

static void wake_1(void *context)
{
    ((struct world *)context)->woken[1]++;
}

static void all_over(void *context)
{
    ((struct world *)context)->over++;
}

static void open_world(struct world *w, struct common_plan plan)
{
    *w = (struct world){ .loops = { loop_new(CLOCK_VIRTUAL), loop_new(CLOCK_VIRTUAL) } };
    plan.all_over = all_over;
    plan.context = w;
    w->common = common_new(&plan);
    common_join(w->common, 0, w->loops[0], wake_0, w);
    if (plan.lanes == 2)
        common_join(w->common, 1, w->loops[1], wake_1, w);
}

static void close_world(struct world *w)
{
    common_free(w->common);
    loop_free(w->loops[0]);
    loop_free(w->loops[1]);
}

static void begins(struct world *w, size_t lane, size_t expected)
{
    size_t index = SIZE_MAX;
    int64_t later;

    assert_true(common_next(w->common, lane, &index, &later));
    assert_int_equal(index, expected);
}

/* seconds -1: it need not ask again */
static void waits(struct world *w, size_t lane, int64_t seconds)
{
    size_t index;
    int64_t later = 0;

    assert_false(common_next(w->common, lane, &index, &later));
    assert_true(later == (seconds < 0 ? INT64_MAX : seconds * US_PER_S));
}

static void nothing(void *context)
{
    (void)context;
}

static void let_pass(struct loop *l, int64_t seconds)
{
    timer_start(l, loop_now(l) + seconds * US_PER_S, nothing, NULL);
    loop_run(l);
}

static void none_before_its_start(void **state)
{
    static const int64_t starts[] = { 0, 10 * US_PER_S, 10 * US_PER_S, 30 * US_PER_S };
    struct world w;

    (void)state;
    open_world(&w, (struct common_plan){ .count = 4, .at_once = 2, .starts = starts });
    begins(&w, 0, 0);
    waits(&w, 0, 10);
    common_over(w.common, 0);
    assert_int_equal(w.over, 0);          /* nothing runs, but something will */
    let_pass(w.loops[0], 10);
    begins(&w, 0, 1);
    begins(&w, 0, 2);
    waits(&w, 0, 30);
    common_over(w.common, 0);
    common_over(w.common, 0);
    common_stop(w.common);
    waits(&w, 0, -1);
    assert_int_equal(w.over, 1);
    close_world(&w);
}

/* It had no room while something was due, so it was not told of any later time. */
static void who_was_not_told_is_woken(void **state)
{
    static const int64_t starts[] = { 0, 0, HOUR * US_PER_S };
    struct world w;

    (void)state;
    open_world(&w, (struct common_plan){ .count = 3, .at_once = 1, .lanes = 2, .starts = starts });
    begins(&w, 1, 0);
    waits(&w, 0, -1);
    common_over(w.common, 1);
    begins(&w, 1, 1);
    waits(&w, 1, HOUR);
    common_wake(w.common, 1);
    loop_run(w.loops[0]);
    assert_int_equal(w.woken[0], 1);
    assert_int_equal(w.woken[1], 0);
    waits(&w, 0, HOUR);
    common_over(w.common, 1);
    let_pass(w.loops[0], HOUR);
    begins(&w, 0, 2);
    common_over(w.common, 0);
    assert_int_equal(w.over, 1);
    close_world(&w);
}

static void a_bound_one_waits_on_lane_0(void **state)
{
    static const int64_t starts[] = { MINUTE * US_PER_S, HOUR * US_PER_S };
    static const bool bound[] = { true, false };
    struct world w;

    (void)state;
    open_world(&w, (struct common_plan){ .count = 2, .at_once = 4, .lanes = 2, .starts = starts,
                                         .bound = bound });
    waits(&w, 0, MINUTE);
    waits(&w, 1, HOUR);
    close_world(&w);
}

static void who_begins_much_later_rests(void **state)
{
    static const int64_t starts[] = { 0, HOUR * US_PER_S, 2 * HOUR * US_PER_S };
    static const bool bound[] = { false, true, false };
    struct world w;
    size_t index = 0;

    (void)state;
    open_world(&w, (struct common_plan){ .count = 3, .at_once = 4, .lanes = 2, .starts = starts,
                                         .bound = bound });
    begins(&w, 1, 0);
    assert_false(common_rest(w.common, 1, 0, &index));            /* one plays */
    common_over(w.common, 1);
    assert_false(common_rest(w.common, 1, HOUR * US_PER_S, &index));
    assert_true(common_rest(w.common, 1, MINUTE * US_PER_S, &index));
    assert_int_equal(index, 1);
    waits(&w, 0, -1);
    common_over(w.common, 1);
    assert_int_equal(w.over, 0);
    assert_true(common_rest(w.common, 1, MINUTE * US_PER_S, &index));
    assert_int_equal(index, 2);
    common_over(w.common, 1);
    assert_int_equal(w.over, 1);
    assert_false(common_rest(w.common, 0, 0, &index));
    close_world(&w);
}

static void the_first_ones_come_one_by_one(void **state)
{
    const struct ramp ramp = { 5 * US_PER_S, 100 * US_PER_S, 7 };
    struct world w;

    (void)state;
    open_world(&w, (struct common_plan){ .count = 30, .at_once = 10, .ramp = ramp });
    for (size_t i = 0; i < 10; i++) {
        size_t index = 99;
        int64_t later = 0, now;

        assert_false(common_next(w.common, 0, &index, &later));
        timer_start(w.loops[0], later, nothing, NULL);
        loop_run(w.loops[0]);
        now = loop_now(w.loops[0]);
        assert_in_range(now, 5 * US_PER_S + i * 10 * US_PER_S, 15 * US_PER_S + i * 10 * US_PER_S);
        assert_true(i > 0 || now == 5 * US_PER_S);
        begins(&w, 0, i);
    }
    waits(&w, 0, -1);                     /* woken when one has ended */
    common_over(w.common, 0);
    begins(&w, 0, 10);
    close_world(&w);
}

static void chance_is_that_of_its_seed(void **state)
{
    size_t tenths[10] = { 0 }, same = 0;

    (void)state;
    for (uint64_t i = 0; i < 10000; i++) {
        double one = chance(3, i);

        assert_true(one >= 0 && one < 1 && chance(3, i) == one);
        tenths[(size_t)(one * 10)]++;
        same += chance(4, i) == one;
    }
    for (size_t i = 0; i < 10; i++)
        assert_in_range(tenths[i], 800, 1200);
    assert_int_equal(same, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(none_before_its_start),
        cmocka_unit_test(who_was_not_told_is_woken),
        cmocka_unit_test(a_bound_one_waits_on_lane_0),
        cmocka_unit_test(who_begins_much_later_rests),
        cmocka_unit_test(the_first_ones_come_one_by_one),
        cmocka_unit_test(chance_is_that_of_its_seed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
