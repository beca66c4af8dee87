#ifndef PLAY_LINK_MEMORY_H
#define PLAY_LINK_MEMORY_H
/**
 * Link memory: what came of the links of pages that the customers of one audit passed. All of them
 * pass the same pages: a link is tried once, and whoever comes while it is tried waits for that.
 */
#include <stdbool.h>
#include <stddef.h>

struct link_memory;

enum link_state {
    LINK_NEW,                     /* nobody has tried it: who asks does, and says what came of it */
    LINK_BUSY,                    /* somebody is at it: ask again when they are done */
    LINK_KNOWN,
};

/** Has anybody asked for it before? */
bool link_was_asked(struct link_memory *m, const char *url);
/** @param found  LINK_KNOWN: what came of it. *m may be NULL at first. */
enum link_state link_ask(struct link_memory **m, const char *url, const char **found);
/** After LINK_NEW. found NULL: nothing did, the next one may try. */
void link_tell(struct link_memory *m, const char *url, const char *found);
/** After LINK_BUSY: fn is called, once, when somebody has done with a link. It may start timers, and
 *  nothing else. */
void link_wait(struct link_memory *m, void (*fn)(void *context), void *context);
void link_stop_waiting(struct link_memory *m, const void *context);
void link_memory_free(struct link_memory *m);     /* NULL is fine */

#endif
