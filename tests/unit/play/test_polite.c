/* Turns at a company's host, on a virtual clock: how many at once, how many in any minute, held hosts,
 * those who leave the queue. */
#include "tests/unit/support/cmocka.h"

#include <stdlib.h>

#include "harness/play/polite.h"

enum { VISITORS = 200 };

struct visitor {
    struct world *world;
    struct polite_turn turn;
    int64_t began;                        /* -1 not yet */
};

struct world {
    struct loop *loop;
    struct polite *polite;
    struct visitor visitors[VISITORS];
    int64_t stay_us;
    size_t inside, most;
};

static void leave(void *context)
{
    struct visitor *c = context;

    c->world->inside--;
    polite_leave(c->world->polite, &c->turn);
}

static void begin(void *context)
{
    struct visitor *c = context;
    struct world *w = c->world;

    c->began = loop_now(w->loop);
    if (++w->inside > w->most)
        w->most = w->inside;
    timer_start(w->loop, c->began + w->stay_us, leave, c);
}

static void come(struct world *w, size_t i, const char *host, enum channel_family family)
{
    struct visitor *c = &w->visitors[i];

    *c = (struct visitor){ .world = w, .turn = { .loop = w->loop, .go = begin, .context = c }, .began = -1 };
    if (polite_enter(w->polite, &c->turn, host, family))
        begin(c);
}

static void open_world(struct world *w, const struct polite_limit *limits, size_t count,
                       int64_t stay_us)
{
    *w = (struct world){ .loop = loop_new(CLOCK_VIRTUAL), .stay_us = stay_us };
    w->polite = polite_new(limits, count);
}

static void close_world(struct world *w)
{
    polite_free(w->polite);
    loop_free(w->loop);
}

/* No minute has more than r beginnings, and no later one waited for nothing. */
static void check_minutes(const struct world *w, size_t count, size_t r)
{
    for (size_t i = 0; i < count; i++) {
        size_t in_minute = 0;

        assert_true(w->visitors[i].began >= 0);
        for (size_t k = 0; k < count; k++)
            in_minute += w->visitors[k].began >= w->visitors[i].began &&
                         w->visitors[k].began < w->visitors[i].began + 60 * US_PER_S;
        assert_true(in_minute <= r);
    }
}

static void at_most_four_at_once(void **state)
{
    static const struct polite_limit limits[] = { { NULL, 4, 100000 } };
    struct world w;

    (void)state;
    open_world(&w, limits, 1, 3 * US_PER_S);
    for (size_t i = 0; i < 40; i++)
        come(&w, i, "shop.test", FAMILY_CHAT);
    assert_int_equal(w.inside, 4);
    loop_run(w.loop);
    assert_int_equal(w.most, 4);
    for (size_t i = 1; i < 40; i++)       /* first come, first served, and nobody forgotten */
        assert_true(w.visitors[i].began >= w.visitors[i - 1].began);
    assert_true(loop_now(w.loop) >= 30 * US_PER_S && loop_now(w.loop) < 31 * US_PER_S);
    close_world(&w);
}

static void thirty_a_minute(void **state)
{
    static const struct polite_limit limits[] = { { NULL, 4, 30 } };
    struct world w;

    (void)state;
    open_world(&w, limits, 1, US_PER_S / 10);
    for (size_t i = 0; i < 100; i++)
        come(&w, i, "shop.test", FAMILY_FORM);
    loop_run(w.loop);
    check_minutes(&w, 100, 30);
    assert_true(loop_now(w.loop) >= 180 * US_PER_S && loop_now(w.loop) < 200 * US_PER_S);
    close_world(&w);
}

static void a_named_host_has_its_own(void **state)
{
    static const struct polite_limit limits[] = { { "Big.test", 50, 1000 }, { NULL, 4, 30 } };
    struct world w;

    (void)state;
    open_world(&w, limits, 2, 10 * US_PER_S);
    for (size_t i = 0; i < 50; i++)
        come(&w, i, "big.TEST", FAMILY_CHAT);
    assert_int_equal(w.inside, 50);
    come(&w, 50, "big.test", FAMILY_CHAT);
    assert_int_equal(w.inside, 50);
    come(&w, 51, "big.test", FAMILY_FORM);       /* another kind of channel is another queue */
    come(&w, 52, "small.test", FAMILY_CHAT);
    assert_int_equal(w.inside, 52);
    loop_run(w.loop);
    assert_true(w.visitors[50].began >= 10 * US_PER_S);
    close_world(&w);
}

static void a_held_host_waits(void **state)
{
    static const struct polite_limit limits[] = { { NULL, 4, 30 } };
    struct world w;

    (void)state;
    open_world(&w, limits, 1, US_PER_S);
    polite_hold(w.polite, 0, "shop.test", 90 * US_PER_S);
    for (size_t i = 0; i < 3; i++)
        come(&w, i, "shop.test", FAMILY_EMAIL);
    come(&w, 3, "other.test", FAMILY_EMAIL);
    assert_int_equal(w.inside, 1);
    loop_run(w.loop);
    for (size_t i = 0; i < 3; i++)
        assert_true(w.visitors[i].began >= 90 * US_PER_S && w.visitors[i].began < 94 * US_PER_S);
    close_world(&w);
}

static void who_leaves_the_queue_is_not_called(void **state)
{
    static const struct polite_limit limits[] = { { NULL, 1, 30 } };
    struct world w;

    (void)state;
    open_world(&w, limits, 1, US_PER_S);
    for (size_t i = 0; i < 5; i++)
        come(&w, i, "shop.test", FAMILY_CHAT);
    polite_leave(w.polite, &w.visitors[1].turn);        /* the first, one between, the last */
    polite_leave(w.polite, &w.visitors[1].turn);
    polite_leave(w.polite, &w.visitors[3].turn);
    polite_leave(w.polite, &w.visitors[4].turn);
    loop_run(w.loop);
    assert_true(w.visitors[0].began == 0 && w.visitors[2].began >= US_PER_S);
    assert_int_equal(w.visitors[1].began, -1);
    assert_int_equal(w.visitors[3].began, -1);
    assert_int_equal(w.visitors[4].began, -1);
    close_world(&w);
}

static void no_limit(void **state)
{
    struct world w;

    (void)state;
    open_world(&w, NULL, 0, US_PER_S);
    for (size_t i = 0; i < VISITORS; i++)
        come(&w, i, "shop.test", FAMILY_CHAT);
    assert_int_equal(w.inside, VISITORS);
    loop_run(w.loop);
    close_world(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(at_most_four_at_once),
        cmocka_unit_test(thirty_a_minute),
        cmocka_unit_test(a_named_host_has_its_own),
        cmocka_unit_test(a_held_host_waits),
        cmocka_unit_test(who_leaves_the_queue_is_not_called),
        cmocka_unit_test(no_limit),
    };

    return cmocka_run_group_tests_name("polite", tests, NULL, NULL);
}
