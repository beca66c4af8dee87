#ifndef COMPANY_EAR_H
#define COMPANY_EAR_H
/**
 * Ear: what the company understands of a customer's words, in chat, form and mail alike.
 */
#include <stdbool.h>

#include "harness/base/buf.h"

enum slot {
    SLOT_NONE = -1,
    SLOT_ORDER_NUMBER, SLOT_POSTCODE, SLOT_PHONE, SLOT_EMAIL, SLOT_ADDRESS, SLOT_COUNT
};

enum topic {
    TOPIC_NONE, TOPIC_ADDRESS, TOPIC_WHERE, TOPIC_WARRANTY, TOPIC_SHIPPING, TOPIC_REFUND,
    TOPIC_COUNT
};

enum { FACT_MAX = 120, REFERENCE_MAX = 12 };

struct facts {
    char value[SLOT_COUNT][FACT_MAX];     /* "" = not known */
};

struct heard {
    struct facts facts;
    char reference[REFERENCE_MAX];        /* "KC-48213" or "" */
    enum topic topic;
    bool yes, no, unknown, thanks, bye, wants_human;
};

struct ear;

struct ear *ear_new(void);
void ear_free(struct ear *e);

/**
 * @param asked  the slot the company has just asked for: a bare "90402" is then the postcode.
 */
void ear_hear(const struct ear *e, struct slice text, enum slot asked, struct heard *heard);

/** Takes over what `from` knows and `to` does not, or knows otherwise. */
void facts_add(struct facts *to, const struct facts *from);
bool facts_has(const struct facts *f, enum slot slot);
/** Anything that looks like local@domain.tld, and nothing else. */
bool ear_is_email(const struct ear *e, const char *text);

#endif
