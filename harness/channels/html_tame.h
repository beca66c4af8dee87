#ifndef CHANNELS_HTML_TAME_H
#define CHANNELS_HTML_TAME_H
/**
 * Tame: any company's HTML made safe to parse. gumbo's time is quadratic in nesting and in the
 * attributes of one tag (10,000 nested div: 1.4 s; 50,000: over a minute), so a page is read
 * here first and written out again, tag by tag, within caps:
 *
 *   nesting     tags that would lie deeper than TAME_DEPTH_MAX are left out, their text stays
 *   attributes  the first TAME_ATTRIBUTES_MAX of a tag, TAME_ATTRIBUTES_ALL of a page
 *   tags        what comes after TAME_TAGS_MAX tags is left out
 *
 * Scripts, comments and processing instructions are left out, and no "<" survives inside title,
 * textarea and style: so the parser sees no other tags than were counted here.
 *
 * Form owners  HTML gives a field to the form whose start tag came last, even where the tree
 *              puts it elsewhere (a form across table rows). The parser does not tell, so this
 *              does: each form gets the attribute TAME_FORM="n", each field that began inside it
 *              TAME_OWNER="n" (html.spec.whatwg.org, "form element pointer"). Attributes of these
 *              names that the page brings are left out.
 */
#include "harness/base/buf.h"

enum {
    TAME_DEPTH_MAX = 400, TAME_ATTRIBUTES_MAX = 64, TAME_ATTRIBUTES_ALL = 500000,
    TAME_TAGS_MAX = 200000,
};

#define TAME_FORM "shopper-form"
#define TAME_OWNER "shopper-owner"

/**
 * Append the tamed page to out.
 * @param html  UTF-8.
 * @return true when a cap was met: something was left out.
 */
bool html_tame(struct buf *out, struct slice html);

#endif
