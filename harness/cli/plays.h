#ifndef CLI_PLAYS_H
#define CLI_PLAYS_H
/**
 * Plays: from journeys to how often and when each is played: --repeat, and `at:` in a journey.
 */
#include "harness/cli/session.h"

/** How often a journey is played in one round: once, or once for each time of its `at`. */
size_t plays_of(const struct scenario *s);
/** When that is, microseconds since 1970: the first such time from `from_us` on. */
int64_t plays_start(const struct scenario *s, size_t which, int64_t from_us);

/** Fills in the session's scenarios, numbers and starts, in the order of their starts, which are looked
 *  for from its started_us on; in the options' arena. */
void plays_make(const struct options *o, const struct chosen *c, struct session *s);

#endif
