#include "harness/judge/score.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The value function: gains g^ALPHA / LAMBDA, losses -s^ALPHA. */
static const double ALPHA = .88, LAMBDA = 1.955;
/* How fast the mood follows a worse and a better moment. */
static const double ETA_LOSS = .7, ETA_GAIN = .4;
/* What is remembered: the end, the worst moments, the mean. */
static const double SHARE_END = .40, SHARE_WORST = .25, SHARE_MEAN = .35;
const double score_outcome_share = .30;
/* What is left of the last bad moment after a recovery. */
static const double KEEP_APOLOGY = .55, KEEP_SET_APOLOGY = .78, KEEP_COMPENSATION = .78;
static const double GROWTH = .25;             /* each repetition of an event costs that much more */
static const double ABUSE_CAP = 40;
static const double BROKEN_FLOOR = .35, PER_DOUBLING = .25;
static const double FAST_GAIN = .15, FAST_DOUBLINGS = 4;
static const double FELT_UNCERTAIN = 1.25, FELT_UNEXPLAINED = 1.15;
static const double EFFORT_SCALE = 2.5;

double wait_loss(double seconds, double expected, unsigned flags)
{
    double felt = seconds * (flags & WAIT_UNCERTAIN ? FELT_UNCERTAIN : 1) *
                  (flags & WAIT_UNEXPLAINED ? FELT_UNEXPLAINED : 1);

    if (felt <= 0 || expected <= 0)
        return 0;
    return fmin(1, fmax(0, PER_DOUBLING * log2(felt / expected)));
}

double wait_gain(double seconds, double expected)
{
    if (expected <= 0)
        return 0;
    return FAST_GAIN * fmin(1, fmax(0, log2(expected / fmax(seconds, 1e-9)) / FAST_DOUBLINGS));
}

double broken_loss(double actual, double promised)
{
    if (actual <= promised || promised <= 0)
        return actual > promised ? 1 : 0;
    return fmin(1, BROKEN_FLOOR + PER_DOUBLING * log2(actual / promised));
}

double score_moment(double loss, double gain)
{
    return pow(gain, ALPHA) / LAMBDA - pow(loss, ALPHA);
}

double score_mood(double mood, double m)
{
    return mood + (m < mood ? ETA_LOSS : ETA_GAIN) * (m - mood);
}

char score_grade(double value)
{
    static const struct { char grade; double from; } rows[] = {
        { 'A', 80 }, { 'B', 65 }, { 'C', 50 }, { 'D', 35 }, { 'E', 20 },
    };
    double whole = floor(value + .5);

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (whole >= rows[i].from)
            return rows[i].grade;
    return 'F';
}

int score_weight(const struct expectations *e, const char *name)
{
    for (size_t i = 0; name && i < e->weights.count; i++)
        if (!strcmp(LIST_ITEM(struct weight, e->weights, i)->name, name))
            return (int)i;
    return -1;
}

/* The journey so far. */
struct run {
    const struct score_input *in;
    const struct weight *weights;
    unsigned *seen;               /* losses of each kind so far */
    unsigned broken, most;        /* broken promises; the highest count of any kind */
    int abuse;                    /* index of that weight or -1 */
    bool abused, forgiven;
    double effort, mood, sum;
    double *m;                    /* moments so far, recoveries applied */
    int last_low;                 /* latest exchange with m < 0, or -1 */
};

/* What one exchange adds up to. */
struct sums {
    double no_loss, no_gain;      /* products of 1 - x */
    double wait, fast, broken;
    double apology, paid;         /* what a recovery leaves of the last bad moment */
};

static void count_up(struct run *r, unsigned *counter)
{
    *counter += 1;
    if (*counter > r->most)
        r->most = *counter;
}

static double grown(double loss, unsigned nth)
{
    return fmin(1, loss * (1 + GROWTH * (nth - 1)));
}

static void add_event(struct run *r, struct sums *s, size_t weight)
{
    const struct weight *w = &r->weights[weight];

    if (w->loss > 0) {
        count_up(r, &r->seen[weight]);
        s->no_loss *= 1 - grown(w->loss, r->seen[weight]);
        r->abused |= (int)weight == r->abuse;
    }
    if (w->gain > 0)
        s->no_gain *= 1 - w->gain;
    r->effort += w->effort;
}

static void add_charge(struct run *r, struct sums *s, const struct charge *c)
{
    switch (c->kind) {
    case CHARGE_EVENT: add_event(r, s, c->weight); break;
    case CHARGE_WAIT: s->wait = fmax(s->wait, c->amount); break;
    case CHARGE_FAST: s->fast = fmax(s->fast, c->amount); break;
    case CHARGE_BROKEN: s->broken = fmax(s->broken, c->amount); break;
    /* Said twice in one exchange, it is still one apology. */
    case CHARGE_APOLOGY: s->apology = fmin(s->apology, KEEP_APOLOGY); break;
    case CHARGE_SET_APOLOGY: s->apology = fmin(s->apology, KEEP_SET_APOLOGY); break;
    case CHARGE_COMPENSATION: s->paid = KEEP_COMPENSATION; break;
    }
}

static void add_waits(struct run *r, struct sums *s)
{
    if (s->broken > 0) {
        const struct weight *w = expectations_weight(r->in->expectations, "broken");

        count_up(r, &r->broken);
        s->no_loss *= 1 - fmax(s->wait, grown(s->broken, r->broken));
        r->effort += w ? w->effort : 0;
    } else {
        s->no_loss *= 1 - s->wait;
    }
    s->no_gain *= 1 - s->fast;
}

/* One exchange: its moment, the mood after it, a recovery if it brought one. */
static void exchange(struct run *r, size_t k, const struct sums *s, struct moment *out)
{
    double loss = 1 - s->no_loss, gain = 1 - s->no_gain;
    double m = score_moment(loss, gain), keep = s->apology * s->paid;

    r->mood = k == 0 ? m : score_mood(r->mood, m);
    r->m[k] = m;
    if (m < 0)
        r->last_low = (int)k;

    /* The first recovery after something bad helps, while nothing has gone wrong twice. */
    if (keep < 1 && r->last_low >= 0 && !r->forgiven && r->most <= 1) {
        r->m[r->last_low] *= keep;
        if (r->mood < 0)
            r->mood *= keep;
        r->forgiven = true;
    }
    if (out)
        *out = (struct moment){ loss, gain, m, 0, r->mood };
}

/* The kth smallest goes to its place, smaller ones before it (Hoare's selection). */
static void select_lowest(double *v, size_t n, size_t k)
{
    size_t low = 0, high = n - 1;

    while (low < high) {
        double pivot = v[low + (high - low) / 2];
        size_t i = low, j = high;

        for (;;) {
            while (v[i] < pivot)
                i++;
            while (v[j] > pivot)
                j--;
            if (i >= j)
                break;
            double swap = v[i];
            v[i++] = v[j];
            v[j--] = swap;
        }
        if (k <= j)
            high = j;
        else
            low = j + 1;
    }
}

static double mean(const double *v, size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += v[i];
    return sum / (double)n;
}

/* Mean of the lowest tenth, at least one; reorders v. */
static double worst_of(double *v, size_t n)
{
    size_t k = (n + 9) / 10;

    select_lowest(v, n, k - 1);
    return mean(v, k);
}

static double finish(struct run *r, struct score *out)
{
    size_t n = r->in->exchanges;
    double outcome = r->in->outcome;

    out->known = true;
    out->outcome = (int)outcome;
    out->end = r->mood;
    out->mean = mean(r->m, n);
    out->worst = worst_of(r->m, n);
    out->remembered = SHARE_END * out->end + SHARE_WORST * out->worst + SHARE_MEAN * out->mean;

    double u = out->remembered > 0 ? out->remembered * LAMBDA : out->remembered;
    double raw = 50 + 50 * (score_outcome_share * outcome + (1 - score_outcome_share) * u);

    out->value = fmax(0, fmin(100, r->abused ? fmin(raw, ABUSE_CAP) : raw));
    out->grade = score_grade(out->value);
    out->effort = r->effort;
    out->ces = fmax(1, 1 + 6 * exp(-r->effort / EFFORT_SCALE) - (outcome < 0 ? 1 : 0));
    return raw;
}

double score_compute(const struct score_input *in, const bool *off, struct moment *moments,
                     struct score *out)
{
    out->known = false;
    if (in->exchanges == 0)
        return 0;

    struct run r = { .in = in, .weights = in->expectations->weights.items, .last_low = -1,
                     .abuse = score_weight(in->expectations, "abuse") };

    r.seen = mem_zero(in->expectations->weights.count + 1, sizeof *r.seen);
    r.m = mem_zero(in->exchanges, sizeof *r.m);

    for (size_t k = 0, c = 0; k < in->exchanges; k++) {
        struct sums s = { .no_loss = 1, .no_gain = 1, .apology = 1, .paid = 1 };

        for (; c < in->charge_count && in->charges[c].exchange <= (int)k; c++)
            if (!off || !off[c])
                add_charge(&r, &s, &in->charges[c]);
        add_waits(&r, &s);
        exchange(&r, k, &s, moments ? &moments[k] : NULL);
    }
    for (size_t k = 0; moments && k < in->exchanges; k++)
        moments[k].m_after = r.m[k];

    double raw = finish(&r, out);

    free(r.m);
    free(r.seen);
    return raw;
}
