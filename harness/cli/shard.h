#ifndef CLI_SHARD_H
#define CLI_SHARD_H
/**
 * Shard: the part of an audit that this process plays, by --shard K/N or from what a pipeline says of
 * itself. `shopper merge` joins the parts.
 */
#include "harness/cli/choose.h"

struct shard {
    unsigned number, of;          /* 1..of; 0 of 0: the whole audit */
    const char *from;             /* "--shard", or the variable that said so */
};

/**
 * From --shard; without it from the variables that GitLab (parallel:), Buildkite, Kubernetes Indexed
 * Jobs and our GitHub template set. A total of one is no shard. What was found stands in the options
 * then, so that a journal knows it.
 * @return false with a diag when it makes no sense.
 */
bool shard_find(struct options *o, struct diags *diags, struct shard *ret);

/** Keep only this shard's journeys; there may be none left. */
void shard_keep(const struct shard *s, struct chosen *c);

#endif
