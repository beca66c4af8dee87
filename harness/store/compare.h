#ifndef STORE_COMPARE_H
#define STORE_COMPARE_H
/**
 * Compare: two finished results, journey by journey and finding by finding. Pure.
 *
 * A journey is the same one when name and file are; what then is left over pairs by name alone (a
 * file was moved). Journeys of the same name and file in one result are repeated plays of it, and
 * a difference counts only when it is more than their scatter (noise.h).
 *
 * A finding is the same one when its kind, variant and slot are. Only findings against the company
 * that count are compared. Points are means per play.
 */
#include "harness/model/result.h"
#include "harness/store/noise.h"

enum change { CHANGE_SAME, CHANGE_WORSE, CHANGE_BETTER, CHANGE_NEW, CHANGE_GONE, CHANGE_COUNT };
extern const char *const change_names[CHANGE_COUNT + 1];

struct finding_change {
    const struct finding *sample; /* one of them, from the newer result where it is there */
    enum change change;
    size_t plays[2];              /* plays it was found in: base, head */
    double points[2];             /* mean points lost to it per play */
    bool regression;              /* costs more than was allowed */
};

struct journey_change {
    const char *name, *file;
    enum change change;
    size_t plays[2];              /* tested plays: base, head; 0 = not there */
    size_t met[2];                /* of them, those that met their bar */
    size_t untested[2];           /* plays beside them that say nothing about the company */
    struct spread score[2];
    bool bar_lost;                /* met its bar before, and no longer does */
    bool regression;              /* this or a finding of it is beyond what was allowed */
    struct finding_change *findings;      /* those that changed; worst first */
    size_t finding_count, finding_cap;
};

struct comparison {
    struct arena *arena;
    struct journey_change *journeys;      /* in the order of head, then those gone */
    size_t count, cap;
    size_t regressions;           /* journeys */
    size_t untested;              /* journeys of head that could not be compared */
};

/** @param allow  points a journey may lose, or a new finding cost, before it is a regression. */
struct comparison *compare_results(const struct result *base, const struct result *head,
                                   double allow);
void comparison_free(struct comparison *c);       /* NULL is fine; before the results */

/** One JSON object a journey that changed, and per changed finding. New reference. */
json_t *journey_change_json(const struct journey_change *j);

#endif
