/* Any bytes as what an IMAP server says, in pieces, through everything that is made of it. */
#include "harness/base/mem.h"
#include "harness/channels/imap_folder.h"
#include "tests/fuzz/fuzz.h"

static void use(struct imap_folder *f, const struct imap_answer *a)
{
    struct slice mail;
    int64_t arrived;

    imap_folder_on_examine(f, a);
    imap_folder_on_dates(f, a, 1000000000);
    imap_folder_on_search(f, a);
    for (size_t i = 1; i < f->queued; i++)
        if (f->queue[i - 1] >= f->queue[i])
            __builtin_trap();
    if (imap_folder_on_fetch(f, a, &mail, &arrived) &&
        (mail.ptr < a->rest.ptr || mail.ptr + mail.len > a->rest.ptr + a->rest.len))
        __builtin_trap();
    (void)imap_has_word(a->rest, "IDLE");
    (void)imap_words(a->rest);
    (void)imap_date(a->rest);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct imap_reader r;
    struct imap_folder f = { 0 };
    struct imap_answer a;
    enum status st = ST_NOT_FOUND;
    size_t piece = size ? data[0] % 64 + 1 : 1;

    imap_reader_init(&r);
    for (size_t i = 1; i < size && st == ST_NOT_FOUND; i += piece) {
        size_t n = size - i < piece ? size - i : piece;

        if (imap_feed(&r, (const char *)data + i, n) != ST_OK)
            break;
        while ((st = imap_next(&r, &a)) == ST_OK)
            use(&f, &a);
    }
    (void)imap_folder_catch_up_from(&f);
    imap_folder_caught_up(&f);
    imap_folder_release(&f);
    imap_reader_release(&r);
    return 0;
}
