#ifndef COMPANY_CONTACT_H
#define COMPANY_CONTACT_H
/**
 * Contact: the contact form. GET gives it with a session cookie and a hidden token; POST checks
 * both, then the fields (what is wrong comes back as a page with the fields as they were filled
 * in), opens a ticket and redirects to a confirmation that only this session can see.
 */
#include "tests/company/web.h"

struct visitors;

struct visitors *visitors_new(void);
void visitors_free(struct visitors *v);

void contact_form(struct company *c, const struct request *r, struct reply *out);
void contact_send(struct company *c, const struct request *r, struct reply *out);
void contact_thanks(struct company *c, const struct request *r, struct reply *out);

#endif
