#ifndef JUDGE_OUTCOME_H
#define JUDGE_OUTCOME_H
/**
 * Outcome: was the customer's matter solved? By the scenario's goal, else by what the messages say.
 * Writes outcome, outcome_why and outcome_seq of the score.
 */
#include "harness/judge/view.h"

void judge_outcome(struct view *v);

#endif
