#include "harness/model/hours.h"

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
