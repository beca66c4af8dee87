/* What a person would call each field: its label, else what else is written at it. */
#include <string.h>

#include "harness/base/text.h"
#include "harness/channels/page.h"

enum { CLIMB_MAX = 4, BEFORE_MAX = 80 };

static bool ends_with(const char *s, size_t len, const char *end, size_t end_len)
{
    return len >= end_len && !memcmp(s + len - end_len, end, end_len);
}

/** Length of s without this remark at its end: in brackets, after a dash, or bare. */
static size_t without(const char *s, size_t len, const char *remark)
{
    bool bracket = s[len - 1] == ')' || s[len - 1] == ']';
    size_t inner = bracket ? len - 1 : len, n = strlen(remark), rest;

    if (!ends_with(s, inner, remark, n))
        return len;
    rest = inner - n;
    if (bracket)
        return rest && (s[rest - 1] == '(' || s[rest - 1] == '[') ? rest - 1 : len;
    return rest > 1 && s[rest - 1] == ' ' ? rest : len;
}

static size_t without_remark(const struct lexicons *packs, const char *s, size_t len)
{
    for (size_t i = 0; len && packs && i < packs->count; i++) {
        const struct texts *remarks = &packs->items[i]->forms.remarks;

        for (size_t k = 0; k < remarks->count; k++) {
            size_t shorter = without(s, len, remarks->items[k]);

            if (shorter < len)
                return shorter;
        }
    }
    return len;
}

const char *name_folded(const struct lexicons *packs, struct arena *a, const char *text)
{
    CLEANUP(mem_freep) char *folded = text_folded(text);
    const char *s = folded;
    size_t len = strlen(s), before;

    while (*s && strchr("* :", *s)) {
        s++;
        len--;
    }
    do {
        before = len;
        while (len && strchr("* :?.-", s[len - 1]))
            len--;
        len = without_remark(packs, s, len);
    } while (len < before);
    return arena_strndup(a, s, len);
}

/** French puts a narrow blank before a colon. */
static size_t blank_at_end(const char *s, size_t len)
{
    static const char *const blanks[] = { "\xC2\xA0", "\xE2\x80\xAF" };

    for (size_t i = 0; i < ARRAY_LEN(blanks); i++)
        if (ends_with(s, len, blanks[i], strlen(blanks[i])))
            return strlen(blanks[i]);
    return len && strchr(" *:\t\n", s[len - 1]);
}

/** Without the colons and asterisks around it, for reports. */
static const char *name_shown(struct arena *a, const char *text)
{
    size_t len, blank;

    text += strspn(text, " *:\t\n");
    len = strlen(text);
    while ((blank = blank_at_end(text, len)))
        len -= blank;
    return arena_strndup(a, text, len);
}

static void add_name(struct page *p, struct control *c, enum name_source source, const char *text)
{
    const char *folded;

    if (!text || !*text || c->name_count == PAGE_NAMES_MAX)
        return;
    folded = name_folded(p->packs, p->arena, text);
    if (*folded)
        c->names[c->name_count++] =
            (struct control_name){ source, name_shown(p->arena, text), folded };
}

/* Labels */

static struct control *control_of(struct page *p, const GumboNode *n)
{
    for (size_t i = 0; i < p->control_count; i++)
        if (p->controls[i].node == n)
            return &p->controls[i];
    return NULL;
}

static struct control *first_inside(struct page *p, const GumboNode *label)
{
    for (const GumboNode *n = label; n; n = node_next(n, label)) {
        struct control *c = n == label || !node_is_element(n) ? NULL : control_of(p, n);

        if (c && c->kind != CONTROL_HIDDEN)
            return c;
    }
    return NULL;
}

static void name_by_label(struct page *p, const GumboNode *label)
{
    const char *to = node_attribute(label, "for");
    struct control *c;

    if (to) {
        const GumboNode *target = page_by_id(p, to);

        c = target ? control_of(p, target) : NULL;
    } else {
        c = first_inside(p, label);
    }
    if (c)
        add_name(p, c, NAME_LABEL, node_line(p->arena, label, c->node));
}

static const char *texts_by_ids(struct page *p, const char *ids)
{
    CLEANUP(buf_release) struct buf out = BUF_INIT(4096);

    while (*ids) {
        size_t len = strcspn(ids, " \t\n");
        char *id = mem_strndup(ids, len);
        const GumboNode *n = *id ? page_by_id(p, id) : NULL;

        if (n)
            buf_addf(&out, "%s%s", out.len ? " " : "", node_line(p->arena, n, NULL));
        mem_freep(&id);
        ids += len;
        ids += strspn(ids, " \t\n");
    }
    return arena_strndup(p->arena, out.ptr, out.len);
}

/* Text written beside a field */

static bool holds_control(const GumboNode *n)
{
    for (const GumboNode *i = n; i; i = node_next(i, n))
        if (node_is(i, GUMBO_TAG_INPUT) || node_is(i, GUMBO_TAG_SELECT) ||
            node_is(i, GUMBO_TAG_TEXTAREA) || node_is(i, GUMBO_TAG_BUTTON))
            return true;
    return false;
}

/* Beyond these nothing belongs to one field any more. */
static bool is_wall(const GumboNode *n)
{
    return node_is(n, GUMBO_TAG_FORM) || node_is(n, GUMBO_TAG_BODY) ||
           node_is(n, GUMBO_TAG_FIELDSET) || node_is(n, GUMBO_TAG_TABLE) ||
           n->type == GUMBO_NODE_DOCUMENT;
}

static bool is_gap(const GumboNode *n)
{
    return node_is(n, GUMBO_TAG_BR) || node_is(n, GUMBO_TAG_HR);
}

/** A label, with nothing but itself around it, that is no other field's: no `for`, or one that leads
 *  nowhere. */
static bool is_loose_label(struct page *p, const GumboNode *n)
{
    const GumboVector *inside;
    const char *to;

    while (n && !node_is(n, GUMBO_TAG_LABEL)) {
        const GumboNode *only = NULL;

        inside = node_children(n);
        for (unsigned i = 0; inside && i < inside->length; i++) {
            const GumboNode *child = inside->data[i];

            if (!node_is_element(child))
                continue;
            if (only)
                return false;
            only = child;
        }
        n = only;
    }
    to = n ? node_attribute(n, "for") : NULL;
    return n && (!to || !page_by_id(p, to));
}

/** The nearest words among the siblings before (step -1) or after (+1) n; *where they stand, *stop: a
 *  field came. */
static const char *words_beside(struct page *p, const GumboNode *n, int step, bool *stop,
                                const GumboNode **where)
{
    const GumboVector *among = n->parent ? node_children(n->parent) : NULL;

    if (!among)
        return NULL;
    for (long i = (long)n->index_within_parent + step; i >= 0 && i < (long)among->length;
         i += step) {
        const GumboNode *sibling = among->data[i];
        const char *text;

        if (holds_control(sibling)) {
            *stop = true;
            return NULL;
        }
        if (step > 0 && is_gap(sibling))
            return NULL;
        text = node_line(p->arena, sibling, NULL);
        *where = sibling;
        if (*name_folded(p->packs, p->arena, text))
            return text_length(slice_str(text)) <= BEFORE_MAX ? text : NULL;
    }
    return NULL;
}

/** @param label  set: it is a <label> that says of no field that it is its own. */
static const char *text_before(struct page *p, const GumboNode *control, bool *label)
{
    bool stop = false;

    int climbed = 0;

    for (const GumboNode *n = control; n && !is_wall(n) && climbed++ < CLIMB_MAX; n = n->parent) {
        const GumboNode *where = NULL;
        const char *text = words_beside(p, n, -1, &stop, &where);

        *label = text && is_loose_label(p, where);
        if (text || stop)
            return text;
    }
    return NULL;
}

static const char *text_after(struct page *p, const GumboNode *control)
{
    const GumboNode *where = NULL;
    bool stop = false;

    return words_beside(p, control, 1, &stop, &where);
}

/* Groups */

static const char *group_of(struct page *p, const GumboNode *control)
{
    for (const GumboNode *n = control->parent; n; n = n->parent) {
        const char *role = node_attribute(n, "role");
        const GumboVector *children = node_children(n);

        if (node_is(n, GUMBO_TAG_FORM))
            break;
        if (role && (text_same_ascii(role, "radiogroup") || text_same_ascii(role, "group"))) {
            if (node_attribute(n, "aria-label"))
                return node_attribute(n, "aria-label");
            if (node_attribute(n, "aria-labelledby"))
                return texts_by_ids(p, node_attribute(n, "aria-labelledby"));
        }
        if (!node_is(n, GUMBO_TAG_FIELDSET))
            continue;
        for (unsigned i = 0; i < children->length; i++)
            if (node_is(children->data[i], GUMBO_TAG_LEGEND))
                return node_line(p->arena, children->data[i], NULL);
    }
    return NULL;
}

static void name_by_attributes(struct page *p, struct control *c)
{
    const char *by = node_attribute(c->node, "aria-labelledby");
    bool box = c->kind == CONTROL_CHECKBOX || c->kind == CONTROL_RADIO, label = false;
    const char *beside = NULL;

    if (by)
        add_name(p, c, NAME_LABEL, texts_by_ids(p, by));
    add_name(p, c, NAME_ARIA, node_attribute(c->node, "aria-label"));
    if (c->name_count == 0 && !c->unseen)
        beside = box ? text_after(p, c->node) : text_before(p, c->node, &label);
    if (label)                    /* it says of nothing that it is its label, and reads as one */
        add_name(p, c, NAME_BEFORE, beside);
    add_name(p, c, NAME_PLACEHOLDER, node_attribute(c->node, "placeholder"));
    add_name(p, c, NAME_TITLE, node_attribute(c->node, "title"));
    if (!label && c->name_count == 0)
        add_name(p, c, NAME_BEFORE, beside);
    add_name(p, c, NAME_NAME, c->name);
    add_name(p, c, NAME_ID, node_attribute(c->node, "id"));
}

void page_name_controls(struct page *p)
{
    const GumboNode *root = p->tree->document;

    for (const GumboNode *n = root; n; n = node_next(n, root))
        if (node_is(n, GUMBO_TAG_LABEL))
            name_by_label(p, n);
    for (size_t i = 0; i < p->control_count; i++) {
        struct control *c = &p->controls[i];

        name_by_attributes(p, c);
        c->group = group_of(p, c->node);
        if (!c->group)
            continue;
        c->group_folded = name_folded(p->packs, p->arena, c->group);
        c->group = name_shown(p->arena, c->group);
    }
}
