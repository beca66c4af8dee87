#include "harness/cli/journaling.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/cli/session.h"

/* Options of a run that its later processes need, too. */
static bool kept_option(size_t id)
{
    return id != OPT_JOURNAL && id != OPT_HELP && id != OPT_VERSION &&
           option_rows[id].commands & 1u << CMD_RUN;
}

/* FNV-1a: not against an enemy, who could change the journal as well. */
static uint64_t add_hash(uint64_t h, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        h = (h ^ (unsigned char)text[i]) * UINT64_C(0x100000001b3);
    return h;
}

static uint64_t hash_source(const struct source *s)
{
    return add_hash(UINT64_C(0xcbf29ce484222325), s->text, s->len);
}

static json_t *hash_json(uint64_t h)
{
    char text[32];

    snprintf(text, sizeof text, "%016" PRIx64, h);
    return json_string(text);
}

static json_t *scenarios_json(const struct chosen *c, struct scenario *const *scenarios,
                              size_t count)
{
    json_t *o = json_object(), *list = json_array(), *included = json_object();

    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_pack("{s:s, s:s, s:o}", "file", scenarios[i]->path,
                                              "name", scenarios[i]->name, "hash",
                                              hash_json(hash_source(scenarios[i]->source))));
    for (size_t i = 0; i < c->sources.count; i++)
        json_object_set_new(included, c->sources.items[i]->name,
                            hash_json(hash_source(c->sources.items[i])));
    json_object_set_new(o, "journeys", list);
    json_object_set_new(o, "included", included);
    return o;
}

static json_t *options_json(const struct options *o)
{
    json_t *all = json_object(), *paths = json_array();

    for (size_t i = 0; i < OPT_COUNT; i++) {
        json_t *items;

        if (!kept_option(i) || !o->values[i].count)
            continue;
        items = json_array();
        for (size_t k = 0; k < o->values[i].count; k++)
            json_array_append_new(items, json_string(o->values[i].items[k]));
        json_object_set_new(all, option_rows[i].name, items);
    }
    for (size_t i = 0; i < o->path_count; i++)
        json_array_append_new(paths, json_string(o->paths[i]));
    return json_pack("{s:o, s:o}", "options", all, "paths", paths);
}

static char *current_folder(void)
{
    char *folder = mem_alloc(65536);

    if (getcwd(folder, 65536))
        return folder;
    free(folder);
    return NULL;
}

static bool set_json(struct journaling *g, const char *key, json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT);
    bool ok = text && journal_set_meta(g->journal, key, text) == ST_OK;

    free(text);
    json_decref(value);
    return ok;
}

enum status journaling_begin(struct journaling *g, const char *path, const struct options *o,
                             const struct chosen *c, struct scenario *const *scenarios,
                             size_t count, const char *run_id, int64_t started_us,
                             struct diags *diags)
{
    enum status st;
    char *folder = current_folder();

    *g = (struct journaling){
        .path = path, .arena = arena_new(), .count = count, .run_id = run_id, .started_us = started_us,
    };
    g->started = wall_text(g->arena, started_us);
    st = journal_create(path, diags, &g->journal);
    if (!st && (!set_json(g, "run", options_json(o)) ||
                !set_json(g, "scenarios", scenarios_json(c, scenarios, count)) ||
                !set_json(g, "start", json_pack("{s:s, s:s, s:I, s:s, s:s?}", "run_id", run_id,
                                                "started", g->started, "started_us",
                                                (json_int_t)g->started_us, "tool", tool_name(),
                                                "folder", folder)))) {
        diag_error(diags, "%s: %s", path, journal_why(g->journal));
        st = ST_IO;
    }
    free(folder);
    return st;
}

/* Going on */

static json_t *meta_json(struct journaling *g, const char *key)
{
    const char *text = journal_meta(g->journal, g->arena, key);

    return text ? json_loads(text, 0, NULL) : NULL;
}

/* A path of this command line means this folder, not the run's. */
static const char *absolute(struct options *o, const char *path, const char *folder)
{
    return *path == '/' || !strcmp(path, "-") || !folder
               ? path : arena_printf(o->arena, "%s/%s", folder, path);
}

static void make_absolute(struct options *o, const char *folder)
{
    static const enum option_id paths[] = {
        OPT_TRANSCRIPTS, OPT_EVIDENCE, OPT_EXPECTATIONS, OPT_DATA, OPT_BASELINE,
    };
    struct option_value *reports = &o->values[OPT_REPORT];

    for (size_t i = 0; i < ARRAY_LEN(paths); i++)
        for (size_t k = 0; k < o->values[paths[i]].count; k++)
            o->values[paths[i]].items[k] = absolute(o, o->values[paths[i]].items[k], folder);
    for (size_t k = 0; k < reports->count; k++) {
        const char *eq = strchr(reports->items[k], '=');

        if (eq)
            reports->items[k] = arena_printf(o->arena, "%.*s=%s",
                                             (int)(eq - reports->items[k]), reports->items[k],
                                             absolute(o, eq + 1, folder));
    }
}

static void take_texts(struct options *o, const json_t *list, const char ***items, size_t *count)
{
    *count = json_array_size(list);
    *items = arena_alloc(o->arena, (*count + 1) * sizeof **items);
    for (size_t i = 0; i < *count; i++) {
        const char *text = json_string_value(json_array_get(list, i));

        (*items)[i] = arena_strdup(o->arena, text ? text : "");
    }
}

/* A flag of this command line stays; the rest is as the run had it. */
static void take_options(struct options *o, const json_t *run)
{
    const json_t *all = json_object_get(run, "options");

    for (size_t i = 0; i < OPT_COUNT; i++) {
        const json_t *items = json_object_get(all, option_rows[i].name);
        struct option_value *v = &o->values[i];

        if (!kept_option(i) || (v->from && v->from[0] == '-'))
            continue;
        *v = (struct option_value){ .from = items ? "the journal" : NULL };
        if (items)
            take_texts(o, items, &v->items, &v->count);
    }
    take_texts(o, json_object_get(run, "paths"), &o->paths, &o->path_count);
}

static enum status take_start(struct journaling *g, const json_t *start, struct diags *diags)
{
    const char *run_id = json_string_value(json_object_get(start, "run_id"));
    const char *started = json_string_value(json_object_get(start, "started"));
    const char *folder = json_string_value(json_object_get(start, "folder"));

    if (!run_id || !started) {
        diag_error(diags, "%s: the run had not begun; start it again with another journal",
                   g->path);
        return ST_INVALID;
    }
    if (folder && chdir(folder)) {
        diag_error(diags, "%s: cannot go to %s, where the run was started", g->path, folder);
        return ST_INVALID;
    }
    g->run_id = arena_strdup(g->arena, run_id);
    g->started = arena_strdup(g->arena, started);
    g->started_us = json_integer_value(json_object_get(start, "started_us"));
    g->resumed = true;
    return ST_OK;
}

enum status journaling_open(struct journaling *g, const char *path, struct options *o,
                            struct diags *diags)
{
    enum status st;
    char *folder = current_folder();
    json_t *run, *start;

    *g = (struct journaling){ .path = path, .arena = arena_new() };
    st = journal_open(path, diags, &g->journal);
    if (!st) {
        run = meta_json(g, "run");
        start = meta_json(g, "start");
        make_absolute(o, folder);
        take_options(o, run);
        st = take_start(g, start, diags);
        json_decref(run);
        json_decref(start);
    }
    free(folder);
    return st;
}

/* What changed of one list; says so once per file. */
static bool same_journeys(const struct journaling *g, const json_t *was, const json_t *is,
                          struct diags *diags)
{
    size_t count = json_array_size(was), before = diags->errors;

    for (size_t i = 0; i < count && i < json_array_size(is); i++) {
        const json_t *a = json_array_get(was, i), *b = json_array_get(is, i);

        if (!json_equal(a, b) && diags->errors == before)
            diag_error(diags, "%s: the journeys are not those of the journal any more: %s; put "
                       "back the file as it was, or begin a new run", g->path,
                       json_string_value(json_object_get(a, "file")));
    }
    if (count != json_array_size(is) && diags->errors == before)
        diag_error(diags, "%s: there are %zu journeys now, and were %zu; put back the files as "
                   "they were, or begin a new run", g->path, json_array_size(is), count);
    return diags->errors == before;
}

static bool same_included(const struct journaling *g, const json_t *was, const json_t *is,
                          struct diags *diags)
{
    json_t *hash, *files = json_object_get(was, "included");
    const char *name;

    json_object_foreach(files, name, hash) {
        if (json_equal(hash, json_object_get(json_object_get(is, "included"), name)))
            continue;
        diag_error(diags, "%s: %s, which a journey includes, is not as it was; put it back, or "
                   "begin a new run", g->path, name);
        return false;
    }
    return true;
}

static enum status glance(struct journaling *g, struct diags *diags)
{
    g->before = arena_alloc(g->arena, (g->count + 1) * sizeof *g->before);
    g->over = arena_alloc(g->arena, g->count + 1);
    for (size_t i = 0; i < g->count; i++) {
        enum status st = journal_glance(g->journal, i, &g->before[i]);

        if (st) {
            diag_error(diags, "%s: journey %zu cannot be read", g->path, i + 1);
            return ST_INVALID;
        }
        json_decref(g->before[i].header);
        g->before[i].header = NULL;
        g->over[i] = g->before[i].status == KEPT_OVER;
        g->contacts += g->before[i].contacts;
    }
    return ST_OK;
}

enum status journaling_match(struct journaling *g, const struct chosen *c,
                             struct scenario *const *scenarios, size_t count,
                             struct diags *diags)
{
    json_t *was = meta_json(g, "scenarios"), *is = scenarios_json(c, scenarios, count);
    bool same = same_journeys(g, json_object_get(was, "journeys"),
                              json_object_get(is, "journeys"), diags) &&
                same_included(g, was, is, diags);

    json_decref(was);
    json_decref(is);
    g->count = count;
    return same ? glance(g, diags) : ST_INVALID;
}

int64_t journaling_wake(const struct journaling *g, const int64_t *starts)
{
    int64_t first = INT64_MAX;

    for (size_t i = 0; g->before && i < g->count; i++) {
        const struct kept_journey *k = &g->before[i];

        int64_t wake = k->status == KEPT_PARKED ? k->wake_us
                       : k->status == KEPT_NEW && starts ? starts[i] : 0;

        if (k->status != KEPT_OVER && wake < first)
            first = wake;
    }
    return first == INT64_MAX ? 0 : first;
}

/* The audit's side */

static enum status write_batch(void *context, const struct kept_batch *b)
{
    struct journaling *g = context;

    return journal_write(g->journal, b);
}

struct audit_keeper journaling_keeper(struct journaling *g, void (*failed)(void *context),
                                      void *failed_context)
{
    return (struct audit_keeper){ .context = g, .write = write_batch, .failed = failed,
                                  .failed_context = failed_context };
}

bool journaling_before(void *journaling, size_t index, struct transcript **t, json_t **parts)
{
    struct journaling *g = journaling;
    struct kept_journey k = { 0 };
    struct diags diags;

    if (!g->before || g->before[index].status == KEPT_NEW)
        return false;
    *t = NULL;
    *parts = NULL;
    diags_init(&diags);
    if (journal_read(g->journal, index, &k) == ST_OK &&
        transcript_from_json(k.header, k.events, &diags, t) == ST_OK)
        *parts = json_incref(k.parts);
    kept_journey_release(&k);
    diags_release(&diags);
    return true;
}

void journaling_complain(const struct journaling *g, struct diags *diags)
{
    diag_error(diags, "the journal %s cannot be written: %s. Nothing more was sent; when there is "
               "room again, `shopper resume %s` goes on", g->path, journal_why(g->journal), g->path);
}

void journaling_release(struct journaling *g)
{
    journal_close(g->journal);
    arena_free(g->arena);
    *g = (struct journaling){ 0 };
}
