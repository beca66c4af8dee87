#ifndef JUDGE_MEMORY_H
#define JUDGE_MEMORY_H
/**
 * Memory: what the customer told so far. memory.c listens, recall.c finds what answers a question
 * already. Of use to the two only; what they find lies in the view.
 */
#include "harness/judge/view.h"

enum { MEMORY_WORDS = 32, MEMORY_PENDING = 16 };

struct pending {
    const struct mark *mark;
    const struct event *e;
};

struct memory {
    struct view *v;
    struct told **latest;                 /* the latest of each slot */
    size_t latest_count, latest_cap;
    struct told *asked[MEMORY_WORDS];     /* latest answered questions, for their words */
    size_t asked_count;
    struct pending pending[MEMORY_PENDING];   /* questions not answered yet */
    size_t pending_count;
    const struct mark *answered;          /* the one question the customer's message answers; NULL */
    const struct event *read_back;        /* the company's last reading back; NULL none */
    int done_seq;                         /* where the company thought it was finished; -1 nowhere */
};

/** What the pack says of a slot; NULL nothing. */
const struct lexicon_slot *memory_lexicon(const struct memory *m, const char *slot);

/** Whether two slots are the same, or one is the more general. */
bool memory_related(const struct memory *m, const char *a, const char *b);

/** Whether `general` is the more general slot of this one. */
bool memory_special(const struct lexicon_slot *s, const char *general);

/** Whether a question, or what is told, is about the same as what was told: not the name of the
 * daughter where the customer's own was told. */
bool memory_same_subject(const struct told *t, const char *about, const char *aim);

/** What was told that answers a question for the mark's slot, and how surely; NULL nothing. */
const struct told *memory_by_slot(const struct memory *m, const struct mark *asking, double *sure);

/** A question is asked: what answers it already, if anything, goes into the view. */
void memory_ask(struct memory *m, const struct mark *mark, const struct event *e);

#endif
