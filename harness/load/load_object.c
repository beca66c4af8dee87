#include <stdlib.h>
#include <string.h>

#include "harness/base/regex.h"
#include "harness/load/object.h"
#include "harness/load/source_file.h"

void regex_list_release(struct regex_list *l)
{
    for (size_t i = 0; i < l->count; i++)
        regex_free(l->items[i]);
    free(l->items);
    *l = (struct regex_list){ 0 };
}

static enum status load_source(struct source *source, const struct object *object,
                               struct arena *a, struct regex_list *regexes,
                               struct diags *diags, void *ret)
{
    struct loader l = { .arena = a, .regexes = regexes, .diags = diags };
    size_t before = diags->errors;
    const struct node *top;

    if (!tree_parse(source, a, diags, &top))
        object_read(&l, object, NULL, top, NULL, ret);
    diags_sort(diags);
    return diags->errors > before ? ST_INVALID : ST_OK;
}

enum status load_object_text(const char *name, struct slice text, const struct object *object,
                             struct arena *a, struct regex_list *regexes,
                             struct sources *sources, struct diags *diags, void *ret)
{
    return load_source(source_of_text(name, text, sources), object, a, regexes, diags, ret);
}

enum status load_object_file(const char *path, const struct object *object, struct arena *a,
                             struct regex_list *regexes, struct sources *sources,
                             struct diags *diags, void *ret)
{
    struct source *source;
    enum status st = source_of_file(path, sources, &source);

    if (st) {
        diag_error(diags, "cannot read %s: %s", path, source_failure(st));
        return ST_IO;
    }
    return load_source(source, object, a, regexes, diags, ret);
}
