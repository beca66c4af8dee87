#ifndef COMPANY_WORDS_H
#define COMPANY_WORDS_H
/**
 * Words: everything the company says, as data: up to three ways in English, one in German (which it
 * uses under the fault wrong_language). Blanks are those of `struct speech`.
 */
#include <stdint.h>

#include "harness/base/buf.h"

enum words {
    WORDS_GREETING, WORDS_LEAD_ADDRESS, WORDS_LEAD_WHERE, WORDS_LEAD_REFUND,
    WORDS_FOUND_TICKET, WORDS_THANKS_FACT,
    WORDS_ASK_ORDER_NUMBER, WORDS_ASK_POSTCODE, WORDS_ASK_PHONE, WORDS_ASK_EMAIL, WORDS_ASK_ADDRESS,
    WORDS_CONFIRM_ADDRESS, WORDS_CORRECT_ADDRESS,
    WORDS_SOLVED_ADDRESS, WORDS_SOLVED_WHERE, WORDS_SOLVED_WARRANTY, WORDS_SOLVED_SHIPPING,
    WORDS_SOLVED_REFUND, WORDS_ANYTHING_ELSE,
    WORDS_UNTRUE_ADDRESS, WORDS_UNTRUE_WHERE, WORDS_UNTRUE_WARRANTY, WORDS_UNTRUE_SHIPPING,
    WORDS_UNTRUE_REFUND, WORDS_BOILERPLATE,
    WORDS_NOT_UNDERSTOOD, WORDS_HELP, WORDS_FALLBACK, WORDS_HANDOVER, WORDS_STUCK,
    WORDS_HUMAN_HELLO, WORDS_HUMAN_LISTENS, WORDS_WELCOME, WORDS_GOODBYE,
    WORDS_CALL_US, WORDS_CLOSED, WORDS_RUDE,
    WORDS_MAIL_RECEIVED, WORDS_MAIL_REFERENCE, WORDS_MAIL_TIME, WORDS_MAIL_AUTOMATIC,
    WORDS_MAIL_HELLO, WORDS_MAIL_LEAD, WORDS_MAIL_LEAD_REPLY, WORDS_MAIL_OPEN, WORDS_MAIL_NOREPLY,
    WORDS_MAIL_SIGNATURE, WORDS_COUNT
};

enum tongue { TONGUE_ENGLISH, TONGUE_GERMAN };

/** What goes into the blanks; NULL or "" what is not known. */
struct speech {
    enum tongue tongue;
    uint32_t variety;             /* which of the ways; any number */
    const char *name, *order, *reference, *address, *matter;
    const char *promise;          /* how soon there is an answer */
};

/** Append those words. */
void words_say(struct buf *out, enum words w, const struct speech *s);

#endif
