#include "harness/load/include.h"

#include <string.h>
#include <sys/stat.h>

#include "harness/load/scenario_fields.h"
#include "harness/load/source_file.h"
#include "harness/load/steps.h"
#include "harness/load/value.h"

/* A file that is being read, and the one that includes it. */
struct include_frame {
    const struct include_frame *outer;
    dev_t device;
    ino_t inode;
    size_t depth;
};

static const char *beside(struct arena *a, const char *file, const char *path)
{
    const char *slash = strrchr(file, '/');

    if (*path == '/' || !slash)
        return arena_strdup(a, path);
    return arena_printf(a, "%.*s/%s", (int)(slash - file), file, path);
}

static bool is_open(const struct include_frame *f, const struct stat *st)
{
    for (; f; f = f->outer)
        if (f->device == st->st_dev && f->inode == st->st_ino)
            return true;
    return false;
}

static void read_file(struct scenario_loader *sl, const struct node *at, const char *path,
                      const struct include_frame *frame, bool *go_on)
{
    struct source *source;
    const struct node *top;
    enum status st = source_of_file(path, sl->sources, &source);

    if (st) {
        node_error(&sl->l, at, NULL, "cannot read %s: %s", path, source_failure(st));
        return;
    }
    if (tree_parse(source, sl->s->arena, sl->l.diags, &top))
        return;
    if (top->kind != NODE_LIST) {
        node_error(&sl->l, top, "each step begins with \"- \"",
                   "a file for \"" INCLUDE_KEY "\" must be a list of steps, not %s",
                   node_words(top));
        return;
    }
    *go_on = steps_read_list(sl, top, frame);
}

bool include_read(struct scenario_loader *sl, const struct node *n,
                  const struct include_frame *inside)
{
    const struct node *key = node_key(n, INCLUDE_KEY), *value = node_get(n, INCLUDE_KEY);
    struct stat st;
    bool go_on = true;

    for (size_t i = 0; i < n->count; i++)
        if (n->keys[i] != key)
            node_error(&sl->l, n->keys[i], "begin a new step with \"- \"",
                       "\"%s\" cannot stand beside \"" INCLUDE_KEY "\"", n->keys[i]->text);

    const char *name = value_text(&sl->l, INCLUDE_KEY, key, value);

    if (!name)
        return true;

    const char *path = beside(sl->s->arena, n->source->name, name);
    struct include_frame frame = { .outer = inside, .depth = inside ? inside->depth + 1 : 1 };

    if (stat(path, &st) == 0) {
        frame.device = st.st_dev;
        frame.inode = st.st_ino;
        if (is_open(inside, &st)) {
            node_error(&sl->l, value, NULL, "%s includes itself", path);
            return true;
        }
    }
    if (frame.depth > INCLUDE_MAX_DEPTH || ++sl->include_count > INCLUDE_MAX_FILES) {
        node_error(&sl->l, value, NULL,
                   "too many includes: over %d files, or %d inside one another",
                   INCLUDE_MAX_FILES, INCLUDE_MAX_DEPTH);
        return false;
    }
    read_file(sl, value, path, &frame, &go_on);
    return go_on;
}
