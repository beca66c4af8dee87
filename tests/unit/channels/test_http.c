#include "tests/unit/support/cmocka.h"

#include <unistd.h>

#include "harness/channels/http.h"
#include "harness/channels/http_connections.h"
#include "harness/channels/http_headers.h"
#include "tests/unit/channels/recording_sink.h"
#include "tests/unit/support/web_server.h"

/* No channel at all: only its visit is needed. */
static const struct channel none = { .name = "none", .state_size = 1 };

struct fixture {
    struct web_server server;
    struct recorder r;
    struct http *http;
    struct http_exchange *exchange;
    int redirect_status, answers;
    char location[128];
    struct buf big;
    char seen[256];               /* header of the last request that is looked at */
    /* what came */
    enum http_fault fault;
    int status;
    struct buf body;
    char url[256], why[256], method[16];
};

static void serve(void *context, const struct web_request *q, struct web_answer *a)
{
    struct fixture *f = context;

    if (!strcmp(q->path, "/hop")) {
        a->status = f->redirect_status;
        a->location = f->location;
        a->cookie = "hop=1; Path=/";
    } else if (!strcmp(q->path, "/big")) {
        a->body = f->big.ptr;
        a->body_len = f->big.len;
    } else if (!strcmp(q->path, "/packed")) {
        a->body = f->big.ptr;
        a->body_len = f->big.len;
        a->encoding = "deflate";
    } else if (!strcmp(q->path, "/loop")) {
        a->status = 302;
        a->location = "/loop";
    } else if (!strcmp(q->path, "/dead")) {
        a->status = 0;
    } else if (!strcmp(q->path, "/cookie")) {
        snprintf(f->seen, sizeof(f->seen), "%s", web_header(q, "Cookie"));
    } else if (!strcmp(q->path, "/auth")) {
        snprintf(f->seen, sizeof(f->seen), "%s", web_header(q, "Authorization"));
    } else if (!strcmp(q->path, "/nowhere")) {
        a->status = 302;
    } else {
        a->body = "ok";
    }
}

static void begin(struct fixture *f)
{
    memset(f, 0, sizeof(*f));
    buf_init(&f->body, 1024 * 1024);
    buf_init(&f->big, 16 * 1024 * 1024);
    web_server_start(&f->server, serve, f);
    recorder_init(&f->r, &none, NULL, CLOCK_REAL);
    recorder_allow(&f->r, "127.0.0.1");
    f->http = http_new(&f->r.visit);
}

static void end(struct fixture *f)
{
    http_free(f->http);
    recorder_release(&f->r);
    web_server_stop(&f->server);
    buf_release(&f->body);
    buf_release(&f->big);
}

static void answered(void *context, const struct http_answer *a)
{
    struct fixture *f = context;

    f->answers++;
    f->exchange = NULL;
    f->fault = a->fault;
    f->status = a->status;
    buf_clear(&f->body);
    buf_add(&f->body, a->body.ptr, a->body.len);
    snprintf(f->url, sizeof(f->url), "%s", a->url);
    snprintf(f->why, sizeof(f->why), "%s", a->why);
    snprintf(f->method, sizeof(f->method), "%s", a->method);
}

static void ask(struct fixture *f, const char *method, const char *path, const char *body)
{
    char url[256];
    struct http_request q = { .method = method, .url = url, .body = slice_str(body),
                              .content_type = body ? "text/plain" : NULL };

    snprintf(url, sizeof(url), "%s%s", *path == '/' ? f->server.url : "", path);
    f->exchange = http_start(f->http, &q, answered, f);
    loop_run(f->r.world.loop);
}

static const struct hop { int status; const char *method, *want; } hops[] = {
    { 301, "POST", "POST /hop\nbody\nGET /end\n" },
    { 302, "POST", "POST /hop\nbody\nGET /end\n" },
    { 303, "POST", "POST /hop\nbody\nGET /end\n" },
    { 307, "POST", "POST /hop\nbody\nPOST /end\nbody\n" },
    { 308, "POST", "POST /hop\nbody\nPOST /end\nbody\n" },
    { 303, "PUT", "PUT /hop\nbody\nGET /end\n" },
    { 301, "PUT", "PUT /hop\nbody\nPUT /end\nbody\n" },
    { 300, "POST", "POST /hop\nbody\n" },
    { 304, "POST", "POST /hop\nbody\n" },
};

static void redirects_keep_or_change_the_method(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(hops); i++) {
        struct fixture f;

        begin(&f);
        f.redirect_status = hops[i].status;
        snprintf(f.location, sizeof(f.location), "/end");
        ask(&f, hops[i].method, "/hop", "body");
        assert_int_equal(f.fault, HTTP_ANSWERED);
        assert_string_equal(f.server.log.ptr, hops[i].want);
        assert_int_equal(f.answers, 1);
        end(&f);
    }
}

static void where_redirects_may_lead(void **state)
{
    static const struct { const char *location; enum http_fault want; } rows[] = {
        { "http://localhost:1/", HTTP_REFUSED },
        { "//localhost/x", HTTP_REFUSED },
        { "http://127.0.0.1@localhost/", HTTP_REFUSED },
        { "mailto:a@b.test", HTTP_LOST },
        { "file:///etc/passwd", HTTP_LOST },
        { "javascript:alert(1)", HTTP_LOST },
        { "/loop", HTTP_LOST },
        { "?q", HTTP_LOST },
        { "/nowhere", HTTP_ANSWERED },
        { "end", HTTP_ANSWERED },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct fixture f;

        begin(&f);
        f.redirect_status = 302;
        snprintf(f.location, sizeof(f.location), "%s", rows[i].location);
        ask(&f, "GET", "/hop", NULL);
        if (f.fault != rows[i].want)
            fail_msg("%s: %s", rows[i].location, f.why);
        assert_true(f.server.requests <= HTTP_REDIRECTS_MAX + 1);
        end(&f);
    }
}

static void the_first_address_is_asked_about_too(void **state)
{
    struct fixture f;
    int before;

    (void)state;
    begin(&f);
    before = f.server.connections;
    ask(&f, "GET", "http://localhost/", NULL);
    assert_int_equal(f.fault, HTTP_REFUSED);
    assert_non_null(strstr(f.why, "the address is http://localhost/"));
    assert_int_equal(f.server.connections, before);
    assert_null(recorder_last(&f.r, EVENT_TRANSFER));
    end(&f);
}

static void cookies_are_kept_per_customer(void **state)
{
    struct fixture f;
    struct http *other;

    (void)state;
    begin(&f);
    f.redirect_status = 302;
    snprintf(f.location, sizeof(f.location), "/end");
    ask(&f, "GET", "/hop", NULL);
    ask(&f, "GET", "/cookie", NULL);
    assert_string_equal(f.seen, "hop=1");
    assert_int_equal(f.server.connections, 1);
    other = f.http;
    f.http = http_new(&f.r.visit);
    ask(&f, "GET", "/cookie", NULL);
    assert_string_equal(f.seen, "");
    assert_int_equal(f.server.connections, 2);    /* nor is the connection shared */
    http_free(other);
    end(&f);
}

/* What has no body could be said again: libcurl would, on a connection that it took for alive. */
static void never_repeated_on_a_kept_connection(void **state)
{
    static const char *const methods[] = { "DELETE", "POST", "PUT" };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
        struct fixture f;

        begin(&f);
        ask(&f, "GET", "/first", NULL);
        ask(&f, methods[i], "/second", NULL);
        assert_int_equal(f.fault, HTTP_ANSWERED);
        assert_int_equal(f.server.connections, 1);
        ask(&f, methods[i], "/dead", NULL);
        assert_int_equal(f.server.requests, 3);
        assert_int_equal(f.fault, HTTP_UNREACHABLE);
        assert_non_null(strstr(f.why, "not sent again"));
        end(&f);
    }
}

/* What one customer does in several places, they do on the same connections. */
static void connections_are_the_customers(void **state)
{
    struct fixture f;
    struct http *chat;

    (void)state;
    begin(&f);
    http_free(f.http);
    f.r.visit.connections = connections_new(false);
    f.http = http_new(&f.r.visit);
    ask(&f, "GET", "/page", NULL);
    chat = f.http;
    f.http = http_new(&f.r.visit);
    ask(&f, "GET", "/chat", NULL);
    assert_int_equal(f.server.connections, 1);
    http_rest(chat);
    ask(&f, "GET", "/chat", NULL);
    assert_int_equal(f.server.connections, 2);
    http_free(chat);
    ask(&f, "GET", "/chat", NULL);
    assert_int_equal(f.server.connections, 2);
    http_free(f.http);
    connections_free(f.r.visit.connections);
    f.r.visit.connections = NULL;
    f.http = NULL;
    end(&f);
}

static void large_answers_are_cut_off(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    buf_add_repeat(&f.big, 'x', HTTP_BODY_MAX);
    ask(&f, "GET", "/big", NULL);
    assert_int_equal(f.fault, HTTP_ANSWERED);
    buf_addc(&f.big, 'x');
    ask(&f, "GET", "/big", NULL);
    assert_int_equal(f.fault, HTTP_TOO_LARGE);
    assert_string_equal(f.why, "the answer is over 8 MiB");
    assert_int_equal(http_complain(&f.r.visit, &(struct http_answer){
        .fault = f.fault, .why = f.why, .url = f.url, .method = "GET" }), DONE_COMPANY_FAILED);
    end(&f);
}

/** A zlib stream that says 258 more times the same letter with every 13 bits. */
static void pack(struct buf *out, size_t rounds)
{
    unsigned bits = 3u | 0x89u << 3, count = 11;  /* a last block of fixed codes, and an 'a' */

    buf_add(out, "\x78\x9c", 2);
    for (size_t i = 0; i < rounds; i++) {
        bits |= 0xA3u << count;                   /* 11000101 00000: 258 of what was last */
        for (count += 13; count >= 8; count -= 8, bits >>= 8)
            buf_addc(out, (char)(bits & 0xFF));
    }
    buf_addc(out, (char)bits);                    /* it never ends */
}

static void what_swells_is_cut_off(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    pack(&f.big, 30000);                          /* 48 KiB, 7.4 MiB unpacked */
    ask(&f, "GET", "/packed", NULL);
    assert_int_equal(f.fault, HTTP_TOO_LARGE);
    assert_string_equal(f.why, "the answer unpacks to over 100 times its size");
    end(&f);
}

static void a_large_body_goes_out(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    buf_add_repeat(&f.big, 'x', 3 * 1024 * 1024);
    ask(&f, "POST", "/end", f.big.ptr);
    assert_int_equal(f.fault, HTTP_ANSWERED);
    assert_int_equal(recorder_last(&f.r, EVENT_TRANSFER)->timings.sent_bytes / 1024, 3 * 1024);
    end(&f);
}

static void nobody_there(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    ask(&f, "GET", "http://127.0.0.1:1/", NULL);
    assert_int_equal(f.fault, HTTP_UNREACHABLE);
    assert_int_equal(recorder_last(&f.r, EVENT_TRANSFER)->status, 0);
    assert_true(*recorder_last(&f.r, EVENT_TRANSFER)->text != '\0');
    end(&f);
}

static void patience_ends(void **state)
{
    struct sockaddr_in any = { .sin_family = AF_INET };
    socklen_t len = sizeof(any);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct fixture f;
    char url[64];

    (void)state;
    any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(fd, (struct sockaddr *)&any, sizeof(any)), 0);
    assert_int_equal(listen(fd, 1), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&any, &len), 0);
    snprintf(url, sizeof(url), "http://127.0.0.1:%d/", ntohs(any.sin_port));
    begin(&f);
    http_start(f.http, &(struct http_request){ .method = "GET", .url = url,
                                               .patience_us = 50 * US_PER_MS }, answered, &f);
    loop_run(f.r.world.loop);
    assert_int_equal(f.fault, HTTP_TIMEOUT);
    close(fd);
    end(&f);
}

static void cancelled_and_freed_in_flight(void **state)
{
    struct fixture f;
    char url[128];
    struct http_request q = { .method = "GET", .url = url };

    (void)state;
    begin(&f);
    snprintf(url, sizeof(url), "%s/end", f.server.url);
    http_cancel(http_start(f.http, &q, answered, &f));
    http_cancel(NULL);
    q.url = "http://localhost/";
    http_cancel(http_start(f.http, &q, answered, &f));
    q.url = url;
    http_start(f.http, &q, answered, &f);
    http_start(f.http, &q, answered, &f);
    http_free(f.http);
    f.http = NULL;
    loop_run(f.r.world.loop);
    assert_int_equal(f.answers, 0);
    end(&f);
}

static void relative_addresses(void **state)
{
    static const struct { const char *base, *url, *want; } rows[] = {
        { "http://a.test/b/c?d#e", "", "http://a.test/b/c?d" },
        { "http://a.test/b/c?d#e", "#f", "http://a.test/b/c?d" },
        { "http://a.test/b/c?d#e", "?x=1#y", "http://a.test/b/c?x=1" },
        { "http://a.test/b/c?d", "?", "http://a.test/b/c" },
        { "http://a.test/b/c", "d", "http://a.test/b/d" },
        { "http://a.test/b/c", "../d", "http://a.test/d" },
        { "http://a.test/b/c", "/d e", "http://a.test/d%20e" },
        { "https://a.test/b/c", "//z.test/d", "https://z.test/d" },
        { "http://a.test/b", " http://z.test:81/d#f ", "http://z.test:81/d" },
        { "http://a.test/b", "mailto:a@b", "mailto:a@b" },
        { "http://a.test", "b", "http://a.test/b" },
        { "http://a.test", "/\u00e9?\u00fc", "http://a.test/%C3%A9?%C3%BC" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(mem_freep) char *got = http_resolve(rows[i].base, rows[i].url);

        if (!strcmp(rows[i].url, "mailto:a@b") && !got)
            continue;             /* as good: not an address of the web */
        assert_non_null(got);
        assert_string_equal(got, rows[i].want);
    }
}

static void what_browsers_send(void **state)
{
    static const struct { struct header_facts facts; const char *want; } rows[] = {
        { { .method = "GET", .url = "http://a.test/x", .language = "de-AT" },
          "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8|"
          "Accept-Language: de-AT,de;q=0.9|Expect:|" },
        { { .method = "GET", .url = "http://a.test/x", .referrer = "http://u:p@a.test/y?z#f",
            .accept = "a" }, "Accept: a|Referer: http://a.test/y?z|Expect:|" },
        { { .method = "POST", .url = "http://b.test/x", .referrer = "http://a.test:81/y?z",
            .accept = "a", .content_type = "t", .origin = "http://a.test:81" },
          "Accept: a|Content-Type: t|Referer: http://a.test:81/|Origin: http://a.test:81|"
          "Expect:|" },
        { { .method = "POST", .url = "http://a.test/x", .referrer = "https://a.test/y",
            .accept = "a", .content_type = "t", .origin = "null", .cookies = "a=1; b=2" },
          "Accept: a|Content-Type: t|Origin: null|Cookie: a=1; b=2|Expect:|" },
        { { .method = "DELETE", .url = "http://a.test/x", .accept = "a" },
          "Accept: a|Content-Type:|Expect:|" },
        { { .method = "POST", .url = "http://a.test/x", .accept = "a", .content_type = "t\r\nx: y",
            .language = "en" }, "Accept: a|Accept-Language: en|Expect:|" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct curl_slist *list = headers_make(&rows[i].facts);
        CLEANUP(buf_release) struct buf got = BUF_INIT(4096);

        for (struct curl_slist *l = list; l; l = l->next)
            buf_addf(&got, "%s|", l->data);
        assert_string_equal(got.ptr, rows[i].want);
        curl_slist_free_all(list);
    }
}

static void a_login_stays_with_its_origin(void **state)
{
    struct fixture f;
    struct web_server other;

    (void)state;
    begin(&f);
    http_login(f.http, f.server.url, "maya", "secret");
    ask(&f, "GET", "/auth", NULL);
    assert_string_equal(f.seen, "Basic bWF5YTpzZWNyZXQ=");

    web_server_start(&other, serve, &f);
    f.redirect_status = 302;
    snprintf(f.location, sizeof(f.location), "%s/auth", other.url);
    ask(&f, "GET", "/hop", NULL);
    assert_int_equal(other.requests, 1);
    assert_string_equal(f.seen, "");
    web_server_stop(&other);
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(redirects_keep_or_change_the_method),
        cmocka_unit_test(where_redirects_may_lead),
        cmocka_unit_test(the_first_address_is_asked_about_too),
        cmocka_unit_test(cookies_are_kept_per_customer),
        cmocka_unit_test(never_repeated_on_a_kept_connection),
        cmocka_unit_test(connections_are_the_customers),
        cmocka_unit_test(large_answers_are_cut_off),
        cmocka_unit_test(what_swells_is_cut_off),
        cmocka_unit_test(a_large_body_goes_out),
        cmocka_unit_test(nobody_there),
        cmocka_unit_test(patience_ends),
        cmocka_unit_test(cancelled_and_freed_in_flight),
        cmocka_unit_test(relative_addresses),
        cmocka_unit_test(what_browsers_send),
        cmocka_unit_test(a_login_stays_with_its_origin),
    };

    return cmocka_run_group_tests_name("http", tests, NULL, NULL);
}
