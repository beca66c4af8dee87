#ifndef LOAD_STEPS_H
#define LOAD_STEPS_H
/**
 * Steps: the list of a scenario, and the lists it takes from other files.
 */
#include "harness/load/scenario_loader.h"

struct include_frame;

/** @param inside  the file being included; NULL in the scenario's own list.
 *  @return false when a cap was met and reading should stop (an error was added). */
bool steps_read_list(struct scenario_loader *sl, const struct node *list,
                     const struct include_frame *inside);

#endif
