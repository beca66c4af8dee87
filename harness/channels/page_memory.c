#include "harness/channels/page_memory.h"

#include <stdlib.h>
#include <string.h>

#include "harness/channels/channel.h"
#include "harness/channels/page_holes.h"

struct remembered {
    struct page *page;            /* nobody's; NULL: a free place */
    char *url, *type;             /* type: may be NULL */
    char *bytes;
    size_t len;
    uint64_t wanted;              /* when it was, last */
};

struct page_memory {
    struct remembered places[PAGE_MEMORY_PAGES];
    uint64_t now;                 /* counts pages */
};

static void forget(struct remembered *r)
{
    page_free(r->page);
    free(r->url);
    free(r->type);
    free(r->bytes);
    *r = (struct remembered){ 0 };
}

static bool same_type(const char *a, const char *b)
{
    return a && b ? !strcmp(a, b) : a == b;
}

static bool is_it(const struct remembered *r, const char *url, const char *type,
                  struct slice bytes)
{
    return r->page && !strcmp(r->url, url) && same_type(r->type, type) &&
           page_fits(r->page, (struct slice){ r->bytes, r->len }, bytes);
}

static struct remembered *oldest(struct page_memory *m)
{
    struct remembered *r = &m->places[0];

    for (size_t i = 1; i < ARRAY_LEN(m->places); i++)
        if (m->places[i].wanted < r->wanted)
            r = &m->places[i];
    return r;
}

struct page *page_recall(struct page_memory *m, const char *url, const char *content_type,
                         struct slice bytes)
{
    struct page *p;

    if (!m || bytes.len > PAGE_MEMORY_BYTES)
        return NULL;
    for (struct remembered *r = m->places; r < m->places + PAGE_MEMORY_PAGES; r++)
        if (is_it(r, url, content_type, bytes)) {
            r->wanted = ++m->now;
            p = page_lend(r->page);
            page_fill_holes(p, bytes);
            return p;
        }
    return NULL;
}

struct page *page_keep(struct page_memory **m, struct page *p, const char *content_type,
                       struct slice bytes)
{
    struct remembered *r;

    if (bytes.len > PAGE_MEMORY_BYTES)
        return p;
    if (!*m)
        *m = mem_zero(1, sizeof **m);
    r = oldest(*m);
    forget(r);
    page_find_holes(p, bytes);
    *r = (struct remembered){
        .page = p, .url = mem_strdup(p->url),
        .type = mem_strdup(content_type), .bytes = mem_strndup(bytes.ptr, bytes.len),
        .len = bytes.len, .wanted = ++(*m)->now,
    };
    return page_lend(p);
}

void page_memory_free(struct page_memory *m)
{
    for (size_t i = 0; m && i < ARRAY_LEN(m->places); i++)
        forget(&m->places[i]);
    free(m);
}
