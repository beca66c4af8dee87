/* Any bytes as a result file, or as a transcript: read or refused with a reason; what was read can
 * be reported in every format, and says nothing new when it is read again. */
#include <string.h>

#include "reporters/reporter.h"
#include "tests/fuzz/fuzz.h"

static void report(const struct result *r)
{
    static const char *const languages[] = { "en", "de", "fr", "fa" };
    const struct report_options o = {
        .flags = REPORT_DOUBTS | REPORT_VERBOSE, .columns = 40 + (int)r->count,
        .language = languages[r->count % 4], .paper = "A4",
    };

    for (size_t i = 0; reporters[i]; i++) {
        char *text = NULL;
        size_t len = 0;
        FILE *out = open_memstream(&text, &len);

        if (!out || reporters[i]->write(r, &o, out) != ST_OK || fclose(out))
            abort();
        if (!strcmp(reporters[i]->name, "json")) {
            struct result *again = NULL;
            struct diags diags;

            diags_init(&diags);
            if (result_parse("again", (struct slice){ text, len }, &diags, &again) != ST_OK)
                abort();
            result_free(again);
            diags_release(&diags);
        }
        free(text);
    }
}

static void as_transcript(struct slice text)
{
    struct transcript *t = NULL;
    struct diags diags;

    diags_init(&diags);
    if (transcript_parse("transcript", text, &diags, &t) != ST_OK && !diags.errors)
        abort();                                 /* a failure that says nothing */
    transcript_free(t);
    diags_release(&diags);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice text = { (const char *)data, size };
    struct result *r = NULL;
    struct diags diags;

    diags_init(&diags);
    if (result_parse("result", text, &diags, &r) == ST_OK)
        report(r);
    else if (!diags.errors)
        abort();
    result_free(r);
    diags_release(&diags);
    as_transcript(text);
    return 0;
}
