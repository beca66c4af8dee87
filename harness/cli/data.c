#define _XOPEN_SOURCE 700
#include "harness/cli/data.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/load/prepared.h"

enum { PATH_BYTES = 4096, DATA_FILE_MAX_BYTES = 1 << 20 };

static const char *program_folder(struct arena *a)
{
    char path[PATH_BYTES];
    ssize_t len = readlink("/proc/self/exe", path, sizeof path - 1);

    if (len <= 0)
        return ".";
    while (len > 0 && path[len - 1] != '/')
        len--;
    return arena_strndup(a, path, (size_t)(len > 1 ? len - 1 : len));
}

const char *data_program(const struct options *o, const char *name)
{
    const char *here = program_folder(o->arena);
    const char *const places[] = {
        arena_printf(o->arena, "%s/%s", here, name),
        arena_printf(o->arena, "%s/../libexec/shopper/%s", here, name),
    };

    for (size_t i = 0; i < ARRAY_LEN(places); i++)
        if (!access(places[i], X_OK))
            return places[i];
    return NULL;
}

/* As a person would write it: without "..", and from here when it lies below. */
static const char *tidy(struct arena *a, const char *path)
{
    char real[PATH_BYTES], here[PATH_BYTES];

    if (!realpath(path, real))
        return path;

    size_t len = getcwd(here, sizeof here) ? strlen(here) : 0;

    if (len && !strncmp(real, here, len) && real[len] == '/')
        return arena_strdup(a, real + len + 1);
    return arena_strdup(a, real);
}

static bool has_packs(struct arena *a, const char *folder)
{
    return !access(arena_printf(a, "%s/lexicons", folder), R_OK);
}

const char *data_folder(const struct options *o, struct diags *diags)
{
    const char *given = option_text(o, OPT_DATA), *here = program_folder(o->arena);
    const char *const places[] = {
        arena_printf(o->arena, "%s/../scenarios", here),       /* build/shopper */
        arena_printf(o->arena, "%s/../../scenarios", here),    /* build/asan/shopper */
        arena_printf(o->arena, "%s/../share/shopper", here),   /* installed */
    };

    if (given) {
        if (has_packs(o->arena, given))
            return given;
        diag_error(diags, "%s: there is no lexicons folder in \"%s\"", o->values[OPT_DATA].from,
                   given);
        return NULL;
    }
    for (size_t i = 0; i < ARRAY_LEN(places); i++)
        if (has_packs(o->arena, places[i]))
            return tidy(o->arena, places[i]);
    diag_error(diags, "the data folder (language packs, adapters) is missing; looked in %s and "
               "%s; --data names it", places[0], places[2]);
    return NULL;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

struct texts data_files(struct arena *a, const char *folder, const char *suffix)
{
    struct texts list = { 0 };
    size_t cap = 0, want = strlen(suffix);
    DIR *dir = opendir(folder);

    for (struct dirent *e; dir && (e = readdir(dir));) {
        size_t len = strlen(e->d_name);

        if (e->d_name[0] == '.' || len <= want || strcmp(e->d_name + len - want, suffix))
            continue;
        ARENA_GROW(a, list.items, cap, list.count + 1);
        list.items[list.count++] = arena_printf(a, "%s/%s", folder, e->d_name);
    }
    if (dir)
        closedir(dir);
    if (list.count)
        qsort(list.items, list.count, sizeof *list.items, by_name);
    return list;
}

/* A file of the data folder, by its name there, as it was prepared; NULL when it is another one. */
static const struct prepared *prepared(const char *name, const char *path)
{
    struct buf text = BUF_INIT(DATA_FILE_MAX_BYTES);
    const struct prepared *found = buf_read_file(&text, path)
        ? NULL : prepared_find(prepared_files, name, buf_slice(&text));

    buf_release(&text);
    return found;
}

static enum status load(struct data *d, const char *path, const struct object *object,
                        struct diags *diags, void *ret)
{
    return load_object_file(path, object, d->arena, &d->regexes, &d->sources, diags, ret);
}

/* The same for a file of the data folder. *used: as it was prepared; NULL when it was read. */
static enum status load_data(struct data *d, const char *path, const struct object *object,
                             struct diags *diags, void *ret, const struct prepared **used)
{
    size_t folder = strlen(d->folder) + 1;
    const struct prepared *p = prepared(path + folder, path);

    *used = p;
    if (!p)
        return load(d, path, object, diags, ret);
    object_restore(object, (struct slice){ p->bytes, p->len }, d->arena, &d->regexes, ret);
    return ST_OK;
}

static struct lexicon *lexicon_for(struct lexicon **packs, size_t count, const char *language)
{
    for (size_t i = 0; i < count; i++)
        if (!strcmp(packs[i]->language, language))
            return packs[i];
    return NULL;
}

/* Words of one's own go over the pack of their language. */
static enum status load_words(const struct options *o, struct data *d, struct lexicon **packs,
                              size_t count, struct diags *diags)
{
    const struct option_value *files = &o->values[OPT_WORDS];
    enum status worst = ST_OK;

    for (size_t i = 0; i < files->count; i++) {
        struct lexicon *own = arena_alloc(d->arena, sizeof *own);
        enum status st = load(d, files->items[i], &lexicon_object, diags, own);
        struct lexicon *pack = st ? NULL : lexicon_for(packs, count, own->language);

        if (pack) {
            st = own_words_check(files->items[i], own, diags);
            lexicon_merge(pack, own, d->arena);
        } else if (!st) {
            diag_error(diags, "%s: there is no language pack \"%s\" for these words to go over",
                       files->items[i], own->language);
            st = ST_INVALID;
        }
        if (st)
            worst = st;
    }
    return worst;
}

static enum status choose_language(const struct options *o, struct data *d, struct diags *diags)
{
    const char *language = option_text(o, OPT_LANGUAGE);

    if (!language)
        return ST_OK;
    if (!reader_knows(d->reader, language)) {
        diag_error(diags, "--language: there is no language pack \"%s\"", language);
        return ST_INVALID;
    }
    reader_say_in(d->reader, language);
    return ST_OK;
}

static enum status load_lexicons(const struct options *o, struct data *d, struct diags *diags)
{
    struct texts files = data_files(d->arena, arena_printf(d->arena, "%s/lexicons", d->folder),
                                    ".yaml");
    struct lexicon **packs = arena_alloc(d->arena, (files.count + 1) * sizeof *packs);
    enum status worst = ST_OK;
    size_t count = 0;

    d->reader = reader_new();
    for (size_t i = 0; i < files.count; i++) {
        packs[count] = arena_alloc(d->arena, sizeof **packs);

        const struct prepared *p;
        enum status st = load_data(d, files.items[i], &lexicon_object, diags, packs[count], &p);

        if (!st && p) {
            packs[count]->prepared = true;
            packs[count]->needs = (struct slice){ (const char *)p->bytes + p->len, p->more };
        }
        if (st)
            worst = st;
        else
            count++;
    }

    enum status own = load_words(o, d, packs, count, diags);

    if (own)
        return own;
    for (size_t i = 0; i < count; i++)
        if (reader_add(d->reader, packs[i], diags))
            worst = ST_INVALID;
    return worst ? worst : choose_language(o, d, diags);
}

static enum status load_adapters(struct data *d, struct diags *diags)
{
    struct texts files = data_files(d->arena, arena_printf(d->arena, "%s/adapters", d->folder),
                                    ".yaml");
    enum status worst = ST_OK;

    d->adapters.items = arena_alloc(d->arena, (files.count + 1) * sizeof *d->adapters.items);
    for (size_t i = 0; i < files.count; i++) {
        const struct prepared *p;
        enum status st = load_data(d, files.items[i], &adapter_object, diags,
                                   &d->adapters.items[d->adapters.count++], &p);

        if (st)
            worst = st;
    }
    return worst;
}

static const char *industry(struct data *d)
{
    return arena_printf(d->arena, "%s/expectations/industry.yaml", d->folder);
}

static enum status compare_expectations(struct data *d, struct diags *diags)
{
    struct expectations *base = arena_alloc(d->arena, sizeof *base);
    const struct prepared *p;
    enum status st = load_data(d, industry(d), &expectations_object, diags, base, &p);

    if (!st)
        d->changes = expectations_changes(base, d->expectations, d->arena);
    return st;
}

enum status data_load(const struct options *o, struct diags *diags, struct data *d)
{
    *d = (struct data){ .arena = arena_new() };
    d->folder = data_folder(o, diags);
    if (!d->folder)
        return ST_IO;

    const char *expected = option_text(o, OPT_EXPECTATIONS);

    d->expectations = arena_alloc(d->arena, sizeof *d->expectations);

    const struct prepared *p;
    enum status st = expected
        ? load(d, expected, &expectations_object, diags, d->expectations)
        : load_data(d, industry(d), &expectations_object, diags, d->expectations, &p);

    if (!st && option_text(o, OPT_EXPECTATIONS))
        st = compare_expectations(d, diags);

    enum status packs = load_lexicons(o, d, diags), adapters = load_adapters(d, diags);

    return st ? st : packs ? packs : adapters;
}

void data_name_expectations(const struct data *d, struct result *r)
{
    r->expectations = arena_strdup(r->arena, d->expectations->name);
    r->changes = arena_alloc(r->arena, (d->changes.count + 1) * sizeof *r->changes);
    r->change_count = d->changes.count;
    for (size_t i = 0; i < d->changes.count; i++)
        r->changes[i] = arena_strdup(r->arena, d->changes.items[i]);
}

void data_release(struct data *d)
{
    reader_free(d->reader);
    regex_list_release(&d->regexes);
    sources_release(&d->sources);
    arena_free(d->arena);
    *d = (struct data){ 0 };
}
