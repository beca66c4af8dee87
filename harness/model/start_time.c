#include "harness/model/start_time.h"

#include <stdio.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/model/civil.h"

static const char *const days[] = {
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
};

/* 1 … 7; 0: no day is called so. */
static int weekday_named(const char *word, size_t len)
{
    for (size_t i = 0; i < ARRAY_LEN(days); i++) {
        CLEANUP(mem_freep) char *name = mem_strndup(days[i], len == 3 ? 3 : strlen(days[i]));
        CLEANUP(mem_freep) char *given = mem_strndup(word, len);

        if (text_same_ascii(name, given))
            return (int)i + 1;
    }
    return 0;
}

const char *start_time_parse(const char *text, struct start_time *ret)
{
    static const char wrong[] = "expected a time of the day such as \"20:30\", or of a day of the week "
                                "such as \"Sunday 11:00\"";
    const char *space = strchr(text, ' ');
    int hour, minute, used = 0;

    *ret = (struct start_time){ .text = text };
    if (space && !(ret->weekday = weekday_named(text, (size_t)(space - text))))
        return wrong;
    if (sscanf(space ? space + 1 : text, "%2d:%2d%n", &hour, &minute, &used) != 2 ||
        (space ? space + 1 : text)[used] || hour < 0 || hour > 23 || minute < 0 || minute > 59 ||
        used < 4 || (space ? space + 1 : text)[used - 3] != ':')
        return wrong;
    ret->minute = hour * 60 + minute;
    return NULL;
}

static int64_t local_day(const struct zone *z, int64_t seconds)
{
    int64_t local = seconds + zone_offset(z, seconds);

    return local / DAY_SECONDS - (local % DAY_SECONDS < 0);
}

int64_t start_time_next(const struct start_time *m, const struct zone *z, int64_t now)
{
    int64_t day = local_day(z, now) - 1;

    for (;; day++) {
        int64_t at = zone_time(z, day * DAY_SECONDS + m->minute * 60);

        if (at >= now && (!m->weekday || civil_weekday(day) == m->weekday))
            return at;
    }
}
