#ifndef MODEL_HOURS_H
#define MODEL_HOURS_H
/**
 * Hours: when a company works: days and times of the week, holidays, time zone. Pure.
 *
 * Units  times are seconds since 1970; opening times minutes after local midnight, the end excluded
 *        (1440 = midnight).
 */
#include "harness/model/zone.h"

enum { HOURS_SPANS_MAX = 4, HOURS_HOLIDAYS_MAX = 400 };

struct hours_day {
    struct { int open, close; } spans[HOURS_SPANS_MAX];   /* ascending */
    size_t count;                 /* 0: closed */
};

struct hours {
    bool given;                   /* false: nothing is published; see hours_assumed() */
    struct zone zone;
    struct hours_day week[7];     /* Monday first */
    int64_t *holidays;            /* days since 1970; in the arena, HOURS_HOLIDAYS_MAX of room */
    size_t holiday_count;
    int *yearly;                  /* month * 100 + day: every year; likewise */
    size_t yearly_count;
};

extern const char *const hours_day_names[8];   /* "mon" … "sun", NULL */

/**
 * Set what is written for one day or several ("mon-fri", "sat"): "09:00-12:30, 13:30-18:00",
 * "closed". @return NULL, or what is wrong with it (constant).
 */
const char *hours_set_days(struct hours *h, const char *days, const char *times);
/** "2026-12-25", or "12-25" for every year. @return NULL, or what is wrong with it. */
const char *hours_add_holiday(struct hours *h, struct arena *a, const char *date);
/** A day's times as hours_set_days takes them. */
const char *hours_day_text(struct arena *a, const struct hours_day *d);

/** A copy that lies in another arena. */
struct hours hours_copy(struct arena *a, const struct hours *h);

/** Monday to Friday, all day long, at a fixed offset: what "working days" means without more. */
void hours_assumed(struct hours *h, int32_t offset, struct arena *a);

bool hours_is_working_day(const struct hours *h, int64_t local_day);
int64_t hours_local_day(const struct hours *h, int64_t seconds);
/** When that day's work ends; the day's own end when it is none. */
int64_t hours_closing(const struct hours *h, int64_t local_day);
int64_t hours_at(const struct hours *h, int64_t local_day, int minute);

/** The time by which `seconds` of opening time have passed since `from`; from when it never does. */
int64_t hours_add_open(const struct hours *h, int64_t from, int64_t seconds);
/** Opening time between two times. */
int64_t hours_open_between(const struct hours *h, int64_t from, int64_t to);

#endif
