/* CSV (RFC 4180, UTF-8): a row per journey and a row per finding, told apart by the first column.
 *
 * A cell that a spreadsheet would take for a formula gets an apostrophe before its sign: at the
 * start of the text, and after anything that some spreadsheet's locale takes for the end of a cell
 * (semicolon, comma, tab, quotation mark, new line). */
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "reporters/names.h"
#include "reporters/reporters.h"

static const char HEAD[] =
    "row,journey,file,line,status,score,score_low,score_high,grade,ces,outcome,seconds,finding,"
    "variant,slot,good,confidence,points,regain,at_seconds,took_seconds,allowed_seconds,events,"
    "text\r\n";

/* Signs that begin a formula; spreadsheets take the full-width ones too. */
static bool begins_formula(const char *p)
{
    static const char *const signs[] = { "=", "+", "-", "@", "\xEF\xBC\x9D", "\xEF\xBC\x8B",
                                         "\xEF\xBC\x8D", "\xEF\xBC\xA0" };

    for (size_t i = 0; i < ARRAY_LEN(signs); i++)
        if (text_starts_with(p, signs[i]))
            return true;
    return false;
}

static void words(struct buf *out, const char *text)
{
    CLEANUP(buf_release) struct buf clean = BUF_INIT(VIEW_PART_MAX);
    bool edge = true;

    text_add_printable(&clean, slice_str(text));
    buf_addc(out, '"');
    for (const char *p = clean.ptr; *p; p++) {
        if (edge && begins_formula(p))
            buf_addc(out, '\'');
        if (*p == '"')
            buf_addc(out, '"');
        buf_addc(out, *p);
        edge = strchr(";,\t\"\n|", *p) || (edge && *p == ' ');
    }
    buf_addc(out, '"');
}

static void cell(struct buf *out, const char *text)
{
    buf_addc(out, ',');
    if (text && *text)
        words(out, text);
}

static void seconds(struct buf *out, int64_t us)
{
    buf_addc(out, ',');
    if (us != DURATION_UNKNOWN)
        buf_addf(out, "%.3f", (double)us / US_PER_S);
}

static void journey_cells(struct buf *out, const char *row, const struct journey_result *jr,
                          const char *name, unsigned line)
{
    const struct score *s = view_known_score(jr);

    buf_adds(out, row);
    cell(out, name);
    cell(out, jr->transcript->file);
    buf_addc(out, ',');
    if (line)
        buf_addf(out, "%u", line);
    buf_addf(out, ",%s", journey_status_names[jr->status]);
    if (s)
        buf_addf(out, ",%.1f,%.1f,%.1f,%c,%.1f,%s", score_tenths(s->value),
                 score_tenths(s->low), score_tenths(s->high), s->grade, s->ces,
                 outcome_name((enum outcome)s->outcome));
    else
        buf_adds(out, ",,,,,,");
    seconds(out, jr->duration_us);
}

static void finding_row(struct buf *out, const struct journey_result *jr, const char *name,
                        const struct finding *f)
{
    const struct transcript *t = jr->transcript;
    CLEANUP(buf_release) struct buf events = BUF_INIT(VIEW_PART_MAX);

    view_events(&events, f);
    journey_cells(out, "finding", jr, name, view_step_line(t, f->seq));
    buf_addf(out, ",%s", f->row->kind);
    cell(out, f->variant);
    cell(out, f->slot);
    buf_addf(out, ",%d,%.2f,%.1f,%.1f", f->row->good, f->confidence, f->share, f->regain);
    seconds(out, f->seq >= 0 && (size_t)f->seq < t->count ? t->events[f->seq].t_us
                                                           : DURATION_UNKNOWN);
    seconds(out, f->actual_us);
    seconds(out, f->allowed_us);
    cell(out, events.ptr);
    cell(out, view_say(f));
    buf_adds(out, "\r\n");
}

/* Points that no finding took: with them, and those of the findings, a journey's rows add up to 100
 * minus its score. */
static void line_rows(struct buf *out, const struct journey_result *jr, const char *name)
{
    const struct score *s = view_known_score(jr);

    for (size_t i = 0; s && i < s->line_count; i++) {
        journey_cells(out, "line", jr, name, jr->transcript->line);
        cell(out, s->lines[i].what);
        buf_addf(out, ",,,,,%.1f,,,,,", s->lines[i].share);
        cell(out, view_line(s->lines[i].what));
        buf_adds(out, "\r\n");
    }
}

static void journey_rows(struct buf *out, const struct journey_result *jr, const char *name)
{
    CLEANUP(buf_release) struct buf why = BUF_INIT(VIEW_PART_MAX);

    for (size_t i = 0; i < jr->reason_count; i++)
        buf_addf(&why, "%s%s", i ? "; " : "", jr->reasons[i]);
    journey_cells(out, "journey", jr, name, jr->transcript->line);
    buf_adds(out, ",,,,,,,,,,,");
    cell(out, why.ptr);
    buf_adds(out, "\r\n");
    line_rows(out, jr, name);
    for (int pick = VIEW_BAD; pick <= VIEW_GOOD; pick++) {
        const struct finding **list;
        size_t count = view_findings(jr, (enum view_pick)pick, &list);

        for (size_t i = 0; i < count; i++)
            finding_row(out, jr, name, list[i]);
        free(list);
    }
}

static enum status write_csv(const struct result *r, const struct report_options *o, FILE *out)
{
    (void)o;
    CLEANUP(buf_release) struct buf b = BUF_INIT(VIEW_PART_MAX);
    struct names names;
    bool ok;

    buf_adds(&b, HEAD);
    ok = view_flush(&b, out);
    names_open(&names, r);
    for (size_t i = 0; ok && i < r->count; i++) {
        const struct journey_result *jr = result_journey(r, i);

        journey_rows(&b, jr, names_next(&names, jr));
        ok = view_flush(&b, out);
    }
    names_close(&names);
    return ok ? ST_OK : ST_IO;
}

const struct reporter reporter_csv = {
    .name = "csv", .extension = "csv", .help = "a row per journey and finding, for spreadsheets",
    .write = write_csv,
};
