#ifndef CLI_COMPARE_H
#define CLI_COMPARE_H
/**
 * Compare on the terminal: what `shopper compare`, `run --baseline` and `run --repeat` print.
 */
#include <stdio.h>

#include "harness/cli/options.h"
#include "harness/cli/command.h"
#include "harness/model/result.h"

/** A report.json, or - for stdin. @return ST_OK, else a diag says why. */
MUST_CHECK enum status load_result(const char *path, struct diags *diags, struct result **ret);
/** The same, with the names of staff hidden where the options ask for it. */
MUST_CHECK enum status load_to_report(const struct options *o, const char *path,
                                      struct diags *diags, struct result **ret);

/** The table (or, with --format jsonl, the lines) of what changed. Returns the exit code for it. */
enum exit_code print_comparison(const struct options *o, const struct result *base,
                                const struct result *head, FILE *out);

/** The worse of two codes: 5 beats 4 beats 1 beats 0, a signal beats them all. */
enum exit_code worse_code(enum exit_code a, enum exit_code b);

/** How repeated plays of each journey scattered. */
void print_spread(const struct result *r, FILE *out);

#endif
