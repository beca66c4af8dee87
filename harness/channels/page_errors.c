/* What a page says is wrong. Only marks that pages make for it count: roles and class names; the
 * words are the readers' business. */
#include <string.h>
#include <strings.h>

#include "harness/channels/sight.h"

enum { LOOKED_AT = 1024 };        /* of a class attribute: some are megabytes long */

static bool contains(const char *text, const char *word)
{
    size_t len = strlen(word);

    for (size_t i = 0; text[i] && i < LOOKED_AT; i++)
        if (!strncasecmp(text + i, word, len))
            return true;
    return false;
}

static bool contains_any(const char *text, const char *const *words, size_t count)
{
    for (size_t i = 0; text && i < count; i++)
        if (contains(text, words[i]))
            return true;
    return false;
}

bool node_complains(const GumboNode *n)
{
    static const char *const bad[] = { "error", "invalid", "danger", "fehler", "erreur" };
    static const char *const good[] = { "success", "confirm", "no-error", "without-error",
                                        "alert-info" };
    const char *classes = node_attribute(n, "class"), *role = node_attribute(n, "role");

    if (node_is(n, GUMBO_TAG_INPUT) || node_is(n, GUMBO_TAG_TEXTAREA) ||
        node_is(n, GUMBO_TAG_SELECT) || node_is(n, GUMBO_TAG_BUTTON) ||
        node_is(n, GUMBO_TAG_BODY) || node_is(n, GUMBO_TAG_HTML))
        return false;
    if (contains_any(classes, good, ARRAY_LEN(good)))
        return false;
    return contains_any(classes, bad, ARRAY_LEN(bad)) || (role && contains(role, "alert"));
}

static unsigned controls_in(const GumboNode *root)
{
    unsigned count = 0;

    for (const GumboNode *n = root; n; n = node_next(n, root))
        count += node_is(n, GUMBO_TAG_INPUT) || node_is(n, GUMBO_TAG_TEXTAREA) ||
                 node_is(n, GUMBO_TAG_SELECT);
    return count;
}

static void collect(const GumboNode *n, struct buf *out)
{
    const GumboVector *children;

    if (!node_is_element(n) || node_unseen(n))
        return;
    /* A whole form may be called erroneous; the words are then at the fields. */
    if (node_complains(n) && controls_in(n) < 2) {
        CLEANUP(buf_release) struct buf text = BUF_INIT(8192);

        node_text(n, NULL, &text);
        if (text.len)
            buf_addf(out, "%s%s", out->len ? "\n" : "", text.ptr);
        return;
    }
    children = node_children(n);
    for (unsigned i = 0; i < children->length; i++)
        collect(children->data[i], out);
}

void page_errors(const struct page *p, struct buf *out)
{
    collect(p->tree->root, out);
}
