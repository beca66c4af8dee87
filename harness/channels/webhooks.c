/* Who listens where; which call is whose. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/mem.h"
#include "harness/channels/chat_webhook.h"

enum { STATUS_ACCEPTED = 202, STATUS_BAD = 400, STATUS_METHOD = 405 };

/** An address, while somebody listens there. */
struct webhook_place {
    struct webhooks *all;
    struct webhook_place *next;
    char *address;
    struct listener *listener;
    struct webhook_member *members;
    struct timer *empty;          /* a listener must not be freed inside its call */
    size_t foreign;               /* calls for nobody */
};

struct webhook_member {
    struct webhook_place *place;
    struct webhook_member *next;
    struct webhook_events events;
    void *context;
};

struct webhooks {
    struct loop *loop;
    struct webhook_place *places;
};

static void place_free(struct webhook_place *p)
{
    timer_cancel(p->empty);
    listener_free(p->listener);
    free(p->address);
    free(p);
}

void webhooks_free(struct webhooks *all)
{
    while (all && all->places) {
        struct webhook_place *p = all->places;

        all->places = p->next;
        place_free(p);
    }
    free(all);
}

static struct webhook_member *whose(const struct webhook_place *p,
                                    const struct listener_request *q, const json_t *root)
{
    for (struct webhook_member *m = p->members; m; m = m->next)
        if (m->events.claims(m->context, q, root))
            return m;
    return NULL;
}

static int on_call(void *context, const struct listener_request *q, struct buf *answer)
{
    struct webhook_place *p = context;
    struct webhook_member *m;
    json_t *root;
    bool readable;

    if (strcmp(q->method, "POST") && strcmp(q->method, "PUT"))
        return STATUS_METHOD;
    root = json_loadb(q->body.ptr, q->body.len, JSON_ALLOW_NUL, NULL);
    readable = root != NULL;
    m = whose(p, q, root);
    json_decref(root);
    if (m)
        return m->events.call(m->context, q, answer);
    p->foreign++;
    if (p->members)
        p->members->events.foreign(p->members->context, p->foreign);
    return readable ? STATUS_ACCEPTED : STATUS_BAD;
}

static struct webhook_place *place_at(struct webhooks *all, const char *address, struct buf *why)
{
    struct webhook_place *p;

    for (p = all->places; p; p = p->next)
        if (!strcmp(p->address, address))
            return p;
    p = mem_zero(1, sizeof *p);
    *p = (struct webhook_place){ .all = all, .address = mem_strdup(address) };
    p->listener = listener_start(all->loop, address, on_call, p, why);
    if (!p->listener) {
        place_free(p);
        return NULL;
    }
    p->next = all->places;
    all->places = p;
    return p;
}

struct webhook_member *webhook_join(struct channel_world *world, const char *address,
                                    const struct webhook_events *events, void *context,
                                    struct buf *why)
{
    struct webhook_place *p;
    struct webhook_member *m;

    if (!world->webhooks) {
        world->webhooks = mem_zero(1, sizeof *world->webhooks);
        world->webhooks->loop = world->loop;
    }
    p = place_at(world->webhooks, address, why);
    if (!p)
        return NULL;
    m = mem_zero(1, sizeof *m);
    *m = (struct webhook_member){ p, p->members, *events, context };
    p->members = m;
    return m;
}

const char *webhook_url(const struct webhook_member *m)
{
    return listener_url(m->place->listener);
}

static void on_empty(void *context)
{
    struct webhook_place *p = context, **at = &p->all->places;

    p->empty = NULL;
    if (p->members)
        return;
    while (*at != p)
        at = &(*at)->next;
    *at = p->next;
    place_free(p);
}

void webhook_leave(struct webhook_member *m)
{
    struct webhook_place *p = m ? m->place : NULL;
    struct webhook_member **at;

    if (!m)
        return;
    at = &p->members;
    while (*at != m)
        at = &(*at)->next;
    *at = m->next;
    free(m);
    if (!p->members && !p->empty)
        p->empty = timer_start(p->all->loop, loop_now(p->all->loop), on_empty, p);
}
