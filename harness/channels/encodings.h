#ifndef CHANNELS_ENCODINGS_H
#define CHANNELS_ENCODINGS_H
/**
 * Encodings: what web pages and forms are written in (encoding.spec.whatwg.org).
 */
#include <stdbool.h>

#include "harness/base/buf.h"

struct encoding {
    const char *name;             /* as the web writes it: "UTF-8", "windows-1252" */
    const char *iconv;            /* what iconv calls it; NULL: one nobody may read any more */
    const char *labels;           /* with a blank around each */
};

extern const struct encoding *const encoding_utf8;

/** By any label, as pages write it; NULL unknown. */
const struct encoding *encoding_find(struct slice label);

/**
 * What a page is in: its byte order mark, else the header, else a meta element near its beginning,
 * else UTF-8 where it is valid and more than ASCII, else windows-1252.
 * (html.spec.whatwg.org, 13.2.3.2)
 * @param content_type  NULL none.
 */
const struct encoding *encoding_of_page(const char *content_type, struct slice bytes);

/** What a form of such a page is sent in (encoding.spec.whatwg.org, 4.3). */
const struct encoding *encoding_for_output(const struct encoding *e);

/** Append bytes as clean UTF-8, without the byte order mark. */
void encoding_read(const struct encoding *e, struct buf *out, struct slice bytes);

/** Append s in that encoding; what does not exist there as "&#N;", as browsers do. */
void encoding_write(const struct encoding *e, struct buf *out, const char *s);

#endif
