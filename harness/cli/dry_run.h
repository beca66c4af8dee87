#ifndef CLI_DRY_RUN_H
#define CLI_DRY_RUN_H
/** Dry run: prints what a run would send, and to whom. Nothing is contacted. */
#include "harness/cli/choose.h"

void dry_run(const struct options *o, const struct data *d, const struct chosen *c);

#endif
