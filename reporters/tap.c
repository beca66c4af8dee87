/* TAP 14: a test point per journey, the details as a YAML block whose scalars are JSON strings. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "reporters/names.h"
#include "reporters/reporters.h"

/* ASCII JSON: valid YAML, one line, nothing a terminal obeys. */
static void scalar(struct buf *out, const char *text)
{
    CLEANUP(buf_release) struct buf clean = BUF_INIT(VIEW_PART_MAX);

    text_add_printable(&clean, slice_str(text));

    json_t *j = json_stringn(clean.ptr, clean.len);
    char *dumped = json_dumps(j, JSON_ENCODE_ANY | JSON_ENSURE_ASCII);

    buf_adds(out, dumped ? dumped : "\"\"");
    free(dumped);
    json_decref(j);
}

/* A description ends at an unescaped '#'. */
static void description(struct buf *out, const char *name)
{
    for (; *name; name++) {
        if (*name == '#' || *name == '\\')
            buf_addc(out, '\\');
        buf_addc(out, *name);
    }
}

static void details(struct buf *out, const struct journey_result *jr)
{
    const struct score *s = view_known_score(jr);
    const struct finding **list;
    size_t count = view_findings(jr, VIEW_BAD, &list);

    buf_adds(out, "  ---\n  status: ");
    scalar(out, view_status(jr->status));
    buf_adds(out, "\n  file: ");
    scalar(out, jr->transcript->file);
    if (s)
        buf_addf(out, "\n  score: %d\n  grade: \"%c\"\n  ces: %.1f", score_rounded(s->value),
                 s->grade, s->ces);
    buf_addf(out, "\n  duration_ms: %lld\n", (long long)(jr->duration_us / US_PER_MS));
    if (jr->reason_count)
        buf_adds(out, "  reasons:\n");
    for (size_t i = 0; i < jr->reason_count; i++) {
        buf_adds(out, "    - ");
        scalar(out, jr->reasons[i]);
        buf_addc(out, '\n');
    }
    if (count)
        buf_adds(out, "  findings:\n");
    for (size_t i = 0; i < count; i++) {
        buf_addf(out, "    - kind: %s\n      say: ", list[i]->row->kind);
        scalar(out, view_say(list[i]));
        buf_adds(out, "\n      events: [");
        view_events(out, list[i]);
        buf_adds(out, "]\n");
    }
    buf_adds(out, "  ...\n");
    free(list);
}

static enum status write_tap(const struct result *r, const struct report_options *o, FILE *out)
{
    (void)o;
    CLEANUP(buf_release) struct buf b = BUF_INIT(VIEW_PART_MAX);
    struct names names;
    bool ok;

    buf_addf(&b, "TAP version 14\n1..%zu\n", r->count);
    ok = view_flush(&b, out);
    names_open(&names, r);
    for (size_t i = 0; ok && i < r->count; i++) {
        const struct journey_result *jr = result_journey(r, i);

        buf_addf(&b, "%s %zu - ", jr->status == JOURNEY_MET ? "ok" : "not ok", i + 1);
        description(&b, names_next(&names, jr));
        buf_addc(&b, '\n');
        details(&b, jr);
        ok = view_flush(&b, out);
    }
    names_close(&names);
    return ok ? ST_OK : ST_IO;
}

const struct reporter reporter_tap = {
    .name = "tap", .extension = "tap", .help = "Test Anything Protocol, version 14",
    .write = write_tap,
};
