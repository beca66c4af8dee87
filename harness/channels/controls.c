#include "harness/channels/controls.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/channels/html_tame.h"
#include "harness/channels/sight.h"
#include "harness/channels/values.h"

bool node_is_unseen_here(const GumboNode *n)
{
    for (; n && n->type != GUMBO_NODE_DOCUMENT; n = n->parent)
        if (node_unseen(n))
            return true;
    return false;
}

/* A field out of sight is a trap for machines; a box or a file field may only have put on the clothes
 * of its label. */
static bool is_trap(const struct control *c)
{
    bool dressed = c->kind == CONTROL_CHECKBOX || c->kind == CONTROL_RADIO ||
                   c->kind == CONTROL_FILE;

    if (node_is_away(c->node) && !dressed)
        return true;
    for (const GumboNode *n = c->node->parent; n; n = n->parent)
        if (node_is_away(n))
            return true;
    return false;
}

/* Types of input that are more than a line of text. To add one: a row. */
static const struct type_row {
    const char *type;
    enum control_kind kind;
} type_rows[] = {
    { "button", CONTROL_BUTTON },     { "checkbox", CONTROL_CHECKBOX },
    { "color", CONTROL_TEXT },        { "date", CONTROL_TEXT },
    { "datetime-local", CONTROL_TEXT }, { "email", CONTROL_TEXT },
    { "file", CONTROL_FILE },         { "hidden", CONTROL_HIDDEN },
    { "image", CONTROL_IMAGE },       { "month", CONTROL_TEXT },
    { "number", CONTROL_TEXT },       { "password", CONTROL_TEXT },
    { "radio", CONTROL_RADIO },       { "range", CONTROL_TEXT },
    { "reset", CONTROL_BUTTON },      { "search", CONTROL_TEXT },
    { "submit", CONTROL_SUBMIT },     { "tel", CONTROL_TEXT },
    { "text", CONTROL_TEXT },         { "time", CONTROL_TEXT },
    { "url", CONTROL_TEXT },          { "week", CONTROL_TEXT },
};

static const struct type_row *input_type(const char *type)
{
    static const struct type_row text = { "text", CONTROL_TEXT };

    for (size_t i = 0; type && i < ARRAY_LEN(type_rows); i++)
        if (text_same_ascii(type, type_rows[i].type))
            return &type_rows[i];
    return &text;
}

/* A disabled fieldset disables what is in it, except in its first legend. */
static bool disabled_by_fieldset(const GumboNode *control)
{
    const GumboNode *inside = control;

    for (const GumboNode *n = control->parent; n; inside = n, n = n->parent) {
        const GumboVector *children;

        if (!node_is(n, GUMBO_TAG_FIELDSET) || !node_attribute(n, "disabled"))
            continue;
        children = node_children(n);
        for (unsigned i = 0; i < children->length; i++) {
            if (!node_is(children->data[i], GUMBO_TAG_LEGEND))
                continue;
            if (children->data[i] == inside)
                break;
            return true;
        }
        if (!node_is(inside, GUMBO_TAG_LEGEND))
            return true;
    }
    return false;
}

static int form_of_node(const struct page *p, const GumboNode *form)
{
    for (size_t i = 0; i < p->form_count; i++)
        if (p->forms[i].node == form)
            return (int)i;
    return -1;
}

/** The owner: form="…", else the form it began in, else the one it lies in. */
static int owner_of(const struct page *p, const GumboNode *control)
{
    const char *id = node_attribute(control, "form");
    const char *began = node_attribute(control, TAME_OWNER);

    if (id)
        return *id && page_by_id(p, id) ? form_of_node(p, page_by_id(p, id)) : -1;
    for (size_t i = 0; began && i < p->form_count; i++) {
        const char *number = node_attribute(p->forms[i].node, TAME_FORM);

        if (number && !strcmp(number, began))
            return (int)i;
    }
    for (const GumboNode *n = control->parent; n; n = n->parent)
        if (node_is(n, GUMBO_TAG_FORM))
            return form_of_node(p, n);
    return -1;
}

static long length_of(const GumboNode *n, const char *name)
{
    const char *text = node_attribute(n, name);
    char *end;
    long length;

    if (!text || !*text)
        return -1;
    length = strtol(text, &end, 10);
    return end == text || length < 0 ? -1 : length;
}

/** Text of the element as it stands, white space too. */
static const char *raw_text(struct page *p, const GumboNode *n)
{
    const GumboVector *children = node_children(n);
    CLEANUP(buf_release) struct buf text = BUF_INIT(PAGE_TEXT_MAX);

    for (unsigned i = 0; i < children->length; i++) {
        const GumboNode *c = children->data[i];

        if (c->type == GUMBO_NODE_TEXT || c->type == GUMBO_NODE_WHITESPACE)
            buf_adds(&text, c->v.text.text);
    }
    return arena_strndup(p->arena, text.ptr, text.len);
}

/* Select */

static void add_option(struct page *p, struct control *c, size_t *cap, const GumboNode *n,
                       bool group_disabled)
{
    const char *label = node_attribute(n, "label"), *value = node_attribute(n, "value");
    CLEANUP(buf_release) struct buf text = BUF_INIT(4096);
    const GumboVector *children = node_children(n);
    struct option o = { .selected = node_attribute(n, "selected") != NULL,
                        .disabled = group_disabled || node_attribute(n, "disabled") };

    for (unsigned i = 0; i < children->length; i++)
        node_text(children->data[i], NULL, &text);

    const char *words = arena_strndup(p->arena, text.ptr, text.len);

    o.label = label && *label ? label : words;
    o.value = value ? value : words;
    ARENA_GROW(p->arena, c->options, *cap, c->option_count + 1);
    c->options[c->option_count++] = o;
}

/* What a browser selects of itself in a list where one is always selected (4.10.7). */
static void default_option(struct control *c)
{
    size_t chosen = c->option_count;
    long size = length_of(c->node, "size");

    if (c->multiple)
        return;
    for (size_t i = c->option_count; i-- > 0;) {
        if (c->options[i].selected && chosen == c->option_count)
            chosen = i;
        else
            c->options[i].selected = false;
    }
    for (size_t i = 0; chosen == c->option_count && size <= 1 && i < c->option_count; i++)
        if (!c->options[i].disabled)
            chosen = i;
    if (chosen < c->option_count)
        c->options[chosen].selected = true;
}

static void read_options(struct page *p, struct control *c)
{
    size_t cap = 0;

    for (const GumboNode *n = c->node; n; n = node_next(n, c->node)) {
        bool grouped = n->parent && node_is(n->parent, GUMBO_TAG_OPTGROUP) &&
                       node_attribute(n->parent, "disabled");

        if (node_is(n, GUMBO_TAG_OPTION))
            add_option(p, c, &cap, n, grouped);
    }
    default_option(c);
}

/* One control */

static void set_kind(struct control *c)
{
    const GumboNode *n = c->node;
    const char *type = node_attribute(n, "type");

    if (node_is(n, GUMBO_TAG_TEXTAREA)) {
        c->type = "textarea";
    } else if (node_is(n, GUMBO_TAG_SELECT)) {
        c->type = "select";
        c->kind = CONTROL_SELECT;
    } else if (node_is(n, GUMBO_TAG_BUTTON)) {
        bool idle = type && (text_same_ascii(type, "button") || text_same_ascii(type, "reset"));

        c->type = idle ? "button" : "submit";
        c->kind = idle ? CONTROL_BUTTON : CONTROL_SUBMIT;
    } else {
        const struct type_row *row = input_type(type);

        c->type = row->type;
        c->kind = row->kind;
    }
}

/** What a button says: its words, its value, the text of its picture. */
static const char *button_words(struct page *p, const struct control *c)
{
    const char *words = node_is(c->node, GUMBO_TAG_BUTTON) ? node_line(p->arena, c->node, NULL)
                                                           : node_attribute(c->node, "value");
    static const char *const others[] = { "alt", "aria-label", "title" };

    for (size_t i = 0; (!words || !*words || c->kind == CONTROL_IMAGE) && i < ARRAY_LEN(others);
         i++)
        if (node_attribute(c->node, others[i]))
            return node_attribute(c->node, others[i]);
    if (words && *words)
        return words;
    return c->kind == CONTROL_SUBMIT && node_is(c->node, GUMBO_TAG_INPUT) ? "Submit" : "";
}

static void read_control(struct page *p, struct control *c)
{
    const GumboNode *n = c->node;
    const char *value = node_attribute(n, "value");

    set_kind(c);
    c->form = owner_of(p, n);
    c->name = node_attribute(n, "name");
    c->value = value ? value : c->kind == CONTROL_CHECKBOX || c->kind == CONTROL_RADIO ? "on" : "";
    c->shown = "";
    c->checked = node_attribute(n, "checked") != NULL;
    c->disabled = node_attribute(n, "disabled") || disabled_by_fieldset(n);
    c->readonly = node_attribute(n, "readonly") != NULL;
    c->required = node_attribute(n, "required") != NULL;
    c->multiple = node_attribute(n, "multiple") != NULL;
    c->unseen = c->kind == CONTROL_HIDDEN || node_is_unseen_here(n) || is_trap(c);
    c->pattern = node_attribute(n, "pattern");
    c->min = node_attribute(n, "min");
    c->max = node_attribute(n, "max");
    c->min_length = length_of(n, "minlength");
    c->max_length = length_of(n, "maxlength");
    if (c->kind == CONTROL_SUBMIT && !value && node_is(n, GUMBO_TAG_INPUT))
        c->value = "Submit";              /* what a browser writes on it */
    if (node_is(n, GUMBO_TAG_TEXTAREA))
        c->value = raw_text(p, n);
    else if (c->kind == CONTROL_TEXT)
        c->value = value_sanitized(p->arena, c, c->value);
    if (c->kind == CONTROL_SELECT)
        read_options(p, c);
    if (c->kind == CONTROL_SUBMIT || c->kind == CONTROL_IMAGE || c->kind == CONTROL_BUTTON)
        c->shown = button_words(p, c);
}

static bool is_control(const GumboNode *n)
{
    return node_is(n, GUMBO_TAG_INPUT) || node_is(n, GUMBO_TAG_SELECT) ||
           node_is(n, GUMBO_TAG_TEXTAREA) || node_is(n, GUMBO_TAG_BUTTON);
}

/* Of radio buttons of one name in one form only the last checked one stays so. */
static void settle_radios(struct page *p)
{
    for (size_t i = p->control_count; i-- > 0;) {
        struct control *last = &p->controls[i];

        if (last->kind != CONTROL_RADIO || !last->checked || !last->name)
            continue;
        for (size_t k = 0; k < i; k++) {
            struct control *c = &p->controls[k];

            if (c->kind == CONTROL_RADIO && c->form == last->form && c->name &&
                !strcmp(c->name, last->name))
                c->checked = false;
        }
    }
}

void controls_collect(struct page *p)
{
    const GumboNode *root = p->tree->document;
    size_t cap = 0;

    for (const GumboNode *n = root; n; n = node_next(n, root)) {
        if (!is_control(n))
            continue;
        if (p->control_count == PAGE_CONTROLS_MAX) {
            p->cut = true;
            break;
        }
        ARENA_GROW(p->arena, p->controls, cap, p->control_count + 1);
        p->controls[p->control_count].node = n;
        read_control(p, &p->controls[p->control_count++]);
    }
    settle_radios(p);
}
