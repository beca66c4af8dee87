#ifndef LOAD_YAML_ERRORS_H
#define LOAD_YAML_ERRORS_H
/**
 * YAML errors: libyaml's complaints in words that help whoever wrote the file.
 */
#include <stdbool.h>

#include "harness/base/diag.h"

struct yaml_problem {
    const char *problem, *context;   /* libyaml's texts; either may be NULL */
    size_t at, context_at;           /* bytes in the source */
};

void yaml_problem_report(const struct yaml_problem *p, const struct source *source,
                         struct diags *diags);

/** Size and UTF-8 of the whole text. False after an error. */
bool yaml_text_check(const struct source *source, struct diags *diags);

#endif
