/* SARIF 2.1.0 (OASIS): a result per finding against the company, at the line of the scenario's
 * step it belongs to, and one per journey that fell short. What we could not test is no result but
 * a notification: it says nothing about the company. */
#include <stdlib.h>
#include <string.h>

#include "reporters/items.h"
#include "reporters/names.h"
#include "reporters/reporters.h"

enum { MESSAGE_COLUMNS = 1000 };

static const char FELL_SHORT[] = "fell_short";

/* A path as a URI reference: relative ones stay so, all but unreserved characters and / encoded. */
static json_t *uri(const char *path)
{
    CLEANUP(buf_release) struct buf b = BUF_INIT(VIEW_PART_MAX);

    if (*path == '/')
        buf_adds(&b, "file://");
    for (const unsigned char *p = (const unsigned char *)path; *p; p++) {
        bool plain = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
                     (*p >= '0' && *p <= '9') || strchr("-._~/", *p);

        if (plain)
            buf_addc(&b, (char)*p);
        else
            buf_addf(&b, "%%%02X", *p);
    }
    return json_stringn(b.ptr, b.len);
}

static json_t *locations(const struct transcript *t, unsigned line)
{
    json_t *place = json_pack("{s:{s:o}}", "artifactLocation", "uri", uri(t->file));

    if (line)
        json_object_set_new(place, "region", json_pack("{s:I}", "startLine", (json_int_t)line));
    return json_pack("[{s:o, s:[{s:o, s:s}]}]", "physicalLocation", place, "logicalLocations",
                     "name", items_text(view_name(t), MESSAGE_COLUMNS), "kind", "member");
}

static bool never(const struct transcript *t, const char *kind)
{
    for (size_t i = 0; i < t->bar_never_count; i++)
        if (!strcmp(t->bar_never[i], "any") || !strcmp(t->bar_never[i], kind))
            return true;
    return false;
}

/* Takes over `message`. */
static json_t *result_row(const struct journey_result *jr, const char *rule, const char *level,
                          json_t *message, unsigned line)
{
    json_t *j = json_pack("{s:s, s:s, s:{s:o}}", "ruleId", rule, "level", level, "message", "text",
                          message);

    if (*jr->transcript->file)
        json_object_set_new(j, "locations", locations(jr->transcript, line));
    return j;
}

static json_t *finding(const struct journey_result *jr, const char *name,
                       const struct finding *f)
{
    CLEANUP(buf_release) struct buf b = BUF_INIT(VIEW_PART_MAX);
    const char *level = never(jr->transcript, f->row->kind) ? "error"
                        : f->row->charged                   ? "warning"
                                                            : "note";

    buf_addf(&b, "%s: %s", f->row->title, view_say(f));
    if (f->row->charged)
        buf_addf(&b, " (%.1f points lost)", f->share);

    json_t *j = result_row(jr, f->row->kind, level, items_text(b.ptr, MESSAGE_COLUMNS),
                           view_step_line(jr->transcript, f->seq));

    /* the same finding in the next audit is the same alert: by journey, kind and what it is about */
    buf_clear(&b);
    buf_addf(&b, "%s/%s/%s/%s", name, f->row->kind, f->variant ? f->variant : "",
             f->slot ? f->slot : "");
    json_object_set_new(j, "partialFingerprints",
                        json_pack("{s:o}", "shopper/v1", items_text(b.ptr, MESSAGE_COLUMNS)));
    json_object_set_new(j, "properties", json_pack("{s:f, s:f, s:f}", "points", f->share,
                                                   "regain", f->regain, "confidence",
                                                   f->confidence));
    return j;
}

static json_t *shortfall(const struct journey_result *jr)
{
    CLEANUP(buf_release) struct buf b = BUF_INIT(VIEW_PART_MAX);

    buf_addf(&b, "%s fell short", view_name(jr->transcript));
    for (size_t i = 0; i < jr->reason_count; i++)
        buf_addf(&b, "%s%s", i ? "; " : ": ", jr->reasons[i]);
    return result_row(jr, FELL_SHORT, "error", items_text(b.ptr, MESSAGE_COLUMNS),
                      jr->transcript->line);
}

static bool put_results(const struct result *r, FILE *out)
{
    struct names names;
    bool ok = true, first = true;

    names_open(&names, r);
    for (size_t i = 0; ok && i < r->count; i++) {
        const struct journey_result *jr = result_journey(r, i);
        const char *name = names_next(&names, jr);
        const struct finding **list;
        size_t count = view_findings(jr, VIEW_BAD, &list);

        if (jr->status == JOURNEY_FELL_SHORT) {
            ok = items_put(out, shortfall(jr), first);
            first = false;
        }
        for (size_t k = 0; ok && k < count; k++, first = false)
            ok = items_put(out, finding(jr, name, list[k]), first);
        free(list);
    }
    names_close(&names);
    return ok;
}

static json_t *rules(void)
{
    json_t *list = json_array();

    json_array_append_new(list, json_pack("{s:s, s:{s:s}}", "id", FELL_SHORT, "shortDescription",
                                          "text", "The journey did not meet its bar"));
    for (size_t i = 0; i < finding_row_count; i++)
        if (!finding_rows[i].good)
            json_array_append_new(list, json_pack("{s:s, s:{s:s}}", "id", finding_rows[i].kind,
                                                  "shortDescription", "text",
                                                  finding_rows[i].title));
    return list;
}

/* Takes over the text. */
static json_t *note(const char *level, json_t *text)
{
    return json_pack("{s:s, s:{s:o}}", "level", level, "message", "text", text);
}

static json_t *untested(const struct journey_result *jr)
{
    CLEANUP(buf_release) struct buf b = BUF_INIT(VIEW_PART_MAX);

    buf_addf(&b, "%s: %s", view_name(jr->transcript), view_status(jr->status));
    for (size_t k = 0; k < jr->reason_count; k++)
        buf_addf(&b, "; %s", jr->reasons[k]);
    return note("error", items_text(b.ptr, MESSAGE_COLUMNS));
}

static bool put_invocation(const struct result *r, FILE *out)
{
    size_t n[JOURNEY_STATUS_COUNT], count, shown = 0;
    bool ok;

    result_counts(r, n);
    count = n[JOURNEY_NOT_TESTED] + n[JOURNEY_INTERRUPTED];
    ok = fprintf(out, "[{\"executionSuccessful\":%s,\"toolExecutionNotifications\":[",
                 count ? "false" : "true") > 0;
    for (size_t i = 0; ok && i < r->count && shown < count; i++) {
        const struct journey_result *jr = result_journey(r, i);

        if (jr->status == JOURNEY_NOT_TESTED || jr->status == JOURNEY_INTERRUPTED)
            ok = items_put(out, untested(jr), !shown++);
    }
    for (size_t i = 0; ok && i < r->left_out_count; i++)
        ok = items_put(out, note("warning", items_text(r->left_out[i], MESSAGE_COLUMNS)),
                       !count && !i);
    return ok && fputs("]}]", out) != EOF;
}

static enum status write_sarif(const struct result *r, const struct report_options *o, FILE *out)
{
    (void)o;
    const char *tool = r->tool ? r->tool : "shopper", *blank = strrchr(tool, ' ');
    json_t *driver = json_pack("{s:{s:s, s:o, s:o}}", "driver", "name", "shopper", "version",
                               items_text(blank ? blank + 1 : "unknown", 100), "rules", rules());
    bool ok = fputs("{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\","
                    "\"version\":\"2.1.0\",\"runs\":[{\"tool\":", out) != EOF &&
              json_dumpf(driver, out, JSON_COMPACT) == 0 &&
              fputs(",\n\"columnKind\":\"unicodeCodePoints\",\"invocations\":", out) != EOF &&
              put_invocation(r, out) && fputs(",\n\"results\":[", out) != EOF &&
              put_results(r, out) && fputs("\n]}]}\n", out) != EOF;

    json_decref(driver);
    return ok ? ST_OK : ST_IO;
}

const struct reporter reporter_sarif = {
    .name = "sarif", .extension = "sarif", .help = "SARIF 2.1.0, findings at the scenario's lines",
    .write = write_sarif,
};
