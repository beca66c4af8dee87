#include "harness/channels/webdriver.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/text.h"

enum { ANSWER_MAX = 64 * 1024 * 1024, START_TIMEOUT_S = 30, SCRIPT_TIMEOUT_MS = 30 * 1000,
       BOXES_MAX = 50, STARTS_MAX = 5 };
#define AGAIN_US (300 * US_PER_MS)
/* A driver ends what it does by itself, after the page's time or the script's; one that does not answer
 * so long afterwards is not there any more. */
#define GRACE_US (60 * US_PER_S)
/* A browser of our own is there by then, or will not be; a grid lets requests queue (Selenium's gives up
 * after 300 s, and says so). */
#define OWN_SESSION_US (120 * US_PER_S)
#define QUEUED_SESSION_US (330 * US_PER_S)
#define LEAVING_US (10 * US_PER_S)

struct webdriver {
    struct loop *loop;
    char *url;                    /* of the driver; NULL until it listens */
    char *session;                /* NULL until there is one */
    char *folder;                 /* of our own driver */
    struct child *driver;
    struct timer *timer;
    bool holds;                   /* waits for the driver to listen */
    bool left;                    /* nobody calls any more: ends its session, then itself */
    int starts;                   /* of our own driver */

    char *rules, *language;
    int64_t page_us;
    webdriver_box_fn *box;
    void *box_context;
    int boxes;                    /* met so far; some pages open them without end */
    webdriver_fn *fn;             /* of the call under way */
    void *context;
    CURL *easy;
    struct curl_slist *headers;
    struct transfer *transfer;
    struct buf answer;
    char *body;
};

/* A shell keeps watch beside the driver: it reads our end of a pipe, which closes when we go away,
 * however we go; then it ends the driver (its browsers go with it: they hang on a pipe of the
 * driver; what still hangs after five seconds is killed) and removes the folder until nobody has used
 * it for a second. One grep looks through all processes: many browsers end at once, and a program for
 * each process and guard would bring the machine down. */
static const char guard[] =
    "command -v chromedriver >/dev/null || { echo missing; exit 1; }\n"
    "dir=$(mktemp -d) || exit 1\n"
    "exec 3<&0\n"
    "users() {\n"
    "    echo \"$dir\" | grep -alsFf - /proc/[0-9]*/cmdline | cut -d/ -f3\n"
    "}\n"
    "{\n"
    "    cat <&3\n"
    "    case $(readlink /proc/$$/exe) in *chromedriver*) kill -9 $$ ;; esac\n"
    "    turn=0 quiet=0\n"
    "    while [ $quiet -lt 5 ] && [ $turn -lt 300 ]; do\n"
    "        turn=$((turn + 1)) quiet=$((quiet + 1))\n"
    "        [ ! -e \"$dir\" ] || quiet=0\n"
    "        rm -rf \"$dir\"\n"
    "        left=$(users)\n"
    "        [ -z \"$left\" ] || quiet=0\n"
    "        [ -z \"$left\" ] || [ $turn -lt 25 ] || kill -9 $left\n"
    "        sleep .2\n"
    "    done\n"
    "} >/dev/null 2>&1 &\n"
    "exec 3<&-\n"
    "echo \"folder $dir\"\n"
    "TMPDIR=$dir HOME=$dir exec chromedriver --port=0 </dev/null 2>/dev/null\n";

struct webdriver *webdriver_new(struct loop *l, const char *url)
{
    struct webdriver *w = mem_zero(1, sizeof(*w));

    w->loop = l;
    w->url = mem_strdup(url);
    for (size_t len = url ? strlen(url) : 0; len && w->url[len - 1] == '/'; len--)
        w->url[len - 1] = '\0';   /* "http://grid:4444/wd/hub/" */
    buf_init(&w->answer, ANSWER_MAX);
    w->headers = curl_slist_append(NULL, "Content-Type: application/json; charset=utf-8");
    w->headers = curl_slist_append(w->headers, "Expect:");
    return w;
}

static void stop_holding(struct webdriver *w)
{
    if (w->holds)
        loop_release(w->loop);
    w->holds = false;
}

static void forget_call(struct webdriver *w)
{
    transfer_cancel(w->transfer);
    w->transfer = NULL;
    timer_cancel(w->timer);
    w->timer = NULL;
    stop_holding(w);
}

static size_t on_bytes(char *data, size_t size, size_t count, void *context)
{
    struct webdriver *w = context;

    buf_add(&w->answer, data, size * count);
    return w->answer.full ? 0 : size * count;
}

/** What all requests have in common. */
static void set_up(struct webdriver *w, const char *url, int64_t time_us)
{
    curl_easy_setopt(w->easy, CURLOPT_URL, url);
    curl_easy_setopt(w->easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(w->easy, CURLOPT_PROXY, "");
    curl_easy_setopt(w->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(w->easy, CURLOPT_TIMEOUT_MS, (long)(time_us / US_PER_MS));
    curl_easy_setopt(w->easy, CURLOPT_HTTPHEADER, w->headers);
    curl_easy_setopt(w->easy, CURLOPT_WRITEFUNCTION, on_bytes);
    curl_easy_setopt(w->easy, CURLOPT_WRITEDATA, w);
}

static void destroy(struct webdriver *w)
{
    forget_call(w);
    child_free(w->driver);
    curl_easy_cleanup(w->easy);
    curl_slist_free_all(w->headers);
    buf_release(&w->answer);
    free(w->body);
    free(w->url);
    free(w->session);
    free(w->folder);
    free(w->rules);
    free(w->language);
    free(w);
}

/* Leaving: a driver that is not ours goes on without us. Its browser is ended by a last request, which
 * the loop sees to; a session that was asked for and has not come yet is waited for, and ended. */

static void on_left(void *context, CURL *easy, CURLcode result, int64_t at_us)
{
    struct webdriver *w = context;

    (void)easy, (void)result, (void)at_us;
    w->transfer = NULL;
    destroy(w);
}

static void end_session(struct webdriver *w)
{
    CLEANUP(mem_freep) char *url = mem_printf("%s/session/%s", w->url, w->session);

    curl_easy_reset(w->easy);
    buf_clear(&w->answer);
    set_up(w, url, LEAVING_US);
    curl_easy_setopt(w->easy, CURLOPT_CUSTOMREQUEST, "DELETE");
    w->transfer = transfer_start(w->loop, w->easy, on_left, w);
}

/** The session that was asked for before, or NULL: there will be none. */
static void leave_late(struct webdriver *w, const char *session)
{
    timer_cancel(w->timer);
    w->timer = NULL;
    w->session = mem_strdup(session);
    if (w->session)
        end_session(w);
    else
        destroy(w);
}

static void left_too_long(void *context)
{
    struct webdriver *w = context;

    w->timer = NULL;
    destroy(w);
}

void webdriver_free(struct webdriver *w)
{
    bool asked = w && !w->driver && !w->session && w->transfer;

    if (!w || w->driver || (!asked && !w->session)) {
        if (w)
            destroy(w);
        return;
    }
    w->left = true;
    if (asked) {
        w->timer = timer_start(w->loop, loop_now(w->loop) + LEAVING_US, left_too_long, w);
        return;
    }
    forget_call(w);
    end_session(w);
}

/* Calls */

static void give(struct webdriver *w, const json_t *value, const char *error, const char *message)
{
    struct webdriver_answer a = { value, error, message ? message : "" };

    w->fn(w->context, &a);        /* may free w */
}

static void finished(void *context, CURL *easy, CURLcode result, int64_t at_us);

/** A box of the page kept a call from being made: it says its text, and the call is made now. */
static bool past_box(struct webdriver *w, const json_t *value)
{
    const char *error = json_string_value(json_object_get(value, "error"));
    const char *text = json_string_value(json_object_get(json_object_get(value, "data"), "text"));

    if (!error || strcmp(error, "unexpected alert open") || w->boxes >= BOXES_MAX)
        return false;
    w->boxes++;
    if (w->box)
        w->box(w->box_context, text ? text : "");
    buf_clear(&w->answer);
    w->transfer = transfer_start(w->loop, w->easy, finished, w);
    return true;
}

/** The answer cannot be one of WebDriver's: why. */
static const char *nonsense(const struct webdriver *w, const json_t *j, bool failed)
{
    const json_t *value = json_object_get(j, "value");

    if (w->answer.full)
        return "the browser's driver answers without end";
    if (!json_is_object(j) || !value ||
        (failed && !json_is_string(json_object_get(value, "error"))))
        return "the browser's driver answers something else than WebDriver";
    if (!failed && !w->session && !json_is_string(json_object_get(value, "sessionId")))
        return "the browser's driver gives no session";
    return NULL;
}

static int64_t call_time(const struct webdriver *w)
{
    if (!w->session)
        return w->driver ? OWN_SESSION_US : QUEUED_SESSION_US;
    return w->page_us + GRACE_US;
}

static void give_silence(struct webdriver *w, CURLcode result)
{
    CLEANUP(mem_freep) char *why = NULL;

    if (result == CURLE_OPERATION_TIMEDOUT)
        why = mem_printf(w->session ? "the browser's driver did not answer for %d s"
                                    : "no browser was to be had in %d s",
                         (int)(call_time(w) / US_PER_S));
    else
        why = mem_printf("the browser's driver is gone: %s", curl_easy_strerror(result));
    give(w, NULL, "driver gone", why);
}

static void finished(void *context, CURL *easy, CURLcode result, int64_t at_us)
{
    struct webdriver *w = context;
    json_t *j = result ? NULL : json_loadb(w->answer.ptr, w->answer.len, JSON_DECODE_ANY, NULL);
    const json_t *value = json_object_get(j, "value");
    const char *error = json_string_value(json_object_get(value, "error"));
    const char *message = json_string_value(json_object_get(value, "message"));
    const char *session = json_string_value(json_object_get(value, "sessionId"));
    const char *odd;
    long status = 0;

    (void)at_us;
    w->transfer = NULL;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    odd = nonsense(w, j, status >= 400);
    if (w->left) {                /* a session nobody wants any more */
        leave_late(w, odd ? NULL : session);
    } else if (result && !w->answer.full) {
        give_silence(w, result);
    } else if (odd) {
        give(w, NULL, "driver", odd);
    } else if (status < 400) {
        if (!w->session)
            w->session = mem_strdup(session);
        give(w, value, NULL, NULL);
    } else if (!past_box(w, value)) {
        give(w, NULL, error, message);
    }
    json_decref(j);
}

static void request(struct webdriver *w, const char *path, json_t *body)
{
    CLEANUP(mem_freep) char *url = mem_printf("%s%s", w->url, path);

    if (!w->easy)
        w->easy = curl_easy_init();
    curl_easy_reset(w->easy);
    buf_clear(&w->answer);
    set_up(w, url, call_time(w));
    if (body) {
        free(w->body);
        w->body = json_dumps(body, JSON_COMPACT);
        curl_easy_setopt(w->easy, CURLOPT_POSTFIELDS, w->body);
        json_decref(body);
    }
    w->transfer = transfer_start(w->loop, w->easy, finished, w);
}

void webdriver_call(struct webdriver *w, const char *path, json_t *body, webdriver_fn *fn,
                    void *context)
{
    CLEANUP(mem_freep) char *full = mem_printf("/session/%s%s", w->session, path);

    w->fn = fn;
    w->context = context;
    request(w, full, body);
}

void webdriver_script(struct webdriver *w, const char *script, json_t *args, webdriver_fn *fn,
                      void *context)
{
    webdriver_call(w, "/execute/sync",
                   json_pack("{s:s, s:o}", "script", script, "args", args ? args : json_array()),
                   fn, context);
}

/* The beginning */

static json_t *browser_arguments(const struct webdriver *w)
{
    json_t *args = json_pack("[s, s, s, s, s, s, s, s, s]", "--headless=new", "--disable-gpu",
                             "--disable-dev-shm-usage", "--no-first-run", "--disable-quic",
                             "--disable-background-networking", "--disable-component-update",
                             "--disable-sync", "--window-size=1280,900");

    json_array_append_new(args, json_sprintf("--host-resolver-rules=%s", w->rules));
    json_array_append_new(args, json_sprintf("--accept-lang=%s", w->language));
    if (w->driver) {
        json_array_append_new(args, json_string("--remote-debugging-pipe"));
        json_array_append_new(args, json_sprintf("--user-data-dir=%s/profile", w->folder));
        if (geteuid() == 0)       /* Chromium refuses to start for root otherwise */
            json_array_append_new(args, json_string("--no-sandbox"));
    }
    return args;
}

static void begin_session(struct webdriver *w)
{
    json_t *wanted = json_pack("{s:s, s:s, s:s, s:{s:i, s:I}, s:{s:o}, s:{s:s}}",
                               "browserName", "chrome",
                               "pageLoadStrategy", "eager", /* what pictures need is seen to here */
                               "unhandledPromptBehavior", "accept and notify",
                               "timeouts", "script", SCRIPT_TIMEOUT_MS,
                               "pageLoad", (json_int_t)(w->page_us / US_PER_MS),
                               "goog:chromeOptions", "args", browser_arguments(w),
                               "goog:loggingPrefs", "performance", "ALL");

    request(w, "/session", json_pack("{s:{s:o}}", "capabilities", "alwaysMatch", wanted));
}

static void on_line(void *context, const char *text)
{
    static const char listens[] = "successfully on port ";
    struct webdriver *w = context;
    const char *port = strstr(text, listens);

    if (text_starts_with(text, "folder ") && !w->folder)
        w->folder = mem_strdup(text + strlen("folder "));
    if (!strcmp(text, "missing")) {
        forget_call(w);
        give(w, NULL, "driver missing",
             "there is no chromedriver: install Debian's packages chromium and chromium-driver, or "
             "give the channel the address of one, driver: http://…");
        return;
    }
    if (!port || w->url || !w->folder)
        return;
    timer_cancel(w->timer);
    w->timer = NULL;
    w->url = mem_printf("http://127.0.0.1:%ld", strtol(port + strlen(listens), NULL, 10));
    begin_session(w);
    stop_holding(w);
}

static void start_driver(void *context);

static void on_driver_end(void *context, int status, int signal)
{
    struct webdriver *w = context;

    (void)status, (void)signal;
    if (w->url || !w->holds)
        return;                   /* the next call says so */
    if (w->starts < STARTS_MAX) { /* somebody else took the port it had picked, between two calls */
        timer_cancel(w->timer);
        w->timer = timer_start(w->loop, loop_now(w->loop) + AGAIN_US * w->starts, start_driver, w);
        return;
    }
    forget_call(w);
    give(w, NULL, "driver gone", "chromedriver ended before it listened");
}

static void too_slow(void *context)
{
    struct webdriver *w = context;

    w->timer = NULL;
    forget_call(w);
    give(w, NULL, "driver gone", "chromedriver does not get ready");
}

static void not_started(void *context)
{
    struct webdriver *w = context;

    w->timer = NULL;
    forget_call(w);
    give(w, NULL, "driver gone", "the shell that starts chromedriver could not be started");
}

static void start_driver(void *context)
{
    static const char *const argv[] = { "/bin/sh", "-c", guard, NULL };
    static const struct child_callbacks callbacks = { on_line, on_driver_end };
    struct webdriver *w = context;

    child_free(w->driver);
    free(w->folder);
    w->folder = NULL;
    w->starts++;
    w->driver = child_start(w->loop, argv, &callbacks, w);
    w->timer = w->driver
                   ? timer_start(w->loop, loop_now(w->loop) + START_TIMEOUT_S * US_PER_S, too_slow, w)
                   : timer_start(w->loop, loop_now(w->loop), not_started, w);
}

void webdriver_begin(struct webdriver *w, const struct webdriver_wishes *wishes,
                     webdriver_fn *fn, void *context)
{
    w->fn = fn;
    w->context = context;
    w->rules = mem_strdup(wishes->rules);
    w->language = mem_strdup(wishes->language && *wishes->language ? wishes->language : "en");
    w->page_us = wishes->page_us;
    w->box = wishes->box;
    w->box_context = context;
    if (w->url) {
        begin_session(w);
        return;
    }
    loop_hold(w->loop);
    w->holds = true;
    start_driver(w);
}
