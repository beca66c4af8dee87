#include "harness/channels/http_headers.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/buf.h"
#include "harness/base/text.h"
#include "harness/channels/http.h"

enum { HEADER_LINE_MAX = 64 * 1024 };

#define ACCEPT_PAGE "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

struct curl_slist *headers_add(struct curl_slist *list, const char *fmt, ...)
{
    CLEANUP(buf_release) struct buf line = BUF_INIT(HEADER_LINE_MAX);
    struct curl_slist *longer;
    va_list ap;

    va_start(ap, fmt);
    buf_vaddf(&line, fmt, ap);
    va_end(ap);
    /* A line end inside would start a header of somebody else's making. */
    if (line.full || line.len == 0 || strpbrk(line.ptr, "\r\n"))
        return list;
    longer = curl_slist_append(list, line.ptr);
    return longer ? longer : list;
}

/* "de-AT" → "de-AT,de;q=0.9" */
static struct curl_slist *add_language(struct curl_slist *list, const char *tag)
{
    size_t primary = tag ? strcspn(tag, "-") : 0;

    if (!tag || !*tag)
        return list;
    if (tag[primary])
        return headers_add(list, "Accept-Language: %s,%.*s;q=0.9", tag, (int)primary, tag);
    return headers_add(list, "Accept-Language: %s", tag);
}

static char *get_part(CURLU *u, CURLUPart part)
{
    char *got = NULL, *copy;

    if (curl_url_get(u, part, &got, 0))
        return NULL;
    copy = mem_strdup(got);
    curl_free(got);
    return copy;
}

/** Without user, password and fragment; `origin_only` leaves "scheme://host:port". */
static char *stripped(const char *url, bool origin_only)
{
    CURLU *u = curl_url();
    char *result = NULL;

    if (u && !curl_url_set(u, CURLUPART_URL, url, CURLU_URLENCODE)) {
        curl_url_set(u, CURLUPART_USER, NULL, 0);
        curl_url_set(u, CURLUPART_PASSWORD, NULL, 0);
        curl_url_set(u, CURLUPART_FRAGMENT, NULL, 0);
        if (origin_only) {
            curl_url_set(u, CURLUPART_PATH, NULL, 0);
            curl_url_set(u, CURLUPART_QUERY, NULL, 0);
        }
        result = get_part(u, CURLUPART_URL);
    }
    curl_url_cleanup(u);
    return result;
}

/* strict-origin-when-cross-origin, the default of today's browsers
 * (w3.org/TR/referrer-policy, section 3.7). */
static struct curl_slist *add_origin(struct curl_slist *list, const struct header_facts *f)
{
    bool same = http_same_origin(f->referrer, f->url);
    bool downgrade = text_starts_with(f->referrer, "https:") &&
                     !text_starts_with(f->url, "https:");
    CLEANUP(mem_freep) char *full = stripped(f->referrer, false);
    CLEANUP(mem_freep) char *origin = stripped(f->referrer, true);

    if (!full || !origin)
        return list;
    if (!downgrade)
        list = headers_add(list, "Referer: %s", same ? full : origin);
    if (strcmp(f->method, "GET")) {
        size_t len = strlen(origin);

        if (len && origin[len - 1] == '/')
            origin[len - 1] = '\0';
        list = headers_add(list, "Origin: %s", downgrade ? "null" : origin);
    }
    return list;
}

struct curl_slist *headers_make(const struct header_facts *f)
{
    struct curl_slist *list = headers_add(NULL, "Accept: %s", f->accept ? f->accept : ACCEPT_PAGE);

    list = add_language(list, f->language);
    if (f->content_type)
        list = headers_add(list, "Content-Type: %s", f->content_type);
    else if (strcmp(f->method, "GET"))
        list = headers_add(list, "Content-Type:");        /* libcurl would claim a form */
    if (f->referrer)
        list = add_origin(list, f);
    return headers_add(list, "Expect:");                  /* no waiting for 100 Continue */
}
