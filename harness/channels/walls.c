#include "harness/channels/walls.h"

#include <string.h>
#include <strings.h>

#include "harness/base/text.h"
#include "harness/channels/fields.h"
#include "harness/channels/sight.h"

enum { AROUND = 3, LOOKED_AT_MAX = 60, LOGIN_FIELDS_MAX = 4, CLASS_LOOKED_AT = 1024 };

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

/* What a riddle's field is called, folded. The vague ones need a picture beside them. */
static const struct riddle_words {
    const char *words;
    bool vague;
} riddle_words[] = {
    { "captcha", false },
    /* English */
    { "characters in the image", false }, { "characters you see", false },
    { "letters you see", false }, { "text in the image", false },
    { "characters in the picture", false }, { "code in the image", false },
    { "code shown", true }, { "security code", true }, { "verification code", true },
    { "spam protection", true }, { "anti spam", true },
    /* German */
    { "zeichen aus dem bild", false }, { "zeichen im bild", false }, { "buchstaben im bild", false },
    { "text aus dem bild", false }, { "bildcode", false }, { "sicherheitscode", true },
    { "sicherheitsfrage", true }, { "spamschutz", true }, { "bestatigungscode", true },
    /* French */
    { "caracteres de l'image", false }, { "caracteres de l’image", false },
    { "texte de l'image", false }, { "lettres de l'image", false }, { "code de securite", true },
    { "recopiez", true }, { "code de verification", true }, { "antispam", true },
    /* Persian */
    { "کپچا", false }, { "کد تصویر", false }, { "حروف تصویر", false }, { "متن تصویر", false },
    { "کد امنیتی", true }, { "عبارت امنیتی", true }, { "کد تایید", true }, { "کد روبرو", true },
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

static bool is_widget(const GumboNode *n, const struct widget *w)
{
    const char *classes = node_attribute(n, "class");
    GumboStringPiece tag = n->v.element.original_tag;

    if (classes && contains(classes, strnlen(classes, CLASS_LOOKED_AT), w->element))
        return true;
    if (n->v.element.tag != GUMBO_TAG_UNKNOWN)
        return false;
    gumbo_tag_from_original_text(&tag);
    return tag.length == strlen(w->element) && !strncasecmp(tag.data, w->element, tag.length);
}

static bool lies_in(const GumboNode *n, const GumboNode *root)
{
    for (; n; n = n->parent)
        if (n == root)
            return true;
    return false;
}

static const char *widget_in(const struct page *p, int form)
{
    const GumboNode *root = p->tree->document;

    for (const GumboNode *n = root; n; n = node_next(n, root))
        for (size_t i = 0; n->type == GUMBO_NODE_ELEMENT && i < ARRAY_LEN(widgets); i++)
            if (is_widget(n, &widgets[i]) &&
                (p->form_count == 1 || lies_in(n, p->forms[form].node)))
                return widgets[i].name;
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

static bool is_riddle(const struct control *c)
{
    for (size_t i = 0; i < c->name_count; i++)
        for (size_t k = 0; k < ARRAY_LEN(riddle_words); k++) {
            const struct riddle_words *w = &riddle_words[k];
            const char *text = c->names[i].folded;

            if (contains(text, strlen(text), w->words) && (!w->vague || has_picture(c->node)))
                return true;
        }
    return false;
}

const char *form_captcha(const struct page *p, int form)
{
    for (size_t i = 0; i < p->control_count; i++) {
        const struct control *c = &p->controls[i];

        if (c->form == form && c->kind == CONTROL_TEXT && field_fillable(c) && !c->edited &&
            !*c->value && is_riddle(c))
            return "image CAPTCHA";
    }
    return widget_in(p, form);
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
