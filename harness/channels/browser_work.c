/* What a step does in the browser's window: filling in, pressing, reading the answer. */
#include <string.h>

#include "harness/channels/browser_inside.h"
#include "harness/channels/press.h"

enum { REDRAWN_MAX = 5 };

/* So long a form may be drawn after everything is quiet. */
#define DRAWING_US (10 * US_PER_S)

/* Pressing and its answer */

static void on_answer(void *context, const struct webdriver_answer *a)
{
    struct browser_visit *b = context;
    struct browser_page before = b->now;
    enum done how;

    b->now = (struct browser_page){ 0 };
    if (!browser_take_snapshot(b, a)) {
        browser_page_close(&before);
        return;
    }
    browser_tell_page(b, b->sent_seq);
    how = b->sent_seq >= 0 && form_tell_refused(b->visit, before.page, b->found.form, b->now.page,
                                                b->now.status, b->sent_seq)
              ? DONE_COMPANY_FAILED : browser_complain(b);
    b->sent_here = b->sent_seq >= 0;
    b->of_the_site = forms_of_the_site(before.page, b->sent_here ? b->found.form : -1, b->now.page);
    browser_page_close(&before);
    browser_act_over(b, how);
}

static void on_look_again(void *context, const struct webdriver_answer *a);

static void look_again(void *context)
{
    struct browser_visit *b = context;

    b->timer = NULL;
    webdriver_script(b->wd, browser_snapshot_script, NULL, on_look_again, b);
}

/** A page that draws itself anew while it is filled in: what was done to the old one did nothing. */
static bool try_again(struct browser_visit *b, const char *error)
{
    if (!browser_is_redrawn(error) || b->redrawn >= REDRAWN_MAX)
        return false;
    b->redrawn++;
    browser_later(b, BROWSER_POLL_US, look_again);
    return true;
}

static void on_window(void *context, const struct webdriver_answer *a)
{
    struct browser_visit *b = context;

    if (a->error)
        browser_driver_failed(b, a);
    else
        browser_settle(b, true, on_answer);
}

/* A press may open a window or close its own: people look at the one that is in front then. */
static void on_windows(void *context, const struct webdriver_answer *a)
{
    struct browser_visit *b = context;
    size_t before = b->windows ? b->windows : 1, now = json_array_size(a->value);
    json_t *front = now && now != before ? json_array_get(a->value, now - 1) : NULL;

    if (now)
        b->windows = now;
    if (json_is_string(front))
        webdriver_call(b->wd, "/window", json_pack("{s:O}", "handle", front), on_window, b);
    else
        browser_settle(b, true, on_answer);
}

static void on_pressed(void *context, const struct webdriver_answer *a)
{
    struct browser_visit *b = context;

    if (a->error && !try_again(b, a->error))
        browser_driver_failed(b, a);
    if (!a->error)
        webdriver_call(b->wd, "/window/handles", NULL, on_windows, b);
}

static void press_node(struct browser_visit *b, const GumboNode *n)
{
    json_t *element = browser_element(&b->now, n);

    if (!element) {
        browser_our_fault(b, "the browser has no element for it");
        return;
    }
    b->began_us = browser_now(b);
    browser_press_start(&b->press, b->wd, element, on_pressed, b);
}

/** Button -1: the form has none, and is sent as by the Enter key. */
static void send_now(void *context)
{
    struct browser_visit *b = context;
    const struct page *p = b->now.page;
    json_t *form;

    if (b->found.button >= 0) {
        press_node(b, p->controls[b->found.button].node);
        return;
    }
    b->began_us = browser_now(b);
    form = browser_element(&b->now, p->forms[b->found.form].node);
    if (form)
        webdriver_script(b->wd, "arguments[0].requestSubmit()", json_pack("[o]", form), on_pressed,
                         b);
    else
        browser_our_fault(b, "the fields are in no form, and no button stands behind them: name "
                             "the one that sends them with submit:");
}

static void send_form(struct browser_visit *b)
{
    if (b->sent_seq >= 0) {       /* told and committed, but the page was drawn anew before */
        send_now(b);
        return;
    }
    b->sent_seq = form_tell_sent(b->visit, b->now.page, &b->action, b->found.hits);
    visit_commit(b->visit, send_now, b);
}

/** Fields in no form: pressing a button there may be anything. */
static bool is_loose(const struct page *p, int form)
{
    return p->forms[form].id && !strcmp(p->forms[form].id, BROWSER_LOOSE);
}

static void click(struct browser_visit *b)
{
    CLEANUP(buf_release) struct buf why = BUF_INIT(FORM_WHY_MAX);
    struct press p = page_press(b->now.page, b->action.text, &why);
    const struct control *c = p.control >= 0 ? &b->now.page->controls[p.control] : NULL;

    if (!p.node) {
        browser_our_fault(b, why.ptr);
        return;
    }
    if (!c || c->form < 0 || c->kind == CONTROL_BUTTON || is_loose(b->now.page, c->form)) {
        press_node(b, p.node);
        return;
    }
    b->found.form = c->form;
    b->found.button = p.control;
    send_form(b);
}

/* Filling in */

static void on_filled(void *context, const char *problem, const char *error)
{
    struct browser_visit *b = context;

    if (problem && try_again(b, error))
        return;
    if (problem)
        browser_our_fault(b, problem);
    else
        send_form(b);
}

static void fill(struct browser_visit *b)
{
    enum done how;

    if (!b->redrawn)
        form_tell_form(b->visit, b->now.page, b->found.form);
    b->fill = browser_fill_new(b->wd, &b->now);
    how = form_fill_in(b->visit, b->now.page, &b->action, &b->found, NULL);
    if (how == DONE_OK)
        browser_fill_start(b->fill, on_filled, b);
    else
        browser_act_over(b, how);
}

/* With the page in the window: what the step is about. A form that is not there may still come. */
void browser_work(struct browser_visit *b)
{
    CLEANUP(buf_release) struct buf why = BUF_INIT(FORM_WHY_MAX);

    if (b->action.verb == VERB_CLICK) {
        click(b);
        return;
    }
    if (b->action.verb == VERB_SAY) {
        browser_say(b);
        return;
    }
    if (form_find(b->now.page, &b->action, &b->found, &why)) {
        if (why.len && !b->redrawn)
            visit_note(b->visit, "%s: %s", b->now.page->url, why.ptr);
        fill(b);
    } else if (browser_now(b) - b->arrived_us < DRAWING_US) {
        browser_later(b, BROWSER_POLL_US, look_again);
    } else {
        browser_act_over(b, form_tell_none(b->visit, b->now.page, &b->action, false, why.ptr));
    }
}

static void on_look_again(void *context, const struct webdriver_answer *a)
{
    struct browser_visit *b = context;

    if (browser_take_snapshot(b, a))
        browser_work(b);
}
