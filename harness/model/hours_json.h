#ifndef MODEL_HOURS_JSON_H
#define MODEL_HOURS_JSON_H
/**
 * Hours in a transcript's header: {"zone", "rules", "changes": [[time, offset]…], "days", "holidays"}.
 * Of the zone's changes only those around the journey's time are written.
 */
#include "harness/model/hours.h"
#include "harness/model/members.h"

/** started: seconds since 1970. New reference. */
json_t *hours_json(const struct hours *h, int64_t started);
void hours_read(const struct members *company, struct hours *h);

#endif
