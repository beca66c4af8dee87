#ifndef REPORTERS_NAMES_H
#define REPORTERS_NAMES_H
/**
 * Names: a distinct name for every journey of a result, for formats that tell tests apart by name.
 * They are told one after the other, so that a big audit needs no memory for them.
 */
#include "harness/base/scratch.h"
#include "reporters/view.h"

struct names {
    struct scratch seen;          /* a hash table: how often each name came */
    uint64_t slots;
    char *name;
};

void names_open(struct names *n, const struct result *r);
/** Of each journey, in order: "Refund", "Refund (2)". Valid until the next one. */
const char *names_next(struct names *n, const struct journey_result *jr);
void names_close(struct names *n);

/** "scenarios/refund.journey.yaml" → "scenarios.refund". Appended; "shopper" for no file. */
void names_class(struct buf *out, const char *file);

#endif
