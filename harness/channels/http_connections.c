#include "harness/channels/http_connections.h"

#include <stdlib.h>

#include "harness/base/mem.h"

struct http_connections {
    CURLSH *own;                  /* NULL: none yet, or those of all */
    CURL *spare;
    size_t in_use;                /* handles */
    bool of_all;                  /* those of the loop's multi handle, as libcurl does by itself */
};

struct http_connections *connections_new(bool of_all)
{
    struct http_connections *c = mem_zero(1, sizeof *c);

    c->of_all = of_all;
    return c;
}

static CURLSH *own(struct http_connections *c)
{
    if (c->own || c->of_all)
        return c->own;
    c->own = curl_share_init();
    curl_share_setopt(c->own, CURLSHOPT_SHARE, CURL_LOCK_DATA_CONNECT);
    curl_share_setopt(c->own, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
    curl_share_setopt(c->own, CURLSHOPT_SHARE, CURL_LOCK_DATA_DNS);
    return c->own;
}

CURL *connections_handle(struct http_connections *c)
{
    CURL *easy = c->spare ? c->spare : curl_easy_init();

    c->spare = NULL;
    c->in_use++;
    curl_easy_setopt(easy, CURLOPT_SHARE, own(c));
    return easy;
}

void connections_give_back(struct http_connections *c, CURL *easy)
{
    c->in_use--;
    if (c->spare) {
        curl_easy_cleanup(easy);
        return;
    }
    curl_easy_reset(easy);
    c->spare = easy;
}

void connections_rest(struct http_connections *c)
{
    if (c->in_use)
        return;
    curl_easy_cleanup(c->spare);
    curl_share_cleanup(c->own);
    c->spare = NULL;
    c->own = NULL;
}

void connections_free(struct http_connections *c)
{
    if (!c)
        return;
    connections_rest(c);
    free(c);
}
