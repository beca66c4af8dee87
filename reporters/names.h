#ifndef REPORTERS_NAMES_H
#define REPORTERS_NAMES_H
/**
 * Names: a distinct name for every journey of a result, for formats that tell tests apart by name.
 */
#include "reporters/view.h"

/** One per journey, in order: "Refund", "Refund (2)". Caller frees the whole with names_free. */
char **names_unique(const struct result *r);
void names_free(char **names, size_t count);

/** "scenarios/refund.journey.yaml" → "scenarios.refund". Appended; "shopper" for no file. */
void names_class(struct buf *out, const char *file);

#endif
