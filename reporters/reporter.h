#ifndef REPORTERS_REPORTER_H
#define REPORTERS_REPORTER_H
/**
 * Reporter: one finished result into one format. Pure but for writing to `out`.
 * Everything in a result may come from a stranger: each format escapes it for itself.
 */
#include <stdio.h>

#include "harness/model/result.h"

enum report_flags {
    REPORT_COLOR = 1,             /* a terminal that may be coloured */
    REPORT_DOUBTS = 2,            /* findings below confidence .5 too */
    REPORT_VERBOSE = 4,
    REPORT_PRINT = 8,             /* HTML: laid out for paper, everything unfolded, no script */
};

struct report_options {
    unsigned flags;
    int columns;                  /* width for console; 80 when unknown */
    const char *language;         /* of the HTML report's own words: en, de, fr, fa; NULL = en */
    const char *paper;            /* REPORT_PRINT: A4 or Letter */
    struct slice logo;            /* REPORT_PRINT: a PNG or JPEG picture for the cover; empty = none */
    const unsigned *pages;        /* REPORT_PRINT: page of each journey, for the contents; or NULL */
    const char *browser;          /* that prints PDF; NULL where no PDF is asked for */
    const char *command;          /* for "play it again" hints; may be NULL */
    const char *evidence;         /* folder of the files that `evidence` events name; NULL none */
};

struct reporter {
    const char *name;             /* value of --report */
    const char *extension;        /* default file: report.EXTENSION; NULL = stdout */
    const char *help;
    /** @return ST_OK, or ST_IO when writing failed. */
    enum status (*write)(const struct result *r, const struct report_options *o, FILE *out);
};

/* To add a reporter: write reporters/<name>.c, add its row (sorted), add tests/report/<name>.*. */
extern const struct reporter *const reporters[];        /* ends with NULL */
const struct reporter *reporter_find(const char *name);

#endif
