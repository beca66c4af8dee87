#include "harness/channels/pick.h"

#include <stdint.h>

#include "harness/base/mem.h"

static struct jq_filters *filters_of(const struct picker *p)
{
    if (!*p->filters)
        *p->filters = jq_filters_new(JQ_PATIENCE_US);
    return *p->filters;
}

/** An array of what comes out; a new reference. NULL: it failed. */
static json_t *run(const struct picker *p, const json_t *root, const char *program)
{
    CLEANUP(buf_release) struct buf nobody = BUF_INIT(1024);
    struct buf *why = p->why && !p->why->len ? p->why : &nobody;
    json_t *all = NULL;

    if (!root || jq_filter_run(filters_of(p), program, root, &all, why) != ST_OK)
        return NULL;
    return all;
}

bool pick_walk(const struct picker *p, const json_t *root, const char *path, json_path_fn *fn,
               void *context)
{
    const char *program = jq_program(path);
    json_t *all, *item;
    size_t i;

    if (!program)
        return json_path_walk(root, path, fn, context);
    all = run(p, root, program);
    if (!all)
        return false;
    json_array_foreach(all, i, item)
        if (!fn(context, item))
            break;
    json_decref(all);
    return true;
}

json_t *pick_first(const struct picker *p, const json_t *root, const char *path)
{
    const char *program = jq_program(path);
    json_t *all, *first;

    if (!program)
        return json_incref((json_t *)(uintptr_t)json_path_first(root, path));
    all = run(p, root, program);
    first = json_incref(json_array_get(all, 0));
    json_decref(all);
    return first;
}

bool pick_text(const struct picker *p, const json_t *root, const char *path, struct buf *out)
{
    json_t *value;
    bool ok;

    if (!jq_program(path))
        return json_text_of(json_path_first(root, path), out);
    value = pick_first(p, root, path);
    ok = json_text_of(value, out);
    json_decref(value);
    return ok;
}

bool pick_check(const struct picker *p, const char *path, struct buf *why)
{
    const char *program = jq_program(path);

    if (program)
        return jq_filter_check(filters_of(p), program, why);
    if (json_path_valid(path))
        return true;
    buf_addf(why, "\"%s\" is no path", path);
    return false;
}
