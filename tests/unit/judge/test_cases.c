/* Data-only cases: tests/judge/<finding>/<case>.jsonl is a transcript, <case>.out what must be found:
 * a line "seq kind variant slot confidence" (- for none) for each finding against the company, and
 * for each good one of the folder's own kind. To add a case: add the two files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/read/packs.h"
#include "harness/judge/judge.h"
#include "tests/unit/judge/journeys.h"

enum { TEXT_MAX = 1 << 22 };

static const char ROOT[] = "tests/judge";

struct case_file {
    char *name, *folder;          /* "dead_end/loop", "dead_end" */
};

static struct case_file *cases;
static size_t case_count, case_cap;

static char *read_file(const char *name, const char *ending)
{
    CLEANUP(mem_freep) char *path = mem_printf("%s/%s%s", ROOT, name, ending);
    struct buf text = BUF_INIT(TEXT_MAX);

    if (buf_read_file(&text, path))
        fail_msg("cannot read %s", path);
    return buf_steal(&text);
}

static void print_findings(const struct judgement *j, const char *folder, struct buf *out)
{
    for (size_t i = 0; i < j->findings.count; i++) {
        const struct finding *f = &j->findings.items[i];

        if (f->row->good && strcmp(f->row->kind, folder) != 0)
            continue;
        buf_addf(out, "%d %s %s %s %.2f\n", f->seq, f->row->kind, f->variant ? f->variant : "-",
                 f->slot ? f->slot : "-", f->confidence);
    }
}

/* Whatever is found, the points add up, and every finding speaks. */
static void check_judgement(const struct judgement *j)
{
    double sum = 0;

    for (size_t i = 0; i < j->findings.count; i++) {
        const struct finding *f = &j->findings.items[i];

        sum += f->share;
        assert_true(f->share >= 0);
        assert_true(f->say && *f->say && !strchr(f->say, '{'));
        assert_true(f->event_count > 0);
        if (f->confidence >= CONFIDENCE_COUNTS)
            assert_true(f->row->good ? f->regain <= 1e-9 : f->regain >= -1e-9);
    }
    for (size_t i = 0; i < j->score.line_count; i++)
        sum += j->score.lines[i].share;
    if (!j->score.known)
        return;
    assert_int_equal((long)(sum * 10 + .5), (long)((100 - score_tenths(j->score.value)) * 10 + .5));
    assert_true(j->score.low <= j->score.value && j->score.value <= j->score.high);
}

static void check_case(void **state)
{
    const struct case_file *c = *state;
    CLEANUP(mem_freep) char *text = read_file(c->name, ".jsonl");
    CLEANUP(mem_freep) char *want = read_file(c->name, ".out");
    CLEANUP(transcript_freep) struct transcript *t = NULL;
    struct buf got = BUF_INIT(TEXT_MAX), errors = BUF_INIT(TEXT_MAX);
    struct diags diags;

    diags_init(&diags);
    if (transcript_parse(c->name, slice_str(text), &diags, &t)) {
        diags_render(&diags, &errors);
        fail_msg("%s", errors.ptr);
    }

    struct judgement *j = judge_transcript(packs_reader(), industry(), t);

    print_findings(j, c->folder, &got);
    assert_string_equal(got.ptr, want);
    check_judgement(j);
    judgement_free(j);
    buf_release(&got);
    diags_release(&diags);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct case_file *)a)->name, ((const struct case_file *)b)->name);
}

static void add_cases(const char *folder)
{
    CLEANUP(mem_freep) char *path = mem_printf("%s/%s", ROOT, folder);
    DIR *d = opendir(path);
    static const char ending[] = ".jsonl";

    for (struct dirent *e; d && (e = readdir(d)) != NULL;) {
        size_t len = strlen(e->d_name), tail = sizeof ending - 1;

        if (len <= tail || strcmp(e->d_name + len - tail, ending) != 0)
            continue;
        MEM_GROW(cases, case_cap, case_count + 1);
        cases[case_count++] = (struct case_file){
            mem_printf("%s/%.*s", folder, (int)(len - tail), e->d_name), mem_strdup(folder),
        };
    }
    if (d)
        closedir(d);
}

static void find_cases(void)
{
    DIR *d = opendir(ROOT);

    for (struct dirent *e; d && (e = readdir(d)) != NULL;)
        if (e->d_name[0] != '.')
            add_cases(e->d_name);
    if (d)
        closedir(d);
    if (case_count)
        qsort(cases, case_count, sizeof *cases, by_name);
}

int main(void)
{
    struct CMUnitTest *tests;
    int failed = 1;

    find_cases();
    tests = mem_zero(case_count + 1, sizeof *tests);
    for (size_t i = 0; i < case_count; i++)
        tests[i] = (struct CMUnitTest){ .name = cases[i].name, .test_func = check_case,
                                        .initial_state = &cases[i] };
    if (case_count)
        failed = _cmocka_run_group_tests("judge cases", tests, case_count, NULL, NULL);
    else
        fprintf(stderr, "no cases in %s\n", ROOT);
    for (size_t i = 0; i < case_count; i++) {
        free(cases[i].name);
        free(cases[i].folder);
    }
    free(cases);
    free(tests);
    packs_free();
    industry_free();
    return failed;
}
