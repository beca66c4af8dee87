#ifndef CHANNELS_MAIL_MARKUP_H
#define CHANNELS_MAIL_MARKUP_H
/**
 * Mail markup: plain text as the HTML that mail programs send beside it. Pure.
 *
 * Lines are lines, ">" quotes are blockquotes, web addresses are links; every other character is
 * text, so no value can add a tag.
 */
#include "harness/base/buf.h"

/** Append the HTML of `text` ('\n' lines, UTF-8). `language` NULL: not told. */
void mail_markup(struct slice text, const char *language, struct buf *out);

#endif
