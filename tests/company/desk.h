#ifndef COMPANY_DESK_H
#define COMPANY_DESK_H
/**
 * Desk: support by email. It confirms receipt, then answers, in its own time; it reads the support
 * mailbox, understands replies in a thread, and never answers a machine.
 */
#include <curl/curl.h>
#include <stdbool.h>

#include "tests/company/tickets.h"

struct company;
struct desk;
struct mail_servers;

/** @param folder  the company's, borrowed: on a virtual clock the mail servers' mail is carried there */
struct desk *desk_new(struct company *c, CURLM *multi, const struct mail_servers *mail,
                      const char *folder);
void desk_free(struct desk *d);               /* NULL is fine */
/** Moves its transfers on. */
void desk_run(struct desk *d);
/** No mail is on its way to anybody, as far as that can be known: on a virtual clock only. */
bool desk_at_rest(const struct desk *d);
/** Mails put into the customers' mailbox so far; on a virtual clock only. */
size_t desk_mails(const struct desk *d);
/** Do both mail servers answer? */
bool desk_ready(const struct desk *d);

/** A message came in by the form: it is confirmed and answered by mail. */
void desk_form(struct desk *d, struct ticket *t);

#endif
