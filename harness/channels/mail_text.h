#ifndef CHANNELS_MAIL_TEXT_H
#define CHANNELS_MAIL_TEXT_H
/**
 * Mail text: from the text of a mail to what a person reads of it.
 *
 * Both are linear in their input, whatever it is, and never fail.
 */
#include "harness/base/buf.h"

/**
 * The visible text of an HTML mail (valid UTF-8 in and out). Scripts, styles, comments and what is
 * hidden by attribute or inline style are left out; quoted blocks get "> " before each line. A
 * reader of mail-shaped HTML, not a browser: no style sheets.
 */
void mail_html_text(struct slice html, struct buf *out);

/** The same; fn is called for each visible link outside of quoted blocks. */
typedef void mail_html_link_fn(void *context, struct slice label, struct slice href);
void mail_html_read(struct slice html, struct buf *out, mail_html_link_fn *fn, void *context);

/**
 * Without quoted history and signature: lines beginning with '>', the "… wrote:" line before
 * them, forwarded header blocks (Outlook's) and what follows, "-- " and what follows, the "type
 * your reply above this line" of helpdesks, all but the newest of the messages they list. When
 * nothing would be left, the text as it is.
 * @param own    the reader's name: what stands under it in such a list is their own; "" unknown.
 * @return       is what is left what somebody said, as a helpdesk tells it ("Priya commented:")?
 */
bool mail_new_text(struct slice text, const char *own, struct buf *out);

/** What stands above the closing formula ("Kind regards"), else all of it. */
struct slice mail_head(struct slice text);

/** Undo format=flowed (RFC 3676): a line that ends in a blank goes on in the next. */
enum flowed { FLOWED_KEEP_SPACE, FLOWED_DELETE_SPACE };
void mail_unflow(struct slice text, enum flowed how, struct buf *out);

#endif
