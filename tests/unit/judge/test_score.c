#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/judge/journeys.h"

/* The worked examples of the model's description, to the digits printed there. */
static const struct example {
    const char *name, *exchanges[5];
    enum outcome outcome;
    double m[5], mood[5], worst, remembered, value;
    char grade;
    double effort, ces;
} examples[] = {
    { "good chat",
      { "progress fast=10s/30s", "progress fast=20s/60s", "answer resolved ref fast=30s/60s" },
      OUTCOME_SOLVED, { .174, .174, .472 }, { .174, .174, .294 }, .174, .257, 82.6, 'A', 0, 7.0 },
    { "ordinary mail",
      { "ack ref fast=60s/900s", "answer wait=6h/4h", "resolved fast=3h/4h" },
      OUTCOME_SOLVED, { .221, .094, .422 }, { .221, .132, .248 }, .094, .209, 79.3, 'B', 0, 7.0 },
    { "asked again in two channels",
      { "ack", "repeat_x wait=5h/4h?", "repeat wait=4h/4h", "answer resolved" },
      OUTCOME_SOLVED, { .124, -.620, -.495, .466 }, { .124, -.397, -.466, -.093 },
      -.620, -.238, 56.7, 'C', 1.6, 4.2 },
    { "late with an apology",
      { "ack ref time", "broken=5h/2h progress apology", "answer resolved" },
      OUTCOME_SOLVED, { .222, -.309, .466 }, { .222, -.180, .079 },
      -.309, -.001, 65.0, 'B', 0.5, 5.9 },
    { "late without an apology",
      { "ack ref time", "broken=5h/2h progress", "answer resolved" },
      OUTCOME_SOLVED, { .222, -.562, .466 }, { .222, -.326, -.009 },
      -.562, -.129, 60.5, 'C', 0.5, 5.9 },
    { "bot loop, then call us",
      { "fallback fast=2s/30s", "loop", "loop", "deflect" },
      OUTCOME_NOT_SOLVED, { -.148, -.638, -.776, -.591 }, { -.148, -.491, -.691, -.651 },
      -.776, -.643, 12.5, 'F', 3.0, 1.8 },
    { "mail never answered",
      { "no_ack", "recontact unanswered" },
      OUTCOME_NOT_SOLVED, { -.295, -.903 }, { -.295, -.720 }, -.903, -.723, 9.7, 'F', 2.3, 2.4 },
    { "handed on, half answered",
      { "ack ref", "transfer repeat_x wait=9h/4h", "progress boilerplate" },
      OUTCOME_OPEN, { .167, -.795, -.144 }, { .167, -.506, -.361 },
      -.795, -.433, 34.8, 'D', 1.9, 3.8 },
};

static void near(double got, double want, double step)
{
    if (fabs(got - want) > step / 2 + 1e-9)
        fail_msg("got %.5f, want %.5f", got, want);
}

static void check_example(void **state)
{
    const struct example *x = *state;
    struct journey j = { 0 };
    struct moment m[5];
    struct score s = { 0 };

    for (size_t i = 0; i < ARRAY_LEN(x->exchanges) && x->exchanges[i]; i++)
        journey_add(&j, x->exchanges[i]);
    journey_score(&j, x->outcome, m, &s);
    for (size_t i = 0; i < j.exchanges; i++) {
        near(m[i].m_after, x->m[i], .001);
        near(m[i].mood, x->mood[i], .001);
    }
    near(s.worst, x->worst, .001);
    near(s.remembered, x->remembered, .001);
    near(s.value, x->value, .1);
    near(s.effort, x->effort, .01);
    near(s.ces, x->ces, .1);
    assert_int_equal(s.grade, x->grade);
    assert_true(s.known);
    journey_release(&j);
}

static void test_helpers(void **state)
{
    const double h = 3600;

    (void)state;
    near(broken_loss(5 * h, 2 * h), .680, .001);
    near(wait_loss(6 * h, 4 * h, 0), .146, .001);
    near(wait_loss(5 * h, 4 * h, WAIT_UNCERTAIN), .161, .001);
    near(wait_loss(9 * h, 4 * h, 0), .292, .001);
    near(wait_gain(10, 30), .059, .001);
    near(wait_gain(30, 60), .0375, .0001);
    near(wait_gain(60, 900), .1465, .0001);
    near(wait_gain(3 * h, 4 * h), .0156, .0001);

    near(wait_loss(8 * h, 4 * h, 0), .25, 1e-9);
    near(wait_loss(64 * h, 4 * h, 0), 1, 1e-9);
    near(wait_loss(5 * h, 5 * h, WAIT_UNEXPLAINED), .25 * log2(1.15), 1e-9);
    near(wait_loss(0, 30, WAIT_UNCERTAIN), 0, 1e-9);
    near(broken_loss(2 * h, 2 * h), 0, 1e-9);
    near(wait_gain(0, 30), .15, 1e-9);
}

static void test_grades(void **state)
{
    static const struct { double value; char grade; } rows[] = {
        { 100, 'A' }, { 79.5, 'A' }, { 79.49, 'B' }, { 64.5, 'B' }, { 64.4, 'C' }, { 49.5, 'C' },
        { 49.4, 'D' }, { 34.5, 'D' }, { 34.4, 'E' }, { 19.5, 'E' }, { 19.4, 'F' }, { 0, 'F' },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_int_equal(score_grade(rows[i].value), rows[i].grade);
}

static double value_of(const char *const *exchanges, enum outcome o)
{
    struct journey j = { 0 };
    struct score s = { 0 };

    for (; *exchanges; exchanges++)
        journey_add(&j, *exchanges);
    journey_score(&j, o, NULL, &s);
    journey_release(&j);
    return s.value;
}

static void test_recovery(void **state)
{
    const char *bad[] = { "repeat", "progress", NULL };
    const char *real[] = { "repeat apology", "progress", NULL };
    const char *set[] = { "repeat set_apology", "progress", NULL };
    const char *paid[] = { "repeat apology comp", "progress", NULL };
    const char *early[] = { "apology", "repeat", NULL }, *late[] = { "progress", "repeat", NULL };
    const char *twice[] = { "repeat", "repeat apology", NULL };
    const char *never[] = { "repeat", "repeat", NULL };

    (void)state;
    assert_true(value_of(bad, 0) < value_of(set, 0));
    assert_true(value_of(set, 0) < value_of(real, 0));
    assert_true(value_of(real, 0) < value_of(paid, 0));
    assert_true(value_of(early, 0) < value_of(late, 0));          /* nothing to mend yet */
    const char *again[] = { "repeat apology apology", "progress", NULL };

    near(value_of(again, 0), value_of(real, 0), 1e-9);            /* still one apology */
    near(value_of(twice, 0), value_of(never, 0), 1e-9);           /* too late, it happened twice */
}

static void test_abuse_cap(void **state)
{
    const char *x[] = { "abuse", "resolved answer", "resolved answer", "resolved answer", NULL };

    (void)state;
    near(value_of(x, OUTCOME_SOLVED), 40, 1e-9);
}

static void test_empty(void **state)
{
    struct journey j = { 0 };
    struct score s = { .known = true };

    (void)state;
    journey_score(&j, OUTCOME_OPEN, NULL, &s);
    assert_false(s.known);
}

enum { RUNS = 10000 };

static double random_score(const struct journey *j, enum outcome o)
{
    struct score s = { 0 };

    journey_score(j, o, NULL, &s);
    assert_true(s.value >= 0 && s.value <= 100);
    assert_true(s.ces >= 1 && s.ces <= 7);
    return s.value;
}

static void without_recoveries(struct journey *j)
{
    size_t kept = 0;

    for (size_t i = 0; i < j->count; i++)
        if (j->charges[i].kind < CHARGE_APOLOGY)
            j->charges[kept++] = j->charges[i];
    j->count = kept;
}

/* 1, 3: bounds, the same twice, a better outcome never scores lower. */
static void test_bounds_and_outcome(void **state)
{
    struct random r = { UINT64_C(20240601) };

    (void)state;
    for (int i = 0; i < RUNS; i++) {
        struct journey j = journey_random(&r, 25);
        double bad = random_score(&j, OUTCOME_NOT_SOLVED), open = random_score(&j, OUTCOME_OPEN);
        double good = random_score(&j, OUTCOME_SOLVED);

        assert_true(bad <= open && open <= good);
        assert_true(bad == random_score(&j, OUTCOME_NOT_SOLVED));
        journey_release(&j);
    }
}

static void insert(struct journey *j, size_t exchange, struct charge c)
{
    size_t at = 0;

    while (at < j->count && j->charges[at].exchange <= (int)exchange)
        at++;
    journey_charge(j, c);
    memmove(&j->charges[at + 1], &j->charges[at], (j->count - 1 - at) * sizeof c);
    c.exchange = (int)exchange;
    j->charges[at] = c;
}

/* 2: one more loss never raises the score, one more gain never lowers it. */
static void test_monotonous(void **state)
{
    struct random r = { UINT64_C(77) };
    const struct expectations *e = industry();

    (void)state;
    for (int i = 0; i < RUNS; i++) {
        struct journey j = journey_random(&r, 25);
        size_t weight = random_below(&r, (unsigned)e->weights.count);
        const struct weight *w = LIST_ITEM(struct weight, e->weights, weight);

        without_recoveries(&j);
        double before = random_score(&j, OUTCOME_OPEN);
        insert(&j, random_below(&r, (unsigned)j.exchanges),
               (struct charge){ .kind = CHARGE_EVENT, .weight = weight });
        double after = random_score(&j, OUTCOME_OPEN);

        assert_true(w->gain > 0 ? after >= before - 1e-9 : after <= before + 1e-9);
        journey_release(&j);
    }
}

/* 4: one exchange without losses, twice in a row, scores the same. */
static void test_twice(void **state)
{
    struct random r = { UINT64_C(4711) };

    (void)state;
    for (int i = 0; i < RUNS; i++) {
        struct journey once = journey_random(&r, 1), both = { 0 };
        size_t kept = 0;

        for (size_t k = 0; k < once.count; k++) {
            const struct charge *c = &once.charges[k];
            bool gain = c->kind == CHARGE_FAST ||
                        (c->kind == CHARGE_EVENT &&
                         LIST_ITEM(struct weight, industry()->weights, c->weight)->loss <= 0);

            if (gain)
                once.charges[kept++] = *c;
        }
        once.count = kept;
        for (int turn = 0; turn < 2; turn++) {
            both.exchanges++;
            for (size_t k = 0; k < once.count; k++)
                journey_charge(&both, once.charges[k]);
        }
        near(random_score(&once, OUTCOME_OPEN), random_score(&both, OUTCOME_OPEN), 1e-9);
        journey_release(&once);
        journey_release(&both);
    }
}

/* 5: in an otherwise even journey, one failure later never scores higher. */
static void test_end_weight(void **state)
{
    struct random r = { UINT64_C(99) };
    const struct expectations *e = industry();

    (void)state;
    for (int i = 0; i < RUNS; i++) {
        unsigned n = 2 + random_below(&r, 24), early = random_below(&r, n - 1);
        unsigned late = early + 1 + random_below(&r, n - 1 - early);
        size_t loss, gain;
        double values[2];

        do loss = random_below(&r, (unsigned)e->weights.count);
        while (LIST_ITEM(struct weight, e->weights, loss)->loss <= 0);
        do gain = random_below(&r, (unsigned)e->weights.count);
        while (LIST_ITEM(struct weight, e->weights, gain)->gain <= 0);

        for (int turn = 0; turn < 2; turn++) {
            struct journey j = { 0 };

            for (unsigned k = 0; k < n; k++) {
                j.exchanges++;
                journey_charge(&j, (struct charge){ .kind = CHARGE_EVENT, .weight = gain });
                if (k == (turn ? late : early))
                    journey_charge(&j, (struct charge){ .kind = CHARGE_EVENT, .weight = loss });
            }
            values[turn] = random_score(&j, OUTCOME_OPEN);
            journey_release(&j);
        }
        assert_true(values[1] <= values[0] + 1e-9);
    }
}

static int teardown(void **state)
{
    (void)state;
    industry_free();
    return 0;
}

int main(void)
{
    static const struct CMUnitTest others[] = {
        cmocka_unit_test(test_helpers), cmocka_unit_test(test_grades),
        cmocka_unit_test(test_recovery), cmocka_unit_test(test_abuse_cap),
        cmocka_unit_test(test_empty), cmocka_unit_test(test_bounds_and_outcome),
        cmocka_unit_test(test_monotonous), cmocka_unit_test(test_twice),
        cmocka_unit_test(test_end_weight),
    };
    struct CMUnitTest tests[ARRAY_LEN(examples) + ARRAY_LEN(others)];

    for (size_t i = 0; i < ARRAY_LEN(examples); i++)
        tests[i] = (struct CMUnitTest){ .name = examples[i].name, .test_func = check_example,
                                        .initial_state = (void *)(uintptr_t)&examples[i] };
    memcpy(tests + ARRAY_LEN(examples), others, sizeof others);
    return cmocka_run_group_tests_name("score", tests, NULL, teardown);
}
