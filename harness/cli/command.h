#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H
/**
 * Commands: one row each. Exit codes are promises (README): 0 met, 1 fell short, 2 usage,
 * 3 scenario or input, 4 could not test, 5 parked, 130/143 stopped by a signal.
 */
#include "harness/cli/options.h"

enum exit_code {
    EXIT_MET = 0, EXIT_FELL_SHORT = 1, EXIT_USAGE = 2, EXIT_INPUT = 3, EXIT_NOT_TESTED = 4,
    EXIT_PARKED = 5, EXIT_SIGINT = 130, EXIT_SIGTERM = 143
};

enum command_id {
    CMD_RUN, CMD_RESUME, CMD_CHECK, CMD_JUDGE, CMD_MAIL, CMD_REPORT, CMD_COMPARE, CMD_TREND,
    CMD_MERGE, CMD_DEMO, CMD_INIT, CMD_HELP, CMD_COUNT
};

struct command {
    const char *name;
    const char *arguments;                /* "PATH..." */
    const char *help;                     /* one line */
    const char *more;                     /* paragraphs for --help and the man page */
    enum exit_code (*run)(struct options *o);
};
extern const struct command commands[CMD_COUNT];

enum exit_code run_command(struct options *o);
enum exit_code resume_command(struct options *o);
enum exit_code check_command(struct options *o);
enum exit_code judge_command(struct options *o);
enum exit_code report_command(struct options *o);
enum exit_code compare_command(struct options *o);
enum exit_code trend_command(struct options *o);
enum exit_code merge_command(struct options *o);
enum exit_code demo_command(struct options *o);
enum exit_code init_command(struct options *o);
enum exit_code mail_command(struct options *o);
enum exit_code help_command(struct options *o);

/** Usage of one command, or of all for CMD_COUNT. */
void command_usage(enum command_id id, struct buf *out);
/** The whole manual as roff. */
void command_man(struct buf *out);

/** Print diags to stderr; releases nothing. */
void print_diags(struct diags *d);

#endif
