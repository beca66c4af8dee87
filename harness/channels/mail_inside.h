#ifndef CHANNELS_MAIL_INSIDE_H
#define CHANNELS_MAIL_INSIDE_H
/**
 * Mail inside: what the files that read one mail share and nobody else includes.
 */
#include <gmime/gmime.h>

#include "harness/channels/mail_read.h"

/* What is being gathered while the parts of a mail are visited. */
struct gather {
    struct arena *arena;
    struct mail *mail;
    struct buf text;
    unsigned parts;
};

/* mail_headers.c */
/** A header as GMime has it decoded; "" none. */
const char *mail_header(GMimeObject *o, const char *name);
/** One line of clean text; NULL becomes "". */
const char *mail_clean(struct arena *a, const char *text);
/** Everything between < and >; white space inside is what a bad fold left there. */
void mail_add_ids(struct arena *a, struct mail_ids *ids, const char *value);
void mail_read_headers(struct arena *a, struct mail *mail, GMimeMessage *m);

/* mail_parts.c: adds to g->text, the attachments and the links */
void mail_read_part(struct gather *g, GMimeObject *o, unsigned depth);

/* mail_links.c */
/** An <a href> of the HTML; its entities are still in it. */
void mail_add_link(struct arena *a, struct mail *mail, struct slice label, struct slice href);
/** Once text is known: only links whose words stand in it, and the addresses in it. */
void mail_settle_links(struct arena *a, struct mail *mail);

/* mail_signs.c: what the headers say about who wrote it */
void mail_read_signs(struct arena *a, struct mail *mail, GMimeObject *m);
/** Once text is known: what its shape says. */
void mail_read_shape(struct mail *mail);
/** One more, unless it is known. label: constant, or in the mail's arena. */
void mail_add_sign(struct mail *mail, enum sign sign, const char *label);

/* mail_report.c: delivery reports */
/** message/delivery-status: RFC 3464. */
void mail_read_report(struct gather *g, struct slice report);
/** The headers of the mail that a report returns. */
void mail_read_returned(struct gather *g, struct slice headers);
/** A field of a report's groups, or of headers in a text; "" none. */
const char *mail_report_field(struct arena *a, struct slice report, const char *name);

/* mail_bounce.c */
/** Bounces from before there was a format for them, and those that do not use it. */
void mail_read_plain_bounce(struct arena *a, struct mail *mail, GMimeObject *m);

#endif
