/* JSON Lines: a line for the audit, one per journey, one per finding, for databases and log
 * collectors. The members are those of the JSON report; transcripts are left to it. */
#include "reporters/reporters.h"

/* Takes over the reference. */
static bool put(json_t *j, const char *type, FILE *out)
{
    json_t *typed = json_pack("{s:s}", "type", type);

    json_object_update(typed, j);
    bool ok = json_dumpf(typed, out, JSON_COMPACT | JSON_REAL_PRECISION(15)) == 0 &&
              fputc('\n', out) != EOF;

    json_decref(typed);
    json_decref(j);
    return ok;
}

static bool put_journey(json_t *journey, json_int_t index, FILE *out)
{
    json_t *judgement = json_object_get(journey, "judgement"), *finding;
    json_t *findings = json_object_get(judgement, "findings");
    json_t *line = json_pack("{s:I, s:O, s:O?, s:O?, s:O, s:O, s:O, s:O?}", "index", index,
                             "journey", json_object_get(journey, "journey"),
                             "file", json_object_get(json_object_get(journey, "transcript"),
                                                     "file"),
                             "tags", json_object_get(json_object_get(journey, "transcript"),
                                                     "tags"),
                             "status", json_object_get(journey, "status"),
                             "reasons", json_object_get(journey, "reasons"),
                             "duration_us", json_object_get(journey, "duration_us"),
                             "score", json_object_get(judgement, "score"));
    bool ok = put(line, "journey", out);
    size_t i;

    json_array_foreach(findings, i, finding) {
        json_t *row = json_pack("{s:I, s:O}", "index", index, "journey",
                                json_object_get(journey, "journey"));

        json_object_update(row, finding);
        ok = ok && put(row, "finding", out);
    }
    return ok;
}

static enum status write_jsonl(const struct result *r, const struct report_options *o, FILE *out)
{
    (void)o;
    bool ok = put(result_head_json(r), "audit", out);

    for (size_t i = 0; ok && i < r->count; i++) {
        json_t *journey = journey_result_json(result_journey(r, i));

        ok = put_journey(journey, (json_int_t)i, out);
        json_decref(journey);
    }
    return ok ? ST_OK : ST_IO;
}

const struct reporter reporter_jsonl = {
    .name = "jsonl", .extension = "jsonl",
    .help = "a JSON line per audit, journey and finding", .write = write_jsonl,
};
