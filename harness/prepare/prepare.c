/*
 * prepare FOLDER: the data files below it as C, for the program to begin with (load/prepared.h).
 *
 * Part of the build and of nothing else. A file with errors is left out, with a line about it: shopper
 * reads that one when it starts, and says what is wrong with it.
 */
#include <glob.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/load/prepared.h"
#include "harness/model/adapter.h"
#include "harness/model/expectations.h"
#include "harness/model/lexicon.h"
#include "harness/read/pack.h"

enum { FILE_MAX_BYTES = 1 << 20, PREPARED_MAX_BYTES = 8 << 20, WORDS_A_LINE = 5 };

struct work {
    struct arena *arena;
    struct regex_list regexes;
    struct sources sources;
    struct diags diags;
    struct buf table;             /* rows of prepared_files */
    size_t count;
};

static bool write_needs(struct work *w, const struct lexicon *l, struct buf *out)
{
    struct pack *pack;

    if (pack_compile(l, &w->diags, &pack))
        return false;
    pack_ready(pack);
    pack_write_needs(pack, out);
    pack_free(pack);
    return true;
}

static void print_words(const struct work *w, const struct buf *bytes)
{
    printf("static const uint64_t bytes_%zu[] = {", w->count);
    for (size_t i = 0; i < bytes->len; i += sizeof(uint64_t)) {
        uint64_t word = 0;
        size_t left = bytes->len - i;

        memcpy(&word, bytes->ptr + i, left < sizeof word ? left : sizeof word);
        printf("%s0x%" PRIx64 ",", i / sizeof word % WORDS_A_LINE ? " " : "\n    ", word);
    }
    printf("\n};\n");
}

static bool prepare(struct work *w, const char *path, const char *name, struct slice text,
                    const struct object *object)
{
    struct buf bytes = BUF_INIT(PREPARED_MAX_BYTES);
    void *item = arena_alloc(w->arena, object->size);
    bool fine = !load_object_text(path, text, object, w->arena, &w->regexes, &w->sources,
                                  &w->diags, item);

    if (fine)
        object_write(object, item, &bytes);

    size_t len = bytes.len;

    if (fine && object == &lexicon_object)
        fine = write_needs(w, item, &bytes);
    if (fine && !bytes.full) {
        print_words(w, &bytes);
        buf_addf(&w->table, "    { \"%s\", UINT64_C(0x%" PRIx64 "), bytes_%zu, %zu, %zu },\n", name,
                 slice_sum(text), w->count++, len, bytes.len - len);
    }
    buf_release(&bytes);
    return fine;
}

static void prepare_file(struct work *w, const char *path, const char *name,
                         const struct object *object)
{
    struct buf text = BUF_INIT(FILE_MAX_BYTES);
    size_t errors = w->diags.errors;

    if (buf_read_file(&text, path) ||
        !prepare(w, path, name, buf_slice(&text), object) || w->diags.errors > errors)
        fprintf(stderr, "%s is not prepared: it has errors; shopper check says which\n", name);
    buf_release(&text);
}

int main(int argc, char **argv)
{
    static const struct { const char *folder; const struct object *object; } kinds[] = {
        { "lexicons", &lexicon_object }, { "adapters", &adapter_object },
        { "expectations", &expectations_object },
    };
    struct work w = { .arena = arena_new(), .table = BUF_INIT(1 << 16) };

    if (argc != 2) {
        fprintf(stderr, "usage: prepare FOLDER\n");
        return 2;
    }
    diags_init(&w.diags);
    printf("/* Made by harness/prepare from the data files. */\n"
           "#include \"harness/load/prepared.h\"\n\n");
    for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
        const char *pattern = arena_printf(w.arena, "%s/%s/*.yaml", argv[1], kinds[k].folder);
        glob_t found;

        if (glob(pattern, 0, NULL, &found))
            continue;
        for (size_t i = 0; i < found.gl_pathc; i++)
            prepare_file(&w, found.gl_pathv[i], found.gl_pathv[i] + strlen(argv[1]) + 1,
                         kinds[k].object);
        globfree(&found);
    }
    printf("\nconst struct prepared prepared_files[] = {\n%s    { 0 },\n};\n", w.table.ptr);
    buf_release(&w.table);
    diags_release(&w.diags);
    sources_release(&w.sources);
    regex_list_release(&w.regexes);
    arena_free(w.arena);
    return 0;
}
