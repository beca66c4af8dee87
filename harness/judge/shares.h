#ifndef JUDGE_SHARES_H
#define JUDGE_SHARES_H
/**
 * Shares: findings → charges → score, its range, and what each finding cost.
 *
 * Lost points  100 - score = outcome + ordinary service (moments that were no better than expected)
 *              + findings + waits nobody complains about + cap for abuse. What the findings cost
 *              together is the score without any of them minus the score; it is shared out among
 *              them in proportion to what each costs alone (its `regain`). Shares and lines are in
 *              tenths, rounded by largest remainder, and add up to 100 minus the score in tenths.
 * Range        low: bad findings of confidence >= .2 and good ones >= .8; high: the other way round.
 * Cost         linear, but `regain` of at most SHARES_EXACT findings (the costliest) is exact; the
 *              others get the share of a finding like them and no regain.
 */
#include "harness/judge/view.h"

enum { SHARES_EXACT = 100 };

/** Fills v->j->score (outcome is set already), the exchanges' moments, share and regain. */
void judge_score(struct view *v);

#endif
