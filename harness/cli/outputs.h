#ifndef CLI_OUTPUTS_H
#define CLI_OUTPUTS_H
/**
 * Outputs: the reports asked for. All paths are opened before the first contact, so that ten
 * minutes of play never end in "permission denied"; a file is replaced only when its report is
 * written.
 */
#include "harness/cli/options.h"
#include "harness/store/history.h"
#include "reporters/reporter.h"

struct output {
    const struct reporter *reporter;
    const char *path;                     /* NULL = stdout */
    const char *temporary;                /* written first, then renamed to path */
    FILE *file;
};

struct outputs {
    struct output *items;
    size_t count, cap;
    const char *browser;                  /* that prints, and the cover's picture: for pdf */
    struct slice logo;
    struct history *history;              /* of --history; NULL none */
    bool to_stdout;                       /* some report has stdout for itself */
};

/**
 * From --report; `folder` NULL or where default names go.
 * ST_INVALID unknown format, or a path twice; ST_IO a path cannot be written; diags say which.
 */
MUST_CHECK enum status outputs_open(struct options *o, const char *folder, struct diags *diags,
                                    struct outputs *out);
/** Write them all; errors go to diags. */
MUST_CHECK enum status outputs_write(struct outputs *out, const struct options *o,
                                     const struct result *r, struct diags *diags);
/** Closes; removes temporary files that became no report. */
void outputs_release(struct outputs *out);

/** Where large things may lie for a while: TMPDIR, else /var/tmp (on a disk, mostly). */
const char *scratch_folder(void);

/** Create a folder and its parents. */
MUST_CHECK enum status make_folder(const char *path);

/** What a console report may use. */
struct report_options report_options_for(const struct options *o, FILE *f);

#endif
