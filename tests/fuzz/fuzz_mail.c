/* Any bytes as a mail: read, its way out and its bounce's reason with it, and told what kind it is. */
#include "harness/base/text.h"
#include "harness/channels/mail_kind.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/fuzz_packs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct lexicons packs = reader_lexicons(fuzz_reader());
    struct arena *a = arena_new();
    struct mail *m = mail_read(a, (struct slice){ (const char *)data, size });
    struct mail_guess g = mail_guess_kind(a, m, &packs);

    if (!text_is_valid(slice_str(m->text)) || !text_is_valid(slice_str(m->subject)) || !g.rule ||
        !text_is_valid(slice_str(m->unsubscribe)) ||
        !text_is_valid(slice_str(m->delivery_reason)) || !text_is_valid(slice_str(g.rule)) ||
        g.kind == MAIL_UNKNOWN || !(g.confidence > 0 && g.confidence <= 1))
        __builtin_trap();
    for (size_t i = 0; i < m->link_count; i++)
        if (!text_is_valid(slice_str(m->links[i].url)))
            __builtin_trap();
    arena_free(a);
    return 0;
}
