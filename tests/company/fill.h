#ifndef COMPANY_FILL_H
#define COMPANY_FILL_H
/**
 * Fill: texts with {blanks}. Only the names given are replaced, in one pass, so that a customer's
 * words are never read as blanks and `${local_part}` of a configuration file stays as it is.
 */
#include "harness/base/buf.h"

struct blank {
    const char *name, *value;     /* value NULL = "" */
};

void fill(struct buf *out, const char *text, const struct blank *blanks, size_t count);

#endif
