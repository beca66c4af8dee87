/* JUnit XML. There is no one standard; what is written here is what both schemas in common use
 * accept, Jenkins' (xunit plugin, junit-10.xsd) and Ant's (windyroad JUnit.xsd):
 *
 *   testsuites has no attributes; testsuite has package, id, timestamp without a zone, hostname;
 *   its children are properties, testcase*, system-out, system-err, all there and in that order;
 *   a testcase holds at most one of failure, error (both with a type), skipped, and nothing else.
 *
 * So the file and line go into the failure's text, and the findings of all journeys into the
 * suite's system-out. A journey that fell short is a failure; one that could not be tested is an
 * error; one stopped by a signal was skipped. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "reporters/names.h"
#include "reporters/reporters.h"

static void xml(struct buf *out, const char *text)
{
    CLEANUP(buf_release) struct buf clean = BUF_INIT(VIEW_PART_MAX);

    text_add_printable(&clean, slice_str(text)); /* no escapes for those who cat the file */
    text_add_xml(out, buf_slice(&clean));
}

static void attribute(struct buf *out, const char *name, const char *value)
{
    buf_addf(out, " %s=\"", name);
    xml(out, value);
    buf_addc(out, '"');
}

static void seconds(struct buf *out, int64_t us)
{
    buf_addf(out, " time=\"%lld.%03lld\"", (long long)(us / US_PER_S),
             (long long)(us % US_PER_S / US_PER_MS));
}

/* RFC 3339 to UTC without its zone; years before 1 and odd texts are the epoch. */
static void timestamp(struct buf *out, const char *started)
{
    int y, mo, d, h, mi, s, oh = 0, om = 0;
    char sign = '+';

    if (!started || sscanf(started, "%4d-%2d-%2dT%2d:%2d:%2d", &y, &mo, &d, &h, &mi, &s) != 6 ||
        strlen(started) < 19 || y < 1 || mo < 1 || mo > 12 || d < 1 || d > 31 || h < 0 ||
        h > 23 || mi < 0 || mi > 59 || s < 0 || s > 59) {
        buf_adds(out, "1970-01-01T00:00:00");
        return;
    }

    const char *zone = started + 19;

    if (*zone == '.')
        zone += 1 + strspn(zone + 1, "0123456789");
    if (sscanf(zone, "%c%2d:%2d", &sign, &oh, &om) != 3)
        oh = om = 0;

    int minutes = h * 60 + mi - (sign == '-' ? -1 : 1) * (oh * 60 + om);
    static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

    for (; minutes < 0; minutes += 1440)
        if (--d < 1 && (mo = mo == 1 ? (y--, 12) : mo - 1))
            d = lengths[mo - 1] + (mo == 2 && y % 4 == 0 && (y % 100 || y % 400 == 0));
    for (; minutes >= 1440; minutes -= 1440)
        if (++d > lengths[mo - 1] + (mo == 2 && y % 4 == 0 && (y % 100 || y % 400 == 0))) {
            d = 1;
            mo = mo == 12 ? (y++, 1) : mo + 1;
        }
    buf_addf(out, "%04d-%02d-%02dT%02d:%02d:%02d", y, mo, d, minutes / 60, minutes % 60, s);
}

static void finding_line(struct buf *out, const struct transcript *t, const struct finding *f)
{
    CLEANUP(buf_release) struct buf b = BUF_INIT(VIEW_PART_MAX);

    buf_addf(&b, "%s %s", f->row->good ? "+" : "-", f->row->kind);
    if (f->variant)
        buf_addf(&b, " (%s)", f->variant);
    if (f->slot)
        buf_addf(&b, " %s", f->slot);
    buf_addf(&b, ": %s [events ", view_say(f));
    view_events(&b, f);
    if ((size_t)f->seq < t->count) {
        buf_adds(&b, ", at ");
        view_clock(&b, t->events[f->seq].t_us, view_total_us(t));
    }
    if (f->share > 0)
        buf_addf(&b, ", %.1f points lost", f->share);
    buf_adds(&b, "]\n");
    xml(out, b.ptr);
}

static void finding_lines(struct buf *out, const struct journey_result *jr, enum view_pick pick)
{
    const struct finding **list;
    size_t count = view_findings(jr, pick, &list);

    for (size_t i = 0; i < count; i++)
        finding_line(out, jr->transcript, list[i]);
    free(list);
}

static void score_line(struct buf *out, const struct journey_result *jr)
{
    const struct score *s = view_known_score(jr);

    if (!s)
        return;
    buf_adds(out, "score ");
    view_score(s, out);
    buf_adds(out, ", grade ");
    view_grade(s, out);
    buf_addf(out, ", CES %.1f, %s\n", s->ces, view_outcome(s->outcome));
}

/* message="…" is one line: all reasons. */
static void problem(struct buf *out, const char *element, const char *type,
                    const struct journey_result *jr)
{
    CLEANUP(buf_release) struct buf why = BUF_INIT(VIEW_PART_MAX);
    const struct transcript *t = jr->transcript;

    for (size_t i = 0; i < jr->reason_count; i++)
        buf_addf(&why, "%s%s", i ? "; " : "", jr->reasons[i]);
    buf_addf(out, "      <%s", element);
    attribute(out, "type", type);
    attribute(out, "message", why.len ? why.ptr : view_status(jr->status));
    buf_addc(out, '>');
    xml(out, t->file);
    if (t->line)
        buf_addf(out, ":%u", t->line);
    buf_addc(out, '\n');
    score_line(out, jr);
    finding_lines(out, jr, VIEW_BAD);
    buf_addf(out, "</%s>\n", element);
}

static void testcase(struct buf *out, const struct journey_result *jr, const char *name)
{
    CLEANUP(buf_release) struct buf class = BUF_INIT(VIEW_PART_MAX);

    names_class(&class, jr->transcript->file);
    buf_adds(out, "    <testcase");
    attribute(out, "classname", class.ptr);
    attribute(out, "name", name);
    seconds(out, jr->duration_us);
    if (jr->status == JOURNEY_MET) {
        buf_adds(out, "/>\n");
        return;
    }
    buf_adds(out, ">\n");
    switch (jr->status) {
    case JOURNEY_FELL_SHORT: problem(out, "failure", "fell_short", jr); break;
    case JOURNEY_NOT_TESTED: problem(out, "error", "not_tested", jr); break;
    default: buf_adds(out, "      <skipped/>\n"); break;
    }
    buf_adds(out, "    </testcase>\n");
}

static void suite_head(struct buf *out, const struct result *r)
{
    size_t n[JOURNEY_STATUS_COUNT];

    result_counts(r, n);
    buf_adds(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite"
                  " name=\"shopper\" package=\"shopper\" id=\"0\" hostname=\"localhost\""
                  " timestamp=\"");
    timestamp(out, view_started(r));
    buf_addf(out, "\" tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\"", r->count,
             n[JOURNEY_FELL_SHORT], n[JOURNEY_NOT_TESTED], n[JOURNEY_INTERRUPTED]);
    seconds(out, r->duration_us);
    buf_adds(out, ">\n    <properties>\n      <property name=\"tool\"");
    attribute(out, "value", r->tool);
    buf_adds(out, "/>\n");
    if (r->expectations) {
        buf_adds(out, "      <property name=\"expectations\"");
        attribute(out, "value", r->expectations);
        buf_adds(out, "/>\n");
    }
    buf_adds(out, "    </properties>\n");
}

static void journey_log(struct buf *out, const struct journey_result *jr, const char *name)
{
    buf_adds(out, "== ");
    xml(out, name);
    buf_addf(out, ": %s\n", view_status(jr->status));
    score_line(out, jr);
    finding_lines(out, jr, VIEW_BAD);
    finding_lines(out, jr, VIEW_GOOD);
}

/* The test cases; what the suite's log says of them is kept aside. */
static bool testcases(const struct result *r, struct buf *b, struct scratch *log, FILE *out)
{
    struct names names;
    bool ok = true;

    names_open(&names, r);
    for (size_t i = 0; ok && i < r->count; i++) {
        const struct journey_result *jr = result_journey(r, i);
        const char *name = names_next(&names, jr);

        testcase(b, jr, name);
        ok = view_flush(b, out);
        journey_log(b, jr, name);
        ok = view_keep(b, log) && ok;
    }
    names_close(&names);
    return ok;
}

static enum status write_junit(const struct result *r, const struct report_options *o, FILE *out)
{
    (void)o;
    CLEANUP(buf_release) struct buf b = BUF_INIT(VIEW_PART_MAX);
    CLEANUP(scratch_release) struct scratch log;
    bool ok;

    scratch_init(&log, r->folder);
    suite_head(&b, r);
    ok = view_flush(&b, out) && testcases(r, &b, &log, out);
    buf_adds(&b, "    <system-out>");
    ok = ok && view_flush(&b, out) && scratch_print(&log, out);
    for (size_t i = 0; i < r->left_out_count; i++) {
        buf_adds(&b, "left out: ");
        xml(&b, r->left_out[i]);
        buf_addc(&b, '\n');
    }
    buf_adds(&b, "</system-out>\n    <system-err></system-err>\n  </testsuite>\n</testsuites>\n");
    ok = view_flush(&b, out) && ok;
    return ok ? ST_OK : ST_IO;
}

const struct reporter reporter_junit = {
    .name = "junit", .extension = "junit.xml", .help = "JUnit XML for continuous integration",
    .write = write_junit,
};
