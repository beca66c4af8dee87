#ifndef CHANNELS_CONTROLS_H
#define CHANNELS_CONTROLS_H
/**
 * Controls: the fields and buttons of a page, whom they belong to, their state as the page sets it.
 * html.spec.whatwg.org, section 4.10.
 */
#include "harness/channels/page.h"

/** Fills p->controls; p->forms is there already. */
void controls_collect(struct page *p);

/** The node or one it lies in is hidden. */
bool node_is_unseen_here(const GumboNode *n);

#endif
