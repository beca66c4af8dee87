#include "harness/judge/judge.h"

#include <stdlib.h>
#include <string.h>

#include "harness/judge/curve.h"
#include "harness/judge/detector.h"
#include "harness/judge/outcome.h"
#include "harness/judge/shares.h"

struct place {
    struct finding finding;
    size_t order;
};

static int by_seq(const void *a, const void *b)
{
    const struct place *x = a, *y = b;

    if (x->finding.seq != y->finding.seq)
        return x->finding.seq < y->finding.seq ? -1 : 1;
    return x->order < y->order ? -1 : 1;
}

/* By event; of one event in the order of the detectors. */
static void order_findings(struct findings *f)
{
    struct place *places = mem_zero(f->count + 1, sizeof *places);

    for (size_t i = 0; i < f->count; i++)
        places[i] = (struct place){ f->items[i], i };
    qsort(places, f->count, sizeof *places, by_seq);
    for (size_t i = 0; i < f->count; i++)
        f->items[i] = places[i].finding;
    free(places);
}

static void find(struct view *v)
{
    view_build(v);
    judge_outcome(v);
    for (size_t i = 0; i < detector_count; i++)
        detectors[i].run(v);
    order_findings(&v->j->findings);
}

struct judgement *judge_findings(const struct reader *reader, const struct expectations *e,
                                 struct reading_memory *memory, const struct transcript *t)
{
    struct judgement *j = judgement_new();
    struct view v = { .t = t, .reader = reader, .read_before = memory, .e = e, .j = j,
                      .a = j->arena };

    find(&v);
    return j;
}

struct judgement *judge_again(const struct reader *reader, const struct expectations *e,
                              struct reading_memory *memory, const struct transcript *t)
{
    struct judgement *j = judgement_new();
    struct view v = { .t = t, .reader = reader, .read_before = memory, .e = e, .j = j,
                      .a = j->arena };

    find(&v);
    judge_score(&v);
    judge_curve(&v);
    return j;
}

struct judgement *judge_transcript(const struct reader *reader, const struct expectations *e,
                                   const struct transcript *t)
{
    return judge_again(reader, e, NULL, t);
}
