#ifndef STORE_MERGE_H
#define STORE_MERGE_H
/**
 * Merge: the results of a sharded audit, or of several audits, become one. Pure.
 *
 * Shards   journeys go back to the places they have in the whole audit, so that the merged result is
 *          the one an unsharded run would have written, but for its times. A shard that is missing
 *          is named among what was left out.
 * Others   results without places keep their order and follow one another.
 * Times    began with the first, lasted until the last had ended.
 */
#include "harness/model/result.h"

struct merge_part {
    const char *name;             /* for messages: the file */
    struct result *result;        /* its journeys are taken over; the rest stays the caller's */
};

/**
 * @param complete false when a shard is missing.
 * @return ST_OK; ST_INVALID when parts do not belong together (the same shard twice, another number
 *         of shards, judged by other expectations); diags say which. *ret untouched then, and the
 *         parts keep their journeys.
 */
MUST_CHECK enum status result_merge(struct merge_part *parts, size_t count, struct diags *diags,
                                    struct result **ret, bool *complete);

/**
 * Which shard, 1.. of `of`, plays the journey of that name: the same on every machine, whatever other
 * journeys there are (FNV-1a of the name).
 */
unsigned shard_of(const char *journey, unsigned of);

#endif
