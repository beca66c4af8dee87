#ifndef CHANNELS_HTTP_H
#define CHANNELS_HTTP_H
/**
 * Http: one customer's user agent. Cookies and connections of its own, the host rule before every
 * request and every hop of a redirect, caps and times.
 *
 * Events     each exchange on the wire is one `transfer` event, emitted before anybody learns what
 *            came of it.
 * Redirects  followed by hand, 10 at most: 303 goes on as GET; so does a POST after 301 and 302;
 *            307 and 308 repeat method and body (fetch.spec.whatwg.org, 4.4).
 * Cookies    cookies.h: a customer's own, SameSite too.
 * Once       what has a body is never repeated because a connection broke: libcurl would, on a kept
 *            connection that ends without an answer; here that is an error. Nor is it sent twice
 *            to one address because redirects go round in a circle.
 * Callbacks  come from the loop, once per request, never after http_cancel or http_free. Strings
 *            and the body of the answer live until the callback returns, also when it frees the
 *            http.
 */
#include "harness/channels/channel.h"
#include "harness/channels/referrer.h"

struct http;
struct http_exchange;

enum { HTTP_BODY_MAX = 8 * 1024 * 1024, HTTP_REDIRECTS_MAX = 10 };
#define HTTP_CONNECT_US (30 * US_PER_S)

enum http_flags {
    HTTP_QUIET = 1,               /* no `transfer` events; http_tell() emits the last one */
};

/** Bytes of the body of a good answer (2xx) as they come; they stand in the answer's body as well.
 *  Called from inside libcurl: nothing may be started, cancelled or emitted in it. */
typedef void http_piece_fn(void *context, struct slice bytes, const char *content_type);

struct http_request {
    const char *method, *url;     /* url: absolute */
    const char *accept;           /* NULL = as for a page */
    const char *content_type;     /* of the body; NULL none */
    struct slice body;
    const char *const *headers;   /* more lines, "Name: value" */
    size_t header_count;
    const char *referrer;         /* the page it is sent from; NULL none */
    enum referrer_policy policy;  /* what is said of that page */
    int64_t patience_us;          /* for all of it, redirects included; 0 = 5 minutes */
    unsigned flags;
    http_piece_fn *piece;         /* NULL = only the whole matters; context is http_start's */
};

enum http_fault {
    HTTP_ANSWERED,                /* whatever the status */
    HTTP_REFUSED,                 /* by our own host rule: `why` names the host */
    HTTP_UNREACHABLE,             /* no connection, or it broke, or a TLS that nobody may trust */
    HTTP_TIMEOUT,
    HTTP_TOO_LARGE,               /* over HTTP_BODY_MAX, or a parcel that swells beyond reason */
    HTTP_LOST,                    /* redirects without end, or to where no browser can go */
    HTTP_OURS,                    /* out of descriptors and the like */
};

struct http_answer {
    enum http_fault fault;
    const char *why;              /* for people; "" when answered */
    const char *method, *url;     /* of the last exchange */
    int status;                   /* 0 none */
    const char *content_type;     /* NULL none */
    const char *referrer_policy, *refresh;        /* headers; NULL none */
    struct slice body;
    struct buf *own;              /* ... which lies in it: who keeps it may take it (buf_steal) */
    int64_t at_us;                /* when its last byte was readable */
    bool has_timings;
    struct timings timings;       /* of the last exchange */
};

typedef void http_fn(void *context, const struct http_answer *a);

struct http *http_new(struct visit *v);
void http_free(struct http *h);                   /* NULL is fine */

/** Its idle connections end, as a browser's do after some minutes; the next request makes new ones. */
void http_rest(struct http *h);

/** Basic authentication, for the origin of `url` only. Copied. */
void http_login(struct http *h, const char *url, const char *user, const char *password);

/** Everything in *q is copied. */
struct http_exchange *http_start(struct http *h, const struct http_request *q, http_fn *fn,
                                 void *context);
void http_cancel(struct http_exchange *x);        /* NULL is fine */
/** What has come is the whole answer, whatever the connection does: it is answered now, from inside
 *  this call. */
void http_enough(struct http_exchange *x);

/** Hand in the transfers since the last call as evidence, where it was asked for: at the end of an
 *  act, before visit_done. */
void http_evidence(struct http *h);

/** The `transfer` event of a quiet exchange. */
void http_tell(struct visit *v, const struct http_answer *a);

/**
 * What a person would say of an answer that is of no use: emits the `failed` event (of the company,
 * or ours) for a fault or a status of 400 and above, and says how the act ended.
 * @return DONE_OK when there was nothing to complain about.
 */
enum done http_complain(struct visit *v, const struct http_answer *a);

/** check(): is the literal `t` a web address that company.hosts allows? Nothing is said of one with
 *  variables, which http_open_url looks at when they have values. */
void http_check_url(const struct scenario *s, const struct channel_spec *spec,
                    const struct template *t, struct diags *diags);
/**
 * open(): the rendered address.
 * @param ret  on ST_OK lives in the visit's arena.
 * @return ST_NOT_FOUND a variable has no value; ST_INVALID no web address; ST_DENIED another host.
 */
MUST_CHECK enum status http_open_url(struct visit *v, const struct template *t,
                                     struct diags *diags, const char **ret);

/** The customer's cookies, for the journal: a new array of lines; and back into another http. */
json_t *http_cookies(struct http *h);
void http_take_cookies(struct http *h, const json_t *lines);

/** `url` against `base`, without fragment; free() it. NULL when it is no URL. */
char *http_resolve(const char *base, const char *url);
/** Does it begin as a web address does? */
bool http_is_web(const char *url);
/** Same scheme, host and port. */
bool http_same_origin(const char *a, const char *b);

#endif
