#include "harness/play/ramp.h"

/* SplitMix64: numbers that lie side by side have nothing in common afterwards. */
double chance(uint64_t seed, uint64_t number)
{
    uint64_t x = seed * UINT64_C(0x9e3779b97f4a7c15) + number * UINT64_C(0xd1342543de82ef95) + 1;

    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    x ^= x >> 31;
    return (double)(x >> 11) / (double)(UINT64_C(1) << 53);
}

static int64_t opens_at(const struct ramp *r, size_t places, size_t place)
{
    double part = (double)r->over_us / (double)places;

    return !place ? r->from_us
                  : r->from_us + (int64_t)(((double)place + chance(r->seed, place)) * part);
}

size_t ramp_open(const struct ramp *r, size_t places, int64_t now, int64_t *next)
{
    double past = r->over_us > 0 ? (double)(now - r->from_us) / (double)r->over_us : 1;
    size_t open;

    *next = INT64_MAX;
    if (past >= 1)
        return places;
    open = past > 0 ? (size_t)(past * (double)places) : 0;
    while (open < places && opens_at(r, places, open) <= now)
        open++;
    if (open < places)
        *next = opens_at(r, places, open);
    return open;
}
