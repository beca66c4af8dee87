/* Style sheets: rules that matter, and the cascade. */
#include "harness/channels/css.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "harness/base/text.h"
#include "harness/channels/css_inside.h"

enum { NESTING_MAX = 8, DECLARATIONS_MAX = 64, INLINE_WEIGHT = 1 << 24, IMPORTANT = 1 << 25 };

static const char *const property_names[CSS_PROPERTIES] = {
    "display", "visibility", "opacity", "position", "left", "right", "top", "bottom",
    "margin-left", "margin-top", "text-indent", "clip", "clip-path", "width", "height",
    "max-height", "overflow", "transform",
};

struct declaration {
    enum css_property property;
    struct slice value;
    bool important;
};

struct rule {
    struct css_selector *selector;
    const struct declaration *declarations;
    size_t count;
};

struct css {
    struct arena *a;
    struct rule *rules;
    size_t count, cap;
    long tests;                   /* still allowed */
};

struct css *css_new(void)
{
    struct css *css = mem_zero(1, sizeof(*css));

    css->a = arena_new();
    css->tests = CSS_TESTS_MAX;
    return css;
}

void css_free(struct css *css)
{
    if (!css)
        return;
    arena_free(css->a);
    free(css);
}

bool css_is_empty(const struct css *css)
{
    return css->count == 0;
}

/* Reading */

/** Bytes until one of `ends` outside strings, comments and brackets. */
static size_t span_until(struct slice s, const char *ends)
{
    int depth = 0;

    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];

        if (c == '\\') {
            i++;
        } else if (c == '"' || c == '\'') {
            const char *close = memchr(s.ptr + i + 1, c, s.len - i - 1);

            if (!close)
                return s.len;
            i = (size_t)(close - s.ptr);
        } else if (depth <= 0 && c && strchr(ends, c)) {
            return i;
        } else if (c == '(' || c == '[') {
            depth++;
        } else if (c == ')' || c == ']') {
            depth--;
        }
    }
    return s.len;
}

static struct slice from(struct slice s, size_t at)
{
    return (struct slice){ s.ptr + at, s.len - at };
}

/** Bytes of a block's inside, up to the brace that closes it. */
static size_t block_bytes(struct slice s)
{
    size_t at = 0;

    for (int depth = 0; at < s.len; at++) {
        at += span_until(from(s, at), "{}");
        if (at >= s.len || (s.ptr[at] == '}' && depth-- == 0))
            return at;
        depth += s.ptr[at] == '{';
    }
    return s.len;
}

static bool ends_important(struct slice *value)
{
    static const char word[] = "important";
    size_t n = sizeof(word) - 1;

    if (value->len < n + 1 || strncasecmp(value->ptr + value->len - n, word, n))
        return false;
    struct slice rest = text_trim((struct slice){ value->ptr, value->len - n });

    if (!rest.len || rest.ptr[rest.len - 1] != '!')
        return false;
    *value = text_trim((struct slice){ rest.ptr, rest.len - 1 });
    return true;
}

static bool is_named(struct slice s, const char *name)
{
    return s.len == strlen(name) && !strncasecmp(s.ptr, name, s.len);
}

/** Those declarations of a block that are about being seen. */
static size_t read_declarations(struct slice block, struct declaration *out)
{
    size_t count = 0;

    while (block.len && count < DECLARATIONS_MAX) {
        size_t len = span_until(block, ";"), name = span_until((struct slice){ block.ptr, len }, ":");
        struct slice key = text_trim((struct slice){ block.ptr, name });

        for (int i = 0; name < len && i < CSS_PROPERTIES; i++) {
            if (!is_named(key, property_names[i]))
                continue;
            struct slice value = text_trim((struct slice){ block.ptr + name + 1, len - name - 1 });
            bool important = ends_important(&value);

            if (value.len)
                out[count++] = (struct declaration){ (enum css_property)i, value, important };
        }
        block = from(block, len < block.len ? len + 1 : len);
    }
    return count;
}

static void add_rules(struct css *css, struct slice selectors, struct slice block)
{
    struct declaration found[DECLARATIONS_MAX], *kept;
    size_t count = read_declarations(block, found);

    if (!count)
        return;
    kept = arena_alloc(css->a, count * sizeof(*kept));
    memcpy(kept, found, count * sizeof(*kept));
    while (selectors.len && css->count < CSS_SELECTORS_MAX) {
        size_t len = span_until(selectors, ",");
        struct css_selector *s = css_selector_parse(css->a, (struct slice){ selectors.ptr, len });

        if (s) {
            ARENA_GROW(css->a, css->rules, css->cap, css->count + 1);
            css->rules[css->count++] = (struct rule){ s, kept, count };
        }
        selectors = from(selectors, len < selectors.len ? len + 1 : len);
    }
}

static bool contains(struct slice s, const char *word)
{
    size_t n = strlen(word);

    for (size_t i = 0; i + n <= s.len; i++)
        if (!strncasecmp(s.ptr + i, word, n))
            return true;
    return false;
}

/** "(max-width: 600px)", in px or em; -1 when the query has none. */
static double width_of(struct slice query, const char *feature)
{
    size_t n = strlen(feature);

    for (size_t i = 0; i + n < query.len; i++) {
        CLEANUP(mem_freep) char *number = NULL;
        char *end;
        double width;

        if (strncasecmp(query.ptr + i, feature, n))
            continue;
        number = mem_strndup(query.ptr + i + n, query.len - i - n);
        width = strtod(number + strspn(number, ": \t\n"), &end);
        return *end == 'e' || *end == 'r' ? width * 16 : width;
    }
    return -1;
}

static bool one_medium_applies(struct slice query)
{
    bool negated = query.len > 4 && !strncasecmp(query.ptr, "not ", 4);
    double least = width_of(query, "min-width"), most = width_of(query, "max-width");
    bool fits = !contains(query, "print") && !contains(query, "speech") &&
                (least < 0 || CSS_SCREEN_WIDTH >= least) && (most < 0 || CSS_SCREEN_WIDTH <= most);

    return fits != negated;
}

bool css_media_applies(struct slice query)
{
    query = text_trim(query);
    if (!query.len)
        return true;
    while (query.len) {
        size_t len = span_until(query, ",");

        if (one_medium_applies(text_trim((struct slice){ query.ptr, len })))
            return true;
        query = from(query, len < query.len ? len + 1 : len);
    }
    return false;
}

static void read_rules(struct css *css, struct slice text, int nesting);

static void read_at_rule(struct css *css, struct slice prelude, struct slice block, int nesting)
{
    size_t name = 1;

    while (name < prelude.len && !strchr(" \t\n\r\f(", prelude.ptr[name]))
        name++;
    struct slice keyword = { prelude.ptr, name }, rest = from(prelude, name);

    if (is_named(keyword, "@supports") || is_named(keyword, "@layer") ||
        (is_named(keyword, "@media") && css_media_applies(rest)))
        read_rules(css, block, nesting + 1);
}

static void read_rules(struct css *css, struct slice text, int nesting)
{
    while (text.len && nesting < NESTING_MAX) {
        size_t head = span_until(text, "{;}");
        struct slice prelude = text_trim((struct slice){ text.ptr, head }), block;

        if (head == text.len)
            return;
        if (text.ptr[head] != '{') {
            text = from(text, head + 1);
            continue;
        }
        text = from(text, head + 1);
        block = (struct slice){ text.ptr, block_bytes(text) };
        if (prelude.len && prelude.ptr[0] == '@')
            read_at_rule(css, prelude, block, nesting);
        else
            add_rules(css, prelude, block);
        text = from(text, block.len < text.len ? block.len + 1 : block.len);
    }
}

void css_add(struct css *css, struct slice text)
{
    char *clean = arena_strndup(css->a, text.ptr, text.len), *out = clean;

    for (const char *p = clean; *p;) {
        const char *end = p[0] == '/' && p[1] == '*' ? strstr(p + 2, "*/") : NULL;

        if (p[0] == '/' && p[1] == '*' && !end)
            break;
        if (end)
            p = end + 2;
        *out++ = end ? ' ' : *p++;
    }
    read_rules(css, (struct slice){ clean, (size_t)(out - clean) }, 0);
}

/* The cascade */

static void apply(const struct declaration *d, size_t count, unsigned weight, unsigned *weights,
                  struct css_style *style)
{
    for (size_t i = 0; i < count; i++) {
        unsigned own = weight + (d[i].important ? IMPORTANT : 0);

        if (own < weights[d[i].property])
            continue;
        weights[d[i].property] = own;
        style->values[d[i].property] = d[i].value;
    }
}

void css_style_of(struct css *css, const GumboNode *element, const char *inline_style,
                  struct css_style *ret)
{
    struct declaration own[DECLARATIONS_MAX];
    unsigned weights[CSS_PROPERTIES] = { 0 };

    memset(ret, 0, sizeof(*ret));
    for (size_t i = 0; i < css->count && css->tests > 0; i++) {
        const struct rule *r = &css->rules[i];

        if (css_selector_matches(r->selector, element, &css->tests))
            apply(r->declarations, r->count, css_selector_weight(r->selector), weights, ret);
    }
    if (inline_style)
        apply(own, read_declarations(slice_str(inline_style), own), INLINE_WEIGHT, weights, ret);
}
