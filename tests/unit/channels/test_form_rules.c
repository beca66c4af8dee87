/* Numbers of many countries in fields of many kinds: refused as a browser refuses them, and whose fault
 * that is. What browsers make of a pattern. */
#include "tests/unit/support/cmocka.h"

#include "harness/channels/form_events.h"
#include "harness/channels/js_pattern.h"
#include "tests/unit/channels/all_packs.h"
#include "tests/unit/channels/recording_sink.h"

static const struct number {
    const char *field, *knows, *typed;
    enum done want;
} numbers[] = {
    { "type=tel", "+43 1 234567", "+43 1 234567", DONE_OK },
    { "type=tel pattern='[+]49[0-9 ]+'", "+49 30 123456", "+49 30 123456", DONE_OK },
    { "type=tel pattern='[+]49[0-9 ]+'", "+43 1 234567", "+43 1 234567", DONE_COMPANY_FAILED },
    { "type=tel pattern='[+]49[0-9 ]+'", "+98 21 8888 1234", "+98 21 8888 1234", DONE_COMPANY_FAILED },
    { "pattern='0[1-9][0-9]{8}' title='10 digits'", "+33 1 23 45 67 89", "+33 1 23 45 67 89", DONE_COMPANY_FAILED },
    { "pattern='0[1-9][0-9]{8}'", "01 23 45 67 89", "0123456789", DONE_OK },
    { "pattern='0[1-9][0-9]{8}'", "01 23 45 67 89", "01 23 45 67 89", DONE_COMPANY_FAILED },
    { "pattern='\\d{3}-\\d{3}-\\d{4}'", "555-123-4567", "555-123-4567", DONE_OK },
    { "pattern='\\d{3}-\\d{3}-\\d{4}'", "+49 30 123456", "+49 30 123456", DONE_COMPANY_FAILED },
    { "pattern='\\(\\d{3}\\) \\d{3}-\\d{4}'", "(555) 123-4567", "(555) 123-4567", DONE_OK },
    { "pattern='\\d+'", "021 88881234", "۰۲۱۸۸۸۸۱۲۳۴", DONE_OUR_FAILED },
    { "pattern='\\d+'", "۰۲۱۸۸۸۸۱۲۳۴", "۰۲۱۸۸۸۸۱۲۳۴", DONE_COMPANY_FAILED },
    { "pattern='09[0-9]{9}'", "+98 912 345 6789", "+98 912 345 6789", DONE_COMPANY_FAILED },
    { "pattern='09[0-9]{9}'", "09123456789", "09123456789", DONE_OK },
    { "maxlength=10", "+43 664 1234567", "+43 664 1234567", DONE_COMPANY_FAILED },
    { "maxlength=10", "0664123456", "0664123456", DONE_OK },
    { "minlength=12", "+354 5551234", "+3545551234", DONE_COMPANY_FAILED },
    { "type=number", "+43 1 234567", "+43 1 234567", DONE_COMPANY_FAILED },
    { "pattern='[+]1.*'", "+43 1 234567", "+43 (1) 234-567", DONE_COMPANY_FAILED },
    { "pattern='[+]1.*'", "+43 1 234567", "+43 1 765432", DONE_OUR_FAILED },
    { "pattern='[0-9 ()+-]{6,}'", "ask at the desk", "ask at the desk", DONE_OK },   /* no pattern */
    { "pattern='[0-9 \\(\\)+\\-]{6,}'", "+43 1 234567", "+43 1 234567", DONE_OK },
    { "pattern='[0-9 \\(\\)+\\-]{6,}'", "ask at the desk", "ask at the desk", DONE_COMPANY_FAILED },
    { "pattern='[0-9'", "+43 1 234567", "+43 1 234567", DONE_OK },
};

static void check_number(void **state)
{
    static const struct channel none = { .name = "none", .state_size = 1 };
    const struct number *n = *state;
    struct lexicons packs = all_packs();
    char html[512];
    struct recorder r;
    struct known known = { .name = "phone" };
    struct buf why = BUF_INIT(1000);

    recorder_init(&r, &none, NULL, CLOCK_REAL);
    known.value = recorder_template(&r, n->knows);
    r.scenario.customer.knows.items = &known;
    r.scenario.customer.knows.count = 1;
    snprintf(html, sizeof html, "<meta charset=utf-8><form><label>Phone <input name=p %s></label></form>",
             n->field);

    struct page *p = page_parse(&packs, "http://shop.test/", NULL, slice_str(html));
    struct field_hit h = field_find(p, 0, "Phone");

    assert_true(field_fill(p, &h, n->typed, &why));
    assert_int_equal(form_tell_violations(&r.visit, p, 0), n->want);
    if (n->want == DONE_COMPANY_FAILED) {
        const struct event *e = recorder_last(&r, EVENT_FAILED);

        assert_string_equal(e->code, "refused_input");
        assert_string_equal(e->fields[0].name, "Phone");
        assert_non_null(strstr(e->fields[0].text, "Phone: "));
    }
    page_free(p);
    buf_release(&why);
    recorder_release(&r);
}

static const struct row {
    const char *pattern, *want;   /* NULL: it is none */
} rows[] = {
    { "[A-Z]{3}", "[A-Z]{3}" }, { "a{2,}b{2,4}", "a{2,}b{2,4}" }, { "\\d\\D", "[0-9][^0-9]" },
    { "[\\w.]+", "[A-Za-z0-9_.]+" }, { "\\u0041\\u{1F600}", "\\x{0041}\\x{1F600}" },
    { "(?:a|b)\\.c", "(?:a|b)\\.c" }, { "[^ ]+@[^ ]+", "[^ ]+@[^ ]+" }, { "[a\\-z\\&]", "[a\\-z\\&]" },
    { "\\p{L}+", "\\p{L}+" }, { "a\\/b", "a\\/b" }, { "\\s\\b", "\\s\\b" },
    /* none */
    { "[\\w-]+", NULL }, { "[-a]", NULL }, { "[a-z-]", NULL }, { "[(]", NULL }, { "[a/b]", NULL },
    { "[a|b]", NULL }, { "a{", NULL }, { "a}", NULL }, { "]", NULL }, { "\\_", NULL }, { "\\-", NULL },
    { "[\\_]", NULL }, { "[a", NULL }, { "a\\", NULL }, { "[&&]", NULL }, { "[a-\\d]", NULL },
    { "\\u12", NULL }, { "[]", NULL }, { "{2}", "{2}" },
};

static void check_row(void **state)
{
    const struct row *r = *state;
    struct buf out = BUF_INIT(1000);

    assert_int_equal(js_pattern(r->pattern, &out), r->want != NULL);
    if (r->want)
        assert_string_equal(out.ptr, r->want);
    buf_release(&out);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(numbers) + ARRAY_LEN(rows)];
    size_t count = 0;
    int failed;

    for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
        tests[count++] = (struct CMUnitTest){ .name = numbers[i].field, .test_func = check_number,
                                              .initial_state = (void *)(uintptr_t)&numbers[i] };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[count++] = (struct CMUnitTest){ .name = rows[i].pattern, .test_func = check_row,
                                              .initial_state = (void *)(uintptr_t)&rows[i] };
    failed = _cmocka_run_group_tests("form rules", tests, count, NULL, NULL);
    all_packs_free();
    return failed;
}
