#include "harness/model/hours.h"

#include <stdio.h>
#include <string.h>

#include "harness/model/civil.h"

/* A company that is closed for longer never opens again; nor do we count on. */
enum { DAYS_MAX = 4000 };

void hours_assumed(struct hours *h, int32_t offset, struct arena *a)
{
    int64_t *at = arena_alloc(a, sizeof *at);
    int32_t *ahead = arena_alloc(a, sizeof *ahead);

    *at = INT64_MIN / 2;
    *ahead = offset;
    *h = (struct hours){ .zone = { "", "", at, ahead, 1 } };
    for (int i = 0; i < 5; i++) {
        h->week[i].spans[0].close = DAY_MINUTES;
        h->week[i].count = 1;
    }
}

static void *copied(struct arena *a, const void *from, size_t size)
{
    return size ? memcpy(arena_alloc(a, size), from, size) : NULL;
}

struct hours hours_copy(struct arena *a, const struct hours *h)
{
    struct hours c = *h;

    c.zone.name = arena_strdup(a, h->zone.name);
    c.zone.rules = arena_strdup(a, h->zone.rules);
    c.zone.at = copied(a, h->zone.at, h->zone.count * sizeof *h->zone.at);
    c.zone.offset = copied(a, h->zone.offset, h->zone.count * sizeof *h->zone.offset);
    c.holidays = copied(a, h->holidays, h->holiday_count * sizeof *h->holidays);
    c.yearly = copied(a, h->yearly, h->yearly_count * sizeof *h->yearly);
    return c;
}

/* As people write them */

const char *const hours_day_names[8] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun", NULL };

static int day_named(const char *s, size_t len)
{
    for (int i = 0; len == 3 && i < 7; i++)
        if (!strncmp(hours_day_names[i], s, 3))
            return i;
    return -1;
}

static const char *read_times(struct hours_day *d, const char *p)
{
    *d = (struct hours_day){ 0 };
    if (!strcmp(p, "closed"))
        return NULL;
    for (int from = 0;; p++) {
        int h1, m1, h2, m2, used = 0;

        if (sscanf(p, " %2d:%2d - %2d:%2d %n", &h1, &m1, &h2, &m2, &used) != 4 || !used)
            return "expected times such as 09:00-17:30, or closed";

        int open = h1 * 60 + m1, close = h2 * 60 + m2;

        if (h1 < 0 || m1 < 0 || m1 > 59 || m2 < 0 || m2 > 59 || open < from || close <= open ||
            close > DAY_MINUTES)
            return "the times of a day go forward, from 00:00 to 24:00";
        if (d->count == HOURS_SPANS_MAX)
            return "at most four spans a day";
        d->spans[d->count].open = open;
        d->spans[d->count++].close = from = close;
        p += used;
        if (!*p)
            return NULL;
        if (*p != ',')
            return "expected a comma between two spans";
    }
}

const char *hours_set_days(struct hours *h, const char *days, const char *times)
{
    size_t n = strcspn(days, "-");
    int first = day_named(days, n), last = days[n] ? day_named(days + n + 1, strlen(days + n + 1))
                                                   : first;
    struct hours_day d;
    const char *wrong;

    if (first < 0 || last < 0)
        return "days are mon, tue, wed, thu, fri, sat, sun, or two of them as in mon-fri";
    if ((wrong = read_times(&d, times)))
        return wrong;
    for (int i = first;; i = (i + 1) % 7) {
        h->week[i] = d;
        if (i == last)
            return NULL;
    }
}

const char *hours_add_holiday(struct hours *h, struct arena *a, const char *date)
{
    int year = 0, month, day, used = 0;
    bool yearly = sscanf(date, "%2d-%2d%n", &month, &day, &used) == 2 && used && !date[used];

    if (!yearly && (sscanf(date, "%4d-%2d-%2d%n", &year, &month, &day, &used) != 3 || date[used]))
        return "a holiday is a date such as 2026-12-25, or 12-25 for every year";
    if (month < 1 || month > 12 || day < 1 || day > 31)
        return "there is no such date";
    if (!h->holidays) {
        h->holidays = arena_alloc(a, HOURS_HOLIDAYS_MAX * sizeof *h->holidays);
        h->yearly = arena_alloc(a, HOURS_HOLIDAYS_MAX * sizeof *h->yearly);
    }
    if (h->holiday_count + h->yearly_count == HOURS_HOLIDAYS_MAX)
        return "too many holidays";
    if (yearly)
        h->yearly[h->yearly_count++] = month * 100 + day;
    else
        h->holidays[h->holiday_count++] = civil_day(year, month, day);
    return NULL;
}

const char *hours_day_text(struct arena *a, const struct hours_day *d)
{
    const char *text = "";

    for (size_t i = 0; i < d->count; i++)
        text = arena_printf(a, "%s%s%02d:%02d-%02d:%02d", text, i ? ", " : "",
                            d->spans[i].open / 60, d->spans[i].open % 60, d->spans[i].close / 60,
                            d->spans[i].close % 60);
    return d->count ? text : "closed";
}

/* Reckoning */

static bool is_holiday(const struct hours *h, int64_t day)
{
    int year, month, dom;

    for (size_t i = 0; i < h->holiday_count; i++)
        if (h->holidays[i] == day)
            return true;
    civil_date(day, &year, &month, &dom);
    for (size_t i = 0; i < h->yearly_count; i++)
        if (h->yearly[i] == month * 100 + dom)
            return true;
    return false;
}

static const struct hours_day *day_of(const struct hours *h, int64_t day)
{
    static const struct hours_day closed;

    return is_holiday(h, day) ? &closed : &h->week[civil_weekday(day) - 1];
}

bool hours_is_working_day(const struct hours *h, int64_t day)
{
    return day_of(h, day)->count > 0;
}

int64_t hours_local_day(const struct hours *h, int64_t seconds)
{
    int64_t local = seconds + zone_offset(&h->zone, seconds);

    return local / DAY_SECONDS - (local % DAY_SECONDS < 0);
}

int64_t hours_at(const struct hours *h, int64_t day, int minute)
{
    return zone_time(&h->zone, day * DAY_SECONDS + (int64_t)minute * 60);
}

int64_t hours_closing(const struct hours *h, int64_t day)
{
    const struct hours_day *d = day_of(h, day);

    return hours_at(h, day, d->count ? d->spans[d->count - 1].close : DAY_MINUTES);
}

int64_t hours_add_open(const struct hours *h, int64_t from, int64_t seconds)
{
    int64_t day = hours_local_day(h, from);

    for (int n = 0; n < DAYS_MAX; n++, day++) {
        const struct hours_day *d = day_of(h, day);

        for (size_t i = 0; i < d->count; i++) {
            int64_t open = hours_at(h, day, d->spans[i].open);
            int64_t close = hours_at(h, day, d->spans[i].close);

            if (open < from)
                open = from;
            if (close <= open)
                continue;
            if (seconds <= close - open)
                return open + seconds;
            seconds -= close - open;
        }
    }
    return from;
}

int64_t hours_open_between(const struct hours *h, int64_t from, int64_t to)
{
    int64_t day = hours_local_day(h, from), sum = 0;

    for (int n = 0; n < DAYS_MAX && hours_at(h, day, 0) < to; n++, day++) {
        const struct hours_day *d = day_of(h, day);

        for (size_t i = 0; i < d->count; i++) {
            int64_t open = hours_at(h, day, d->spans[i].open);
            int64_t close = hours_at(h, day, d->spans[i].close);

            open = open < from ? from : open;
            close = close > to ? to : close;
            sum += close > open ? close - open : 0;
        }
    }
    return sum;
}
