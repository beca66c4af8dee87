#ifndef MODEL_FINDING_H
#define MODEL_FINDING_H
/**
 * Finding: what a detector concludes from the transcript, with the events that prove it.
 * The kinds and variants are stable ids (design.md section 5); so are the scoring events.
 */
#include "harness/model/mark.h"

/** A kind's fixed facts. */
struct finding_row {
    const char *kind;             /* "repeated_question" */
    bool good;
    bool charged;                 /* false: shown only */
    const char *title;            /* for people: "Asked again" */
};
extern const struct finding_row finding_rows[];
extern const size_t finding_row_count;
const struct finding_row *finding_row_find(const char *kind);   /* NULL unknown */

struct finding {
    const struct finding_row *row;
    const char *variant;          /* NULL none */
    const char *event;            /* scoring event (scoring.md: "repeat", "ack", …); NULL = none */
    const char *slot;             /* NULL none */
    int seq;                      /* the event at which it becomes true */
    int *events;                  /* evidence, in order; the last one is usually seq */
    size_t event_count;
    int exchange;                 /* index of the exchange it is charged to; -1 none */
    int64_t actual_us, allowed_us;/* times: how long it took, what was promised or expected */
    double confidence;
    const char *say;              /* a sentence the customer would say */
    const char *why;              /* why the detector thinks so */
    double loss;                  /* slow_reply, broken_promise: the loss itself; early_reply: the
                                   * gain; else 0 (from the weights) */
    double share, regain;         /* points: its part of those lost (tenths, never negative); the
                                   * score without it minus the score (negative for good ones).
                                   * Filled by the score; 0 below CONFIDENCE_COUNTS */
};

struct findings {
    struct finding *items;        /* ordered by seq */
    size_t count, cap;
};

/** Below this a finding is a doubt: shown on request, never counted. */
#define CONFIDENCE_COUNTS 0.5

#endif
