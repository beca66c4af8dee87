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

struct desk *desk_new(struct company *c, CURLM *multi, const struct mail_servers *mail);
void desk_free(struct desk *d);               /* NULL is fine */
/** Moves its transfers on. */
void desk_run(struct desk *d);
/** Do both mail servers answer? */
bool desk_ready(const struct desk *d);

/** A message came in by the form: it is confirmed and answered by mail. */
void desk_form(struct desk *d, struct ticket *t);

#endif
