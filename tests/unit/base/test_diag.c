/* Diagnostics: spans, carets under what they mean, order, "did you mean". */
#include <string.h>

#include "harness/base/diag.h"
#include "tests/unit/support/cmocka.h"

#define TEXT "one: 1\r\n\ttwo: Grüße, 東京!\n\nlast"

static void spans(void **state)
{
    static const struct { size_t offset, len; struct span at; } cases[] = {
        { 0, 3, { 1, 1, 4 } },                /* one */
        { 5, 50, { 1, 6, 7 } },               /* cut at the line's end */
        { 9, 3, { 2, 2, 5 } },                /* two, behind a tab */
        { 14, 7, { 2, 7, 12 } },              /* Grüße: 7 bytes, 5 characters */
        { 23, 6, { 2, 14, 16 } },             /* 東京 */
        { 31, 1, { 3, 1, 1 } },               /* the empty line */
        { 32, 4, { 4, 1, 5 } },
        { 36, 1, { 4, 5, 5 } },               /* behind the end */
        { 9999, 1, { 4, 5, 5 } },
    };
    struct source *s = source_new("t", SLICE_LIT(TEXT));

    (void)state;
    assert_int_equal(s->lines, 4);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct span got = source_span(s, cases[i].offset, cases[i].len);

        assert_int_equal(got.line, cases[i].at.line);
        assert_int_equal(got.col, cases[i].at.col);
        assert_int_equal(got.end_col, cases[i].at.end_col);
    }
    source_free(s);
    source_free(NULL);
}

static void lines(void **state)
{
    struct source *s = source_new("t", SLICE_LIT(TEXT));
    struct source *empty = source_new("e", SLICE_LIT(""));

    (void)state;
    assert_true(slice_eq(source_line(s, 1), "one: 1"));
    assert_true(slice_eq(source_line(s, 3), ""));
    assert_true(slice_eq(source_line(s, 4), "last"));
    assert_true(slice_eq(source_line(s, 0), ""));
    assert_true(slice_eq(source_line(s, 5), ""));
    assert_int_equal(empty->lines, 1);
    assert_int_equal(source_span(empty, 0, 1).col, 1);
    source_free(s);
    source_free(empty);
}

static const struct row {
    const char *name, *text;
    struct span at;
    const char *hint, *out;
} rows[] = {
    { "caret and hint", "channel: emial\n", { 1, 10, 15 }, "did you mean \"email\"?",
      "f.yaml:1:10: error: what\n    1 | channel: emial\n"
      "      |          ^^^^^ did you mean \"email\"?\n" },
    { "no hint", "abc\n", { 1, 2, 3 }, NULL, "f.yaml:1:2: error: what\n    1 | abc\n      |  ^\n" },
    { "empty span", "abc\n", { 1, 2, 2 }, NULL,
      "f.yaml:1:2: error: what\n    1 | abc\n      |  ^\n" },
    { "behind the line", "abc\n", { 1, 9, 12 }, NULL,
      "f.yaml:1:9: error: what\n    1 | abc\n      |    ^\n" },
    { "tab", "\tx: y\n", { 1, 5, 6 }, NULL,
      "f.yaml:1:5: error: what\n    1 | \tx: y\n      | \t   ^\n" },
    { "wide characters", "東京: x\n", { 1, 5, 6 }, NULL,
      "f.yaml:1:5: error: what\n    1 | 東京: x\n      |       ^\n" },
    { "wide under the caret", "a: 東京\n", { 1, 4, 6 }, NULL,
      "f.yaml:1:4: error: what\n    1 | a: 東京\n      |    ^^^^\n" },
    { "wide blank", "\xE3\x80\x80x\n", { 1, 2, 3 }, NULL,
      "f.yaml:1:2: error: what\n    1 |  x\n      |  ^\n" },
    { "escape sequence in the file", "\x1B[31mx\n", { 1, 6, 7 }, NULL,
      "f.yaml:1:6: error: what\n    1 | [31mx\n      |     ^\n" },
    { "no position", "abc\n", { 0, 0, 0 }, "a hint", "f.yaml: error: what\n  a hint\n" },
    { "line that is not there", "abc\n", { 77, 1, 2 }, NULL,
      "f.yaml:77:1: error: what\n   77 | \n      | ^\n" },
};

static void check_row(void **state)
{
    const struct row *r = *state;
    struct source *s = source_new("f.yaml", slice_str(r->text));
    struct buf out = BUF_INIT(1000);
    struct diags d;

    diags_init(&d);
    diag_add(&d, SEVERITY_ERROR, s, r->at, r->hint, "%s", "what");
    diags_render(&d, &out);
    assert_string_equal(out.ptr, r->out);
    diags_release(&d);
    buf_release(&out);
    source_free(s);
}

static void counts_and_severities(void **state)
{
    struct buf out = BUF_INIT(1000);
    struct diags d;

    (void)state;
    diags_init(&d);
    diag_error(&d, "cannot %s", "go");
    diag_add(&d, SEVERITY_WARNING, NULL, (struct span){ 0, 0, 0 }, "why", "careful");
    diag_add(&d, SEVERITY_NOTE, NULL, (struct span){ 0, 0, 0 }, NULL, "by the way");
    assert_int_equal(d.count, 3);
    assert_int_equal(d.errors, 1);
    diags_render(&d, &out);
    assert_string_equal(out.ptr, "shopper: error: cannot go\nshopper: warning: careful\n  why\n"
                                 "shopper: note: by the way\n");
    diags_release(&d);
    buf_release(&out);
}

static void sorting(void **state)
{
    struct source *a = source_new("a", SLICE_LIT("x\ny\n"));
    struct source *b = source_new("b", SLICE_LIT("x\ny\n"));
    const struct { struct source *s; uint32_t line, col; const char *what; } in[] = {
        { a, 2, 1, "a2" }, { b, 2, 1, "b2" }, { a, 1, 2, "a1.2 first" }, { b, 1, 1, "b1" },
        { a, 1, 1, "a1.1" }, { a, 1, 2, "a1.2 second" }, { NULL, 0, 0, "nowhere" },
    };
    const char *want[] = { "a1.1", "a1.2 first", "a1.2 second", "a2", "b1", "b2", "nowhere" };
    struct diags d;

    (void)state;
    diags_init(&d);
    diags_sort(&d);                          /* nothing to sort is fine */
    for (size_t i = 0; i < ARRAY_LEN(in); i++)
        diag_add(&d, SEVERITY_ERROR, in[i].s, (struct span){ in[i].line, in[i].col, in[i].col },
                 NULL, "%s", in[i].what);
    diags_sort(&d);
    for (size_t i = 0; i < ARRAY_LEN(want); i++)
        assert_string_equal(d.items[i].what, want[i]);
    diags_release(&d);
    source_free(a);
    source_free(b);
}

static void suggestions(void **state)
{
    static const char *const names[] = {
        "email", "chat", "form", "acknowledgement", "customer.name", "to", "c", NULL, "repeat",
    };
    static const struct { const char *typed, *want; } cases[] = {
        { "emial", "email" }, { "mail", "email" }, { "Email", "email" }, { "chta", "chat" },
        { "acknowledgment", "acknowledgement" }, { "ack", NULL }, { "acknow", "acknowledgement" },
        { "customer.nmae", "customer.name" }, { "forms", "form" }, { "repeatedly", "repeat" },
        { "xyz", NULL }, { "", NULL }, { "ot", NULL }, { "courage", NULL }, { "ém ail", "email" },
        { "a-name-that-is-much-longer-than-any-name-could-sensibly-be", NULL },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const char *got = suggest(cases[i].typed, names, ARRAY_LEN(names));

        if (!cases[i].want)
            assert_null(got);
        else if (!got)
            fail_msg("nothing for \"%s\"", cases[i].typed);
        else
            assert_string_equal(got, cases[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest others[] = {
        cmocka_unit_test(spans), cmocka_unit_test(lines), cmocka_unit_test(counts_and_severities),
        cmocka_unit_test(sorting), cmocka_unit_test(suggestions),
    };
    struct CMUnitTest tests[ARRAY_LEN(others) + ARRAY_LEN(rows)];

    memcpy(tests, others, sizeof others);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[ARRAY_LEN(others) + i] = (struct CMUnitTest){
            .name = rows[i].name, .test_func = check_row,
            .initial_state = (void *)(uintptr_t)&rows[i],
        };
    return cmocka_run_group_tests_name("diag", tests, NULL, NULL);
}
