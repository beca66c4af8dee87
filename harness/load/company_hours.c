/* `hours:` of the company: days, holidays and time zone, checked and made ready to count with. */
#include "harness/load/scenario_loader.h"

static void read_zone(struct scenario_loader *sl, const struct node *n, struct company *c)
{
    const struct node *zone = node_get(n, "zone");

    if (!c->hours_spec.zone || !zone)
        return;                                  /* an error of its own */
    if (zone_load(sl->s->arena, c->hours_spec.zone, &c->hours.zone) != ST_OK)
        node_error(&sl->l, zone, "such as Europe/Berlin or Asia/Tehran; the package tzdata has them",
                   "there is no time zone \"%s\" on this machine", c->hours_spec.zone);
}

void company_hours(struct scenario_loader *sl)
{
    struct company *c = &sl->s->company;
    const struct node *company = node_get(sl->top, "company");
    const struct node *n = company ? node_get(company, "hours") : NULL;

    if (!n || node_is_nothing(n))
        return;
    c->hours.given = true;
    read_zone(sl, n, c);
    for (size_t i = 0; i < c->hours_spec.days.count; i++) {
        const struct pair *p = &c->hours_spec.days.items[i];
        const char *wrong = hours_set_days(&c->hours, p->name, p->value->source);

        if (wrong)
            span_error(sl, sl->top->source, p->at, NULL, "%s", wrong);
    }
    for (size_t i = 0; i < c->hours_spec.holidays.count; i++) {
        const char *wrong = hours_add_holiday(&c->hours, sl->s->arena,
                                              c->hours_spec.holidays.items[i]);

        if (wrong)
            span_error(sl, sl->top->source, c->hours_spec.holidays.spans[i], NULL, "%s", wrong);
    }
}
