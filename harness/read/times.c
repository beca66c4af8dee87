/* Times a message names: "24 hours", "one to two working days", "tomorrow". */
#include <stdlib.h>
#include <string.h>

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

/* The unit whose pattern matches all of what stands there. */
static int64_t unit_us(const struct pack *p, struct slice unit)
{
    const struct list *units = &p->lexicon->units;

    for (size_t i = 0; i < units->count; i++) {
        const struct lexicon_unit *u = LIST_ITEM(struct lexicon_unit, *units, i);
        struct regex_match m;

        if (regex_search(u->match.regex, unit, 0, &m) == ST_OK && m.start[0] == 0 &&
            m.end[0] == unit.len)
            return u->us;
    }
    return 0;
}

static bool find_counted(const struct pack *p, const uint64_t *worth, struct slice text,
                         size_t from, struct time_span *out)
{
    struct regex_match m;

    if (!p->time || !bit_set(worth, p->rule_count) ||
        regex_search_valid(p->time, text, from, &m))
        return false;

    double n = number_value(p, group(text, &m, regex_group(p->time, "to")));
    double us = n * (double)unit_us(p, group(text, &m, regex_group(p->time, "unit")));

    *out = (struct time_span){ m.start[0], m.end[0], us < 3.15e15 ? (int64_t)us : 0 };
    return true;
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
        *out = (struct time_span){ m.start[0], m.end[0], p->times[i].us };
        found = true;
    }
    return found && out->end > out->start;
}
