#ifndef CHANNELS_BROWSER_FILL_H
#define CHANNELS_BROWSER_FILL_H
/**
 * Browser fill: what a customer made of a struct page (fields.h), done to the real page by typing and
 * clicking, one element after the other.
 */
#include "harness/channels/browser_page.h"

struct browser_fill;

/** A press under way; lives with who presses. */
struct browser_press {
    struct webdriver *wd;
    json_t *element;
    webdriver_fn *fn;
    void *context;
};
/** Click as a person; what lies under something else is clicked by a script. element is stolen. */
void browser_press_start(struct browser_press *p, struct webdriver *wd, json_t *element,
                         webdriver_fn *fn, void *context);
void browser_press_release(struct browser_press *p);

/** Type into an element, keys of WebDriver (w3.org/TR/webdriver2, 17.4.2) included. */
void browser_type(struct webdriver *wd, const json_t *element, const char *text,
                  webdriver_fn *fn, void *context);

/** Remembers the state the page is in; to be made before its fields are filled in. */
struct browser_fill *browser_fill_new(struct webdriver *wd, const struct browser_page *b);
void browser_fill_free(struct browser_fill *f);   /* NULL is fine */

/** The page was drawn anew meanwhile: nothing was done to it, and looking again helps. */
bool browser_is_redrawn(const char *error);

/**
 * @param problem  NULL: all is filled in.
 * @param error    WebDriver's name of it; NULL none.
 */
typedef void browser_fill_fn(void *context, const char *problem, const char *error);
/** Does what has changed since; then calls back, from the loop or at once when nothing has. */
void browser_fill_start(struct browser_fill *f, browser_fill_fn *fn, void *context);

#endif
