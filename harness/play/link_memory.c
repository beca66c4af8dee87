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
};

static struct kept_link *find(struct link_memory *m, const char *url)
{
    for (size_t i = 0; m && i < m->count; i++)
        if (!strcmp(m->links[i].url, url))
            return &m->links[i];
    return NULL;
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

void link_tell(struct link_memory *m, const char *url, const char *found)
{
    struct kept_link *link = find(m, url);

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
    free(m);
}
