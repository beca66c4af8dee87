/* shopper compare: two results, what is new, gone, worse, better. */
#include "harness/cli/compare.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/cli/data.h"
#include "harness/cli/outputs.h"
#include "harness/judge/judge.h"
#include "harness/model/staff.h"
#include "harness/store/compare.h"

enum { NAME_COLUMNS = 38, SAY_COLUMNS = 66 };

static enum status load(const char *path, struct result_change change, struct diags *diags,
                        struct result **ret)
{
    bool from_stdin = !strcmp(path, "-");
    const char *name = from_stdin ? "standard input" : path;
    FILE *f = from_stdin ? stdin : fopen(path, "r");
    enum status st = f ? result_read(name, f, scratch_folder(), change, diags, ret) : ST_IO;

    if (st == ST_IO)
        diag_error(diags, "cannot read %s: %s", name, strerror(errno));
    if (f && !from_stdin)
        fclose(f);
    return st;
}

enum status load_result(const char *path, struct diags *diags, struct result **ret)
{
    return load(path, (struct result_change){ NULL, NULL }, diags, ret);
}

struct report_change {
    const struct reader *reader;                 /* NULL: nothing is told again */
    struct staff *staff;                         /* NULL: names are shown */
};

static void change_each(void *context, struct journey_result *jr)
{
    const struct report_change *c = context;

    if (c->reader)
        judge_retell(c->reader, jr);
    if (c->staff)
        staff_hide(c->staff, jr);
}

enum status load_to_report(const struct options *o, const char *path, struct diags *diags,
                           struct result **ret)
{
    bool retold = o->values[OPT_LANGUAGE].count > 0;     /* else in the words it was judged in */
    struct data data = { 0 };
    enum status st = retold ? data_load(o, diags, &data) : ST_OK;

    if (st == ST_OK) {
        struct report_change c = { data.reader, option_on(o, OPT_HIDE_NAMES) ? staff_new() : NULL };

        st = load(path, (struct result_change){ change_each, &c }, diags, ret);
        staff_free(c.staff);
    }
    if (retold)
        data_release(&data);
    return st;
}

/* A stranger's text on a terminal, padded to its column. */
static void put_name(FILE *out, const char *text, size_t columns, bool pad)
{
    struct buf clean = BUF_INIT(RESULT_JOURNEY_MAX_BYTES), cut = BUF_INIT(RESULT_JOURNEY_MAX_BYTES);

    text_add_printable(&clean, slice_str(text));
    text_add_clipped(&cut, buf_slice(&clean), columns);

    size_t width = text_width(buf_slice(&cut));

    fprintf(out, "%s%*s", cut.ptr, pad && width < columns ? (int)(columns - width) : 0, "");
    buf_release(&clean);
    buf_release(&cut);
}

static void put_score(FILE *out, const struct spread *s)
{
    char text[64];

    if (!s->count)
        snprintf(text, sizeof text, "-");
    else if (s->count == 1)
        snprintf(text, sizeof text, "%d", score_rounded(s->mean));
    else
        snprintf(text, sizeof text, "%d (%d-%d)", score_rounded(s->mean), score_rounded(s->min),
                 score_rounded(s->max));
    fprintf(out, " %12s", text);
}

static void put_finding(FILE *out, const struct journey_change *j, const struct finding_change *f)
{
    const char *say = f->sample->say && *f->sample->say ? f->sample->say : f->sample->row->title;

    fprintf(out, "  %-7s %s", change_names[f->change], f->sample->row->kind);
    if (f->sample->variant)
        fprintf(out, " %s", f->sample->variant);
    if (f->sample->row->charged)
        fprintf(out, ": %.1f points, was %.1f", f->points[1], f->points[0]);
    if (j->plays[0] > 1 || j->plays[1] > 1)
        fprintf(out, "; in %zu of %zu plays, was %zu of %zu", f->plays[1], j->plays[1],
                f->plays[0], j->plays[0]);
    fprintf(out, "\n          \"");
    put_name(out, say, SAY_COLUMNS, false);
    fprintf(out, "\"\n");
}

static void put_journey(FILE *out, const struct journey_change *j)
{
    fprintf(out, "%-8s ", change_names[j->change]);
    put_name(out, j->name, NAME_COLUMNS, true);
    put_score(out, &j->score[0]);
    put_score(out, &j->score[1]);
    if (j->score[0].count && j->score[1].count)
        fprintf(out, " %+5d", score_rounded(j->score[1].mean) - score_rounded(j->score[0].mean));
    fputc('\n', out);
    if (j->bar_lost)
        fprintf(out, "  no longer meets its bar: %zu of %zu plays, was %zu of %zu\n", j->met[1],
                j->plays[1], j->met[0], j->plays[0]);
    if (j->untested[1])
        fprintf(out, "  %zu plays could not be tested\n", j->untested[1]);
    for (size_t i = 0; i < j->finding_count; i++)
        put_finding(out, j, &j->findings[i]);
}

static void put_table(const struct comparison *c, double allow, FILE *out)
{
    size_t same = 0, few = 0;

    fprintf(out, "%-8s %-*s %12s %12s\n", "", NAME_COLUMNS, "Journey", "base", "head");
    for (size_t i = 0; i < c->count; i++) {
        const struct journey_change *j = &c->journeys[i];

        if (j->change == CHANGE_SAME && !j->finding_count && !j->untested[1]) {
            same++;
            continue;
        }
        few += j->plays[0] + j->plays[1] > 2 && !noise_testable(j->plays[0], j->plays[1]);
        put_journey(out, j);
    }
    if (same)
        fprintf(out, same == 1 ? "%zu journey is as before\n" : "%zu journeys are as before\n",
                same);
    if (few)
        fprintf(out, "too few plays for the test in %zu: a change was counted only where plays do "
                     "not\noverlap; --repeat 4 on both sides is enough\n", few);
    fprintf(out, "%zu regression%s (more than %g points, or a bar no longer met)\n",
            c->regressions, c->regressions == 1 ? "" : "s", allow);
}

static void put_lines(const struct comparison *c, FILE *out)
{
    for (size_t i = 0; i < c->count; i++) {
        json_t *j = journey_change_json(&c->journeys[i]);

        json_dumpf(j, out, JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(6));
        fputc('\n', out);
        json_decref(j);
    }
}

enum exit_code print_comparison(const struct options *o, const struct result *base,
                                const struct result *head, FILE *out)
{
    double allow = (double)option_int(o, OPT_ALLOW);
    struct comparison *c = compare_results(base, head, allow);
    enum exit_code code = c->untested ? EXIT_NOT_TESTED
                          : c->regressions ? EXIT_FELL_SHORT : EXIT_MET;

    if (!strcmp(option_text(o, OPT_FORMAT), "jsonl"))
        put_lines(c, out);
    else
        put_table(c, allow, out);
    comparison_free(c);
    return code;
}

enum exit_code worse_code(enum exit_code a, enum exit_code b)
{
    return a > b ? a : b;                        /* the codes stand in this order */
}

void print_spread(const struct result *r, FILE *out)
{
    struct comparison *c = compare_results(r, r, 0);

    fprintf(out, "\n%-*s %5s %5s %5s %6s %5s %5s\n", NAME_COLUMNS, "Repeated plays", "plays",
            "met", "worst", "median", "best", "mean");
    for (size_t i = 0; i < c->count; i++) {
        const struct journey_change *j = &c->journeys[i];
        const struct spread *s = &j->score[1];

        put_name(out, j->name, NAME_COLUMNS, true);
        fprintf(out, " %5zu %5zu", j->plays[1], j->met[1]);
        if (s->count)
            fprintf(out, " %5d %6d %5d %5d", score_rounded(s->min), score_rounded(s->median),
                    score_rounded(s->max), score_rounded(s->mean));
        fputc('\n', out);
    }
    comparison_free(c);
}

enum exit_code compare_command(struct options *o)
{
    struct diags diags;
    struct result *base = NULL, *head = NULL;
    enum exit_code code = EXIT_INPUT;

    diags_init(&diags);
    if (o->path_count != 2) {
        diag_error(&diags, "shopper compare needs two results: BASE and HEAD, report.json files");
        code = EXIT_USAGE;
    } else if (load_result(o->paths[0], &diags, &base) == ST_OK &&
               load_result(o->paths[1], &diags, &head) == ST_OK) {
        if (head->count) {
            code = print_comparison(o, base, head, stdout);
        } else {
            diag_error(&diags, "%s holds no journeys", o->paths[1]);
        }
        if (fflush(stdout))
            code = EXIT_NOT_TESTED;
    }
    print_diags(&diags);
    result_freep(&base);
    result_freep(&head);
    diags_release(&diags);
    return code;
}
