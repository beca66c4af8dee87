#include "harness/load/prepared.h"

#include <assert.h>
#include <string.h>

#include "harness/base/regex.h"
#include "harness/model/template.h"

const struct prepared *prepared_find(const struct prepared *files, const char *name,
                                     struct slice text)
{
    for (; files->name; files++)
        if (!strcmp(files->name, name))
            return files->sum == slice_sum(text) ? files : NULL;
    return NULL;
}

/* Either way round: to `out`, or from `in`. What is restored is new memory, or borrowed from `in`. */
struct keeper {
    struct buf *out;              /* NULL: restoring */
    struct slice in;
    struct arena *arena;
    struct regex_list *regexes;
};

static void keep_bytes(struct keeper *k, void *at, size_t size)
{
    if (k->out) {
        buf_add(k->out, at, size);
        return;
    }
    assert(k->in.len >= size && "what was prepared ends too early");
    memcpy(at, k->in.ptr, size);
    k->in.ptr += size;
    k->in.len -= size;
}

static void keep_text(struct keeper *k, const char **at)
{
    uint32_t size = k->out && *at ? (uint32_t)strlen(*at) + 1 : 0;

    keep_bytes(k, &size, sizeof size);
    if (k->out) {
        buf_add(k->out, *at ? *at : "", size);
        return;
    }
    *at = size ? k->in.ptr : NULL;
    k->in.ptr += size;
    k->in.len -= size;
}

/* The count of an array and, restoring, the array. */
static void *keep_array(struct keeper *k, void *items, size_t *count, size_t size)
{
    keep_bytes(k, count, sizeof *count);
    return k->out ? items : arena_alloc(k->arena, (*count + 1) * size);
}

static void keep_pattern(struct keeper *k, const struct field *f, struct pattern *p)
{
    bool regex = p->regex;

    keep_text(k, &p->text);
    keep_bytes(k, &p->at, sizeof p->at);
    keep_bytes(k, &regex, sizeof regex);
    if (k->out || !regex)
        return;
    p->regex = regex_later(p->text, f->flags & FIELD_CASELESS ? REGEX_CASELESS : 0);
    MEM_GROW(k->regexes->items, k->regexes->cap, k->regexes->count + 1);
    k->regexes->items[k->regexes->count++] = p->regex;
}

static void keep_template(struct keeper *k, const struct template **t)
{
    const char *source = k->out && *t ? (*t)->source : NULL, *what;
    size_t at;

    keep_text(k, &source);
    if (k->out || !source)
        return;

    enum status st = template_compile(k->arena, source, &at, &what, t);

    assert(!st && "a prepared template is not as it was when it was prepared");
    (void)st;
}

static void keep_object(struct keeper *k, const struct object *o, void *at);

typedef void keep_fn(struct keeper *k, const struct field *f, void *at);

static void field_text(struct keeper *k, const struct field *f, void *at)
{
    (void)f;
    keep_text(k, at);
}

static void field_template(struct keeper *k, const struct field *f, void *at)
{
    (void)f;
    keep_template(k, at);
}

static void field_regex(struct keeper *k, const struct field *f, void *at)
{
    keep_pattern(k, f, at);
}

static void field_wide(struct keeper *k, const struct field *f, void *at)
{
    (void)f;
    keep_bytes(k, at, sizeof(int64_t));
}

static void field_number(struct keeper *k, const struct field *f, void *at)
{
    (void)f;
    keep_bytes(k, at, sizeof(double));
}

static void field_bool(struct keeper *k, const struct field *f, void *at)
{
    (void)f;
    keep_bytes(k, at, sizeof(bool));
}

static void field_choice(struct keeper *k, const struct field *f, void *at)
{
    (void)f;
    keep_bytes(k, at, sizeof(int));
}

static void field_texts(struct keeper *k, const struct field *f, void *at)
{
    struct texts *t = at;

    (void)f;
    t->items = keep_array(k, t->items, &t->count, sizeof *t->items);
    t->spans = k->out ? t->spans : arena_alloc(k->arena, (t->count + 1) * sizeof *t->spans);
    for (size_t i = 0; i < t->count; i++) {
        keep_text(k, &t->items[i]);
        keep_bytes(k, &t->spans[i], sizeof t->spans[i]);
    }
}

static void field_pairs(struct keeper *k, const struct field *f, void *at)
{
    struct pairs *p = at;

    (void)f;
    p->items = keep_array(k, p->items, &p->count, sizeof *p->items);
    for (size_t i = 0; i < p->count; i++) {
        keep_text(k, &p->items[i].name);
        keep_template(k, &p->items[i].value);
        keep_bytes(k, &p->items[i].name_at, sizeof p->items[i].name_at);
        keep_bytes(k, &p->items[i].at, sizeof p->items[i].at);
    }
}

static void field_patterns(struct keeper *k, const struct field *f, void *at)
{
    struct patterns *p = at;

    p->items = keep_array(k, p->items, &p->count, sizeof *p->items);
    for (size_t i = 0; i < p->count; i++) {
        keep_text(k, &p->items[i].name);
        keep_pattern(k, f, &p->items[i].pattern);
    }
}

static void field_object(struct keeper *k, const struct field *f, void *at)
{
    keep_object(k, f->object, at);
}

static void field_objects(struct keeper *k, const struct field *f, void *at)
{
    struct list *list = at;

    list->items = keep_array(k, list->items, &list->count, f->object->size);
    for (size_t i = 0; i < list->count; i++)
        keep_object(k, f->object, (char *)list->items + i * f->object->size);
}

/* The first member of an item is its name, which no row has. */
static void field_map(struct keeper *k, const struct field *f, void *at)
{
    struct list *list = at;

    list->items = keep_array(k, list->items, &list->count, f->object->size);
    for (size_t i = 0; i < list->count; i++) {
        void *item = (char *)list->items + i * f->object->size;

        keep_text(k, item);
        keep_object(k, f->object, item);
    }
}

static void field_custom(struct keeper *k, const struct field *f, void *at)
{
    (void)k, (void)f, (void)at;
}

static keep_fn *const keepers[] = {
    [FIELD_TEXT] = field_text, [FIELD_TEMPLATE] = field_template, [FIELD_REGEX] = field_regex,
    [FIELD_DURATION] = field_wide, [FIELD_INT] = field_wide, [FIELD_NUMBER] = field_number,
    [FIELD_BOOL] = field_bool, [FIELD_CHOICE] = field_choice, [FIELD_TEXTS] = field_texts,
    [FIELD_PAIRS] = field_pairs, [FIELD_PATTERNS] = field_patterns, [FIELD_OBJECT] = field_object,
    [FIELD_OBJECTS] = field_objects, [FIELD_MAP] = field_map, [FIELD_CUSTOM] = field_custom,
};

static void keep_object(struct keeper *k, const struct object *o, void *at)
{
    if (o->span_offset != SIZE_MAX)
        keep_bytes(k, (char *)at + o->span_offset, sizeof(struct span));
    for (const struct field *f = o->fields; f->type != FIELD_END; f++)
        keepers[f->type](k, f, (char *)at + f->offset);
}

void object_write(const struct object *o, const void *from, struct buf *out)
{
    struct keeper k = { .out = out };

    keep_object(&k, o, (void *)(uintptr_t)from);
}

size_t object_restore(const struct object *o, struct slice bytes, struct arena *a,
                      struct regex_list *regexes, void *ret)
{
    struct keeper k = { .in = bytes, .arena = a, .regexes = regexes };

    keep_object(&k, o, ret);
    return bytes.len - k.in.len;
}
