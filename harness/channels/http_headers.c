#include "harness/channels/http_headers.h"

#include <stdarg.h>
#include <string.h>

#include "harness/base/duration.h"
#include "harness/channels/http.h"

enum { HEADER_LINE_MAX = 64 * 1024 };

#define ACCEPT_PAGE "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

/* A line end inside would start a header of somebody else's making. */
static struct curl_slist *add_line(struct curl_slist *list, const struct buf *line)
{
    struct curl_slist *longer;

    if (line->full || line->len == 0 || strpbrk(line->ptr, "\r\n"))
        return list;
    longer = curl_slist_append(list, line->ptr);
    return longer ? longer : list;
}

struct curl_slist *headers_add(struct curl_slist *list, const char *fmt, ...)
{
    CLEANUP(buf_release) struct buf line = BUF_INIT(HEADER_LINE_MAX);
    va_list ap;

    va_start(ap, fmt);
    buf_vaddf(&line, fmt, ap);
    va_end(ap);
    return add_line(list, &line);
}

static struct curl_slist *add(struct curl_slist *list, const char *name, const char *value)
{
    CLEANUP(buf_release) struct buf line = BUF_INIT(HEADER_LINE_MAX);

    buf_reserve(&line, strlen(name) + strlen(value));
    buf_adds(&line, name);
    buf_adds(&line, value);
    return add_line(list, &line);
}

/* "de-AT" → "de-AT,de;q=0.9" */
static struct curl_slist *add_language(struct curl_slist *list, const char *tag)
{
    size_t primary = tag ? strcspn(tag, "-") : 0;

    if (!tag || !*tag)
        return list;
    if (tag[primary])
        return headers_add(list, "Accept-Language: %s,%.*s;q=0.9", tag, (int)primary, tag);
    return add(list, "Accept-Language: ", tag);
}

static struct curl_slist *add_origin(struct curl_slist *list, const struct header_facts *f)
{
    CLEANUP(mem_freep) char *referer =
        f->referrer ? referrer_value(f->referrer, f->url, f->policy) : NULL;

    if (referer)
        list = add(list, "Referer: ", referer);
    if (f->origin && strcmp(f->method, "GET"))
        list = add(list, "Origin: ", f->origin);
    return list;
}

struct curl_slist *headers_make(const struct header_facts *f)
{
    struct curl_slist *list = add(NULL, "Accept: ", f->accept ? f->accept : ACCEPT_PAGE);

    list = add_language(list, f->language);
    if (f->content_type)
        list = add(list, "Content-Type: ", f->content_type);
    else if (strcmp(f->method, "GET"))
        list = add(list, "Content-Type:", "");        /* libcurl would claim a form */
    list = add_origin(list, f);
    if (f->cookies && *f->cookies)
        list = add(list, "Cookie: ", f->cookies);
    if (f->marker)
        list = add(list, "X-Shopper: ", f->marker);
    return add(list, "Expect:", "");                  /* no waiting for 100 Continue */
}

void headers_limits(CURL *easy, int64_t left_us)
{
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)(HTTP_CONNECT_US / US_PER_MS));
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)((left_us + US_PER_MS - 1) / US_PER_MS));
    curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)HTTP_BODY_MAX);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
}

const char *headers_value(CURL *easy, const char *name, size_t index)
{
    struct curl_header *h;

    return curl_easy_header(easy, name, index, CURLH_HEADER, -1, &h) ? NULL : h->value;
}

/* RFC 6585 section 4, RFC 9110 section 10.2.3. Without a time a minute is what a person would wait. */
int64_t headers_slow_down(CURL *easy, int status)
{
    enum { WITHOUT_A_TIME_S = 60, AT_MOST_S = 24 * 3600 };
    curl_off_t s = 0;

    curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &s);
    if (status != 429 && !(status == 503 && s > 0))
        return 0;
    return (s <= 0 ? WITHOUT_A_TIME_S : s > AT_MOST_S ? AT_MOST_S : s) * US_PER_S;
}
