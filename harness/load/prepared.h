#ifndef LOAD_PREPARED_H
#define LOAD_PREPARED_H
/**
 * Prepared: the data files that come with shopper, typed when it is built, so that starting costs no
 * parsing. A file that is not byte for byte what was prepared is read as any other.
 *
 * Shape  an object's fields in the order of its table, as they lie in memory; texts with their NUL,
 *        lists with their count before them. No format for files: written and read by one build.
 * Trust  what was prepared had no errors, so that its patterns need not be compiled to be believed.
 */
#include "harness/load/load.h"

struct prepared {
    const char *name;             /* "lexicons/en.yaml" */
    uint64_t sum;                 /* slice_sum of the file */
    const void *bytes;            /* object_write, then `more` bytes of its owner's own */
    size_t len, more;
};

/** The files of this program: made by the build (harness/prepare); ends with a name that is NULL. */
extern const struct prepared prepared_files[];

/** Of prepared_files, the one with this name and text; NULL when there is none. */
const struct prepared *prepared_find(const struct prepared *files, const char *name,
                                     struct slice text);

/** Append an object that was read without errors. Custom rows are left out. */
void object_write(const struct object *o, const void *from, struct buf *out);

/**
 * The same back, into *ret (o->size bytes, zeroed by the caller). Texts are borrowed from `bytes`,
 * arrays go to `a`, regexes are appended to `regexes` (caller frees each).
 * @return how many of the bytes it took.
 */
size_t object_restore(const struct object *o, struct slice bytes, struct arena *a,
                      struct regex_list *regexes, void *ret);

#endif
