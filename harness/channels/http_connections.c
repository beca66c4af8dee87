#include "harness/channels/http_connections.h"

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
    curl_easy_setopt(easy, CURLOPT_SHARE, own(c));
    return easy;
}

void connections_give_back(struct http_connections *c, CURL *easy)
{
    if (c->spare) {
        curl_easy_cleanup(easy);
        return;
    }
    curl_easy_reset(easy);
    c->spare = easy;
}

void connections_end(struct http_connections *c)
{
    curl_easy_cleanup(c->spare);
    curl_share_cleanup(c->own);
    c->spare = NULL;
    c->own = NULL;
}
