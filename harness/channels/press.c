#include "harness/channels/press.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/diag.h"
#include "harness/base/text.h"
#include "harness/channels/controls.h"
#include "harness/channels/fields.h"
#include "harness/channels/http.h"

enum { LISTED_MAX = 40, PRESSABLES_MAX = 2000 };

struct pressable {
    struct press press;
    const char *says, *folded;
};

struct pressables {
    struct pressable items[PRESSABLES_MAX];
    size_t count;
};

/** What is written on a link; a picture says its text. */
static const char *link_text(const struct page *p, const GumboNode *n)
{
    static const char *const attributes[] = { "aria-label", "title", "alt" };
    const char *text = node_line(p->arena, n, NULL);

    if (*text)
        return text;
    for (const GumboNode *k = n; k; k = node_next(k, n))
        for (size_t i = 0; i < ARRAY_LEN(attributes); i++)
            if ((text = node_attribute(k, attributes[i])) && *text)
                return text;
    return "";
}

/** Where a link leads; NULL when a script decides. */
static const char *link_url(const struct page *p, const GumboNode *n)
{
    const char *href = node_attribute(n, "href");
    char *url;
    const char *kept = NULL;

    if (!href || text_starts_with(href, "javascript:") || !strcmp(href, "#"))
        return NULL;
    if (text_starts_with(href, "mailto:") || text_starts_with(href, "tel:"))
        return href;
    if ((url = http_resolve(p->base, href)))
        kept = arena_strdup(p->arena, url);
    free(url);
    return kept;
}

static enum referrer_policy link_policy(const struct page *p, const GumboNode *n)
{
    return referrer_policy_for(node_attribute(n, "rel"), node_attribute(n, "referrerpolicy"),
                               p->policy);
}

static bool is_link(const GumboNode *n)
{
    const char *role = node_attribute(n, "role");

    return node_is(n, GUMBO_TAG_A) || node_is(n, GUMBO_TAG_AREA) ||
           (role && (text_same_ascii(role, "link") || text_same_ascii(role, "button")));
}

static void add(struct pressables *all, const struct page *p, struct press press,
                const char *says)
{
    if (!*says || all->count == PRESSABLES_MAX)
        return;
    all->items[all->count++] = (struct pressable){ press, says, name_folded(p->packs, p->arena, says) };
}

static struct pressables *collect(const struct page *p)
{
    struct pressables *all = mem_zero(1, sizeof(*all));

    for (size_t i = 0; i < p->control_count; i++) {
        const struct control *c = &p->controls[i];
        bool button = c->kind == CONTROL_SUBMIT || c->kind == CONTROL_IMAGE ||
                      c->kind == CONTROL_BUTTON;

        if (button && !c->unseen && !c->disabled)
            add(all, p, (struct press){ c->node, (int)i, NULL, p->policy }, c->shown);
    }
    for (const GumboNode *n = p->tree->root; n; n = node_next(n, p->tree->root))
        if (node_is_element(n) && !node_is(n, GUMBO_TAG_BUTTON) && is_link(n) &&
            !node_is_unseen_here(n))
            add(all, p, (struct press){ n, -1, link_url(p, n), link_policy(p, n) },
                link_text(p, n));
    return all;
}

/* Two that do the same are one to a person: the menu above and the menu below. */
static bool same_effect(const struct press *a, const struct press *b)
{
    return a->control < 0 && b->control < 0 && a->url && b->url && !strcmp(a->url, b->url);
}

static void say_missing(const struct pressables *all, const char *text, struct buf *why)
{
    const char **names = mem_zero(all->count + 1, sizeof(*names));
    const char *near;

    for (size_t i = 0; i < all->count; i++)
        names[i] = all->items[i].says;
    near = suggest(text, names, all->count);
    buf_addf(why, "there is no link or button \"%s\".", text);
    if (near)
        buf_addf(why, " Did you mean \"%s\"?", near);
    buf_adds(why, all->count ? " The page has: " : " The page has none.");
    for (size_t i = 0; i < all->count && i < LISTED_MAX; i++)
        buf_addf(why, "%s\"%s\"", i ? ", " : "", names[i]);
    if (all->count > LISTED_MAX)
        buf_adds(why, ", …");
    mem_freep(&names);
}

static struct press choose(const struct pressables *all, const char *wanted, const char *text,
                           struct buf *why)
{
    const struct pressable *best = NULL, *rival = NULL;
    bool whole = false;

    for (size_t i = 0; i < all->count; i++) {
        const struct pressable *x = &all->items[i];
        bool same = !strcmp(x->folded, wanted);

        if (!same && (whole || !name_has_words(x->folded, wanted)))
            continue;
        if (!best || (same && !whole)) {
            best = x;
            rival = NULL;
            whole = same;
        } else if (!same_effect(&best->press, &x->press)) {
            rival = x;
        }
    }
    if (best && !rival)
        return best->press;
    if (!best)
        say_missing(all, text, why);
    else
        buf_addf(why, "\"%s\" may be %s \"%s\" or %s \"%s\"%s. Write more of it.", text,
                 best->press.control < 0 ? "the link" : "the button", best->says,
                 rival->press.control < 0 ? "the link" : "the button", rival->says,
                 whole ? ", which do not lead to the same page" : "");
    return (struct press){ NULL, -1, NULL, REFERRER_DEFAULT };
}

struct press page_press(const struct page *p, const char *text, struct buf *why)
{
    struct pressables *all = collect(p);
    struct press press = choose(all, name_folded(p->packs, p->arena, text), text, why);

    mem_freep(&all);
    return press;
}
