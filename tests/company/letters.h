#ifndef COMPANY_LETTERS_H
#define COMPANY_LETTERS_H
/**
 * Letters: mails as the desk sees them, on GMime.
 */
#include <stdbool.h>
#include <stdint.h>

#include "harness/base/buf.h"

/** A mail that came in. Strings are owned, never NULL, decoded to UTF-8. */
struct letter {
    char *name, *address;         /* who is to be answered: Reply-To, else From */
    char *subject;                /* without Re: and [tags] */
    char *raw_subject;            /* as it came */
    char *id;                     /* Message-ID with its <>, "" none */
    char *references;             /* References and In-Reply-To as they came */
    char *text;                   /* what was written now: without quotes and signature */
    bool automatic;               /* a machine wrote it; it is never answered */
};

/** ST_INVALID when it cannot be read at all; the letter is to be released anyway. */
MUST_CHECK enum status letter_read(struct slice bytes, struct letter *l);
void letter_release(struct letter *l);

/** A mail to write; NULL where there is none. */
struct outgoing {
    const char *from_name, *from, *to_name, *to, *subject;
    const char *id, *in_reply_to, *references;    /* with their <> */
    const char *automatic;        /* value of Auto-Submitted; NULL = a person writes */
    const char *text;
    int64_t wall;                 /* its date, seconds since 1970 */
};

/** The whole mail with CRLF; caller frees. */
char *letter_write(const struct outgoing *o);

#endif
