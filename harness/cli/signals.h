#ifndef CLI_SIGNALS_H
#define CLI_SIGNALS_H
/**
 * Signals: the first SIGINT or SIGTERM ends the journeys and lets the report be written, a second
 * one ends the program. POSIX 2008 System Interfaces 2.4; exit codes as a shell gives them (128 + n).
 */
#include <uv.h>

struct signals;

/**
 * Watch while the loop runs.
 * @param on_first called once, on the loop, with the signal's number
 */
struct signals *signals_watch(uv_loop_t *loop, void (*on_first)(void *context, int number),
                              void *context);
/**
 * The journeys are over, the report is about to be written: from here on the process itself
 * answers. A signal that comes first now lets the report be finished; one that follows another by
 * more than half a second ends the program. @param s may be NULL
 */
void signals_over(struct signals *s);

#endif
