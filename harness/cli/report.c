/* shopper report: a finished result, rendered again. */
#include "harness/cli/command.h"
#include "harness/cli/compare.h"
#include "harness/cli/session.h"

static enum exit_code render(struct options *o, const char *path, struct diags *diags)
{
    struct result *r = NULL;
    struct outputs out = { 0 };
    enum exit_code code = EXIT_INPUT;

    if (load_to_report(o, path, diags, &r) == ST_OK) {
        if (outputs_open(o, NULL, diags, &out) != ST_OK)
            code = EXIT_USAGE;
        else
            code = report_all(&out, o, r, diags) == ST_OK ? EXIT_MET : EXIT_NOT_TESTED;
    }
    outputs_release(&out);
    result_freep(&r);
    return code;
}

enum exit_code report_command(struct options *o)
{
    struct diags diags;
    enum exit_code code = EXIT_USAGE;

    diags_init(&diags);
    if (o->path_count != 1)
        diag_error(&diags, "shopper report needs one RESULT: a report.json, or - for stdin");
    else
        code = render(o, o->paths[0], &diags);
    print_diags(&diags);
    diags_release(&diags);
    return code;
}
