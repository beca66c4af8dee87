#ifndef COMPANY_MAIL_SERVERS_H
#define COMPANY_MAIL_SERVERS_H
/**
 * Mail servers: Exim (SMTP in, Maildir out) and Dovecot (IMAP), with a configuration of their own,
 * on loopback, unprivileged, everything in the company's folder. Nothing can be sent elsewhere.
 *
 * Sockets  are bound here and handed over listening, so no port is ever lost to somebody else and
 *          a client that comes early waits.
 * Mailboxes
 *   customers@shopper.test  whatever is for anybody@shopper.test
 *   support@company.test    support@ and support+anything@company.test
 * At company.test also: noreply@, silent@ discarded; bounce@ comes back as undeliverable; reject@
 * is refused for good (550), defer@ for now (451).
 */
#include <stdbool.h>
#include <sys/types.h>

#include "harness/base/buf.h"

enum { MAIL_PASSWORD_MAX = 25 };

struct mail_servers {
    bool running;
    int smtp_port, imap_port;
    int smtp_fd, imap_fd;
    pid_t exim, dovecot;
    char customers[MAIL_PASSWORD_MAX], support[MAIL_PASSWORD_MAX];    /* passwords */
};

#define MAIL_CUSTOMERS "customers@shopper.test"
/* Where mail comes in before the postman carries it to mail/, on a virtual clock. */
#define MAIL_INCOMING "incoming"
#define MAIL_SUPPORT "support@company.test"

/** The packages that are missing, each with a blank before it; nothing when all are there. */
void mail_missing(struct buf *packages);
/**
 * The children belong to the caller, who ends them.
 * @param by_postman  Exim delivers into MAIL_INCOMING, and somebody carries it on.
 * @return ST_OK; ST_UNSUPPORTED not for this user; ST_IO. The reason goes to *why.
 */
MUST_CHECK enum status mail_start(const char *folder, bool by_postman, struct mail_servers *m,
                                  struct buf *why);
/** Our own descriptors of the sockets, once everybody who needs them has them. */
void mail_close_sockets(struct mail_servers *m);

#endif
