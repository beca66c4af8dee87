/* A history in a file of its own: what is kept, what comes back, what is no history. */
#define _DEFAULT_SOURCE
#include "tests/unit/support/cmocka.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/store/history.h"

struct place { char folder[64], file[96]; };

static int setup(void **state)
{
    struct place *p = mem_zero(1, sizeof *p);

    snprintf(p->folder, sizeof p->folder, "/tmp/shopper-history.XXXXXX");
    if (!mkdtemp(p->folder))
        return -1;
    snprintf(p->file, sizeof p->file, "%s/h.db", p->folder);
    *state = p;
    return 0;
}

static int teardown(void **state)
{
    struct place *p = *state;

    unlink(p->file);
    rmdir(p->folder);
    free(p);
    return 0;
}

static struct result *audit(const char *started, double score, const char *kind)
{
    struct result *r = result_new();
    struct journey_result *jr = mem_zero(1, sizeof *jr);
    struct judgement *j = judgement_new();

    r->started = started;
    jr->transcript = transcript_new();
    jr->transcript->journey = "Refund \"; DROP TABLE play; --";
    jr->transcript->file = "refund.journey.yaml";
    jr->judgement = j;
    jr->status = score < 50 ? JOURNEY_FELL_SHORT : JOURNEY_MET;
    j->score = (struct score){ .known = score >= 0, .value = score, .grade = 'C', .ces = 4 };
    j->exchanges = arena_alloc(j->arena, 2 * sizeof *j->exchanges);
    j->exchange_count = 2;
    j->exchanges[0].wait_us = 3;
    j->exchanges[1].wait_us = 5;
    if (kind) {
        j->findings.items = arena_alloc(j->arena, 2 * sizeof *j->findings.items);
        for (int i = 0; i < 2; i++)
            j->findings.items[i] = (struct finding){ .row = finding_row_find(kind),
                                                     .share = 4, .confidence = .9 - .6 * i };
        j->findings.count = 2;
    }
    result_add(r, jr);
    return r;
}

static enum status open_at(const char *path, enum history_open how, struct history **h)
{
    struct diags diags;
    enum status st;

    diags_init(&diags);
    st = history_open(path, how, &diags, h);
    assert_int_equal(diags.errors > 0, st != ST_OK);
    diags_release(&diags);
    return st;
}

static void keep(struct history *h, const char *started, double score, const char *kind)
{
    struct result *r = audit(started, score, kind);
    struct diags diags;

    diags_init(&diags);
    assert_int_equal(history_add(h, r, "2026-01-09T00:00:00Z", &diags), ST_OK);
    diags_release(&diags);
    result_free(r);
}

static void test_comes_back(void **state)
{
    const struct place *p = *state;
    struct arena *a = arena_new();
    struct history *h = NULL, *other = NULL;
    struct trends t;
    struct diags diags;

    diags_init(&diags);
    assert_int_equal(open_at(p->file, HISTORY_WRITE, &h), ST_OK);
    keep(h, "2026-01-02T00:00:00Z", 40, "slow_reply");
    keep(h, "2026-01-01T00:00:00Z", 80, NULL);
    keep(h, "2026-01-02T00:00:00Z", 40, "slow_reply");     /* the same audit again */
    assert_int_equal(open_at(p->file, HISTORY_WRITE, &other), ST_OK);
    keep(other, NULL, -1, NULL);
    assert_int_equal(history_read(h, 0, a, &diags, &t), ST_OK);
    assert_int_equal(t.count, 1);
    assert_string_equal(t.items[0].journey, "Refund \"; DROP TABLE play; --");
    assert_int_equal(t.items[0].count, 3);

    const struct trend_play *play = t.items[0].plays;

    assert_true(play[0].score == 80 && play[1].score == 40 && !play[2].known);
    assert_string_equal(play[2].started, "2026-01-09T00:00:00Z");
    assert_int_equal(play[0].finding_count, 0);
    assert_int_equal(play[1].finding_count, 1);
    assert_int_equal(play[1].findings[0].times, 1);        /* the doubt is not counted */
    assert_int_equal(play[1].waited_us, 8);
    assert_int_equal(play[1].longest_us, 5);
    assert_int_equal(play[1].status, JOURNEY_FELL_SHORT);
    assert_int_equal(history_read(h, 1, a, &diags, &t), ST_OK);
    assert_int_equal(t.items[0].count, 1);
    assert_false(t.items[0].plays[0].known);
    history_close(h);
    history_close(other);
    diags_release(&diags);
    arena_free(a);
}

static void test_is_no_history(void **state)
{
    const struct place *p = *state;
    struct history *h = NULL;
    FILE *f;

    assert_int_equal(open_at(p->file, HISTORY_READ, &h), ST_IO);
    f = fopen(p->file, "w");
    fputs("This is a letter, and a long one; it has nothing to do with any of this at all.", f);
    fclose(f);
    assert_int_equal(open_at(p->file, HISTORY_READ, &h), ST_IO);
    assert_int_equal(open_at(p->file, HISTORY_WRITE, &h), ST_IO);
    assert_null(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_comes_back, setup, teardown),
        cmocka_unit_test_setup_teardown(test_is_no_history, setup, teardown),
    };

    return cmocka_run_group_tests_name("history", tests, NULL, NULL);
}
