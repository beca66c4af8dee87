/* What a pattern needs of a text, and finding it: no match may ever be lost to it. */
#include "tests/unit/support/cmocka.h"

#include <string.h>

#include "harness/base/regex.h"
#include "harness/read/needles.h"
#include "harness/read/required.h"

/* Strings in the order they are found, joined by "|", "<" and ">" where a word must begin and end
 * there; "" = always tried. */
static const struct row { const char *pattern, *want; } rows[] = {
    { "order number", "order number" },
    { "Order", "order" },
    { "(?:order|booking) number", "order number|booking number" },
    { "(?:your|the) .* number", " number" },
    { "colou?r", "colour|color" },
    { "reference\\b.{0,20}\\d+", "reference>" },
    { "\\b(?:in|near) \\w+", "<in |<near " },
    { "(?<!\\w)order(?!\\w)", "<order>" },
    { "\\b#ref\\b", "#ref>" },                      /* an edge is asked for at letters only */
    { "an?\\b-?number", "an-number|annumber|a-number|anumber" },
    { "we (?:have )?received", "we have received|we received" },
    { "(?:sorry|apolog\\w+)", "sorry|apolog" },
    { "(?i)sorry", "" },                           /* an option: not understood, always tried */
    { "sorry(?! not)", "sorry" },
    { "(?<!not )sorry", "sorry" },
    { "a+bc", "abc" },
    { "f+u+ck", "uck" },
    { "(?:ab|cd)+ef", "abef|cdef" },
    { "(?-i:KC-[0-9]{3})", "kc-0" },               /* every digit is 0 */
    { "[0-9.,]+ ?%", "0 %|0%|. %|.%|, %|,%" },
    { "\\[[A-Z]+\\]", "[" },                        /* one mark is enough, one letter is not */
    { "(?:abc)+", "abc" },
    { "(?:abc)*", "" },
    { "(?:abc)?", "" },
    { "(?:abc){2}", "abc" },
    { "(?:abc){0,2}x", "" },
    { "\\w+@\\w+", "@" },
    { "x|order", "" },                             /* one byte is too little */
    { "[ab]cd", "acd|bcd" },
    { "[a-z]cd", "cd" },
    { "[^a]cd", "cd" },
    { "SCH\xC3\x96n", "sch\xC3\xB6n" },              /* a letter with a case beyond ASCII */
    { "\xD1\x81\xD1\x83 abc", " abc" },              /* Cyrillic has one too: unknown */
    { "\xD8\xB4\xD9\x85\xD8\xA7\xD8\xB1\xD9\x87", "\xD8\xB4\xD9\x85\xD8\xA7\xD8\xB1\xD9\x87" },
    { "ab\\x{E000}cd", "ab\xEE\x80\x80" "cd" },
    { "(?<slots>\\x{E000}) please", "\xEE\x80\x80 please" },
    { "we'll (?:get back|call)", "we'll get back|we'll call" },
    { "(a)\\1bcd", "" },
    { "((((abc))))", "abc" },
    { "abc)", "" },
    { "", "" },
};

static void check_row(void **state)
{
    const struct row *r = *state;
    struct arena *a = arena_new();
    struct required got = required_strings(a, r->pattern);
    struct buf all = BUF_INIT(4096);

    for (size_t i = 0; i < got.count; i++)
        buf_addf(&all, "%s%s%s%s", i ? "|" : "", got.items[i].word_start ? "<" : "",
                 got.items[i].text, got.items[i].word_end ? ">" : "");
    assert_string_equal(all.ptr, r->want);
    buf_release(&all);
    arena_free(a);
}

/* Whatever matches has one of the strings. */
static const struct { const char *pattern, *text; } matches[] = {
    { "(?:order|booking) number", "Your BOOKING NUMBER?" },
    { "sorry", "\xC5\xBForry about that" },        /* long s */
    { "ok now", "o\xE2\x84\xAA now" },             /* Kelvin sign */
    { "colou?r", "COLOR" },
    { "(?:a|bc+|d{2,3}e)f", "xdddef" },
    { "[ab]cd", "Bcd" },
    { "(?:abc){2}", "abcABC" },
    { "f+u+ck", "FFUUUck" },
    { "\\b(?:in|near) \\w", "we live near you" },
    { "\\border\\b", "(order)" },
    { "\xC3\xA9tat", "\xC3\x89TAT" },
    { "stra\xC3\x9F" "e", "STRA\xE1\xBA\x9E" "E" },   /* capital sharp s */
    { "\xC3\xA5ngstr", "\xE2\x84\xABngstr" },        /* the unit's sign */
    { "\xC5\x93uvre", "\xC5\x92UVRE" },
    { "[0-9]{2}:[0-9]{2}", "at 17:45" },
    { "#[1-5] ", "#3 stars" },
};

static bool worth(const char *pattern, const char *text)
{
    struct arena *a = arena_new();
    struct required need = required_strings(a, pattern);
    struct needles n = { 0 };
    struct buf folded = BUF_INIT(4096);
    uint64_t found[1] = { need.count ? 0 : 1 };

    for (size_t i = 0; i < need.count; i++)
        needles_add(&n, &need.items[i], 0);
    needles_fold(&folded, slice_str(text));
    needles_find(&n, buf_slice(&folded), found);
    buf_release(&folded);
    needles_release(&n);
    arena_free(a);
    return found[0];
}

static void no_match_is_lost(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(matches); i++) {
        CLEANUP(regex_freep) struct regex *r = NULL;
        struct regex_error err;

        assert_int_equal(regex_compile(matches[i].pattern, REGEX_CASELESS, &err, &r), ST_OK);
        assert_int_equal(regex_search(r, slice_str(matches[i].text), 0, NULL), ST_OK);
        assert_true(worth(matches[i].pattern, matches[i].text));
    }
}

static void what_is_not_there_is_not_tried(void **state)
{
    (void)state;
    assert_false(worth("order number", "what is your booking number"));
    assert_false(worth("ab", "b a"));
    assert_false(worth("abc", "ab"));
    assert_true(worth("ab", "xxab"));
    assert_false(worth("\\bin\\b", "going inside"));
    assert_false(worth("[0-9]{2} euros", "many euros"));
}

int main(void)
{
    const struct CMUnitTest wholes[] = {
        cmocka_unit_test(no_match_is_lost),
        cmocka_unit_test(what_is_not_there_is_not_tried),
    };
    struct CMUnitTest tests[ARRAY_LEN(rows)];
    int failed = cmocka_run_group_tests_name("needles", wholes, NULL, NULL);

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[i] = (struct CMUnitTest){ .name = *rows[i].pattern ? rows[i].pattern : "(empty)",
                                        .test_func = check_row,
                                        .initial_state = (void *)(uintptr_t)&rows[i] };
    return failed + cmocka_run_group_tests_name("required", tests, NULL, NULL);
}
