/* shopper report: a finished result, rendered again. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness/cli/command.h"
#include "harness/cli/session.h"

static enum exit_code render(struct options *o, const char *path, struct diags *diags)
{
    struct buf text = BUF_INIT(RESULT_MAX_BYTES);
    struct result *r = NULL;
    struct outputs out = { 0 };
    enum exit_code code = EXIT_INPUT;
    bool from_stdin = !strcmp(path, "-");
    enum status st = from_stdin ? buf_read_fd(&text, STDIN_FILENO) : buf_read_file(&text, path);

    if (st != ST_OK) {
        diag_error(diags, "cannot read %s: %s", from_stdin ? "standard input" : path,
                   st == ST_LIMIT ? "over 1 GiB" : strerror(errno));
    } else if (result_parse(from_stdin ? "standard input" : path, buf_slice(&text), diags, &r) ==
               ST_OK) {
        if (outputs_open(o, NULL, diags, &out) != ST_OK)
            code = EXIT_USAGE;
        else
            code = report_all(&out, o, r, diags) == ST_OK ? EXIT_MET : EXIT_NOT_TESTED;
    }
    outputs_release(&out);
    result_freep(&r);
    buf_release(&text);
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
