/* What a browser would refuse to send. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/regex.h"
#include "harness/base/text.h"
#include "harness/channels/fields.h"
#include "harness/channels/js_pattern.h"
#include "harness/channels/values.h"

enum { PATTERN_MAX = 64 * 1024 };

/* html.spec.whatwg.org, "valid email address". */
#define EMAIL_PATTERN                                                                \
    "^[a-zA-Z0-9.!#$%&'*+\\/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?" \
    "(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$"
#define URL_PATTERN "^[a-zA-Z][a-zA-Z0-9+.-]*:."

/* A pattern, or NULL: values.h knows. */
static const struct rule_row {
    const char *type, *pattern, *says;
} rule_rows[] = {
    { "color", NULL, "is no colour (#rrggbb)" },
    { "date", NULL, "is no date (yyyy-mm-dd)" },
    { "datetime-local", NULL, "is no date and time (yyyy-mm-ddThh:mm)" },
    { "email", EMAIL_PATTERN, "is not an email address" },
    { "month", NULL, "is no month (yyyy-mm)" },
    { "number", NULL, "is no number" },
    { "range", NULL, "is no number" },
    { "time", NULL, "is no time (hh:mm)" },
    { "url", URL_PATTERN, "is no web address" },
    { "week", NULL, "is no week (yyyy-Www)" },
};

static bool matches(const char *pattern, const char *value)
{
    struct regex_error error;
    struct regex *r;
    bool ok;

    if (regex_compile(pattern, 0, &error, &r) != ST_OK)
        return true;              /* as a browser: a pattern that is none holds for everything */
    ok = regex_search(r, slice_str(value), 0, NULL) != ST_NOT_FOUND;
    regex_free(r);
    return ok;
}

/** Length as the web counts it: UTF-16 code units, a line end as one. */
static long units(const char *value)
{
    struct slice s = slice_str(value);
    long n = 0;

    for (size_t i = 0; i < s.len;) {
        int32_t cp;

        i += text_decode(s.ptr + i, s.len - i, &cp);
        n += cp > 0xFFFF ? 2 : 1;
    }
    return n;
}

static bool any_of_group_checked(const struct page *p, const struct control *c)
{
    for (size_t i = 0; i < p->control_count; i++) {
        const struct control *o = &p->controls[i];

        if (o->kind == CONTROL_RADIO && o->form == c->form && o->checked && o->name && c->name &&
            !strcmp(o->name, c->name))
            return true;
    }
    return c->checked;
}

static bool is_empty(const struct page *p, const struct control *c)
{
    switch (c->kind) {
    case CONTROL_CHECKBOX:
        return !c->checked;
    case CONTROL_RADIO:
        return !any_of_group_checked(p, c);
    case CONTROL_FILE:
        return c->file_count == 0;
    case CONTROL_SELECT:
        for (size_t i = 0; i < c->option_count; i++)
            if (c->options[i].selected && *c->options[i].value)
                return false;
        return true;
    default:
        return *c->value == '\0';
    }
}

static const char *label_of(const struct control *c)
{
    return c->name_count ? c->names[0].text : c->type;
}

/** Every address of a list must be one. */
static bool fits_list(const char *pattern, const char *value)
{
    for (const char *p = value;; p++) {
        size_t len = strcspn(p, ",");
        CLEANUP(mem_freep) char *one = mem_strndup(p, len);

        if (!matches(pattern, one))
            return false;
        p += len;
        if (!*p)
            return true;
    }
}

static bool fits(const struct rule_row *r, const struct control *c)
{
    if (!r->pattern)
        return value_fits_type(c->type, c->value);
    return c->multiple ? fits_list(r->pattern, c->value) : matches(r->pattern, c->value);
}

static size_t check_shape(const struct control *c, struct buf *out)
{
    for (size_t i = 0; i < ARRAY_LEN(rule_rows); i++) {
        const struct rule_row *r = &rule_rows[i];

        if (strcmp(r->type, c->type) || fits(r, c))
            continue;
        buf_addf(out, "%s: \"%s\" %s\n", label_of(c), c->value, r->says);
        return 1;
    }
    return 0;
}

static size_t check_pattern(const struct control *c, struct buf *out)
{
    CLEANUP(buf_release) struct buf whole = BUF_INIT(PATTERN_MAX);
    const char *title = node_attribute(c->node, "title");
    bool known;

    if (!c->pattern || !strcmp(c->type, "textarea"))
        return 0;
    buf_adds(&whole, "^(?:");
    known = js_pattern(c->pattern, &whole);
    buf_adds(&whole, ")$");
    if (!known || whole.full || matches(whole.ptr, c->value))
        return 0;
    buf_addf(out, "%s: \"%s\" does not fit what the page asks for (%s)\n", label_of(c), c->value,
             title ? title : c->pattern);
    return 1;
}

/* Only what the customer typed is measured; a page's own default may be longer. */
static size_t check_length(const struct control *c, struct buf *out)
{
    long n = c->edited ? units(c->value) : 0;

    if (c->max_length >= 0 && n > c->max_length) {
        buf_addf(out, "%s: %ld characters, the page takes %ld\n", label_of(c), n, c->max_length);
        return 1;
    }
    if (n > 0 && n < c->min_length) {
        buf_addf(out, "%s: %ld characters, the page wants at least %ld\n", label_of(c), n,
                 c->min_length);
        return 1;
    }
    return 0;
}

static size_t check_range(const struct control *c, struct buf *out)
{
    double value, least, most;
    bool has_least = value_number(c->type, c->min, &least);
    bool has_most = value_number(c->type, c->max, &most);

    if (!value_number(c->type, c->value, &value))
        return 0;
    if (has_least && has_most && least > most && !strcmp(c->type, "time")) {
        if (value >= least || value <= most)
            return 0;             /* from the evening to the morning */
    } else {
        if (has_least && value < least) {
            buf_addf(out, "%s: %s is less than %s\n", label_of(c), c->value, c->min);
            return 1;
        }
        if (!has_most || value <= most)
            return 0;
    }
    buf_addf(out, "%s: %s is more than %s\n", label_of(c), c->value, c->max);
    return 1;
}

static size_t check_step(const struct control *c, struct buf *out)
{
    if (!c->edited || !value_off_step(c, c->value))
        return 0;
    buf_addf(out, "%s: %s is none of the values that can be chosen (step %s)\n", label_of(c),
             c->value, node_attribute(c->node, "step") ? node_attribute(c->node, "step") : "1");
    return 1;
}

static size_t check_control(const struct page *p, const struct control *c, struct buf *out)
{
    if (is_empty(p, c)) {
        if (c->required)
            buf_addf(out, "%s: must be filled in\n", label_of(c));
        return c->required;
    }
    if (c->kind != CONTROL_TEXT)
        return 0;

    size_t wrong = check_shape(c, out);
    if (!wrong)
        wrong = check_pattern(c, out);
    if (!wrong)
        wrong = check_length(c, out);
    if (!wrong)
        wrong = check_range(c, out);
    return wrong ? wrong : check_step(c, out);
}

/** One line per group of radio buttons, not one per button. */
static bool told_already(const struct page *p, size_t index)
{
    const struct control *c = &p->controls[index];

    for (size_t i = 0; c->kind == CONTROL_RADIO && c->name && i < index; i++) {
        const struct control *o = &p->controls[i];

        if (o->kind == CONTROL_RADIO && o->form == c->form && o->required && o->name &&
            !strcmp(o->name, c->name))
            return true;
    }
    return false;
}

bool field_violates(const struct page *p, int form, size_t control, struct buf *out)
{
    const struct control *c = &p->controls[control];

    if (p->forms[form].no_validate || c->form != form || !field_fillable(c) || c->disabled ||
        c->readonly || told_already(p, control))
        return false;
    return check_control(p, c, out) > 0;
}

size_t form_violations(const struct page *p, int form, struct buf *out)
{
    size_t wrong = 0;

    for (size_t i = 0; i < p->control_count; i++)
        wrong += field_violates(p, form, i, out);
    return wrong;
}
