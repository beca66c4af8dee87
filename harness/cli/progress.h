#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H
/**
 * Progress: what the running customers do, on stderr. On a terminal one line per running journey,
 * redrawn; otherwise a plain line per step.
 *
 * Threads  progress_started, _event and _ended may come from any; the rest is the loop's.
 */
#include "harness/cli/options.h"
#include "harness/loop/loop.h"
#include "harness/model/event.h"

struct progress;

/** Names are borrowed. */
struct progress *progress_new(struct loop *l, const struct options *o, size_t count);
void progress_free(struct progress *p);       /* NULL is fine; clears the live lines */
/** now_us: of any loop of the run, whose clocks are the same. */
void progress_started(struct progress *p, size_t index, const char *name, int64_t now_us);
void progress_event(struct progress *p, size_t index, const struct event *e);
/** note: "met its bar, 79 B". */
/** One was played by an earlier process. */
void progress_played(struct progress *p);
void progress_ended(struct progress *p, size_t index, const char *note);

#endif
