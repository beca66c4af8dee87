#ifndef CHANNELS_MAIL_WORDS_H
#define CHANNELS_MAIL_WORDS_H
/**
 * Mail words: the value of a header as it stands in a mail → text (RFC 2047).
 *
 * Ours, because GMime 3.2 joins the bytes of neighbouring base64 words before decoding them and so
 * loses everything after the first padding. Raw 8-bit bytes are read as mail_charset does.
 */
#include "harness/base/buf.h"

/** Append the decoded value, unfolded; valid UTF-8, but controls may be in it. */
void mail_words_add(struct buf *out, struct slice raw);

/** Base64 with whatever else is in it passed over, down to the last whole byte. */
void mail_base64_add(struct buf *out, struct slice s);

#endif
