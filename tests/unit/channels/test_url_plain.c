/* What is called plain is what libcurl reads, part by part; all that people call an address mostly is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <curl/curl.h>

#include "harness/base/mem.h"
#include "harness/channels/http.h"
#include "harness/channels/url_plain.h"

static const struct row { const char *url; bool plain; } rows[] = {
    { "http://127.0.0.1:8080/contact", true }, { "https://shop.example.com/", true },
    { "http://localhost/a?token=abc_DEF-1.~2&x=/y?z", true }, { "https://a-b.c1.example:443/x;y=(1),2!$&'*+:@", true },
    { "http://1and1.example/", true }, { "http://shop.example/a..b/c./d", true },
    { "http://shop.example", false }, { "http://shop.example?x", false }, { "HTTP://shop.example/", false },
    { "http://Shop.example/", false }, { "http://0x7f.0.0.1/", false }, { "http://127.1/", false },
    { "http://127.0.0.01/", false }, { "http://127.0.0.256/", false }, { "http://127.0.0.1.1/", false },
    { "http://shop.0x7f/", false }, { "http://0x7f000001/", false }, { "http://2130706433/", false },
    { "http://shop.example./", false }, { "http://-shop.example/", false }, { "http://a..b/", false },
    { "http://user@shop.example/", false }, { "http://shop.example:80@evil.example/", false },
    { "http://shop.example:0/", false }, { "http://shop.example:080/", false }, { "http://shop.example:65536/", false },
    { "http://shop.example:/", false }, { "http://[::1]/", false }, { "http://shop.example\\@evil.example/", false },
    { "http://shop.example/a/../b", false }, { "http://shop.example/./b", false },
    { "http://shop.example/.well-known/x", false },
    { "http://shop.example/%61", false }, { "http://shop.example/#x", false }, { "http://shop.example/a b", false },
    { "http://shop.example/?", false }, { "http://shop.example/\xC3\xA9", false }, { " http://shop.example/", false },
    { "http:///x", false }, { "http:/shop.example/", false }, { "ftp://shop.example/", false }, { "", false },
};

static void same_part(CURLU *u, CURLUPart part, unsigned flags, struct slice mine)
{
    char *theirs = NULL;

    assert_int_equal(curl_url_get(u, part, &theirs, flags), CURLUE_OK);
    assert_int_equal(strlen(theirs), mine.len);
    assert_memory_equal(theirs, mine.ptr, mine.len);
    curl_free(theirs);
}

/** How libcurl reads one that is called plain. */
static void as_libcurl(const char *url, const struct url_plain *p)
{
    CURLU *u = curl_url();
    char *port = mem_printf("%ld", p->port), *zone = NULL;

    assert_int_equal(curl_url_set(u, CURLUPART_URL, url, CURLU_URLENCODE | CURLU_NON_SUPPORT_SCHEME), CURLUE_OK);
    same_part(u, CURLUPART_SCHEME, 0, p->scheme);
    same_part(u, CURLUPART_HOST, 0, p->host);
    same_part(u, CURLUPART_PATH, 0, p->path);
    same_part(u, CURLUPART_PORT, CURLU_DEFAULT_PORT, slice_str(port));
    same_part(u, CURLUPART_URL, 0, slice_str(url));       /* as it is written again */
    assert_int_equal(curl_url_get(u, CURLUPART_USER, &zone, 0), CURLUE_NO_USER);
    assert_int_equal(curl_url_get(u, CURLUPART_ZONEID, &zone, 0), CURLUE_NO_ZONEID);
    curl_url_cleanup(u);
    free(port);
}

static void given(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct url_plain p;

        assert_int_equal(url_is_plain(rows[i].url, &p), rows[i].plain);
        if (rows[i].plain)
            as_libcurl(rows[i].url, &p);
    }
}

/* Addresses of pieces that mean something to somebody; the first ones are often right. */
static void put_together(void **state)
{
    static const char *const first[][4] = {
        { "http://", "https://", "http://", "http:" }, { "shop", "example.com", "127.0.0.1", "a" },
        { "/", ":80", "/", "." },
    };
    static const char *const pieces[] = {
        "http:", "//", "/", "\\", "@", ":", ":80", ":443", ":8080", "?", "#", ".", "..", "-", "a",
        "shop", "Shop", "example.com", "127.0.0.1", "127", "0", "0x7f", "1", "255", "xn--a",
        "[::1]", "%2e", "%41", " ", "\t",
        "x=1", "&", ";", "=", "+", "~", "'", "(", "*", "_", "!", "\xC3\xA4", "|", "^", "{", "\"", "<", "localhost",
    };
    uint64_t seed = 88172645463325252u;
    size_t plain = 0;

    (void)state;
    for (int round = 0; round < 200000; round++) {
        char url[256] = "";
        struct url_plain p;

        for (unsigned i = 0, n = 2 + seed % 7; i < n; i++) {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;

            size_t len = strlen(url);

            snprintf(url + len, sizeof url - len, "%s",
                     i < ARRAY_LEN(first) && seed & 3 ? first[i][(seed >> 8) % 4]
                                                      : pieces[(seed >> 20) % ARRAY_LEN(pieces)]);
        }
        if (url_is_plain(url, &p)) {
            as_libcurl(url, &p);
            plain++;
        }
    }
    assert_true(plain > 1000);
}

/** What libcurl makes of a reference; NULL: nothing. */
static char *joined_by_libcurl(const char *base, const char *url)
{
    CURLU *u = curl_url();
    char *got = NULL, *copy = NULL;

    if (!curl_url_set(u, CURLUPART_URL, base, 0) &&
        !curl_url_set(u, CURLUPART_URL, url, CURLU_URLENCODE | CURLU_NON_SUPPORT_SCHEME)) {
        curl_url_set(u, CURLUPART_FRAGMENT, NULL, 0);
        if (!curl_url_get(u, CURLUPART_URL, &got, 0))
            copy = mem_strdup(got);
    }
    curl_free(got);
    curl_url_cleanup(u);
    return copy;
}

static void joined(void **state)
{
    static const char *const bases[] = {
        "http://127.0.0.1:8080/contact", "https://shop.example/", "http://shop.example/a/b/c?x=/y/z",
        "http://shop.example:80/a//b/", "https://shop.example:443/x;y=1?q=a?b", "http://localhost/a.b/c",
    };
    static const char *const pieces[] = {
        "/", "//", "a", "contact", "b.html", ".", "..", "?", "x=1", "&", "=", ":", "#", "%41", "+", "\\", "@",
        "http:", "mailto:", "shop.example", ";", ",", "(", "~", "-", "*", "!", "'",
    };
    uint64_t seed = 88172645463325252u;

    (void)state;
    for (int round = 0; round < 60000; round++) {
        const char *base = bases[round % ARRAY_LEN(bases)];
        CLEANUP(buf_release) struct buf url = BUF_INIT(128);
        char *mine, *theirs;

        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        for (unsigned i = 0, n = 1 + seed % 5; i < n; i++)
            buf_adds(&url, pieces[(seed >> (8 * i + 3)) % ARRAY_LEN(pieces)]);
        if (strchr("?#", *url.ptr))
            continue;             /* older than libcurl's way of joining them: url.c */
        mine = http_resolve(base, url.ptr);
        theirs = joined_by_libcurl(base, url.ptr);
        if (!mine || !theirs)
            assert_ptr_equal(mine, theirs);
        else
            assert_string_equal(mine, theirs);
        free(mine);
        free(theirs);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(given), cmocka_unit_test(put_together), cmocka_unit_test(joined),
    };

    return cmocka_run_group_tests_name("plain addresses", tests, NULL, NULL);
}
