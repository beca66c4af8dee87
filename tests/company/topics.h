#ifndef COMPANY_TOPICS_H
#define COMPANY_TOPICS_H
/**
 * Topics: what the company can do for a customer, what it must know for it, and its words.
 */
#include "tests/company/tickets.h"
#include "tests/company/words.h"

enum { TOPIC_NEEDS = 3 };

struct topic_row {
    const char *label;            /* in the form's select; NULL = under "Other" */
    const char *matter;           /* "the leaking kettle" */
    enum slot chat_needs[TOPIC_NEEDS], mail_needs[TOPIC_NEEDS];   /* SLOT_NONE ends */
    int lead;                     /* enum words, or -1 */
    enum words solved, untrue;    /* untrue: what it says next when it contradicts itself */
};

extern const struct topic_row topic_rows[TOPIC_COUNT];        /* TOPIC_NONE has no words */

/** How the company asks for a slot. */
enum words topic_question(enum slot slot);
/** The order number, or the one it finds by what else it knows. */
const char *topic_order(const struct facts *f, char *out, size_t size);
/** The topic the form's select means; TOPIC_NONE for "Other". */
enum topic topic_by_label(const char *label);

#endif
