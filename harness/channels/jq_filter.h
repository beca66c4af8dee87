#ifndef CHANNELS_JQ_FILTER_H
#define CHANNELS_JQ_FILTER_H
/**
 * Jq filter: programs in the language of jq over what the company said.
 *
 * Isolated  programs run in a child process of their own, begun with the first one, without our
 *           environment and files: whatever a company's answer makes of a program, it costs
 *           JQ_PATIENCE_US and JQ_MEMORY_MAX, and then that program has failed. After
 *           JQ_STRIKES_MAX such failures nothing is run any more.
 * Compiled  once per program and child; a child serves one world, that is one thread.
 * Numbers   integers that jq 1.6 would round (above 2^53) reach a program as strings.
 * Refused   env, $ENV, input, inputs, modules, halting and writing to files: jq_filter_check.
 * Threads   the world's own; a run blocks until it has ended.
 */
#include <jansson.h>

#include "harness/base/duration.h"

enum { JQ_INPUT_MAX = 4 * 1024 * 1024, JQ_OUTPUT_MAX = 4 * 1024 * 1024, JQ_VALUES_MAX = 10000,
       JQ_MEMORY_MAX = 512 * 1024 * 1024, JQ_PROGRAM_MAX = 16 * 1024, JQ_STRIKES_MAX = 3 };
#define JQ_PATIENCE_US (3 * US_PER_S)

struct jq_filters;

/** @param patience_us  for each run; JQ_PATIENCE_US but in tests. */
struct jq_filters *jq_filters_new(int64_t patience_us);
void jq_filters_free(struct jq_filters *all);     /* NULL is fine */

/** "jq: PROGRAM": the program; NULL: it is a plain path. */
const char *jq_program(const char *path);

/** May it run, and does it compile? @param why for people. */
bool jq_filter_check(struct jq_filters *all, const char *program, struct buf *why);

/**
 * @param ret  on ST_OK an array of what came out; a new reference.
 * @return ST_OK; ST_INVALID the program failed; ST_LIMIT it took too long, or too much.
 */
MUST_CHECK enum status jq_filter_run(struct jq_filters *all, const char *program,
                                     const json_t *input, json_t **ret, struct buf *why);

/** jq_words.c: the first word of a program that is refused; NULL none. Caller frees. */
char *jq_refused_word(const char *program);

#endif
