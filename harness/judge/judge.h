#ifndef JUDGE_JUDGE_H
#define JUDGE_JUDGE_H
/**
 * Judge: transcript → marks → findings → score. Pure: no clock, socket, environment or locale; the
 * same transcript gives the same judgement on every machine.
 */
#include "harness/model/expectations.h"
#include "harness/model/result.h"
#include "harness/read/read.h"

/** @return owned by the caller (judgement_free). Never NULL; an empty transcript has no score. */
struct judgement *judge_transcript(const struct reader *reader, const struct expectations *e,
                                   const struct transcript *t);
/** The same by whoever judges many. `memory`: of the transcripts before, NULL none. */
struct judgement *judge_again(const struct reader *reader, const struct expectations *e,
                              struct reading_memory *memory, const struct transcript *t);

/** Marks, outcome and findings alone, without score, shares and curve: for those who print no score. */
struct judgement *judge_findings(const struct reader *reader, const struct expectations *e,
                                 struct reading_memory *memory, const struct transcript *t);

/**
 * Whether the journey met its bar: reasons (in the judgement's arena) say what fell short.
 * Failed `expect`s and harness failures in the transcript count too. Said in the reader's language.
 */
enum journey_status judge_bar(const struct reader *reader, const struct transcript *t,
                              struct judgement *j, const char ***reasons, size_t *reason_count);

/**
 * What was found, told again in the language the reader says things in: the customer's sentences,
 * how it ended, and why the bar was not met; for results judged in another language. Numbers, kinds
 * and rules stay; so does `why` of a finding, which names rules.
 */
void judge_retell(const struct reader *reader, struct journey_result *jr);

#endif
