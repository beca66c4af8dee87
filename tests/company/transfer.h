#ifndef COMPANY_TRANSFER_H
#define COMPANY_TRANSFER_H
/**
 * Transfer: one libcurl handle that is used again and again, so that its connection is kept.
 */
#include <curl/curl.h>

struct transfer {
    CURLM *multi;
    CURL *easy;
    char *url;                    /* owned; of the running transfer */
    void (*done)(void *owner, CURLcode result);
    void *owner;
};

void transfer_init(struct transfer *t, CURLM *multi, void (*done)(void *, CURLcode), void *owner);
void transfer_release(struct transfer *t);
/** Clean handle for a new transfer to `url` (taken); set options, then transfer_start(). */
CURL *transfer_prepare(struct transfer *t, char *url);
void transfer_start(struct transfer *t);
/** Moves all transfers of the multi handle on and calls `done` of those that ended. */
void transfers_run(CURLM *multi);

#endif
