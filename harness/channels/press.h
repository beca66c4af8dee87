#ifndef CHANNELS_PRESS_H
#define CHANNELS_PRESS_H
/**
 * Press: the link or the button a customer means by what is written on it.
 *
 * Names  compared as those of fields: folded, the whole before a part. Two links that say the same
 *        and lead elsewhere are an error, not a guess.
 */
#include "harness/channels/page.h"

struct press {
    const GumboNode *node;        /* NULL: nothing was found */
    int control;                  /* a button: its index; -1 a link */
    const char *url;              /* a link: where it leads, in the page's arena; NULL: only a
                                   * script knows */
    enum referrer_policy policy;  /* a link: what it says of the page */
};

/** @param why  on failure what a person would need to know. */
struct press page_press(const struct page *p, const char *text, struct buf *why);

#endif
