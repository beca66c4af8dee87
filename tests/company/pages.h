#ifndef COMPANY_PAGES_H
#define COMPANY_PAGES_H
/**
 * Pages: the frame all HTML pages share, and the simple ones.
 */
#include "tests/company/web.h"

/** The frame up to the heading; texts are plain and get escaped. The header holds a search form. */
void page_begin(struct reply *out, const char *title);
/** The rest: a newsletter form, and the links. */
void page_end(struct reply *out);
/** A paragraph; text is plain. */
void page_paragraph(struct reply *out, const char *text);
void page_escape(struct reply *out, const char *text);

void page_home(struct company *c, const struct request *r, struct reply *out);
void page_delivery(struct company *c, const struct request *r, struct reply *out);
void page_search(struct company *c, const struct request *r, struct reply *out);
void page_newsletter(struct company *c, const struct request *r, struct reply *out);
void page_refuse(unsigned status, struct reply *out);

#endif
