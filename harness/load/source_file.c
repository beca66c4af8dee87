#include "harness/load/source_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "harness/load/yaml_tree.h"

void sources_release(struct sources *s)
{
    for (size_t i = 0; i < s->count; i++)
        source_free(s->items[i]);
    free(s->items);
    *s = (struct sources){ 0 };
}

struct source *source_of_text(const char *name, struct slice text, struct sources *sources)
{
    if (text.len >= 3 && !memcmp(text.ptr, "\xEF\xBB\xBF", 3))
        text = (struct slice){ text.ptr + 3, text.len - 3 };
    MEM_GROW(sources->items, sources->cap, sources->count + 1);

    struct source *s = source_new(name, text);

    sources->items[sources->count++] = s;
    return s;
}

enum status source_of_file(const char *path, struct sources *sources, struct source **ret)
{
    CLEANUP(buf_release) struct buf text = BUF_INIT(TREE_MAX_BYTES + 3);
    enum status st = buf_read_file(&text, path);

    if (!st)
        *ret = source_of_text(path, buf_slice(&text), sources);
    return st;
}

const char *source_failure(enum status st)
{
    return st == ST_LIMIT ? "it is too big: over 1 MiB" : strerror(errno);
}

struct source *sources_take(struct sources *s, struct source *which)
{
    for (size_t i = 0; i < s->count; i++) {
        if (s->items[i] != which)
            continue;
        memmove(&s->items[i], &s->items[i + 1], (s->count - i - 1) * sizeof *s->items);
        s->count--;
        return which;
    }
    return NULL;
}
