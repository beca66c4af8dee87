#include "harness/model/template.h"

#include <string.h>

static bool name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '_' || c == '.' || c == '-';
}

struct parts {
    struct arena *arena;
    const char *start;
    struct template_part *items;
    size_t count, cap;
};

static void add_part(struct parts *p, const char *text, size_t len, bool variable)
{
    if (!len && !variable)
        return;
    ARENA_GROW(p->arena, p->items, p->cap, p->count + 1);
    p->items[p->count++] = (struct template_part){
        .text = arena_strndup(p->arena, text, len), .variable = variable,
        .offset = (size_t)(text - p->start),
    };
}

enum status template_compile(struct arena *a, const char *text, size_t *err_at,
                             const char **err_what, const struct template **ret)
{
    struct parts parts = { .arena = a, .start = text };
    const char *literal = text, *p = text;

    while ((p = strstr(p, "{{"))) {
        if (!strncmp(p, "{{{{", 4)) {
            add_part(&parts, literal, (size_t)(p - literal) + 2, false);
            literal = p += 4;
            continue;
        }

        const char *end = strstr(p + 2, "}}");
        const char *name = p + 2;

        *err_at = (size_t)(p - text);
        if (!end) {
            *err_what = "\"{{\" is never closed by \"}}\"";
            return ST_INVALID;
        }
        while (*name == ' ')
            name++;

        size_t len = (size_t)(end > name ? end - name : 0);

        while (len && name[len - 1] == ' ')
            len--;
        *err_at = (size_t)(name - text);
        if (!len) {
            *err_what = "there is no name between \"{{\" and \"}}\"";
            return ST_INVALID;
        }
        for (size_t i = 0; i < len; i++) {
            if (!name_char(name[i])) {
                *err_at += i;
                *err_what = "a variable's name has letters, digits, \"_\", \"-\" and \".\" only";
                return ST_INVALID;
            }
        }
        add_part(&parts, literal, (size_t)(p - literal), false);
        add_part(&parts, name, len, true);
        literal = p = end + 2;
    }
    add_part(&parts, literal, strlen(literal), false);

    struct template *t = arena_alloc(a, sizeof *t);

    *t = (struct template){ arena_strdup(a, text), parts.items, parts.count };
    *ret = t;
    return ST_OK;
}

enum status template_render(const struct template *t, template_lookup *lookup, void *context,
                            struct buf *out, const char **missing)
{
    for (size_t i = 0; t && i < t->count; i++) {
        const struct template_part *part = &t->parts[i];

        if (!part->variable) {
            buf_adds(out, part->text);
            continue;
        }

        const char *value = lookup(context, part->text);

        if (!value) {
            *missing = part->text;
            return ST_NOT_FOUND;
        }
        buf_adds(out, value);
    }
    return ST_OK;
}

const struct template *template_literal(struct arena *a, const char *text)
{
    struct template *t = arena_alloc(a, sizeof *t);
    struct template_part *part = arena_alloc(a, sizeof *part);

    part->text = arena_strdup(a, text);
    *t = (struct template){ part->text, part, *text ? 1 : 0 };
    return t;
}
