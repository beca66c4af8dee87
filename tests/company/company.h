#ifndef COMPANY_COMPANY_H
#define COMPANY_COMPANY_H
/**
 * Company: "Kettle & Co", a small company's support in one process: web form, chat, mailbox.
 *
 * Threads  one; everything runs from the loop in server.c and nothing blocks.
 * Time     company_now; what customers can notice happens by `timers`, what only we do (looking
 *          whether the mail servers answer) by `chores`, on the machine's clock.
 * Faults   company.faults says how it misbehaves; faults.h names the one place of each.
 */
#include <stdio.h>

#include "tests/company/faults.h"

struct chats;
struct clock;
struct desk;
struct visitors;
struct ear;
struct tickets;
struct timers;

#define COMPANY_NAME "Kettle & Co"
#define COMPANY_ADDRESS "support@company.test"

struct company {
    struct faults faults;
    struct manners manners;       /* its times, from the faults */
    struct clock *clock;
    struct timers *timers, *chores;
    struct ear *ear;              /* understands customers */
    struct tickets *tickets;      /* what it knows of every case, whatever the channel */
    struct chats *chats;
    struct visitors *visitors;    /* sessions of the contact form */
    struct desk *desk;            /* mail; NULL without mail servers */
    FILE *ledger;                 /* every message received, a line each; NULL nobody asked */
};

/** A line of the ledger: "chat<TAB>the words", on one line. */
void company_note(const struct company *c, const char *channel, const char *words);

/** Microseconds on the company's clock. */
int64_t company_now(const struct company *c);

/** A name nobody can guess: `bytes` random bytes as hex into out (2 * bytes + 1). */
void company_random(char *out, size_t bytes);

#endif
