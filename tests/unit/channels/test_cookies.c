/* What needs no server: cookies of many places, referrers, values, encodings. */
#include "tests/unit/support/cmocka.h"

#include <string.h>

#include "harness/channels/cookies.h"
#include "harness/channels/encodings.h"
#include "harness/channels/referrer.h"
#include "harness/channels/values.h"

#define SECOND INT64_C(1000000)

/* The first page sets, the second is asked; `from` is where it is asked from, `later` in seconds. */
static const struct cookie_row {
    const char *name, *at, *sets[4], *to, *from, *method;
    int later;
    const char *want;
} cookie_rows[] = {
    { "domain for all below it", "https://www.shop.test/", { "a=1; Domain=shop.test" },
      "https://help.shop.test/", NULL, "GET", 0, "a=1" },
    { "host only", "https://www.shop.test/", { "a=1" }, "https://help.www.shop.test/", NULL, "GET",
      0, "" },
    { "not for a parent", "https://www.shop.test/", { "a=1; Domain=www.shop.test" },
      "https://shop.test/", NULL, "GET", 0, "" },
    { "not for others", "https://www.shop.test/", { "a=1; Domain=other.test" },
      "https://other.test/", NULL, "GET", 0, "" },
    { "no public suffix", "https://www.shop.co.uk/", { "a=1; Domain=co.uk", "b=2; Domain=uk" },
      "https://other.co.uk/", NULL, "GET", 0, "" },
    { "a name that only ends alike", "https://shop.test/", { "a=1; Domain=shop.test" },
      "https://workshop.test/", NULL, "GET", 0, "" },
    { "secure is not sent in the open", "https://shop.test/", { "a=1; Secure", "b=2" },
      "http://shop.test/", NULL, "GET", 0, "b=2" },
    { "secure is not taken in the open", "http://shop.test/", { "a=1; Secure", "b=2" },
      "https://shop.test/", NULL, "GET", 0, "b=2" },
    { "loopback is safe", "http://127.0.0.1:8080/", { "a=1; Secure" }, "http://127.0.0.1:81/", NULL,
      "GET", 0, "a=1" },
    { "secure is not overlaid", "https://shop.test/", { "a=1; Secure; Path=/" },
      "http://shop.test/", NULL, "GET", 0, "" },
    { "expires in time", "https://shop.test/", { "a=1; Max-Age=10", "b=2; Max-Age=100" },
      "https://shop.test/", NULL, "GET", 11, "b=2" },
    { "lax by default, from another site", "https://shop.test/", { "a=1", "b=2; SameSite=None; Secure",
      "c=3; SameSite=Lax", "d=4; SameSite=Strict" }, "https://shop.test/", "https://elsewhere.test/",
      "GET", 0, "a=1; b=2; c=3" },
    { "posted from another site", "https://shop.test/", { "a=1", "b=2; SameSite=None; Secure",
      "c=3; SameSite=Lax", "d=4; SameSite=Strict" }, "https://shop.test/", "https://elsewhere.test/",
      "POST", 0, "a=1; b=2" },
    { "posted from another site, later", "https://shop.test/", { "a=1", "b=2; SameSite=None; Secure" },
      "https://shop.test/", "https://elsewhere.test/", "POST", 121, "b=2" },
    { "a sister host is the same site", "https://shop.test/", { "d=4; SameSite=Strict" },
      "https://shop.test/", "https://help.shop.test/", "POST", 0, "d=4" },
    { "the other scheme is another site", "https://shop.test/", { "d=4; SameSite=Strict" },
      "https://shop.test/", "http://shop.test/", "POST", 0, "" },
    { "hosts under a public suffix are sites", "https://a.github.io/", { "d=4; SameSite=Strict" },
      "https://a.github.io/", "https://b.github.io/", "POST", 0, "" },
    { "a control character", "https://shop.test/", { "a=1\x01", "b=2" }, "https://shop.test/", NULL,
      "GET", 0, "b=2" },
    { "no address at all", "nonsense", { "a=1" }, "nonsense", NULL, "GET", 0, "" },
};

static void check_cookie(void **state)
{
    const struct cookie_row *r = *state;
    struct cookies *j = cookies_new();
    CLEANUP(buf_release) struct buf got = BUF_INIT(4096);

    for (size_t i = 0; i < ARRAY_LEN(r->sets) && r->sets[i]; i++)
        cookies_store(j, r->at, r->sets[i], 0);
    cookies_add(j, r->to, r->from, r->method, r->later * SECOND, &got);
    assert_string_equal(got.ptr, r->want);
    cookies_free(j);
}

static void an_open_page_does_not_overlay(void **state)
{
    struct cookies *j = cookies_new();
    CLEANUP(buf_release) struct buf got = BUF_INIT(4096);

    (void)state;
    cookies_store(j, "https://shop.test/", "a=safe; Secure; Path=/", 0);
    cookies_store(j, "http://shop.test/", "a=evil; Path=/", 0);
    cookies_add(j, "https://shop.test/", NULL, "GET", 0, &got);
    assert_string_equal(got.ptr, "a=safe");
    cookies_free(j);
}

static void cookies_are_capped(void **state)
{
    struct cookies *j = cookies_new();
    CLEANUP(buf_release) struct buf got = BUF_INIT(1024 * 1024), big = BUF_INIT(8192);
    size_t count = 1;

    (void)state;
    for (int i = 0; i < 1000; i++) {
        CLEANUP(mem_freep) char *line = mem_printf("n%d=1", i);

        cookies_store(j, "https://shop.test/", line, i);
    }
    buf_adds(&big, "b=");
    buf_add_repeat(&big, 'x', COOKIE_BYTES_MAX);
    cookies_store(j, "https://shop.test/", big.ptr, 1000);
    cookies_add(j, "https://shop.test/", NULL, "GET", 1000, &got);
    for (const char *p = got.ptr; (p = strchr(p, ';')); p++)
        count++;
    assert_int_equal(count, COOKIES_OF_HOST_MAX);
    assert_null(strstr(got.ptr, "n0="));
    assert_non_null(strstr(got.ptr, "n999="));
    assert_null(strstr(got.ptr, "b="));
    cookies_free(j);
}

static void kept_for_a_later_process(void **state)
{
    struct cookies *j = cookies_new(), *later = cookies_new();
    CLEANUP(buf_release) struct buf got = BUF_INIT(4096);
    json_t *saved;

    (void)state;
    cookies_store(j, "https://shop.test/", "a=1; Max-Age=100; SameSite=Strict", 5 * SECOND);
    cookies_store(j, "https://shop.test/", "b=2; Domain=shop.test; Secure", 5 * SECOND);
    cookies_store(j, "https://shop.test/", "gone=3; Max-Age=3", 5 * SECOND);
    saved = cookies_save(j, 10 * SECOND);
    cookies_restore(later, saved, 0);
    json_array_append_new(saved, json_string("nonsense"));
    cookies_restore(later, saved, 0);
    cookies_add(later, "https://shop.test/", NULL, "GET", 0, &got);
    assert_string_equal(got.ptr, "a=1; b=2");
    buf_clear(&got);
    cookies_add(later, "https://shop.test/", "https://elsewhere.test/", "GET", 0, &got);
    assert_string_equal(got.ptr, "b=2");
    buf_clear(&got);
    cookies_add(later, "https://www.shop.test/", NULL, "GET", 98 * SECOND, &got);
    assert_string_equal(got.ptr, "b=2");
    json_decref(saved);
    cookies_free(j);
    cookies_free(later);
}

static void referrers(void **state)
{
    static const struct { const char *page, *url, *list, *referer, *origin; } rows[] = {
        { "https://a.test/x?y", "https://a.test/", NULL, "https://a.test/x?y", "https://a.test" },
        { "https://a.test/x", "http://a.test/", NULL, NULL, "null" },
        { "https://a.test/x", "http://a.test/", "unsafe-url", "https://a.test/x",
          "https://a.test" },
        { "https://a.test/x", "http://a.test/", "origin", "https://a.test/", "https://a.test" },
        { "https://a.test/x", "https://b.test/", "same-origin", NULL, "null" },
        { "https://a.test/x", "https://b.test/", "strict-origin", "https://a.test/",
          "https://a.test" },
        { "https://a.test/x", "https://b.test/", "origin, nonsense", "https://a.test/",
          "https://a.test" },
        { "https://a.test/x", "https://b.test/", "no-referrer, no-referrer-when-downgrade",
          "https://a.test/x", "https://a.test" },
        { "https://u:p@a.test:81/x#f", "https://a.test:81/", "Unsafe-URL", "https://a.test:81/x",
          "https://a.test:81" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        enum referrer_policy policy = referrer_policy_of(rows[i].list, REFERRER_DEFAULT);
        CLEANUP(mem_freep) char *referer = referrer_value(rows[i].page, rows[i].url, policy);
        CLEANUP(mem_freep) char *origin = referrer_origin(rows[i].page, rows[i].url, policy);

        if (rows[i].referer)
            assert_string_equal(referer, rows[i].referer);
        else
            assert_null(referer);
        assert_string_equal(origin, rows[i].origin);
    }
}

static void values_as_numbers(void **state)
{
    static const struct { const char *type, *value; bool fits; double want; } rows[] = {
        { "date", "1970-01-01", true, 0 }, { "date", "2000-02-29", true, 951782400000.0 },
        { "date", "1900-02-29", false, 0 }, { "date", "2026-00-10", false, 0 },
        { "date", "26-01-10", false, 0 }, { "month", "1970-01", true, 0 },
        { "month", "2026-11", true, 682 }, { "week", "1970-W01", true, -259200000.0 },
        { "week", "2020-W53", true, 1609113600000.0 }, { "week", "2021-W53", false, 0 },
        { "week", "2026-W00", false, 0 }, { "time", "00:00", true, 0 },
        { "time", "23:59:59.999", true, 86399999.0 }, { "time", "12:30.5", false, 0 },
        { "datetime-local", "1970-01-02T00:00:01", true, 86401000.0 },
        { "number", "-1.5e2", true, -150 }, { "number", "+1", false, 0 },
        { "number", "1.", false, 0 }, { "number", ".5", true, .5 }, { "number", "0x10", false, 0 },
        { "number", "inf", false, 0 }, { "number", "1e999", false, 0 }, { "text", "1", false, 0 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        double got = -7;

        assert_int_equal(value_number(rows[i].type, rows[i].value, &got), rows[i].fits);
        assert_true(got == (rows[i].fits ? rows[i].want : -7));
    }
}

static void encodings_by_label(void **state)
{
    static const struct { const char *label, *name; } rows[] = {
        { "utf8", "UTF-8" }, { " UTF-8 ", "UTF-8" }, { "Latin1", "windows-1252" },
        { "ks_c_5601-1987", "EUC-KR" }, { "gb2312", "GBK" }, { "utf", NULL }, { "", NULL },
        { "utf-8 utf8", NULL }, { "x-unknown", NULL }, { "hz-gb-2312", "replacement" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct encoding *e = encoding_find(slice_str(rows[i].label));

        if (rows[i].name)
            assert_string_equal(e->name, rows[i].name);
        else
            assert_null(e);
    }
}

int main(void)
{
    struct CMUnitTest tests[64];
    const struct CMUnitTest single[] = {
        cmocka_unit_test(an_open_page_does_not_overlay), cmocka_unit_test(cookies_are_capped),
        cmocka_unit_test(kept_for_a_later_process),
        cmocka_unit_test(referrers), cmocka_unit_test(values_as_numbers),
        cmocka_unit_test(encodings_by_label),
    };
    size_t n = 0;

    for (size_t i = 0; i < ARRAY_LEN(single); i++)
        tests[n++] = single[i];
    for (size_t i = 0; i < ARRAY_LEN(cookie_rows); i++)
        tests[n++] = (struct CMUnitTest){ .name = cookie_rows[i].name, .test_func = check_cookie,
                                          .initial_state = (void *)(uintptr_t)&cookie_rows[i] };
    return _cmocka_run_group_tests("cookies", tests, n, NULL, NULL);
}
