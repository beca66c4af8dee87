#ifndef JUDGE_SCORE_H
#define JUDGE_SCORE_H
/**
 * Score: charges (losses, gains, recoveries of the exchanges) and an outcome, to 0-100.
 *
 * The model: an exchange's losses and gains are combined by noisy-or into a moment m; a mood curve
 * follows the moments; what is remembered is the end, the worst and the mean; the outcome has a
 * fixed share. Value function: Tversky & Kahneman 1992, loss aversion of Brown et al. 2024;
 * recovery: Abeler et al. 2010. The weights of the events come from struct expectations.
 *
 * Pure. Cost: linear in charges and exchanges.
 */
#include "harness/model/expectations.h"
#include "harness/model/result.h"

enum charge_kind {
    CHARGE_EVENT,                 /* a row of the weights; grows with every repetition */
    CHARGE_WAIT,                  /* amount: wait_loss(); the largest of an exchange counts */
    CHARGE_FAST,                  /* amount: wait_gain(); the largest of an exchange counts */
    CHARGE_BROKEN,                /* amount: broken_loss(); takes the place of the wait */
    CHARGE_APOLOGY, CHARGE_SET_APOLOGY, CHARGE_COMPENSATION
};

struct charge {
    enum charge_kind kind;
    int exchange;                 /* 0-based */
    size_t weight;                /* EVENT: index into expectations.weights */
    double amount;
};

/** Charges are ordered by exchange. */
struct score_input {
    const struct expectations *expectations;
    size_t exchanges;
    const struct charge *charges;
    size_t charge_count;
    enum outcome outcome;
};

struct moment {
    double loss, gain;            /* noisy-or, 0..1 */
    double m, m_after;            /* before and after an apology or compensation */
    double mood;
};

/**
 * @param off      charges to leave out, or NULL; charge_count items.
 * @param moments  exchanges items, or NULL.
 * @param out      value, grade, worst, end, mean, remembered, effort, ces, outcome, known are
 *                 written; the rest is left alone. No exchanges: known = false.
 * @return the score before the cap for abuse and before clamping.
 */
double score_compute(const struct score_input *in, const bool *off, struct moment *moments,
                     struct score *out);

char score_grade(double value);

/** The moment of a loss and a gain (0..1 each), and the mood after a moment. */
double score_moment(double loss, double gain);
double score_mood(double mood, double m);

/* The helper functions of the wait model; times in seconds. */
enum wait_flags { WAIT_UNCERTAIN = 1, WAIT_UNEXPLAINED = 2 };
double wait_loss(double seconds, double expected, unsigned flags);
double wait_gain(double seconds, double expected);
double broken_loss(double actual, double promised);

/** Points of the outcome's and the experience's share: 30 and 70 of 100. */
extern const double score_outcome_share;

/** Index of a weight by name, or -1. */
int score_weight(const struct expectations *e, const char *name);

#endif
