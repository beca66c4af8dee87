#ifndef CLI_JUDGE_LINES_H
#define CLI_JUDGE_LINES_H
/** Judge lines: what `shopper judge` prints of one judged conversation, a line per finding and mark. */
#include "harness/model/result.h"

struct judge_lines {
    bool jsonl;                   /* JSON Lines; else a table with tabs */
    bool marks, doubts;           /* marks too (JSON Lines only); findings below .5 too */
};

/** t->journey is the conversation's id. */
void judge_lines(struct buf *out, const struct judge_lines *how, const struct transcript *t,
                 const struct judgement *j);

#endif
