#include "harness/channels/page_memory.h"

#include <stdlib.h>
#include <string.h>

#include "harness/channels/channel.h"

struct remembered {
    struct page *page;            /* nobody's; NULL: a free place */
    uint64_t sum;
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

static bool is_it(const struct remembered *r, uint64_t sum, const char *url, const char *type,
                  struct slice bytes)
{
    return r->page && r->sum == sum && r->len == bytes.len && !strcmp(r->url, url) &&
           same_type(r->type, type) && !memcmp(r->bytes, bytes.ptr, bytes.len);
}

static struct remembered *oldest(struct page_memory *m)
{
    struct remembered *r = &m->places[0];

    for (size_t i = 1; i < ARRAY_LEN(m->places); i++)
        if (m->places[i].wanted < r->wanted)
            r = &m->places[i];
    return r;
}

static struct remembered *remember(struct page_memory *m, uint64_t sum, const char *url,
                                   const char *type, struct slice bytes)
{
    struct remembered *r = oldest(m);

    forget(r);
    *r = (struct remembered){
        .page = page_parse(url, type, bytes), .sum = sum, .url = mem_strdup(url),
        .type = mem_strdup(type), .bytes = mem_strndup(bytes.ptr, bytes.len), .len = bytes.len,
    };
    return r;
}

struct page *page_recall(struct page_memory **m, const char *url, const char *content_type,
                         struct slice bytes)
{
    if (bytes.len > PAGE_MEMORY_BYTES)
        return page_parse(url, content_type, bytes);
    if (!*m)
        *m = mem_zero(1, sizeof **m);

    uint64_t sum = slice_sum(bytes);
    struct remembered *r = (*m)->places, *end = r + PAGE_MEMORY_PAGES;

    while (r < end && !is_it(r, sum, url, content_type, bytes))
        r++;
    if (r == end)
        r = remember(*m, sum, url, content_type, bytes);
    r->wanted = ++(*m)->now;
    return page_lend(r->page);
}

void page_memory_free(struct page_memory *m)
{
    for (size_t i = 0; m && i < ARRAY_LEN(m->places); i++)
        forget(&m->places[i]);
    free(m);
}
