#include "harness/judge/shares.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/judge/score.h"

/* Thresholds of the range; counting itself is CONFIDENCE_COUNTS. */
static const double STRICT = .2, MILD = .8;

/* Owners of waits and of early replies that are no finding. */
enum { NOBODY = -1, NOBODY_EARLY = -2 };

struct bill {
    struct view *v;
    struct charge *charges;
    int *owners;                  /* finding of each charge, or one of those */
    size_t count, cap;
    bool *off;                    /* scratch: charges left out */
    struct score_input in;
    double raw;                   /* the score before cap and clamping */
};

static enum charge_kind kind_of(const struct finding *f)
{
    static const struct { const char *kind, *variant; enum charge_kind charge; } rows[] = {
        { "broken_promise", NULL, CHARGE_BROKEN }, { "slow_reply", NULL, CHARGE_WAIT },
        { "early_reply", NULL, CHARGE_FAST }, { "apology", "set_phrase", CHARGE_SET_APOLOGY },
        { "apology", NULL, CHARGE_APOLOGY }, { "compensation", NULL, CHARGE_COMPENSATION },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (!strcmp(rows[i].kind, f->row->kind) &&
            (!rows[i].variant || (f->variant && !strcmp(rows[i].variant, f->variant))))
            return rows[i].charge;
    return CHARGE_EVENT;
}

static void add(struct bill *b, struct charge c, int owner)
{
    size_t caps[2] = { b->cap, b->cap };

    MEM_GROW(b->charges, caps[0], b->count + 1);
    MEM_GROW(b->owners, caps[1], b->count + 1);
    b->cap = caps[0] < caps[1] ? caps[0] : caps[1];
    b->charges[b->count] = c;
    b->owners[b->count++] = owner;
}

static void add_finding(struct bill *b, int i)
{
    const struct finding *f = &b->v->j->findings.items[i];
    struct charge c = { .kind = kind_of(f), .exchange = f->exchange, .amount = f->loss };

    if (!f->row->charged || f->exchange < 0)
        return;
    if (c.kind == CHARGE_EVENT) {
        int weight = score_weight(b->v->e, f->event);

        if (weight < 0)
            return;
        c.weight = (size_t)weight;
    }
    add(b, c, i);
}

/* Charges by exchange, in the order of the findings (counting sort). */
static void sort(struct bill *b)
{
    size_t n = b->v->j->exchange_count;
    size_t *next = mem_zero(n + 1, sizeof *next);
    struct charge *charges = mem_zero(b->count + 1, sizeof *charges);
    int *owners = mem_zero(b->count + 1, sizeof *owners);

    for (size_t i = 0; i < b->count; i++)
        next[b->charges[i].exchange + 1]++;
    for (size_t k = 0; k < n; k++)
        next[k + 1] += next[k];
    for (size_t i = 0; i < b->count; i++) {
        size_t at = next[b->charges[i].exchange]++;

        charges[at] = b->charges[i];
        owners[at] = b->owners[i];
    }
    free(next);
    free(b->charges);
    free(b->owners);
    b->charges = charges;
    b->owners = owners;
}

static void prepare(struct bill *b, struct view *v)
{
    *b = (struct bill){ .v = v };
    for (size_t i = 0; i < v->j->findings.count; i++)
        add_finding(b, (int)i);
    for (size_t i = 0; i < v->wait_count; i++) {
        const struct ordinary *x = &v->waits[i];

        add(b, (struct charge){ .kind = x->early ? CHARGE_FAST : CHARGE_WAIT,
                                .exchange = x->exchange, .amount = x->amount },
            x->early ? NOBODY_EARLY : NOBODY);
    }
    sort(b);
    b->off = mem_zero(b->count + 1, sizeof *b->off);
    b->in = (struct score_input){ v->e, v->j->exchange_count, b->charges, b->count,
                                  (enum outcome)v->j->score.outcome };
}

static void release(struct bill *b)
{
    free(b->charges);
    free(b->owners);
    free(b->off);
}

static const struct finding *owner(const struct bill *b, size_t i)
{
    return b->owners[i] < 0 ? NULL : &b->v->j->findings.items[b->owners[i]];
}

/* Leave out what is less sure than this. */
static void choose(struct bill *b, double bad, double good)
{
    for (size_t i = 0; i < b->count; i++) {
        const struct finding *f = owner(b, i);

        b->off[i] = f && f->confidence < (f->row->good ? good : bad);
    }
}

static double value_between(struct bill *b, double bad, double good)
{
    struct score s = { 0 };

    choose(b, bad, good);
    score_compute(&b->in, b->off, NULL, &s);
    return s.value;
}

static void base_score(struct bill *b)
{
    struct judgement *j = b->v->j;
    size_t n = j->exchange_count;
    struct moment *m = mem_zero(n + 1, sizeof *m);

    choose(b, CONFIDENCE_COUNTS, CONFIDENCE_COUNTS);
    b->raw = score_compute(&b->in, b->off, m, &j->score);
    for (size_t k = 0; k < n; k++) {
        j->exchanges[k].loss = m[k].loss;
        j->exchanges[k].gain = m[k].gain;
        j->exchanges[k].m = m[k].m;
        j->exchanges[k].m_after = m[k].m_after;
        j->exchanges[k].mood = m[k].mood;
    }
    free(m);
}

static void range(struct bill *b)
{
    struct score *s = &b->v->j->score;

    s->low = fmin(s->value, value_between(b, STRICT, MILD));
    s->high = fmax(s->value, value_between(b, MILD, STRICT));
    s->grade_low = score_grade(s->low);
    s->grade_high = score_grade(s->high);
    choose(b, CONFIDENCE_COUNTS, CONFIDENCE_COUNTS);
}

/* Items of the account */

struct item {
    double cost;                  /* what it costs alone: its claim */
    double share;
    int owner;                    /* finding, or NOBODY for a line */
    const char *line;
    int order;
};

struct account {
    struct item *items;
    size_t count, cap;
};

static struct item *add_item(struct account *a, int finding, const char *line, double share)
{
    MEM_GROW(a->items, a->cap, a->count + 1);
    a->items[a->count] = (struct item){ 0, share, finding, line, (int)a->count };
    return &a->items[a->count++];
}

/* Score without the charge at `from` of a counted finding, or (from 0) without those of nobody;
 * before and after the cap. */
static double without(struct bill *b, size_t from, int finding, double *value)
{
    struct score s = { 0 };
    size_t end = finding == NOBODY ? b->count : from + 1;    /* a finding has one charge */

    for (size_t i = from; i < end; i++)
        b->off[i] |= b->owners[i] == finding;

    double raw = score_compute(&b->in, b->off, NULL, &s);

    for (size_t i = from; i < end; i++)
        if (b->owners[i] == finding)
            b->off[i] = false;
    *value = s.value;
    return raw;
}

static int by_amount(const void *a, const void *b)
{
    const struct item *x = a, *y = b;

    if (x->share != y->share)
        return x->share > y->share ? -1 : 1;
    return x->order - y->order;
}

static double loss_of(const struct bill *b, size_t i)
{
    const struct charge *c = &b->charges[i];

    return c->kind == CHARGE_EVENT
               ? LIST_ITEM(struct weight, b->v->e->weights, c->weight)->loss : c->amount;
}

static bool is_loss(const struct bill *b, size_t i)
{
    const struct finding *f = owner(b, i);

    if (b->off[i] || b->owners[i] == NOBODY_EARLY)
        return false;
    return (!f || !f->row->good) && loss_of(b, i) > 0;
}

/* Every counted finding: what it alone costs or earned; bad ones become items. */
static void claims(struct bill *b, struct account *a)
{
    double value = b->v->j->score.value, waits = 0;
    size_t exact = 0;

    for (size_t i = 0; i < b->count; i++) {
        struct finding *f = b->owners[i] < 0 ? NULL
                                             : &b->v->j->findings.items[b->owners[i]];
        double without_value = value, raw;

        if (b->off[i])
            continue;
        if (!f) {
            waits += b->owners[i] == NOBODY ? b->charges[i].amount : 0;
            continue;
        }
        if (exact++ < SHARES_EXACT) {
            raw = without(b, i, b->owners[i], &without_value);
            f->regain = without_value - value;
        } else {
            raw = b->raw + loss_of(b, i);        /* in proportion to its weight */
        }
        if (is_loss(b, i))
            add_item(a, b->owners[i], NULL, 0)->cost = fmax(0, raw - b->raw);
    }
    if (waits > 0)
        add_item(a, NOBODY, "waits", 0)->cost =
            fmax(0, without(b, 0, NOBODY, &value) - b->raw);
}

/* The score before the cap with nothing bad in it. */
static double without_losses(struct bill *b)
{
    struct score s = { 0 };
    bool *off = mem_zero(b->count + 1, sizeof *off);
    bool *kept = b->off;

    for (size_t i = 0; i < b->count; i++)
        off[i] = kept[i] || is_loss(b, i);

    double raw = score_compute(&b->in, off, NULL, &s);

    free(off);
    return raw;
}

static void share_out(struct account *a, double lost)
{
    double claimed = 0;

    for (size_t i = 0; i < a->count; i++)
        claimed += a->items[i].cost;
    for (size_t i = 0; i < a->count; i++)
        a->items[i].share = claimed > 0 ? lost * a->items[i].cost / claimed
                                        : lost / (double)a->count;
}

/* To tenths, largest remainders first, so that the sum is exact. */
static void round_shares(struct account *a, double total)
{
    long left = lround(total * 10);

    for (size_t i = 0; i < a->count; i++) {
        struct item *x = &a->items[i];
        double tenths = floor(fmax(0, x->share) * 10 + 1e-9);

        left -= (long)tenths;
        x->cost = tenths / 10;
        x->share = fmax(0, x->share) - x->cost;
    }
    qsort(a->items, a->count, sizeof *a->items, by_amount);
    for (size_t i = 0; i < a->count && left > 0; i++, left--)
        a->items[i].cost += .1;
    if (left && a->count)
        a->items[0].cost += (double)left / 10;
    for (size_t i = 0; i < a->count; i++)
        a->items[i].share = round(a->items[i].cost * 10) / 10;
}

static int by_order(const void *a, const void *b)
{
    return ((const struct item *)a)->order - ((const struct item *)b)->order;
}

static void write_down(struct bill *b, struct account *a)
{
    struct score *s = &b->v->j->score;

    qsort(a->items, a->count, sizeof *a->items, by_order);
    s->lines = arena_alloc(b->v->a, (a->count + 1) * sizeof *s->lines);
    for (size_t i = 0; i < a->count; i++) {
        const struct item *x = &a->items[i];

        if (x->owner != NOBODY)
            b->v->j->findings.items[x->owner].share += x->share;
        else if (x->share != 0)
            s->lines[s->line_count++] = (struct points_line){ x->line, x->share };
    }
}

void judge_score(struct view *v)
{
    struct score *s = &v->j->score;
    struct bill b;
    struct account a = { 0 };

    s->times_unknown = v->times_unknown;
    if (!v->j->exchange_count)
        return;
    prepare(&b, v);
    base_score(&b);
    range(&b);
    claims(&b, &a);

    double best = fmax(b.raw, without_losses(&b)), outcome = 50 * score_outcome_share * (1 - s->outcome);

    share_out(&a, best - b.raw);
    add_item(&a, NOBODY, "outcome", outcome);
    add_item(&a, NOBODY, "ordinary service", 100 - best - outcome);
    add_item(&a, NOBODY, "cap for abuse", fmax(0, b.raw - s->value));
    add_item(&a, NOBODY, "clamping", fmin(0, b.raw - s->value));
    round_shares(&a, 100 - score_tenths(s->value));
    write_down(&b, &a);
    free(a.items);
    release(&b);
}
