#ifndef LOAD_SOURCE_FILE_H
#define LOAD_SOURCE_FILE_H
/**
 * Source file: texts for diagnostics, kept in a list so that diags stay renderable.
 */
#include "harness/load/load.h"

/** The list owns what comes back. A byte order mark is left out. */
struct source *source_of_text(const char *name, struct slice text, struct sources *sources);

/** ST_IO unreadable or over the size cap, with an error in diags; *ret is untouched then. */
MUST_CHECK enum status source_of_file(const char *path, struct sources *sources,
                                      struct diags *diags, struct source **ret);

/** Takes the last source out of the list again: the caller owns it. */
struct source *sources_take(struct sources *s, struct source *which);

#endif
