#ifndef CHANNELS_FORM_INSIDE_H
#define CHANNELS_FORM_INSIDE_H
/** Between form.c (pages, sending, the vtable) and form_fill.c (finding the form, filling it in). */
#include "harness/channels/encode.h"
#include "harness/channels/form_events.h"
#include "harness/channels/http.h"

enum { WHY_MAX = 16 * 1024 };

/* How the open page came about. */
enum opened {
    OPENED_ON_PURPOSE,            /* by open, click or follow: the next step is about this page */
    OPENED_BY_SENDING,            /* the answer to a form */
};

struct form_visit {
    struct visit *visit;
    const char *url;
    struct http *http;

    struct page *page;            /* the one that is open; NULL none */
    enum opened opened;
    bool scripts;                 /* it has some; only a browser knows what they would do */
    const char *riddle;           /* a CAPTCHA that one of them sets; NULL none */
    bool *of_the_site;            /* per form of the page: the page before had it, too */

    struct http_exchange *exchange;       /* the act under way */
    struct action action;                 /* its words, copied */
    int64_t began_us;
    struct field_hit *hits;               /* one per field of the action */
    int form, button;
    struct timer *next;                   /* what follows on the next turn of the loop */
    int sent_seq;                 /* -1: nothing was sent in this act, yet */
    int led_on;                   /* how often pages have led on by themselves in this act */
    struct submission out;        /* what is to be sent when the journal has it */
};

/* form.c */

/** Ends the act: nothing of the visit may be touched afterwards. */
void form_act_over(struct form_visit *f, enum done how);
void form_our_fault(struct form_visit *f, const char *why);
/** What reading and filling in takes us is not the company's time: the wait for its answer is counted
 *  from a turn of the loop of its own. An act never ends inside act(), either. */
void form_next(struct form_visit *f, timer_fn *fn);
/** Sends f->form by f->button. */
void form_send(void *context);

/* form_fill.c */

/** With a page open: fills in what the step means and sends it, or ends the act. */
void form_fill_page(struct form_visit *f);
/** The form the step means; false with the reason in why. */
bool form_find(struct form_visit *f, struct buf *why);
/** What a browser would not let pass is not sent, and said. False: the act is over. */
bool form_may_be_sent(struct form_visit *f);

#endif
