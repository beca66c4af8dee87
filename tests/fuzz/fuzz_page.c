/* Any bytes as a web page. */
#include "harness/channels/page.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct page *p = page_parse("http://localhost/contact", NULL,
                                (struct slice){ (const char *)data, size });
    struct buf text = BUF_INIT(PAGE_TEXT_MAX), errors = BUF_INIT(PAGE_TEXT_MAX);

    page_text(p, &text);
    page_errors(p, &errors);
    for (size_t i = 0; i < p->control_count; i++)
        if (p->controls[i].form >= (int)p->form_count)
            __builtin_trap();
    buf_release(&text);
    buf_release(&errors);
    page_free(p);
    return 0;
}
