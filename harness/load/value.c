#include "harness/load/value.h"

#include <string.h>

#include "harness/base/duration.h"
#include "harness/base/regex.h"
#include "harness/base/text.h"

bool value_is_text(struct loader *l, const char *name, const struct node *key,
                   const struct node *n, const char *wanted)
{
    if (n->kind == NODE_TEXT && !node_is_nothing(n))
        return true;
    if (node_is_nothing(n))
        node_error(l, key ? key : n, NULL, "\"%s\" needs %s, but nothing is there", name, wanted);
    else
        node_error(l, n, NULL, "\"%s\" needs %s, not %s", name, wanted, node_words(n));
    return false;
}

const char *value_text(struct loader *l, const char *name, const struct node *key,
                       const struct node *n)
{
    if (!value_is_text(l, name, key, n, "a text"))
        return NULL;

    const char *brace = l->refuse_variables ? strstr(n->text, "{{") : NULL;

    if (brace) {
        diag_add(l->diags, SEVERITY_ERROR, n->source,
                 node_span_inside(n, (size_t)(brace - n->text), 2), NULL,
                 "\"%s\" cannot have variables in it", name);
        return NULL;
    }
    return arena_strndup(l->arena, n->text, n->len);
}

/* Give the variables their places in the file. */
static void place_parts(const struct template *t, const struct node *n)
{
    struct template_part *parts = (struct template_part *)(uintptr_t)t->parts;

    for (size_t i = 0; i < t->count; i++)
        if (parts[i].variable)
            parts[i].at = node_span_inside(n, parts[i].offset, strlen(parts[i].text));
}

const struct template *value_template(struct loader *l, const char *name, const struct node *key,
                                      const struct node *n)
{
    const struct template *t = NULL;
    const char *what;
    size_t at;

    if (!value_is_text(l, name, key, n, "a text"))
        return NULL;
    if (template_compile(l->arena, n->text, &at, &what, &t)) {
        diag_add(l->diags, SEVERITY_ERROR, n->source, node_span_inside(n, at, 1),
                 "write {{ name }}; two braces that shall stay are written {{{{", "%s", what);
        return NULL;
    }
    place_parts(t, n);
    ARENA_GROW(l->arena, l->templates, l->template_cap, l->template_count + 1);
    l->templates[l->template_count++] = (struct template_use){ t, n->source };
    return t;
}

struct pattern value_pattern(struct loader *l, const char *name, unsigned flags,
                             const struct node *key, const struct node *n)
{
    struct pattern p = { 0 };
    struct regex_error err;

    if (!value_is_text(l, name, key, n, "a pattern"))
        return p;
    if (!n->len) {
        node_error(l, n, NULL, "\"%s\" needs a pattern: an empty one matches everything", name);
        return p;
    }
    if (flags & FIELD_JQ && !strncmp(n->text, "jq:", 3))
        return (struct pattern){ arena_strndup(l->arena, n->text, n->len), NULL, n->at };
    if (regex_compile(n->text, flags & FIELD_CASELESS ? REGEX_CASELESS : 0, &err, &p.regex)) {
        if (err.offset >= n->len && err.offset > 0)
            err.offset = n->len - 1;
        diag_add(l->diags, SEVERITY_ERROR, n->source, node_span_inside(n, err.offset, 1), NULL,
                 "bad pattern in \"%s\": %s", name, err.text);
        return p;
    }
    MEM_GROW(l->regexes->items, l->regexes->cap, l->regexes->count + 1);
    l->regexes->items[l->regexes->count++] = p.regex;
    p.text = arena_strndup(l->arena, n->text, n->len);
    p.at = n->at;
    return p;
}

void value_read_text(struct loader *l, const struct field *f, const struct node *key,
                     const struct node *n, void *slot)
{
    *(const char **)slot = value_text(l, f->name, key, n);
}

void value_read_template(struct loader *l, const struct field *f, const struct node *key,
                         const struct node *n, void *slot)
{
    *(const struct template **)slot = value_template(l, f->name, key, n);
}

void value_read_regex(struct loader *l, const struct field *f, const struct node *key,
                      const struct node *n, void *slot)
{
    *(struct pattern *)slot = value_pattern(l, f->name, f->flags, key, n);
}

void value_read_duration(struct loader *l, const struct field *f, const struct node *key,
                         const struct node *n, void *slot)
{
    int64_t us;

    if (!n->source && !strcmp(n->text, "unknown")) {        /* a default; see base/field.h */
        *(int64_t *)slot = DURATION_UNKNOWN;
        return;
    }
    if (!value_is_text(l, f->name, key, n, "a duration such as 30s, 15m or 2h"))
        return;
    switch (duration_parse(n->text, &us)) {
    case ST_OK:
        *(int64_t *)slot = us;
        break;
    case ST_LIMIT:
        node_error(l, n, NULL, "\"%s\" is longer than a hundred years", f->name);
        break;
    default:
        node_error(l, n, "a number and a unit, such as 500ms, 30s, 15m, 2h, 1h30m or 3d",
                   "\"%s\" needs a duration, not \"%s\"", f->name, n->text);
        break;
    }
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Locale-free and exact: at most 15 digits, divided once by a power of ten. */
static bool parse_number(const char *p, double *ret)
{
    bool minus = *p == '-', any = false;
    double v = 0, scale = 1;
    int digits = 0;

    if (minus)
        p++;
    for (; is_digit(*p); p++, any = true)
        v = v * 10 + (*p - '0'), digits += v > 0;
    if (*p == '.') {
        for (p++; is_digit(*p); p++, any = true)
            v = v * 10 + (*p - '0'), scale *= 10, digits++;
    }
    if (*p || !any || digits > 15)
        return false;
    *ret = (minus ? -v : v) / scale;
    return true;
}

static bool in_range(struct loader *l, const struct field *f, const struct node *n, double v)
{
    if (f->max <= f->min || (v >= f->min && v <= f->max))
        return true;
    node_error(l, n, NULL, "\"%s\" must be from %g to %g, not %s", f->name, f->min, f->max,
               n->text);
    return false;
}

void value_read_number(struct loader *l, const struct field *f, const struct node *key,
                       const struct node *n, void *slot)
{
    double v;

    if (!value_is_text(l, f->name, key, n, "a number"))
        return;
    if (!parse_number(n->text, &v))
        node_error(l, n, NULL, "\"%s\" needs a number, not \"%s\"", f->name, n->text);
    else if (in_range(l, f, n, v))
        *(double *)slot = v;
}

void value_read_int(struct loader *l, const struct field *f, const struct node *key,
                    const struct node *n, void *slot)
{
    double v;

    if (!value_is_text(l, f->name, key, n, "a whole number"))
        return;
    if (!parse_number(n->text, &v) || strchr(n->text, '.'))
        node_error(l, n, NULL, "\"%s\" needs a whole number, not \"%s\"", f->name, n->text);
    else if (in_range(l, f, n, v))
        *(int64_t *)slot = (int64_t)v;
}

void value_read_bool(struct loader *l, const struct field *f, const struct node *key,
                     const struct node *n, void *slot)
{
    static const struct { const char *word, *hint; } words[] = {
        { "yes", "write true" }, { "on", "write true" }, { "1", "write true" },
        { "no", "write false" }, { "off", "write false" }, { "0", "write false" },
    };

    if (!value_is_text(l, f->name, key, n, "true or false"))
        return;
    if (text_same_ascii(n->text, "true") || text_same_ascii(n->text, "false")) {
        *(bool *)slot = text_same_ascii(n->text, "true");
        return;
    }

    const char *hint = NULL;

    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (text_same_ascii(n->text, words[i].word))
            hint = words[i].hint;
    node_error(l, n, hint, "\"%s\" must be true or false, not \"%s\"", f->name, n->text);
}

void value_read_choice(struct loader *l, const struct field *f, const struct node *key,
                       const struct node *n, void *slot)
{
    size_t count = 0;

    if (!value_is_text(l, f->name, key, n, "a text"))
        return;
    for (; f->choices[count]; count++) {
        if (!strcmp(f->choices[count], n->text)) {
            *(int *)slot = (int)count;
            return;
        }
    }
    node_error(l, n, names_hint(l->arena, n->text, f->choices, count),
               "\"%s\" cannot be \"%s\"", f->name, n->text);
}
