#ifndef CHANNELS_BROWSER_PAGE_H
#define CHANNELS_BROWSER_PAGE_H
/**
 * Browser page: what stands in the browser's window, as a struct page with its controls in the state
 * they are in, and the browser's own names of their elements.
 *
 * The page itself is not touched: a copy of its tree is marked and written out.
 */
#include "harness/channels/page.h"
#include "harness/channels/webdriver.h"

struct browser_page {
    struct page *page;
    json_t *elements;             /* WebDriver's references, by the mark of a node */
    int status;                   /* of the document; 0 unknown */
};

/** The id of the form that fields are given to which are in none: scripts send them. */
#define BROWSER_LOOSE "shopper-loose"

/** Scripts for webdriver_script. */
extern const char browser_snapshot_script[];      /* → browser_page_read */
extern const char browser_state_script[];         /* → a text that changes as the page does */

/** @return false: the answer is not one of browser_snapshot_script. */
bool browser_page_read(const struct lexicons *packs, const json_t *answer, struct browser_page *ret);
void browser_page_close(struct browser_page *b);
/** The element of a node, a new reference; NULL: it has none. */
json_t *browser_element(const struct browser_page *b, const GumboNode *n);

/** For --host-resolver-rules: the hosts of company.hosts and nobody else. */
void browser_host_rules(const char *const *hosts, size_t count, struct buf *out);

#endif
