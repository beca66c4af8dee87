#ifndef CHANNELS_BROWSER_TRAFFIC_H
#define CHANNELS_BROWSER_TRAFFIC_H
/**
 * Browser traffic: the web requests of the page in the browser's window that are under way, by
 * Chromium's own events of the network (chromedevtools.github.io, Network).
 *
 * Left out  what the browser loads for itself (chrome://…), what stays open for good (EventSource),
 *           pages in frames (those of other origins end where this log does not see it).
 * Units     microseconds of the loop's clock; a request began when it was first read of.
 */
#include <jansson.h>
#include <stdint.h>
#include <stddef.h>

struct browser_traffic {
    struct open_request { char *id, *url; int64_t since_us; } *open;
    size_t count, cap;
    int64_t bytes, ended;         /* what has come, and of how many; who tells of it begins anew */
    int pages;                    /* so many have begun to load in the window */
    char *frame;                  /* Chromium's name of the window; NULL: no page has come yet */
};

/** @param log  an array of Chromium's events as the driver hands them out; anything else: none. */
void browser_traffic_read(struct browser_traffic *t, const json_t *log, int64_t now_us);
/** The address of a request under way that began after that moment; NULL: there is none. */
const char *browser_traffic_since(const struct browser_traffic *t, int64_t from_us);
void browser_traffic_release(struct browser_traffic *t);

#endif
