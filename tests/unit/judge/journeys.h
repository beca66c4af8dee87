#ifndef TEST_JOURNEYS_H
#define TEST_JOURNEYS_H
/**
 * Journeys for the tests of the score: written as text, or made at random.
 *
 * An exchange is a text of words: a weight's name, "apology", "set_apology", "comp", or
 * "wait=6h/4h" (a "?" at its end: no time was named), "fast=10s/30s", "broken=5h/2h".
 */
#include "harness/judge/score.h"

struct journey {
    struct charge *charges;
    size_t count, cap;
    size_t exchanges;
};

/** The expectations this program ships with; loaded once. */
const struct expectations *industry(void);
void industry_free(void);

void journey_add(struct journey *j, const char *exchange);
void journey_charge(struct journey *j, struct charge c);    /* to the last exchange */
void journey_release(struct journey *j);
double journey_score(const struct journey *j, enum outcome o, struct moment *m,
                     struct score *s);

/** A small generator of our own (xorshift64*), the same on every machine. */
struct random { uint64_t state; };
unsigned random_below(struct random *r, unsigned n);
struct journey journey_random(struct random *r, unsigned max_exchanges);

#endif
