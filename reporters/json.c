/* Everything, as JSON: scenarios/schema/result.schema.json. */
#include "reporters/reporters.h"

static enum status write_json(const struct result *r, const struct report_options *o, FILE *out)
{
    (void)o;
    json_t *j = result_json(r);
    /* 15 digits: 0.9 stays 0.9, and no score differs in a place anybody reads. */
    bool ok = json_dumpf(j, out, JSON_INDENT(2) | JSON_REAL_PRECISION(15)) == 0 &&
              fputc('\n', out) != EOF;

    json_decref(j);
    return ok ? ST_OK : ST_IO;
}

const struct reporter reporter_json = {
    .name = "json", .extension = "json", .help = "everything, as one JSON document",
    .write = write_json,
};
