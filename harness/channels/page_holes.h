#ifndef CHANNELS_PAGE_HOLES_H
#define CHANNELS_PAGE_HOLES_H
/**
 * Page holes: where two answers may differ and still be one page to a person: the values of hidden
 * fields (tokens against forgery), and of `<meta name content>`. So a page with a token of its own
 * for every customer is read once for all of them (page_memory.h).
 *
 * Safe     a hole is what stands between the quotes of an attribute, as written; what another answer
 *          has there is as long, and of letters, digits and "+/=_.:~-" alone, so it cannot end the
 *          value, mean another character, or move anything.
 * Caps     PAGE_HOLES_MAX of a page, of HOLE_MIN_BYTES to HOLE_MAX_BYTES each. None where the page's
 *          styles may ask for such values.
 */
#include "harness/channels/page.h"

enum { PAGE_HOLES_MAX = 16, HOLE_MIN_BYTES = 8, HOLE_MAX_BYTES = 4096 };

struct page_hole {
    size_t at, len;               /* in the bytes of the answer */
    size_t html_at;               /* in the tamed page */
    int control;                  /* whose value it is; -1 nobody's */
};

/** Fills in p->holes, in the order of the page. @param bytes  the answer it was parsed from. */
void page_find_holes(struct page *p, struct slice bytes);

/** Is `other` the same page but for what is in p's holes? */
bool page_fits(const struct page *p, struct slice bytes, struct slice other);

/** A lent page gets what `other` has in the holes. */
void page_fill_holes(struct page *lent, struct slice other);

/** The tamed page of whoever it was sent to; free() it. */
char *page_html(const struct page *p);

#endif
