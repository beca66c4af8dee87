#ifndef READ_WORDS_H
#define READ_WORDS_H
/**
 * Words: a text as folded words, and dictionaries of phrases that are found in them in one pass.
 *
 * A phrase is words joined by one blank; it is not found across a comma or any other mark but a
 * hyphen or an apostrophe. Cost of a search: linear in the text, times the longest phrase.
 */
#include <stdint.h>

#include "harness/base/buf.h"

struct word {
    uint32_t start, end;          /* bytes of the text */
    uint32_t fold, fold_len;      /* bytes of `folded` */
};

struct words {
    struct buf folded;            /* words with one blank or, after other marks, one 0x1F between */
    struct word *items;
    size_t count, cap;
};

enum { WORDS_MAX_BYTES = 1 << 20 };

/** Whether c can be part of a word: a letter, a digit or a mark on one. */
bool words_letter(int32_t c);

void words_init(struct words *w);
void words_release(struct words *w);
void words_split(struct words *w, struct slice text);       /* replaces what was there */
struct slice words_folded(const struct words *w, size_t i);

struct entry {
    uint64_t hash;
    const char *key;              /* NULL: free; borrowed */
    int value;
};

struct dictionary {
    struct entry *entries;
    size_t size, count;           /* size: a power of two, or 0 */
    unsigned longest;             /* words of the longest phrase */
};

void dictionary_release(struct dictionary *d);
/** key: a folded phrase (`folded` of words_split), borrowed. The first value of a key stays. */
void dictionary_add(struct dictionary *d, const char *key, int value);
/** Value of one folded word or phrase, or -1. */
int dictionary_find(const struct dictionary *d, struct slice key);

/**
 * The longest phrase that begins with word i. d2 (or NULL) is looked at too and wins ties.
 * @return its value, or -1; *count is the number of its words, *from the dictionary (1 or 2).
 */
int dictionary_match(const struct dictionary *d, const struct dictionary *d2,
                     const struct words *w, size_t i, size_t *count, int *from);

#endif
