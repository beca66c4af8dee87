#ifndef COMPANY_MAILBOX_H
#define COMPANY_MAILBOX_H
/**
 * Mailbox: reads the support mailbox by IMAP, again and again: NOOP (which makes Dovecot look at
 * once), UID SEARCH for what is new, then each mail as a whole. Every mail is handed on once, in
 * the order of its UID.
 */
#include <curl/curl.h>
#include <stdbool.h>

#include "harness/base/buf.h"

struct company;
struct mailbox;

struct mailbox *mailbox_new(struct company *c, CURLM *multi, int imap_port, const char *password,
                            void (*on_mail)(struct company *c, struct slice bytes));
void mailbox_free(struct mailbox *m);
/** There is mail: look now. For who is told so; without it the mailbox is looked at all the time. */
void mailbox_look(struct mailbox *m);
/** Nothing is being looked for or fetched. */
bool mailbox_at_rest(const struct mailbox *m);
/** Has it been read once? */
bool mailbox_ready(const struct mailbox *m);

#endif
