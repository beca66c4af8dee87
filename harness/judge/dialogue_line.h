#ifndef JUDGE_DIALOGUE_LINE_H
#define JUDGE_DIALOGUE_LINE_H
/**
 * Dialogue line: the plain shape of a dialogue's JSON, read in one pass: the members that dialogue.h
 * names, each once, of the types it names. Most exports are nothing else, and a tree of values would
 * cost as much as judging a short message. Whatever is different, in any way, is left to the parser.
 */
#include "harness/base/buf.h"

/** Of one turn; texts may be NULL, and live until the next one is read. */
struct dialogue_turn {
    const char *from, *text, *channel;
    double t_s;
    bool timed;
};

/** False: this turn is none; the line is read no further. */
typedef bool dialogue_turn_fn(void *context, const struct dialogue_turn *turn);

/**
 * @param id, language  stay as they are when the line has none.
 * @return false: not plain, or not JSON at all; turns that were told already do not count.
 */
bool dialogue_line(struct slice line, dialogue_turn_fn *fn, void *context, struct buf *id,
                   struct buf *language);

#endif
