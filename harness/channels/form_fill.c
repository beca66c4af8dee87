#include "harness/channels/form_fill.h"

#include "harness/channels/walls.h"

bool form_find(struct page *p, const struct action *a, struct form_found *ret, struct buf *why)
{
    ret->hits = arena_alloc(p->arena, (a->field_count + 1) * sizeof(*ret->hits));
    ret->form = form_choose(p, a->fields, a->field_count, a->submit, ret->hits, why);
    return ret->form >= 0;
}

/* What stands in its place */

static bool has_loose_fields(const struct page *p)
{
    for (size_t i = 0; i < p->control_count; i++)
        if (p->controls[i].form < 0 && field_fillable(&p->controls[i]))
            return true;
    return false;
}

/** Instead of the form the company shows a login. */
static bool login_wall(struct visit *v, const struct page *p, const struct action *a)
{
    CLEANUP(buf_release) struct buf fields = BUF_INIT(FORM_WHY_MAX);
    int login = page_login(p);

    for (size_t i = 0; login >= 0 && i < a->field_count; i++)
        for (size_t k = 0; k < p->form_count; k++)
            if (field_find(p, (int)k, a->fields[i].name).kind != HIT_NONE)
                return false;     /* it is the page that was meant */
    if (login < 0 || !a->field_count)
        return false;
    form_tell_form(v, p, login);
    form_describe(p, login, &fields);
    visit_company_failed(v, FAILURE_NO_FORM, "%s wants a login before anything else (%s)", p->url,
                         fields.ptr);
    return true;
}

enum done form_tell_none(struct visit *v, const struct page *p, const struct action *a,
                         bool scripts, const char *why)
{
    if (p->form_count) {
        if (login_wall(v, p, a))
            return DONE_COMPANY_FAILED;
        visit_our_failed(v, "%s: %s", p->url, why);
        return DONE_OUR_FAILED;
    }
    if (has_loose_fields(p)) {
        visit_our_failed(v, "%s: the fields are in no form: scripts send them, which needs a "
                         "browser", p->url);
        return DONE_OUR_FAILED;
    }
    visit_company_failed(v, FAILURE_NO_FORM, "%s has no form%s", p->url,
                         scripts ? " (scripts may draw one: that needs a browser)" : "");
    return DONE_COMPANY_FAILED;
}

/* Filling in */

/** A riddle for people stands before the button: a machine does not try. */
static bool guarded(struct visit *v, const struct page *p, int form, const char *scripted)
{
    const char *riddle = form_captcha(p, form, &v->world->lexicons);

    if (!riddle && scripted)
        visit_note(v, "the page loads %s, which may refuse what no script has signed", scripted);
    if (riddle)
        visit_our_failed(v, "%s: not sent: a CAPTCHA (%s) guards the form, and no machine may pass "
                         "it; have it switched off for the tester, or use its test key", p->url,
                         riddle);
    return riddle;
}

enum done form_fill_in(struct visit *v, struct page *p, const struct action *a,
                       struct form_found *found, const char *riddle)
{
    CLEANUP(buf_release) struct buf why = BUF_INIT(FORM_WHY_MAX);
    bool ok = true;

    for (size_t i = 0; ok && i < a->field_count; i++)
        ok = field_fill(p, &found->hits[i], a->fields[i].text, &why);
    if (ok)
        ok = form_attach(p, found->form, a->attach, a->attach_count, &why);
    if (ok) {
        found->button = form_button(p, found->form, a->submit, &why);
        ok = found->button != -2;
    }
    if (!ok)
        visit_our_failed(v, "%s: %s", p->url, why.ptr);
    if (!ok || guarded(v, p, found->form, riddle))
        return DONE_OUR_FAILED;
    return form_tell_violations(v, p, found->form);
}
