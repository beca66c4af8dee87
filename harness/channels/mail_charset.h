#ifndef CHANNELS_MAIL_CHARSET_H
#define CHANNELS_MAIL_CHARSET_H
/**
 * Mail charset: bytes in the charset a mail names → UTF-8, as far as they go.
 */
#include "harness/base/buf.h"

/**
 * Append `bytes` as UTF-8. Valid UTF-8 stays what it is where the charset is not given, us-ascii,
 * iso-8859-1 or unknown (senders mislabel more than they meet that by chance); those four are
 * windows-1252 otherwise. Bytes that mean nothing become U+FFFD.
 * @param charset  as the header has it; NULL none.
 */
void mail_charset_add(struct buf *out, const char *charset, struct slice bytes);

#endif
