#include "harness/model/civil.h"

#include <stdio.h>
#include <string.h>

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* Years are counted from March, so that the leap day is a year's last. */
int64_t civil_day(int year, int month, int day)
{
    int64_t y = (int64_t)year - (month < 3), m = (month + 9) % 12;
    int64_t leaps = floor_div(y, 4) - floor_div(y, 100) + floor_div(y, 400);

    return y * 365 + leaps + (m * 306 + 5) / 10 + day - 1 - 719468;
}

void civil_date(int64_t day, int *year, int *month, int *dom)
{
    int64_t y = floor_div((day + 719468) * 10000 + 14780, 3652425);
    int64_t rest = day - civil_day((int)y, 3, 1);

    if (rest < 0)
        rest = day - civil_day((int)--y, 3, 1);

    int64_t m = (rest * 100 + 52) / 3060;

    *dom = (int)(rest - (m * 306 + 5) / 10 + 1);
    *month = (int)((m + 2) % 12 + 1);
    *year = (int)(y + (*month < 3));
}

/* Leap years repeat in a 33-year cycle between 1178 and 1633. */
static bool jalali_leap(int year)
{
    int y = year % 33;

    return y == 1 || y == 5 || y == 9 || y == 13 || y == 17 || y == 22 || y == 26 || y == 30;
}

static int64_t jalali_new_year(int year)
{
    int64_t day = civil_day(1979, 3, 21);        /* 1 Farvardin 1358 */

    for (int y = 1358; y < year; y++)
        day += 365 + jalali_leap(y);
    for (int y = year; y < 1358; y++)
        day -= 365 + jalali_leap(y);
    return day;
}

int64_t civil_jalali_day(int year, int month, int day)
{
    int before = month <= 7 ? (month - 1) * 31 : 186 + (month - 7) * 30;

    return jalali_new_year(year) + before + day - 1;
}

void civil_jalali_date(int64_t day, int *year, int *month, int *dom)
{
    int g, m, d;

    civil_date(day, &g, &m, &d);
    *year = g - 621;
    if (*year < 1178 || *year > 1633) {
        *year = *month = *dom = 0;
        return;
    }
    if (jalali_new_year(*year) > day)
        (*year)--;

    int rest = (int)(day - jalali_new_year(*year));

    *month = rest < 186 ? rest / 31 + 1 : (rest - 186) / 30 + 7;
    *dom = rest < 186 ? rest % 31 + 1 : (rest - 186) % 30 + 1;
}

int civil_weekday(int64_t day)
{
    return (int)(((day + 3) % 7 + 7) % 7) + 1;   /* 1 January 1970 was a Thursday */
}

bool civil_parse(const char *text, int64_t *seconds, int32_t *offset)
{
    int year, month, day, hour, minute, second, used = 0, zone_hours, zone_minutes;
    int32_t zone = 0;

    if (!text || strlen(text) > 40 ||
        sscanf(text, "%4d-%2d-%2d%*1[Tt ]%2d:%2d:%2d%n", &year, &month, &day, &hour, &minute,
               &second, &used) != 6 || !used || month < 1 || month > 12 || day < 1 || day > 31)
        return false;
    text += used;
    if (*text == '.')
        text += 1 + strspn(text + 1, "0123456789");
    if (*text == '+' || *text == '-') {
        if (sscanf(text + 1, "%2d:%2d", &zone_hours, &zone_minutes) != 2)
            return false;
        zone = (zone_hours * 60 + zone_minutes) * 60 * (*text == '-' ? -1 : 1);
    } else if (*text != 'Z' && *text != 'z') {
        return false;
    }
    *seconds = civil_day(year, month, day) * DAY_SECONDS + hour * 3600 + minute * 60 + second -
               zone;
    if (offset)
        *offset = zone;
    return true;
}
