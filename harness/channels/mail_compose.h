#ifndef CHANNELS_MAIL_COMPOSE_H
#define CHANNELS_MAIL_COMPOSE_H
/**
 * Mail compose: the bytes of one message a customer sends (RFC 5322, MIME by GMime).
 *
 * Shape     CRLF line ends, no dot-stuffing, text in UTF-8, files behind it. Names of files and
 *           subjects that are not ASCII by RFC 2231 and 2047.
 * Safety    no value can add a header or end one: line ends, NUL and other controls in values that
 *           become headers are blanks by then; addresses and ids are checked by their characters.
 * Must not depend on: loop, the clock (the draft carries its date and its id).
 */
#include <stdint.h>

#include "harness/base/diag.h"

enum {
    MAIL_OUT_MAX_BYTES = 32 * 1024 * 1024,     /* a composed mail */
    MAIL_ATTACH_MAX_BYTES = 20 * 1024 * 1024,  /* one file */
    MAIL_REFERENCES_MAX = 20,                  /* ids kept in References: the first and the last */
    MAIL_ID_MAX = 500,                         /* bytes of a Message-ID that we take or give */
};

/** Somebody's address. */
struct mail_person {
    const char *name;             /* "" none */
    const char *address;          /* local@domain */
};

struct mail_draft {
    struct mail_person from, to;
    const struct mail_person *cc;
    size_t cc_count;
    const char *subject, *text;   /* text: '\n' or CRLF lines */
    const char *message_id, *in_reply_to;    /* without <>; in_reply_to NULL none */
    const char *const *references;           /* without <>, oldest first */
    size_t reference_count;
    const char *marker;           /* value of X-Shopper; NULL = no such header */
    const char *const *attach;    /* paths */
    size_t attach_count;
    bool html;                    /* the text as HTML too (multipart/alternative) */
    const char *language;         /* of the text, for the HTML; NULL not told */
    const char *boundary;         /* unique in the mail; letters and digits */
    int64_t date;                 /* seconds since 1970 */
};

/**
 * Append the message to out (its max: MAIL_OUT_MAX_BYTES).
 * @return ST_OK; ST_IO a file cannot be read; ST_LIMIT too large; both with a diag.
 */
MUST_CHECK enum status mail_compose(const struct mail_draft *d, struct diags *diags,
                                    struct buf *out);

/**
 * "Maya <maya@shopper.test>" or "maya@shopper.test": exactly one address.
 * @return ST_OK; ST_INVALID no address, several, or characters that have no place in one.
 */
MUST_CHECK enum status mail_person_parse(struct arena *a, const char *text,
                                         struct mail_person *ret);

enum { MAIL_CC_MAX = 20 };

/**
 * Several of those, a comma between them.
 * @param ret  an array in the arena, *count long.
 * @return ST_OK; ST_INVALID one of them is none; ST_LIMIT more than MAIL_CC_MAX.
 */
MUST_CHECK enum status mail_people_parse(struct arena *a, const char *text,
                                         const struct mail_person **ret, size_t *count);

/** May these bytes stand between < and > as a Message-ID? */
bool mail_id_ok(const char *id, size_t len);

/** Text as it may stand in a header: runs of blanks, controls and line ends are one blank. */
const char *mail_header_text(struct arena *a, const char *text);

/** "Re: " before the subject, once; tags such as "[#123]" stay where they are. */
const char *mail_reply_subject(struct arena *a, const char *subject);

/**
 * What a person's mail program makes of a reply: the words, then "On DATE, NAME wrote:" in the
 * customer's language and the quoted mail (at most 200 lines of it).
 * @param date  of the quoted mail, seconds since 1970; < 0 unknown.
 */
const char *mail_reply_text(struct arena *a, const char *language, const char *words,
                            const char *name, int64_t date, const char *quoted);

#endif
