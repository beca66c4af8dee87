#include "harness/channels/har.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "harness/base/text.h"

void har_lines_init(struct har_lines *l)
{
    buf_init(&l->sent, HAR_LINES_MAX);
    buf_init(&l->received, HAR_LINES_MAX);
}

void har_lines_release(struct har_lines *l)
{
    buf_release(&l->sent);
    buf_release(&l->received);
}

/* The last request and its last answer count: a 100 or a 401 may have come before. */
static int on_debug(CURL *easy, curl_infotype type, char *data, size_t size, void *context)
{
    struct har_lines *l = context;

    (void)easy;
    if (type == CURLINFO_HEADER_OUT) {
        buf_clear(&l->sent);
        buf_clear(&l->received);
        buf_add(&l->sent, data, size);
    } else if (type == CURLINFO_HEADER_IN) {
        if (size > 5 && !memcmp(data, "HTTP/", 5))
            buf_clear(&l->received);
        buf_add(&l->received, data, size);
    }
    return 0;
}

void har_lines_watch(struct har_lines *l, CURL *easy)
{
    buf_clear(&l->sent);
    buf_clear(&l->received);
    curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L);
    curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, on_debug);
    curl_easy_setopt(easy, CURLOPT_DEBUGDATA, l);
}

static json_t *text_json(struct slice s)
{
    CLEANUP(buf_release) struct buf clean = BUF_INIT(s.len * 3 + 1);

    text_add_clean(&clean, s);
    return json_stringn(clean.ptr, clean.len);
}

static json_t *pair(const char *name_key, struct slice name, struct slice value)
{
    json_t *j = json_object();

    json_object_set_new(j, name_key, text_json(name));
    json_object_set_new(j, "value", text_json(value));
    return j;
}

/* Header lines */

/** The next line, without its end; false: there is none. */
static bool next_line(struct slice *rest, struct slice *line)
{
    const char *end = memchr(rest->ptr, '\n', rest->len);
    size_t len = end ? (size_t)(end - rest->ptr) : rest->len;

    if (!rest->len)
        return false;
    *line = text_trim((struct slice){ rest->ptr, len });
    rest->ptr += len + (end != NULL);
    rest->len -= len + (end != NULL);
    return true;
}

static bool split(struct slice line, char at, struct slice *before, struct slice *after)
{
    const char *sign = memchr(line.ptr, at, line.len);

    if (!sign)
        return false;
    *before = text_trim((struct slice){ line.ptr, (size_t)(sign - line.ptr) });
    *after = text_trim((struct slice){ sign + 1, (size_t)(line.ptr + line.len - sign - 1) });
    return true;
}

static bool is_named(struct slice name, const char *wanted)
{
    return name.len == strlen(wanted) && !strncasecmp(name.ptr, wanted, name.len);
}

static bool is_secret(struct slice name)
{
    static const char *const names[] = {
        "Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie",
    };

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (is_named(name, names[i]))
            return true;
    return false;
}

static const struct slice hidden = { "***", 3 };

/* "a=1; b=2" of a request has two cookies; of a Set-Cookie only the first pair is one. */
static void add_cookies(json_t *cookies, struct slice value, bool all)
{
    struct slice piece, name, rest, content;

    do {
        if (!split(value, ';', &piece, &rest)) {
            piece = value;
            rest = (struct slice){ "", 0 };
        }
        if (split(piece, '=', &name, &content))
            json_array_append_new(cookies, pair("name", name, hidden));
        value = rest;
    } while (all && value.len);
}

struct head {
    json_t *headers, *cookies;
    struct slice first;           /* request line or status line */
    struct slice location;
};

static struct head read_head(struct slice lines, const char *cookie_header)
{
    struct head h = { json_array(), json_array(), { "", 0 }, { "", 0 } };
    struct slice rest = lines, line, name, value;

    if (next_line(&rest, &line))
        h.first = line;
    while (next_line(&rest, &line)) {
        if (!split(line, ':', &name, &value) || !name.len)
            continue;
        if (is_named(name, cookie_header))
            add_cookies(h.cookies, value, *cookie_header == 'C');
        if (is_named(name, "Location"))
            h.location = value;
        json_array_append_new(h.headers, pair("name", name, is_secret(name) ? hidden : value));
    }
    return h;
}

/** The n-th word of a line; the last one wanted is all that is left. */
static struct slice word(struct slice line, int n, bool whole_rest)
{
    struct slice first = line, rest = line;

    for (int i = 0; i <= n; i++) {
        line = rest;
        if (!split(line, ' ', &first, &rest)) {
            first = line;
            rest = (struct slice){ "", 0 };
        }
    }
    return whole_rest ? line : first;
}

/* Request */

static int digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static void add_decoded(struct buf *out, struct slice s)     /* url.spec.whatwg.org, 5.1 */
{
    for (size_t i = 0; i < s.len; i++) {
        int high = s.ptr[i] == '%' && i + 2 < s.len ? digit(s.ptr[i + 1]) : -1;
        int low = high >= 0 ? digit(s.ptr[i + 2]) : -1;

        buf_addc(out, low >= 0 ? (char)(high * 16 + low) : s.ptr[i] == '+' ? ' ' : s.ptr[i]);
        i += low >= 0 ? 2 : 0;
    }
}

static json_t *query_of(const char *url)
{
    json_t *list = json_array();
    const char *mark = strchr(url, '?');
    size_t len = mark ? strcspn(mark + 1, "#") : 0;
    struct slice rest = { mark ? mark + 1 : "", len }, piece, name, value;

    while (rest.len) {
        CLEANUP(buf_release) struct buf plain_name = BUF_INIT(len + 1), plain = BUF_INIT(len + 1);

        if (!split(rest, '&', &piece, &rest)) {
            piece = rest;
            rest.len = 0;
        }
        if (!split(piece, '=', &name, &value)) {
            name = piece;
            value.len = 0;
        }
        add_decoded(&plain_name, name);
        add_decoded(&plain, value);
        json_array_append_new(list, pair("name", buf_slice(&plain_name), buf_slice(&plain)));
    }
    return list;
}

/** The text of a body, or a comment why it is not there. */
static void put_body(json_t *into, struct slice body)
{
    if (body.len > HAR_TEXT_MAX)
        json_object_set_new(into, "comment", json_string("left out: large"));
    else if (!text_is_valid(body) || memchr(body.ptr, 0, body.len))
        json_object_set_new(into, "comment", json_string("left out: not UTF-8 text"));
    else
        json_object_set_new(into, "text", json_stringn(body.ptr, body.len));
}

static json_t *request_json(const struct har_facts *f)
{
    struct head h = read_head(buf_slice(&f->lines->sent), "Cookie");
    int head_size = f->lines->sent.len ? (int)f->lines->sent.len : -1;
    json_t *j = json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:i, s:I}", "method", f->method,
                          "url", text_json(slice_str(f->url)),
                          "httpVersion", text_json(word(h.first, 2, false)),
                          "cookies", h.cookies, "headers", h.headers,
                          "queryString", query_of(f->url),
                          "headersSize", head_size, "bodySize", (json_int_t)f->sent.len);

    if (f->sent.len) {
        json_t *data = json_pack("{s:s}", "mimeType", f->content_type ? f->content_type : "");

        put_body(data, f->sent);
        json_object_set_new(j, "postData", data);
    }
    return j;
}

/* Response */

static json_t *response_json(const struct har_facts *f)
{
    struct head h = read_head(buf_slice(&f->lines->received), "Set-Cookie");
    json_t *content = json_pack("{s:I, s:s}", "size", (json_int_t)f->received.len, "mimeType", "");
    struct slice rest = buf_slice(&f->lines->received), line, name, value;

    while (next_line(&rest, &line))
        if (split(line, ':', &name, &value) && is_named(name, "Content-Type"))
            json_object_set_new(content, "mimeType", text_json(value));
    put_body(content, f->received);
    return json_pack("{s:i, s:o, s:o, s:o, s:o, s:o, s:o, s:i, s:I}", "status", f->status,
                     "statusText", text_json(word(h.first, 2, true)),
                     "httpVersion", text_json(word(h.first, 0, false)),
                     "cookies", h.cookies, "headers", h.headers, "content", content,
                     "redirectURL", text_json(h.location),
                     "headersSize", f->lines->received.len ? (int)f->lines->received.len : -1,
                     "bodySize", (json_int_t)f->received_bytes);
}

/* Times */

static json_t *moment(int64_t us)
{
    time_t seconds = (time_t)(us / US_PER_S);
    struct tm tm;
    char day[32] = "";

    gmtime_r(&seconds, &tm);
    strftime(day, sizeof day, "%Y-%m-%dT%H:%M:%S", &tm);
    return json_sprintf("%s.%03dZ", day, (int)(us % US_PER_S / US_PER_MS));
}

static double ms(int64_t us)
{
    return (double)us / US_PER_MS;
}

/** From one phase to the next, never below 0. */
static double between(int64_t from, int64_t to)
{
    return to > from ? ms(to - from) : 0;
}

static int64_t known(int64_t us, int64_t otherwise)
{
    return us == DURATION_UNKNOWN ? otherwise : us;
}

/* libcurl's times run on from the start; HAR wants each by itself, -1 where there was none. */
static json_t *timings_json(const struct timings *t)
{
    int64_t total = known(t->total_us, 0), looked_up = known(t->lookup_us, 0);
    int64_t connected = known(t->connect_us, looked_up);
    int64_t ready = known(t->tls_us, connected), first = known(t->first_byte_us, total);

    return json_pack("{s:i, s:f, s:f, s:f, s:i, s:f, s:f}", "blocked", -1,
                     "dns", t->lookup_us == DURATION_UNKNOWN ? -1. : between(0, looked_up),
                     "connect", t->connect_us == DURATION_UNKNOWN ? -1. : between(looked_up, ready),
                     "ssl", t->tls_us == DURATION_UNKNOWN ? -1. : between(connected, ready),
                     "send", 0, "wait", between(ready, first), "receive", between(first, total));
}

json_t *har_entry(const struct har_facts *f)
{
    json_t *j = json_pack("{s:o, s:f, s:o, s:o, s:{}, s:o}", "startedDateTime",
                          moment(f->started_us), "time", ms(known(f->timings.total_us, 0)),
                          "request", request_json(f), "response", response_json(f), "cache",
                          "timings", timings_json(&f->timings));

    if (f->address && *f->address)
        json_object_set_new(j, "serverIPAddress", json_string(f->address));
    if (f->problem && *f->problem)
        json_object_set_new(j, "comment", text_json(slice_str(f->problem)));
    return j;
}

void har_write(const json_t *entries, const char *creator, struct buf *out)
{
    const char *slash = strchr(creator, '/');
    json_t *name = json_stringn(creator, slash ? (size_t)(slash - creator) : strlen(creator));
    json_t *j = json_pack("{s:{s:s, s:{s:o, s:s}, s:o}}", "log", "version", "1.2",
                          "creator", "name", name, "version", slash ? slash + 1 : "",
                          "entries", json_deep_copy(entries));
    char *text = json_dumps(j, JSON_INDENT(1));

    buf_adds(out, text ? text : "");
    buf_addc(out, '\n');
    free(text);
    json_decref(j);
}
