#ifndef READ_NEEDLES_H
#define READ_NEEDLES_H
/**
 * Needles: many strings looked for in one text at once, to tell which rules are worth trying on it.
 *
 * Shape  a needle is found by its first three bytes (fewer when it has no more). Rules that need the
 *        same string share one needle. Cost: the text's length plus what is found.
 */
#include <stdint.h>

#include "harness/read/required.h"

enum { NEEDLE_BUCKETS = 16384 };

struct needle {
    uint64_t first, mask;         /* its first eight bytes as they lie in memory; those it has */
    const char *text;             /* borrowed */
    uint32_t len;
    bool word_start, word_end;
    int32_t next;                 /* same bucket; -1 end */
    int32_t owners;               /* the first of the rules that need it */
};

struct needle_owner {
    uint32_t rule;
    int32_t next;                 /* -1 end */
};

struct needles {
    struct needle *items;
    size_t count, cap;
    struct needle_owner *owners;
    size_t owner_count, owner_cap;
    int32_t *heads;               /* NEEDLE_BUCKETS of them; NULL while empty */
    uint64_t filled[NEEDLE_BUCKETS / 64];    /* buckets that hold something */
    bool lengths[3];              /* there are needles of one byte, of two */
};

void needles_release(struct needles *n);
void needles_add(struct needles *n, const struct needed *what, size_t owner);

/** Sets bit `owner` in `found` for each needle that stands in the (folded) text. */
void needles_find(const struct needles *n, struct slice text, uint64_t *found);

/**
 * Append text as needles are written: letters of ASCII and Latin-1 (and oe) small, every digit 0,
 * and those beyond that PCRE2 takes for them (U+017F s, U+212A k, U+212B a with ring, U+1E9E ss).
 */
void needles_fold(struct buf *out, struct slice text);

/** The same for one code point; foldable: whether it may stand in a needle at all. */
int32_t needles_folded(int32_t c);
bool needles_foldable(int32_t c);

#endif
