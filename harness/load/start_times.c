/* `at:` of a journey: times of the day in the customer's zone. */
#include <string.h>

#include "harness/load/scenario_loader.h"

static void read_zone(struct scenario_loader *sl)
{
    struct scenario *s = sl->s;
    const struct node *customer = node_get(sl->top, "customer");
    const struct node *zone = customer ? node_get(customer, "zone") : NULL;

    s->at_zone = s->company.hours.zone;
    if (s->customer.zone && zone_load(s->arena, s->customer.zone, &s->at_zone) != ST_OK)
        node_error(&sl->l, zone, "such as Europe/Berlin or Asia/Tehran; the package tzdata has them",
                   "there is no time zone \"%s\" on this machine", s->customer.zone);
}

static bool is_repeated(const struct texts *t, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (!strcmp(t->items[k], t->items[i]))
            return true;
    return false;
}

void start_times(struct scenario_loader *sl)
{
    struct scenario *s = sl->s;

    read_zone(sl);
    s->starts = arena_alloc(s->arena, (s->at.count + 1) * sizeof *s->starts);
    for (size_t i = 0; i < s->at.count; i++) {
        const char *wrong = start_time_parse(s->at.items[i], &s->starts[i]);

        if (!wrong && is_repeated(&s->at, i))
            wrong = "the same time once more";
        if (wrong)
            span_error(sl, sl->top->source, s->at.spans[i], NULL, "\"at\": %s", wrong);
    }
    if (s->at.count && !s->customer.zone && !s->company.hours.given)
        span_error(sl, sl->top->source, s->at.spans[0], "zone: Europe/Berlin under customer",
                   "\"at\" needs the customer's time zone");
}
