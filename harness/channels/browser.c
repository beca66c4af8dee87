/* The browser channel: the same steps as the form channel, done in a real browser over WebDriver, for
 * pages that need JavaScript. Fields are found in what the browser shows at that moment. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/channels/browser_fill.h"
#include "harness/channels/browser_page.h"
#include "harness/channels/form_events.h"
#include "harness/channels/http.h"
#include "harness/channels/press.h"

enum { WHY_MAX = 16 * 1024, STATE_MAX = 4096 };

/* A page has settled when nothing has changed and nothing was under way for so long. */
#define QUIET_US (400 * US_PER_MS)
#define POLL_US (80 * US_PER_MS)
/* A press that changes nothing: so long it may take a script to begin. */
#define NO_EFFECT_US (2 * US_PER_S)
/* Pages that never rest (clocks, adverts) are read as they are after that. */
#define RESTLESS_US (20 * US_PER_S)
/* So long a form may be drawn after everything is quiet. */
#define DRAWING_US (10 * US_PER_S)

struct browser_settings {
    const struct template *url, *driver;
};

struct browser_visit {
    struct visit *visit;
    const char *url, *driver;     /* driver NULL: one of our own */
    struct webdriver *wd;         /* NULL until the first act */

    struct browser_page now;      /* what was last seen; now.page NULL none */
    bool sent_here;               /* it is the answer to a form, not opened on purpose */
    bool *of_the_site;

    struct action action;         /* the act under way */
    struct timer *timer;
    int64_t began_us, arrived_us;
    struct field_hit *hits;
    int form, button, sent_seq;
    struct browser_fill *fill;
    struct browser_press press;

    char state[STATE_MAX];        /* settling */
    struct browser_traffic traffic;
    int64_t settle_us, changed_us;
    bool pressed;
    webdriver_fn *then;           /* gets the snapshot */
};

static void close_page(struct browser_visit *b)
{
    browser_fill_free(b->fill);
    b->fill = NULL;
    browser_page_close(&b->now);
    b->of_the_site = NULL;
}

/* Ends the act: nothing of the visit may be touched afterwards. */
static void act_over(struct browser_visit *b, enum done how)
{
    browser_fill_free(b->fill);
    b->fill = NULL;
    visit_done(b->visit, how);
}

static void our_fault(struct browser_visit *b, const char *why)
{
    visit_our_failed(b->visit, "%s: %s", b->now.page ? b->now.page->url : b->url, why);
    act_over(b, DONE_OUR_FAILED);
}

/** The first line of what a driver says; the rest is for its makers. */
static void driver_failed(struct browser_visit *b, const struct webdriver_answer *a)
{
    CLEANUP(mem_freep) char *line = mem_strndup(a->message, strcspn(a->message, "\n"));

    our_fault(b, *line ? line : a->error);
}

static void later(struct browser_visit *b, int64_t us, timer_fn *fn)
{
    struct loop *l = b->visit->world->loop;

    b->timer = timer_start(l, loop_now(l) + us, fn, b);
}

static int64_t now_us(const struct browser_visit *b)
{
    return loop_now(b->visit->world->loop);
}

/* Settling */

static void poll_page(void *context);

static bool is_over(const char *error)
{
    return !strcmp(error, "driver gone") || !strcmp(error, "invalid session id") ||
           !strcmp(error, "no such window");
}

static bool at_rest(const struct browser_visit *b)
{
    int64_t since = now_us(b) - b->settle_us;

    if (since > RESTLESS_US)
        return true;
    if (b->pressed && b->changed_us == b->settle_us && since < NO_EFFECT_US)
        return false;
    return text_starts_with(b->state, "ready") && !b->traffic.count &&
           now_us(b) - b->changed_us >= QUIET_US;
}

static void on_log(void *context, const struct webdriver_answer *a)
{
    struct browser_visit *b = context;

    browser_traffic_read(&b->traffic, a->value);  /* other browsers keep none: then it is empty */
    if (at_rest(b))
        webdriver_script(b->wd, browser_snapshot_script, NULL, b->then, b);
    else
        later(b, POLL_US, poll_page);
}

static void on_state(void *context, const struct webdriver_answer *a)
{
    struct browser_visit *b = context;
    const char *state = json_string_value(a->value);

    if (a->error && is_over(a->error)) {
        driver_failed(b, a);
        return;
    }
    /* Between two pages there is nothing to ask: that is a change, too. */
    if (!state)
        state = "loading";
    if (strcmp(state, b->state)) {
        b->changed_us = now_us(b);
        snprintf(b->state, sizeof(b->state), "%s", state);
    }
    webdriver_call(b->wd, "/se/log", json_pack("{s:s}", "type", "performance"), on_log, b);
}

static void poll_page(void *context)
{
    struct browser_visit *b = context;

    b->timer = NULL;
    webdriver_script(b->wd, browser_state_script, NULL, on_state, b);
}

/** Calls `then` with the snapshot of the page when it has settled. */
static void settle(struct browser_visit *b, bool pressed, webdriver_fn *then)
{
    b->then = then;
    b->pressed = pressed;
    b->settle_us = b->changed_us = now_us(b);
    poll_page(b);
}

/* What stands in the window */

static bool is_web(const char *url)
{
    return text_starts_with(url, "http://") || text_starts_with(url, "https://");
}

/** False: the act is over. */
static bool take_snapshot(struct browser_visit *b, const struct webdriver_answer *a)
{
    struct browser_page page;

    if (a->error || !browser_page_read(a->value, &page)) {
        driver_failed(b, a->error ? a : &(struct webdriver_answer){ NULL, "no page", "no page" });
        return false;
    }
    close_page(b);
    b->now = page;
    if (!is_web(page.page->url) || url_allowed(b->visit->scenario, page.page->url))
        return true;
    our_fault(b, "the company led on to a host that is not in company.hosts: not contacted");
    return false;
}

static void tell_page(struct browser_visit *b, int reply_to)
{
    CLEANUP(buf_release) struct buf text = BUF_INIT(PAGE_TEXT_MAX);
    int64_t wait = b->changed_us - b->began_us;

    page_text(b->now.page, &text);
    form_tell_page(b->visit, b->now.page->url, b->now.status, text.ptr, wait > 0 ? wait : 0,
                   reply_to);
}

/** The status of a page that is of no use, as a failure of the company. */
static enum done complain(struct browser_visit *b)
{
    const struct http_answer a = { .fault = HTTP_ANSWERED, .why = "", .method = "GET",
                                   .url = b->now.page->url, .status = b->now.status };

    return http_complain(b->visit, &a);
}

/* Pressing and its answer */

static void on_answer(void *context, const struct webdriver_answer *a)
{
    struct browser_visit *b = context;
    struct browser_page before = b->now;
    enum done how;

    b->now = (struct browser_page){ 0 };
    if (!take_snapshot(b, a)) {
        browser_page_close(&before);
        return;
    }
    tell_page(b, b->sent_seq);
    how = b->sent_seq >= 0 && form_tell_refused(b->visit, before.page, b->form, b->now.page,
                                                b->now.status)
              ? DONE_COMPANY_FAILED : complain(b);
    b->sent_here = b->sent_seq >= 0;
    b->of_the_site = forms_of_the_site(before.page, b->sent_here ? b->form : -1, b->now.page);
    browser_page_close(&before);
    act_over(b, how);
}

static void on_pressed(void *context, const struct webdriver_answer *a)
{
    struct browser_visit *b = context;

    if (a->error) {
        driver_failed(b, a);
        return;
    }
    settle(b, true, on_answer);
}

static void press_node(struct browser_visit *b, const GumboNode *n)
{
    json_t *element = browser_element(&b->now, n);

    if (!element) {
        our_fault(b, "the browser has no element for it");
        return;
    }
    b->began_us = now_us(b);
    browser_press_start(&b->press, b->wd, element, on_pressed, b);
}

/** Button -1: the form has none, and is sent as by the Enter key. */
static void send_now(void *context)
{
    struct browser_visit *b = context;
    const struct page *p = b->now.page;

    if (b->button >= 0) {
        press_node(b, p->controls[b->button].node);
        return;
    }
    b->began_us = now_us(b);
    webdriver_script(b->wd, "arguments[0].requestSubmit()",
                     json_pack("[o]", browser_element(&b->now, p->forms[b->form].node)),
                     on_pressed, b);
}

static void send_form(struct browser_visit *b)
{
    b->sent_seq = form_tell_sent(b->visit, b->now.page, &b->action, b->hits);
    visit_commit(b->visit, send_now, b);
}

static void click(struct browser_visit *b)
{
    CLEANUP(buf_release) struct buf why = BUF_INIT(WHY_MAX);
    struct press p = page_press(b->now.page, b->action.text, &why);
    const struct control *c = p.control >= 0 ? &b->now.page->controls[p.control] : NULL;

    if (!p.node) {
        our_fault(b, why.ptr);
        return;
    }
    b->sent_seq = -1;
    if (!c || c->form < 0 || c->kind == CONTROL_BUTTON) {
        press_node(b, p.node);
        return;
    }
    b->form = c->form;
    b->button = p.control;
    send_form(b);
}

/* Filling in */

static void on_filled(void *context, const char *problem)
{
    struct browser_visit *b = context;

    if (problem)
        our_fault(b, problem);
    else
        send_form(b);
}

static void fill(struct browser_visit *b)
{
    const struct action *a = &b->action;
    struct page *p = b->now.page;
    CLEANUP(buf_release) struct buf why = BUF_INIT(WHY_MAX);
    bool ok = true;

    form_tell_form(b->visit, p, b->form);
    b->fill = browser_fill_new(b->wd, &b->now);
    for (size_t i = 0; ok && i < a->field_count; i++)
        ok = field_fill(p, &b->hits[i], a->fields[i].text, &why);
    if (ok)
        ok = form_attach(p, b->form, a->attach, a->attach_count, &why);
    if (ok) {
        b->button = form_button(p, b->form, a->submit, &why);
        ok = b->button != -2;
    }
    if (ok && form_violations(p, b->form, &why)) {
        buf_trim_right(&why);
        visit_note(b->visit, "not sent: the browser would not let it pass\n%s", why.ptr);
        ok = false;
    }
    if (ok)
        browser_fill_start(b->fill, on_filled, b);
    else
        our_fault(b, why.ptr);
}

static bool choose_form(struct browser_visit *b, struct buf *why)
{
    const struct action *a = &b->action;

    b->hits = arena_alloc(b->now.page->arena, (a->field_count + 1) * sizeof(*b->hits));
    b->form = form_choose(b->now.page, a->fields, a->field_count, a->submit, b->hits, why);
    return b->form >= 0;
}

static void on_look_again(void *context, const struct webdriver_answer *a);

static void look_again(void *context)
{
    struct browser_visit *b = context;

    b->timer = NULL;
    webdriver_script(b->wd, browser_snapshot_script, NULL, on_look_again, b);
}

/* With the page in the window: what the step is about. A form that is not there may still come. */
static void work(struct browser_visit *b)
{
    CLEANUP(buf_release) struct buf why = BUF_INIT(WHY_MAX);

    if (b->action.verb == VERB_CLICK) {
        click(b);
        return;
    }
    if (choose_form(b, &why)) {
        if (why.len)
            visit_note(b->visit, "%s: %s", b->now.page->url, why.ptr);
        fill(b);
    } else if (now_us(b) - b->arrived_us < DRAWING_US) {
        later(b, POLL_US, look_again);
    } else {
        our_fault(b, why.ptr);
    }
}

static void on_look_again(void *context, const struct webdriver_answer *a)
{
    struct browser_visit *b = context;

    if (take_snapshot(b, a))
        work(b);
}

/* Opening */

static void on_arrival(void *context, const struct webdriver_answer *a)
{
    struct browser_visit *b = context;
    enum done how;

    if (!take_snapshot(b, a))
        return;
    b->arrived_us = now_us(b);
    b->sent_here = false;
    tell_page(b, -1);
    how = complain(b);
    if (how != DONE_OK || b->action.verb == VERB_OPEN || b->action.verb == VERB_FOLLOW)
        act_over(b, how);
    else
        work(b);
}

static void on_navigated(void *context, const struct webdriver_answer *a)
{
    struct browser_visit *b = context;

    if (!a->error) {
        settle(b, false, on_arrival);
    } else if (strstr(a->message, "net::ERR_NAME_NOT_RESOLVED")) {
        our_fault(b, "the address leads to a host that does not exist or is not in company.hosts");
    } else if (strstr(a->message, "net::ERR_")) {
        visit_company_failed(b->visit, FAILURE_UNREACHABLE, "%s: %.*s", b->url,
                             (int)strcspn(a->message, "\n"), a->message);
        act_over(b, DONE_COMPANY_FAILED);
    } else {
        driver_failed(b, a);
    }
}

static void navigate(struct browser_visit *b, const char *url)
{
    if (!url_allowed(b->visit->scenario, url)) {
        our_fault(b, arena_printf(b->visit->arena, "the address is %s, which is not in "
                                  "company.hosts: not contacted", url));
        return;
    }
    b->began_us = now_us(b);
    webdriver_call(b->wd, "/url", json_pack("{s:s}", "url", url), on_navigated, b);
}

/** Is the step about the page that is open? After a form was sent only if its fields are there. */
static bool stays(struct browser_visit *b)
{
    CLEANUP(buf_release) struct buf why = BUF_INIT(WHY_MAX);

    if (!b->now.page || !b->sent_here || b->action.verb == VERB_CLICK)
        return b->now.page != NULL;
    return choose_form(b, &why) && !b->of_the_site[b->form];
}

static void begin(void *context)
{
    struct browser_visit *b = context;
    enum verb verb = b->action.verb;

    b->timer = NULL;
    if (verb == VERB_OPEN || verb == VERB_FOLLOW) {
        char *url = http_resolve(b->now.page ? b->now.page->base : b->url, b->action.text);

        navigate(b, url ? url : b->action.text);
        free(url);
    } else if (stays(b)) {
        b->arrived_us = now_us(b);
        work(b);
    } else {
        navigate(b, b->url);
    }
}

static void on_session(void *context, const struct webdriver_answer *a)
{
    struct browser_visit *b = context;

    if (a->error)
        driver_failed(b, a);
    else
        begin(b);
}

/* The vtable */

static void browser_check(const struct scenario *s, const struct channel_spec *spec,
                          const struct channel_world *world, struct diags *diags)
{
    const struct browser_settings *set = spec->settings;

    (void)world;
    http_check_url(s, spec, set->url, diags);
    form_check_opens(s, spec, diags);
}

static enum status browser_open(struct visit *v, struct diags *diags)
{
    const struct browser_settings *set = v->spec->settings;
    struct browser_visit *b = v->state;
    enum status st;

    b->visit = v;
    st = http_open_url(v, set->url, diags, &b->url);
    if (st)
        return st;
    if (set->driver && !(b->driver = visit_render(v, set->driver, diags)))
        return ST_NOT_FOUND;
    if (b->driver && !*b->driver)
        b->driver = NULL;
    return ST_OK;
}

static enum status browser_act(struct visit *v, const struct action *a)
{
    struct browser_visit *b = v->state;
    CLEANUP(buf_release) struct buf rules = BUF_INIT(65536);

    if (!(v->channel->verbs & 1u << a->verb))
        return ST_UNSUPPORTED;
    b->action = form_copy_action(v, a);
    b->sent_seq = -1;
    if (b->wd) {
        later(b, 0, begin);
        return ST_OK;
    }
    browser_host_rules(v->scenario->company.hosts.items, v->scenario->company.hosts.count, &rules);
    b->wd = webdriver_new(v->world->loop, b->driver);
    webdriver_begin(b->wd, rules.ptr, v->language, on_session, b);
    return ST_OK;
}

static void browser_cancel(struct visit *v)
{
    struct browser_visit *b = v->state;

    timer_cancel(b->timer);
    b->timer = NULL;
    close_page(b);
    webdriver_free(b->wd);        /* a half-done act leaves nothing to go on with */
    b->wd = NULL;
}

static void browser_close(struct visit *v)
{
    struct browser_visit *b = v->state;

    browser_cancel(v);
    browser_press_release(&b->press);
    browser_traffic_release(&b->traffic);
}

static const struct field browser_fields[] = {
    { .name = "url", .type = FIELD_TEMPLATE, .offset = offsetof(struct browser_settings, url),
      .flags = FIELD_REQUIRED, .help = "the page with the form" },
    { .name = "driver", .type = FIELD_TEMPLATE, .offset = offsetof(struct browser_settings, driver),
      .help = "address of a WebDriver that runs already; default: a chromedriver is started" },
    { 0 },
};

static const struct object browser_object = {
    "browser channel", sizeof(struct browser_settings), browser_fields, SIZE_MAX,
};

const struct channel channel_browser = {
    .name = "browser",
    .family = FAMILY_FORM,
    .verbs = 1u << VERB_FILL | 1u << VERB_OPEN | 1u << VERB_CLICK | 1u << VERB_FOLLOW,
    .settings = &browser_object,
    .state_size = sizeof(struct browser_visit),
    .check = browser_check,
    .open = browser_open,
    .act = browser_act,
    .cancel = browser_cancel,
    .close = browser_close,
};
