#ifndef CLI_DATA_H
#define CLI_DATA_H
/**
 * Data: what lies beside the program: language packs (with --words over them), chat adapters,
 * expectations, example journeys. Looked for in --data, else beside the program, else in the
 * installed share folder.
 */
#include "harness/cli/options.h"
#include "harness/model/adapter.h"
#include "harness/model/expectations.h"
#include "harness/model/result.h"
#include "harness/read/read.h"

struct data {
    struct arena *arena;
    const char *folder;
    struct regex_list regexes;
    struct sources sources;
    struct reader *reader;
    struct expectations *expectations;
    struct texts changes;                 /* what they say otherwise than the industry's */
    struct adapters adapters;
};

/** @return ST_OK, or ST_IO / ST_INVALID with diags. Release in both cases. */
MUST_CHECK enum status data_load(const struct options *o, struct diags *diags, struct data *d);
void data_release(struct data *d);
/** Say in a result which expectations it was judged by, and what they changed. */
void data_name_expectations(const struct data *d, struct result *r);

/** The folder alone (arena of o); NULL with a diag when there is none. */
const char *data_folder(const struct options *o, struct diags *diags);
/** A program that comes with shopper: beside it, else in libexec. NULL when there is none. */
const char *data_program(const struct options *o, const char *name);

/** Files in a folder that end with `suffix`, sorted; paths are "folder/name". */
struct texts data_files(struct arena *a, const char *folder, const char *suffix);

#endif
