#include "harness/model/zone.h"

#include <stdlib.h>
#include <string.h>

#include "harness/model/civil.h"

/* One change of a POSIX TZ rule: "M3.5.0/2", "J60", "59". */
struct turn {
    char kind;                    /* 'M', 'J', '0' */
    int month, week, weekday, day;
    int32_t at;                   /* seconds after local midnight */
};

struct rules {
    int32_t standard, summer;     /* seconds ahead of UTC */
    bool has_summer;
    struct turn to_summer, to_standard;
};

static const char *number(const char *p, int *ret)
{
    char *end;
    long n;

    if (*p < '0' || *p > '9')
        return NULL;
    n = strtol(p, &end, 10);
    *ret = n > 1000 ? 1000 : (int)n;
    return end;
}

/* "CET" or "<+0330>" */
static const char *abbreviation(const char *p)
{
    size_t n = *p == '<' ? strcspn(p, ">") + 1
                         : strspn(p, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    return n >= 3 && strlen(p) >= n ? p + n : NULL;
}

/* "-1", "3:30", "+5:45:00" in seconds */
static const char *clock_time(const char *p, int32_t *ret)
{
    int sign = 1, part[3] = { 0 };

    if (*p == '+' || *p == '-')
        sign = *p++ == '-' ? -1 : 1;
    for (int i = 0; i < 3; i++) {
        if (i && *p != ':')
            break;
        if (!(p = number(i ? p + 1 : p, &part[i])))
            return NULL;
    }
    *ret = sign * (part[0] * 3600 + part[1] * 60 + part[2]);
    return p;
}

static const char *turn(const char *p, struct turn *t)
{
    t->at = 2 * 3600;
    t->kind = *p == 'M' || *p == 'J' ? *p++ : '0';
    if (t->kind == 'M') {
        if (!(p = number(p, &t->month)) || *p != '.' || !(p = number(p + 1, &t->week)) ||
            *p != '.' || !(p = number(p + 1, &t->weekday)) || t->month < 1 || t->month > 12 ||
            t->week < 1 || t->week > 5 || t->weekday > 6)
            return NULL;
    } else if (!(p = number(p, &t->day)) || t->day > 366) {
        return NULL;
    }
    return *p == '/' ? clock_time(p + 1, &t->at) : p;
}

static bool parse(const char *p, struct rules *r)
{
    *r = (struct rules){ 0 };
    if (!(p = abbreviation(p)) || !(p = clock_time(p, &r->standard)))
        return false;
    r->standard = -r->standard;                  /* POSIX counts westwards */
    if (!*p)
        return true;
    r->has_summer = true;
    r->summer = r->standard + 3600;
    if (!(p = abbreviation(p)))
        return false;
    if (*p != ',') {
        if (!(p = clock_time(p, &r->summer)))
            return false;
        r->summer = -r->summer;
    }
    return *p == ',' && (p = turn(p + 1, &r->to_summer)) && *p == ',' &&
           (p = turn(p + 1, &r->to_standard)) && !*p;
}

bool zone_rules_ok(const char *rules)
{
    struct rules r;

    return !*rules || parse(rules, &r);
}

/* Local time of a year's change. */
static int64_t turn_in(const struct turn *t, int year)
{
    int64_t first = civil_day(year, t->kind == 'M' ? t->month : 1, 1), day;

    if (t->kind == 'M') {
        int next = t->month == 12 ? 1 : t->month + 1;
        int64_t end = civil_day(year + (t->month == 12), next, 1);

        day = first + (t->weekday + 7 - civil_weekday(first) % 7) % 7 + (t->week - 1) * 7;
        while (day >= end)
            day -= 7;
    } else {
        bool leap = civil_day(year + 1, 1, 1) - first == 366;

        day = first + (t->kind == 'J' ? t->day - 1 + (leap && t->day > 59) : t->day);
    }
    return day * DAY_SECONDS + t->at;
}

static int32_t by_rules(const struct rules *r, int64_t seconds)
{
    int year, month, day;

    if (!r->has_summer)
        return r->standard;
    civil_date((seconds + r->standard) / DAY_SECONDS, &year, &month, &day);

    int64_t begin = turn_in(&r->to_summer, year) - r->standard;
    int64_t end = turn_in(&r->to_standard, year) - r->summer;
    bool summer = begin < end ? seconds >= begin && seconds < end
                              : seconds >= begin || seconds < end;

    return summer ? r->summer : r->standard;
}

int32_t zone_offset(const struct zone *z, int64_t seconds)
{
    struct rules r;
    size_t n = z->count;

    if (!n || seconds >= z->at[n - 1])
        return z->rules && parse(z->rules, &r) ? by_rules(&r, seconds) : n ? z->offset[n - 1] : 0;
    for (size_t i = n; i-- > 0;)
        if (seconds >= z->at[i])
            return z->offset[i];
    return z->offset[0];
}

int64_t zone_time(const struct zone *z, int64_t local)
{
    int32_t before = zone_offset(z, local - DAY_SECONDS), after = zone_offset(z, local + DAY_SECONDS);
    int64_t early = local - before, late = local - after;

    if (before == after)
        return early;
    if (zone_offset(z, early) == before)         /* still, or shown twice */
        return early;
    if (zone_offset(z, late) == after)
        return late;

    /* Jumped over: the change itself, between the two. */
    int64_t low = late < early ? late : early, high = late < early ? early : late;

    while (high - low > 1) {
        int64_t middle = low + (high - low) / 2;

        if (zone_offset(z, middle) == before)
            low = middle;
        else
            high = middle;
    }
    return high;
}
