/* Where in the scenario, and when by the calendar. */
#include <string.h>

#include "reporters/view.h"

unsigned view_step_line(const struct transcript *t, int seq)
{
    int step = seq >= 0 && (size_t)seq < t->count ? t->events[seq].step : -1;

    for (; seq >= 0 && (size_t)seq < t->count && step < 0; seq--)  /* what came before it */
        step = t->events[seq].step;
    if (step >= 0 && (size_t)step < t->step_count && t->steps[step].line)
        return t->steps[step].line;
    return t->line;
}

/* Days since 1970-01-01 in the Gregorian calendar: years begin in March, so that the leap day is
 * the last of its year. */
static int64_t days_of(int year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400, of_era = y - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

bool view_epoch(const char *rfc3339, int64_t *seconds)
{
    int y, mo, d, h, mi, s, oh = 0, om = 0;
    char sign = '+';

    if (!rfc3339 || strlen(rfc3339) < 20 ||
        sscanf(rfc3339, "%4d-%2d-%2dT%2d:%2d:%2d", &y, &mo, &d, &h, &mi, &s) != 6 || y < 1 ||
        mo < 1 || mo > 12 || d < 1 || d > 31 || h < 0 || h > 23 || mi < 0 || mi > 59 || s < 0 ||
        s > 60)
        return false;

    const char *zone = rfc3339 + 19;

    if (*zone == '.')
        zone += 1 + strspn(zone + 1, "0123456789");
    if (sscanf(zone, "%c%2d:%2d", &sign, &oh, &om) != 3)
        oh = om = 0;
    *seconds = days_of(y, mo, d) * 86400 + h * 3600 + mi * 60 + s -
               (sign == '-' ? -1 : 1) * (oh * 3600 + om * 60);
    return true;
}

const char *view_started(const struct result *r)
{
    for (size_t i = 0; !r->started && i < r->count; i++) {
        const char *started = result_journey(r, i)->transcript->started;

        if (started)
            return started;
    }
    return r->started;
}
