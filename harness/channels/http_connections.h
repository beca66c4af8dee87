#ifndef CHANNELS_HTTP_CONNECTIONS_H
#define CHANNELS_HTTP_CONNECTIONS_H
/**
 * Http connections: one customer's own connections and TLS sessions, for all that they do in a journey,
 * and the libcurl handle that was used last. All of it is had again when it is needed, so who rests
 * gives it back.
 */
#include <curl/curl.h>
#include <stdbool.h>

struct http_connections;

/** @param of_all  customers share them, for load. */
struct http_connections *connections_new(bool of_all);
/** No handle may be in use. NULL is fine. */
void connections_free(struct http_connections *c);
/** A handle without options but for its connections. */
CURL *connections_handle(struct http_connections *c);
/** It is used no more. */
void connections_give_back(struct http_connections *c, CURL *easy);
/** Idle connections end, unless something is under way. */
void connections_rest(struct http_connections *c);

#endif
