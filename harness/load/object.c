#include "harness/load/object.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/duration.h"
#include "harness/load/value.h"


void node_error(struct loader *l, const struct node *n, const char *hint, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    const char *what = arena_vprintf(l->diags->arena, fmt, ap);
    va_end(ap);
    diag_add(l->diags, SEVERITY_ERROR, n->source, n->at, hint, "%s", what);
}

typedef void read_fn(struct loader *l, const struct field *f, const struct node *key,
                     const struct node *n, void *slot);

static bool is_kind(struct loader *l, const struct field *f, const struct node *key,
                    const struct node *n, enum node_kind kind, const char *wanted)
{
    if (n->kind == kind)
        return true;
    if (node_is_nothing(n) && !(f->flags & FIELD_REQUIRED))
        return false;                        /* `tags:` with nothing behind it: none */
    node_error(l, node_is_nothing(n) && key ? key : n, NULL, "\"%s\" needs %s, not %s", f->name,
               wanted, node_words(n));
    return false;
}

static void read_texts(struct loader *l, const struct field *f, const struct node *key,
                       const struct node *n, void *slot)
{
    struct texts *t = slot;
    struct node *single = (struct node *)(uintptr_t)n;
    bool one = n->kind == NODE_TEXT && !node_is_nothing(n);

    if (!one && !is_kind(l, f, key, n, NODE_LIST, "a list of texts"))
        return;

    size_t count = one ? 1 : n->count;
    struct node **items = one ? &single : n->items;

    t->items = arena_alloc(l->arena, (count + 1) * sizeof *t->items);
    t->spans = arena_alloc(l->arena, (count + 1) * sizeof *t->spans);
    for (size_t i = 0; i < count; i++) {
        const char *text = value_text(l, f->name, NULL, items[i]);

        if (!text)
            continue;
        t->items[t->count] = text;
        t->spans[t->count++] = items[i]->at;
    }
}

static void read_pairs(struct loader *l, const struct field *f, const struct node *key,
                       const struct node *n, void *slot)
{
    struct pairs *p = slot;

    if (!is_kind(l, f, key, n, NODE_MAP, "a mapping: name: text"))
        return;
    p->items = arena_alloc(l->arena, (n->count + 1) * sizeof *p->items);
    for (size_t i = 0; i < n->count; i++) {
        const struct node *name = n->keys[i];

        p->items[p->count++] = (struct pair){
            .name = arena_strdup(l->arena, name->text), .name_at = name->at,
            .value = value_template(l, name->text, name, n->items[i]), .at = n->items[i]->at,
        };
    }
}

static void read_patterns(struct loader *l, const struct field *f, const struct node *key,
                          const struct node *n, void *slot)
{
    struct patterns *p = slot;
    struct node *single = (struct node *)(uintptr_t)n;
    bool one = n->kind == NODE_TEXT && !node_is_nothing(n);

    if (!one && n->kind != NODE_LIST &&
        !is_kind(l, f, key, n, NODE_MAP, "patterns: a list, or a mapping name: pattern"))
        return;

    size_t count = one ? 1 : n->count;
    struct node **items = one ? &single : n->items;

    p->items = arena_alloc(l->arena, (count + 1) * sizeof *p->items);
    for (size_t i = 0; i < count; i++) {
        const struct node *name = n->kind == NODE_MAP ? n->keys[i] : NULL;
        struct named_pattern item = {
            .name = name ? arena_strdup(l->arena, name->text) : NULL,
            .pattern = value_pattern(l, name ? name->text : f->name, f->flags, name, items[i]),
        };

        if (item.pattern.text)
            p->items[p->count++] = item;
    }
}

static void read_object(struct loader *l, const struct field *f, const struct node *key,
                        const struct node *n, void *slot)
{
    object_read(l, f->object, key, n, NULL, slot);
}

static void read_objects(struct loader *l, const struct field *f, const struct node *key,
                         const struct node *n, void *slot)
{
    struct list *list = slot;
    const struct object *o = f->object;

    if (!is_kind(l, f, key, n, NODE_LIST, "a list"))
        return;
    list->count = n->count;
    list->items = arena_alloc(l->arena, n->count * o->size);
    for (size_t i = 0; i < n->count; i++)
        object_read(l, o, NULL, n->items[i], NULL, (char *)list->items + i * o->size);
}

/* Where a map has only some names to offer. */
static void check_name(struct loader *l, const struct field *f, const struct node *key)
{
    size_t count = 0;

    for (; f->choices && f->choices[count]; count++)
        if (!strcmp(f->choices[count], key->text))
            return;
    if (count)
        node_error(l, key, names_hint(l->arena, key->text, f->choices, count), "\"%s\" has no \"%s\"",
                   f->name, key->text);
}

static void read_map(struct loader *l, const struct field *f, const struct node *key,
                     const struct node *n, void *slot)
{
    struct list *list = slot;
    const struct object *o = f->object;

    if (!is_kind(l, f, key, n, NODE_MAP, "a mapping"))
        return;
    list->count = n->count;
    list->items = arena_alloc(l->arena, n->count * o->size);
    for (size_t i = 0; i < n->count; i++) {
        char *item = (char *)list->items + i * o->size;

        *(const char **)(void *)item = arena_strdup(l->arena, n->keys[i]->text);
        check_name(l, f, n->keys[i]);
        object_read(l, o, n->keys[i], n->items[i], NULL, item);
    }
}

static void read_custom(struct loader *l, const struct field *f, const struct node *key,
                        const struct node *n, void *slot)
{
    (void)l, (void)f, (void)key, (void)n, (void)slot;
}

static read_fn *const readers[] = {
    [FIELD_TEXT] = value_read_text,
    [FIELD_TEMPLATE] = value_read_template,
    [FIELD_REGEX] = value_read_regex,
    [FIELD_DURATION] = value_read_duration,
    [FIELD_INT] = value_read_int,
    [FIELD_NUMBER] = value_read_number,
    [FIELD_BOOL] = value_read_bool,
    [FIELD_CHOICE] = value_read_choice,
    [FIELD_TEXTS] = read_texts,
    [FIELD_PAIRS] = read_pairs,
    [FIELD_PATTERNS] = read_patterns,
    [FIELD_OBJECT] = read_object,
    [FIELD_OBJECTS] = read_objects,
    [FIELD_MAP] = read_map,
    [FIELD_CUSTOM] = read_custom,
};

void field_read(struct loader *l, const struct field *f, const struct node *key,
                const struct node *n, void *slot)
{
    readers[f->type](l, f, key, n, slot);
}

static void field_default(struct loader *l, const struct field *f, void *slot)
{
    if (f->type == FIELD_OBJECT)
        object_defaults(l, f->object, slot);
    if (!f->fallback)
        return;

    struct node n = { .kind = NODE_TEXT, .style = STYLE_SINGLE, .text = f->fallback,
                      .len = strlen(f->fallback) };
    size_t before = l->diags->errors;

    field_read(l, f, NULL, &n, slot);
    assert(l->diags->errors == before && "a table's default does not fit its own row");
}

void object_defaults(struct loader *l, const struct object *o, void *ret)
{
    for (const struct field *f = o->fields; f->type != FIELD_END; f++)
        field_default(l, f, (char *)ret + f->offset);
}

static size_t key_names(const struct object *o, const char *const *also, const char ***ret)
{
    size_t count = 0;

    for (const struct field *f = o->fields; f->type != FIELD_END; f++)
        count++;
    for (size_t i = 0; also && also[i]; i++)
        count++;

    const char **names = mem_zero(count + 1, sizeof *names);
    size_t n = 0;

    for (const struct field *f = o->fields; f->type != FIELD_END; f++)
        names[n++] = f->name;
    for (size_t i = 0; also && also[i]; i++)
        names[n++] = also[i];
    *ret = names;
    return n;
}

static void check_keys(struct loader *l, const struct object *o, const struct node *n,
                       const char *const *also)
{
    const char **names;
    size_t count = key_names(o, also, &names);

    for (size_t i = 0; i < n->count; i++) {
        bool known = false;

        for (size_t k = 0; k < count && !known; k++)
            known = !strcmp(names[k], n->keys[i]->text);
        if (known)
            continue;

        const char *key = n->keys[i]->text;
        const char *hint = l->key_hint ? l->key_hint(l, o, key) : NULL;

        node_error(l, n->keys[i], hint ? hint : names_hint(l->arena, key, names, count),
                   "%s has no key \"%s\"", o->name, key);
    }
    free(names);
}

static const struct field *short_field(const struct object *o)
{
    for (const struct field *f = o->fields; f->type != FIELD_END; f++)
        if (f->flags & FIELD_SHORT)
            return f;
    return NULL;
}

static void read_fields(struct loader *l, const struct object *o, const struct node *key,
                        const struct node *n, const struct field *only, void *ret)
{
    for (const struct field *f = o->fields; f->type != FIELD_END; f++) {
        const struct node *v = only ? (f == only ? n : NULL) : node_get(n, f->name);
        void *slot = (char *)ret + f->offset;

        if (!v && f->flags & FIELD_REQUIRED) {
            const char *hint = f->help ? arena_printf(l->arena, "%s: %s", f->name, f->help) : NULL;

            node_error(l, key ? key : n, hint, "%s needs \"%s\"", o->name, f->name);
        } else if (!v) {
            field_default(l, f, slot);
        } else {
            if (f->type == FIELD_INT || f->type == FIELD_NUMBER || f->type == FIELD_DURATION ||
                f->type == FIELD_CHOICE)
                field_default(l, f, slot);   /* stays when the value is wrong */
            field_read(l, f, only ? key : node_key(n, f->name), v, slot);
        }
    }
}

void object_read(struct loader *l, const struct object *o, const struct node *key,
                 const struct node *n, const char *const *also, void *ret)
{
    static const struct node none = { .kind = NODE_MAP };
    const struct field *only = NULL;

    if (o->span_offset != SIZE_MAX)
        *(struct span *)(void *)((char *)ret + o->span_offset) = key ? key->at : n->at;
    if (n->kind == NODE_MAP) {
        check_keys(l, o, n, also);
    } else if (node_is_nothing(n)) {
        struct node here = none;

        here.source = n->source;
        here.at = n->at;
        read_fields(l, o, key, &here, NULL, ret);
        return;
    } else if (!(only = short_field(o))) {
        node_error(l, n, NULL, "%s must be a mapping, not %s", o->name, node_words(n));
        object_defaults(l, o, ret);
        return;
    }
    read_fields(l, o, key, n, only, ret);
}
