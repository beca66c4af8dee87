#ifndef CHANNELS_COOKIES_H
#define CHANNELS_COOKIES_H
/**
 * Cookies: one customer's, kept and sent as today's browsers do (RFC 6265bis): scope by domain and
 * path, Secure, the prefixes __Secure- and __Host-, expiry, SameSite, no cookies for public suffixes.
 * libcurl's own engine knows no SameSite.
 *
 * Units     now_us: any clock that does not go back; Expires is judged by the calendar.
 * Caps      COOKIE_BYTES_MAX per name and value, COOKIES_OF_HOST_MAX, COOKIES_MAX in all: the one
 *           used longest ago goes first.
 * Loopback  counts as a safe connection, as in browsers.
 */
#include <jansson.h>
#include <stdint.h>

#include "harness/base/buf.h"

enum { COOKIE_BYTES_MAX = 4096, COOKIES_OF_HOST_MAX = 180, COOKIES_MAX = 3000 };

/* A cookie without SameSite goes with a POST from elsewhere for so long after it was set: what
 * Chromium calls Lax-allowing-unsafe (chromestatus.com/feature/5088147346030592). */
#define COOKIE_LAX_UNSAFE_US (INT64_C(120) * 1000000)

struct cookies;

struct cookies *cookies_new(void);
void cookies_free(struct cookies *j);     /* NULL is fine */

/** @param set_cookie  the value of one Set-Cookie line. What is not acceptable is left out. */
void cookies_store(struct cookies *j, const char *url, const char *set_cookie, int64_t now_us);

/**
 * Append "a=1; b=2": what a page load of `url` sends.
 * @param initiator  the page it is loaded from; NULL: the customer typed the address.
 */
void cookies_add(struct cookies *j, const char *url, const char *initiator, const char *method,
                 int64_t now_us, struct buf *out);

/** For a later process, whose clock begins anew. A new reference: an array of objects. */
json_t *cookies_save(const struct cookies *j, int64_t now_us);
void cookies_restore(struct cookies *j, const json_t *saved, int64_t now_us);

#endif
