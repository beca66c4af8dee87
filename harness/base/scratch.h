#ifndef BASE_SCRATCH_H
#define BASE_SCRATCH_H
/**
 * Scratch: bytes kept aside for a while. Few lie in memory; from SCRATCH_HELD on they go to a file
 * that has no name (nobody else can open it, and it is gone when the program is).
 *
 * Errors  are remembered in `failed`; nothing is written after one.
 */
#include <stdint.h>
#include <stdio.h>

#include "harness/base/buf.h"

enum { SCRATCH_HELD = 1024 * 1024 };

struct scratch {
    const char *folder;           /* for the file; borrowed; NULL = /tmp */
    struct buf held;              /* all of it while fd is -1 */
    int fd;
    uint64_t len;
    bool failed;                  /* errno had the reason */
};

void scratch_init(struct scratch *s, const char *folder);
void scratch_release(struct scratch *s);

/** Write `len` bytes at `at`, which may lie beyond the end: what is between becomes zeros. */
bool scratch_put(struct scratch *s, uint64_t at, const void *bytes, size_t len);
/** The same at the end. */
bool scratch_add(struct scratch *s, const void *bytes, size_t len);
/** Read exactly `len` bytes; false when not all of them are there. */
bool scratch_get(struct scratch *s, uint64_t at, void *bytes, size_t len);
/** Everything, to a stream; false when reading or writing failed. */
bool scratch_print(struct scratch *s, FILE *out);

#endif
