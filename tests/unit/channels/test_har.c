/* Transfers as HTTP Archive 1.2: every field its pages document, secrets out, hostile answers. */
#include "tests/unit/support/cmocka.h"

#include <stdlib.h>
#include <string.h>

#include "harness/channels/har.h"

/* w3c.github.io/web-performance/specs/HAR, sections 3.1 to 3.13: what is not called optional. */
static const struct field_row { const char *path; json_type type; } fields[] = {
    { "startedDateTime", JSON_STRING }, { "time", JSON_REAL }, { "request", JSON_OBJECT },
    { "response", JSON_OBJECT }, { "cache", JSON_OBJECT }, { "timings", JSON_OBJECT },
    { "request.method", JSON_STRING }, { "request.url", JSON_STRING },
    { "request.httpVersion", JSON_STRING }, { "request.cookies", JSON_ARRAY },
    { "request.headers", JSON_ARRAY }, { "request.queryString", JSON_ARRAY },
    { "request.headersSize", JSON_INTEGER }, { "request.bodySize", JSON_INTEGER },
    { "request.postData", JSON_OBJECT }, { "request.postData.mimeType", JSON_STRING },
    { "request.postData.text", JSON_STRING },
    { "response.status", JSON_INTEGER }, { "response.statusText", JSON_STRING },
    { "response.httpVersion", JSON_STRING }, { "response.cookies", JSON_ARRAY },
    { "response.headers", JSON_ARRAY }, { "response.content", JSON_OBJECT },
    { "response.content.size", JSON_INTEGER }, { "response.content.mimeType", JSON_STRING },
    { "response.redirectURL", JSON_STRING }, { "response.headersSize", JSON_INTEGER },
    { "response.bodySize", JSON_INTEGER }, { "timings.send", JSON_INTEGER },
    { "timings.wait", JSON_REAL }, { "timings.receive", JSON_REAL },
};

static struct har_lines lines_of(const char *sent, const char *received)
{
    struct har_lines l;

    har_lines_init(&l);
    buf_adds(&l.sent, sent);
    buf_adds(&l.received, received);
    return l;
}

static const struct har_facts plain = {
    .started_us = INT64_C(1714982400123456), .method = "POST",
    .url = "https://shop.test/ask?a=1&b=x%20y+z&c", .content_type = "text/plain",
    .sent = { "hello", 5 }, .received = { "<p>Thanks", 9 }, .status = 303, .problem = "",
    .address = "127.0.0.1", .received_bytes = 9,
    .timings = { .lookup_us = 1000, .connect_us = 3000, .tls_us = 7000, .first_byte_us = 10000,
                 .total_us = 12500 },
};

static const char sent[] = "POST /ask HTTP/1.1\r\nHost: shop.test\r\nCookie: sid=s3cret; lang=de\r\n"
                           "Authorization: Basic czNjcmV0\r\n\r\n";
static const char received[] = "HTTP/1.1 303 See Other there\r\nLocation: /thanks\r\n"
                               "Set-Cookie: sid=s3cret2; Path=/; HttpOnly\r\n"
                               "Content-Type: text/html; charset=utf-8\r\n\r\n";

static const json_t *at(const json_t *j, const char *path)
{
    char *copy = mem_strdup(path), *save = NULL;

    for (char *k = strtok_r(copy, ".", &save); k; k = strtok_r(NULL, ".", &save))
        j = json_is_array(j) ? json_array_get(j, (size_t)atoi(k)) : json_object_get(j, k);
    free(copy);
    return j;
}

static const char *text_at(const json_t *j, const char *path)
{
    const char *s = json_string_value(at(j, path));

    return s ? s : "(none)";
}

static void every_documented_field(void **state)
{
    struct har_lines l = lines_of(sent, received);
    struct har_facts f = plain;

    (void)state;
    f.lines = &l;

    json_t *j = har_entry(&f);

    for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
        const json_t *v = at(j, fields[i].path);

        if (!v || json_typeof(v) != fields[i].type)
            fail_msg("%s", fields[i].path);
    }
    assert_string_equal(text_at(j, "startedDateTime"), "2024-05-06T08:00:00.123Z");
    assert_string_equal(text_at(j, "request.httpVersion"), "HTTP/1.1");
    assert_string_equal(text_at(j, "request.queryString.1.value"), "x y z");
    assert_string_equal(text_at(j, "request.queryString.2.name"), "c");
    assert_string_equal(text_at(j, "response.statusText"), "See Other there");
    assert_string_equal(text_at(j, "response.redirectURL"), "/thanks");
    assert_string_equal(text_at(j, "response.content.mimeType"), "text/html; charset=utf-8");
    assert_string_equal(text_at(j, "serverIPAddress"), "127.0.0.1");

    /* The phases add up to the whole: connect holds ssl. */
    double sum = 0;
    static const char *const phases[] = { "timings.dns", "timings.connect", "timings.wait",
                                          "timings.receive" };

    for (size_t i = 0; i < ARRAY_LEN(phases); i++)
        sum += json_number_value(at(j, phases[i]));
    assert_true(sum > 12.49 && sum < 12.51);
    assert_true(json_number_value(at(j, "time")) > 12.49);
    json_decref(j);
    har_lines_release(&l);
}

static void cookies_and_logins_are_hidden(void **state)
{
    struct har_lines l = lines_of(sent, received);
    struct har_facts f = plain;

    (void)state;
    f.lines = &l;

    json_t *j = har_entry(&f);
    char *text = json_dumps(j, 0);

    assert_null(strstr(text, "s3cret"));
    assert_null(strstr(text, "czNjcmV0"));
    assert_string_equal(text_at(j, "request.cookies.1.name"), "lang");
    assert_string_equal(text_at(j, "request.cookies.1.value"), "***");
    assert_string_equal(text_at(j, "response.cookies.0.name"), "sid");
    assert_int_equal(json_array_size(at(j, "response.cookies")), 1);
    free(text);
    json_decref(j);
    har_lines_release(&l);
}

static void hostile_answers(void **state)
{
    static const char odd[] = "\xff\xfe HTTP/9 \x80\n:\nNo colon\nA:b:c\r\nX\xff: \xc3\n";
    struct har_lines l = lines_of("", odd);
    struct har_facts f = plain;
    char *large = mem_zero(HAR_TEXT_MAX + 2, 1);

    (void)state;
    memset(large, 'a', HAR_TEXT_MAX + 1);
    f.lines = &l;
    f.url = "http://x/\xff?\xff=%ff&&=%%&%4";
    f.problem = "broke \xff";
    f.status = 0;
    f.timings = (struct timings){ -1, -1, -1, -1, -1, 0, 0 };
    f.sent = (struct slice){ large, HAR_TEXT_MAX + 1 };
    f.received = SLICE_LIT("\xff\xd8\0");

    json_t *list = json_array(), *j = har_entry(&f);
    struct buf out = BUF_INIT(1024 * 1024);

    assert_non_null(j);
    assert_string_equal(text_at(j, "request.postData.comment"), "left out: large");
    assert_string_equal(text_at(j, "response.content.comment"), "left out: not UTF-8 text");
    assert_int_equal(json_array_size(at(j, "response.headers")), 2);
    assert_true(json_number_value(at(j, "timings.wait")) >= 0);
    json_array_append_new(list, j);
    har_write(list, "shopper/1.2", &out);
    j = json_loadb(out.ptr, out.len, 0, NULL);
    assert_string_equal(text_at(j, "log.version"), "1.2");
    assert_string_equal(text_at(j, "log.creator.name"), "shopper");
    assert_string_equal(text_at(j, "log.creator.version"), "1.2");
    json_decref(j);
    json_decref(list);
    buf_release(&out);
    free(large);
    har_lines_release(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_documented_field), cmocka_unit_test(cookies_and_logins_are_hidden),
        cmocka_unit_test(hostile_answers),
    };

    return cmocka_run_group_tests_name("har", tests, NULL, NULL);
}
