/* Text: decoding, folding, widths, escaping; each row is one input and what must come of it. */
#include <string.h>

#include "harness/base/text.h"
#include "tests/unit/support/cmocka.h"

typedef void convert_fn(struct buf *out, struct slice s);

static void clip_five(struct buf *out, struct slice s)
{
    text_add_clipped(out, s, 5);
}

static void clip_none(struct buf *out, struct slice s)
{
    text_add_clipped(out, s, 0);
}

static void trim(struct buf *out, struct slice s)
{
    struct slice t = text_trim(s);

    buf_add(out, t.ptr, t.len);
}

static const struct row {
    const char *name;
    convert_fn *convert;
    const char *in, *out;
} rows[] = {
    { "fold case and accents", text_fold, "Grüße, CAFÉ", "grusse, cafe" },
    { "fold white space", text_fold, "  a\t\r\n b  ", "a b" },
    { "fold wide blanks", text_fold, "a\xE3\x80\x80\xC2\xA0z", "a z" },
    { "fold apostrophes", text_fold, "don\xE2\x80\x99t \xE2\x80\x9Cx\xE2\x80\x9D", "don't \"x\"" },
    { "fold dashes", text_fold, "a\xE2\x80\x93z\xE2\x80\x94", "a-z-" },
    { "fold soft hyphen", text_fold, "re\xC2\xAD" "fund", "refund" },
    { "fold ligature", text_fold, "of\xEF\xAC\x81" "ce", "office" },
    { "fold full width", text_fold, "\xEF\xBC\xA1\xEF\xBC\x91", "a1" },
    { "fold Persian digits", text_fold, "\xDB\xB1\xDB\xB2\xDB\xB3", "123" },
    { "fold Arabic digits", text_fold, "\xD9\xA1\xD9\xA2", "12" },
    { "fold Arabic yeh and kaf", text_fold, "\xD9\x8A\xD9\x83", "\xDB\x8C\xDA\xA9" },
    { "fold non-joiner", text_fold, "\xD9\x85\xDB\x8C\xE2\x80\x8C\xD8\xB4\xD9\x88\xD8\xAF",
      "\xD9\x85\xDB\x8C\xD8\xB4\xD9\x88\xD8\xAF" },
    { "fold nothing", text_fold, "", "" },
    { "fold blanks only", text_fold, " \n ", "" },
    { "fold broken bytes", text_fold, "a\xFFz", "a\xEF\xBF\xBDz" },
    { "clean controls", text_add_clean, "a\x01\x1B[31mb\tc\n\r", "a[31mb\tc\n" },
    { "clean broken bytes", text_add_clean, "caf\xE9!", "caf\xEF\xBF\xBD!" },
    { "clean cut character", text_add_clean, "a\xE2\x82", "a\xEF\xBF\xBD\xEF\xBF\xBD" },
    { "clean surrogate", text_add_clean, "\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD" },
    { "clip short", clip_five, "abc", "abc" },
    { "clip exact", clip_five, "abcde", "abcde" },
    { "clip long", clip_five, "abcdefgh", "abcd…" },
    { "clip wide", clip_five, "東京東京", "東京…" },
    { "clip newlines", clip_five, "a\nb\nc", "a b c" },
    { "clip escapes", clip_five, "\x1B]0;x", "]0;x" },
    { "clip to nothing", clip_none, "abc", "" },
    { "printable drops escapes", text_add_printable, "a\x1B[2Jb", "a[2Jb" },
    { "printable drops bidi controls", text_add_printable, "a\xE2\x80\xAE" "b\xE2\x81\xA6" "c",
      "abc" },
    { "printable keeps lines", text_add_printable, "a\n\tb", "a\n\tb" },
    { "printable drops C1", text_add_printable, "a\xC2\x9B" "b", "ab" },
    { "xml", text_add_xml, "<a href=\"x\" id='y'>&",
      "&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;" },
    { "xml controls", text_add_xml, "a\x01\t\n", "a\xEF\xBF\xBD\t\n" },
    { "xml non-character", text_add_xml, "\xEF\xBF\xBF", "\xEF\xBF\xBD" },
    { "trim", trim, " \t a b\r\n", "a b" },
    { "trim blanks only", trim, " \n", "" },
};

static void check_row(void **state)
{
    const struct row *r = *state;
    CLEANUP(buf_release) struct buf out = BUF_INIT(1000);

    r->convert(&out, slice_str(r->in));
    assert_string_equal(out.ptr, r->out);
    assert_true(text_is_valid(buf_slice(&out)));
}

static void nul_bytes(void **state)
{
    CLEANUP(buf_release) struct buf out = BUF_INIT(100);

    (void)state;
    text_add_clean(&out, (struct slice){ "a\0b", 3 });
    assert_string_equal(out.ptr, "a\xEF\xBF\xBD" "b");
    assert_int_equal(text_trim((struct slice){ "\0 ", 2 }).len, 1);
}

static void decoding(void **state)
{
    static const struct { const char *bytes; size_t len, used; int32_t cp; } cases[] = {
        { "A", 1, 1, 'A' }, { "\xC3\xA9", 2, 2, 0xE9 }, { "\xE2\x82\xAC", 3, 3, 0x20AC },
        { "\xF0\x9F\x98\x80", 4, 4, 0x1F600 }, { "\xE2\x82\xAC", 2, 1, 0xFFFD },
        { "\xC0\x80", 2, 1, 0xFFFD }, { "\x80", 1, 1, 0xFFFD },
        { "\xF5\x80\x80\x80", 4, 1, 0xFFFD }, { "\0", 1, 1, 0 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int32_t cp = -1;

        assert_int_equal(text_decode(cases[i].bytes, cases[i].len, &cp), cases[i].used);
        assert_int_equal(cp, cases[i].cp);
    }
}

static void encoding_comes_back(void **state)
{
    (void)state;
    for (int32_t c = 1; c < 0x110000; c += c < 0x3000 ? 1 : 97) {
        CLEANUP(buf_release) struct buf b = BUF_INIT(8);
        int32_t got;

        if (c >= 0xD800 && c < 0xE000)
            continue;
        text_encode(&b, c);
        assert_int_equal(text_decode(b.ptr, b.len, &got), b.len);
        assert_int_equal(got, c);
    }
}

static void folding_twice_is_folding_once(void **state)
{
    (void)state;
    for (int32_t c = 1; c < 0x110000; c += c < 0x3000 ? 1 : 31) {
        CLEANUP(buf_release) struct buf once = BUF_INIT(256), twice = BUF_INIT(256);
        CLEANUP(buf_release) struct buf in = BUF_INIT(16);

        text_encode(&in, c);
        text_fold(&once, buf_slice(&in));
        text_fold(&twice, buf_slice(&once));
        if (strcmp(once.ptr, twice.ptr) != 0)
            fail_msg("U+%04X folds to \"%s\", then to \"%s\"", (unsigned)c, once.ptr, twice.ptr);
    }
}

static void lengths(void **state)
{
    (void)state;
    assert_int_equal(text_length(SLICE_LIT("")), 0);
    assert_int_equal(text_length(SLICE_LIT("Grüße")), 5);
    assert_int_equal(text_length(SLICE_LIT("\xFF\xFE")), 2);
    assert_int_equal(text_width(SLICE_LIT("東京")), 4);
    assert_int_equal(text_width(SLICE_LIT("e\xCC\x81")), 1);
    assert_true(text_is_valid(SLICE_LIT("Grüße")));
    assert_false(text_is_valid(SLICE_LIT("Gr\xFC\xDF" "e")));
    assert_false(text_is_valid(SLICE_LIT("a\xE2\x82")));
}

static void comparing(void **state)
{
    (void)state;
    assert_true(text_same("Order  NUMBER", "order number"));
    assert_true(text_same("Straße", "STRASSE"));
    assert_false(text_same("order", "orders"));
    assert_true(text_same_ascii("Content-Type", "content-type"));
    assert_false(text_same_ascii("content", "content-type"));
    assert_false(text_same_ascii("É", "é"));
    assert_true(text_starts_with("customer.name", "customer."));
    assert_false(text_starts_with("cust", "customer."));
}

int main(void)
{
    const struct CMUnitTest others[] = {
        cmocka_unit_test(nul_bytes), cmocka_unit_test(decoding),
        cmocka_unit_test(encoding_comes_back), cmocka_unit_test(folding_twice_is_folding_once),
        cmocka_unit_test(lengths), cmocka_unit_test(comparing),
    };
    struct CMUnitTest tests[ARRAY_LEN(others) + ARRAY_LEN(rows)];

    memcpy(tests, others, sizeof others);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[ARRAY_LEN(others) + i] = (struct CMUnitTest){
            .name = rows[i].name, .test_func = check_row,
            .initial_state = (void *)(uintptr_t)&rows[i],
        };
    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
