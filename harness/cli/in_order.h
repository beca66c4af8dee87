#ifndef CLI_IN_ORDER_H
#define CLI_IN_ORDER_H
/**
 * In order: lines of a stream worked on by several threads, whose outputs come out in the order of
 * the lines. Lines travel in batches; a fixed number of batches is under way, so memory does not
 * grow with the stream.
 */
#include <stdio.h>

#include "harness/base/diag.h"

struct line_work {
    /** What a thread keeps for itself between its lines, and its end. */
    void *(*begin)(const void *context);
    void (*end)(void *own);
    /**
     * One line, without its end, never empty; called by any thread, several at a time.
     * @param own   what the thread's begin gave
     * @param out   what is printed for it
     * @param diags the batch's own
     * @return false ends the whole run behind this line
     */
    bool (*line)(const void *context, void *own, size_t number, struct slice line,
                 struct buf *out, struct diags *diags);
    const void *context;
    const char *name;             /* of the stream, for messages */
    size_t line_max;              /* bytes of a line */
    unsigned threads;             /* at least 1; 1 = nothing is started */
};

/**
 * @return false when a line failed, one was too long, or the stream could not be read or written;
 *         diags say which. What stands before it has been printed.
 */
bool lines_in_order(FILE *in, FILE *out, const struct line_work *work, struct diags *diags);

#endif
