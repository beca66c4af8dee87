#ifndef JUDGE_LIKENESS_H
#define JUDGE_LIKENESS_H
/**
 * Likeness: questions compared by their own words, as struct mark has them: folded, joined by blanks,
 * without the most frequent ones. NULL has none.
 */
#include <stdbool.h>
#include <stddef.h>

/**
 * Shared words of all words (Jaccard), 0..1, endings aside; one shared word of several is nothing, and
 * one of one but for its ending: "ordered" is no order number.
 */
double likeness(const char *one, const char *two);

/**
 * Whether two questions are about the same: "surface", "surface of the flat". The longer of the two
 * topics, else NULL.
 */
const char *likeness_topic(const char *one, const char *two);

/**
 * Whether each says something beside the topic that the other does not: "which paper did you get",
 * "which paper is missing".
 */
bool likeness_apart(const char *one, const char *two, const char *topic);

/** Whether one of the names in a, each behind a blank, is in b: struct mark's about and aim. */
bool likeness_names(const char *a, const char *b);

/** Whether a text of so many bytes, at least one, ends in a question mark. */
bool likeness_question(const char *text, size_t len);

#endif
