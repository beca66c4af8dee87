/* {{ variables }}: each must exist where it is used, before any company is contacted. */
#include <string.h>

#include "harness/base/text.h"
#include "harness/load/scenario_loader.h"

#define ENV "env."
#define KNOWS "customer.knows."

/* Facts about the customer are rendered in this order, so none can go in circles. */
enum rank { RANK_FREE, RANK_NAME, RANK_EMAIL, RANK_KNOWS, RANK_ALL };

static const struct builtin { const char *name; enum rank rank; } builtins[] = {
    { "customer.name", RANK_NAME },    { "customer.email", RANK_EMAIL },
    { "customer.language", RANK_FREE }, { "company.name", RANK_FREE },
    { "journey.name", RANK_FREE },     { "run.id", RANK_FREE },
    { "run.seed", RANK_FREE },
};

/* A template, and what may be used in it. */
struct place {
    const struct template_use *use;
    enum rank rank;               /* only what ranks lower */
    size_t step;                  /* captures of earlier steps; 0 outside of steps */
};

struct names {
    const char **items;
    size_t count, cap;
};

static void add_name(struct scenario_loader *sl, struct names *n, const char *name)
{
    ARENA_GROW(sl->s->arena, n->items, n->cap, n->count + 1);
    n->items[n->count++] = name;
}

/* A step's save keys, whether their patterns compiled or not. */
static const struct node *saves(const struct scenario_loader *sl, size_t step)
{
    const struct node *n = node_get(sl->origins[step].node, "save");

    return n && n->kind == NODE_MAP ? n : NULL;
}

static bool saved_between(const struct scenario_loader *sl, const char *name, size_t from,
                          size_t to, const struct node **where)
{
    for (size_t i = from; i < to; i++) {
        const struct node *n = saves(sl, i);

        if (n && node_key(n, name)) {
            *where = node_key(n, name);
            return true;
        }
    }
    return false;
}

static const char *near_name(struct scenario_loader *sl, const struct place *p, const char *typed)
{
    const struct scenario *s = sl->s;
    struct names n = { 0 };

    for (size_t i = 0; i < ARRAY_LEN(builtins); i++)
        add_name(sl, &n, builtins[i].name);
    for (size_t i = 0; i < s->customer.knows.count; i++) {
        const char *fact = s->customer.knows.items[i].name;
        const char *full = arena_printf(s->arena, KNOWS "%s", fact);

        if (!strcmp(fact, typed) || (text_starts_with(typed, "customer.") &&
                                     !strcmp(fact, typed + strlen("customer."))))
            return full;
        add_name(sl, &n, full);
    }
    for (size_t i = 0; i < p->step; i++)
        for (size_t k = 0; saves(sl, i) && k < saves(sl, i)->count; k++)
            add_name(sl, &n, saves(sl, i)->keys[k]->text);
    return suggest(typed, n.items, n.count);
}

static void unknown(struct scenario_loader *sl, const struct place *p,
                    const struct template_part *part)
{
    const char *near = near_name(sl, p, part->text);
    const char *hint = "there are customer.*, company.name, journey.name, env.*, run.id, run.seed, "
                       "and what earlier steps saved";

    if (near)
        hint = arena_printf(sl->s->arena, "did you mean \"%s\"?", near);
    else if (text_starts_with(part->text, KNOWS))
        hint = "add it to what the customer \"knows\"";

    span_error(sl, p->use->source, part->at, hint, "unknown variable \"%s\"", part->text);
}

static void check_env(struct scenario_loader *sl, const struct place *p,
                      const struct template_part *part, struct names *told)
{
    const struct load_env *env = sl->ctx->env;
    const char *name = part->text + strlen(ENV);

    if (!*name || strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") !=
                      strlen(name)) {
        span_error(sl, p->use->source, part->at, "such as env.COMPANY_URL",
                   "not the name of an environment variable");
        return;
    }
    if (!env || env->get(env->context, name))
        return;
    for (size_t i = 0; i < told->count; i++)
        if (!strcmp(told->items[i], name))
            return;                              /* once is enough */
    add_name(sl, told, name);
    diag_add(sl->l.diags, env->unset, p->use->source, part->at,
             arena_printf(sl->s->arena, "export %s=…", name),
             "the environment variable %s is not set", name);
}

static void check_known(struct scenario_loader *sl, const struct place *p,
                        const struct template_part *part)
{
    const struct node *customer = node_get(sl->top, "customer");
    const struct node *knows = customer ? node_get(customer, "knows") : NULL;

    if (!customer)
        return;                                  /* an error of its own */
    if (!knows || !node_key(knows, part->text + strlen(KNOWS)))
        unknown(sl, p, part);
    else if (p->rank <= RANK_KNOWS)
        span_error(sl, p->use->source, part->at, "write the value itself",
                   "what the customer is and knows cannot be told by \"%s\"", part->text);
}

static void check_builtin(struct scenario_loader *sl, const struct place *p,
                          const struct template_part *part, const struct builtin *b)
{
    const struct node *customer = node_get(sl->top, "customer");

    if (b->rank != RANK_FREE && b->rank >= p->rank)
        span_error(sl, p->use->source, part->at, "write the value itself",
                   "what the customer is and knows cannot be told by \"%s\"", part->text);
    else if (b->rank == RANK_EMAIL && customer && !node_key(customer, "email"))
        span_error(sl, p->use->source, part->at, "add \"email\" to the customer",
                   "the customer has no \"email\"");
    else if (!strcmp(b->name, "company.name") && node_get(sl->top, "company") &&
             !sl->s->company.name)
        span_error(sl, p->use->source, part->at, "add \"name\" to the company",
                   "the company has no \"name\"");
}

static void check_capture(struct scenario_loader *sl, const struct place *p,
                          const struct template_part *part)
{
    const struct node *where;

    if (saved_between(sl, part->text, 0, p->step, &where))
        return;
    if (!saved_between(sl, part->text, p->step, sl->s->steps.count, &where)) {
        unknown(sl, p, part);
        return;
    }
    span_error(sl, p->use->source, part->at,
               arena_printf(sl->s->arena, "it is saved in line %u, after this is needed",
                            where->at.line),
               "\"%s\" has no value yet", part->text);
}

static void check_template(struct scenario_loader *sl, const struct place *p, struct names *told)
{
    const struct template *t = p->use->template;

    for (size_t i = 0; i < t->count; i++) {
        const struct template_part *part = &t->parts[i];
        const struct builtin *b = NULL;

        if (!part->variable)
            continue;
        for (size_t k = 0; k < ARRAY_LEN(builtins); k++)
            if (!strcmp(builtins[k].name, part->text))
                b = &builtins[k];
        if (b)
            check_builtin(sl, p, part, b);
        else if (text_starts_with(part->text, ENV))
            check_env(sl, p, part, told);
        else if (text_starts_with(part->text, KNOWS))
            check_known(sl, p, part);
        else
            check_capture(sl, p, part);
    }
}

static enum rank rank_of(const struct scenario_loader *sl, size_t index)
{
    if (index >= sl->known_templates)
        return RANK_ALL;
    if (index >= sl->customer_templates)
        return RANK_KNOWS;
    return sl->l.templates[index].template == sl->s->customer.email ? RANK_EMAIL : RANK_NAME;
}

void variables_check(struct scenario_loader *sl)
{
    struct names told = { 0 };

    for (size_t i = 0; i < sl->channel_templates; i++) {
        struct place p = { .use = &sl->l.templates[i], .rank = rank_of(sl, i) };

        check_template(sl, &p, &told);
    }
    for (size_t step = 0; step < sl->s->steps.count; step++) {
        const struct step_origin *o = &sl->origins[step];

        for (size_t i = o->first_template; i < o->end_template; i++) {
            struct place p = { .use = &sl->l.templates[i], .rank = RANK_ALL, .step = step };

            check_template(sl, &p, &told);
        }
    }
}
