#ifndef MODEL_CIVIL_H
#define MODEL_CIVIL_H
/**
 * Civil: days and dates, without a clock. A day is a number of days since 1 January 1970.
 */
#include <stdbool.h>
#include <stdint.h>

enum { DAY_SECONDS = 86400, DAY_MINUTES = 1440 };

/** Gregorian, proleptic. month 1-12, day 1-31; a day past the month's end runs into the next. */
int64_t civil_day(int year, int month, int day);
void civil_date(int64_t day, int *year, int *month, int *dom);
/** Solar Hijri (Iran's calendar), years 1178-1633: month 1-12. */
int64_t civil_jalali_day(int year, int month, int day);
void civil_jalali_date(int64_t day, int *year, int *month, int *dom);
/** Monday 1 … Sunday 7. */
int civil_weekday(int64_t day);

/** "2026-11-19T14:30:00Z", "…+01:00" → seconds since 1970, and the offset in *offset (or NULL). */
bool civil_parse(const char *rfc3339, int64_t *seconds, int32_t *offset);

#endif
