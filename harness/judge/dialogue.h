#ifndef JUDGE_DIALOGUE_H
#define JUDGE_DIALOGUE_H
/**
 * Dialogue: one whole conversation from anybody's export as a transcript:
 *   {"id":"…","language":"en","turns":[{"from":"customer|company","text":"…","t_s":0,
 *    "channel":"chat"}]}
 * `t_s` (seconds) and `channel` may be missing or null = unknown; other members are ignored.
 */
#include "harness/model/event.h"

/**
 * @param name, line  for messages ("export.jsonl: line 7: …").
 * @return ST_OK and *ret, whose `journey` is the dialogue's id; ST_INVALID with a diag.
 */
MUST_CHECK enum status dialogue_parse(const char *name, size_t line, struct slice text,
                                      struct diags *diags, struct transcript **ret);

/** The 0-based turn of the event t->events[seq]. */
int dialogue_turn(const struct transcript *t, int seq);

#endif
