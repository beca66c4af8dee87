#ifndef MODEL_EXPECTATIONS_H
#define MODEL_EXPECTATIONS_H
/**
 * Expectations: the yardstick where the company promised nothing, and the weights of the score.
 * Loaded from scenarios/expectations/industry.yaml; every row there names its source.
 */
#include "harness/base/field.h"
#include "harness/model/scenario.h"

struct expected_time {
    const char *name;             /* chat, chat_next, email, form, acknowledgement, … */
    int64_t within_us;
    const char *source;
};

struct weight {
    const char *name;             /* scoring event: repeat, given, ack, … */
    double loss, gain, effort;
    const char *source;
};

struct expectations {
    const char *name;
    struct list times;            /* struct expected_time, by name */
    struct list weights;          /* struct weight, by name */
    int64_t chat_timeout, mail_timeout;   /* when a customer counts it as unanswered */
};

extern const struct object expectations_object;   /* model/expectations.c */

const struct expected_time *expectations_time(const struct expectations *e, const char *name);
const struct weight *expectations_weight(const struct expectations *e, const char *name);

/** What `used` says otherwise than `base`, a line each: "chat: 20 s instead of 30 s (source)". In
 *  the arena; in the order of `used`, then what is missing there. */
struct texts expectations_changes(const struct expectations *base,
                                  const struct expectations *used, struct arena *a);

#endif
