#ifndef CLI_PDF_H
#define CLI_PDF_H
/**
 * PDF: the HTML report printed by Chromium. It is a format like the others, but one that needs a
 * program beside us, so it lives here (harness/decisions/).
 */
#include "harness/cli/options.h"
#include "reporters/reporter.h"

/** Its row; write() makes the HTML, has it printed twice (the second time with page numbers in the
 *  contents) and copies the file to `out`. The options name the browser. */
extern const struct reporter reporter_pdf;

/** The browser that would print, in the arena of o; NULL with a diag that says what to install. */
const char *pdf_browser(struct options *o, struct diags *diags);

/** --logo: read into the arena of o; *ret stays empty without it. ST_INVALID: no such picture. */
MUST_CHECK enum status pdf_logo(struct options *o, struct diags *diags, struct slice *ret);

#endif
