/* The browser channel: the same steps as the form channel, done in a real browser over WebDriver, for
 * pages that need JavaScript. Fields are found in what the browser shows at that moment. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/channels/browser_inside.h"
#include "harness/channels/http.h"

struct browser_settings {
    const struct template *url, *driver;
    int64_t settle;
    int links;
};

/* Opening */

static void on_arrival(void *context, const struct webdriver_answer *a)
{
    struct browser_visit *b = context;
    enum done how;

    if (!browser_take_snapshot(b, a))
        return;
    b->arrived_us = browser_now(b);
    b->sent_here = false;
    browser_tell_page(b, -1);
    how = browser_complain(b);
    if (how != DONE_OK || b->action.verb == VERB_OPEN || b->action.verb == VERB_FOLLOW)
        browser_act_over(b, how);
    else
        browser_work(b);
}

static void on_navigated(void *context, const struct webdriver_answer *a)
{
    struct browser_visit *b = context;

    if (!a->error) {
        browser_settle(b, false, on_arrival);
    } else if (strstr(a->message, "net::ERR_NAME_NOT_RESOLVED")) {
        browser_our_fault(b, "the address leads to a host that does not exist or is not in "
                             "company.hosts");
    } else if (strstr(a->message, "net::ERR_")) {
        visit_company_failed(b->visit, FAILURE_UNREACHABLE, "%s: %.*s", b->url,
                             (int)strcspn(a->message, "\n"), a->message);
        browser_act_over(b, DONE_COMPANY_FAILED);
    } else if (!browser_page_failed(b, b->action.text ? b->action.text : b->url, a->error)) {
        browser_driver_failed(b, a);
    }
}

static void navigate(struct browser_visit *b, const char *url)
{
    if (!url_allowed(b->visit->scenario, url)) {
        browser_our_fault(b, arena_printf(b->visit->arena, "the address is %s, which is not in "
                                  "company.hosts: not contacted", url));
        return;
    }
    b->began_us = browser_now(b);
    b->traffic.bytes = b->traffic.ended = 0;
    webdriver_call(b->wd, "/url", json_pack("{s:s}", "url", url), on_navigated, b);
}

/** Is the step about the page that is open? After a form was sent only if its fields are there. */
static bool stays(struct browser_visit *b)
{
    CLEANUP(buf_release) struct buf why = BUF_INIT(FORM_WHY_MAX);

    if (!b->now.page || !b->sent_here || b->action.verb == VERB_CLICK ||
        b->action.verb == VERB_SAY)
        return b->now.page != NULL;
    return form_find(b->now.page, &b->action, &b->found, &why) && !b->of_the_site[b->found.form];
}

static void begin_here(struct browser_visit *b)
{
    enum verb verb = b->action.verb;

    if (verb == VERB_OPEN || verb == VERB_FOLLOW) {
        char *url = http_resolve(b->now.page ? b->now.page->base : b->url, b->action.text);

        navigate(b, url ? url : b->action.text);
        free(url);
    } else if (stays(b)) {
        b->arrived_us = browser_now(b);
        browser_work(b);
    } else {
        navigate(b, b->url);
    }
}

static void on_out_of_frame(void *context, const struct webdriver_answer *a)
{
    struct browser_visit *b = context;

    if (a->error)
        browser_driver_failed(b, a);
    else
        begin_here(b);
}

void browser_begin(void *visit)
{
    struct browser_visit *b = visit;

    b->timer = NULL;
    if (browser_talk_leaves(b))
        webdriver_call(b->wd, "/frame", json_pack("{s:n}", "id"), on_out_of_frame, b);
    else
        begin_here(b);
}

/* What the page says in a box of its own is said to the customer. */
static void on_box(void *context, const char *text)
{
    struct browser_visit *b = context;
    int64_t wait = browser_now(b) - b->began_us;

    form_tell_page(b->visit, &(struct page_told){
        .url = b->now.page ? b->now.page->url : b->url, .text = text, .reply_to = b->sent_seq,
        .wait_us = wait > 0 ? wait : 0,
    });
}

static void on_marked(void *context, const struct webdriver_answer *a)
{
    struct browser_visit *b = context;

    if (a->error)
        visit_note(b->visit, "this browser cannot be told to send the marker: its requests have none");
    browser_begin(b);
}

/* What WebDriver has no word for Chromium's own protocol has; it is on once the first is answered. */
static void on_network(void *context, const struct webdriver_answer *a)
{
    struct browser_visit *b = context;

    if (a->error)
        on_marked(b, a);
    else
        webdriver_call(b->wd, "/goog/cdp/execute",
                       json_pack("{s:s, s:{s:{s:s}}}", "cmd", "Network.setExtraHTTPHeaders", "params",
                                 "headers", "X-Shopper", b->visit->world->marker), on_marked, b);
}

static void on_session(void *context, const struct webdriver_answer *a)
{
    struct browser_visit *b = context;

    if (a->error) {
        browser_driver_failed(b, a);
        return;
    }
    if (b->driver)
        visit_note(b->visit, "the browser is somebody else's (%s): it was asked to contact only "
                   "company.hosts, which cannot be enforced there", b->driver);
    if (b->visit->world->marker)
        webdriver_call(b->wd, "/goog/cdp/execute",
                       json_pack("{s:s, s:{}}", "cmd", "Network.enable", "params"), on_network, b);
    else
        browser_begin(b);
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

/** What opens the driver is told nobody: neither as it is written in its address nor as it is meant. */
static void hide_password(struct visit *v, const char *url)
{
    static const unsigned ways[] = { 0, CURLU_URLDECODE };
    CURLU *u = curl_url();

    for (size_t i = 0; u && i < ARRAY_LEN(ways); i++) {
        char *password = NULL;

        if (!curl_url_set(u, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME) &&
            !curl_url_get(u, CURLUPART_PASSWORD, &password, ways[i]) && *password)
            v->sink->secret(v, password);
        curl_free(password);
    }
    curl_url_cleanup(u);
}

static enum status browser_open(struct visit *v, struct diags *diags)
{
    const struct browser_settings *set = v->spec->settings;
    struct browser_visit *b = v->state;
    enum status st;

    b->visit = v;
    v->tries_links = set->links == FORM_LINKS_CHECK;
    st = http_open_url(v, set->url, diags, &b->url);
    if (st)
        return st;
    if (set->driver && !(b->driver = visit_render(v, set->driver, diags)))
        return ST_NOT_FOUND;
    if (b->driver && !*b->driver)
        b->driver = NULL;
    if (b->driver)
        hide_password(v, b->driver);
    v->settle_us = set->settle;
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
    b->redrawn = 0;
    if (b->wd) {
        if (!browser_talk_waits(b))
            browser_later(b, 0, browser_begin);
        return ST_OK;
    }
    browser_host_rules(v->scenario->company.hosts.items, v->scenario->company.hosts.count, &rules);
    b->wd = webdriver_new(v->world->loop, b->driver);
    webdriver_begin(b->wd, &(struct webdriver_wishes){
        .rules = rules.ptr, .language = v->language, .page_us = form_patience(v), .box = on_box,
    }, on_session, b);
    return ST_OK;
}

static void browser_cancel(struct visit *v)
{
    struct browser_visit *b = v->state;

    timer_cancel(b->timer);
    b->timer = NULL;
    browser_close_page(b);
    webdriver_free(b->wd);        /* a half-done act leaves nothing to go on with */
    b->wd = NULL;
    browser_traffic_release(&b->traffic);
    b->windows = 0;
    browser_talk_free(b->talk);
    b->talk = NULL;
    b->gone = false;
}

static void browser_close(struct visit *v)
{
    struct browser_visit *b = v->state;

    browser_cancel(v);
    browser_press_release(&b->press);
    browser_traffic_release(&b->traffic);
}

static void listen_to(struct visit *v)
{
    browser_listen(v->state);
}

static void hush(struct visit *v)
{
    browser_hush(v->state);
}

static const struct field browser_fields[] = {
    { .name = "url", .type = FIELD_TEMPLATE, .offset = offsetof(struct browser_settings, url),
      .flags = FIELD_REQUIRED, .help = "the page with the form" },
    { .name = "driver", .type = FIELD_TEMPLATE, .offset = offsetof(struct browser_settings, driver),
      .help = "address of a WebDriver that runs already; default: a chromedriver is started" },
    { .name = "settle", .type = FIELD_DURATION, .offset = offsetof(struct browser_settings, settle),
      .fallback = "2s", .help = "a chat on the page: so long nothing more, and the company's turn is "
                                "over" },
    { .name = "links", .type = FIELD_CHOICE, .offset = offsetof(struct browser_settings, links),
      .choices = form_links_names, .fallback = "check", .help = FORM_LINKS_HELP },
    { 0 },
};

static const struct object browser_object = {
    "browser channel", sizeof(struct browser_settings), browser_fields, SIZE_MAX,
};

const struct channel channel_browser = {
    .name = "browser",
    .family = FAMILY_FORM,
    .verbs = 1u << VERB_FILL | 1u << VERB_OPEN | 1u << VERB_CLICK | 1u << VERB_FOLLOW |
             1u << VERB_SAY,
    .settings = &browser_object,
    .state_size = sizeof(struct browser_visit),
    .check = browser_check,
    .open = browser_open,
    .act = browser_act,
    .listen = listen_to,
    .hush = hush,
    .cancel = browser_cancel,
    .close = browser_close,
    .one_loop = channel_bound,
};
