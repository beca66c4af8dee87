/* Times a message names: "24 hours", "one to two working days", "tomorrow". */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/duration.h"
#include "harness/read/pack.h"

static struct slice group(struct slice text, const struct regex_match *m, int g)
{
    if (g <= 0 || g >= REGEX_GROUPS || m->start[g] == SIZE_MAX)
        return (struct slice){ "", 0 };
    return (struct slice){ text.ptr + m->start[g], m->end[g] - m->start[g] };
}

static double number_value(const struct pack *p, struct slice s)
{
    char digits[32];

    if (s.len && s.ptr[0] >= '0' && s.ptr[0] <= '9' && s.len < sizeof digits) {
        memcpy(digits, s.ptr, s.len);
        digits[s.len] = 0;
        char *comma = strchr(digits, ',');

        if (comma)
            *comma = '.';
        return strtod(digits, NULL);
    }

    struct arena *a = arena_new();
    const char *phrase = pack_phrase(a, arena_strndup(a, s.ptr, s.len));
    int i = phrase ? dictionary_find(&p->numbers, slice_str(phrase)) : -1;

    arena_free(a);
    return i < 0 ? 0 : p->number_values[i];
}

/* The unit whose pattern matches all of what stands there; NULL none. */
static const struct lexicon_unit *unit_of(const struct pack *p, struct slice unit)
{
    const struct list *units = &p->lexicon->units;

    for (size_t i = 0; i < units->count; i++) {
        const struct lexicon_unit *u = LIST_ITEM(struct lexicon_unit, *units, i);
        struct regex_match m;

        if (regex_search(u->match.regex, unit, 0, &m) == ST_OK && m.start[0] == 0 &&
            m.end[0] == unit.len)
            return u;
    }
    return NULL;
}

#define LONGEST_US 3.15e15        /* a hundred years */

static struct when counted(double n, const struct lexicon_unit *u, int64_t us)
{
    enum { WORKING_DAYS_MAX = 1000 };
    const int64_t day = 24 * 3600 * US_PER_S;

    if (u->working && u->us >= day && n * (double)u->us / (double)day <= WORKING_DAYS_MAX)
        return (struct when){ .kind = WHEN_WORKING_DAYS, .minute = -1,
                              .count = (int)ceil(n * (double)u->us / (double)day) };
    return (struct when){ .kind = u->working ? WHEN_OPEN_SPAN : WHEN_SPAN, .minute = -1, .us = us,
                          .unit_us = u->us };
}

static bool find_counted(const struct pack *p, const uint64_t *worth, struct slice text,
                         size_t from, struct time_span *out)
{
    struct regex_match m;

    if (!p->time || !bit_set(worth, p->rule_count) ||
        regex_search_valid(p->time, text, from, &m))
        return false;

    const struct lexicon_unit *u = unit_of(p, group(text, &m, regex_group(p->time, "unit")));
    double n = number_value(p, group(text, &m, regex_group(p->time, "to")));
    double us = u ? n * (double)u->us : 0;

    *out = (struct time_span){ .start = m.start[0], .end = m.end[0] };
    if (us > 0 && us < LONGEST_US) {
        out->us = (int64_t)us;
        out->when = counted(n, u, out->us);
    }
    return true;
}

/* Fixed times */

const char *const time_group_names[TIME_GROUPS] = { "hour", "minute", "half", "weekday", "day",
                                                    "month", "year" };

static int small_number(struct slice s)
{
    int n = 0;

    for (size_t i = 0; i < s.len && s.ptr[i] >= '0' && s.ptr[i] <= '9' && n < 100000; i++)
        n = n * 10 + (s.ptr[i] - '0');
    return n;
}

static int named(const struct dictionary *d, struct slice s)
{
    struct arena *a = arena_new();
    const char *phrase = s.len ? pack_phrase(a, arena_strndup(a, s.ptr, s.len)) : NULL;
    int n = phrase ? dictionary_find(d, slice_str(phrase)) : -1;

    arena_free(a);
    return n > 0 ? n : 0;
}

/* "5 pm", "17:00", "ساعت 5 بعد از ظهر": `half` is the second half of the day. */
static void read_clock(struct when *w, struct slice hour, struct slice minute, struct slice half)
{
    int h = small_number(hour), m = small_number(minute);

    if (!hour.len || h > 24 || m > 59)
        return;
    if (half.len && h < 12)
        h += 12;
    w->minute = h * 60 + m;
}

enum { JALALI_MONTHS = 20, JALALI_YEARS_FROM = 1200, JALALI_YEARS_TO = 1600, CENTURY = 2000 };

static void read_date(const struct pack *p, struct when *w, struct slice day, struct slice month,
                      struct slice year)
{
    bool digits = month.len && month.ptr[0] >= '0' && month.ptr[0] <= '9';

    w->day = small_number(day);
    w->month = digits ? small_number(month) : named(&p->months, month);
    w->year = small_number(year);
    w->jalali = w->month > JALALI_MONTHS ||
                (w->year >= JALALI_YEARS_FROM && w->year < JALALI_YEARS_TO);
    if (w->month > JALALI_MONTHS)
        w->month -= JALALI_MONTHS;
    if (w->year > 0 && w->year < 100)
        w->year += CENTURY;
}

static struct when fixed_when(const struct pack *p, const struct fixed_time *t, struct slice text,
                              const struct regex_match *m)
{
    struct when w = t->when;
    int g[TIME_GROUPS];

    if (w.kind == WHEN_NONE)
        return w;
    for (int i = 0; i < TIME_GROUPS; i++)
        g[i] = t->named ? regex_group(t->match, time_group_names[i]) : -1;
    read_clock(&w, group(text, m, g[GROUP_HOUR]), group(text, m, g[GROUP_MINUTE]),
               group(text, m, g[GROUP_HALF]));
    if (w.kind == WHEN_WEEKDAY && !w.count)
        w.count = named(&p->weekdays, group(text, m, g[GROUP_WEEKDAY]));
    if (w.kind == WHEN_DATE)
        read_date(p, &w, group(text, m, g[GROUP_DAY]), group(text, m, g[GROUP_MONTH]),
                  group(text, m, g[GROUP_YEAR]));
    if ((w.kind == WHEN_WEEKDAY && (w.count < 1 || w.count > 7)) ||
        (w.kind == WHEN_DATE && (w.day < 1 || w.day > 31 || w.month < 1 || w.month > 12)))
        w.kind = WHEN_NONE;
    return w;
}

bool pack_find_time(const struct pack *p, const uint64_t *worth, struct slice text, size_t from,
                    struct time_span *out)
{
    bool found = find_counted(p, worth, text, from, out);

    for (size_t i = 0; i < p->time_count; i++) {
        struct regex_match m;

        if (!bit_set(worth, p->rule_count + 1 + i) ||
            regex_search_valid(p->times[i].match, text, from, &m) || m.end[0] == m.start[0])
            continue;
        if (found && (m.start[0] > out->start ||
                      (m.start[0] == out->start && m.end[0] <= out->end)))
            continue;
        *out = (struct time_span){ m.start[0], m.end[0], p->times[i].us,
                                   fixed_when(p, &p->times[i], text, &m) };
        found = true;
    }
    return found && out->end > out->start;
}
