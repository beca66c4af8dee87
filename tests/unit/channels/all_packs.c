#include "tests/unit/channels/all_packs.h"

#include <stdlib.h>

#include "harness/load/load.h"

static struct arena *arena;
static struct regex_list regexes;

struct lexicons all_packs(void)
{
    static const char *const languages[] = { "en", "de", "fr", "fa" };
    static const struct lexicon *packs[ARRAY_LEN(languages)];
    struct sources sources = { 0 };
    struct diags diags;

    for (size_t i = 0; !packs[i] && i < ARRAY_LEN(languages); i++) {
        struct lexicon *l;

        arena = arena ? arena : arena_new();
        l = arena_alloc(arena, sizeof *l);
        diags_init(&diags);
        if (load_object_file(arena_printf(arena, "scenarios/lexicons/%s.yaml", languages[i]),
                             &lexicon_object, arena, &regexes, &sources, &diags, l) != ST_OK)
            abort();
        packs[i] = l;
        diags_release(&diags);
        if (i + 1 == ARRAY_LEN(languages))
            break;
    }
    sources_release(&sources);
    return (struct lexicons){ packs, ARRAY_LEN(languages) };
}

void all_packs_free(void)
{
    regex_list_release(&regexes);
    arena_free(arena);
}
