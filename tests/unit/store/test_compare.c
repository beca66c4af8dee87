/* Two results, built by hand: what counts as new, gone, worse, better, and what is noise. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "harness/store/compare.h"

/* One play. */
struct play {
    const char *name, *file;
    double score;                 /* negative: not tested */
    const char *kind;             /* its finding; NULL none */
    double points;
};

static void add(struct result *r, const struct play *p)
{
    struct journey_result *jr = mem_zero(1, sizeof *jr);
    struct judgement *j = judgement_new();

    jr->transcript = transcript_new();
    jr->transcript->journey = p->name;
    jr->transcript->file = p->file;
    jr->judgement = j;
    jr->status = p->score < 0 ? JOURNEY_NOT_TESTED : p->score < 50 ? JOURNEY_FELL_SHORT
                                                                   : JOURNEY_MET;
    j->score = (struct score){ .known = p->score >= 0, .value = p->score };
    if (p->kind) {
        j->findings.items = arena_alloc(j->arena, sizeof *j->findings.items);
        j->findings.items[0] = (struct finding){ .row = finding_row_find(p->kind),
                                                 .share = p->points, .confidence = .9 };
        j->findings.count = 1;
    }
    result_add(r, jr);
}

enum { PLAYS = 6 };

static const struct row {
    const char *name;
    struct play base[PLAYS], head[PLAYS];
    double allow;
    enum change change;           /* of the first journey */
    bool regression;
    size_t findings;              /* that changed */
    enum change finding;          /* the first of them */
} rows[] = {
    { "the same", { { "a", "f", 70, "slow_reply", 4 } }, { { "a", "f", 70, "slow_reply", 4 } }, 0,
      CHANGE_SAME, false, 0, CHANGE_SAME },
    { "a little worse", { { "a", "f", 70, NULL, 0 } }, { { "a", "f", 68, NULL, 0 } }, 3,
      CHANGE_WORSE, false, 0, CHANGE_SAME },
    { "much worse", { { "a", "f", 70, NULL, 0 } }, { { "a", "f", 60, NULL, 0 } }, 3,
      CHANGE_WORSE, true, 0, CHANGE_SAME },
    { "the bar lost", { { "a", "f", 50, NULL, 0 } }, { { "a", "f", 49, NULL, 0 } }, 3,
      CHANGE_WORSE, true, 0, CHANGE_SAME },
    { "better", { { "a", "f", 40, NULL, 0 } }, { { "a", "f", 60, NULL, 0 } }, 3,
      CHANGE_BETTER, false, 0, CHANGE_SAME },
    { "a new finding", { { "a", "f", 70, NULL, 0 } }, { { "a", "f", 70, "dead_end", 8 } }, 3,
      CHANGE_SAME, true, 1, CHANGE_NEW },
    { "a cheap one", { { "a", "f", 70, NULL, 0 } }, { { "a", "f", 70, "dead_end", 2 } }, 3,
      CHANGE_SAME, false, 1, CHANGE_NEW },
    { "one gone", { { "a", "f", 70, "dead_end", 8 } }, { { "a", "f", 70, NULL, 0 } }, 3,
      CHANGE_SAME, false, 1, CHANGE_GONE },
    { "one that costs more", { { "a", "f", 70, "slow_reply", 2 } },
      { { "a", "f", 70, "slow_reply", 9 } }, 3, CHANGE_SAME, true, 1, CHANGE_WORSE },
    { "good findings are not compared", { { "a", "f", 70, NULL, 0 } },
      { { "a", "f", 70, "apology", 0 } }, 0, CHANGE_SAME, false, 0, CHANGE_SAME },
    { "another file, the same name", { { "a", "old", 70, NULL, 0 } },
      { { "a", "new", 60, NULL, 0 } }, 3, CHANGE_WORSE, true, 0, CHANGE_SAME },
    { "a new journey", { { 0 } }, { { "a", "f", 10, "dead_end", 30 } }, 3,
      CHANGE_NEW, false, 0, CHANGE_SAME },
    { "a journey that is gone", { { "a", "f", 10, NULL, 0 } }, { { 0 } }, 3,
      CHANGE_GONE, false, 0, CHANGE_SAME },
    { "noise: the same scatter", { { "a", "f", 60, NULL, 0 }, { "a", "f", 70, NULL, 0 },
      { "a", "f", 80, NULL, 0 }, { "a", "f", 75, NULL, 0 } },
      { { "a", "f", 55, NULL, 0 }, { "a", "f", 72, NULL, 0 }, { "a", "f", 65, NULL, 0 },
        { "a", "f", 74, NULL, 0 } }, 0, CHANGE_SAME, false, 0, CHANGE_SAME },
    { "more than the scatter", { { "a", "f", 70, NULL, 0 }, { "a", "f", 72, NULL, 0 },
      { "a", "f", 71, NULL, 0 }, { "a", "f", 75, NULL, 0 } },
      { { "a", "f", 60, NULL, 0 }, { "a", "f", 62, NULL, 0 }, { "a", "f", 65, NULL, 0 },
        { "a", "f", 64, NULL, 0 } }, 3, CHANGE_WORSE, true, 0, CHANGE_SAME },
    { "a finding that comes and goes", { { "a", "f", 70, NULL, 0 },
      { "a", "f", 70, "slow_reply", 5 }, { "a", "f", 70, NULL, 0 }, { "a", "f", 70, NULL, 0 } },
      { { "a", "f", 70, "slow_reply", 5 }, { "a", "f", 70, "slow_reply", 5 },
        { "a", "f", 70, NULL, 0 }, { "a", "f", 70, NULL, 0 } }, 0, CHANGE_SAME, false, 0,
      CHANGE_SAME },
    { "one untested play says nothing", { { "a", "f", 70, NULL, 0 } },
      { { "a", "f", 70, NULL, 0 }, { "a", "f", -1, NULL, 0 } }, 0, CHANGE_SAME, false, 0,
      CHANGE_SAME },
};

static struct result *built(const struct play *plays)
{
    struct result *r = result_new();

    for (size_t i = 0; i < PLAYS && plays[i].name; i++)
        add(r, &plays[i]);
    return r;
}

static void check_row(void **state)
{
    const struct row *row = *state;
    struct result *base = built(row->base), *head = built(row->head);
    struct comparison *c = compare_results(base, head, row->allow);

    assert_int_equal(c->count, 1);
    assert_string_equal(change_names[c->journeys[0].change], change_names[row->change]);
    assert_int_equal(c->journeys[0].regression, row->regression);
    assert_int_equal(c->regressions, row->regression);
    assert_int_equal(c->untested, 0);
    assert_int_equal(c->journeys[0].finding_count, row->findings);
    if (row->findings)
        assert_string_equal(change_names[c->journeys[0].findings[0].change],
                            change_names[row->finding]);
    json_decref(journey_change_json(&c->journeys[0]));
    comparison_free(c);
    result_free(base);
    result_free(head);
}

static void test_untested(void **state)
{
    (void)state;
    static const struct play base[PLAYS] = { { "a", "f", 70, NULL, 0 } };
    static const struct play head[PLAYS] = { { "a", "f", -1, NULL, 0 } };
    struct result *b = built(base), *h = built(head);
    struct comparison *c = compare_results(b, h, 3);

    assert_int_equal(c->untested, 1);
    assert_int_equal(c->regressions, 0);
    comparison_free(c);
    result_free(b);
    result_free(h);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows) + 1];

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[i] = (struct CMUnitTest){ .name = rows[i].name, .test_func = check_row,
                                        .initial_state = (void *)(uintptr_t)&rows[i] };
    tests[ARRAY_LEN(rows)] = (struct CMUnitTest)cmocka_unit_test(test_untested);
    return _cmocka_run_group_tests("compare", tests, ARRAY_LEN(tests), NULL, NULL);
}
