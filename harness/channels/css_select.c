/* Selectors: parsed from the left, matched from the right. */
#include <string.h>
#include <strings.h>

#include "harness/base/text.h"
#include "harness/channels/css_inside.h"
#include "harness/channels/page.h"

/* Nobody's class names are longer than that; a hostile page's are not looked at to their end. */
enum { PARTS_MAX = 16, NAME_MAX_BYTES = 128, VALUE_LOOKED_AT = 2048 };

enum part_kind {
    PART_TYPE, PART_ID, PART_CLASS, PART_ATTRIBUTE, PART_CHECKED, PART_DISABLED, PART_ENABLED,
    PART_REQUIRED, PART_FIRST, PART_LAST, PART_ROOT, PART_EMPTY,
};

/** One simple selector. */
struct part {
    enum part_kind kind;
    bool negated;
    char match;                   /* attributes: 0 there, '=', '~', '|', '^', '$', '*' */
    const char *name, *value;
    struct part *next;
};

struct css_selector {
    struct part *parts;           /* all must hold; NULL is "*" */
    char combinator;              /* to `before`: ' ', '>', '+', '~' */
    struct css_selector *before;
    unsigned weight;
};

struct reader {
    struct arena *a;
    const char *p, *end;
    unsigned weight;
    bool ok;
};

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool is_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '-' || c == '_' || (unsigned char)c >= 0x80 || c == '\\';
}

/** A name, without the backslashes of its escapes; NULL none. */
static const char *read_name(struct reader *r)
{
    char name[NAME_MAX_BYTES];
    size_t n = 0;

    while (r->p < r->end && is_name(*r->p) && n < sizeof(name)) {
        if (*r->p == '\\' && ++r->p == r->end)
            break;
        name[n++] = *r->p++;
    }
    r->ok &= n > 0 && n < sizeof(name);
    return r->ok ? arena_strndup(r->a, name, n) : NULL;
}

static bool at(const struct reader *r, char c)
{
    return r->p < r->end && *r->p == c;
}

static void skip_space(struct reader *r)
{
    while (r->p < r->end && is_space(*r->p))
        r->p++;
}

static struct part *add_part(struct reader *r, struct part **list, enum part_kind kind)
{
    struct part *part = arena_alloc(r->a, sizeof(*part));

    part->kind = kind;
    part->next = *list;
    *list = part;
    r->weight += kind == PART_ID ? 1u << 16 : kind == PART_TYPE ? 1 : 1u << 8;
    return part;
}

static const char *read_value(struct reader *r)
{
    const char *from, *value;
    char quote;

    skip_space(r);
    if (!at(r, '"') && !at(r, '\''))
        return read_name(r);
    quote = *r->p++;
    from = r->p;
    while (r->p < r->end && *r->p != quote)
        r->p++;
    value = arena_strndup(r->a, from, (size_t)(r->p - from));
    r->ok &= r->p < r->end;
    r->p += r->p < r->end;
    return value;
}

static void read_attribute(struct reader *r, struct part **list)
{
    struct part *part = add_part(r, list, PART_ATTRIBUTE);

    skip_space(r);
    part->name = read_name(r);
    skip_space(r);
    if (r->p < r->end && strchr("=~|^$*", *r->p)) {
        part->match = *r->p++;
        if (part->match != '=')
            r->ok &= at(r, '=') && r->p++;
        part->value = read_value(r);
        skip_space(r);
        if (at(r, 'i') || at(r, 's'))
            r->p++;
        skip_space(r);
    }
    r->ok &= at(r, ']');
    r->p += r->p < r->end;
}

static void read_compound(struct reader *r, struct part **list, bool negated);

static void read_pseudo(struct reader *r, struct part **list)
{
    static const struct { const char *name; enum part_kind kind; } known[] = {
        { "checked", PART_CHECKED }, { "disabled", PART_DISABLED }, { "enabled", PART_ENABLED },
        { "required", PART_REQUIRED }, { "first-child", PART_FIRST }, { "last-child", PART_LAST },
        { "root", PART_ROOT }, { "empty", PART_EMPTY },
    };
    const char *name = read_name(r);

    if (!name)
        return;
    if (text_same_ascii(name, "not") && at(r, '(')) {
        r->p++;
        skip_space(r);
        read_compound(r, list, true);
        skip_space(r);
        r->ok &= at(r, ')');
        r->p += r->p < r->end;
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(known); i++)
        if (text_same_ascii(name, known[i].name)) {
            add_part(r, list, known[i].kind);
            return;
        }
    r->ok = false;
}

/** Simple selectors one behind the other. Of a :not() only one is understood. */
static void read_compound(struct reader *r, struct part **list, bool negated)
{
    struct part *before = *list;
    size_t count = 0;

    while (r->ok && r->p < r->end && count < PARTS_MAX) {
        if (*r->p == '*') {
            r->p++;
        } else if (*r->p == '#' || *r->p == '.') {
            struct part *part = add_part(r, list, *r->p == '#' ? PART_ID : PART_CLASS);

            r->p++;
            part->name = read_name(r);
        } else if (*r->p == '[') {
            r->p++;
            read_attribute(r, list);
        } else if (*r->p == ':') {
            r->p++;
            read_pseudo(r, list);
        } else if (is_name(*r->p) && count == 0) {
            add_part(r, list, PART_TYPE)->name = read_name(r);
        } else {
            break;
        }
        count++;
    }
    r->ok &= count > 0 && (!negated || (count == 1 && *list != before));
    if (r->ok && negated)
        (*list)->negated = !(*list)->negated;
}

struct css_selector *css_selector_parse(struct arena *a, struct slice text)
{
    struct slice s = text_trim(text);
    struct reader r = { a, s.ptr, s.ptr + s.len, 0, s.len > 0 };
    struct css_selector *last = NULL;
    char combinator = ' ';

    for (size_t i = 0; r.ok && i < PARTS_MAX; i++) {
        struct css_selector *next = arena_alloc(a, sizeof(*next));
        bool space;

        read_compound(&r, &next->parts, false);
        next->before = last;
        next->combinator = combinator;
        last = next;
        space = r.p < r.end && is_space(*r.p);
        skip_space(&r);
        if (r.p == r.end)
            break;
        combinator = ' ';
        if (strchr(">+~", *r.p)) {
            combinator = *r.p++;
            skip_space(&r);
        } else {
            r.ok &= space;
        }
    }
    if (!r.ok || r.p < r.end)
        return NULL;
    last->weight = r.weight;
    return last;
}

unsigned css_selector_weight(const struct css_selector *s)
{
    return s->weight;
}

/* Matching */

static bool has_word(const char *list, const char *word)
{
    size_t n = strlen(word), from = 0;

    for (size_t i = 0; list && i <= VALUE_LOOKED_AT; i++) {
        if (list[i] && !is_space(list[i]))
            continue;
        if (i - from == n && !memcmp(list + from, word, n))
            return true;
        if (!list[i])
            break;
        from = i + 1;
    }
    return false;
}

static bool attribute_matches(const struct part *part, const char *has)
{
    size_t n = part->value ? strlen(part->value) : 0;
    size_t len = has ? strnlen(has, VALUE_LOOKED_AT) : 0;

    if (!has || !part->match)
        return has != NULL;
    if (len == VALUE_LOOKED_AT)
        return false;
    switch (part->match) {
    case '=':
        return !strcmp(has, part->value);
    case '~':
        return n && has_word(has, part->value);
    case '|':
        return !strncmp(has, part->value, n) && (has[n] == '\0' || has[n] == '-');
    case '^':
        return n && !strncmp(has, part->value, n);
    case '$':
        return n && len >= n && !strcmp(has + len - n, part->value);
    default:
        return n && strstr(has, part->value);
    }
}

static const GumboNode *sibling(const GumboNode *n, int step)
{
    const GumboVector *among = n->parent ? node_children(n->parent) : NULL;

    for (long i = (long)n->index_within_parent + step; among && i >= 0 && i < (long)among->length;
         i += step)
        if (node_is_element(among->data[i]))
            return among->data[i];
    return NULL;
}

static bool is_of_type(const GumboNode *n, const char *name)
{
    GumboStringPiece tag = n->v.element.original_tag;

    if (n->v.element.tag != GUMBO_TAG_UNKNOWN)
        return text_same_ascii(gumbo_normalized_tagname(n->v.element.tag), name);
    gumbo_tag_from_original_text(&tag);
    return tag.data && tag.length == strlen(name) && !strncasecmp(tag.data, name, tag.length);
}

static bool holds(const struct part *part, const GumboNode *n)
{
    const char *value;

    switch (part->kind) {
    case PART_TYPE:
        return is_of_type(n, part->name);
    case PART_ID:
        value = node_attribute(n, "id");
        return value && !strcmp(value, part->name);
    case PART_CLASS:
        return has_word(node_attribute(n, "class"), part->name);
    case PART_ATTRIBUTE:
        return attribute_matches(part, node_attribute(n, part->name));
    case PART_CHECKED:
        return node_attribute(n, "checked") || node_attribute(n, "selected");
    case PART_DISABLED:
        return node_attribute(n, "disabled");
    case PART_ENABLED:
        return !node_attribute(n, "disabled");
    case PART_REQUIRED:
        return node_attribute(n, "required");
    case PART_FIRST:
        return !sibling(n, -1);
    case PART_LAST:
        return !sibling(n, 1);
    case PART_ROOT:
        return node_is(n, GUMBO_TAG_HTML);
    case PART_EMPTY:
        return node_children(n)->length == 0;
    }
    return false;
}

static bool compound_matches(const struct css_selector *s, const GumboNode *n, long *tests)
{
    for (const struct part *part = s->parts; part; part = part->next) {
        if (--*tests <= 0 || holds(part, n) == part->negated)
            return false;
    }
    return --*tests > 0;
}

static const GumboNode *parent_element(const GumboNode *n)
{
    return n->parent && node_is_element(n->parent) ? n->parent : NULL;
}

bool css_selector_matches(const struct css_selector *s, const GumboNode *n, long *tests)
{
    if (!compound_matches(s, n, tests))
        return false;
    if (!s->before)
        return true;

    bool up = s->combinator == ' ' || s->combinator == '>';
    bool far = s->combinator == ' ' || s->combinator == '~';
    const GumboNode *other = up ? parent_element(n) : sibling(n, -1);

    for (; other; other = up ? parent_element(other) : sibling(other, -1)) {
        if (css_selector_matches(s->before, other, tests))
            return true;
        if (!far || *tests <= 0)
            break;
    }
    return false;
}
