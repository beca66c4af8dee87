/* The browser's window: when a page has settled, what stands in it, how an act ends. */
#include <limits.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/channels/browser_inside.h"
#include "harness/channels/http.h"

/* A page has settled when nothing has changed and nothing was under way for so long. */
#define QUIET_US (400 * US_PER_MS)
/* A press that changes nothing: so long it may take a script to begin. */
#define NO_EFFECT_US (2 * US_PER_S)
/* Pages that never rest (clocks, adverts) are read as they are after that. */
#define RESTLESS_US (20 * US_PER_S)
/* What a new page still waits for after that is not for showing it. */
#define NEWS_US (10 * US_PER_S)

void browser_close_page(struct browser_visit *b)
{
    browser_fill_free(b->fill);
    b->fill = NULL;
    browser_page_close(&b->now);
    b->of_the_site = NULL;
}

/* Evidence: what the window shows when the act ends, as a picture and as the tree it is. */

static void on_source(void *context, const struct webdriver_answer *a)
{
    struct browser_visit *b = context;
    const char *html = json_string_value(a->value);

    if (html)
        visit_evidence(b->visit, EVIDENCE_PAGE, slice_str(html));
    visit_done(b->visit, b->how);
}

static void keep_png(struct browser_visit *b, const char *base64)
{
    size_t len = strlen(base64), padding = strspn(base64 + strcspn(base64, "="), "=");
    CLEANUP(mem_freep) char *png = mem_alloc(len / 4 * 3 + 1);
    int n = len % 4 || len > INT_MAX
                ? -1 : EVP_DecodeBlock((unsigned char *)png, (const unsigned char *)base64, (int)len);

    if (n > 0 && (size_t)n > padding)
        visit_evidence(b->visit, EVIDENCE_SCREENSHOT, (struct slice){ png, (size_t)n - padding });
}

void browser_keep_picture(struct browser_visit *b, const struct webdriver_answer *a)
{
    const char *base64 = json_string_value(a->value);

    if (base64)
        keep_png(b, base64);
    else
        visit_note(b->visit, "no screenshot: %.*s", (int)strcspn(a->message, "\n"), a->message);
}

static void on_screenshot(void *context, const struct webdriver_answer *a)
{
    struct browser_visit *b = context;

    browser_keep_picture(b, a);
    webdriver_call(b->wd, "/source", NULL, on_source, b);
}

void browser_act_over(struct browser_visit *b, enum done how)
{
    browser_fill_free(b->fill);
    b->fill = NULL;
    b->how = how;
    if (b->visit->evidence && b->now.page && !b->gone)
        webdriver_call(b->wd, "/screenshot", NULL, on_screenshot, b);
    else
        visit_done(b->visit, how);
}

void browser_our_fault(struct browser_visit *b, const char *why)
{
    visit_our_failed(b->visit, "%s: %s", b->now.page ? b->now.page->url : b->url, why);
    browser_act_over(b, DONE_OUR_FAILED);
}

bool browser_page_failed(struct browser_visit *b, const char *url, const char *error)
{
    if (!strcmp(error, "timeout"))
        visit_company_failed(b->visit, FAILURE_UNREACHABLE, "%s: the page is not there after %d s",
                             url, (int)(form_patience(b->visit) / US_PER_S));
    else if (!strcmp(error, "script timeout"))
        visit_company_failed(b->visit, FAILURE_UNREACHABLE, "%s: the page hangs: it does not react "
                             "any more", url);
    else
        return false;
    browser_act_over(b, DONE_COMPANY_FAILED);
    return true;
}

/** The first line of what a driver says; the rest is for its makers. */
void browser_driver_failed(struct browser_visit *b, const struct webdriver_answer *a)
{
    CLEANUP(mem_freep) char *line = mem_strndup(a->message, strcspn(a->message, "\n"));

    b->gone |= browser_is_gone(a->error);
    if (!browser_page_failed(b, b->now.page ? b->now.page->url : b->url, a->error))
        browser_our_fault(b, *line ? line : a->error);
}

void browser_later(struct browser_visit *b, int64_t us, timer_fn *fn)
{
    struct loop *l = b->visit->world->loop;

    b->timer = timer_start(l, loop_now(l) + us, fn, b);
}

int64_t browser_now(const struct browser_visit *b)
{
    return loop_now(b->visit->world->loop);
}

/* Settling */

static void poll_page(void *context);

bool browser_is_gone(const char *error)
{
    return !strcmp(error, "driver gone") || !strcmp(error, "invalid session id") ||
           !strcmp(error, "no such window");
}

/** What the page still waits for. A request that was there before the press has nothing to do with it;
 *  one of a page that has just come is waited for only so long: some ask their company all the time
 *  whether there is news. */
static const char *waits_for(const struct browser_visit *b)
{
    bool here = b->pressed && b->traffic.pages == b->pages;

    return browser_traffic_since(&b->traffic, here ? b->settle_us : browser_now(b) - NEWS_US);
}

static bool has_effect(const struct browser_visit *b)
{
    return !b->pressed || b->changed_us != b->settle_us ||
           browser_now(b) - b->settle_us >= NO_EFFECT_US;
}

/** Nothing is under way; it may still change. */
static bool is_calm(const struct browser_visit *b)
{
    bool shown = text_starts_with(b->state, "shown") && browser_now(b) - b->settle_us > NEWS_US;

    return has_effect(b) && (shown || text_starts_with(b->state, "ready")) && !waits_for(b);
}

/** It never comes to rest: read as it is. What changes for its own sake is no wait of the customer's. */
static void take_as_is(struct browser_visit *b)
{
    const char *request = waits_for(b);

    visit_note(b->visit, "the page did not come to rest in %d s (%s%s): read as it is",
               (int)(RESTLESS_US / US_PER_S), request ? "waits for " : "it changes all the time",
               request ? request : "");
    if (b->calm_us)
        b->changed_us = b->calm_us;
}

static void on_log(void *context, const struct webdriver_answer *a)
{
    struct browser_visit *b = context;
    bool restless = browser_now(b) - b->settle_us > RESTLESS_US;
    bool calm;

    browser_traffic_read(&b->traffic, a->value, browser_now(b));  /* other browsers keep none */
    calm = is_calm(b);
    if (calm && !b->calm_us)
        b->calm_us = browser_now(b);
    if (!calm || browser_now(b) - b->changed_us < QUIET_US) {
        if (!restless) {
            browser_later(b, BROWSER_POLL_US, poll_page);
            return;
        }
        take_as_is(b);
    }
    webdriver_script(b->wd, browser_snapshot_script, NULL, b->then, b);
}

static void on_state(void *context, const struct webdriver_answer *a)
{
    struct browser_visit *b = context;
    const char *state = json_string_value(a->value);

    if (a->error && (browser_is_gone(a->error) || strstr(a->error, "timeout"))) {
        browser_driver_failed(b, a);
        return;
    }
    /* Between two pages there is nothing to ask: that is a change, too. */
    if (!state)
        state = "loading";
    if (strcmp(state, b->state)) {
        b->changed_us = browser_now(b);
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
void browser_settle(struct browser_visit *b, bool pressed, webdriver_fn *then)
{
    b->then = then;
    b->pressed = pressed;
    b->settle_us = b->changed_us = browser_now(b);
    b->calm_us = 0;
    b->pages = b->traffic.pages;
    poll_page(b);
}

/* What stands in the window */

static bool is_web(const char *url)
{
    return text_starts_with(url, "http://") || text_starts_with(url, "https://");
}

/** False: the act is over. */
bool browser_take_snapshot(struct browser_visit *b, const struct webdriver_answer *a)
{
    struct browser_page page;

    if (a->error) {
        browser_driver_failed(b, a);
        return false;
    }
    if (!browser_page_read(&b->visit->world->lexicons, a->value, &page)) {
        browser_our_fault(b, "the browser's driver describes no page");
        return false;
    }
    browser_close_page(b);
    b->now = page;
    if (!is_web(page.page->url) || url_allowed(b->visit->scenario, page.page->url))
        return true;
    browser_our_fault(b, "the company led on to a host that is not in company.hosts: not contacted");
    return false;
}

void browser_tell_page(struct browser_visit *b, int reply_to)
{
    CLEANUP(buf_release) struct buf text = BUF_INIT(PAGE_TEXT_MAX);
    int64_t wait = b->changed_us - b->began_us;

    page_text(b->now.page, &text);
    form_tell_page(b->visit, &(struct page_told){
        .url = b->now.page->url, .text = text.ptr, .status = b->now.status, .reply_to = reply_to,
        .wait_us = wait > 0 ? wait : 0, .bytes = b->traffic.bytes, .requests = b->traffic.ended,
        .page = b->now.page,
    });
    b->traffic.bytes = b->traffic.ended = 0;
}

/** The status of a page that is of no use, as a failure of the company. */
enum done browser_complain(struct browser_visit *b)
{
    const struct http_answer a = { .fault = HTTP_ANSWERED, .why = "", .method = "GET",
                                   .url = b->now.page->url, .status = b->now.status };

    return http_complain(b->visit, &a);
}
