#include "harness/channels/json_path.h"

#include <stdlib.h>
#include <string.h>

enum { STEP_NAME_MAX = 128 };

/** One part of a path: a member's name (may be empty before a bracket), then perhaps [] or [n]. */
struct path_step {
    char name[STEP_NAME_MAX];
    enum { ITEM_NONE, ITEM_ALL, ITEM_ONE } item;
    size_t index;
};

/** @return the rest of the path; NULL when this is none. */
static const char *read_step(const char *path, struct path_step *s)
{
    size_t len = strcspn(path, ".[");

    *s = (struct path_step){ .item = ITEM_NONE };
    if (len >= sizeof(s->name))
        return NULL;
    memcpy(s->name, path, len);
    path += len;
    if (*path == '[') {
        char *end;

        s->item = path[1] == ']' ? ITEM_ALL : ITEM_ONE;
        s->index = strtoul(path + 1, &end, 10);
        if (*end != ']' || (s->item == ITEM_ONE && (end == path + 1 || path[1] == '-')))
            return NULL;
        path = end + 1;
    }
    if (*path == '.')
        return path + 1;
    return *path == '\0' || *path == '[' ? path : NULL;
}

static bool walk(const json_t *at, const char *path, json_path_fn *fn, void *context)
{
    struct path_step s;
    const char *rest;

    if (!at)
        return true;
    if (!*path)
        return fn(context, at);
    rest = read_step(path, &s);
    if (!rest)
        return true;
    if (s.name[0])
        at = json_object_get(at, s.name);
    if (s.item == ITEM_NONE)
        return walk(at, rest, fn, context);
    if (s.item == ITEM_ONE)
        return walk(json_array_get(at, s.index), rest, fn, context);
    for (size_t i = 0; i < json_array_size(at); i++)
        if (!walk(json_array_get(at, i), rest, fn, context))
            return false;
    return true;
}

bool json_path_valid(const char *path)
{
    struct path_step s;

    if (!strcmp(path, "."))
        return true;
    while (path && *path)
        path = read_step(path, &s);
    return path != NULL;
}

bool json_path_walk(const json_t *root, const char *path, json_path_fn *fn, void *context)
{
    if (!json_path_valid(path))
        return false;
    walk(root, strcmp(path, ".") ? path : "", fn, context);
    return true;
}

static bool take_first(void *context, const json_t *value)
{
    *(const json_t **)context = value;
    return false;
}

const json_t *json_path_first(const json_t *root, const char *path)
{
    const json_t *found = NULL;

    if (!path || !json_path_walk(root, path, take_first, &found))
        return NULL;
    return found;
}

bool json_text_of(const json_t *value, struct buf *out)
{
    switch (value ? json_typeof(value) : JSON_NULL) {
    case JSON_STRING:
        buf_add(out, json_string_value(value), json_string_length(value));
        return true;
    case JSON_INTEGER:
        buf_addf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        return true;
    case JSON_REAL:
        buf_addf(out, "%.17g", json_real_value(value));
        return true;
    case JSON_TRUE:
    case JSON_FALSE:
        buf_adds(out, json_is_true(value) ? "true" : "false");
        return true;
    default:
        return false;
    }
}
