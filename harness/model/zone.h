#ifndef MODEL_ZONE_H
#define MODEL_ZONE_H
/**
 * Zone: what a time zone's clocks show. Pure: the changes come with it (a scenario's loader reads
 * them from the zoneinfo files, a transcript carries those of its time).
 *
 * Changes  at[i] ascending, seconds since 1970; from then on the clock is `offset[i]` s ahead of UTC.
 * Rules    what holds after the last change: POSIX TZ as in the last line of a TZif file (RFC 9636),
 *          "CET-1CEST,M3.5.0,M10.5.0/3"; "" = the last change's offset for ever (UTC without any).
 */
#include <stdbool.h>
#include <stdint.h>

#include "harness/base/mem.h"

struct zone {
    const char *name, *rules;     /* never NULL once set; name "" = UTC */
    const int64_t *at;
    const int32_t *offset;
    size_t count;
};

/** Seconds ahead of UTC at a time. */
int32_t zone_offset(const struct zone *z, int64_t seconds);

/**
 * The time at which the zone's clocks show `local` (seconds since 1970 as if it were UTC). What they
 * show twice is the first time; what they never show is when they jump over it.
 */
int64_t zone_time(const struct zone *z, int64_t local);

bool zone_rules_ok(const char *rules);

#endif
