#include "harness/channels/http_body.h"

static bool swells(size_t len, CURL *easy)
{
    curl_off_t packed = 0;

    if (len <= HTTP_SWELLS_MAX * (size_t)CURL_MAX_WRITE_SIZE)
        return false;
    curl_easy_getinfo(easy, CURLINFO_SIZE_DOWNLOAD_T, &packed);
    return len > HTTP_SWELLS_MAX * ((size_t)packed + CURL_MAX_WRITE_SIZE);
}

bool http_body_add(struct buf *body, CURL *easy, struct slice bytes)
{
    curl_off_t size = 0;

    if (!body->len)
        curl_easy_getinfo(easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &size);
    if (size > 0 && (uint64_t)size <= body->max)
        buf_reserve(body, (size_t)size);
    if (swells(body->len + bytes.len, easy)) {
        body->full = true;
        return false;
    }
    buf_add(body, bytes.ptr, bytes.len);
    return true;
}
