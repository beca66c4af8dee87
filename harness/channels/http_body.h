#ifndef CHANNELS_HTTP_BODY_H
#define CHANNELS_HTTP_BODY_H
/**
 * Http body: the bytes of an answer, as they come out of libcurl.
 */
#include <curl/curl.h>

#include "harness/base/buf.h"

enum { HTTP_SWELLS_MAX = 100 };

/**
 * Add some more. What is announced is had at once, instead of being moved whenever there is more.
 * @return false: it unpacks to more than HTTP_SWELLS_MAX times its size, which no page does, and
 *         which takes the time of everybody else (16 KiB can be 16 MiB): the body is full.
 */
bool http_body_add(struct buf *body, CURL *easy, struct slice bytes);

#endif
