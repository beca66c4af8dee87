/* The browser channel against a scripted WebDriver: what a good one, a bad one and a hostile one say. */
#include "tests/unit/support/cmocka.h"

#include <stdlib.h>

#include "tests/unit/channels/recording_sink.h"
#include "tests/unit/support/web_server.h"

enum { REACTIONS = 3, HUGE_ANSWER = 65 * 1024 * 1024 };

struct settings {                 /* as browser.c lays it out */
    const struct template *url, *driver;
};

/* Chromium's events of the network, as its driver hands them out. */
#define EVENT(method, more) "{\"message\":\"{\\\"message\\\":{\\\"method\\\":\\\"Network." method \
    "\\\",\\\"params\\\":{" more "}}}\"}"
#define SENT(id, type, url) EVENT("requestWillBeSent", "\\\"requestId\\\":\\\"" id \
    "\\\",\\\"type\\\":\\\"" type "\\\",\\\"frameId\\\":\\\"F\\\",\\\"request\\\":{\\\"url\\\":\\\"" \
    url "\\\"}")
#define ENDED(id) EVENT("loadingFinished", "\\\"requestId\\\":\\\"" id "\\\"")
#define LOG(events) "{\"value\":[" events "]}"

/** What the driver says instead of what it ought to. */
struct reaction {
    const char *path;             /* the end of it; NULL ends the list */
    const char *body;             /* part of what it is asked; NULL any */
    int from, times;              /* from the n-th time, 0 the first; so often, 0 always */
    int status;
    const char *says;             /* "huge": without end */
};

static const struct row {
    const char *name;
    struct reaction reactions[REACTIONS];
    int want;
    const char *told;             /* part of the log */
    const char *not_told;
    int64_t before_us;            /* it is over by then, by the loop's clock; 0 whenever */
} rows[] = {
    { "a form is filled in and sent", { { 0 } }, DONE_OK, "page company Thank you", NULL, 0 },
    { "a driver without a log of the network", { { "/log", NULL, 0, 0, 404,
      "{\"value\":{\"error\":\"unknown command\",\"message\":\"\"}}" } }, DONE_OK, "Thank you", NULL,
      0 },
    { "no browser to be had", { { "/session", NULL, 0, 0, 500,
      "{\"value\":{\"error\":\"session not created\",\"message\":\"no Chrome\\nstack\"}}" } },
      DONE_OUR_FAILED, "no Chrome", "stack", 0 },
    { "no JSON", { { "/session", NULL, 0, 0, 200, "<h1>It works</h1>" } }, DONE_OUR_FAILED,
      "something else than WebDriver", NULL, 0 },
    { "no value", { { "/session", NULL, 0, 0, 200, "{}" } }, DONE_OUR_FAILED,
      "something else than WebDriver", NULL, 0 },
    { "no session", { { "/session", NULL, 0, 0, 200, "{\"value\":{\"sessionId\":7}}" } },
      DONE_OUR_FAILED, "no session", NULL, 0 },
    { "an error that is none", { { "/url", NULL, 0, 0, 500, "{\"value\":{\"error\":[]}}" } },
      DONE_OUR_FAILED, "something else than WebDriver", NULL, 0 },
    { "an answer without end", { { "/sync", "cloneNode", 0, 0, 200, "huge" } }, DONE_OUR_FAILED,
      "without end", NULL, 0 },
    { "a number for a page", { { "/sync", "cloneNode", 0, 0, 200, "{\"value\":5}" } },
      DONE_OUR_FAILED, "describes no page", NULL, 0 },
    { "a page without elements", { { "/sync", "cloneNode", 0, 0, 200,
      "{\"value\":{\"html\":\"<form data-shopper-element=9><label>Your name <input name=a "
      "data-shopper-element=8></label></form>\",\"url\":\"http://127.0.0.1/\",\"elements\":[]}}" } },
      DONE_OUR_FAILED, "127.0.0.1", NULL, 0 },
    { "the page of somebody else", { { "/sync", "cloneNode", 0, 0, 200,
      "{\"value\":{\"html\":\"<h1>x\",\"url\":\"http://elsewhere.test/\",\"elements\":[]}}" } },
      DONE_OUR_FAILED, "not in company.hosts", NULL, 0 },
    { "no connection", { { "/url", NULL, 0, 0, 500, "{\"value\":{\"error\":\"unknown error\","
      "\"message\":\"net::ERR_CONNECTION_REFUSED\\n(Session info)\"}}" } }, DONE_COMPANY_FAILED,
      "[unreachable]", "Session", 0 },
    { "a name that does not resolve", { { "/url", NULL, 0, 0, 500,
      "{\"value\":{\"error\":\"unknown error\",\"message\":\"net::ERR_NAME_NOT_RESOLVED\"}}" } },
      DONE_OUR_FAILED, "not in company.hosts", NULL, 0 },
    { "a page that never loads", { { "/url", NULL, 0, 0, 500,
      "{\"value\":{\"error\":\"timeout\",\"message\":\"\"}}" } }, DONE_COMPANY_FAILED,
      "the page is not there after", NULL, 0 },
    { "a page that hangs", { { "/sync", "charCodeAt", 0, 0, 500,
      "{\"value\":{\"error\":\"script timeout\",\"message\":\"\"}}" } }, DONE_COMPANY_FAILED,
      "the page hangs", NULL, 0 },
    { "a press that leads nowhere in time", { { "/click", NULL, 0, 0, 500,
      "{\"value\":{\"error\":\"timeout\",\"message\":\"\"}}" } }, DONE_COMPANY_FAILED,
      "the page is not there after", NULL, 0 },
    { "the browser's own pages", { { "/log", NULL, 0, 1, 200, LOG(SENT("1", "Document",
      "chrome://new-tab-page/")) } }, DONE_OK, "Thank you", "come to rest", 5 * US_PER_S },
    { "a page before this one", { { "/log", NULL, 0, 1, 200, LOG(SENT("1", "Image",
      "http://127.0.0.1/old") "," SENT("2", "Document", "http://127.0.0.1/form") "," ENDED("2")) } },
      DONE_OK, "Thank you", "come to rest", 5 * US_PER_S },
    { "asks all the time whether there is news", { { "/log", NULL, 1, 1, 200, LOG(SENT("1", "Fetch",
      "http://127.0.0.1/news")) } }, DONE_OK, "Thank you", "come to rest", 15 * US_PER_S },
    { "a picture that never comes", { { "/sync", "charCodeAt", 0, 0, 200,
      "{\"value\":\"shown 1\"}" } }, DONE_OK, "Thank you", "come to rest", 0 },
    { "an answer that never comes", { { "/log", "performance", 8, 1, 200, LOG(SENT("1", "Fetch",
      "http://127.0.0.1/send")) } }, DONE_OK, "waits for http://127.0.0.1/send", NULL, 0 },
    { "drawn anew while it is filled in", { { "/clear", NULL, 0, 1, 404,
      "{\"value\":{\"error\":\"stale element reference\",\"message\":\"\"}}" } }, DONE_OK,
      "Thank you", NULL, 0 },
    { "drawn anew before the press", { { "/click", NULL, 0, 2, 404,
      "{\"value\":{\"error\":\"stale element reference\",\"message\":\"\"}}" } }, DONE_OK,
      "Thank you", NULL, 0 },
    { "drawn anew for ever", { { "/click", NULL, 0, 0, 404,
      "{\"value\":{\"error\":\"stale element reference\",\"message\":\"stale\"}}" } },
      DONE_OUR_FAILED, "stale", "Thank you", 0 },
    { "covered by something", { { "/click", NULL, 0, 0, 400,
      "{\"value\":{\"error\":\"element click intercepted\",\"message\":\"\"}}" } }, DONE_OK,
      "Thank you", NULL, 0 },
    { "cannot be typed into", { { "/clear", NULL, 0, 0, 400,
      "{\"value\":{\"error\":\"invalid element state\",\"message\":\"\"}}" } }, DONE_OK, "Thank you",
      NULL, 0 },
    { "windows that are none", { { "/handles", NULL, 0, 0, 200, "{\"value\":[1,null]}" } }, DONE_OK,
      "Thank you", NULL, 0 },
    { "a window that cannot be entered", { { "/handles", NULL, 0, 0, 200,
      "{\"value\":[\"a\",\"b\"]}" }, { "/window", NULL, 0, 0, 404,
      "{\"value\":{\"error\":\"no such window\",\"message\":\"closed\"}}" } }, DONE_OUR_FAILED,
      "closed", NULL, 0 },
    { "a box that says something", { { "/sync", "charCodeAt", 3, 1, 500,
      "{\"value\":{\"error\":\"unexpected alert open\",\"message\":\"x\",\"data\":{\"text\":"
      "\"Your reference is KC-9\"}}}" } }, DONE_OK, "Your reference is KC-9", NULL, 0 },
    { "a box without end", { { "/sync", NULL, 3, 0, 500,
      "{\"value\":{\"error\":\"unexpected alert open\",\"message\":\"boxes\"}}" } },
      DONE_OUR_FAILED, "boxes", NULL, 0 },
    { "the browser is gone", { { "/click", NULL, 0, 0, 404,
      "{\"value\":{\"error\":\"invalid session id\",\"message\":\"session deleted\"}}" } },
      DONE_OUR_FAILED, "session deleted", "evidence", 0 },
    { "nothing but errors", { { "/sync", NULL, 0, 0, 500,
      "{\"value\":{\"error\":\"javascript error\",\"message\":\"no\"}}" } }, DONE_OUR_FAILED, "no",
      NULL, 0 },
};

static const char form_page[] =
    "<form data-shopper-element=2 method=post action=/x><label>Your name <input name=n "
    "data-shopper-element=0></label><button data-shopper-element=1>Send</button></form>";

struct fixture {
    struct web_server server;
    struct recorder r;
    struct settings settings;
    const struct row *row;
    int seen[REACTIONS];
    bool pressed;
    char says[1024], url[128];
    char *huge;
    int pictures;
};

static bool ends_with(const char *s, const char *end)
{
    size_t len = strlen(s), part = strlen(end);

    return len >= part && !strcmp(s + len - part, end);
}

/** What a driver ought to say. */
static const char *good(struct fixture *f, const struct web_request *q, const char *body)
{
    bool script = ends_with(q->path, "/sync");

    if (ends_with(q->path, "/session"))
        return "{\"value\":{\"sessionId\":\"s1\",\"capabilities\":{}}}";
    if (ends_with(q->path, "/screenshot"))
        return "{\"value\":\"iVBORw0KGgo=\"}";
    f->pressed |= ends_with(q->path, "/click") || (script && strstr(body, ".click()"));
    if (script && strstr(body, "charCodeAt"))
        return f->pressed ? "{\"value\":\"ready 2\"}" : "{\"value\":\"ready 1\"}";
    if (script && strstr(body, "cloneNode")) {
        snprintf(f->says, sizeof(f->says), "{\"value\":{\"html\":\"%s\",\"url\":\"http://127.0.0.1"
                 "/%d\",\"status\":200,\"elements\":[{\"%s\":\"e0\"},{\"%s\":\"e1\"},{\"%s\":\"e2\"}]}}",
                 f->pressed ? "<h1>Thank you" : form_page, f->pressed,
                 "element-6066-11e4-a52e-4f735466cecf", "element-6066-11e4-a52e-4f735466cecf",
                 "element-6066-11e4-a52e-4f735466cecf");
        return f->says;
    }
    return "{\"value\":null}";
}

static void serve(void *context, const struct web_request *q, struct web_answer *a)
{
    struct fixture *f = context;
    const char *body = q->body ? q->body : "";

    a->type = "application/json";
    for (size_t i = 0; f->row && i < REACTIONS && f->row->reactions[i].path; i++) {
        const struct reaction *x = &f->row->reactions[i];
        int n;

        if (!ends_with(q->path, x->path) || (x->body && !strstr(body, x->body)))
            continue;
        n = f->seen[i]++;
        if (n < x->from || (x->times && n >= x->from + x->times))
            continue;
        a->status = x->status;
        a->body = strcmp(x->says, "huge") ? x->says : f->huge;
        a->body_len = strlen(a->body);
        return;
    }
    a->body = good(f, q, body);
}

static void keep(struct visit *v, enum evidence_kind kind, struct slice bytes)
{
    struct fixture *f = (struct fixture *)(void *)((char *)recorder_of(v) -
                                                   offsetof(struct fixture, r));
    struct event e = event_init(EVENT_EVIDENCE, PARTY_HARNESS);

    e.code = evidence_rows[kind].code;
    visit_emit(v, &e);
    if (kind == EVIDENCE_SCREENSHOT && bytes.len == 8 && !memcmp(bytes.ptr, "\x89PNG\r\n\x1a\n", 8))
        f->pictures++;
}

static struct fixture *begin(const struct row *row)
{
    struct fixture *f = mem_zero(1, sizeof(*f));

    f->row = row;
    if (row && !strcmp(row->reactions[0].says ? row->reactions[0].says : "", "huge")) {
        f->huge = mem_alloc(HUGE_ANSWER + 1);
        memset(f->huge, '[', HUGE_ANSWER);
        f->huge[HUGE_ANSWER] = '\0';
    }
    web_server_start(&f->server, serve, f);
    snprintf(f->url, sizeof(f->url), "%s/", f->server.url);
    recorder_init(&f->r, &channel_browser, &f->settings, CLOCK_VIRTUAL);
    recorder_allow(&f->r, "127.0.0.1");
    f->settings.url = recorder_template(&f->r, "http://127.0.0.1/form");
    recorder_set(&f->r, "env.DRIVER", f->url);
    f->settings.driver = recorder_template(&f->r, "{{ env.DRIVER }}");
    f->r.visit.evidence = keep;
    assert_int_equal(recorder_open(&f->r), ST_OK);
    return f;
}

/** The visit is over; the loop sees to what is left. */
static void leave(struct fixture *f)
{
    recorder_close(&f->r);
    loop_run(f->r.world.loop);
}

static void end(struct fixture *f)
{
    leave(f);
    recorder_release(&f->r);
    web_server_stop(&f->server);
    free(f->huge);
    free(f);
}

static const struct named_text fields[] = { { "Your name", "Maya" } };
static const struct action filling = {
    .verb = VERB_FILL, .fields = fields, .field_count = 1, .repeats_seq = -1,
};

static int count(const struct fixture *f, enum event_kind kind)
{
    int n = 0;

    for (size_t i = 0; i < f->r.transcript->count; i++)
        n += f->r.transcript->events[i].kind == kind;
    return n;
}

static void check_row(void **state)
{
    const struct row *row = *state;
    struct fixture *f = begin(row);
    int how = recorder_act(&f->r, &filling);
    const char *log = recorder_log(&f->r, ~0u);

    if (how != row->want || !strstr(log, row->told) || (row->not_told && strstr(log, row->not_told)))
        fail_msg("%s: %d\n%s\n%s", row->name, how, log, f->server.log.ptr);
    if (row->before_us && loop_now(f->r.world.loop) >= row->before_us)
        fail_msg("%s: took %lld us", row->name, (long long)loop_now(f->r.world.loop));
    assert_true(count(f, EVENT_SENT) <= 1);
    assert_true(count(f, EVENT_FORM) <= 1);
    assert_true(count(f, EVENT_PAGE) <= 60);
    assert_int_equal(f->pictures, count(f, EVENT_EVIDENCE) > 0);
    end(f);
}

static void ends_with_nobody_listening(void **state)
{
    struct fixture *f = begin(NULL);

    (void)state;
    recorder_set(&f->r, "env.NOBODY", "http://127.0.0.1:1");
    f->settings.driver = recorder_template(&f->r, "{{ env.NOBODY }}");
    recorder_close(&f->r);
    assert_int_equal(recorder_open(&f->r), ST_OK);
    assert_int_equal(recorder_act(&f->r, &filling), DONE_OUR_FAILED);
    end(f);
}

/* The journey may be stopped after any event, and the browser that is not ours is told to go. */
static void stopped_after_any_event(void **state)
{
    (void)state;
    for (int at = 1; at < 8; at++) {
        struct fixture *f = begin(NULL);

        f->r.stop_at = at;
        recorder_act(&f->r, &filling);
        leave(f);
        if (!strstr(f->server.log.ptr, "DELETE /session/s1"))
            fail_msg("at %d: %s", at, f->server.log.ptr);
        end(f);
    }
}

int main(void)
{
    static struct CMUnitTest tests[ARRAY_LEN(rows) + 2] = {
        cmocka_unit_test(ends_with_nobody_listening), cmocka_unit_test(stopped_after_any_event),
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[i + 2] = (struct CMUnitTest){ .name = rows[i].name, .test_func = check_row,
                                            .initial_state = (void *)(uintptr_t)&rows[i] };
    return cmocka_run_group_tests_name("browser", tests, NULL, NULL);
}
