/* shopper judge: transcripts and dialogues, judged again. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/cli/command.h"
#include "harness/cli/session.h"
#include "harness/judge/dialogue.h"
#include "harness/model/staff.h"

enum { DIALOGUE_MAX_BYTES = 16 * 1024 * 1024 };

struct judging {
    struct options *options;
    struct data data;
    struct diags *diags;
    bool jsonl, marks, doubts;
    size_t line;
};

static void print_json(json_t *o)
{
    json_dumpf(o, stdout, JSON_COMPACT | JSON_ENSURE_ASCII);
    putchar('\n');
    json_decref(o);
}

static void put_text(json_t *o, const char *name, const char *value)
{
    if (value)
        json_object_set_new(o, name, json_string(value));
}

/* One line per finding, and with --marks per mark. `turn` is the event's number: in a dialogue event
 * i is turn i. */
static void print_lines(const struct judging *g, const char *id, const struct judgement *j)
{
    for (size_t i = 0; g->marks && i < j->marks.count; i++) {
        const struct mark *m = &j->marks.items[i];
        json_t *o = json_object();

        put_text(o, "id", id);
        put_text(o, "type", "mark");
        json_object_set_new(o, "turn", json_integer(m->seq));
        put_text(o, "kind", mark_name(m->kind));
        put_text(o, "slot", m->slot);
        put_text(o, "value", m->value);
        json_object_set_new(o, "confidence", json_real(m->confidence));
        put_text(o, "rule", m->rule);
        print_json(o);
    }
    for (size_t i = 0; i < j->findings.count; i++) {
        const struct finding *f = &j->findings.items[i];
        json_t *o;

        if (f->confidence < CONFIDENCE_COUNTS && !g->doubts)
            continue;
        o = json_object();
        put_text(o, "id", id);
        put_text(o, "type", "finding");
        json_object_set_new(o, "turn", json_integer(f->seq));
        put_text(o, "kind", f->row->kind);
        put_text(o, "variant", f->variant);
        put_text(o, "slot", f->slot);
        json_object_set_new(o, "confidence", json_real(f->confidence));
        put_text(o, "why", f->why);
        print_json(o);
    }
}

/* Transcripts become a result, and go the way of every result. */
static enum exit_code judge_transcripts(struct judging *g)
{
    struct options *o = g->options;
    struct outputs out = { 0 };
    struct result *r = result_new();
    enum exit_code code = EXIT_INPUT;

    r->tool = tool_name();
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
            result_add(r, judged(&g->data, t, false));
        buf_release(&text);
    }
    if (!g->diags->errors && outputs_open(o, NULL, g->diags, &out) != ST_OK) {
        code = EXIT_USAGE;
    } else if (!g->diags->errors) {
        code = exit_code_of(r, 0);
        if (option_on(o, OPT_HIDE_NAMES))
            staff_hide_all(r);
        for (size_t i = 0; g->jsonl && i < r->count; i++)
            print_lines(g, r->journeys[i]->transcript->journey, r->journeys[i]->judgement);
        if ((g->jsonl ? outputs_write(&out, o, r, g->diags)
                      : report_all(&out, o, r, g->diags)) != ST_OK)
            code = EXIT_NOT_TESTED;
    }
    outputs_release(&out);
    result_free(r);
    return code;
}

static void print_table(const struct judging *g, const char *id, const struct judgement *j)
{
    for (size_t i = 0; i < j->findings.count; i++) {
        const struct finding *f = &j->findings.items[i];

        if (f->confidence < CONFIDENCE_COUNTS && !g->doubts)
            continue;
        printf("%s\tturn %d\t%s\t%s\t%s\t%.2f\n", id, f->seq, f->row->kind,
               f->variant ? f->variant : "-", f->slot ? f->slot : "-", f->confidence);
    }
}

static bool judge_dialogue(struct judging *g, const char *name, struct slice line)
{
    struct transcript *t = NULL;

    char *where = mem_printf("%s: line %zu", name, g->line);
    enum status st = dialogue_parse(where, line, g->diags, &t);

    free(where);
    if (st != ST_OK)
        return false;

    struct judgement *j = judge_transcript(g->data.reader, g->data.expectations, t);

    if (option_on(g->options, OPT_HIDE_NAMES))
        staff_hide_one(&(struct journey_result){ .transcript = t, .judgement = j });
    if (g->jsonl)
        print_lines(g, t->journey, j);
    else
        print_table(g, t->journey, j);
    judgement_free(j);
    transcript_free(t);
    return true;
}

/* Line by line, in constant memory: an export may have millions. */
static bool judge_dialogues(struct judging *g, const char *path)
{
    bool from_stdin = !strcmp(path, "-"), ok = true;
    const char *name = from_stdin ? "standard input" : path;
    FILE *f = from_stdin ? stdin : fopen(path, "r");
    char *line = NULL;
    size_t cap = 0;
    ssize_t len;

    if (!f) {
        diag_error(g->diags, "cannot read %s: %s", name, strerror(errno));
        return false;
    }
    g->line = 0;
    while (ok && (len = getline(&line, &cap, f)) >= 0) {
        struct slice text = { line, (size_t)len };

        g->line++;
        while (text.len && strchr("\r\n \t", text.ptr[text.len - 1]))
            text.len--;
        if (text.len > DIALOGUE_MAX_BYTES) {
            diag_error(g->diags, "%s: line %zu: a dialogue over 16 MiB", name, g->line);
            ok = false;
        } else if (text.len) {
            ok = judge_dialogue(g, name, text);
        }
    }
    if (ok && ferror(f)) {
        diag_error(g->diags, "cannot read %s: %s", name, strerror(errno));
        ok = false;
    }
    free(line);
    if (!from_stdin)
        fclose(f);
    return ok;
}

enum exit_code judge_command(struct options *o)
{
    struct diags diags;
    struct judging g = {
        .options = o, .diags = &diags, .marks = option_on(o, OPT_MARKS),
        .doubts = option_on(o, OPT_DOUBTS),
        .jsonl = !strcmp(option_text(o, OPT_FORMAT), "jsonl") || option_on(o, OPT_MARKS),
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
