/* JSON Lines: a line for the audit, one per journey, one per finding, for databases and log
 * collectors. The members are those of the JSON report; transcripts are left to it. */
#include "harness/model/json_out.h"
#include "reporters/reporters.h"

/** One line, begun with its type. */
static struct json_out begin(struct buf *line, const char *type)
{
    struct json_out o = json_out_line(line);

    o.digits = 15;
    json_out_object(&o, NULL);
    json_out_text(&o, "type", type);
    return o;
}

static bool put(struct json_out *o, FILE *out)
{
    bool ok;

    json_out_close(o);
    ok = !o->to->full && fwrite(o->to->ptr, 1, o->to->len, out) == o->to->len &&
         fputc('\n', out) != EOF;
    buf_clear(o->to);
    return ok;
}

static bool put_finding(const struct journey_result *jr, size_t index, const struct finding *f,
                        struct buf *line, FILE *out)
{
    struct json_out o = begin(line, "finding");

    json_out_whole(&o, "index", (int64_t)index);
    json_out_text(&o, "journey", jr->transcript->journey);
    finding_write_members(&o, f);
    return put(&o, out);
}

static bool put_journey(const struct journey_result *jr, size_t index, struct buf *line, FILE *out)
{
    const struct transcript *t = jr->transcript;
    struct json_out o = begin(line, "journey");
    bool ok;

    json_out_whole(&o, "index", (int64_t)index);
    json_out_text(&o, "journey", t->journey);
    json_out_text(&o, "file", t->file);
    if (t->tag_count)
        json_out_texts(&o, "tags", t->tags, t->tag_count);
    else
        json_out_null(&o, "tags");
    json_out_text(&o, "status", journey_status_names[jr->status]);
    json_out_texts(&o, "reasons", jr->reasons, jr->reason_count);
    json_out_whole(&o, "duration_us", jr->duration_us);
    if (jr->judgement)
        score_write(&o, "score", &jr->judgement->score);
    else
        json_out_null(&o, "score");
    ok = put(&o, out);
    for (size_t i = 0; ok && jr->judgement && i < jr->judgement->findings.count; i++)
        ok = put_finding(jr, index, &jr->judgement->findings.items[i], line, out);
    return ok;
}

static enum status write_jsonl(const struct result *r, const struct report_options *options,
                               FILE *out)
{
    CLEANUP(buf_release) struct buf line = BUF_INIT(RESULT_JOURNEY_MAX_BYTES);
    struct json_out o = begin(&line, "audit");
    bool ok;

    (void)options;
    result_head_write_members(&o, r);
    ok = put(&o, out);
    for (size_t i = 0; ok && i < r->count; i++)
        ok = put_journey(result_journey(r, i), i, &line, out);
    return ok ? ST_OK : ST_IO;
}

const struct reporter reporter_jsonl = {
    .name = "jsonl", .extension = "jsonl",
    .help = "a JSON line per audit, journey and finding", .write = write_jsonl,
};
