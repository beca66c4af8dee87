/* shopper merge: the results of shards become one. */
#include <stdlib.h>

#include "harness/cli/command.h"
#include "harness/cli/compare.h"
#include "harness/cli/session.h"
#include "harness/store/merge.h"

static bool load_all(const struct options *o, struct merge_part *parts, struct diags *diags)
{
    for (size_t i = 0; i < o->path_count; i++) {
        parts[i].name = o->paths[i];
        if (load_to_report(o, o->paths[i], diags, &parts[i].result) != ST_OK)
            return false;
    }
    return true;
}

static enum exit_code print(struct options *o, struct result *r, bool complete,
                            struct diags *diags)
{
    struct outputs out = { 0 };
    enum exit_code code = exit_code_of(r, 0);

    if (outputs_open(o, NULL, diags, &out) != ST_OK)
        code = EXIT_USAGE;
    else if (report_all(&out, o, r, diags) != ST_OK || !complete)
        code = EXIT_NOT_TESTED;
    outputs_release(&out);
    return code;
}

enum exit_code merge_command(struct options *o)
{
    struct merge_part *parts = mem_zero(o->path_count + 1, sizeof *parts);
    struct result *merged = NULL;
    struct diags diags;
    enum exit_code code = EXIT_INPUT;
    bool complete = true;

    diags_init(&diags);
    if (!o->path_count) {
        diag_error(&diags, "shopper merge needs RESULTs: the report.json of every shard");
        code = EXIT_USAGE;
    } else if (load_all(o, parts, &diags) &&
               result_merge(parts, o->path_count, &diags, &merged, &complete) == ST_OK) {
        code = print(o, merged, complete, &diags);
    }
    print_diags(&diags);
    for (size_t i = 0; i < o->path_count; i++)
        result_freep(&parts[i].result);
    free(parts);
    result_freep(&merged);
    diags_release(&diags);
    return code;
}
