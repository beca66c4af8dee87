#ifndef LOAD_SOURCE_FILE_H
#define LOAD_SOURCE_FILE_H
/**
 * Source file: texts for diagnostics, kept in a list so that diags stay renderable.
 */
#include "harness/load/load.h"

/** The list owns what comes back. A byte order mark is left out. */
struct source *source_of_text(const char *name, struct slice text, struct sources *sources);

/** ST_IO unreadable (errno says why); ST_LIMIT over the size cap. *ret is untouched then. */
MUST_CHECK enum status source_of_file(const char *path, struct sources *sources,
                                      struct source **ret);
/** Why source_of_file failed, in words; call it at once. */
const char *source_failure(enum status st);

/** Takes a source out of the list again: the caller owns it. NULL when it is not there. */
struct source *sources_take(struct sources *s, struct source *which);

#endif
