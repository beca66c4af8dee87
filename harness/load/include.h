#ifndef LOAD_INCLUDE_H
#define LOAD_INCLUDE_H
/**
 * Include: `- include: shared/hello.yaml` takes the list of steps in that file. The path is
 * relative to the file it stands in. Cycles are errors; depth and number are capped.
 */
#include "harness/load/scenario_loader.h"

struct include_frame;

/** n: the step with the include key. False when a cap was met. */
bool include_read(struct scenario_loader *sl, const struct node *n,
                  const struct include_frame *inside);

#endif
