#ifndef CLI_MACHINE_H
#define CLI_MACHINE_H
/**
 * Machine: what this machine gives a run (open files, ports), looked at before the first contact, so
 * that nobody finds out in the middle of an audit.
 */
#include "harness/base/diag.h"
#include "harness/model/scenario.h"

/**
 * Raises the limit of open files as far as it may, and compares.
 * @param at_once  journeys side by side.
 * @return false: so many cannot be played here; a diag names the limit and says what to do.
 */
bool machine_bears(struct scenario *const *scenarios, size_t count, size_t at_once,
                   struct diags *diags);

#endif
