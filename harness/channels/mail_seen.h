#ifndef CHANNELS_MAIL_SEEN_H
#define CHANNELS_MAIL_SEEN_H
/**
 * Mail seen: a set of byte strings, kept as 64-bit hashes (two of a million differ with p < 1e-7).
 */
#include <stdbool.h>
#include <stdint.h>

#include "harness/base/buf.h"

struct mail_seen {
    uint64_t *slots;              /* open addressing; 0 = free */
    size_t count, size;           /* size: a power of two, or 0 */
};

/** @return false: it was in it before. */
bool mail_seen_add(struct mail_seen *s, struct slice bytes);
bool mail_seen_holds(const struct mail_seen *s, struct slice bytes);
void mail_seen_release(struct mail_seen *s);

#endif
