#include "harness/play/plan.h"

#include "harness/play/journey.h"

static const char *rendered(struct journey *j, const struct template *t, struct arena *a)
{
    const char *missing = NULL, *text = t ? journey_render(j, t, &missing) : NULL;

    return !t ? NULL : arena_strdup(a, text ? text : t->source);
}

static struct plan_step step_plan(struct journey *j, const struct step *s, struct arena *a)
{
    struct plan_step p = { .step = s, .value = rendered(j, s->value, a),
                           .subject = rendered(j, s->subject, a),
                           .text = rendered(j, s->text, a) };

    p.fields = arena_alloc(a, (s->fields.count + 1) * sizeof *p.fields);
    for (size_t i = 0; i < s->fields.count; i++)
        p.fields[p.field_count++] = (struct named_text){
            s->fields.items[i].name, rendered(j, s->fields.items[i].value, a) };
    if (s->channel < 0)
        return p;
    p.channel = j->scenario->channels[s->channel].name;
    p.family = j->scenario->channels[s->channel].family;
    p.contact = s->verb != VERB_WAIT && s->verb != VERB_PAUSE;
    if (p.contact) {
        const struct visit *v = journey_try(j, s->channel);

        p.host = v && v->host ? arena_strdup(a, v->host) : NULL;
        p.to = v && v->to ? arena_strdup(a, v->to) : NULL;
    }
    return p;
}

struct plan plan_make(const struct scenario *s, const struct adapters *adapters,
                      struct audit_env env, struct arena *a)
{
    const struct audit_options o = {
        .loop = loop_new(CLOCK_VIRTUAL), .adapters = adapters, .env = env, .run_id = "dry",
    };
    struct plan plan = { .steps = arena_alloc(a, (s->steps.count + 1) * sizeof *plan.steps) };
    struct audit *audit = o.loop ? audit_new(&o, NULL, 0) : NULL;
    struct journey *j = audit ? journey_new(audit, 0, s) : NULL;

    for (size_t i = 0; j && i < s->steps.count; i++) {
        j->step = i;
        plan.steps[plan.count++] = step_plan(j, &s->steps.items[i], a);
    }
    journey_free(j);
    audit_free(audit);
    loop_free(o.loop);
    return plan;
}
