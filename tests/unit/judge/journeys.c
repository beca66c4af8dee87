#include "tests/unit/judge/journeys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/load/load.h"

static struct arena *arena;
static struct expectations loaded;

const struct expectations *industry(void)
{
    if (arena)
        return &loaded;

    struct sources sources = { 0 };
    struct regex_list regexes = { 0 };
    struct diags diags;

    arena = arena_new();
    diags_init(&diags);
    if (load_object_file("scenarios/expectations/industry.yaml", &expectations_object, arena,
                         &regexes, &sources, &diags, &loaded)) {
        struct buf text = BUF_INIT(1 << 16);

        diags_render(&diags, &text);
        fputs(text.ptr, stderr);
        abort();
    }
    diags_release(&diags);
    regex_list_release(&regexes);
    sources_release(&sources);
    return &loaded;
}

void industry_free(void)
{
    arena_free(arena);
    arena = NULL;
}

void journey_charge(struct journey *j, struct charge c)
{
    MEM_GROW(j->charges, j->cap, j->count + 1);
    c.exchange = (int)j->exchanges - 1;
    j->charges[j->count++] = c;
}

static double seconds(const char *text)
{
    int64_t us = 0;

    if (duration_parse(text, &us))
        abort();
    return (double)us / US_PER_S;
}

static struct charge word_charge(char *word)
{
    static const struct { const char *name; enum charge_kind kind; } marks[] = {
        { "apology", CHARGE_APOLOGY }, { "set_apology", CHARGE_SET_APOLOGY },
        { "comp", CHARGE_COMPENSATION },
    };
    char *figures = strchr(word, '=');

    for (size_t i = 0; i < ARRAY_LEN(marks); i++)
        if (!strcmp(word, marks[i].name))
            return (struct charge){ .kind = marks[i].kind };
    if (!figures) {
        int weight = score_weight(industry(), word);

        if (weight < 0)
            abort();
        return (struct charge){ .kind = CHARGE_EVENT, .weight = (size_t)weight };
    }
    *figures++ = 0;

    char *against = strchr(figures, '/');
    size_t len = strlen(against);
    unsigned flags = against[len - 1] == '?' ? WAIT_UNCERTAIN : 0;

    *against++ = 0;
    if (flags)
        against[len - 2] = 0;

    double actual = seconds(figures), allowed = seconds(against);

    if (!strcmp(word, "wait"))
        return (struct charge){ .kind = CHARGE_WAIT, .amount = wait_loss(actual, allowed, flags) };
    if (!strcmp(word, "fast"))
        return (struct charge){ .kind = CHARGE_FAST, .amount = wait_gain(actual, allowed) };
    return (struct charge){ .kind = CHARGE_BROKEN, .amount = broken_loss(actual, allowed) };
}

void journey_add(struct journey *j, const char *exchange)
{
    char *copy = mem_strdup(exchange), *rest = copy;

    j->exchanges++;
    for (char *word; (word = strtok_r(rest, " ", &rest)) != NULL;)
        journey_charge(j, word_charge(word));
    free(copy);
}

void journey_release(struct journey *j)
{
    free(j->charges);
    *j = (struct journey){ 0 };
}

double journey_score(const struct journey *j, enum outcome o, struct moment *m,
                     struct score *s)
{
    struct score_input in = { industry(), j->exchanges, j->charges, j->count, o };

    return score_compute(&in, NULL, m, s);
}

unsigned random_below(struct random *r, unsigned n)
{
    r->state ^= r->state >> 12;
    r->state ^= r->state << 25;
    r->state ^= r->state >> 27;
    return (unsigned)((r->state * UINT64_C(2685821657736338717)) >> 33) % n;
}

static void random_exchange(struct journey *j, struct random *r)
{
    static const enum charge_kind recoveries[] = {
        CHARGE_APOLOGY, CHARGE_SET_APOLOGY, CHARGE_COMPENSATION,
    };
    static const char *const amounts[] = { "wait", "fast", "broken" };

    for (unsigned k = random_below(r, 4); k > 0; k--)
        journey_charge(j, (struct charge){
            .kind = CHARGE_EVENT,
            .weight = random_below(r, (unsigned)industry()->weights.count) });
    for (unsigned i = 0; i < ARRAY_LEN(amounts); i++)
        if (random_below(r, 4) == 0)
            journey_charge(j, (struct charge){ .kind = CHARGE_WAIT + i,
                                               .amount = (1 + random_below(r, 100)) / 100. });
    if (random_below(r, 6) == 0)
        journey_charge(j, (struct charge){ .kind = recoveries[random_below(r, 3)] });
}

struct journey journey_random(struct random *r, unsigned max_exchanges)
{
    struct journey j = { 0 };

    for (unsigned n = 1 + random_below(r, max_exchanges); n > 0; n--) {
        j.exchanges++;
        random_exchange(&j, r);
    }
    return j;
}
