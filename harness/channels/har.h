#ifndef CHANNELS_HAR_H
#define CHANNELS_HAR_H
/**
 * Har: transfers as HTTP Archive 1.2 (w3c.github.io/web-performance/specs/HAR), for evidence.
 *
 * Secrets  values of cookies and of Authorization stand as "***"; others leave at the door.
 * Caps     HAR_ENTRIES_MAX transfers, bodies up to HAR_TEXT_MAX bytes that are valid UTF-8; what is
 *          left out is said in a `comment`.
 */
#include <curl/curl.h>
#include <jansson.h>

#include "harness/base/buf.h"
#include "harness/loop/loop.h"

enum { HAR_ENTRIES_MAX = 500, HAR_TEXT_MAX = 1024 * 1024, HAR_LINES_MAX = 256 * 1024 };

/** The head lines of one exchange, as libcurl sent and read them. */
struct har_lines {
    struct buf sent, received;    /* request line and headers; status line and headers */
};
void har_lines_init(struct har_lines *l);
void har_lines_release(struct har_lines *l);
/** From now on fill l with what goes over the easy handle. */
void har_lines_watch(struct har_lines *l, CURL *easy);

/** One exchange on the wire. */
struct har_facts {
    int64_t started_us;           /* wall clock, since 1970 */
    const char *method, *url;
    const struct har_lines *lines;
    const char *content_type;     /* of what was sent; NULL none */
    struct slice sent, received;  /* bodies, decoded */
    int status;                   /* 0: no answer */
    const char *problem;          /* "" none */
    const char *address;          /* of the server; NULL unknown */
    int64_t received_bytes;       /* of the body on the wire; -1 unknown */
    struct timings timings;
};

/** A new reference: one of log.entries. */
json_t *har_entry(const struct har_facts *f);
/** The whole archive. entries is borrowed. */
void har_write(const json_t *entries, const char *creator, struct buf *out);

#endif
