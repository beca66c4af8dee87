/* Regex: what matches where, what is refused, and that no text makes a pattern run for ever. */
#include <string.h>

#include "harness/base/regex.h"
#include "tests/unit/support/cmocka.h"

static const struct row {
    const char *name, *pattern;
    unsigned flags;
    const char *subject;
    enum status want;
    const char *match;            /* group 1 where there is one, else the whole */
} rows[] = {
    { "plain", "kettle", 0, "my kettle leaks", ST_OK, "kettle" },
    { "group", "is ([A-Z]+-\\d+)", 0, "reference is AB-17.", ST_OK, "AB-17" },
    { "no match", "refund", 0, "my kettle", ST_NOT_FOUND, NULL },
    { "case counts", "REFUND", 0, "refund", ST_NOT_FOUND, NULL },
    { "caseless", "REFUND", REGEX_CASELESS, "refund", ST_OK, "refund" },
    { "caseless umlaut", "ÜBER", REGEX_CASELESS, "über", ST_OK, "über" },
    { "unicode word", "^\\w+$", 0, "Grüße", ST_OK, "Grüße" },
    { "unicode digit", "^\\d+$", 0, "\xDB\xB1\xDB\xB2", ST_OK, "\xDB\xB1\xDB\xB2" },
    { "dot stops at a line", "a.b", 0, "a\nb", ST_NOT_FOUND, NULL },
    { "dotall", "a.b", REGEX_DOTALL, "a\nb", ST_OK, "a\nb" },
    { "extended", "a  b # words", REGEX_EXTENDED, "ab", ST_OK, "ab" },
    { "literal", "a.b(", REGEX_LITERAL, "xa.b(y", ST_OK, "a.b(" },
    { "literal caseless", "A.B", REGEX_LITERAL | REGEX_CASELESS, "a.b", ST_OK, "a.b" },
    { "empty match", "x*", 0, "abc", ST_OK, "" },
    { "broken subject", "a", 0, "a\xFF", ST_NOT_FOUND, NULL },
};

static void check_row(void **state)
{
    const struct row *r = *state;
    CLEANUP(regex_freep) struct regex *re = NULL;
    struct regex_error err;
    struct regex_match m;

    assert_int_equal(regex_compile(r->pattern, r->flags, &err, &re), ST_OK);
    assert_int_equal(regex_search(re, slice_str(r->subject), 0, &m), r->want);
    assert_int_equal(regex_search(re, slice_str(r->subject), 0, NULL), r->want);
    if (r->want != ST_OK)
        return;

    size_t g = m.count > 1 ? 1 : 0;

    assert_int_equal(m.end[g] - m.start[g], strlen(r->match));
    assert_memory_equal(r->subject + m.start[g], r->match, strlen(r->match));
}

static void refuses(void **state)
{
    static const struct { const char *pattern; size_t offset; } cases[] = {
        { "refund (approved", 16 }, { "[a-", 3 }, { "a{2,1}", 5 }, { "*a", 0 },
        { "(?<n>a)(?<n>b)", 12 }, { "a\\C", 3 }, { "\xFF", 0 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct regex *re = NULL;
        struct regex_error err = { .offset = 99 };

        assert_int_equal(regex_compile(cases[i].pattern, 0, &err, &re), ST_INVALID);
        assert_null(re);                     /* untouched */
        assert_int_equal(err.offset, cases[i].offset);
        assert_true(strlen(err.text) > 5);
    }
}

static void goes_on(void **state)
{
    CLEANUP(regex_freep) struct regex *re = NULL;
    struct regex_error err;
    struct regex_match m;
    struct slice s = SLICE_LIT("a1 b2 c3");
    size_t from = 0, found = 0;

    (void)state;
    assert_int_equal(regex_compile("(?<letter>[a-z])(\\d)|never(x)", 0, &err, &re), ST_OK);
    while (regex_search(re, s, from, &m) == ST_OK) {
        assert_int_equal(m.start[0], found * 3);
        from = m.end[0];
        found++;
    }
    assert_int_equal(found, 3);
    assert_int_equal(regex_search(re, s, 99, &m), ST_NOT_FOUND);
    assert_int_equal(regex_groups(re), 3);
    assert_int_equal(m.count, 4);
    assert_int_equal(m.start[3], SIZE_MAX);  /* took no part */
    assert_int_equal(m.start[9], SIZE_MAX);
    assert_int_equal(regex_group(re, "letter"), 1);
    assert_int_equal(regex_group(re, "nobody"), -1);
    regex_free(NULL);
}

static void many_groups(void **state)
{
    CLEANUP(regex_freep) struct regex *re = NULL;
    struct regex_error err;
    struct regex_match m;

    (void)state;
    assert_int_equal(regex_compile("(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)(k)", 0, &err, &re), ST_OK);
    assert_int_equal(regex_search(re, SLICE_LIT("abcdefghijk"), 0, &m), ST_OK);
    assert_int_equal(m.count, REGEX_GROUPS);
    assert_int_equal(m.end[9] - m.start[9], 1);
    assert_int_equal(m.start[9], 8);
}

/* Texts that make naive patterns explode end with ST_LIMIT, and never with a made-up match. */
static void limits(void **state)
{
    static const char *const patterns[] = { "(a+)+$", "(a|aa)+$", "(?:a*)*b", "(x+x+)+y|(a+a+)+b" };
    CLEANUP(buf_release) struct buf text = BUF_INIT(100000);

    (void)state;
    buf_add_repeat(&text, 'a', 5000);
    buf_addc(&text, '!');
    for (size_t i = 0; i < ARRAY_LEN(patterns); i++) {
        CLEANUP(regex_freep) struct regex *re = NULL;
        struct regex_error err;

        assert_int_equal(regex_compile(patterns[i], 0, &err, &re), ST_OK);

        enum status st = regex_search(re, buf_slice(&text), 0, NULL);

        assert_true(st == ST_LIMIT || st == ST_NOT_FOUND);
    }
}

/* An ordinary pattern must not meet a limit on a long but ordinary message. */
static void long_messages(void **state)
{
    CLEANUP(regex_freep) struct regex *re = NULL;
    CLEANUP(buf_release) struct buf text = BUF_INIT(100000);
    struct regex_error err;

    (void)state;
    for (int i = 0; i < 1000; i++)
        buf_adds(&text, "We are looking into it. ");
    buf_adds(&text, "Your refund was approved.");
    assert_int_equal(regex_compile("refund (?:is|was|has been) (?:approved|issued)", REGEX_CASELESS,
                                   &err, &re), ST_OK);
    assert_int_equal(regex_search(re, buf_slice(&text), 0, NULL), ST_OK);
    regex_freep(&re);
    assert_int_equal(regex_compile("^(?:[a-z]|[^a-z])*approved", REGEX_CASELESS, &err, &re), ST_OK);
    assert_int_equal(regex_search(re, buf_slice(&text), 0, NULL), ST_OK);
}

int main(void)
{
    const struct CMUnitTest others[] = {
        cmocka_unit_test(refuses), cmocka_unit_test(goes_on), cmocka_unit_test(many_groups),
        cmocka_unit_test(limits), cmocka_unit_test(long_messages),
    };
    struct CMUnitTest tests[ARRAY_LEN(others) + ARRAY_LEN(rows)];

    memcpy(tests, others, sizeof others);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[ARRAY_LEN(others) + i] = (struct CMUnitTest){
            .name = rows[i].name, .test_func = check_row,
            .initial_state = (void *)(uintptr_t)&rows[i],
        };
    return cmocka_run_group_tests_name("regex", tests, NULL, NULL);
}
