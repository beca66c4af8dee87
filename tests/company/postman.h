#ifndef COMPANY_POSTMAN_H
#define COMPANY_POSTMAN_H
/**
 * Postman: on a virtual clock Exim delivers into a folder that nobody reads, and the postman carries
 * each mail from there into its mailbox, dated as late as it is on that clock: Dovecot gives a mail's
 * time as that of its file. So it is known which mails are under way, too.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct postman;

/** @param folder  the company's; borrowed. */
struct postman *postman_new(const char *folder);
void postman_free(struct postman *p);     /* NULL is fine */

/** What is new at the mailboxes. */
struct post {
    size_t customers, support;    /* mails brought by this round */
    bool under_way;               /* Exim still has some */
};

/** Brings what has come. @param wall_us  what time it is, since 1970 */
struct post postman_round(struct postman *p, int64_t wall_us);

#endif
