#include "harness/play/link_memory.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/mem.h"

/* Beyond that links are tried as often as they are met. */
enum { LINKS_KEPT = 1000 };

struct link_memory {
    struct kept_link {
        char *url, *found;        /* found NULL: somebody is at it */
    } links[LINKS_KEPT];
    size_t count;
    struct link_waiter {
        void (*fn)(void *context);
        void *context;
    } *waiters;
    size_t waiter_count, waiter_cap;
};

static struct kept_link *find(struct link_memory *m, const char *url)
{
    for (size_t i = 0; m && i < m->count; i++)
        if (!strcmp(m->links[i].url, url))
            return &m->links[i];
    return NULL;
}

bool link_was_asked(struct link_memory *m, const char *url)
{
    return find(m, url) != NULL;
}

enum link_state link_ask(struct link_memory **m, const char *url, const char **found)
{
    struct kept_link *link = find(*m, url);

    if (link) {
        *found = link->found;
        return link->found ? LINK_KNOWN : LINK_BUSY;
    }
    if (!*m)
        *m = mem_zero(1, sizeof **m);
    if ((*m)->count < LINKS_KEPT)
        (*m)->links[(*m)->count++] = (struct kept_link){ mem_strdup(url), NULL };
    return LINK_NEW;
}

void link_wait(struct link_memory *m, void (*fn)(void *context), void *context)
{
    MEM_GROW(m->waiters, m->waiter_cap, m->waiter_count + 1);
    m->waiters[m->waiter_count++] = (struct link_waiter){ fn, context };
}

void link_stop_waiting(struct link_memory *m, const void *context)
{
    size_t left = 0;

    for (size_t i = 0; m && i < m->waiter_count; i++)
        if (m->waiters[i].context != context)
            m->waiters[left++] = m->waiters[i];
    if (m)
        m->waiter_count = left;
}

static void wake_all(struct link_memory *m)
{
    size_t count = m->waiter_count;

    m->waiter_count = 0;
    for (size_t i = 0; i < count; i++)
        m->waiters[i].fn(m->waiters[i].context);
}

void link_tell(struct link_memory *m, const char *url, const char *found)
{
    struct kept_link *link = find(m, url);

    if (m)
        wake_all(m);

    if (!link || link->found)
        return;
    if (found) {
        link->found = mem_strdup(found);
        return;
    }
    free(link->url);
    *link = m->links[--m->count];
}

void link_memory_free(struct link_memory *m)
{
    for (size_t i = 0; m && i < m->count; i++) {
        free(m->links[i].url);
        free(m->links[i].found);
    }
    if (m)
        free(m->waiters);
    free(m);
}
