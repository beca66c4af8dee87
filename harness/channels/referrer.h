#ifndef CHANNELS_REFERRER_H
#define CHANNELS_REFERRER_H
/**
 * Referrer: what a request says of the page it comes from (w3.org/TR/referrer-policy; the Origin
 * header: fetch.spec.whatwg.org, 3.2).
 */
#include "harness/base/mem.h"

enum referrer_policy {
    REFERRER_DEFAULT,             /* strict-origin-when-cross-origin */
    REFERRER_NONE, REFERRER_NO_DOWNGRADE, REFERRER_SAME_ORIGIN, REFERRER_ORIGIN,
    REFERRER_STRICT_ORIGIN, REFERRER_ORIGIN_CROSS, REFERRER_UNSAFE_URL,
};

/** The last policy known of a list with commas, as in the header; `otherwise` when there is none. */
enum referrer_policy referrer_policy_of(const char *list, enum referrer_policy otherwise);

/** The policy of a link or form that has attributes of its own; each may be NULL. */
enum referrer_policy referrer_policy_for(const char *rel, const char *attribute,
                                         enum referrer_policy of_page);

/** Value of the Referer line for a request from `page` to `url`; NULL none. Caller frees. */
char *referrer_value(const char *page, const char *url, enum referrer_policy policy);

/** Value of the Origin line of a request that is not GET; never NULL. Caller frees. */
char *referrer_origin(const char *page, const char *url, enum referrer_policy policy);

#endif
