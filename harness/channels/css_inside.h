#ifndef CHANNELS_CSS_INSIDE_H
#define CHANNELS_CSS_INSIDE_H
/** Between css.c (sheets, cascade) and css_select.c (selectors). */
#include "harness/channels/css.h"

struct css_selector;

/** Parse one complex selector; NULL when it is not understood. In the arena. */
struct css_selector *css_selector_parse(struct arena *a, struct slice text);
/** (ids, classes, types) in one number. */
unsigned css_selector_weight(const struct css_selector *s);
/** @param tests  goes down with each part that is looked at; at 0 nothing matches. */
bool css_selector_matches(const struct css_selector *s, const GumboNode *element, long *tests);

#endif
