#ifndef COMPANY_OUTBOX_H
#define COMPANY_OUTBOX_H
/**
 * Outbox: mails on their way to Exim, one after the other over one connection. A mail that is
 * refused is dropped: the company has nobody to tell.
 */
#include <curl/curl.h>
#include <stdbool.h>

struct company;
struct outbox;

struct outbox *outbox_new(struct company *c, CURLM *multi, int smtp_port);
void outbox_free(struct outbox *o);
/** Nothing is on its way to Exim. */
bool outbox_is_empty(const struct outbox *o);
/** Has the server answered yet? */
bool outbox_ready(const struct outbox *o);
/** @param text  the whole mail with CRLF; taken. The addresses are copied. */
void outbox_send(struct outbox *o, const char *from, const char *to, char *text);

#endif
