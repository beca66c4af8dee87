#include "harness/channels/sight.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "harness/base/text.h"
#include "harness/channels/css.h"

/* What was found is kept in bits of the parser's own flags that it does not use. */
enum { FLAG_GONE = 1 << 20, FLAG_AWAY = 1 << 21 };

/* Nothing that far outside is on any screen. */
#define FAR_PX 500.0
#define EM_PX 16.0

static bool is(struct slice value, const char *what)
{
    return value.len == strlen(what) && !strncasecmp(value.ptr, what, value.len);
}

static bool starts(struct slice value, const char *what)
{
    return value.len >= strlen(what) && !strncasecmp(value.ptr, what, strlen(what));
}

/** A length in pixels; percentages and parts of the screen as of 1280 pixels. */
static bool pixels(struct slice value, double *ret)
{
    char text[32];
    char *unit;

    if (!value.ptr || value.len >= sizeof(text))
        return false;
    memcpy(text, value.ptr, value.len);
    text[value.len] = '\0';
    *ret = strtod(text, &unit);
    if (unit == text)
        return false;
    if (starts(slice_str(unit), "em") || starts(slice_str(unit), "rem") ||
        starts(slice_str(unit), "ch"))
        *ret *= EM_PX;
    else if (*unit == '%' || *unit == 'v')
        *ret *= CSS_SCREEN_WIDTH / 100.0;
    return true;
}

static bool far_outside(const struct css_style *s)
{
    static const enum css_property places[] = { CSS_LEFT, CSS_TOP, CSS_RIGHT, CSS_BOTTOM,
                                                CSS_MARGIN_LEFT, CSS_MARGIN_TOP };
    double px;

    for (size_t i = 0; i < ARRAY_LEN(places); i++)
        if (pixels(s->values[places[i]], &px) && (px <= -FAR_PX || px >= 10 * FAR_PX))
            return true;
    return false;
}

/** "translateX(-9999px)", "scale(0)". */
static bool moved_away(struct slice transform)
{
    const char *inside = transform.ptr ? memchr(transform.ptr, '(', transform.len) : NULL;
    double n;

    if (!inside)
        return false;
    struct slice argument = { inside + 1, transform.len - (size_t)(inside + 1 - transform.ptr) };

    argument.len = strcspn(argument.ptr, ",)") < argument.len ? strcspn(argument.ptr, ",)")
                                                              : argument.len;
    if (!pixels(argument, &n))
        return false;
    return starts(transform, "translate") ? n <= -FAR_PX
                                          : starts(transform, "scale") && n == 0;
}

static bool at_most(struct slice value, double most)
{
    double px;

    return pixels(value, &px) && px >= 0 && px <= most;
}

static bool clipped(const struct css_style *s)
{
    static const char *const cuts[] = { "inset(50%", "inset(100%", "circle(0", "polygon(0" };

    if (starts(s->values[CSS_CLIP], "rect("))
        return true;
    for (size_t i = 0; i < ARRAY_LEN(cuts); i++)
        if (starts(s->values[CSS_CLIP_PATH], cuts[i]))
            return true;
    return false;
}

static bool without_size(const struct css_style *s, bool field)
{
    bool cut = field || is(s->values[CSS_OVERFLOW], "hidden") || is(s->values[CSS_OVERFLOW], "clip");
    bool flat = at_most(s->values[CSS_HEIGHT], 1) || at_most(s->values[CSS_MAX_HEIGHT], 1);

    return cut && (field ? flat && at_most(s->values[CSS_WIDTH], 1) : flat);
}

static int judge(const struct css_style *s, const GumboNode *n)
{
    bool lifted = is(s->values[CSS_POSITION], "absolute") || is(s->values[CSS_POSITION], "fixed");
    bool field = node_is(n, GUMBO_TAG_INPUT) || node_is(n, GUMBO_TAG_TEXTAREA) ||
                 node_is(n, GUMBO_TAG_SELECT);

    if (is(s->values[CSS_DISPLAY], "none") || is(s->values[CSS_VISIBILITY], "hidden") ||
        is(s->values[CSS_VISIBILITY], "collapse"))
        return FLAG_GONE;
    /* Scripts let pages fade in: what is only transparent may be seen in a moment. */
    if ((lifted && (clipped(s) || at_most(s->values[CSS_OPACITY], 0))) || far_outside(s) ||
        moved_away(s->values[CSS_TRANSFORM]) || without_size(s, field))
        return FLAG_AWAY;
    return 0;
}

/* What a dialog or a closed <details> folds away; its summary stays. */
static bool closed(const GumboNode *n)
{
    const GumboNode *parent = n->parent;

    if (node_is(n, GUMBO_TAG_UNKNOWN) && n->v.element.original_tag.length > 7) {
        GumboStringPiece name = n->v.element.original_tag;

        gumbo_tag_from_original_text(&name);
        if (name.length == 6 && !strncasecmp(name.data, "dialog", 6))
            return !node_attribute(n, "open");
    }
    return parent && node_is(parent, GUMBO_TAG_DETAILS) && !node_is(n, GUMBO_TAG_SUMMARY) &&
           !node_attribute(parent, "open");
}

static int look_at(struct css *css, const GumboNode *n)
{
    const char *aria = node_attribute(n, "aria-hidden"), *style = node_attribute(n, "style");
    struct css_style set;

    if (node_attribute(n, "hidden") || (aria && text_same_ascii(aria, "true")))
        return FLAG_GONE;
    if (!style && css_is_empty(css))
        return 0;
    css_style_of(css, n, style, &set);
    return judge(&set, n);
}

static void read_sheet(struct css *css, const GumboNode *style)
{
    const char *media = node_attribute(style, "media"), *type = node_attribute(style, "type");
    const GumboVector *inside = node_children(style);

    if ((type && *type && !text_same_ascii(type, "text/css")) ||
        (media && !css_media_applies(slice_str(media))))
        return;
    for (unsigned i = 0; i < inside->length; i++) {
        const GumboNode *text = inside->data[i];

        if (text->type == GUMBO_NODE_TEXT)
            css_add(css, slice_str(text->v.text.text));
    }
}

void sight_read(struct page *p)
{
    const GumboNode *root = p->tree->document;
    struct css *css = css_new();

    for (const GumboNode *n = root; n; n = node_next(n, root))
        if (node_is(n, GUMBO_TAG_STYLE))
            read_sheet(css, n);
    for (const GumboNode *n = root; n; n = node_next(n, root)) {
        GumboNode *own = (GumboNode *)(uintptr_t)n;       /* the tree is ours */

        if (n->type == GUMBO_NODE_ELEMENT)
            own->parse_flags = (GumboParseFlags)((unsigned)own->parse_flags |
                                                 (unsigned)look_at(css, n));
    }
    css_free(css);
}

bool node_unseen(const GumboNode *n)
{
    if (n->type == GUMBO_NODE_TEMPLATE)
        return true;
    if (n->type != GUMBO_NODE_ELEMENT)
        return n->type == GUMBO_NODE_COMMENT || closed(n);
    return ((unsigned)n->parse_flags & FLAG_GONE) || closed(n);
}

bool node_is_away(const GumboNode *n)
{
    return n->type == GUMBO_NODE_ELEMENT && ((unsigned)n->parse_flags & FLAG_AWAY);
}
