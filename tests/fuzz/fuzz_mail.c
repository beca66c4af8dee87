/* Any bytes as a mail. */
#include "harness/base/text.h"
#include "harness/channels/mail_read.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct mail *m = mail_read(a, (struct slice){ (const char *)data, size });

    if (!text_is_valid(slice_str(m->text)) || !text_is_valid(slice_str(m->subject)))
        __builtin_trap();
    arena_free(a);
    return 0;
}
