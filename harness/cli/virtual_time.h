#ifndef CLI_VIRTUAL_TIME_H
#define CLI_VIRTUAL_TIME_H
/**
 * Virtual time: which clock a run is played on.
 */
#include "harness/cli/choose.h"
#include "harness/cli/command.h"
#include "harness/loop/loop.h"

/**
 * The loop, on the clock that --virtual-time names, or the machine's.
 * @return EXIT_MET; EXIT_INPUT: a journey cannot be played in virtual time; EXIT_NOT_TESTED: no clock
 *         there, no loop; with diags. *ret is the caller's then.
 */
enum exit_code clock_start(const struct options *o, const struct chosen *c, struct diags *diags,
                           struct loop **ret);

/**
 * On a virtual clock nobody comes back by a timetable: who resumes there comes at `wake_us`
 * (microseconds since 1970). On the machine's clock, nothing.
 */
void clock_wait(struct loop *loop, int64_t wake_us);

#endif
