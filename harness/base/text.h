#ifndef BASE_TEXT_H
#define BASE_TEXT_H
/**
 * Text: UTF-8 as people write it. Cases, accents, widths, white space. On libutf8proc.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/base/buf.h"

/**
 * Decode one code point at s (at most len bytes, len > 0).
 * @return bytes used (1-4); *cp is U+FFFD for an invalid byte, which uses 1.
 */
size_t text_decode(const char *s, size_t len, int32_t *cp);
void text_encode(struct buf *out, int32_t cp);

bool text_is_valid(struct slice s);
/** Nothing but printable ASCII, tabs and line ends: text_add_clean would leave it as it is. */
bool text_is_plain(struct slice s);

/** Append s as valid UTF-8: invalid bytes and NUL become U+FFFD; controls but \t\n are dropped. */
void text_add_clean(struct buf *out, struct slice s);

/**
 * Append a form of s made for comparing: compatibility forms and case folded, accents and
 * ignorable characters (zero-width non-joiner, soft hyphen) removed, Persian and Arabic digits as
 * ASCII, Arabic yeh and kaf as Persian ones, curly apostrophes as "'", every run of white space one
 * blank, none at the ends.
 */
void text_fold(struct buf *out, struct slice s);
char *text_folded(const char *s);             /* caller frees */
bool text_same(const char *a, const char *b); /* equal when folded */

/** Number of code points; columns on a terminal. */
size_t text_length(struct slice s);
size_t text_width(struct slice s);

/** Append at most `columns` terminal columns of s; "…" marks a cut. Newlines become blanks. */
void text_add_clipped(struct buf *out, struct slice s, size_t columns);

/** Like text_add_clipped's input cleaning for terminals: no escapes, no bidi controls. */
void text_add_printable(struct buf *out, struct slice s);

/** Append s as it stands in XML or HTML text and quoted attributes; invalid characters U+FFFD. */
void text_add_xml(struct buf *out, struct slice s);

/** FNV-1a, 64 bits: the same on every machine. Not against those who want two of one hash. */
uint64_t text_hash(const char *s);

/** ASCII only, independent of the locale. */
bool text_starts_with(const char *s, const char *prefix);
bool text_same_ascii(const char *a, const char *b);   /* ignoring ASCII case */
struct slice text_trim(struct slice s);

#endif
