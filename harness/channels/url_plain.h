#ifndef CHANNELS_URL_PLAIN_H
#define CHANNELS_URL_PLAIN_H
/**
 * Url plain: web addresses in which nothing is to be decided: http or https, a name in small letters or
 * an address in four numbers, a path without dots to be resolved. Most are; libcurl's parser, which
 * takes ten times as long, is asked about all others. test_url_plain compares the two.
 */
#include <stdbool.h>

#include "harness/base/buf.h"

struct url_plain {
    struct slice scheme, host, path;      /* of the text given; path begins with "/" */
    long port;                    /* named, or the scheme's own */
};

/** False: it is none, whatever else it may be. */
bool url_is_plain(const char *url, struct url_plain *ret);

#endif
