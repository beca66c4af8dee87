#include "harness/channels/walls.h"

#include <string.h>
#include <strings.h>

#include "harness/base/text.h"
#include "harness/channels/fields.h"
#include "harness/channels/sight.h"

enum { AROUND = 3, LOOKED_AT_MAX = 60, LOGIN_FIELDS_MAX = 4,
       CLASS_LOOKED_AT = 1024, WIDGETS_MAX = 200 };

/* To add one: what its element's class or tag is called, the field it fills in, its script. */
static const struct widget {
    const char *name, *element, *field, *script;
} widgets[] = {
    { "reCAPTCHA", "g-recaptcha", "g-recaptcha-response", "recaptcha/" },
    { "hCaptcha", "h-captcha", "h-captcha-response", "hcaptcha.com/" },
    { "Turnstile", "cf-turnstile", "cf-turnstile-response", "challenges.cloudflare.com/turnstile" },
    { "Friendly Captcha", "frc-captcha", "frc-captcha-response", "friendly-challenge" },
    { "Friendly Captcha", "frc-captcha", "frc-captcha-solution", "friendlycaptcha" },
    { "ALTCHA", "altcha-widget", "altcha", "altcha" },
    { "GeeTest", "geetest", "geetest_challenge", "geetest.com/" },
    { "MTCaptcha", "mtcaptcha", "mtcaptcha-verifiedtoken", "mtcaptcha" },
    { "FunCaptcha", "funcaptcha", "fc-token", "arkoselabs.com/" },
    { "SmartCaptcha", "smart-captcha", "smart-token", "smartcaptcha" },
};

static bool contains(const char *text, size_t len, const char *word)
{
    size_t n = strlen(word);

    for (size_t i = 0; text && i + n <= len; i++)
        if (!strncasecmp(text + i, word, n))
            return true;
    return false;
}

/* Widgets */

static const struct widget *widget_of(const GumboNode *n)
{
    const char *classes = node_attribute(n, "class");
    size_t len = classes ? strnlen(classes, CLASS_LOOKED_AT) : 0;
    GumboStringPiece tag = { NULL, 0 };

    if (n->v.element.tag == GUMBO_TAG_UNKNOWN) {
        tag = n->v.element.original_tag;
        gumbo_tag_from_original_text(&tag);
    }
    for (size_t i = 0; (len || tag.length) && i < ARRAY_LEN(widgets); i++)
        if (contains(classes, len, widgets[i].element) ||
            (tag.length == strlen(widgets[i].element) &&
             !strncasecmp(tag.data, widgets[i].element, tag.length)))
            return &widgets[i];
    return NULL;
}

void page_collect_widgets(struct page *p)
{
    const GumboNode *root = p->tree->document;
    size_t cap = 0;

    for (const GumboNode *n = root; n && p->widget_count < WIDGETS_MAX; n = node_next(n, root)) {
        const struct widget *w = n->type == GUMBO_NODE_ELEMENT ? widget_of(n) : NULL;

        if (!w)
            continue;
        ARENA_GROW(p->arena, p->widgets, cap, p->widget_count + 1);
        p->widgets[p->widget_count++] = (struct page_widget){ n, w->name };
    }
}

static bool lies_in(const GumboNode *n, const GumboNode *root)
{
    for (; n; n = n->parent)
        if (n == root)
            return true;
    return false;
}

/** Has a script put the answer in already? */
static bool is_solved(const struct page *p, int form, const char *name)
{
    for (size_t i = 0; i < p->control_count; i++) {
        const struct control *c = &p->controls[i];

        if (c->form != form || !c->name || !*c->value)
            continue;
        for (size_t k = 0; k < ARRAY_LEN(widgets); k++)
            if (!strcmp(c->name, widgets[k].field) && !strcmp(widgets[k].name, name))
                return true;
    }
    return false;
}

static const char *widget_in(const struct page *p, int form)
{
    for (size_t i = 0; i < p->widget_count; i++)
        if (p->form_count == 1 || lies_in(p->widgets[i].node, p->forms[form].node))
            return p->widgets[i].name;
    for (size_t i = 0; i < p->control_count; i++)
        for (size_t k = 0; k < ARRAY_LEN(widgets); k++)
            if (p->controls[i].form == form && p->controls[i].name &&
                !strcmp(p->controls[i].name, widgets[k].field))
                return widgets[k].name;
    return NULL;
}

/* Pictures with letters */

static bool has_picture(const GumboNode *control)
{
    const GumboNode *around = control;
    size_t looked = 0;

    for (int up = 0; up < AROUND && around->parent && !node_is(around->parent, GUMBO_TAG_FORM); up++)
        around = around->parent;
    for (const GumboNode *n = around; n && looked++ < LOOKED_AT_MAX; n = node_next(n, around))
        if (node_is(n, GUMBO_TAG_IMG) || node_is(n, GUMBO_TAG_CANVAS) ||
            (n->type == GUMBO_NODE_ELEMENT &&
             n->v.element.tag_namespace == GUMBO_NAMESPACE_SVG))
            return true;
    return false;
}

static bool is_riddle(const struct control *c, const struct lexicons *packs)
{
    bool picture = has_picture(c->node);

    for (size_t i = 0; i < c->name_count; i++)
        if (form_words_riddle(packs, c->names[i].folded, picture))
            return true;
    return false;
}

const char *form_captcha(const struct page *p, int form, const struct lexicons *packs)
{
    const char *widget;

    for (size_t i = 0; i < p->control_count; i++) {
        const struct control *c = &p->controls[i];

        if (c->form == form && c->kind == CONTROL_TEXT && field_fillable(c) && !c->edited &&
            !*c->value && is_riddle(c, packs))
            return "image CAPTCHA";
    }
    widget = widget_in(p, form);
    return widget && is_solved(p, form, widget) ? NULL : widget;
}

const char *captcha_of_scripts(struct slice html)
{
    const char *end = html.ptr + html.len;

    for (const char *p = html.ptr; (p = memchr(p, '<', (size_t)(end - p))); p++) {
        const char *close;

        if (end - p < 8 || strncasecmp(p, "<script", 7))
            continue;
        close = memchr(p, '>', (size_t)(end - p));
        for (size_t i = 0; close && close - p < CLASS_LOOKED_AT && i < ARRAY_LEN(widgets); i++)
            if (contains(p, (size_t)(close - p), widgets[i].script))
                return widgets[i].name;
    }
    return NULL;
}

/* Logins */

int page_login(const struct page *p)
{
    for (size_t f = 0; f < p->form_count; f++) {
        size_t fields = 0, passwords = 0;
        bool writes = false;

        for (size_t i = 0; i < p->control_count; i++) {
            const struct control *c = &p->controls[i];

            if (c->form != (int)f || !field_fillable(c))
                continue;
            fields++;
            passwords += !strcmp(c->type, "password");
            writes |= !strcmp(c->type, "textarea") || c->kind == CONTROL_FILE;
        }
        if (passwords == 1 && fields <= LOGIN_FIELDS_MAX && !writes)
            return (int)f;
    }
    return -1;
}
