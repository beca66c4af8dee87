#include "tests/unit/read/packs.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>

#include "harness/load/load.h"

static struct arena *arena;
static struct reader *reader;
static struct regex_list regexes;

static void give_up(const struct diags *diags)
{
    struct buf text = BUF_INIT(1 << 16);

    diags_render(diags, &text);
    fputs(text.ptr, stderr);
    abort();
}

static void load_pack(const char *path, struct sources *sources, struct diags *diags)
{
    struct lexicon *l = arena_alloc(arena, sizeof *l);

    if (load_object_file(path, &lexicon_object, arena, &regexes, sources, diags, l) ||
        reader_add(reader, l, diags))
        give_up(diags);
}

const struct reader *packs_reader(void)
{
    struct sources sources = { 0 };
    struct diags diags;
    glob_t found;

    if (reader)
        return reader;
    arena = arena_new();
    reader = reader_new();
    diags_init(&diags);
    if (glob("scenarios/lexicons/*.yaml", 0, NULL, &found))
        abort();
    for (size_t i = 0; i < found.gl_pathc; i++)
        load_pack(found.gl_pathv[i], &sources, &diags);
    globfree(&found);
    diags_release(&diags);
    sources_release(&sources);
    return reader;
}

void packs_say_in(const char *language)
{
    packs_reader();
    reader_say_in(reader, language);
}

void packs_free(void)
{
    reader_free(reader);
    regex_list_release(&regexes);
    arena_free(arena);
    reader = NULL;
    arena = NULL;
}
