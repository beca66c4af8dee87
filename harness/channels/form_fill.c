/* Filling in the form that a step means; and what stands before it. */
#include "harness/channels/form_inside.h"
#include "harness/channels/walls.h"

bool form_may_be_sent(struct form_visit *f)
{
    enum done how = form_tell_violations(f->visit, f->page, f->form);

    if (how == DONE_OK)
        return true;
    form_act_over(f, how);
    return false;
}

/** A riddle for people stands before the button: a machine does not try. True: the act is over. */
static bool guarded(struct form_visit *f)
{
    const char *riddle = form_captcha(f->page, f->form);

    if (!riddle && f->riddle)
        visit_note(f->visit, "the page loads %s, which may refuse what no script has signed",
                   f->riddle);
    if (!riddle)
        return false;
    form_our_fault(f, arena_printf(f->page->arena, "not sent: a CAPTCHA (%s) guards the form, and no "
                              "machine may pass it; have it switched off for the tester, or use "
                              "its test key", riddle));
    return true;
}

static void fill_in(struct form_visit *f)
{
    const struct action *a = &f->action;
    CLEANUP(buf_release) struct buf why = BUF_INIT(WHY_MAX);
    bool ok = true;

    for (size_t i = 0; ok && i < a->field_count; i++)
        ok = field_fill(f->page, &f->hits[i], a->fields[i].text, &why);
    if (ok)
        ok = form_attach(f->page, f->form, a->attach, a->attach_count, &why);
    if (ok) {
        f->button = form_button(f->page, f->form, a->submit, &why);
        ok = f->button != -2;
    }
    if (ok && guarded(f))
        return;
    if (!ok)
        form_our_fault(f, why.ptr);
    else if (form_may_be_sent(f))
        form_next(f, form_send);
}

static bool has_loose_fields(const struct page *p)
{
    for (size_t i = 0; i < p->control_count; i++)
        if (p->controls[i].form < 0 && field_fillable(&p->controls[i]))
            return true;
    return false;
}

/** The page has no form. Whose fault that is depends on whether a browser would show one. */
static void no_form(struct form_visit *f)
{
    if (has_loose_fields(f->page)) {
        form_our_fault(f, "the fields are in no form: scripts send them, which needs a browser");
        return;
    }
    visit_company_failed(f->visit, FAILURE_NO_FORM, "%s has no form%s", f->page->url,
                         f->scripts
                             ? " (scripts may draw one: that needs a browser)" : "");
    form_act_over(f, DONE_COMPANY_FAILED);
}

bool form_find(struct form_visit *f, struct buf *why)
{
    const struct action *a = &f->action;

    f->hits = arena_alloc(f->page->arena, (a->field_count + 1) * sizeof(*f->hits));
    f->form = form_choose(f->page, a->fields, a->field_count, a->submit, f->hits, why);
    return f->form >= 0;
}

/** Instead of the form the company shows a login. True: the act is over. */
static bool login_wall(struct form_visit *f)
{
    CLEANUP(buf_release) struct buf fields = BUF_INIT(WHY_MAX);
    int login = page_login(f->page);

    for (size_t i = 0; login >= 0 && i < f->action.field_count; i++)
        for (size_t k = 0; k < f->page->form_count; k++)
            if (field_find(f->page, (int)k, f->action.fields[i].name).kind != HIT_NONE)
                return false;     /* it is the page that was meant */
    if (login < 0 || !f->action.field_count)
        return false;
    form_tell_form(f->visit, f->page, login);
    form_describe(f->page, login, &fields);
    visit_company_failed(f->visit, FAILURE_NO_FORM, "%s wants a login before anything else "
                         "(%s)", f->page->url, fields.ptr);
    form_act_over(f, DONE_COMPANY_FAILED);
    return true;
}

void form_fill_page(struct form_visit *f)
{
    CLEANUP(buf_release) struct buf why = BUF_INIT(WHY_MAX);

    if (f->page->form_count == 0) {
        no_form(f);
        return;
    }
    if (!form_find(f, &why)) {
        if (!login_wall(f))
            form_our_fault(f, why.ptr);
        return;
    }
    if (why.len)
        visit_note(f->visit, "%s: %s", f->page->url, why.ptr);
    form_tell_form(f->visit, f->page, f->form);
    fill_in(f);
}
