/* Links in what the company says: finding them, and whether one of them leads to a page. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/channels/http.h"
#include "harness/play/journey.h"

enum { LINKS_MAX = 10 };
#define LINK_PATIENCE_US (30 * US_PER_S)

static bool ends_url(char c)
{
    return (unsigned char)c <= ' ' || strchr("<>\"'|\\^`{}", c);
}

struct slice links_next(const char **text)
{
    for (const char *p = *text; *p; p++) {
        size_t len = 0;

        if (!text_starts_with(p, "http://") && !text_starts_with(p, "https://"))
            continue;
        while (p[len] && !ends_url(p[len]))
            len++;
        *text = p + len;
        while (len && strchr(".,;:!?)]*_", p[len - 1]))
            len--;
        return (struct slice){ p, len };
    }
    return (struct slice){ NULL, 0 };
}

struct links {
    struct journey *journey;
    struct http *http;
    struct timer *timer;
    char *urls[LINKS_MAX];
    size_t count, next;
    bool whole;                   /* the server does not know HEAD: the page itself */
    struct buf problems;
};

static void collect(struct links *l, const char *text)
{
    struct slice url;

    while (l->count < LINKS_MAX && (url = links_next(&text)).ptr) {
        char *one = mem_strndup(url.ptr, url.len);
        bool known = false;

        for (size_t i = 0; i < l->count; i++)
            known |= !strcmp(l->urls[i], one);
        if (known)
            free(one);
        else
            l->urls[l->count++] = one;
    }
}

void links_stop(struct journey *j)
{
    struct links *l = j->links;

    if (!l)
        return;
    j->links = NULL;
    http_free(l->http);
    timer_cancel(l->timer);
    while (l->count)
        free(l->urls[--l->count]);
    buf_release(&l->problems);
    free(l);
}

static void ended(struct links *l, bool works)
{
    struct journey *j = l->journey;

    j->links_looked = true;
    j->link_problem = works ? NULL : arena_strndup(j->arena, l->problems.ptr, l->problems.len);
    links_stop(j);
    journey_end_step(j, STEP_MET);
}

static void look(void *context);

static void look_soon(struct links *l)
{
    struct loop *loop = l->journey->audit->o.loop;

    l->timer = timer_start(loop, loop_now(loop), look, l);
}

static void problem(struct links *l, const char *what)
{
    buf_addf(&l->problems, "%s%s %s", l->problems.len ? "; " : "", l->urls[l->next], what);
    l->next++;
    l->whole = false;
    look_soon(l);
}

static void on_answer(void *context, const struct http_answer *a)
{
    struct links *l = context;
    char status[32];

    if (a->fault != HTTP_ANSWERED) {
        problem(l, a->why);
    } else if (a->status < 400) {
        ended(l, true);
    } else if (!l->whole && a->status != 404 && a->status != 410) {
        l->whole = true;
        look_soon(l);
    } else {
        snprintf(status, sizeof status, "answered %d", a->status);
        problem(l, status);
    }
}

static void look(void *context)
{
    struct links *l = context;
    struct http_request q = { .method = l->whole ? "GET" : "HEAD",
                              .patience_us = LINK_PATIENCE_US };

    l->timer = NULL;
    if (l->next == l->count) {
        ended(l, false);
        return;
    }
    q.url = l->urls[l->next];
    if (url_allowed(l->journey->scenario, q.url))
        http_start(l->http, &q, on_answer, l);
    else
        problem(l, "is not among the hosts this journey may contact");
}

void links_begin(struct journey *j)
{
    int channel = journey_step(j)->channel;
    struct visit *v = channel >= 0 ? j->visits[channel] : NULL;
    struct links *l;

    timer_cancel(j->timer);
    j->timer = NULL;
    j->links = l = mem_zero(1, sizeof *l);
    l->journey = j;
    buf_init(&l->problems, 4096);
    for (size_t i = checks_first(j); i < j->transcript->count; i++)
        if (checks_ours(j, &j->transcript->events[i]))
            collect(l, j->transcript->events[i].text);
    if (!v)
        l->count = 0;
    else
        l->http = http_new(v);
    if (!l->count)
        buf_adds(&l->problems, "there is no link");
    look_soon(l);
}
