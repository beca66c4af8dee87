#ifndef CHANNELS_IMAP_H
#define CHANNELS_IMAP_H
/**
 * Imap: the server's half of RFC 3501 as bytes → answers. Pure; no socket.
 *
 * Literals are taken by their count and nothing inside one is ever looked at as protocol: a mail
 * that contains "* SEARCH 666" stays a mail.
 * Limits  a literal: IMAP_LITERAL_MAX; an answer without its literals: IMAP_LINE_MAX.
 */
#include <stdbool.h>
#include <stdint.h>

#include "harness/base/buf.h"

enum {
    IMAP_LITERAL_MAX = 5 * 1024 * 1024,
    IMAP_LINE_MAX = 256 * 1024,
    IMAP_BUFFER_MAX = 12 * 1024 * 1024,
};

struct imap_reader {
    struct buf in;
    size_t start;                 /* of the answer being read */
    size_t scan;                  /* everything before is known to be part of it */
};

void imap_reader_init(struct imap_reader *r);
void imap_reader_release(struct imap_reader *r);

/** Bytes from the server. ST_LIMIT: more than we hold; the connection is of no use any more. */
MUST_CHECK enum status imap_feed(struct imap_reader *r, const char *bytes, size_t len);

enum imap_kind { IMAP_UNTAGGED, IMAP_TAGGED, IMAP_CONTINUE };

/** All slices are borrowed until the next imap_next or imap_feed. */
struct imap_answer {
    enum imap_kind kind;
    struct slice tag;             /* tagged */
    uint32_t number;              /* "* 12 EXISTS"; 0 none */
    struct slice word;            /* OK NO BAD BYE SEARCH FETCH EXISTS … */
    struct slice rest;            /* what follows it, literals in place */
};

/** @return ST_OK an answer; ST_NOT_FOUND not all there yet; ST_LIMIT, ST_INVALID give up. */
MUST_CHECK enum status imap_next(struct imap_reader *r, struct imap_answer *a);

/** Ignoring case. */
bool imap_is(struct slice word, const char *name);

/** Is `name` one of the words of "IMAP4rev1 IDLE LITERAL+"? Ignoring case. */
bool imap_has_word(struct slice rest, const char *name);

/** The number of a response code: "[UIDNEXT 4392] …"; 0 when it is another one. */
uint32_t imap_code(struct slice rest, const char *name);

/** What a status answer says, without its response code. */
struct slice imap_words(struct slice rest);

/** "SEARCH 2 84 882": the next number from *rest; false at the end. */
bool imap_number(struct slice *rest, uint32_t *n);

struct imap_fetch {
    uint32_t uid;                 /* 0 not told */
    int64_t date;                 /* INTERNALDATE, seconds since 1970; -1 not told */
    bool has_body;
    struct slice body;            /* of BODY[], also when it was asked for in part */
};

/** @return ST_INVALID when the list is not well formed. */
MUST_CHECK enum status imap_fetch_parse(struct slice rest, struct imap_fetch *f);

/** "17-Jul-1996 02:44:25 -0700" → seconds since 1970; -1 when it is none. */
int64_t imap_date(struct slice text);

/**
 * "(\HasNoChildren \Junk) "." Spam": has the folder this attribute (RFC 6154)? Then its name is
 * appended, as the server writes it.
 */
bool imap_list_has(struct slice rest, const char *attribute, struct buf *name);

/** Append as a quoted string. ST_INVALID: characters that cannot stand in one. */
MUST_CHECK enum status imap_add_quoted(struct buf *out, const char *text);

#endif
