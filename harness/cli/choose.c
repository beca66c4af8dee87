#include "harness/cli/choose.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "harness/base/regex.h"
#include "harness/model/finding.h"
#include "harness/play/audit.h"

enum { FOLDER_DEPTH_MAX = 16 };

static const char suffix[] = ".journey.yaml";

const char *environment_get(void *overrides, const char *name)
{
    const struct overrides *o = overrides;

    for (size_t i = 0; o && i < o->count; i++)
        if (!strcmp(o->items[i].name, name))
            return o->items[i].text;
    return getenv(name);
}

struct found {
    struct arena *arena;
    const char **paths;
    size_t count, cap;
    struct diags *diags;
};

static void add_path(struct found *f, const char *path)
{
    ARENA_GROW(f->arena, f->paths, f->cap, f->count + 1);
    f->paths[f->count++] = arena_strdup(f->arena, path);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void search(struct found *f, const char *folder, int depth)
{
    struct texts files = data_files(f->arena, folder, suffix);
    struct found sub = { .arena = f->arena };
    DIR *dir = opendir(folder);

    if (!dir) {
        diag_error(f->diags, "cannot read %s: %s", folder, strerror(errno));
        return;
    }
    for (size_t i = 0; i < files.count; i++)
        add_path(f, files.items[i]);
    for (struct dirent *e; depth < FOLDER_DEPTH_MAX && (e = readdir(dir));) {
        const char *path = arena_printf(f->arena, "%s/%s", folder, e->d_name);
        struct stat st;

        if (e->d_name[0] != '.' && !lstat(path, &st) && S_ISDIR(st.st_mode))
            add_path(&sub, path);
    }
    closedir(dir);
    if (sub.count)
        qsort(sub.paths, sub.count, sizeof *sub.paths, by_name);
    for (size_t i = 0; i < sub.count; i++)
        search(f, sub.paths[i], depth + 1);
}

static void find(struct found *f, const char *path)
{
    struct stat st;
    size_t len = strlen(path);

    if (stat(path, &st)) {
        diag_error(f->diags, "cannot read %s: %s", path, strerror(errno));
        return;
    }
    if (!S_ISDIR(st.st_mode)) {
        add_path(f, path);
        return;
    }
    while (len > 1 && path[len - 1] == '/')
        len--;
    search(f, arena_strndup(f->arena, path, len), 0);
}

/* Any of the tags given; none of those given with "!". */
static bool tag_wanted(const struct options *o, const struct scenario *s)
{
    const struct option_value *v = &o->values[OPT_TAG];
    bool asked = false, has = false;

    for (size_t i = 0; i < v->count; i++) {
        bool not_this = v->items[i][0] == '!';
        const char *tag = v->items[i] + not_this;
        bool here = false;

        for (size_t k = 0; k < s->tags.count; k++)
            here = here || !strcmp(s->tags.items[k], tag);
        if (not_this && here)
            return false;
        if (!not_this) {
            asked = true;
            has = has || here;
        }
    }
    return has || !asked;
}

static void add_scenario(struct chosen *c, struct scenario *s)
{
    MEM_GROW(c->items, c->cap, c->count + 1);
    MEM_GROW(c->numbers, c->number_cap, c->count + 1);
    c->numbers[c->count] = c->count;
    c->items[c->count++] = s;
}

struct load_context context_for(struct arena *a, const struct load_env *env)
{
    struct load_context ctx = { .env = env };
    const char **names = arena_alloc(a, (finding_row_count + 1) * sizeof *names);
    struct channel_kind *kinds;
    size_t n = 0;

    while (channels[ctx.kind_count])
        ctx.kind_count++;
    kinds = arena_alloc(a, (ctx.kind_count + 1) * sizeof *kinds);
    for (size_t i = 0; i < ctx.kind_count; i++)
        kinds[i] = (struct channel_kind){ channels[i]->name, channels[i]->family,
                                          channels[i]->settings, channels[i]->verbs };
    for (size_t i = 0; i < finding_row_count; i++)
        if (!finding_rows[i].good)
            names[n++] = finding_rows[i].kind;
    ctx.kinds = kinds;
    ctx.finding_names = names;
    return ctx;
}

static enum status compile_grep(const struct options *o, struct diags *diags, struct regex **ret)
{
    const char *pattern = option_text(o, OPT_GREP);
    struct regex_error err;

    if (!pattern || regex_compile(pattern, REGEX_CASELESS, &err, ret) == ST_OK)
        return ST_OK;
    diag_error(diags, "%s: \"%s\" is not a pattern: %s at character %zu",
               o->values[OPT_GREP].from, pattern, err.text, err.offset + 1);
    return ST_INVALID;
}

static enum status nothing_chosen(const struct chosen *c, const struct found *f,
                                  struct diags *diags)
{
    if (!f->count)
        diag_error(diags, "no journey found: no file given, and no *%s in the folders", suffix);
    else
        diag_error(diags, "no journey fits --tag and --grep; found without them: %zu", c->found);
    return ST_NOT_FOUND;
}

enum status choose(const struct options *o, const struct data *d, struct overrides *overrides,
                   enum severity unset, const char *const *paths, size_t path_count,
                   struct diags *diags, struct chosen *ret)
{
    CLEANUP(regex_freep) struct regex *grep = NULL;
    struct found f = { .arena = o->arena, .diags = diags };
    struct load_env env = { environment_get, overrides, unset };
    struct load_context ctx = context_for(o->arena, &env);
    const struct audit_env values = { environment_get, overrides };
    struct loop *tried = NULL;

    if (compile_grep(o, diags, &grep))
        return ST_INVALID;
    for (size_t i = 0; i < path_count; i++)
        find(&f, paths[i]);
    for (size_t i = 0; i < f.count; i++) {
        struct scenario *s = NULL;
        size_t before = diags->errors;

        ret->files++;
        if (load_scenario(f.paths[i], &ctx, &ret->sources, diags, &s) == ST_OK)
            audit_check(s, &d->adapters, values, &tried, diags);
        if (diags->errors > before)
            ret->bad_files++;
        if (!s)
            continue;
        ret->found++;
        add_scenario(ret, s);
    }
    loop_free(tried);
    if (diags->errors)
        return ST_INVALID;

    size_t kept = 0;

    for (size_t i = 0; i < ret->count; i++) {
        struct scenario *s = ret->items[i];

        if (!tag_wanted(o, s) ||
            (grep && regex_search(grep, slice_str(s->name), 0, NULL) != ST_OK)) {
            scenario_free(s);
            continue;
        }
        ret->numbers[kept] = ret->numbers[i];
        ret->items[kept++] = s;
    }
    ret->count = kept;
    return kept ? ST_OK : nothing_chosen(ret, &f, diags);
}

void chosen_release(struct chosen *c)
{
    for (size_t i = 0; i < c->count; i++)
        scenario_free(c->items[i]);
    free(c->items);
    free(c->numbers);
    sources_release(&c->sources);
    *c = (struct chosen){ 0 };
}
