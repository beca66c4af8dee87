#ifndef BASE_REGEX_H
#define BASE_REGEX_H
/**
 * Regex: PCRE2 patterns with JIT where there is one, and limits that hold for every match, so that
 * no company's text can make a pattern run for ever.
 *
 * Patterns are Unicode (UTF and UCP). Matching is on a slice of valid UTF-8; an invalid subject
 * does not match. A compiled regex may be shared by threads; machine code for it is made when it has
 * been used some times, since most patterns of a run hardly are.
 */
#include <stddef.h>
#include <stdint.h>

#include "harness/base/buf.h"

struct regex;

enum regex_flags {
    REGEX_CASELESS = 1,
    REGEX_DOTALL = 2,
    REGEX_EXTENDED = 4,
    REGEX_LITERAL = 8,
};

struct regex_error {
    size_t offset;                /* byte in the pattern */
    char text[128];
};

/** @param ret untouched on failure (ST_INVALID; *err says where and why). Caller frees. */
MUST_CHECK enum status regex_compile(const char *pattern, unsigned flags, struct regex_error *err,
                                     struct regex **ret);
/**
 * The same for a pattern that is known to compile, when it is first used. `pattern` is borrowed. One
 * that does not compile after all never matches.
 */
struct regex *regex_later(const char *pattern, unsigned flags);
void regex_free(struct regex *r);
void regex_freep(struct regex **r);

enum { REGEX_GROUPS = 10 };

/** Byte offsets into the subject; a group that did not take part has start == SIZE_MAX. */
struct regex_match {
    size_t start[REGEX_GROUPS], end[REGEX_GROUPS];
    uint32_t count;
};

/**
 * First match at or after byte `from`. m may be NULL.
 * @return ST_OK; ST_NOT_FOUND; ST_LIMIT the match limit was met (no match is claimed).
 */
enum status regex_search(const struct regex *r, struct slice subject, size_t from,
                         struct regex_match *m);

/** The same, faster, for a subject that is known to be valid UTF-8, `from` at one of its characters. */
enum status regex_search_valid(const struct regex *r, struct slice subject, size_t from,
                               struct regex_match *m);

/** A thread that has searched, and ends, gives back what it had for it. */
void regex_thread_ends(void);

/** Number of capture groups; number of the named group or -1. */
unsigned regex_groups(const struct regex *r);
int regex_group(const struct regex *r, const char *name);

#endif
