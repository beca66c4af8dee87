#include "harness/store/noise.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/mem.h"

/* Differences of floating-point noise do not make a tie or a rank. */
static const double SAME = 1e-9;

struct ranked {
    double value;
    bool second;                  /* from the second set */
    long twice_rank;              /* mid-ranks are halves */
};

static int by_value(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;

    return x->value < y->value ? -1 : x->value > y->value;
}

/* Both sets in one order, ties with their mid-rank. Returns the sum of t^3 - t over all ties. */
static double rank(struct ranked *r, const double *a, size_t n, const double *b, size_t m)
{
    size_t total = n + m;
    double ties = 0;

    for (size_t i = 0; i < total; i++)
        r[i] = (struct ranked){ i < n ? a[i] : b[i - n], i >= n, 0 };
    qsort(r, total, sizeof *r, by_value);
    for (size_t i = 0, end; i < total; i = end) {
        for (end = i + 1; end < total && r[end].value - r[i].value < SAME;)
            end++;
        for (size_t k = i; k < end; k++)
            r[k].twice_rank = (long)(i + 1 + end);

        double t = (double)(end - i);

        ties += t * t * t - t;
    }
    return ties;
}

/* Share of all ways to choose n of the ranks whose sum lies as far from the middle as the one
 * seen: counted by the number chosen and their sum. Doubles hold C(60, 30) exactly enough. */
static double exact(const struct ranked *r, size_t n, size_t total, long seen)
{
    long sums = (long)(total * (total + 1)) + 1;
    long middle = (long)(n * (total + 1)), away = labs(seen - middle);
    double *ways = mem_zero((n + 1) * (size_t)sums, sizeof *ways);
    double extreme = 0, all = 0;

    ways[0] = 1;
    for (size_t i = 0; i < total; i++)
        for (size_t k = n; k > 0; k--) {
            double *with = ways + k * (size_t)sums, *without = with - sums;

            for (long s = sums - 1; s >= r[i].twice_rank; s--)
                with[s] += without[s - r[i].twice_rank];
        }
    for (long s = 0; s < sums; s++) {
        double w = ways[n * (size_t)sums + (size_t)s];

        all += w;
        if (labs(s - middle) >= away)
            extreme += w;
    }
    free(ways);
    return extreme / all;
}

static double approximate(size_t n, size_t m, double twice_sum, double ties)
{
    double total = (double)(n + m), nm = (double)n * (double)m;
    double u = twice_sum / 2 - (double)n * ((double)n + 1) / 2;
    double variance = nm / 12 * (total + 1 - ties / (total * (total - 1)));

    if (variance <= 0)
        return 1;

    double z = (fabs(u - nm / 2) - .5) / sqrt(variance);

    return z <= 0 ? 1 : erfc(z / sqrt(2));
}

double noise_ranks(const double *a, size_t n, const double *b, size_t m)
{
    if (!n || !m)
        return 1;

    struct ranked *r = mem_zero(n + m, sizeof *r);
    double ties = rank(r, a, n, b, m), p;
    long seen = 0;

    for (size_t i = 0; i < n + m; i++)
        if (!r[i].second)
            seen += r[i].twice_rank;
    p = n + m <= NOISE_EXACT_MAX ? exact(r, n, n + m, seen) : approximate(n, m, (double)seen, ties);
    free(r);
    return p;
}

static double log_choose(size_t n, size_t k)
{
    return lgamma((double)n + 1) - lgamma((double)k + 1) - lgamma((double)(n - k) + 1);
}

double noise_counts(size_t hits_a, size_t n, size_t hits_b, size_t m)
{
    size_t hits = hits_a + hits_b, low = hits > m ? hits - m : 0, high = hits < n ? hits : n;
    double all = log_choose(n + m, hits), p = 0;

    if (!n || !m || hits_a > n || hits_b > m)
        return 1;

    double seen = log_choose(n, hits_a) + log_choose(m, hits_b);

    for (size_t k = low; k <= high; k++) {
        double here = log_choose(n, k) + log_choose(m, hits - k);

        if (here <= seen + 1e-7)                 /* as unlikely as what was seen, or more */
            p += exp(here - all);
    }
    return p < 1 ? p : 1;
}

bool noise_testable(size_t n, size_t m)
{
    return n && m && log(2) - log_choose(n + m, n) < log(NOISE_LEVEL);
}

struct spread spread_of(const double *values, size_t count)
{
    struct spread s = { .count = count };
    struct ranked *r = mem_zero(count, sizeof *r);

    for (size_t i = 0; i < count; i++) {
        r[i].value = values[i];
        s.mean += values[i] / (double)count;
    }
    if (count) {
        qsort(r, count, sizeof *r, by_value);
        s.min = r[0].value;
        s.max = r[count - 1].value;
        s.median = (r[(count - 1) / 2].value + r[count / 2].value) / 2;
    }
    free(r);
    return s;
}

bool noise_values_differ(const double *a, size_t n, const double *b, size_t m)
{
    if (!n || !m)
        return false;
    if (noise_testable(n, m))
        return noise_ranks(a, n, b, m) < NOISE_LEVEL;

    struct spread x = spread_of(a, n), y = spread_of(b, m);

    return x.max + SAME < y.min || y.max + SAME < x.min;
}

bool noise_counts_differ(size_t hits_a, size_t n, size_t hits_b, size_t m)
{
    if (!n || !m)
        return false;
    if (noise_testable(n, m))
        return noise_counts(hits_a, n, hits_b, m) < NOISE_LEVEL;
    return (hits_a == 0 && hits_b == m) || (hits_a == n && hits_b == 0);
}
