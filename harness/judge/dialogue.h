#ifndef JUDGE_DIALOGUE_H
#define JUDGE_DIALOGUE_H
/**
 * Dialogue: one conversation of anybody's export, as one line of JSON, to a transcript.
 *
 * Shape  {"id","language","turns":[{"from":"customer|company","text","t_s":12.5,"channel":"chat"}]}
 *        t_s (seconds) and channel may be missing or null; other members are ignored. Event i of
 *        the transcript is turn i.
 */
#include "harness/model/event.h"

/**
 * @param id  the dialogue's own name ("" when it has none), in the transcript as `journey`.
 * @return ST_OK; ST_INVALID with the reason in diags, *ret untouched. Caller frees.
 */
MUST_CHECK enum status dialogue_parse(const char *name, struct slice line, struct diags *diags,
                                      struct transcript **ret);

#endif
