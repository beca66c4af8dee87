/* shopper judge: transcripts and dialogues, judged again. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/cli/command.h"
#include "harness/cli/explain.h"
#include "harness/cli/in_order.h"
#include "harness/cli/judge_lines.h"
#include "harness/cli/session.h"
#include "harness/judge/dialogue.h"
#include "harness/model/staff.h"

enum { DIALOGUE_MAX_BYTES = 16 * 1024 * 1024 };

struct judging {
    struct options *options;
    struct data data;
    struct diags *diags;
    struct judge_lines lines;
    const char *name;             /* of the dialogues being read */
};

static void add_judged(struct buf *out, const struct judging *g, const struct transcript *t,
                       const struct judgement *j)
{
    if (option_on(g->options, OPT_EXPLAIN))
        explain(out, g->data.reader, t, j, g->lines.doubts);
    else
        judge_lines(out, &g->lines, t, j);
}

static void print_lines(const struct judging *g, const struct result *r)
{
    struct buf out = BUF_INIT(SIZE_MAX / 4);

    for (size_t i = 0; i < r->count; i++) {
        const struct journey_result *jr = result_journey(r, i);

        add_judged(&out, g, jr->transcript, jr->judgement);
        fwrite(out.ptr, 1, out.len, stdout);
        buf_clear(&out);
    }
    buf_release(&out);
}

static struct journey_result *judged_for(const struct options *o, const struct data *d,
                                         struct transcript *t)
{
    struct journey_result *jr = judged(d, NULL, t, false);

    if (option_on(o, OPT_HIDE_NAMES))
        staff_hide_one(jr);
    return jr;
}

/* Transcripts become a result, and go the way of every result. */
static enum exit_code judge_transcripts(struct judging *g)
{
    struct options *o = g->options;
    struct outputs out = { 0 };
    struct result *r = result_new();
    enum exit_code code = EXIT_INPUT;
    bool lines = g->lines.jsonl || option_on(o, OPT_EXPLAIN);   /* in place of a report */

    r->tool = tool_name();
    r->folder = scratch_folder();
    data_name_expectations(&g->data, r);
    for (size_t i = 0; i < o->path_count; i++) {
        struct buf text = BUF_INIT(TRANSCRIPT_MAX_BYTES);
        bool from_stdin = !strcmp(o->paths[i], "-");
        const char *name = from_stdin ? "standard input" : o->paths[i];
        struct transcript *t = NULL;
        enum status st = from_stdin ? buf_read_fd(&text, STDIN_FILENO)
                                    : buf_read_file(&text, o->paths[i]);

        if (st != ST_OK)
            diag_error(g->diags, "cannot read %s: %s", name,
                       st == ST_LIMIT ? "over 256 MiB" : strerror(errno));
        else if (transcript_parse(name, buf_slice(&text), g->diags, &t) == ST_OK)
            result_add(r, judged_for(o, &g->data, t));
        buf_release(&text);
    }
    if (!g->diags->errors && outputs_open(o, NULL, g->diags, &out) != ST_OK) {
        code = EXIT_USAGE;
    } else if (!g->diags->errors) {
        code = exit_code_of(r, 0);
        if (lines)
            print_lines(g, r);
        if ((lines ? outputs_write(&out, o, r, g->diags)
                      : report_all(&out, o, r, g->diags)) != ST_OK)
            code = EXIT_NOT_TESTED;
    }
    outputs_release(&out);
    result_free(r);
    return code;
}

static void *begin_lines(const void *context)
{
    (void)context;
    return reading_memory_new();
}

static void end_lines(void *own)
{
    reading_memory_free(own);
}

static bool judge_line(const void *context, void *own, size_t number, struct slice line,
                       struct buf *out, struct diags *diags)
{
    const struct judging *g = context;
    struct transcript *t = NULL;
    char *where = mem_printf("%s: line %zu", g->name, number);
    enum status st = dialogue_parse(where, line, diags, &t);

    free(where);
    if (st != ST_OK)
        return false;

    struct judgement *j = judge_findings(g->data.reader, g->data.expectations, own, t);

    if (option_on(g->options, OPT_HIDE_NAMES))
        staff_hide_one(&(struct journey_result){ .transcript = t, .judgement = j });
    add_judged(out, g, t, j);
    judgement_free(j);
    transcript_free(t);
    return true;
}

static unsigned threads_for(const struct options *o)
{
    long wanted = (long)option_int(o, OPT_THREADS);

    return (unsigned)(wanted ? wanted : sysconf(_SC_NPROCESSORS_ONLN));
}

/* Line by line, in constant memory: an export may have millions. */
static bool judge_dialogues(struct judging *g, const char *path)
{
    bool from_stdin = !strcmp(path, "-");
    FILE *f = from_stdin ? stdin : fopen(path, "r");

    g->name = from_stdin ? "standard input" : path;
    if (!f) {
        diag_error(g->diags, "cannot read %s: %s", g->name, strerror(errno));
        return false;
    }

    const struct line_work work = {
        .begin = begin_lines, .end = end_lines, .line = judge_line, .context = g, .name = g->name,
        .line_max = DIALOGUE_MAX_BYTES,
        .threads = threads_for(g->options),
    };
    bool ok = lines_in_order(f, stdout, &work, g->diags);

    if (!from_stdin)
        fclose(f);
    return ok;
}

enum exit_code judge_command(struct options *o)
{
    struct diags diags;
    struct judging g = {
        .options = o, .diags = &diags,
        .lines = {
            .jsonl = !strcmp(option_text(o, OPT_FORMAT), "jsonl") || option_on(o, OPT_MARKS),
            .marks = option_on(o, OPT_MARKS), .doubts = option_on(o, OPT_DOUBTS),
        },
    };
    const struct option_value *files = &o->values[OPT_DIALOGUES];
    enum exit_code code = EXIT_INPUT;

    diags_init(&diags);
    if (!o->path_count && !files->count) {
        diag_error(&diags, "shopper judge needs a TRANSCRIPT, or --dialogues FILE");
        code = EXIT_USAGE;
    } else if (data_load(o, &diags, &g.data) == ST_OK) {
        bool ok = true;

        for (size_t i = 0; ok && i < files->count; i++)
            ok = judge_dialogues(&g, files->items[i]);
        if (ok)
            code = o->path_count ? judge_transcripts(&g) : EXIT_MET;
    }
    print_diags(&diags);
    data_release(&g.data);
    diags_release(&diags);
    return code;
}
