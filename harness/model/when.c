#include "harness/model/when.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/duration.h"
#include "harness/model/civil.h"

enum { SEARCH_DAYS_MAX = 6000 };

/* The moment a day is over: at the clock time named, else when the company closes. */
static int64_t on_day(const struct when *w, int64_t day, const struct hours *h)
{
    return w->minute >= 0 ? hours_at(h, day, w->minute) : hours_closing(h, day);
}

static int64_t working_days(const struct when *w, int64_t said, const struct hours *h)
{
    int64_t day = hours_local_day(h, said);
    int left = w->count;

    if (left == 0 && hours_is_working_day(h, day) && said < on_day(w, day, h))
        return on_day(w, day, h);
    left = left ? left : 1;
    for (int n = 0; n < SEARCH_DAYS_MAX; n++)
        if (hours_is_working_day(h, ++day) && --left == 0)
            return on_day(w, day, h);
    return said;
}

/* The last working day of the week that ends `weeks` from now; its Sunday when there is none. */
static int64_t week_end(const struct when *w, int64_t said, const struct hours *h)
{
    int64_t today = hours_local_day(h, said), monday = today - civil_weekday(today) + 1;
    int64_t sunday = monday + 6 + 7 * (int64_t)w->count;

    for (int64_t day = sunday; day > sunday - 7 && day >= today; day--)
        if (hours_is_working_day(h, day))
            return on_day(w, day, h);
    return on_day(w, sunday, h);
}

static int64_t month_end(const struct when *w, int64_t said, const struct hours *h)
{
    int year, month, day, months;

    civil_date(hours_local_day(h, said), &year, &month, &day);
    months = year * 12 + month - 1 + w->count + 1;
    return on_day(w, civil_day(months / 12, months % 12 + 1, 1) - 1, h);
}

static int64_t date_day(const struct when *w, int year)
{
    return w->jalali ? civil_jalali_day(year, w->month, w->day)
                     : civil_day(year, w->month, w->day);
}

/* A date without a year is the next one; a few days back, it is that. */
static int64_t by_date(const struct when *w, int64_t said, const struct hours *h)
{
    enum { BACK_DAYS = 31 };
    int64_t today = hours_local_day(h, said);
    int year = w->year, month, dom;

    if (w->month < 1 || w->month > 12 || w->day < 1 || w->day > 31)
        return said;
    if (year)
        return on_day(w, date_day(w, year), h);
    if (w->jalali)
        civil_jalali_date(today, &year, &month, &dom);
    else
        civil_date(today, &year, &month, &dom);
    return on_day(w, date_day(w, year + (date_day(w, year) < today - BACK_DAYS)), h);
}

int64_t when_due(const struct when *w, int64_t said, const struct hours *h)
{
    int64_t today = hours_local_day(h, said);

    switch (w->kind) {
    case WHEN_SPAN: return said + w->us / US_PER_S;
    case WHEN_OPEN_SPAN: return hours_add_open(h, said, w->us / US_PER_S);
    case WHEN_WORKING_DAYS: return working_days(w, said, h);
    case WHEN_DAY: return on_day(w, today + w->count, h);
    case WHEN_WEEKDAY: return on_day(w, today + (w->count - civil_weekday(today) + 7) % 7, h);
    case WHEN_WEEK: return week_end(w, said, h);
    case WHEN_MONTH: return month_end(w, said, h);
    case WHEN_DATE: return by_date(w, said, h);
    case WHEN_NONE: break;
    }
    return said;
}

static const struct unit { const char *name; int64_t us; } units[] = {
    { "month", 30 * 24 * 3600 * US_PER_S },
    { "week", 7 * 24 * 3600 * US_PER_S }, { "day", 24 * 3600 * US_PER_S },
    { "hour", 3600 * US_PER_S }, { "minute", 60 * US_PER_S }, { "second", US_PER_S },
};

/* In the unit it was named in: "48 hours" are not "2 days". */
static const char *span_text(struct arena *a, const struct when *w, const char *open)
{
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        double n = (double)w->us / (double)units[i].us;

        if (w->unit_us == units[i].us || (!w->unit_us && w->us % units[i].us == 0))
            return arena_printf(a, "%g %s%s%s", n, open, units[i].name, n == 1 ? "" : "s");
    }
    return arena_printf(a, "%g %sseconds", (double)w->us / US_PER_S, open);
}

const char *when_text(struct arena *a, const struct when *w)
{
    const char *clock = w->minute < 0 || w->kind == WHEN_SPAN || w->kind == WHEN_OPEN_SPAN ? ""
                        : arena_printf(a, " %02d:%02d", w->minute / 60, w->minute % 60);

    switch (w->kind) {
    case WHEN_SPAN: return span_text(a, w, "");
    case WHEN_OPEN_SPAN: return span_text(a, w, "working ");
    case WHEN_WORKING_DAYS:
        return w->count ? arena_printf(a, "%d working day%s%s", w->count, w->count == 1 ? "" : "s",
                                       clock)
                        : arena_printf(a, "day+0%s", clock);
    case WHEN_DAY: return arena_printf(a, "day+%d%s", w->count, clock);
    case WHEN_WEEKDAY: return arena_printf(a, "weekday %d%s", w->count, clock);
    case WHEN_WEEK: return arena_printf(a, "week+%d%s", w->count, clock);
    case WHEN_MONTH: return arena_printf(a, "month+%d%s", w->count, clock);
    case WHEN_DATE:
        return w->year ? arena_printf(a, "%04d-%02d-%02d%s", w->year, w->month, w->day, clock)
                       : arena_printf(a, "%02d-%02d%s", w->month, w->day, clock);
    case WHEN_NONE: break;
    }
    return "";
}

bool when_parse(const char *spec, struct when *ret)
{
    static const struct { const char *name; enum when_kind kind; } kinds[] = {
        { "day", WHEN_DAY },     { "working", WHEN_WORKING_DAYS }, { "weekday", WHEN_WEEKDAY },
        { "week", WHEN_WEEK },   { "month", WHEN_MONTH },          { "date", WHEN_DATE },
        { "hours", WHEN_SPAN },  { "days", WHEN_SPAN },
    };
    size_t n = strcspn(spec, "+ ");
    int64_t unit = spec[0] == 'd' ? 24 * 3600 * US_PER_S : 3600 * US_PER_S;
    int hour, minute;

    *ret = (struct when){ .minute = -1 };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strlen(kinds[i].name) == n && !strncmp(spec, kinds[i].name, n))
            ret->kind = kinds[i].kind;
    spec += n;
    if (*spec == '+')
        ret->count = (int)strtol(spec + 1, (char **)&spec, 10);
    if (ret->kind == WHEN_SPAN)
        ret->us = ret->count * (ret->unit_us = unit);
    if (*spec == ' ' && sscanf(spec, " %2d:%2d", &hour, &minute) == 2) {
        ret->minute = hour * 60 + minute;
        spec += strlen(spec);
    }
    return ret->kind != WHEN_NONE && !*spec;
}
