/* Work on a thread: its end comes to the loop, or to whoever drops what it left. */
#include "tests/unit/support/cmocka.h"

#include "harness/loop/loop.h"

struct job {
    struct loop *l;
    struct work *work;
    int worked, done, dropped;
};

static void work(void *context)
{
    ((struct job *)context)->worked++;
}

static void done(void *context)
{
    ((struct job *)context)->done++;
}

static void drop(void *context)
{
    ((struct job *)context)->dropped++;
}

static void abandon(void *context)
{
    struct job *j = context;

    work_abandon(j->work, drop);
}

static void ends_on_the_loop(void **state)
{
    struct job j = { .l = loop_new(CLOCK_VIRTUAL) };

    (void)state;
    work_start(j.l, work, done, &j);
    loop_run(j.l);
    assert_int_equal(j.worked, 1);
    assert_int_equal(j.done, 1);
    loop_free(j.l);
}

static void abandoned_is_dropped(void **state)
{
    struct job j = { .l = loop_new(CLOCK_REAL) };

    (void)state;
    j.work = work_start(j.l, work, done, &j);
    abandon(&j);
    loop_run(j.l);
    assert_int_equal(j.done, 0);
    assert_int_equal(j.dropped, 1);
    loop_free(j.l);
}

static void abandoned_is_dropped_with_the_loop(void **state)
{
    struct job j = { .l = loop_new(CLOCK_REAL) }, kept = { .l = j.l };

    (void)state;
    j.work = work_start(j.l, work, done, &j);
    work_start(j.l, work, done, &kept);
    abandon(&j);
    loop_free(j.l);
    assert_int_equal(j.done + kept.done + kept.dropped, 0);
    assert_int_equal(j.dropped, 1);
    assert_int_equal(kept.worked, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ends_on_the_loop),
        cmocka_unit_test(abandoned_is_dropped),
        cmocka_unit_test(abandoned_is_dropped_with_the_loop),
    };

    return cmocka_run_group_tests_name("works", tests, NULL, NULL);
}
