#include "tests/unit/support/cmocka.h"

#include <uv.h>

#include "harness/base/buf.h"
#include "harness/base/duration.h"
#include "harness/loop/loop.h"

/* Each timer writes its letter; some do something else as well. */
struct fixture {
    struct loop *l;
    struct buf said;
    struct timer *other;
    int64_t started, saw;
};

static struct mark {
    struct fixture *f;
    char c;
} marks[64];
static size_t mark_count;

static void *letter(struct fixture *f, char c)
{
    marks[mark_count] = (struct mark){ f, c };
    return &marks[mark_count++];
}

static void say(void *context)
{
    struct mark *m = context;

    buf_addc(&m->f->said, m->c);
    m->f->saw = loop_now(m->f->l);
}

static int setup(void **state)
{
    static struct fixture f;

    mark_count = 0;
    f = (struct fixture){ .l = loop_new(CLOCK_VIRTUAL) };
    buf_init(&f.said, 4096);
    assert_non_null(f.l);
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    loop_free(f->l);
    buf_release(&f->said);
    return 0;
}

static void in_order_of_time_then_creation(void **state)
{
    struct fixture *f = *state;

    timer_start(f->l, 300, say, letter(f, 'd'));
    timer_start(f->l, 100, say, letter(f, 'a'));
    timer_start(f->l, 200, say, letter(f, 'b'));
    timer_start(f->l, 200, say, letter(f, 'c'));
    timer_start(f->l, -5, say, letter(f, '0'));
    loop_run(f->l);
    assert_string_equal(f->said.ptr, "0abcd");
    assert_int_equal(f->saw, 300);
}

static void three_days_take_no_time(void **state)
{
    struct fixture *f = *state;

    timer_start(f->l, 3 * 86400 * US_PER_S, say, letter(f, 'x'));
    loop_run(f->l);
    assert_int_equal(loop_now(f->l), 3 * 86400 * US_PER_S);
}

static void start_another_now(void *context)
{
    struct mark *m = context;

    buf_addc(&m->f->said, m->c);
    timer_start(m->f->l, loop_now(m->f->l) - 50, say, letter(m->f, 'n'));
}

static void what_a_callback_adds_waits_its_turn(void **state)
{
    struct fixture *f = *state;

    timer_start(f->l, 100, start_another_now, letter(f, 'a'));
    timer_start(f->l, 100, say, letter(f, 'b'));
    loop_run(f->l);
    assert_string_equal(f->said.ptr, "abn");
}

static void cancel_other(void *context)
{
    struct mark *m = context;

    buf_addc(&m->f->said, m->c);
    timer_cancel(m->f->other);
}

static void cancel_in_a_callback(void **state)
{
    struct fixture *f = *state;

    /* due in the same round: set aside already */
    timer_start(f->l, 100, cancel_other, letter(f, 'a'));
    timer_start(f->l, 100, say, letter(f, 'b'));
    f->other = timer_start(f->l, 100, say, letter(f, 'c'));
    timer_start(f->l, 100, say, letter(f, 'd'));
    loop_run(f->l);
    assert_string_equal(f->said.ptr, "abd");

    /* still in the heap */
    timer_start(f->l, 200, cancel_other, letter(f, 'e'));
    f->other = timer_start(f->l, 300, say, letter(f, 'f'));
    timer_start(f->l, 400, say, letter(f, 'g'));
    loop_run(f->l);
    assert_string_equal(f->said.ptr, "abdeg");
    timer_cancel(NULL);
}

static void many_random(void **state)
{
    struct fixture *f = *state;
    struct timer *kept[500];
    uint32_t r = 12345;

    for (int i = 0; i < 500; i++) {
        r = r * 1664525 + 1013904223;
        kept[i] = timer_start(f->l, r >> 16, say, letter(f, '.'));
        mark_count = 0;
    }
    for (int i = 0; i < 500; i += 3)
        timer_cancel(kept[i]);
    loop_run(f->l);
    assert_int_equal(f->said.len, 500 - 167);
}

static void stop(void *context)
{
    loop_stop(context);
}

static void stopping_leaves_the_rest(void **state)
{
    struct fixture *f = *state;

    timer_start(f->l, 100, stop, f->l);
    timer_start(f->l, 200, say, letter(f, 'a'));
    loop_run(f->l);
    assert_string_equal(f->said.ptr, "");
    loop_run(f->l);
    assert_string_equal(f->said.ptr, "a");
}

static void a_hold_nobody_can_end_is_no_deadlock(void **state)
{
    struct fixture *f = *state;

    loop_hold(f->l);
    timer_start(f->l, 100, say, letter(f, 'a'));
    loop_run(f->l);
    assert_string_equal(f->said.ptr, "a");
    loop_release(f->l);
    loop_release(f->l);
}

static void release_hold(void *context)
{
    struct fixture *f = context;

    buf_addc(&f->said, 'r');
    loop_release(f->l);
}

/* A real timer of libuv's stands for mail under way; the virtual one must not overtake it. */
static void uv_release(uv_timer_t *t)
{
    release_hold(t->data);
}

static void a_hold_keeps_virtual_time(void **state)
{
    struct fixture *f = *state;
    static uv_timer_t real;

    uv_timer_init(loop_uv(f->l), &real);
    real.data = f;
    uv_timer_start(&real, uv_release, 20, 0);
    loop_hold(f->l);
    timer_start(f->l, 1, say, letter(f, 'a'));
    loop_run(f->l);
    assert_string_equal(f->said.ptr, "ra");
}

static void the_real_clock_is_kept(void **state)
{
    struct loop *l = loop_new(CLOCK_REAL);
    struct fixture f = { .l = l };

    (void)state;
    buf_init(&f.said, 64);
    timer_start(l, loop_now(l) + 30 * US_PER_MS, say, letter(&f, 'b'));
    timer_start(l, loop_now(l) + 10 * US_PER_MS, say, letter(&f, 'a'));
    loop_run(l);
    assert_string_equal(f.said.ptr, "ab");
    assert_true(f.saw >= 30 * US_PER_MS);
    assert_true(loop_lag(l) >= 0);
    timer_start(l, loop_now(l) + 3600 * US_PER_S, say, letter(&f, 'z'));
    loop_free(l);                         /* with one left */
    buf_release(&f.said);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(in_order_of_time_then_creation),
        TEST(three_days_take_no_time),
        TEST(what_a_callback_adds_waits_its_turn),
        TEST(cancel_in_a_callback),
        TEST(many_random),
        TEST(stopping_leaves_the_rest),
        TEST(a_hold_nobody_can_end_is_no_deadlock),
        TEST(a_hold_keeps_virtual_time),
        TEST(the_real_clock_is_kept),
    };

    return cmocka_run_group_tests_name("timers", tests, NULL, NULL);
}
