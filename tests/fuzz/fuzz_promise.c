/* Any text as a company's message: the times it promises are read, and become dates. The first two
 * bytes choose when it was said. */
#include "harness/base/duration.h"
#include "harness/base/text.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/fuzz_packs.h"

static void check(struct arena *a, const struct mark *m, int64_t said)
{
    static const char *const rules[] = { "", "CET-1CEST,M3.5.0,M10.5.0/3", "<+0330>-3:30",
                                         "NZST-12NZDT,M9.5.0,M4.1.0/3" };
    const int64_t ages = INT64_C(200) * 366 * 86400;

    for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
        struct hours h;

        hours_assumed(&h, 3600, a);
        h.zone.rules = rules[i];
        if (i)
            h.zone.count = 0;

        int64_t due = when_due(&m->when, said, &h);

        if (m->when.kind != WHEN_DATE && (due < said - 86400 * 8 || due > said + ages))
            __builtin_trap();
    }
    if (m->when.kind != WHEN_NONE && !*when_text(a, &m->when))
        __builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct reader *r = fuzz_reader();
    struct transcript *t;
    struct marks marks = { 0 };
    struct buf text = BUF_INIT(1 << 20);
    struct event e = event_init(EVENT_MESSAGE, PARTY_COMPANY);
    int64_t said;

    if (size < 2)
        return 0;
    said = INT64_C(1600000000) + (data[0] * 256 + data[1]) * INT64_C(7200);
    t = transcript_new();
    text_add_clean(&text, (struct slice){ (const char *)data + 2, size - 2 });
    e.text = text.ptr;
    transcript_append(t, &e);
    reader_read(r, t, 0, t->arena, &marks);
    for (size_t i = 0; i < marks.count; i++)
        check(t->arena, &marks.items[i], said);
    buf_release(&text);
    transcript_free(t);
    return 0;
}
