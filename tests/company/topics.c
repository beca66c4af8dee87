#include "tests/company/topics.h"

#include <stdio.h>
#include <string.h>

const struct topic_row topic_rows[TOPIC_COUNT] = {
    [TOPIC_NONE] = { NULL, "your question", { SLOT_NONE }, { SLOT_NONE }, -1,
        WORDS_MAIL_OPEN, WORDS_MAIL_OPEN },
    [TOPIC_ADDRESS] = { NULL, "the delivery address",
        { SLOT_ORDER_NUMBER, SLOT_POSTCODE, SLOT_ADDRESS },
        { SLOT_ORDER_NUMBER, SLOT_ADDRESS, SLOT_NONE },
        WORDS_LEAD_ADDRESS, WORDS_SOLVED_ADDRESS, WORDS_UNTRUE_ADDRESS },
    [TOPIC_WHERE] = { "Delivery", "your order",
        { SLOT_ORDER_NUMBER, SLOT_POSTCODE, SLOT_NONE }, { SLOT_ORDER_NUMBER, SLOT_NONE },
        WORDS_LEAD_WHERE, WORDS_SOLVED_WHERE, WORDS_UNTRUE_WHERE },
    [TOPIC_WARRANTY] = { NULL, "our warranty", { SLOT_NONE }, { SLOT_NONE },
        -1, WORDS_SOLVED_WARRANTY, WORDS_UNTRUE_WARRANTY },
    [TOPIC_SHIPPING] = { NULL, "where we deliver", { SLOT_NONE }, { SLOT_NONE },
        -1, WORDS_SOLVED_SHIPPING, WORDS_UNTRUE_SHIPPING },
    [TOPIC_REFUND] = { "Refund", "the kettle",
        { SLOT_ORDER_NUMBER, SLOT_POSTCODE, SLOT_NONE }, { SLOT_ORDER_NUMBER, SLOT_NONE },
        WORDS_LEAD_REFUND, WORDS_SOLVED_REFUND, WORDS_UNTRUE_REFUND },
};

enum words topic_question(enum slot slot)
{
    static const enum words questions[SLOT_COUNT] = {
        [SLOT_ORDER_NUMBER] = WORDS_ASK_ORDER_NUMBER, [SLOT_POSTCODE] = WORDS_ASK_POSTCODE,
        [SLOT_PHONE] = WORDS_ASK_PHONE, [SLOT_EMAIL] = WORDS_ASK_EMAIL,
        [SLOT_ADDRESS] = WORDS_ASK_ADDRESS,
    };

    return questions[slot];
}

const char *topic_order(const struct facts *f, char *out, size_t size)
{
    unsigned sum = 7;

    if (facts_has(f, SLOT_ORDER_NUMBER))
        return f->value[SLOT_ORDER_NUMBER];
    for (const char *p = f->value[SLOT_EMAIL]; *p; p++)
        sum = sum * 31 + (unsigned char)*p;
    snprintf(out, size, "A-%05u", 10000 + sum % 90000);
    return out;
}

enum topic topic_by_label(const char *label)
{
    for (int t = 0; t < TOPIC_COUNT; t++)
        if (topic_rows[t].label && strcmp(topic_rows[t].label, label) == 0)
            return (enum topic)t;
    return TOPIC_NONE;
}
