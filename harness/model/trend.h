#ifndef MODEL_TREND_H
#define MODEL_TREND_H
/**
 * Trend: what became of each journey over many audits; read from a history (harness/store/history.h).
 *
 * Texts come from results, so from strangers: escape them.
 */
#include "harness/model/result.h"

struct trend_finding {
    const char *kind;             /* "slow_reply"; bad ones only */
    int times;
    double share;                 /* points of all of them */
};

struct trend_play {
    const char *started;          /* RFC 3339 */
    enum journey_status status;
    bool known;                   /* there is a score */
    double score, ces;
    char grade;
    int64_t waited_us, longest_us;/* felt waits; DURATION_UNKNOWN none known */
    struct trend_finding *findings;
    size_t finding_count, finding_cap;
};

/** One journey, told apart by name and file; plays oldest first. */
struct trend {
    const char *journey, *file;
    struct trend_play *plays;
    size_t count, cap;
};

struct trends {
    struct trend *items;          /* in the order in which they were first played */
    size_t count, cap;
};

#endif
