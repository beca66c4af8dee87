/* CTRF, the Common Test Report Format (ctrf.io), version 0.0.0 of its schema: a test per journey.
 * A journey that could not be tested is "other": neither passed nor the company's fault. */
#include <stdlib.h>

#include "reporters/items.h"
#include "reporters/names.h"
#include "reporters/reporters.h"

enum { MESSAGE_COLUMNS = 2000 };

static const char *const statuses[JOURNEY_STATUS_COUNT] = {
    [JOURNEY_MET] = "passed", [JOURNEY_FELL_SHORT] = "failed", [JOURNEY_NOT_TESTED] = "other",
    [JOURNEY_INTERRUPTED] = "skipped",
};

static void put_message(json_t *test, const struct journey_result *jr)
{
    CLEANUP(buf_release) struct buf b = BUF_INIT(VIEW_PART_MAX);

    for (size_t i = 0; i < jr->reason_count; i++)
        buf_addf(&b, "%s%s", i ? "; " : "", jr->reasons[i]);
    if (b.len)
        json_object_set_new(test, "message", items_text(b.ptr, MESSAGE_COLUMNS));
}

static json_t *finding(const struct journey_result *jr, const struct finding *f)
{
    json_t *j = json_pack("{s:s, s:o, s:f}", "kind", f->row->kind, "say",
                          items_text(view_say(f), MESSAGE_COLUMNS), "points", f->share);
    unsigned line = view_step_line(jr->transcript, f->seq);

    if (f->variant)
        json_object_set_new(j, "variant", items_text(f->variant, MESSAGE_COLUMNS));
    if (line)
        json_object_set_new(j, "line", json_integer(line));
    return j;
}

/* `extra` is the format's place for what it has no word for. */
static json_t *extra(const struct journey_result *jr)
{
    const struct score *s = view_known_score(jr);
    const struct finding **list;
    size_t count = view_findings(jr, VIEW_BAD, &list);
    json_t *j = json_object(), *findings = json_array();

    if (s) {
        char grade[2] = { s->grade, '\0' };

        json_object_set_new(j, "score", json_integer(score_rounded(s->value)));
        json_object_set_new(j, "grade", json_string(grade));
        json_object_set_new(j, "ces", json_real(s->ces));
        json_object_set_new(j, "outcome", json_string(view_outcome(s->outcome)));
    }
    for (size_t i = 0; i < count; i++)
        json_array_append_new(findings, finding(jr, list[i]));
    json_object_set_new(j, "findings", findings);
    free(list);
    return j;
}

static json_t *test(const struct journey_result *jr, const char *name)
{
    const struct transcript *t = jr->transcript;
    json_t *j = json_pack("{s:o, s:s, s:I}", "name", items_text(name, MESSAGE_COLUMNS), "status",
                          statuses[jr->status], "duration",
                          (json_int_t)(jr->duration_us / US_PER_MS));

    json_object_set_new(j, "rawStatus", json_string(journey_status_names[jr->status]));
    put_message(j, jr);
    if (*t->file)
        json_object_set_new(j, "filePath", items_text(t->file, MESSAGE_COLUMNS));
    if (t->line)
        json_object_set_new(j, "line", json_integer(t->line));
    if (t->tag_count) {
        json_t *tags = json_array();

        for (size_t i = 0; i < t->tag_count; i++)
            json_array_append_new(tags, items_text(t->tags[i], MESSAGE_COLUMNS));
        json_object_set_new(j, "tags", tags);
    }
    json_object_set_new(j, "extra", extra(jr));
    return j;
}

static bool head(const struct result *r, FILE *out)
{
    size_t n[JOURNEY_STATUS_COUNT];
    int64_t start = 0;

    result_counts(r, n);
    view_epoch(view_started(r), &start);

    json_t *summary = json_pack(
        "{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "tests", (json_int_t)r->count, "passed",
        (json_int_t)n[JOURNEY_MET], "failed", (json_int_t)n[JOURNEY_FELL_SHORT], "pending",
        (json_int_t)0, "skipped", (json_int_t)n[JOURNEY_INTERRUPTED], "other",
        (json_int_t)n[JOURNEY_NOT_TESTED], "start", (json_int_t)(start * 1000), "stop",
        (json_int_t)(start * 1000 + r->duration_us / US_PER_MS));
    json_t *tool = json_pack("{s:o}", "name", items_text(r->tool ? r->tool : "shopper", 200));
    bool ok = fputs("{\"reportFormat\":\"CTRF\",\"specVersion\":\"0.0.0\",\"results\":{\"tool\":",
                    out) != EOF &&
              json_dumpf(tool, out, JSON_COMPACT) == 0 && fputs(",\n\"summary\":", out) != EOF &&
              json_dumpf(summary, out, JSON_COMPACT) == 0 && fputs(",\n\"tests\":[", out) != EOF;

    json_decref(tool);
    json_decref(summary);
    return ok;
}

static enum status write_ctrf(const struct result *r, const struct report_options *o, FILE *out)
{
    (void)o;
    struct names names;
    bool ok = head(r, out);

    names_open(&names, r);
    for (size_t i = 0; ok && i < r->count; i++) {
        const struct journey_result *jr = result_journey(r, i);

        ok = items_put(out, test(jr, names_next(&names, jr)), !i);
    }
    ok = ok && fputs("\n]}}\n", out) != EOF;
    names_close(&names);
    return ok ? ST_OK : ST_IO;
}

const struct reporter reporter_ctrf = {
    .name = "ctrf", .extension = "ctrf.json", .help = "Common Test Report Format (JSON)",
    .write = write_ctrf,
};
