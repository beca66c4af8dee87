#ifndef FUZZ_FUZZ_PACKS_H
#define FUZZ_FUZZ_PACKS_H
/** The four language packs, loaded once. */
#include "harness/load/load.h"
#include "harness/read/read.h"
#include "tests/fuzz/fuzz.h"

static inline const struct reader *fuzz_reader(void)
{
    static const char *const files[] = { "en", "de", "fr", "fa" };
    static struct reader *reader;
    static struct arena *arena;
    static struct regex_list regexes;
    static struct sources sources;
    struct diags diags;

    if (reader)
        return reader;
    diags_init(&diags);
    arena = arena_new();
    reader = reader_new();
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct lexicon *l = arena_alloc(arena, sizeof *l);

        if (load_object_file(arena_printf(arena, "scenarios/lexicons/%s.yaml", files[i]),
                             &lexicon_object, arena, &regexes, &sources, &diags, l) != ST_OK ||
            reader_add(reader, l, &diags) != ST_OK)
            abort();
    }
    diags_release(&diags);
    return reader;
}

#endif
