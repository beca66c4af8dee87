#include "tests/unit/support/cmocka.h"

#include "harness/loop/loop.h"
#include "tests/unit/support/web_server.h"

#include <unistd.h>

struct fetch {
    struct loop *l;
    CURL *easy;
    struct transfer *t, *other;
    CURLcode result;
    int64_t at_us;
    int done, again;
    char url[128];
};

static size_t drop(char *data, size_t size, size_t n, void *context)
{
    (void)data;
    (void)context;
    return size * n;
}

static void fetched(void *context, CURL *easy, CURLcode result, int64_t at_us)
{
    struct fetch *f = context;

    assert_ptr_equal(easy, f->easy);
    f->done++;
    f->result = result;
    f->at_us = at_us;
    f->t = NULL;
    transfer_cancel(f->other);
    if (f->again-- > 0)
        f->t = transfer_start(f->l, easy, fetched, f);
}

static void begin(struct fetch *f, struct loop *l, const char *url)
{
    *f = (struct fetch){ .l = l, .easy = curl_easy_init() };
    snprintf(f->url, sizeof(f->url), "%s", url);
    curl_easy_setopt(f->easy, CURLOPT_URL, f->url);
    curl_easy_setopt(f->easy, CURLOPT_WRITEFUNCTION, drop);
    curl_easy_setopt(f->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(f->easy, CURLOPT_PROXY, "");
    f->t = transfer_start(l, f->easy, fetched, f);
}

static void hello(void *context, const struct web_request *q, struct web_answer *a)
{
    (void)q;
    (void)context;
    a->body = "hello";
}

static void one_by_one_on_a_kept_connection(void **state)
{
    struct web_server s;
    struct loop *l = loop_new(CLOCK_REAL);
    struct fetch f;
    struct timings first;

    (void)state;
    web_server_start(&s, hello, NULL);
    begin(&f, l, s.url);
    assert_int_equal(f.done, 0);
    loop_run(l);
    assert_int_equal(f.done, 1);
    assert_int_equal(f.result, CURLE_OK);
    first = transfer_timings(f.easy, 0);
    assert_true(first.connect_us > 0);
    assert_int_equal(first.tls_us, DURATION_UNKNOWN);
    assert_true(first.total_us >= first.first_byte_us);
    assert_true(first.received_bytes > 5);
    assert_true(first.sent_bytes > 0);
    assert_true(f.at_us > 0);

    f.again = 9;
    f.t = transfer_start(l, f.easy, fetched, &f);
    loop_run(l);
    assert_int_equal(f.done, 11);
    assert_int_equal(s.connections, 1);
    assert_int_equal(transfer_timings(f.easy, 0).connect_us, DURATION_UNKNOWN);
    curl_easy_cleanup(f.easy);
    loop_free(l);
    web_server_stop(&s);
}

static void many_at_once(void **state)
{
    struct web_server s;
    struct loop *l = loop_new(CLOCK_REAL);
    struct fetch f[40];

    (void)state;
    web_server_start(&s, hello, NULL);
    for (size_t i = 0; i < ARRAY_LEN(f); i++) {
        begin(&f[i], l, s.url);
        f[i].again = 4;
    }
    loop_run(l);
    for (size_t i = 0; i < ARRAY_LEN(f); i++) {
        assert_int_equal(f[i].done, 5);
        assert_int_equal(f[i].result, CURLE_OK);
        curl_easy_cleanup(f[i].easy);
    }
    assert_int_equal(s.requests, 200);
    loop_free(l);
    web_server_stop(&s);
}

static void nobody_there(void **state)
{
    struct loop *l = loop_new(CLOCK_REAL);
    struct fetch f;

    (void)state;
    begin(&f, l, "http://127.0.0.1:1/");
    loop_run(l);
    assert_int_equal(f.result, CURLE_COULDNT_CONNECT);
    curl_easy_cleanup(f.easy);
    loop_free(l);
}

static void cancel_from_callbacks_and_outside(void **state)
{
    struct web_server s;
    struct loop *l = loop_new(CLOCK_REAL);
    struct fetch a, b, c;

    (void)state;
    web_server_start(&s, hello, NULL);
    begin(&a, l, s.url);
    begin(&b, l, "http://127.0.0.1:1/");
    begin(&c, l, s.url);
    b.other = c.t;                        /* whichever ends first takes c out, once */
    transfer_cancel(a.t);
    loop_run(l);
    assert_int_equal(a.done, 0);
    assert_int_equal(b.done, 1);
    assert_int_equal(c.done, 0);
    curl_easy_cleanup(a.easy);
    curl_easy_cleanup(b.easy);
    curl_easy_cleanup(c.easy);

    begin(&a, l, s.url);                  /* left to loop_free */
    loop_free(l);
    assert_int_equal(a.done, 0);
    curl_easy_cleanup(a.easy);
    web_server_stop(&s);
}

static void note_time(void *context)
{
    struct fetch *f = context;

    assert_int_equal(f->done, 1);         /* an hour did not pass meanwhile */
    f->at_us = loop_now(f->l);
}

static void a_transfer_holds_the_virtual_clock(void **state)
{
    struct web_server s;
    struct loop *l = loop_new(CLOCK_VIRTUAL);
    struct fetch f;

    (void)state;
    web_server_start(&s, hello, NULL);
    begin(&f, l, s.url);
    timer_start(l, 3600 * US_PER_S, note_time, &f);
    loop_run(l);
    assert_int_equal(f.result, CURLE_OK);
    assert_int_equal(f.at_us, 3600 * US_PER_S);
    curl_easy_cleanup(f.easy);
    loop_free(l);
    web_server_stop(&s);
}

static void timeouts_of_libcurl_come(void **state)
{
    struct loop *l = loop_new(CLOCK_REAL);
    struct sockaddr_in any = { .sin_family = AF_INET };
    socklen_t len = sizeof(any);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    char url[64];
    struct fetch f;

    (void)state;
    any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(fd, (struct sockaddr *)&any, sizeof(any)), 0);
    assert_int_equal(listen(fd, 4), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&any, &len), 0);
    snprintf(url, sizeof(url), "http://127.0.0.1:%d/", ntohs(any.sin_port));
    begin(&f, l, url);                    /* accepted by the kernel, answered by nobody */
    transfer_cancel(f.t);
    curl_easy_setopt(f.easy, CURLOPT_TIMEOUT_MS, 60L);
    f.t = transfer_start(l, f.easy, fetched, &f);
    loop_run(l);
    assert_int_equal(f.result, CURLE_OPERATION_TIMEDOUT);
    curl_easy_cleanup(f.easy);
    close(fd);
    loop_free(l);
}

/* A hundred customers who come at the same moment, and a socket that is ready all the time. */
struct crowd {
    struct fetch fetches[100];
    struct loop *l;
    const char *url;
    size_t begun, begun_when_seen;
    struct watch *w;
};

static void come(void *context)
{
    struct crowd *c = context;

    begin(&c->fetches[c->begun++], c->l, c->url);
}

static void seen(void *context, unsigned events)
{
    struct crowd *c = context;

    assert_true(events & WATCH_READ);
    c->begun_when_seen = c->begun;
    watch_free(c->w);
}

static void sockets_are_looked_at_while_many_begin(void **state)
{
    struct web_server s;
    struct crowd c = { .l = loop_new(CLOCK_REAL) };
    int ends[2];

    (void)state;
    web_server_start(&s, hello, NULL);
    c.url = s.url;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "x", 1), 1);
    c.w = watch_new(c.l, ends[0], seen, &c);
    watch_set(c.w, WATCH_READ);
    for (size_t i = 0; i < ARRAY_LEN(c.fetches); i++)
        timer_start(c.l, loop_now(c.l), come, &c);
    loop_run(c.l);
    assert_true(c.begun_when_seen > 0);
    assert_true(c.begun_when_seen < ARRAY_LEN(c.fetches));
    for (size_t i = 0; i < ARRAY_LEN(c.fetches); i++) {
        assert_int_equal(c.fetches[i].done, 1);
        assert_int_equal(c.fetches[i].result, CURLE_OK);
        curl_easy_cleanup(c.fetches[i].easy);
    }
    close(ends[0]);
    close(ends[1]);
    loop_free(c.l);
    web_server_stop(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_by_one_on_a_kept_connection),
        cmocka_unit_test(many_at_once),
        cmocka_unit_test(nobody_there),
        cmocka_unit_test(cancel_from_callbacks_and_outside),
        cmocka_unit_test(a_transfer_holds_the_virtual_clock),
        cmocka_unit_test(timeouts_of_libcurl_come),
        cmocka_unit_test(sockets_are_looked_at_while_many_begin),
    };

    return cmocka_run_group_tests_name("transfers", tests, NULL, NULL);
}
