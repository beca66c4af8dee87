#ifndef CHANNELS_HTTP_CONNECTIONS_H
#define CHANNELS_HTTP_CONNECTIONS_H
/**
 * Http connections: one customer's own connections and TLS sessions, and the libcurl handle that was
 * used last. All of it is had again when it is needed, so who rests gives it back.
 */
#include <curl/curl.h>
#include <stdbool.h>

struct http_connections {
    CURLSH *own;                  /* NULL: none yet, or those of all */
    CURL *spare;
    bool of_all;                  /* those of the loop's multi handle, as libcurl does by itself */
};

/** A handle without options but for its connections. */
CURL *connections_handle(struct http_connections *c);
/** It is used no more. */
void connections_give_back(struct http_connections *c, CURL *easy);
/** Idle connections end. No handle may be in use. */
void connections_end(struct http_connections *c);

#endif
