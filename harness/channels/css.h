#ifndef CHANNELS_CSS_H
#define CHANNELS_CSS_H
/**
 * Css: as much of style sheets as it takes to tell whether somebody sees an element: the page's own
 * style blocks, their selectors, the cascade of a few properties (w3.org/TR/selectors-3,
 * w3.org/TR/css-cascade-3).
 *
 * Left out  sheets in other files, generated content, states that come and go (:hover, :target):
 *           a rule with a selector that is not understood does not apply.
 * Screen    media are judged for a desktop CSS_SCREEN_WIDTH pixels wide.
 * Caps      CSS_SELECTORS_MAX that matter, CSS_TESTS_MAX tests of an element against a part of a
 *           selector: after that no rule applies any more.
 */
#include <gumbo.h>

#include "harness/base/buf.h"

enum { CSS_SCREEN_WIDTH = 1280, CSS_SELECTORS_MAX = 4000, CSS_TESTS_MAX = 8000000 };

enum css_property {
    CSS_DISPLAY, CSS_VISIBILITY, CSS_OPACITY, CSS_POSITION, CSS_LEFT, CSS_RIGHT, CSS_TOP,
    CSS_BOTTOM, CSS_MARGIN_LEFT, CSS_MARGIN_TOP, CSS_TEXT_INDENT, CSS_CLIP, CSS_CLIP_PATH, CSS_WIDTH,
    CSS_HEIGHT, CSS_MAX_HEIGHT, CSS_OVERFLOW, CSS_TRANSFORM, CSS_PROPERTIES
};

/** What the cascade sets; values are as written, trimmed. ptr NULL: not set. */
struct css_style {
    struct slice values[CSS_PROPERTIES];
};

struct css;

struct css *css_new(void);
void css_free(struct css *css);           /* NULL is fine */
/** Text of a style element; must live as long as css. */
void css_add(struct css *css, struct slice text);
bool css_is_empty(const struct css *css);

/** @param inline_style  the style attribute; NULL none. */
void css_style_of(struct css *css, const GumboNode *element, const char *inline_style,
                  struct css_style *ret);

/** Does a media query list let desktop screens in? */
bool css_media_applies(struct slice query);

#endif
