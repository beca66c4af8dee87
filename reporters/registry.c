#include <string.h>

#include "reporters/reporters.h"

const struct reporter *const reporters[] = {
    &reporter_console, &reporter_csv, &reporter_ctrf, &reporter_github, &reporter_github_summary,
    &reporter_html, &reporter_json, &reporter_jsonl, &reporter_junit, &reporter_markdown,
    &reporter_prometheus, &reporter_sarif, &reporter_tap, NULL,
};

const struct reporter *reporter_find(const char *name)
{
    for (size_t i = 0; reporters[i]; i++)
        if (!strcmp(reporters[i]->name, name))
            return reporters[i];
    return NULL;
}
