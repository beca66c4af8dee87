#ifndef JUDGE_CURVE_H
#define JUDGE_CURVE_H
/**
 * Curve: how the mood fell while the customer waited (struct exchange, `waiting`).
 */
#include "harness/judge/view.h"

/** After judge_score: the moods after each exchange are known. */
void judge_curve(struct view *v);

#endif
