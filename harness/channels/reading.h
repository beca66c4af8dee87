#ifndef CHANNELS_READING_H
#define CHANNELS_READING_H
/**
 * Reading: an answer of the web, made into a page. A large one is read on a thread of its own, so
 * that other journeys of the loop keep their times whatever it is made of.
 */
#include "harness/channels/http.h"
#include "harness/channels/page.h"

struct reading_result {
    struct page *page;            /* NULL: it is no HTML; the callback's to keep and free */
    struct buf text;              /* what a person reads of it; released after the callback */
};

struct reading;
typedef void reading_fn(void *context, const struct http_answer *a, struct reading_result *r);

/**
 * Calls fn with the answer (a copy of it) and what stands in it; small answers, and what is no
 * answer, from inside.
 * @param under_way  set while it is, for reading_cancel; NULL before fn begins.
 */
void reading_start(struct channel_world *w, const struct http_answer *a, reading_fn *fn,
                   void *context, struct reading **under_way);
void reading_cancel(struct reading *r);           /* NULL is fine */

#endif
