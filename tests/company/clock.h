#ifndef COMPANY_CLOCK_H
#define COMPANY_CLOCK_H
/**
 * Clock: what time it is at the company. The machine's; or a virtual one, shared with the customers
 * over a Unix socket, that goes on when nobody has anything to do before the next thing somebody
 * wants to do (harness/loop/shared_clock.c has the words that are spoken).
 *
 * Virtual   time begins at the machine's wall clock and stands still while no customer is connected,
 *           while a request, a mail or work of our own is under way. What has not moved for
 *           CLOCK_STUCK_S seconds of real time is no reason any more.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CLOCK_STUCK_S = 30 };

struct clock;

/** @param path  of the socket that is made; NULL = the machine's clock. NULL: errno says why not. */
struct clock *clock_new(const char *path);
void clock_free(struct clock *c);         /* NULL is fine */

/** Microseconds; on a virtual clock since 1970, else of the monotonic clock. */
int64_t clock_now(const struct clock *c);
/** Seconds since 1970. */
int64_t clock_wall(const struct clock *c);
bool clock_is_virtual(const struct clock *c);
/** The machine's monotonic clock, whatever `c` says: for work that is no part of the play. */
int64_t clock_machine(void);

/** How the company stands, as of now. */
struct standing {
    bool at_rest;                 /* nothing of ours to do, no mail on its way */
    size_t held;                  /* requests whose answers are held back on purpose */
    size_t mails;                 /* put into the customers' mailbox so far */
    int64_t next_us;              /* when we want to do something; INT64_MAX never */
};

/** Something happened: whatever the customers said before does not count any more. */
void clock_happened(struct clock *c);
/** Talks with the customers, and lets time go on when it may. */
void clock_run(struct clock *c, const struct standing *s);
/** Readable when there is something for clock_run; -1 on the machine's clock. */
int clock_fd(const struct clock *c);
/** Milliseconds after which clock_run wants to be called in any case; -1 does not matter. */
int clock_patience(const struct clock *c, const struct standing *s);

#endif
