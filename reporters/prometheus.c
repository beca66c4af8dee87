/* Prometheus text format 0.0.4, for the textfile collector or a push gateway: gauges of the last
 * audit. All lines of one metric stand together, as the format wants. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "reporters/names.h"
#include "reporters/reporters.h"

static void label(struct buf *out, const char *name, const char *value)
{
    CLEANUP(buf_release) struct buf clean = BUF_INIT(VIEW_PART_MAX);

    text_add_printable(&clean, slice_str(value));
    buf_addf(out, "%s=\"", name);
    for (const char *p = clean.ptr; *p; p++) {
        if (*p == '\n') {
            buf_adds(out, "\\n");
            continue;
        }
        if (*p == '\\' || *p == '"')
            buf_addc(out, '\\');
        buf_addc(out, *p);
    }
    buf_addc(out, '"');
}

static void sample(struct buf *out, const char *metric, const char *journey)
{
    buf_addf(out, "%s{", metric);
    label(out, "journey", journey);
}

static void met(struct buf *out, const char *metric, const char *name,
                const struct journey_result *jr)
{
    sample(out, metric, name);
    buf_addf(out, "} %d\n", jr->status == JOURNEY_MET);
}

static void score(struct buf *out, const char *metric, const char *name,
                  const struct journey_result *jr)
{
    const struct score *s = view_known_score(jr);

    if (!s)
        return;
    sample(out, metric, name);
    buf_addf(out, "} %.1f\n", s->value);
}

static void ces(struct buf *out, const char *metric, const char *name,
                const struct journey_result *jr)
{
    const struct score *s = view_known_score(jr);

    if (!s)
        return;
    sample(out, metric, name);
    buf_addf(out, "} %.1f\n", s->ces);
}

static void took(struct buf *out, const char *metric, const char *name,
                 const struct journey_result *jr)
{
    sample(out, metric, name);
    buf_addf(out, "} %.3f\n", (double)jr->duration_us / US_PER_S);
}

static void waits(struct buf *out, const char *metric, const char *name,
                  const struct journey_result *jr, bool longest)
{
    struct view_wait *list;
    size_t count = view_waits(jr, &list);

    for (size_t i = 0; i < count; i++) {
        int64_t us = longest ? list[i].longest_us : list[i].first_us;

        if (us == DURATION_UNKNOWN)
            continue;
        sample(out, metric, name);
        buf_addc(out, ',');
        label(out, "channel", list[i].channel ? list[i].channel : "");
        buf_addf(out, "} %.3f\n", (double)us / US_PER_S);
    }
    free(list);
}

static void first_reply(struct buf *out, const char *metric, const char *name,
                        const struct journey_result *jr)
{
    waits(out, metric, name, jr, false);
}

static void longest_wait(struct buf *out, const char *metric, const char *name,
                         const struct journey_result *jr)
{
    waits(out, metric, name, jr, true);
}

static void findings(struct buf *out, const char *metric, const char *name,
                     const struct journey_result *jr)
{
    const struct finding **list;
    size_t count = view_findings(jr, VIEW_BAD, &list);

    for (size_t row = 0; row < finding_row_count; row++) {
        size_t n = 0;

        for (size_t i = 0; i < count; i++)
            n += list[i]->row == &finding_rows[row];
        if (!n)
            continue;
        sample(out, metric, name);
        buf_addc(out, ',');
        label(out, "kind", finding_rows[row].kind);
        buf_addf(out, "} %zu\n", n);
    }
    free(list);
}

/* To add a metric of a journey: its function and a row. Names end in their unit. */
static const struct metric {
    const char *name, *help;
    void (*write)(struct buf *out, const char *metric, const char *name,
                  const struct journey_result *jr);
} metrics[] = {
    { "shopper_journey_met", "Whether the journey met its bar (1) or not (0).", met },
    { "shopper_journey_score", "Score of the journey, 0 to 100.", score },
    { "shopper_journey_ces", "Predicted customer effort score, 1 (hard) to 7 (easy).", ces },
    { "shopper_journey_duration_seconds", "How long the journey took.", took },
    { "shopper_journey_first_reply_seconds", "Wait for the first reply, by channel.",
      first_reply },
    { "shopper_journey_longest_wait_seconds", "Longest wait for a reply, by channel.",
      longest_wait },
    { "shopper_journey_findings", "Findings against the company, by kind.", findings },
};

static void gauge(struct buf *out, const char *name, const char *help)
{
    buf_addf(out, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

static void audit(struct buf *out, const struct result *r)
{
    size_t n[JOURNEY_STATUS_COUNT];
    int64_t start;

    result_counts(r, n);
    gauge(out, "shopper_journeys", "Journeys of the last audit, by status.");
    for (size_t i = 0; i < JOURNEY_STATUS_COUNT; i++)
        buf_addf(out, "shopper_journeys{status=\"%s\"} %zu\n", journey_status_names[i], n[i]);
    gauge(out, "shopper_audit_duration_seconds", "How long the last audit took.");
    buf_addf(out, "shopper_audit_duration_seconds %.3f\n", (double)r->duration_us / US_PER_S);
    if (view_epoch(view_started(r), &start)) {
        gauge(out, "shopper_audit_started_timestamp_seconds", "When the last audit began.");
        buf_addf(out, "shopper_audit_started_timestamp_seconds %lld\n", (long long)start);
    }
}

/* The journeys come once, the metrics one after the other: the lines of each are kept aside. */
static bool samples(const struct result *r, struct buf *b, struct scratch *lines)
{
    struct names names;
    bool ok = true;

    names_open(&names, r);
    for (size_t i = 0; ok && i < r->count; i++) {
        const struct journey_result *jr = result_journey(r, i);
        const char *name = names_next(&names, jr);

        for (size_t m = 0; m < ARRAY_LEN(metrics); m++) {
            metrics[m].write(b, metrics[m].name, name, jr);
            ok = view_keep(b, &lines[m]) && ok;
        }
    }
    names_close(&names);
    return ok;
}

static enum status write_prometheus(const struct result *r, const struct report_options *o,
                                    FILE *out)
{
    (void)o;
    CLEANUP(buf_release) struct buf b = BUF_INIT(VIEW_PART_MAX);
    struct scratch lines[ARRAY_LEN(metrics)];
    bool ok;

    for (size_t m = 0; m < ARRAY_LEN(metrics); m++)
        scratch_init(&lines[m], r->folder);
    audit(&b, r);
    ok = view_flush(&b, out) && samples(r, &b, lines);
    for (size_t m = 0; m < ARRAY_LEN(metrics); m++) {
        if (lines[m].len)                        /* no head without a sample */
            gauge(&b, metrics[m].name, metrics[m].help);
        ok = ok && view_flush(&b, out) && scratch_print(&lines[m], out);
        scratch_release(&lines[m]);
    }
    return ok ? ST_OK : ST_IO;
}

const struct reporter reporter_prometheus = {
    .name = "prometheus", .extension = "prom", .help = "gauges in Prometheus' text format",
    .write = write_prometheus,
};
