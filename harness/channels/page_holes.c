#include "harness/channels/page_holes.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "harness/base/text.h"

static bool plain(const char *s, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        char c = s[i];

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              (c && strchr("+/=_.:~-", c))))
            return false;
    }
    return true;
}

static const char *next_place(struct slice in, const char *from, const char *what, size_t len)
{
    const char *end = in.ptr + in.len;

    for (; (size_t)(end - from) >= len; from++) {
        from = memchr(from, *what, (size_t)(end - from) - len + 1);
        if (!from || !memcmp(from, what, len))
            return from;
    }
    return NULL;
}

/** How often it occurs before `end` (NULL: at all). */
static size_t places(struct slice in, const char *end, const char *what, size_t len)
{
    size_t count = 0;

    for (const char *p = in.ptr; (p = next_place(in, p, what, len)) && (!end || p < end); p += len)
        count++;
    return count;
}

/* Taming keeps the order, so the n-th occurrence here is the n-th there, if there are as many. */
static const char *place_in(struct slice bytes, struct slice html, const char *at, size_t len)
{
    size_t before = places(html, at, at, len);
    const char *p = bytes.ptr;

    if (places(bytes, NULL, at, len) != places(html, NULL, at, len))
        return NULL;
    for (p = next_place(bytes, p, at, len); p && before; before--)
        p = next_place(bytes, p + len, at, len);
    return p;
}

static bool between_quotes(struct slice bytes, const char *p, size_t len)
{
    const char *end = bytes.ptr + bytes.len;

    return p > bytes.ptr && p + len < end && (p[-1] == '"' || p[-1] == '\'') && p[len] == p[-1];
}

static void add_hole(struct page *p, struct slice bytes, const GumboAttribute *a, int control)
{
    struct slice html = slice_str(p->html);
    size_t len = a ? strlen(a->value) : 0;
    const char *at, *place;

    if (len < HOLE_MIN_BYTES || len > HOLE_MAX_BYTES || !plain(a->value, len) ||
        p->hole_count == PAGE_HOLES_MAX || a->original_value.length != len + 2)
        return;
    at = a->original_value.data + 1;
    if (memcmp(at, a->value, len))
        return;
    place = place_in(bytes, html, at, len);
    if (!place || !between_quotes(bytes, place, len))
        return;
    p->holes[p->hole_count++] = (struct page_hole){
        (size_t)(place - bytes.ptr), len, (size_t)(at - p->html), control,
    };
}

static const GumboAttribute *attribute_of(const GumboNode *n, const char *name)
{
    return gumbo_get_attribute(&n->v.element.attributes, name);
}

static int control_of(const struct page *p, const GumboNode *n)
{
    for (size_t i = 0; i < p->control_count; i++)
        if (p->controls[i].node == n)
            return p->controls[i].kind == CONTROL_HIDDEN ? (int)i : -1;
    return -1;
}

/* `[value^=…]` in a style would make what is seen depend on it. */
static bool styles_may_ask(struct slice bytes)
{
    static const char *const asked[] = { "[value", "[content" };
    const char *end = bytes.ptr + bytes.len;

    for (const char *p = bytes.ptr; (p = memchr(p, '[', (size_t)(end - p))); p++)
        for (size_t i = 0; i < ARRAY_LEN(asked); i++)
            if ((size_t)(end - p) >= strlen(asked[i]) && !strncasecmp(p, asked[i], strlen(asked[i])))
                return true;
    return false;
}

/* What the address, the encoding or the way on depend on has no name, or another one. */
static bool means_nothing(const GumboNode *n)
{
    const char *name = node_attribute(n, "name");

    return name && !text_same_ascii(name, "referrer") && !node_attribute(n, "http-equiv") &&
           !node_attribute(n, "charset");
}

static int in_order(const void *a, const void *b)
{
    const struct page_hole *x = a, *y = b;

    return x->at < y->at ? -1 : x->at > y->at;
}

/* The tree may have another order than the page; two places can never be one. */
static void sort_holes(struct page *p)
{
    qsort(p->holes, p->hole_count, sizeof *p->holes, in_order);
    for (size_t i = 1; i < p->hole_count; i++)
        if (p->holes[i - 1].at + p->holes[i - 1].len > p->holes[i].at)
            p->hole_count = 0;
}

void page_find_holes(struct page *p, struct slice bytes)
{
    const GumboNode *root = p->tree->document;

    p->holes = arena_alloc(p->arena, PAGE_HOLES_MAX * sizeof *p->holes);
    if (styles_may_ask(bytes))
        return;
    for (const GumboNode *n = root; n; n = node_next(n, root)) {
        int control = node_is(n, GUMBO_TAG_INPUT) ? control_of(p, n) : -1;

        if (control >= 0)
            add_hole(p, bytes, attribute_of(n, "value"), control);
        else if (node_is(n, GUMBO_TAG_META) && means_nothing(n))
            add_hole(p, bytes, attribute_of(n, "content"), -1);
    }
    sort_holes(p);
}

bool page_fits(const struct page *p, struct slice bytes, struct slice other)
{
    size_t from = 0;

    if (bytes.len != other.len)
        return false;
    for (size_t i = 0; i < p->hole_count; i++) {
        const struct page_hole *h = &p->holes[i];

        if (memcmp(bytes.ptr + from, other.ptr + from, h->at - from) ||
            !plain(other.ptr + h->at, h->len))
            return false;
        from = h->at + h->len;
    }
    return !memcmp(bytes.ptr + from, other.ptr + from, bytes.len - from);
}

void page_fill_holes(struct page *lent, struct slice other)
{
    lent->fillings = arena_alloc(lent->arena, (lent->hole_count + 1) * sizeof *lent->fillings);
    for (size_t i = 0; i < lent->hole_count; i++) {
        const struct page_hole *h = &lent->holes[i];

        lent->fillings[i] = arena_strndup(lent->arena, other.ptr + h->at, h->len);
        if (h->control >= 0)
            lent->controls[h->control].value = lent->fillings[i];
    }
}

char *page_html(const struct page *p)
{
    char *html = mem_strdup(p->html);

    for (size_t i = 0; p->fillings && i < p->hole_count; i++)
        memcpy(html + p->holes[i].html_at, p->fillings[i], p->holes[i].len);
    return html;
}
