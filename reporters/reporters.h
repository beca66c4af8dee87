#ifndef REPORTERS_REPORTERS_H
#define REPORTERS_REPORTERS_H
/** The rows of the table in registry.c, one per file. */
#include "reporters/reporter.h"

extern const struct reporter reporter_console, reporter_csv, reporter_ctrf, reporter_github,
    reporter_github_summary, reporter_html, reporter_json, reporter_jsonl, reporter_junit,
    reporter_markdown, reporter_prometheus, reporter_sarif, reporter_tap;

#endif
