#ifndef STORE_NOISE_H
#define STORE_NOISE_H
/**
 * Noise: is a difference between two sets of repeated plays more than their scatter?
 *
 * Scores: Mann-Whitney U, two-sided, level .05; the exact distribution (ties included) up to
 * NOISE_EXACT_MAX plays in all, the normal approximation with tie and continuity correction above.
 * Frequencies: Fisher's exact test, two-sided, level .05.
 *
 * With so few plays that even complete separation does not reach the level (1 against 1, 3 against
 * 3), the tests can say nothing. Then the rule is the strictest one that the plays allow: the two
 * sets must not overlap; a frequency must be all on one side and none on the other.
 */
#include <stdbool.h>
#include <stddef.h>

#define NOISE_LEVEL 0.05
enum { NOISE_EXACT_MAX = 60 };

/** Whether the tests can reach the level at all with n plays on one side and m on the other. */
bool noise_testable(size_t n, size_t m);

/** p of the rank test; 1 when a side is empty. */
double noise_ranks(const double *a, size_t n, const double *b, size_t m);
/** p of Fisher's test for `hits_a` of n against `hits_b` of m. */
double noise_counts(size_t hits_a, size_t n, size_t hits_b, size_t m);

/** The rules above: does b differ from a? */
bool noise_values_differ(const double *a, size_t n, const double *b, size_t m);
bool noise_counts_differ(size_t hits_a, size_t n, size_t hits_b, size_t m);

/** Where values lie; all 0 for none. */
struct spread {
    size_t count;
    double min, median, max, mean;
};
struct spread spread_of(const double *values, size_t count);

#endif
