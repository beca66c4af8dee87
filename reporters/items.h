#ifndef REPORTERS_ITEMS_H
#define REPORTERS_ITEMS_H
/**
 * Items: JSON documents written piece by piece, so that a big audit needs no memory for the whole.
 */
#include "reporters/view.h"

/** Text without controls, terminal escapes or bidi overrides; at most `columns` wide. New
 *  reference; never NULL. */
json_t *items_text(const char *s, size_t columns);

/** Write one array item, with a comma before it unless it is the first. Takes over the reference.
 *  @return false when writing failed. */
bool items_put(FILE *out, json_t *item, bool first);

#endif
