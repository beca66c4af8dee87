#ifndef CHANNELS_SIGHT_H
#define CHANNELS_SIGHT_H
/**
 * Sight: which elements of a page nobody sees, by its own style blocks, by style attributes, by
 * hidden and aria-hidden. What only a script or a sheet in another file hides is not known here.
 */
#include "harness/channels/page.h"

/** Looks at every element of the page once; the functions below say what was found. */
void sight_read(struct page *p);

/** Takes no room or is invisible, and all in it: display, visibility, hidden, a closed dialog. */
bool node_unseen(const GumboNode *n);
/** There, but out of sight: off the screen, clipped away, without any size. Screen readers read it. */
bool node_is_away(const GumboNode *n);

#endif
