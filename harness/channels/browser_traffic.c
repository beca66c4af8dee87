#include "harness/channels/browser_traffic.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/mem.h"
#include "harness/channels/http.h"

enum { OPEN_MAX = 1000 };

static void forget(struct open_request *r)
{
    free(r->id);
    free(r->url);
}

static void forget_all(struct browser_traffic *t)
{
    for (size_t i = 0; i < t->count; i++)
        forget(&t->open[i]);
    t->count = 0;
}

static struct open_request *find(const struct browser_traffic *t, const char *id)
{
    for (size_t i = 0; id && i < t->count; i++)
        if (!strcmp(t->open[i].id, id))
            return &t->open[i];
    return NULL;
}

/** A page takes the place of the one before: of what that one still waited for nothing is heard any
 *  more. False: it is a page inside another. */
static bool turns_to(struct browser_traffic *t, const char *frame, const char *id)
{
    if (!t->frame)
        t->frame = mem_strdup(frame);
    if (strcmp(t->frame, frame))
        return false;
    if (!find(t, id)) {           /* a redirect goes on under the same name */
        forget_all(t);
        t->pages++;
    }
    return true;
}

static void begin(struct browser_traffic *t, const char *id, const json_t *params, int64_t now_us)
{
    const char *type = json_string_value(json_object_get(params, "type"));
    const char *frame = json_string_value(json_object_get(params, "frameId"));
    const char *url = json_string_value(json_object_get(json_object_get(params, "request"), "url"));

    if (!id || !url || !http_is_web(url) || (type && !strcmp(type, "EventSource")))
        return;
    if (type && frame && !strcmp(type, "Document") && !turns_to(t, frame, id))
        return;
    if (find(t, id) || t->count == OPEN_MAX)
        return;
    MEM_GROW(t->open, t->cap, t->count + 1);
    t->open[t->count++] = (struct open_request){ mem_strdup(id), mem_strdup(url), now_us };
}

/** @return whether it was one of the page's. */
static bool end(struct browser_traffic *t, const char *id)
{
    struct open_request *r = find(t, id);

    if (!r)
        return false;
    forget(r);
    *r = t->open[--t->count];
    return true;
}

/** What was kept from an earlier page weighs nothing. */
static void weigh(struct browser_traffic *t, const json_t *length)
{
    double bytes = json_number_value(length);

    if (bytes <= 0 || bytes > (double)(INT64_MAX / 2 - t->bytes))
        return;
    t->bytes += (int64_t)bytes;
    t->ended++;
}

void browser_traffic_read(struct browser_traffic *t, const json_t *log, int64_t now_us)
{
    size_t i;
    const json_t *entry;

    json_array_foreach(log, i, entry) {
        const char *text = json_string_value(json_object_get(entry, "message"));
        json_t *j = text ? json_loads(text, 0, NULL) : NULL;
        const json_t *message = json_object_get(j, "message");
        const json_t *params = json_object_get(message, "params");
        const char *method = json_string_value(json_object_get(message, "method"));
        const char *id = json_string_value(json_object_get(params, "requestId"));

        if (method && !strcmp(method, "Network.requestWillBeSent"))
            begin(t, id, params, now_us);
        else if (method && !strcmp(method, "Network.loadingFailed"))
            end(t, id);
        else if (method && !strcmp(method, "Network.loadingFinished") && end(t, id))
            weigh(t, json_object_get(params, "encodedDataLength"));
        json_decref(j);
    }
}

const char *browser_traffic_since(const struct browser_traffic *t, int64_t from_us)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->open[i].since_us > from_us)
            return t->open[i].url;
    return NULL;
}

void browser_traffic_release(struct browser_traffic *t)
{
    forget_all(t);
    free(t->open);
    free(t->frame);
    *t = (struct browser_traffic){ 0 };
}
