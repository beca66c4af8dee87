/* Everything, as JSON: scenarios/schema/result.schema.json. Written journey by journey, so that a big
 * audit needs no second copy in memory. */
#include <stdlib.h>
#include <string.h>

#include "reporters/reporters.h"

/* 15 digits: 0.9 stays 0.9, and no score differs in a place anybody reads. */
static const size_t FLAGS = JSON_INDENT(2) | JSON_REAL_PRECISION(15);

/* Dumped text, further in: line breaks inside texts are escaped, so every one of them is layout. */
static bool put_indented(const char *text, const char *indent, FILE *out)
{
    for (const char *p = text, *end;; p = end + 1) {
        end = strchr(p, '\n');
        if (!end)
            return fputs(p, out) != EOF;
        if (fwrite(p, 1, (size_t)(end - p), out) != (size_t)(end - p) || fputc('\n', out) == EOF ||
            fputs(indent, out) == EOF)
            return false;
    }
}

static bool put_journey(const struct journey_result *jr, bool first, FILE *out)
{
    json_t *j = journey_result_json(jr);
    char *text = json_dumps(j, FLAGS);
    bool ok = text && fputs(first ? "\n    " : ",\n    ", out) != EOF &&
              put_indented(text, "    ", out);

    free(text);
    json_decref(j);
    return ok;
}

static enum status write_json(const struct result *r, const struct report_options *o, FILE *out)
{
    (void)o;
    json_t *head = result_head_json(r);
    char *text = json_dumps(head, FLAGS);
    size_t len = text ? strlen(text) : 0;
    bool ok = len > 2;

    if (ok) {
        text[len - 2] = '\0';                    /* its closing "\n}" comes after the journeys */
        ok = fputs(text, out) != EOF && fputs(",\n  \"journeys\": [", out) != EOF;
    }
    free(text);
    json_decref(head);
    for (size_t i = 0; ok && i < r->count; i++)
        ok = put_journey(result_journey(r, i), i == 0, out);
    return ok && fputs(r->count ? "\n  ]\n}\n" : "]\n}\n", out) != EOF ? ST_OK : ST_IO;
}

const struct reporter reporter_json = {
    .name = "json", .extension = "json", .help = "everything, as one JSON document",
    .write = write_json,
};
