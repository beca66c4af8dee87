#ifndef CLI_WRAP_H
#define CLI_WRAP_H
/** Wrap: help texts on a terminal of 80 columns. */
#include "harness/base/buf.h"

/**
 * Append words of text, starting in column `at`, broken before column 80; further lines are
 * indented by `indent`. Ends with a newline.
 */
void wrap_add(struct buf *out, const char *text, size_t at, size_t indent);

#endif
