#include "harness/model/hours_json.h"

#include "harness/model/civil.h"

enum { CHANGES_MAX = 64, BEFORE_DAYS = 400, AFTER_DAYS = 800 };

static json_t *changes_json(const struct zone *z, int64_t started)
{
    json_t *list = json_array();
    int64_t from = started - (int64_t)BEFORE_DAYS * DAY_SECONDS;
    int64_t to = started + (int64_t)AFTER_DAYS * DAY_SECONDS;

    if (z->count)
        json_array_append_new(list, json_pack("[I,i]", (json_int_t)from,
                                              (int)zone_offset(z, from)));
    for (size_t i = 0; i < z->count && json_array_size(list) < CHANGES_MAX; i++)
        if (z->at[i] > from && z->at[i] < to)
            json_array_append_new(list, json_pack("[I,i]", (json_int_t)z->at[i],
                                                  (int)z->offset[i]));
    return list;
}

json_t *hours_json(const struct hours *h, int64_t started)
{
    struct arena *a = arena_new();
    json_t *o = json_object(), *days = json_object(), *holidays = json_array();

    json_put_text(o, "zone", h->zone.name);
    json_put_text(o, "rules", h->zone.rules);
    json_object_set_new(o, "changes", changes_json(&h->zone, started));
    for (int i = 0; i < 7; i++)
        json_put_text(days, hours_day_names[i], hours_day_text(a, &h->week[i]));
    for (size_t i = 0; i < h->holiday_count; i++) {
        int year, month, day;

        civil_date(h->holidays[i], &year, &month, &day);
        json_array_append_new(holidays, json_string(arena_printf(a, "%04d-%02d-%02d", year, month,
                                                                 day)));
    }
    for (size_t i = 0; i < h->yearly_count; i++)
        json_array_append_new(holidays, json_string(arena_printf(a, "%02d-%02d",
                                                                 h->yearly[i] / 100,
                                                                 h->yearly[i] % 100)));
    json_object_set_new(o, "days", days);
    json_object_set_new(o, "holidays", holidays);
    arena_free(a);
    return o;
}

static void read_changes(const struct members *m, struct zone *z)
{
    const json_t *list = member_list(m, "changes", OPTIONAL, CHANGES_MAX + 1);
    int64_t *at = arena_alloc(m->arena, (CHANGES_MAX + 1) * sizeof *at);
    int32_t *offset = arena_alloc(m->arena, (CHANGES_MAX + 1) * sizeof *offset);

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *row = json_array_get(list, i);
        json_int_t t = json_integer_value(json_array_get(row, 0));
        json_int_t o = json_integer_value(json_array_get(row, 1));

        if (json_array_size(row) != 2 || o < -90000 || o > 90000 || (i && t <= at[i - 1])) {
            member_error(m, "changes", "expected pairs of a time and an offset, ascending");
            return;
        }
        at[z->count] = t;
        offset[z->count++] = (int32_t)o;
    }
    z->at = at;
    z->offset = offset;
}

void hours_read(const struct members *company, struct hours *h)
{
    struct members m, days;
    const char **holidays = NULL, *wrong;
    size_t count = 0;

    if (!member_object(company, "hours", OPTIONAL, &m))
        return;
    h->given = true;
    h->zone = (struct zone){ .name = "", .rules = "" };
    member_text(&m, "zone", OPTIONAL, MEMBER_TEXT_MAX, &h->zone.name);
    member_text(&m, "rules", OPTIONAL, MEMBER_TEXT_MAX, &h->zone.rules);
    if (!zone_rules_ok(h->zone.rules)) {
        member_error(&m, "rules", "expected a POSIX time zone rule");
        h->zone.rules = "";
    }
    read_changes(&m, &h->zone);
    if (member_object(&m, "days", OPTIONAL, &days))
        for (int i = 0; i < 7; i++) {
            const char *times = NULL;

            member_text(&days, hours_day_names[i], OPTIONAL, MEMBER_TEXT_MAX, &times);
            if (times && (wrong = hours_set_days(h, hours_day_names[i], times)))
                member_error(&days, hours_day_names[i], "%s", wrong);
        }
    member_texts(&m, "holidays", &holidays, &count);
    for (size_t i = 0; i < count; i++)
        if ((wrong = hours_add_holiday(h, m.arena, holidays[i])))
            member_error(&m, "holidays", "%s", wrong);
}
