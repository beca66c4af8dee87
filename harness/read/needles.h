#ifndef READ_NEEDLES_H
#define READ_NEEDLES_H
/**
 * Needles: many strings looked for in one text at once, to tell which rules are worth trying on it.
 *
 * Shape  a needle is at least two bytes; it is found by its first three (two when it has no more). A
 *        rule without needles is always worth trying. Cost: the text's length plus what is found.
 */
#include <stdint.h>

#include "harness/base/buf.h"

enum { NEEDLE_BUCKETS = 16384 };

struct needle {
    const char *text;             /* borrowed */
    uint32_t len, owner;          /* the rule */
    int32_t next;                 /* same bucket; -1 end */
};

struct needles {
    struct needle *items;
    size_t count, cap;
    int32_t *heads;               /* NEEDLE_BUCKETS of them; NULL while empty */
    bool pairs;                   /* some needle has two bytes */
};

void needles_release(struct needles *n);
void needles_add(struct needles *n, const char *text, size_t owner);

/** Sets bit `owner` in `found` for each needle that stands in the (folded) text. */
void needles_find(const struct needles *n, struct slice text, uint64_t *found);

/**
 * Append text as needles are written: ASCII letters small, and the two letters beyond ASCII that
 * PCRE2 takes for ASCII ones (U+017F for s, U+212A for k) as those.
 */
void needles_fold(struct buf *out, struct slice text);

#endif
