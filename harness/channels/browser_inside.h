#ifndef CHANNELS_BROWSER_INSIDE_H
#define CHANNELS_BROWSER_INSIDE_H
/**
 * Browser: one visit of the browser channel, for the files that make it up.
 *
 *   browser.c           the vtable, the session, opening pages
 *   browser_window.c    when a page has settled, what stands in it, how an act ends
 *   browser_work.c      filling in, pressing, the answer
 *   browser_talk.c      the chat on a page
 */
#include "harness/channels/browser_fill.h"
#include "harness/channels/browser_page.h"
#include "harness/channels/browser_traffic.h"
#include "harness/channels/form_fill.h"

enum { BROWSER_STATE_MAX = 4096 };

#define BROWSER_POLL_US (80 * US_PER_MS)

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
    struct form_found found;
    int sent_seq;
    struct browser_fill *fill;
    struct browser_press press;
    size_t windows;               /* as last counted; 0 before the first press */
    int redrawn;                  /* so often the page was drawn anew under our hands */

    char state[BROWSER_STATE_MAX];        /* settling */
    struct browser_traffic traffic;
    int64_t settle_us, changed_us;
    int64_t calm_us;              /* first moment nothing was under way any more; 0 not yet */
    int pages;                    /* traffic.pages when it began */
    bool pressed;
    webdriver_fn *then;           /* gets the snapshot */

    struct browser_talk *talk;    /* the chat on the page; NULL none yet */

    enum done how;                /* of an act whose evidence is being taken */
    bool gone;                    /* there is nobody to take a picture of it */
};

/* browser_window.c */

/** Ends the act, after its evidence if there is any: nothing may be touched afterwards. */
void browser_act_over(struct browser_visit *b, enum done how);
/** The act ends because our side could not do it. */
void browser_our_fault(struct browser_visit *b, const char *why);
/** The same, in the driver's words. */
void browser_driver_failed(struct browser_visit *b, const struct webdriver_answer *a);
/** Not the driver's fault: the page takes longer than the customer has, or hangs. False: it is none of
 *  these. */
bool browser_page_failed(struct browser_visit *b, const char *url, const char *error);
void browser_close_page(struct browser_visit *b);

int64_t browser_now(const struct browser_visit *b);
void browser_later(struct browser_visit *b, int64_t us, timer_fn *fn);

/** Is there a browser to talk to no longer? */
bool browser_is_gone(const char *error);

/** Calls `then` with the snapshot of the page when it has settled; `pressed`: something was done to
 *  it that ought to have an effect. */
void browser_settle(struct browser_visit *b, bool pressed, webdriver_fn *then);
/** The page of a snapshot becomes the one that is open. False: the act is over. */
bool browser_take_snapshot(struct browser_visit *b, const struct webdriver_answer *a);
/** The `page` event. reply_to -1: nothing was sent before it. */
void browser_tell_page(struct browser_visit *b, int reply_to);
/** The status of a page that is of no use, as a failure of the company. */
enum done browser_complain(struct browser_visit *b);

/** A screenshot's answer becomes evidence. */
void browser_keep_picture(struct browser_visit *b, const struct webdriver_answer *a);

/* browser.c */

/** Begins what the step is about, with the page that is open or the channel's own. */
void browser_begin(void *visit);

/* browser_talk.c */

/** With the page in the window: says the step's words in its chat. */
void browser_say(struct browser_visit *b);
/** From now on what the company says there becomes events; nothing before the first words. */
void browser_listen(struct browser_visit *b);
void browser_hush(struct browser_visit *b);
/** Ends listening for an act. True: a look is under way, and browser_begin comes after it. */
bool browser_talk_waits(struct browser_visit *b);
/** The window's frame is the chat's, and the next step is about something else: leave it. */
bool browser_talk_leaves(struct browser_visit *b);
void browser_talk_free(struct browser_talk *t);   /* NULL is fine */

/* browser_work.c */

/** With the page in the window: does what the step is about. */
void browser_work(struct browser_visit *b);

#endif
