#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H
/**
 * Options: every flag is one row; parsing, `--help`, the man page, the environment twins and the
 * config file all come from the rows.
 *
 * Order  built-in < config file (./shopper.yaml, then the user's) < SHOPPER_<FLAG> < flag.
 */
#include "harness/load/load.h"

enum option_id {
    OPT_REPORT, OPT_TAG, OPT_GREP, OPT_SHARD, OPT_JOBS, OPT_LOOPS, OPT_LIMIT, OPT_DRY_RUN,
    OPT_MAX_CONTACTS, OPT_RAMP, OPT_JITTER, OPT_MARKER, OPT_REUSE_CONNECTIONS, OPT_SEED,
    OPT_TRANSCRIPTS,
    OPT_EVIDENCE, OPT_EXPECTATIONS, OPT_DATA, OPT_FAULTS, OPT_OUT, OPT_DIALOGUES, OPT_FORMAT,
    OPT_MARKS, OPT_EXPLAIN, OPT_WORDS, OPT_THREADS, OPT_REPEAT, OPT_JOURNAL, OPT_PARK_AFTER,
    OPT_VIRTUAL_TIME,
    OPT_BASELINE, OPT_ALLOW, OPT_HIDE_NAMES, OPT_DOUBTS, OPT_QUIET, OPT_VERBOSE, OPT_COLOR,
    OPT_HISTORY, OPT_PAGE, OPT_PAPER, OPT_LOGO, OPT_BROWSER, OPT_LAST, OPT_LANGUAGE, OPT_HELP,
    OPT_VERSION, OPT_COUNT
};

enum option_type { OPTION_FLAG, OPTION_TEXT, OPTION_LIST, OPTION_INT, OPTION_CHOICE };

struct option_row {
    const char *name;
    char letter;                          /* '\0' none */
    enum option_type type;
    const char *value;                    /* what the value is called in help; NULL for flags */
    const char *fallback;                 /* shown in help, used when nothing is given */
    const char *const *choices;           /* CHOICE; ends with NULL */
    int64_t min, max;                     /* INT */
    unsigned commands;                    /* 1u << enum command_id; bits of those that take it */
    const char *help;
};
extern const struct option_row option_rows[OPT_COUNT];

struct option_value {
    const char **items;
    size_t count;
    const char *from;                     /* "--tag", "SHOPPER_TAG", "shopper.yaml"; NULL = default */
};

struct options {
    struct arena *arena;
    struct option_value values[OPT_COUNT];
    const char **paths;                   /* what is not an option */
    size_t path_count;
};

void options_init(struct options *o);
void options_release(struct options *o);

/** argv[first..argc); `command` is the bit of the command that is asked to take them. */
MUST_CHECK enum status options_parse(struct options *o, unsigned command, int argc,
                                     char *const *argv, int first, struct diags *diags);
/** SHOPPER_<FLAG> for rows that no flag set. */
MUST_CHECK enum status options_environment(struct options *o, unsigned command,
                                           struct diags *diags);
/** One config file: keys are flag names; for rows that nothing has set. No file is no error. */
MUST_CHECK enum status options_config(struct options *o, unsigned command, const char *path,
                                      struct sources *sources, struct diags *diags);

bool option_on(const struct options *o, enum option_id id);
const char *option_text(const struct options *o, enum option_id id);      /* fallback or NULL */
int64_t option_int(const struct options *o, enum option_id id);

/** The rows a command takes, for --help and for the man page. */
void options_help(unsigned command, struct buf *out);
void options_man(struct buf *out);

#endif
