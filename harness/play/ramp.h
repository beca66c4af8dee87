#ifndef PLAY_RAMP_H
#define PLAY_RAMP_H
/**
 * Ramp: customers who come one after the other instead of all at once, and chance that is the same for
 * the same seed. Pure.
 *
 * Place    one of the customers at once. The first is there from the beginning; each of the others opens
 *          at a moment by chance in its own part of the time, so that they do not come in step.
 */
#include <stddef.h>
#include <stdint.h>

struct ramp {
    int64_t from_us, over_us;     /* loop time; over_us 0: all places are there at once */
    uint64_t seed;
};

/** From 0 to below 1, for a number of its own. */
double chance(uint64_t seed, uint64_t number);

/**
 * How many of `places` are open now.
 * @param next  when one more opens; INT64_MAX: none will.
 */
size_t ramp_open(const struct ramp *r, size_t places, int64_t now, int64_t *next);

#endif
