#include "tests/company/transfer.h"

#include <stdlib.h>

#include "harness/base/mem.h"

enum { TRANSFER_SECONDS = 20 };

void transfer_init(struct transfer *t, CURLM *multi, void (*done)(void *, CURLcode), void *owner)
{
    *t = (struct transfer){
        .multi = multi, .easy = curl_easy_init(), .done = done, .owner = owner,
    };
}

void transfer_release(struct transfer *t)
{
    curl_multi_remove_handle(t->multi, t->easy);
    curl_easy_cleanup(t->easy);
    free(t->url);
}

CURL *transfer_prepare(struct transfer *t, char *url)
{
    free(t->url);
    t->url = url;
    curl_easy_reset(t->easy);     /* keeps the connection */
    curl_easy_setopt(t->easy, CURLOPT_URL, url);
    curl_easy_setopt(t->easy, CURLOPT_PRIVATE, t);
    curl_easy_setopt(t->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(t->easy, CURLOPT_PROXY, "");
    curl_easy_setopt(t->easy, CURLOPT_TIMEOUT, (long)TRANSFER_SECONDS);
    return t->easy;
}

void transfer_start(struct transfer *t)
{
    curl_multi_add_handle(t->multi, t->easy);
}

void transfers_run(CURLM *multi)
{
    int running, left;
    CURLMsg *m;

    curl_multi_perform(multi, &running);
    while ((m = curl_multi_info_read(multi, &left))) {
        CURLcode result = m->data.result;
        struct transfer *t = NULL;

        if (m->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &t);
        curl_multi_remove_handle(multi, m->easy_handle);
        t->done(t->owner, result);
    }
}
