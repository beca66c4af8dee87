#ifndef COMPANY_SIGNALS_H
#define COMPANY_SIGNALS_H
/**
 * Signals as something to poll for, instead of handlers.
 */

/** Blocks TERM, INT, HUP, QUIT and CHLD, ignores PIPE. @return a descriptor, closed on exec. */
int signals_open(void);
/** The next signal that came; 0 when there is none. Blocks: poll first. */
int signals_next(int fd);

#endif
