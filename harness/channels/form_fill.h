#ifndef CHANNELS_FORM_FILL_H
#define CHANNELS_FORM_FILL_H
/**
 * Form fill: with a page open, the form that a step means, filled in, and whether it may be sent.
 * The form channel and the browser do the same here and say the same of it.
 */
#include "harness/channels/form_events.h"

enum { FORM_WHY_MAX = 16 * 1024 };

struct form_found {
    int form, button;             /* button -1: it has none */
    struct field_hit *hits;       /* one per field of the action; in the page's arena */
};

/** The form the step means. False with the reason in why; true with a remark in it, or "". */
bool form_find(struct page *p, const struct action *a, struct form_found *ret, struct buf *why);

/**
 * There is no such form: whose failure that is, as events. A login in its place is the company's, and
 * so is a page without any form; else our side did not find it (`why`).
 * @param scripts  the page has some that have not run.
 */
enum done form_tell_none(struct visit *v, const struct page *p, const struct action *a,
                         bool scripts, const char *why);

/**
 * Puts the step's words into the form and finds the button.
 * @param riddle  a CAPTCHA that a script of the page sets (walls.h); NULL none.
 * @return DONE_OK: it may be sent; else events have said why not: a choice that is not there, a
 *         CAPTCHA, a rule of the page.
 */
enum done form_fill_in(struct visit *v, struct page *p, const struct action *a,
                       struct form_found *found, const char *riddle);

#endif
