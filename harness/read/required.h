#ifndef READ_REQUIRED_H
#define READ_REQUIRED_H
/**
 * Required: strings of which every match of a pattern must contain at least one, so that a pattern
 * need not be tried on a text that has none of them.
 *
 * How    the pattern is read as a tree of what it can match: small sets of whole strings are carried
 *        up through sequences and alternatives, and cut where something unknown stands between; the
 *        set whose shortest string is longest wins. After R. Cox, "Regular Expression Matching with
 *        a Trigram Index" (2012).
 * Case   strings are folded as needles_fold does it; characters it cannot fold count as unknown.
 *        Lookarounds count as nothing: what they demand is not used, but for \b, (?<!\w), (?!\w).
 * Doubt  any syntax not understood gives no strings: the pattern is then always tried.
 */
#include "harness/base/buf.h"

enum { REQUIRED_STRINGS_MAX = 96, REQUIRED_LENGTH_MAX = 24 };

struct needed {
    const char *text;             /* folded; in the arena; never one letter alone */
    bool word_start, word_end;    /* no letter, digit or underscore stands before, behind it */
};

struct required {
    struct needed *items;         /* in the arena */
    size_t count;                 /* 0: nothing is known */
};

struct required required_strings(struct arena *a, const char *pattern);

/** The same kept: append; take the next off the front, its texts borrowed from there. */
void required_write(struct required r, struct buf *out);
struct required required_read(struct arena *a, struct slice *from);

#endif
