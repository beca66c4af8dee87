#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H
/** What the fuzz targets share: libFuzzer's entry, and inputs that have to be files. */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline char *fuzz_file(const uint8_t *data, size_t size)
{
    static char path[64];
    snprintf(path, sizeof path, "/tmp/shopper-fuzz-%d", (int)getpid());

    FILE *f = fopen(path, "wb");

    if (!f || fwrite(data, 1, size, f) != size || fclose(f))
        abort();
    return path;
}

static inline void fuzz_done(const char *path)
{
    unlink(path);
}

#endif
