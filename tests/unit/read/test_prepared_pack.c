/* A pack whose lexicon was prepared reads as one whose lexicon was loaded. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "harness/load/prepared.h"
#include "harness/read/pack.h"
#include "tests/unit/read/packs.h"

enum { MAX_BYTES = 8 << 20 };

/* Several languages in one reader, each of them restored from what was written of it. */
struct restored {
    struct arena *arena;
    struct regex_list regexes;
    struct buf bytes[8];
    struct reader *reader;
};

static void restore(struct restored *r, size_t i, const struct lexicon *l, struct diags *diags)
{
    struct lexicon *copy = arena_alloc(r->arena, sizeof *copy);
    struct pack *pack;

    buf_init(&r->bytes[i], MAX_BYTES);
    object_write(&lexicon_object, l, &r->bytes[i]);

    size_t len = r->bytes[i].len;

    assert_int_equal(pack_compile(l, diags, &pack), ST_OK);
    pack_ready(pack);
    pack_write_needs(pack, &r->bytes[i]);
    pack_free(pack);

    struct slice all = buf_slice(&r->bytes[i]);

    object_restore(&lexicon_object, (struct slice){ all.ptr, len }, r->arena, &r->regexes, copy);
    copy->prepared = true;
    copy->needs = (struct slice){ all.ptr + len, all.len - len };
    assert_int_equal(reader_add(r->reader, copy, diags), ST_OK);
}

static void same_text(const char *a, const char *b)
{
    assert_true(!a == !b);
    if (a)
        assert_string_equal(a, b);
}

static size_t check_message(const struct reader *one, const struct reader *other,
                            const char *language, const char *text)
{
    struct arena *a = arena_new();
    struct transcript *t = transcript_new();
    struct event e = event_init(EVENT_MESSAGE, PARTY_COMPANY);
    struct marks x = { 0 }, y = { 0 };

    t->language = language;
    e.text = text;
    transcript_append(t, &e);
    reader_read(one, t, 0, a, &x);
    reader_read(other, t, 0, a, &y);
    assert_int_equal(x.count, y.count);
    for (size_t i = 0; i < x.count; i++) {
        assert_int_equal(x.items[i].kind, y.items[i].kind);
        assert_int_equal(x.items[i].start, y.items[i].start);
        assert_int_equal(x.items[i].end, y.items[i].end);
        assert_int_equal(x.items[i].within_us, y.items[i].within_us);
        assert_int_equal(x.items[i].when.kind, y.items[i].when.kind);
        same_text(x.items[i].slot, y.items[i].slot);
        same_text(x.items[i].value, y.items[i].value);
        same_text(x.items[i].rule, y.items[i].rule);
    }

    size_t count = x.count;

    transcript_free(t);
    arena_free(a);
    return count;
}

static void reads_the_same(void **state)
{
    struct restored r = { .arena = arena_new(), .reader = reader_new() };
    struct lexicons all = reader_lexicons(packs_reader());
    struct diags diags;
    size_t marks = 0;

    (void)state;
    diags_init(&diags);
    assert_true(all.count >= 4 && all.count <= ARRAY_LEN(r.bytes));
    for (size_t i = 0; i < all.count; i++)
        restore(&r, i, all.items[i], &diags);
    for (size_t i = 0; i < all.count; i++) {
        const struct lexicon *l = all.items[i];

        for (size_t k = 0; k < l->slots.count; k++) {
            const struct lexicon_slot *s = LIST_ITEM(struct lexicon_slot, l->slots, k);
            const char *ask = arena_printf(r.arena, "%s? (24 h, 12.03.2026, 17:00, A-10442)",
                                           s->words.count ? s->words.items[0] : s->name);

            marks += check_message(packs_reader(), r.reader, l->language, ask);
        }
        for (size_t k = 0; k < l->phrases.count; k++) {
            const struct texts *p = &LIST_ITEM(struct lexicon_phrases, l->phrases, k)->texts;

            for (size_t n = 0; n < p->count; n++)
                marks += check_message(packs_reader(), r.reader, l->language, p->items[n]);
        }
    }
    assert_true(marks > 500);
    reader_free(r.reader);
    regex_list_release(&r.regexes);
    for (size_t i = 0; i < all.count; i++)
        buf_release(&r.bytes[i]);
    diags_release(&diags);
    arena_free(r.arena);
}

static int teardown(void **state)
{
    (void)state;
    packs_free();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(reads_the_same) };

    return cmocka_run_group_tests_name("prepared pack", tests, NULL, teardown);
}
