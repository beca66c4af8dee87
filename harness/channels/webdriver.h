#ifndef CHANNELS_WEBDRIVER_H
#define CHANNELS_WEBDRIVER_H
/**
 * Webdriver: one session with a browser over the W3C WebDriver protocol (w3.org/TR/webdriver2).
 *
 * Driver     a chromedriver of our own, started for this session alone in a folder that goes with it,
 *            or one that listens somewhere (a Selenium Grid, say). Our own is ended with its browser
 *            when the session is freed or this program ends, however it ends.
 * Callbacks  one call at a time; from the loop, never from inside webdriver_call, never after
 *            webdriver_free. `value` is borrowed for the callback. The callback may start the next
 *            call or free the session.
 */
#include <jansson.h>

#include "harness/loop/loop.h"

struct webdriver;

struct webdriver_answer {
    const json_t *value;          /* NULL on failure */
    const char *error;            /* the standard's name of it, such as "no such element"; NULL none */
    const char *message;          /* for people; "" none */
};
typedef void webdriver_fn(void *context, const struct webdriver_answer *a);

/** The page opened a box of its own (alert, confirm), which has been accepted: what it said. Comes
 *  before the answer of the call that met it, which is made once more. */
typedef void webdriver_box_fn(void *context, const char *text);

/** What a session is begun with; copied. */
struct webdriver_wishes {
    const char *rules;            /* Chromium's --host-resolver-rules: whom it may contact */
    const char *language;         /* NULL: English */
    int64_t page_us;              /* a page that loads longer is an error "timeout" */
    webdriver_box_fn *box;        /* gets the context of webdriver_begin; NULL none */
};

/** @param url  of a driver that runs already; NULL: start one. */
struct webdriver *webdriver_new(struct loop *l, const char *url);
/** NULL is fine. One that is not ours is told to end the session: the loop runs on until it has
 *  answered, 10 seconds at most. */
void webdriver_free(struct webdriver *w);

/** Start the driver if there is none and the session with it. */
void webdriver_begin(struct webdriver *w, const struct webdriver_wishes *wishes,
                     webdriver_fn *fn, void *context);

/**
 * @param path  below the session: "/url".
 * @param body  stolen; NULL for GET.
 */
void webdriver_call(struct webdriver *w, const char *path, json_t *body, webdriver_fn *fn,
                    void *context);
/** Run a script in the page. args is stolen; NULL none. */
void webdriver_script(struct webdriver *w, const char *script, json_t *args, webdriver_fn *fn,
                      void *context);

#endif
