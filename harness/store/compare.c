#include "harness/store/compare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const change_names[CHANGE_COUNT + 1] = {
    [CHANGE_SAME] = "same", [CHANGE_WORSE] = "worse", [CHANGE_BETTER] = "better",
    [CHANGE_NEW] = "new", [CHANGE_GONE] = "gone",
};

enum { BASE, HEAD, SIDES };

/* What is compared of a play; a result gives its journeys one by one. */
struct play {
    enum journey_status status;
    bool known;                   /* there is a score */
    double score;
    struct finding *findings;     /* those against the company that count */
    size_t count;
};

/* Plays of one journey on one side. */
struct plays {
    struct play *items;
    size_t count, cap;
};

struct group {
    const char *name, *file;
    struct plays side[SIDES];
};

struct groups {
    struct group *items;
    size_t count, cap;
    json_t *by_key;               /* "name\nfile" → index */
};

static const char *name_of(const struct journey_result *jr)
{
    return *jr->transcript->journey ? jr->transcript->journey : jr->transcript->file;
}

static size_t group_for(struct groups *g, struct arena *a, const struct journey_result *jr)
{
    char *key = mem_printf("%s\n%s", name_of(jr), jr->transcript->file);
    const json_t *known = json_object_get(g->by_key, key);
    size_t index = g->count;

    if (known) {
        index = (size_t)json_integer_value(known);
    } else {
        ARENA_GROW(a, g->items, g->cap, g->count + 1);
        g->items[g->count++] = (struct group){ .name = arena_strdup(a, name_of(jr)),
                                               .file = arena_strdup(a, jr->transcript->file) };
        json_object_set_new(g->by_key, key, json_integer((json_int_t)index));
    }
    free(key);
    return index;
}

static bool compared(const struct finding *f)
{
    return !f->row->good && f->confidence >= CONFIDENCE_COUNTS;
}

static bool tested(const struct play *p)
{
    return p->status == JOURNEY_MET || p->status == JOURNEY_FELL_SHORT;
}

static char *copied(struct arena *a, const char *text)
{
    return text ? arena_strdup(a, text) : NULL;
}

static struct play play_of(struct arena *a, const struct journey_result *jr)
{
    const struct judgement *j = jr->judgement;
    struct play p = { .status = jr->status, .known = j && j->score.known };

    if (!j || !tested(&p))
        return p;
    p.score = j->score.value;
    p.findings = arena_alloc(a, (j->findings.count + 1) * sizeof *p.findings);
    for (size_t i = 0; i < j->findings.count; i++) {
        const struct finding *f = &j->findings.items[i];

        if (!compared(f))
            continue;
        p.findings[p.count++] = (struct finding){
            .row = f->row, .variant = copied(a, f->variant), .slot = copied(a, f->slot),
            .say = copied(a, f->say), .seq = f->seq, .share = f->share,
        };
    }
    return p;
}

static void add_side(struct groups *g, struct arena *a, const struct result *r, int side)
{
    for (size_t i = 0; i < r->count; i++) {
        const struct journey_result *jr = result_journey(r, i);
        size_t index = group_for(g, a, jr);
        struct plays *p = &g->items[index].side[side];

        ARENA_GROW(a, p->items, p->cap, p->count + 1);
        p->items[p->count++] = play_of(a, jr);
    }
}

/* The only group of that name with plays on one side alone; SIZE_MAX for none or several. */
static size_t lonely(const struct groups *g, const char *name, int side)
{
    size_t found = SIZE_MAX;

    for (size_t i = 0; i < g->count; i++) {
        const struct group *x = &g->items[i];

        if (!x->side[side].count || x->side[!side].count || strcmp(x->name, name) != 0)
            continue;
        if (found != SIZE_MAX)
            return SIZE_MAX;
        found = i;
    }
    return found;
}

/* A moved file: its old half joins the new one. */
static void pair_moved(struct groups *g)
{
    for (size_t i = 0; i < g->count; i++) {
        struct group *x = &g->items[i];

        if (!x->side[HEAD].count || x->side[BASE].count || lonely(g, x->name, HEAD) != i)
            continue;

        size_t old = lonely(g, x->name, BASE);

        if (old != SIZE_MAX) {
            x->side[BASE] = g->items[old].side[BASE];
            g->items[old].side[BASE] = (struct plays){ 0 };
        }
    }
}

static bool same_text(const char *a, const char *b)
{
    return !a || !b ? a == b : !strcmp(a, b);
}

static bool same_finding(const struct finding *a, const struct finding *b)
{
    return a->row == b->row && same_text(a->variant, b->variant) && same_text(a->slot, b->slot);
}

/* All plays of a side: points per play in `points`, how many plays had it at all. */
static size_t count_finding(const struct plays *p, const struct finding *f, double *points,
                            double *mean)
{
    size_t hits = 0, n = 0;

    *mean = 0;
    for (size_t i = 0; i < p->count; i++) {
        const struct play *x = &p->items[i];
        bool hit = false;

        if (!tested(x))
            continue;
        points[n] = 0;
        for (size_t k = 0; k < x->count; k++)
            if (same_finding(&x->findings[k], f)) {
                points[n] += x->findings[k].share;
                hit = true;
            }
        *mean += points[n++];
        hits += hit;
    }
    if (n)
        *mean /= (double)n;
    return hits;
}

static enum change change_of(const struct finding_change *c, const struct journey_change *j,
                             double *points[SIDES])
{
    double delta = c->points[HEAD] - c->points[BASE];

    if (!c->plays[BASE] || !c->plays[HEAD]) {
        if (!noise_counts_differ(c->plays[BASE], j->plays[BASE], c->plays[HEAD], j->plays[HEAD]))
            return CHANGE_SAME;
        return c->plays[HEAD] ? CHANGE_NEW : CHANGE_GONE;
    }
    if (fabs(delta) < .05 ||                     /* points are shown in tenths */
        !noise_values_differ(points[BASE], j->plays[BASE], points[HEAD], j->plays[HEAD]))
        return CHANGE_SAME;
    return delta > 0 ? CHANGE_WORSE : CHANGE_BETTER;
}

static void compare_finding(struct comparison *c, struct journey_change *j, const struct group *g,
                            const struct finding *f, double allow)
{
    struct finding_change x = { .sample = f };
    double *points[SIDES];

    for (int s = 0; s < SIDES; s++) {
        points[s] = mem_zero(g->side[s].count, sizeof(double));
        x.plays[s] = count_finding(&g->side[s], f, points[s], &x.points[s]);
    }
    x.change = change_of(&x, j, points);
    x.regression = (x.change == CHANGE_NEW || x.change == CHANGE_WORSE) &&
                   x.points[HEAD] - x.points[BASE] > allow;
    if (x.change != CHANGE_SAME) {
        ARENA_GROW(c->arena, j->findings, j->finding_cap, j->finding_count + 1);
        j->findings[j->finding_count++] = x;
    }
    j->regression = j->regression || x.regression;
    for (int s = 0; s < SIDES; s++)
        free(points[s]);
}

/* Each kind of finding once, from the newer side first. */
static void compare_findings(struct comparison *c, struct journey_change *j,
                             const struct group *g, double allow)
{
    const struct finding **seen = NULL;
    size_t count = 0, cap = 0;

    for (int s = HEAD; s >= BASE; s--)
        for (size_t i = 0; i < g->side[s].count; i++) {
            const struct play *p = &g->side[s].items[i];

            for (size_t k = 0; k < p->count; k++) {
                const struct finding *f = &p->findings[k];
                bool known = false;

                for (size_t q = 0; !known && q < count; q++)
                    known = same_finding(seen[q], f);
                if (known)
                    continue;
                MEM_GROW(seen, cap, count + 1);
                seen[count++] = f;
                compare_finding(c, j, g, f, allow);
            }
        }
    free(seen);
}

static int by_cost(const void *a, const void *b)
{
    const struct finding_change *x = a, *y = b;
    double dx = x->points[HEAD] - x->points[BASE], dy = y->points[HEAD] - y->points[BASE];

    if (dx != dy)
        return dx > dy ? -1 : 1;
    return x->sample->seq - y->sample->seq;
}

static double *scores_of(const struct plays *p, struct journey_change *j, int side)
{
    double *scores = mem_zero(p->count, sizeof *scores);
    size_t n = 0;

    for (size_t i = 0; i < p->count; i++) {
        const struct play *x = &p->items[i];

        if (!tested(x)) {
            j->untested[side]++;
            continue;
        }
        j->plays[side]++;
        j->met[side] += x->status == JOURNEY_MET;
        if (x->known)
            scores[n++] = x->score;
    }
    j->score[side] = spread_of(scores, n);
    return scores;
}

static void judge_change(struct journey_change *j, double *scores[SIDES], double allow)
{
    double delta = j->score[HEAD].mean - j->score[BASE].mean;
    bool moved = j->score[BASE].count && j->score[HEAD].count && fabs(delta) >= .05 &&
                 noise_values_differ(scores[BASE], j->score[BASE].count, scores[HEAD],
                                     j->score[HEAD].count);
    bool bar = noise_counts_differ(j->met[BASE], j->plays[BASE], j->met[HEAD], j->plays[HEAD]);
    bool fewer = j->met[HEAD] * j->plays[BASE] < j->met[BASE] * j->plays[HEAD];

    j->bar_lost = bar && fewer;
    if (j->bar_lost || (moved && delta < 0))
        j->change = CHANGE_WORSE;
    else if ((bar && !fewer) || moved)
        j->change = CHANGE_BETTER;
    j->regression = j->regression || j->bar_lost || (moved && -delta > allow);
}

static void compare_group(struct comparison *c, const struct group *g, double allow)
{
    struct journey_change j = { .name = g->name, .file = g->file };
    double *scores[SIDES];

    for (int s = 0; s < SIDES; s++)
        scores[s] = scores_of(&g->side[s], &j, s);
    if (!g->side[BASE].count) {
        j.change = CHANGE_NEW;
    } else if (!g->side[HEAD].count) {
        j.change = CHANGE_GONE;
    } else if (j.plays[BASE] && j.plays[HEAD]) {
        judge_change(&j, scores, allow);
        compare_findings(c, &j, g, allow);
        if (j.finding_count)
            qsort(j.findings, j.finding_count, sizeof *j.findings, by_cost);
    }
    for (int s = 0; s < SIDES; s++)
        free(scores[s]);
    c->regressions += j.regression;
    c->untested += g->side[HEAD].count && !j.plays[HEAD];
    ARENA_GROW(c->arena, c->journeys, c->cap, c->count + 1);
    c->journeys[c->count++] = j;
}

struct comparison *compare_results(const struct result *base, const struct result *head,
                                   double allow)
{
    struct comparison *c = mem_zero(1, sizeof *c);
    struct groups g = { .by_key = json_object() };

    c->arena = arena_new();
    add_side(&g, c->arena, head, HEAD);
    add_side(&g, c->arena, base, BASE);
    pair_moved(&g);
    for (size_t i = 0; i < g.count; i++)
        if (g.items[i].side[BASE].count || g.items[i].side[HEAD].count)
            compare_group(c, &g.items[i], allow);
    json_decref(g.by_key);
    return c;
}

void comparison_free(struct comparison *c)
{
    if (!c)
        return;
    arena_free(c->arena);
    free(c);
}

static json_t *spread_json(const struct spread *s)
{
    return s->count ? json_pack("{s:f, s:f, s:f, s:f}", "mean", s->mean, "min", s->min, "median",
                                s->median, "max", s->max)
                    : json_null();
}

json_t *journey_change_json(const struct journey_change *j)
{
    json_t *findings = json_array();

    for (size_t i = 0; i < j->finding_count; i++) {
        const struct finding_change *f = &j->findings[i];

        json_array_append_new(findings, json_pack(
            "{s:s, s:s?, s:s?, s:s, s:[I, I], s:[f, f], s:b, s:s?}", "kind", f->sample->row->kind,
            "variant", f->sample->variant, "slot", f->sample->slot, "change",
            change_names[f->change], "plays", (json_int_t)f->plays[BASE],
            (json_int_t)f->plays[HEAD], "points", f->points[BASE], f->points[HEAD], "regression",
            f->regression, "say", f->sample->say));
    }
    return json_pack("{s:s, s:s, s:s, s:b, s:b, s:[I, I], s:[I, I], s:[o, o], s:o}", "journey",
                     j->name, "file", j->file, "change", change_names[j->change], "regression",
                     j->regression, "bar_lost", j->bar_lost, "plays", (json_int_t)j->plays[BASE],
                     (json_int_t)j->plays[HEAD], "met", (json_int_t)j->met[BASE],
                     (json_int_t)j->met[HEAD], "score", spread_json(&j->score[BASE]),
                     spread_json(&j->score[HEAD]), "findings", findings);
}
