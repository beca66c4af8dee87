#ifndef CLI_EXPLAIN_H
#define CLI_EXPLAIN_H
/**
 * Explain: why the detectors think so, for `shopper judge --explain`: each finding with the places
 * that prove it and what was read there, by which rule and how surely.
 */
#include "harness/model/result.h"
#include "harness/read/read.h"

/** Appends to out, in the language the reader says findings in. `doubts`: findings below .5 too. */
void explain(struct buf *out, const struct reader *reader, const struct transcript *t,
             const struct judgement *j, bool doubts);

#endif
