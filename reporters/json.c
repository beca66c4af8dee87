/* Everything, as JSON: scenarios/schema/result.schema.json. Written journey by journey, so that a big
 * audit needs no second copy in memory. */
#include "harness/model/json_out.h"
#include "reporters/reporters.h"

/* What is gathered before it is written. */
enum { PIECE_BYTES = 64 * 1024 };

static bool put(struct buf *text, FILE *out)
{
    bool ok = !text->full && fwrite(text->ptr, 1, text->len, out) == text->len;

    buf_clear(text);
    return ok;
}

static enum status write_json(const struct result *r, const struct report_options *options, FILE *out)
{
    CLEANUP(buf_release) struct buf text = BUF_INIT(RESULT_JOURNEY_MAX_BYTES);
    struct json_out o = json_out_pretty(&text, 0);
    bool ok = true;

    (void)options;
    json_out_object(&o, NULL);
    result_head_write_members(&o, r);
    json_out_list(&o, "journeys");
    for (size_t i = 0; ok && i < r->count; i++) {
        journey_result_write(&o, result_journey(r, i));
        if (text.len >= PIECE_BYTES || text.full)
            ok = put(&text, out);
    }
    json_out_close(&o);
    json_out_close(&o);
    buf_addc(&text, '\n');
    return ok && put(&text, out) ? ST_OK : ST_IO;
}

const struct reporter reporter_json = {
    .name = "json", .extension = "json", .help = "everything, as one JSON document",
    .write = write_json,
};
