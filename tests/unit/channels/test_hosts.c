#include "tests/unit/support/cmocka.h"

#include "harness/channels/channel.h"

/* rule, URL, allowed? */
static const struct row {
    const char *name, *rule, *url;
    bool want;
} rows[] = {
    { "exact", "example.com", "http://example.com/a", true },
    { "exact is not subdomains", "example.com", "http://www.example.com/", false },
    { "subdomains", "*.example.com", "https://www.example.com/", true },
    { "deep subdomains", "*.example.com", "https://a.b.example.com/", true },
    { "star is not the name itself", "*.example.com", "https://example.com/", false },
    { "star needs the dot", "*.example.com", "https://evilexample.com/", false },
    { "suffix trick", "example.com", "http://example.com.evil.test/", false },
    { "star alone allows nothing", "*", "http://example.com/", false },
    { "star dot allows nothing", "*.", "http://example.com/", false },
    { "case of the rule", "EXAMPLE.com", "http://example.com/", true },
    { "case of the URL", "example.com", "HTTP://Example.COM/", true },
    { "any port", "example.com", "http://example.com:8080/", true },
    { "named port", "example.com:8080", "http://example.com:8080/", true },
    { "other port", "example.com:8080", "http://example.com:8081/", false },
    { "default port http", "example.com:80", "http://example.com/", true },
    { "default port https", "example.com:443", "https://example.com/", true },
    { "default port mismatch", "example.com:443", "http://example.com/", false },
    { "star with port", "*.example.com:81", "http://a.example.com:81/", true },
    { "bad port in rule", "example.com:http", "http://example.com/", false },
    { "port zero in rule", "example.com:0", "http://example.com/", false },
    { "userinfo trick", "example.com", "http://example.com@evil.test/", false },
    { "userinfo trick with port", "example.com", "http://example.com:80@evil.test/", false },
    { "userinfo before the right host", "example.com", "http://u:p@example.com/", true },
    { "backslash trick", "example.com", "http://evil.test\\@example.com/", false },
    { "fragment trick", "example.com", "http://evil.test#@example.com/", false },
    { "query trick", "example.com", "http://evil.test?@example.com/", false },
    { "trailing dot in URL", "example.com", "http://example.com./", true },
    { "trailing dot in rule", "example.com.", "http://example.com/", true },
    { "two trailing dots", "example.com", "http://example.com../", false },
    { "IPv4", "127.0.0.1", "http://127.0.0.1:9/", true },
    { "IPv4 in one number", "127.0.0.1", "http://2130706433/", true },
    { "IPv4 other", "127.0.0.1", "http://127.0.0.2/", false },
    { "IPv6", "[::1]", "http://[::1]/", true },
    { "IPv6 with port", "[::1]:8080", "http://[::1]:8080/", true },
    { "IPv6 other port", "[::1]:8080", "http://[::1]:81/", false },
    { "IPv6 bare in the rule", "::1", "http://[::1]:81/", true },
    { "IPv6 spelled out", "[::1]", "http://[0:0:0:0:0:0:0:1]/", true },
    { "IPv6 upper case", "[2001:DB8::A]", "http://[2001:db8::a]/", true },
    { "IPv6 zone", "[fe80::1]", "http://[fe80::1%25eth0]/", false },
    { "IDN as is", "kessel-bücher.test", "http://kessel-bücher.test/", true },
    { "IDN other", "kessel-bücher.test", "http://kessel-bucher.test/", false },
    { "percent encoded host", "example.com", "http://ex%61mple.com/", true },
    { "file", "example.com", "file://example.com/etc/passwd", false },
    { "ftp", "example.com", "ftp://example.com/", false },
    { "javascript", "example.com", "javascript:alert(1)", false },
    { "no scheme", "example.com", "//example.com/", false },
    { "empty", "example.com", "", false },
    { "no rules", NULL, "http://example.com/", false },
};

static void check_row(void **state)
{
    const struct row *r = *state;
    const char *rules[] = { "first.test", r->rule };
    struct scenario s = { .company.hosts = { .items = rules, .count = r->rule ? 2 : 0 } };

    assert_int_equal(url_allowed(&s, r->url), r->want);
}

static void hosts_without_url(void **state)
{
    const char *rules[] = { "example.com:25" };
    struct scenario s = { .company.hosts = { .items = rules, .count = 1 } };

    (void)state;
    assert_true(host_allowed(&s, "example.com", 25));
    assert_false(host_allowed(&s, "example.com", 0));
    assert_false(host_allowed(&s, "", 25));
    assert_false(host_allowed(&s, ".", 25));
    assert_false(host_allowed(&s, NULL, 25));
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows) + 1];

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[i] = (struct CMUnitTest){ .name = rows[i].name, .test_func = check_row,
                                        .initial_state = (void *)(uintptr_t)&rows[i] };
    tests[ARRAY_LEN(rows)] = (struct CMUnitTest)cmocka_unit_test(hosts_without_url);
    return cmocka_run_group_tests_name("hosts", tests, NULL, NULL);
}
