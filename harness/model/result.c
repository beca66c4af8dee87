#include "harness/model/result.h"

#include <math.h>
#include <stdlib.h>

const char *const journey_status_names[JOURNEY_STATUS_COUNT + 1] = {
    "met", "fell_short", "not_tested", "interrupted", NULL,
};

const char *outcome_name(enum outcome o)
{
    static const char *const names[] = { "not_solved", "open", "solved" };

    return names[(o < 0 ? -1 : o > 0) + 1];
}

struct judgement *judgement_new(void)
{
    struct arena *a = arena_new();
    struct judgement *j = arena_alloc(a, sizeof *j);

    j->arena = a;
    j->score.outcome_seq = -1;
    return j;
}

void judgement_free(struct judgement *j)
{
    if (j)
        arena_free(j->arena);                    /* holds j itself */
}

struct result *result_new(void)
{
    struct arena *a = arena_new();
    struct result *r = arena_alloc(a, sizeof *r);

    r->arena = a;
    r->tool = "shopper";
    r->held_max = RESULT_HELD_BYTES;
    return r;
}

void journey_result_free(struct journey_result *jr)
{
    if (!jr)
        return;
    judgement_free(jr->judgement);
    transcript_free(jr->transcript);
    free(jr);
}

void result_freep(struct result **r)
{
    result_free(*r);
    *r = NULL;
}

int score_rounded(double value)
{
    return (int)floor(value + 0.5 + 1e-9);       /* a sum that should be 64.5 may lie just below */
}

double score_tenths(double value)
{
    return floor(value * 10 + 0.5 + 1e-9) / 10;
}
