/* Where a page's links lead. */
#include <stdlib.h>
#include <string.h>

#include "harness/channels/channel.h"
#include "harness/channels/http.h"
#include "harness/channels/sight.h"

/* A page of links without end has told what it has to tell by then. */
enum { NODES_MAX = 20000, HREF_MAX = 2000 };

static bool is_new(const char *url, const struct page *p, const char *const *urls, size_t count)
{
    size_t len = strcspn(p->url, "#");

    if (!strncmp(url, p->url, len) && !url[len])
        return false;
    for (size_t i = 0; i < count; i++)
        if (!strcmp(url, urls[i]))
            return false;
    return true;
}

static char *address(const struct page *p, const GumboNode *n)
{
    const char *href = node_is(n, GUMBO_TAG_A) || node_is(n, GUMBO_TAG_AREA)
                           ? node_attribute(n, "href") : NULL;
    char *url;

    if (!href || !*href || *href == '#' || strlen(href) > HREF_MAX)
        return NULL;
    url = http_resolve(p->base, href);
    if (!url || !http_is_web(url)) {
        free(url);
        return NULL;
    }
    url[strcspn(url, "#")] = '\0';
    return url;
}

/** The next node, not in what nobody sees. */
static const GumboNode *next_seen(const GumboNode *n, const GumboNode *root)
{
    if (n->type == GUMBO_NODE_DOCUMENT || !(node_unseen(n) || node_is_away(n)))
        return node_next(n, root);
    while (n && n != root) {
        const GumboVector *among = n->parent ? node_children(n->parent) : NULL;

        if (among && n->index_within_parent + 1 < among->length)
            return among->data[n->index_within_parent + 1];
        n = n->parent;
    }
    return NULL;
}

static void find(struct page *p)
{
    const GumboNode *root = p->tree->document;
    size_t looked = 0;

    p->links = arena_alloc(p->arena, PAGE_LINKS_MAX * sizeof *p->links);
    for (const GumboNode *n = root; n && p->link_count < PAGE_LINKS_MAX && looked++ < NODES_MAX;
         n = next_seen(n, root)) {
        char *url = node_is_element(n) && !node_unseen(n) && !node_is_away(n) ? address(p, n) : NULL;

        if (url && is_new(url, p, p->links, p->link_count))
            p->links[p->link_count++] = arena_strdup(p->arena, url);
        free(url);
    }
}

const char *const *page_links(struct page *p, size_t *count)
{
    struct page *whose = p->lender ? p->lender : p;

    if (!whose->links)
        find(whose);
    *count = whose->link_count;
    return whose->links;
}
