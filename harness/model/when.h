#ifndef MODEL_WHEN_H
#define MODEL_WHEN_H
/**
 * When: a time as people name it ("within two working days", "by Friday noon"), and the moment it
 * means when it is said at a certain time to a company's customer.
 *
 * Counting  days are counted from the day after (as courts do: the day of the message is none), and
 *           a day named without a clock time lasts until the company closes. "Within 48 hours" and
 *           "within two days" are exact; "two working days" from Friday evening is Tuesday evening.
 */
#include "harness/model/hours.h"

enum when_kind {
    WHEN_NONE,
    WHEN_SPAN,                    /* us */
    WHEN_OPEN_SPAN,               /* us of opening time */
    WHEN_WORKING_DAYS,            /* count; 0 = today, or the next working day when it is over */
    WHEN_DAY,                     /* count days from today; 0 today */
    WHEN_WEEKDAY,                 /* count 1 Monday … 7 Sunday; the next one, today included */
    WHEN_WEEK,                    /* the end of this week (0) or a later one */
    WHEN_MONTH,                   /* likewise of the month */
    WHEN_DATE,                    /* year (0 the next such date), month, day */
};

struct when {
    enum when_kind kind;
    int count;
    int64_t us, unit_us;          /* spans; unit_us: of what the number was named in */
    int minute;                   /* of the day; -1 = its end */
    int year, month, day;
    bool jalali;                  /* the date is Iran's */
};

/** Seconds since 1970 by which it is due; `said` when it means nothing. */
int64_t when_due(const struct when *w, int64_t said, const struct hours *h);

/** "48 hours", "2 working days", "day+1 12:00", "weekday 5", "2026-03-12": in the arena. */
const char *when_text(struct arena *a, const struct when *w);

/**
 * What a pack writes for a fixed time: "day+1 12:00", "working+1", "weekday", "week+0", "month+0",
 * "date", "hours+1", "days+8"; parts that its pattern's groups give are left out. False: it is none.
 */
bool when_parse(const char *spec, struct when *ret);

#endif
