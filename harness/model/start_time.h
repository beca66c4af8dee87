#ifndef MODEL_START_TIME_H
#define MODEL_START_TIME_H
/**
 * Start time: a time of the day, of any day or of one of the week, at which a journey begins: "09:00",
 * "Sunday 11:00". Pure.
 */
#include "harness/model/zone.h"

struct start_time {
    int weekday;                  /* Monday 1 … Sunday 7; 0 any day */
    int minute;                   /* after local midnight */
    const char *text;             /* as written */
};

/** English names, whole or three letters, in any case. @return NULL, or what is wrong (constant). */
const char *start_time_parse(const char *text, struct start_time *ret);

/**
 * The first such time at or after `now`, seconds since 1970. Where the clocks jump over it, it is when
 * they jump; where they show it twice, the first of them.
 */
int64_t start_time_next(const struct start_time *m, const struct zone *z, int64_t now);

#endif
