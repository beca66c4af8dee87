#ifndef CHANNELS_PAGE_MEMORY_H
#define CHANNELS_PAGE_MEMORY_H
/**
 * Page memory: pages met lately on one loop, so that the same answer is read once for all customers
 * who get it. Thousands meet the same contact page.
 *
 * Same     the same URL, content type and bytes, but for tokens that nobody sees (page_holes.h).
 * Shared   the tree, its texts and names. What a customer makes of the controls is their own.
 * Caps     PAGE_MEMORY_PAGES pages; the one that was not wanted for longest goes first. A page over
 *          PAGE_MEMORY_BYTES is not remembered.
 */
#include "harness/channels/page.h"

enum { PAGE_MEMORY_PAGES = 16, PAGE_MEMORY_BYTES = 256 * 1024 };

struct page_memory;

/** What page_parse said of the same answer before, lent; NULL: nobody knows. m may be NULL. */
struct page *page_recall(struct page_memory *m, const char *url, const char *content_type,
                         struct slice bytes);
/**
 * Remember a page that was read of these bytes. *m may be NULL at first.
 * @param p  ownership passes.
 * @return the page to go on with: lent; or p itself, which is not remembered.
 */
struct page *page_keep(struct page_memory **m, struct page *p, const char *content_type,
                       struct slice bytes);

/* page_memory_free: channel.h. Pages lent out stay as they are. */

#endif
