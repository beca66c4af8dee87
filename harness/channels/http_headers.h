#ifndef CHANNELS_HTTP_HEADERS_H
#define CHANNELS_HTTP_HEADERS_H
/**
 * The request headers a browser sends by default, of those that sites look at.
 */
#include <curl/curl.h>
#include <stdbool.h>

#include "harness/channels/referrer.h"

struct header_facts {
    const char *method, *url;
    const char *referrer;         /* NULL none */
    const char *accept;           /* NULL = as for a page */
    const char *content_type;     /* NULL none */
    const char *language;         /* BCP 47; NULL none */
    enum referrer_policy policy;
    const char *origin;           /* not for GET; NULL none */
    const char *marker;           /* NULL none */
    const char *cookies;          /* "a=1; b=2"; NULL or "" none */
};

/** Caller frees with curl_slist_free_all. */
struct curl_slist *headers_make(const struct header_facts *f);
struct curl_slist *headers_add(struct curl_slist *list, const char *fmt, ...) PRINTF_LIKE(2, 3);

/** How far libcurl may go with a request of ours. Redirects and proxies are our own business. */
void headers_limits(CURL *easy, int64_t left_us);

/** The value of a header line of the answer; NULL none. Lives until the handle moves on. */
const char *headers_value(CURL *easy, const char *name, size_t index);

/** For how long the answer asks us to leave it alone, in microseconds; 0 it does not. */
int64_t headers_slow_down(CURL *easy, int status);

#endif
