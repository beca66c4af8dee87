#ifndef COMPANY_TICKETS_H
#define COMPANY_TICKETS_H
/**
 * Tickets: what the company knows of each case, on whatever channel it heard it. A ticket is found
 * by its reference, by the order number, or by the customer's email address.
 *
 * Ownership  tickets live until tickets_free; pointers stay valid.
 */
#include "tests/company/ear.h"

enum { NAME_MAX_BYTES = 120, SUBJECT_MAX = 200 };

struct ticket {
    char reference[REFERENCE_MAX];
    char name[NAME_MAX_BYTES];            /* the customer's, "" unknown */
    struct facts facts;
    enum topic topic;
    bool solved;
    bool form;                            /* opened by the form (else mail or chat) */

    /* of its mails */
    char subject[SUBJECT_MAX];
    char *last_id, *references;           /* Message-IDs with <>; all of them; owned */
    char *last_text;                      /* what the customer wrote last; owned */
    char last_date[40];
    enum slot asked;                      /* what we asked for last */
    int answers;                          /* mails we sent; a limit stops loops */
    int letters;                          /* for our own Message-IDs */
};

struct tickets;

struct tickets *tickets_new(void);
void tickets_free(struct tickets *t);
/** A new case with the next reference. */
struct ticket *tickets_open(struct tickets *t);
/** NULL when there is none; "" finds nothing. */
struct ticket *tickets_by_reference(const struct tickets *t, const char *reference);
/** The newest unsolved one of that order, else of that address; NULL. */
struct ticket *tickets_by_facts(const struct tickets *t, const struct facts *f);

#endif
