#include "harness/channels/http.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/channels/cookies.h"
#include "harness/channels/har.h"
#include "harness/channels/http_body.h"
#include "harness/channels/http_connections.h"
#include "harness/channels/http_headers.h"

enum {
    HEADERS_MAX = 1024 * 1024, COOKIE_LINE_MAX = 60 * 1024,
    EVIDENCE_TEXT_MAX = 64 * 1024 * 1024,
};
#define PATIENCE_US (300 * US_PER_S)

struct http {
    struct visit *visit;
    struct cookies *cookies;
    struct http_connections *connections;
    bool own_connections;         /* nobody else's of its customer */
    struct http_exchange *exchanges;
    char *login_url, *user, *password;
    json_t *har;                  /* transfers for evidence; NULL none yet */
};

struct http_exchange {
    struct http *http;
    struct http_exchange *prev, *next;
    http_fn *fn;
    http_piece_fn *piece;
    void *context;
    unsigned flags;

    char *method, *url, *accept, *content_type, *referrer;
    enum referrer_policy policy, policy_sent;     /* for the next request, of the last one */
    char *initiator, *origin;     /* the page it began at, and what it says of it; NULL none */
    char **headers;
    size_t header_count;
    struct buf upload;
    size_t uploaded;
    int has_left;                 /* of one without body: times */
    int64_t deadline_us;
    int redirects;
    char *sent_to[HTTP_REDIRECTS_MAX + 1];        /* addresses that have the body already */

    CURL *easy;
    struct curl_slist *lines;     /* of the request under way */
    struct transfer *transfer;
    struct timer *timer;          /* a refusal that must not come from inside http_start */
    int64_t left_us, first_us;    /* real clock: the request went to libcurl, its answer began */
    struct buf body;
    size_t header_bytes;
    bool swells;                  /* unpacks to too many times its size */
    struct har_lines wire;        /* filled only for evidence */
    char error[CURL_ERROR_SIZE];
    char *why;
};

struct http *http_new(struct visit *v)
{
    struct http *h = mem_zero(1, sizeof(*h));

    *h = (struct http){ .visit = v, .cookies = cookies_new(), .connections = v->connections,
                        .own_connections = !v->connections };
    if (h->own_connections)
        h->connections = connections_new(v->world->shares_connections);
    return h;
}

void http_rest(struct http *h)
{
    connections_rest(h->connections);
}

void http_free(struct http *h)
{
    if (!h)
        return;
    while (h->exchanges)
        http_cancel(h->exchanges);
    if (h->own_connections)
        connections_free(h->connections);
    json_decref(h->har);
    cookies_free(h->cookies);
    free(h->login_url);
    free(h->user);
    free(h->password);
    free(h);
}

void http_login(struct http *h, const char *url, const char *user, const char *password)
{
    h->login_url = mem_strdup(url);
    h->user = mem_strdup(user);
    h->password = mem_strdup(password ? password : "");
}

json_t *http_cookies(struct http *h)
{
    return cookies_save(h->cookies, loop_now(h->visit->world->loop));
}

void http_take_cookies(struct http *h, const json_t *lines)
{
    cookies_restore(h->cookies, lines, loop_now(h->visit->world->loop));
}

/* libcurl's callbacks */

static void obey(const struct http_exchange *x, CURL *easy, int status)
{
    struct visit *v = x->http->visit;
    int64_t us = headers_slow_down(easy, status);

    if (us && v->sink && v->sink->slow_down)
        v->sink->slow_down(v, status, us);
}

static void tell_piece(struct http_exchange *x, struct slice bytes)
{
    long status = 0;
    char *type = NULL;

    curl_easy_getinfo(x->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(x->easy, CURLINFO_CONTENT_TYPE, &type);
    if (status >= 200 && status < 300)
        x->piece(x->context, bytes, type ? type : "");
}

static size_t on_body(char *data, size_t size, size_t count, void *context)
{
    struct http_exchange *x = context;

    x->swells = !http_body_add(&x->body, x->easy, (struct slice){ data, size * count });
    if (x->piece && !x->body.full)
        tell_piece(x, (struct slice){ data, size * count });
    return x->body.full ? 0 : size * count;
}

static size_t on_header(char *data, size_t size, size_t count, void *context)
{
    struct http_exchange *x = context;

    (void)data;
    if (!x->header_bytes)
        x->first_us = loop_real_now(x->http->visit->world->loop);
    x->header_bytes += size * count;
    if (x->header_bytes <= HEADERS_MAX)
        return size * count;
    x->body.full = true;
    return 0;
}

/* There is no way back to the start for libcurl, and that is the point: see "Once". */
static size_t on_upload(char *out, size_t size, size_t count, void *context)
{
    struct http_exchange *x = context;
    size_t left = x->upload.len - x->uploaded;
    size_t n = left < size * count ? left : size * count;

    memcpy(out, x->upload.ptr + x->uploaded, n);
    x->uploaded += n;
    return n;
}

/* Without a body it is this that stops a repetition. */
static int on_leaving(void *context, char *to, char *from, int to_port, int from_port)
{
    struct http_exchange *x = context;

    (void)to, (void)from, (void)to_port, (void)from_port;
    return x->has_left++ ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

/* One request on the wire */

static void set_body(struct http_exchange *x)
{
    CURL *e = x->easy;

    if (!strcmp(x->method, "GET")) {
        curl_easy_setopt(e, CURLOPT_HTTPGET, 1L);
        return;
    }
    if (!strcmp(x->method, "HEAD")) {
        curl_easy_setopt(e, CURLOPT_NOBODY, 1L);
        return;
    }
    curl_easy_setopt(e, CURLOPT_POST, 1L);
    curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)x->upload.len);
    curl_easy_setopt(e, CURLOPT_READFUNCTION, on_upload);
    curl_easy_setopt(e, CURLOPT_READDATA, x);
    if (strcmp(x->method, "POST"))
        curl_easy_setopt(e, CURLOPT_CUSTOMREQUEST, x->method);
    if (x->upload.len)
        return;
    curl_easy_setopt(e, CURLOPT_PREREQFUNCTION, on_leaving);
    curl_easy_setopt(e, CURLOPT_PREREQDATA, x);
}

static void set_sinks(struct http_exchange *x)
{
    curl_easy_setopt(x->easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(x->easy, CURLOPT_WRITEDATA, x);
    curl_easy_setopt(x->easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(x->easy, CURLOPT_HEADERDATA, x);
    curl_easy_setopt(x->easy, CURLOPT_ERRORBUFFER, x->error);
}

static void set_identity(struct http_exchange *x)
{
    struct http *h = x->http;
    CLEANUP(buf_release) struct buf cookies = BUF_INIT(COOKIE_LINE_MAX);
    struct header_facts facts = {
        .method = x->method, .url = x->url, .referrer = x->referrer, .accept = x->accept,
        .content_type = x->content_type, .language = h->visit->language, .policy = x->policy,
        .origin = x->origin, .marker = h->visit->world->marker,
    };

    cookies_add(h->cookies, x->url, x->initiator, x->method, loop_now(h->visit->world->loop),
                &cookies);
    facts.cookies = cookies.ptr;
    curl_slist_free_all(x->lines);
    x->lines = headers_make(&facts);
    for (size_t i = 0; i < x->header_count; i++)
        x->lines = headers_add(x->lines, "%s", x->headers[i]);
    curl_easy_setopt(x->easy, CURLOPT_HTTPHEADER, x->lines);
    curl_easy_setopt(x->easy, CURLOPT_PIPEWAIT, 1L);      /* one connection, where HTTP/2 can */
    if (h->visit->ca)
        curl_easy_setopt(x->easy, CURLOPT_CAINFO, h->visit->ca);
    curl_easy_setopt(x->easy, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(x->easy, CURLOPT_USERAGENT, h->visit->world->user_agent);
    if (h->user && http_same_origin(h->login_url, x->url)) {
        curl_easy_setopt(x->easy, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
        curl_easy_setopt(x->easy, CURLOPT_USERNAME, h->user);
        curl_easy_setopt(x->easy, CURLOPT_PASSWORD, h->password);
    }
}

static void finished(void *context, CURL *easy, CURLcode result, int64_t at_us);
static void refused(void *context);

/* libcurl's own timeout is in real time, which on a shared clock nobody waits for. */
static void out_of_time(void *context)
{
    struct http_exchange *x = context;

    x->timer = NULL;
    transfer_cancel(x->transfer);
    finished(x, x->easy, CURLE_OPERATION_TIMEDOUT, loop_now(x->http->visit->world->loop));
}

static void send_now(struct http_exchange *x)
{
    struct loop *l = x->http->visit->world->loop;
    int64_t left = x->deadline_us - loop_now(l);

    if (!url_allowed(x->http->visit->scenario, x->url)) {
        x->timer = timer_start(l, loop_now(l), refused, x);
        return;
    }
    if (x->easy)
        curl_easy_reset(x->easy);
    else
        x->easy = connections_handle(x->http->connections);
    buf_clear(&x->body);
    x->uploaded = x->header_bytes = x->swells = 0;
    x->has_left = 0;
    x->error[0] = '\0';
    curl_easy_setopt(x->easy, CURLOPT_URL, x->url);
    headers_limits(x->easy, left > 0 ? left : US_PER_MS);
    set_sinks(x);
    set_body(x);
    set_identity(x);
    if (x->http->visit->evidence)
        har_lines_watch(&x->wire, x->easy);
    x->left_us = loop_real_now(l);
    x->transfer = transfer_start(l, x->easy, finished, x);
    timer_cancel(x->timer);
    x->timer = loop_is_shared(l) ? timer_start(l, x->deadline_us, out_of_time, x) : NULL;
}

struct http_exchange *http_start(struct http *h, const struct http_request *q, http_fn *fn,
                                 void *context)
{
    struct http_exchange *x = mem_zero(1, sizeof(*x));
    int64_t patience = q->patience_us > 0 ? q->patience_us : PATIENCE_US;

    *x = (struct http_exchange){
        .http = h, .fn = fn, .piece = q->piece, .context = context, .flags = q->flags,
        .method = mem_strdup(q->method), .url = mem_strdup(q->url),
        .accept = mem_strdup(q->accept), .content_type = mem_strdup(q->content_type),
        .referrer = mem_strdup(q->referrer), .policy = q->policy, .header_count = q->header_count,
        .headers = mem_zero(q->header_count + 1, sizeof(char *)),
        .deadline_us = loop_now(h->visit->world->loop) + patience,
    };
    x->initiator = mem_strdup(q->referrer);
    x->origin = q->referrer ? referrer_origin(q->referrer, q->url, q->policy) : NULL;
    for (size_t i = 0; i < q->header_count; i++)
        x->headers[i] = mem_strdup(q->headers[i]);
    buf_init(&x->upload, q->body.len);
    buf_add(&x->upload, q->body.ptr, q->body.len);
    buf_init(&x->body, HTTP_BODY_MAX);
    har_lines_init(&x->wire);
    x->next = h->exchanges;
    if (h->exchanges)
        h->exchanges->prev = x;
    h->exchanges = x;
    send_now(x);
    return x;
}

static void detach(struct http_exchange *x)
{
    if (x->prev)
        x->prev->next = x->next;
    else
        x->http->exchanges = x->next;
    if (x->next)
        x->next->prev = x->prev;
    transfer_cancel(x->transfer);
    timer_cancel(x->timer);
    if (x->easy)
        connections_give_back(x->http->connections, x->easy);
    x->transfer = NULL;
    x->timer = NULL;
    x->easy = NULL;
}

static void release(struct http_exchange *x)
{
    curl_slist_free_all(x->lines);
    for (size_t i = 0; i < x->header_count; i++)
        free(x->headers[i]);
    free(x->headers);
    free(x->method);
    free(x->url);
    free(x->accept);
    free(x->content_type);
    free(x->referrer);
    for (size_t i = 0; i < ARRAY_LEN(x->sent_to); i++)
        free(x->sent_to[i]);
    free(x->initiator);
    free(x->origin);
    free(x->why);
    buf_release(&x->upload);
    buf_release(&x->body);
    har_lines_release(&x->wire);
    free(x);
}

void http_cancel(struct http_exchange *x)
{
    if (!x)
        return;
    detach(x);
    release(x);
}

/* The callback may free the http, so the exchange has left it before. */
static void answer(struct http_exchange *x, struct http_answer *a)
{
    char *type = mem_strdup(a->content_type);     /* libcurl's, and the handle moves on */
    char *refresh = x->easy ? mem_strdup(headers_value(x->easy, "Refresh", 0)) : NULL;
    char *policy = x->easy ? mem_strdup(headers_value(x->easy, "Referrer-Policy", 0)) : NULL;

    a->refresh = refresh;
    a->referrer_policy = policy;
    a->why = x->why ? x->why : "";
    a->method = x->method;
    a->url = x->url;
    a->content_type = type;
    a->body = buf_slice(&x->body);
    a->own = &x->body;
    detach(x);
    x->fn(x->context, a);
    release(x);
    free(type);
    free(refresh);
    free(policy);
}

static void refused(void *context)
{
    struct http_exchange *x = context;
    struct http_answer a = { .fault = HTTP_REFUSED,
                             .at_us = loop_now(x->http->visit->world->loop) };

    x->timer = NULL;
    x->why = mem_printf("%s%s, which is not in company.hosts: not contacted",
                        x->redirects ? "the company led on to " : "the address is ", x->url);
    answer(x, &a);
}

/* Results */

static bool our_own_fault(CURL *easy, CURLcode result)
{
    long os = 0;

    curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &os);
    return result == CURLE_OUT_OF_MEMORY || result == CURLE_FAILED_INIT || os == EMFILE ||
           os == ENFILE || os == ENETUNREACH;
}

static enum http_fault fault_of(const struct http_exchange *x, CURLcode result)
{
    if (result == CURLE_OK)
        return HTTP_ANSWERED;
    if (x->body.full || result == CURLE_FILESIZE_EXCEEDED)
        return HTTP_TOO_LARGE;
    return result == CURLE_OPERATION_TIMEDOUT ? HTTP_TIMEOUT
           : our_own_fault(x->easy, result) ? HTTP_OURS : HTTP_UNREACHABLE;
}

static char *why_of(const struct http_exchange *x, enum http_fault fault, CURLcode result)
{
    if (fault == HTTP_TOO_LARGE)
        return x->swells ? mem_printf("the answer unpacks to over %d times its size", HTTP_SWELLS_MAX)
                         : mem_printf("the answer is over %d MiB", HTTP_BODY_MAX / 1024 / 1024);
    if (result == CURLE_SEND_FAIL_REWIND || result == CURLE_GOT_NOTHING ||
        result == CURLE_ABORTED_BY_CALLBACK)
        return mem_strdup("the connection broke before an answer came; not sent again");
    return result == CURLE_OK ? NULL
           : mem_strdup(x->error[0] ? x->error : curl_easy_strerror(result));
}

static void keep_cookies(struct http_exchange *x)
{
    const char *line;

    for (size_t i = 0; (line = headers_value(x->easy, "Set-Cookie", i)); i++)
        cookies_store(x->http->cookies, x->url, line, loop_now(x->http->visit->world->loop));
}

/** How a redirect goes on; false when this is the answer itself. */
static bool redirected(struct http_exchange *x, const struct http_answer *a, char **to)
{
    char *next = NULL;

    if (a->fault != HTTP_ANSWERED || a->status < 301 || a->status > 308 ||
        (a->status > 303 && a->status < 307))
        return false;
    curl_easy_getinfo(x->easy, CURLINFO_REDIRECT_URL, &next);
    if (!next)
        return false;
    *to = mem_strdup(next);
    return true;
}

/* What was said of the page once is all that the next one may know; and nobody vouches for what
 * another origin handed on. */
static void pass_on(struct http_exchange *x, const char *to)
{
    char *said = x->referrer ? referrer_value(x->referrer, x->url, x->policy_sent) : NULL;

    free(x->referrer);
    x->referrer = said;
    if (!x->origin || http_same_origin(x->url, to))
        return;
    free(x->origin);
    x->origin = mem_strdup("null");
}

/** Does the request lose its body on the way on? */
static bool becomes_get(const struct http_exchange *x, int status)
{
    return status == 303 || (!strcmp(x->method, "POST") && (status == 301 || status == 302));
}

/** A circle of redirects would bring the same words a second time: that is not walked. */
static bool would_repeat(struct http_exchange *x, int status, const char *to)
{
    if (!strcmp(x->method, "GET") || becomes_get(x, status))
        return false;
    if (!x->sent_to[x->redirects])
        x->sent_to[x->redirects] = mem_strdup(x->url);
    for (int i = 0; i <= x->redirects; i++)
        if (x->sent_to[i] && !strcmp(x->sent_to[i], to))
            return true;
    return false;
}

static void follow(struct http_exchange *x, int status, char *to)
{
    if (becomes_get(x, status)) {
        free(x->method);
        free(x->content_type);
        x->method = mem_strdup("GET");
        x->content_type = NULL;
        buf_clear(&x->upload);
    }
    pass_on(x, to);
    free(x->url);
    x->url = to;
    x->redirects++;
    send_now(x);
}

/* libcurl takes the first byte of a body it sends for the first of the answer. */
static struct timings timings_of(const struct http_exchange *x)
{
    struct timings t = transfer_timings(x->easy, transfer_late(x->http->visit->world->loop));

    if (!x->upload.len)
        return t;
    t.first_byte_us = x->header_bytes ? x->first_us - x->left_us : DURATION_UNKNOWN;
    if (t.first_byte_us > t.total_us)
        t.first_byte_us = t.total_us;
    return t;
}

/* Evidence */

static void remember(struct http_exchange *x, const struct http_answer *a)
{
    struct http *h = x->http;
    struct har_facts f = {
        .started_us = h->visit->world->epoch_us + x->left_us, .method = x->method, .url = x->url,
        .lines = &x->wire, .content_type = x->content_type, .sent = buf_slice(&x->upload),
        .received = buf_slice(&x->body), .status = a->status, .problem = a->why,
        .received_bytes = -1, .timings = a->timings,
    };
    curl_off_t bytes = -1;
    char *address = NULL;

    if (!h->visit->evidence || json_array_size(h->har) >= HAR_ENTRIES_MAX)
        return;
    if (!h->har)
        h->har = json_array();
    curl_easy_getinfo(x->easy, CURLINFO_SIZE_DOWNLOAD_T, &bytes);
    curl_easy_getinfo(x->easy, CURLINFO_PRIMARY_IP, &address);
    f.received_bytes = bytes;
    f.address = address;
    json_array_append_new(h->har, har_entry(&f));
}

void http_evidence(struct http *h)
{
    CLEANUP(buf_release) struct buf text = BUF_INIT(EVIDENCE_TEXT_MAX);

    if (!json_array_size(h->har))
        return;
    har_write(h->har, h->visit->world->user_agent, &text);
    json_array_clear(h->har);
    visit_evidence(h->visit, EVIDENCE_TRANSFERS, buf_slice(&text));
}

static void finished(void *context, CURL *easy, CURLcode result, int64_t at_us)
{
    struct http_exchange *x = context;
    struct http_answer a = { .fault = fault_of(x, result), .at_us = at_us, .has_timings = true,
                             .timings = timings_of(x), .method = x->method, .url = x->url };
    long status = 0;
    char *to = NULL, *type = NULL;

    x->transfer = NULL;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(easy, CURLINFO_CONTENT_TYPE, &type);
    a.status = (int)status;
    a.content_type = type;
    obey(x, easy, a.status);
    keep_cookies(x);
    x->policy_sent = x->policy;
    x->policy = referrer_policy_of(headers_value(easy, "Referrer-Policy", 0), x->policy);
    a.why = x->why = why_of(x, a.fault, result);
    if (!(x->flags & HTTP_QUIET))
        http_tell(x->http->visit, &a);
    remember(x, &a);
    if (redirected(x, &a, &to)) {
        bool circle = would_repeat(x, a.status, to);

        if (http_is_web(to) && x->redirects < HTTP_REDIRECTS_MAX && !circle) {
            follow(x, a.status, to);
            return;
        }
        a.fault = HTTP_LOST;
        x->why = circle
                     ? mem_printf("redirects in a circle, back to %s; not sent again", to)
               : http_is_web(to)
                     ? mem_printf("more than %d redirects, the last one to %s",
                                  HTTP_REDIRECTS_MAX, to)
                     : mem_printf("redirected to %s, where no browser can go", to);
        free(to);
    }
    answer(x, &a);
}

void http_enough(struct http_exchange *x)
{
    CURL *easy = x->easy;

    transfer_cancel(x->transfer);
    finished(x, easy, CURLE_OK, loop_now(x->http->visit->world->loop));
}
