/* Any bytes as a transcript: refused with a reason, or judged, and the judgement holds together. */
#include <math.h>

#include "harness/judge/judge.h"
#include "harness/load/load.h"
#include "tests/fuzz/fuzz.h"

struct world {
    struct arena *arena;
    struct reader *reader;
    struct expectations expectations;
};

static struct world *world(void)
{
    static struct world w;
    static struct regex_list regexes;
    static struct sources sources;
    struct diags diags;

    if (w.reader)
        return &w;
    diags_init(&diags);
    w.arena = arena_new();
    w.reader = reader_new();

    static const char *const packs[] = { "en", "de", "fr", "fa" };

    for (size_t i = 0; i < sizeof packs / sizeof *packs; i++) {
        struct lexicon *l = arena_alloc(w.arena, sizeof *l);
        const char *path = arena_printf(w.arena, "scenarios/lexicons/%s.yaml", packs[i]);

        if (load_object_file(path, &lexicon_object, w.arena, &regexes, &sources, &diags, l) ||
            reader_add(w.reader, l, &diags))
            abort();
    }
    if (load_object_file("scenarios/expectations/industry.yaml", &expectations_object, w.arena,
                         &regexes, &sources, &diags, &w.expectations) != ST_OK)
        abort();
    diags_release(&diags);
    return &w;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct world *w = world();
    struct transcript *t = NULL;
    struct diags diags;

    diags_init(&diags);
    if (transcript_parse("fuzz", (struct slice){ (const char *)data, size }, &diags, &t) == ST_OK) {
        struct judgement *j = judge_transcript(w->reader, &w->expectations, t);
        const char **reasons;
        size_t count;

        if (j->score.known && !(j->score.value >= 0 && j->score.value <= 100))
            __builtin_trap();
        for (size_t i = 0; i < j->findings.count; i++)
            if (j->findings.items[i].seq < 0 || j->findings.items[i].seq >= (int)t->count ||
                isnan(j->findings.items[i].share))
                __builtin_trap();
        (void)judge_bar(w->reader, t, j, &reasons, &count);
        judgement_free(j);
    } else if (!diags.errors) {
        __builtin_trap();
    }
    diags_release(&diags);
    transcript_free(t);
    return 0;
}
