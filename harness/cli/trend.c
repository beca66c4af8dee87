/* shopper trend: a history as a table with sparklines, as JSON Lines, as a page with plots. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/regex.h"
#include "harness/base/text.h"
#include "harness/cli/command.h"
#include "harness/store/history.h"
#include "reporters/trend_page.h"

enum { NAME_COLUMNS = 34, SPARK_COLUMNS = 20, LINE_MAX_BYTES = 1 << 20 };

static const struct trend_play *latest(const struct trend *t, size_t before)
{
    for (size_t i = before; i-- > 0;)
        if (t->plays[i].known)
            return &t->plays[i];
    return NULL;
}

/* Eight heights from 0 to 100; a gap where there was no score. */
static void add_spark(struct buf *out, const struct trend *t)
{
    static const char *const heights[] = {
        "\xE2\x96\x81", "\xE2\x96\x82", "\xE2\x96\x83", "\xE2\x96\x84",
        "\xE2\x96\x85", "\xE2\x96\x86", "\xE2\x96\x87", "\xE2\x96\x88",
    };
    size_t from = t->count > SPARK_COLUMNS ? t->count - SPARK_COLUMNS : 0;

    for (size_t i = from; i < t->count; i++) {
        int height = (int)(t->plays[i].score * (double)ARRAY_LEN(heights) / 100);

        buf_adds(out, !t->plays[i].known ? " "
                      : heights[height < (int)ARRAY_LEN(heights) ? height
                                                                 : (int)ARRAY_LEN(heights) - 1]);
    }
    buf_add_repeat(out, ' ', SPARK_COLUMNS - (t->count - from));
}

static void add_name(struct buf *out, const char *name)
{
    CLEANUP(buf_release) struct buf clean = BUF_INIT(LINE_MAX_BYTES);
    CLEANUP(buf_release) struct buf cut = BUF_INIT(LINE_MAX_BYTES);

    text_add_printable(&clean, slice_str(name));
    text_add_clipped(&cut, buf_slice(&clean), NAME_COLUMNS);
    buf_adds(out, cut.ptr);

    size_t width = text_width(buf_slice(&cut));

    buf_add_repeat(out, ' ', NAME_COLUMNS - (width < NAME_COLUMNS ? width : NAME_COLUMNS));
}

static void put_row(const struct trend *t, FILE *out)
{
    CLEANUP(buf_release) struct buf b = BUF_INIT(LINE_MAX_BYTES);
    const struct trend_play *end = &t->plays[t->count - 1];
    const struct trend_play *now = latest(t, t->count);
    const struct trend_play *before = now ? latest(t, (size_t)(now - t->plays)) : NULL;

    add_name(&b, *t->journey ? t->journey : t->file);
    if (now)
        buf_addf(&b, " %3d %c", score_rounded(now->score), now->grade);
    else
        buf_adds(&b, "   - -");
    if (before)
        buf_addf(&b, " %+4d ", score_rounded(now->score) - score_rounded(before->score));
    else
        buf_adds(&b, "    - ");
    add_spark(&b, t);
    buf_addc(&b, ' ');
    if (end->longest_us != DURATION_UNKNOWN)
        duration_add(&b, end->longest_us);
    buf_addc(&b, '\n');
    if (end->finding_count) {
        buf_adds(&b, "    ");
        for (size_t i = 0; i < end->finding_count; i++) {
            CLEANUP(buf_release) struct buf kind = BUF_INIT(4096);

            text_add_clipped(&kind, slice_str(end->findings[i].kind), 40);
            if (i && b.len > 0 && i % 3 == 0)
                buf_adds(&b, ",\n    ");
            else if (i)
                buf_adds(&b, ", ");
            buf_addf(&b, "%s x%d", kind.ptr, end->findings[i].times);
        }
        buf_addc(&b, '\n');
    }
    fwrite(b.ptr, 1, b.len, out);
}

static void put_table(const struct trends *t, FILE *out)
{
    fprintf(out, "%-*s score  +/- %-*s wait\n", NAME_COLUMNS, "journey", SPARK_COLUMNS, "scores");
    for (size_t i = 0; i < t->count; i++)
        put_row(&t->items[i], out);
}

static void put_play(const struct trend *t, const struct trend_play *p, FILE *out)
{
    json_t *row = json_object(), *found = json_object();

    json_object_set_new(row, "journey", json_string(t->journey));
    json_object_set_new(row, "file", json_string(t->file));
    json_object_set_new(row, "started", json_string(p->started));
    json_object_set_new(row, "status", json_string(journey_status_names[p->status]));
    json_object_set_new(row, "score", p->known ? json_real(p->score) : json_null());
    json_object_set_new(row, "longest_us", p->longest_us == DURATION_UNKNOWN
                                               ? json_null() : json_integer(p->longest_us));
    json_object_set_new(row, "waited_us", p->waited_us == DURATION_UNKNOWN
                                              ? json_null() : json_integer(p->waited_us));
    for (size_t i = 0; i < p->finding_count; i++)
        json_object_set_new(found, p->findings[i].kind, json_integer(p->findings[i].times));
    json_object_set_new(row, "findings", found);
    json_dumpf(row, out, JSON_COMPACT | JSON_REAL_PRECISION(15));
    fputc('\n', out);
    json_decref(row);
}

static void put_jsonl(const struct trends *t, FILE *out)
{
    for (size_t i = 0; i < t->count; i++)
        for (size_t k = 0; k < t->items[i].count; k++)
            put_play(&t->items[i], &t->items[i].plays[k], out);
}

/* --grep: keep the journeys whose name matches. */
static enum status only(const struct options *o, struct trends *t, struct diags *diags)
{
    const char *pattern = option_text(o, OPT_GREP);
    struct regex_error err;
    struct regex *r = NULL;
    size_t kept = 0;

    if (!pattern)
        return ST_OK;
    if (regex_compile(pattern, REGEX_CASELESS, &err, &r) != ST_OK) {
        diag_error(diags, "%s: \"%s\" is not a pattern: %s at character %zu",
                   o->values[OPT_GREP].from, pattern, err.text, err.offset + 1);
        return ST_INVALID;
    }
    for (size_t i = 0; i < t->count; i++)
        if (regex_search(r, slice_str(t->items[i].journey), 0, NULL) == ST_OK)
            t->items[kept++] = t->items[i];
    t->count = kept;
    regex_free(r);
    return ST_OK;
}

static enum exit_code write_page(const struct options *o, const struct trends *t,
                                 struct diags *diags)
{
    const char *path = option_text(o, OPT_PAGE);
    FILE *f = path ? fopen(path, "w") : NULL;

    if (!path)
        return EXIT_MET;

    bool ok = f && trend_page(t, option_text(o, OPT_LANGUAGE), f) == ST_OK;

    ok &= !f || !fclose(f);
    if (ok) {
        printf("page: %s\n", path);
        return EXIT_MET;
    }
    diag_error(diags, "cannot write %s: %s", path, strerror(errno));
    return EXIT_NOT_TESTED;
}

static enum exit_code show(struct options *o, struct diags *diags)
{
    struct history *h = NULL;
    struct trends t = { 0 };
    enum exit_code code = EXIT_INPUT;

    if (history_open(o->paths[0], HISTORY_READ, diags, &h) == ST_OK &&
        history_read(h, (size_t)option_int(o, OPT_LAST), o->arena, diags, &t) == ST_OK) {
        enum status st = only(o, &t, diags);

        if (st) {
            code = EXIT_USAGE;
        } else if (!t.count) {
            diag_error(diags, "%s holds no journey%s", o->paths[0],
                       option_text(o, OPT_GREP) ? " of that name" : "");
        } else {
            (strcmp(option_text(o, OPT_FORMAT), "jsonl") ? put_table : put_jsonl)(&t, stdout);
            code = write_page(o, &t, diags);
        }
    }
    history_close(h);
    return code;
}

enum exit_code trend_command(struct options *o)
{
    struct diags diags;
    enum exit_code code = EXIT_USAGE;

    diags_init(&diags);
    if (o->path_count != 1)
        diag_error(&diags, "shopper trend needs one HISTORY: the file that --history wrote");
    else
        code = show(o, &diags);
    print_diags(&diags);
    diags_release(&diags);
    return code;
}
