/* The table of commands, and what can be said about them all. */
#include "harness/cli/choose.h"
#include "harness/cli/command.h"
#include "harness/cli/wrap.h"

#include <stdio.h>
#include <string.h>

/* To add a command: an id in command.h, a row here, its file cli/<name>.c, bits in option_rows. */
const struct command commands[CMD_COUNT] = {
    [CMD_RUN] = { "run", "PATH...", "play journeys against the company and judge them",
        "A PATH is a journey file or a folder, which is searched for *.journey.yaml. Everything "
        "is checked before the first contact: scenarios, adapters, the paths of reports. Only "
        "hosts listed under company.hosts are ever contacted.", run_command },
    [CMD_RESUME] = { "resume", "JOURNAL", "go on with a run that was stopped, from its journal",
        "JOURNAL is the file that run --journal wrote. The run goes on where it was, after a "
        "crash, a full disk, Ctrl-C or parking, with the options it was started with unless others are "
        "given here; the reports cover the whole run. Nothing is sent twice: what may have been "
        "on its way is looked for first, and else shown as unknown, unless its step is "
        "repeatable.", resume_command },
    [CMD_CHECK] = { "check", "PATH...", "check journey files without touching the network",
        "All errors are shown at once, with the line and what was expected. An environment "
        "variable that is not set is a warning here.", check_command },
    [CMD_JUDGE] = { "judge", "TRANSCRIPT...", "judge recorded transcripts again",
        "A TRANSCRIPT is a file of JSON Lines as --transcripts writes it; - is stdin. With "
        "--dialogues whole conversations from anybody's export are judged, one a line.",
        judge_command },
    [CMD_REPORT] = { "report", "RESULT", "render a finished result again",
        "RESULT is a report.json; - is stdin.", report_command },
    [CMD_COMPARE] = { "compare", "BASE HEAD", "what two results tell apart: new, gone, worse, better",
        "BASE and HEAD are report.json files. A regression is a journey that no longer meets its "
        "bar, or lost more points than --allow, or a new or worse finding that costs more. "
        "Repeated plays (run --repeat) are compared by a rank test (Mann-Whitney, two-sided, .05) "
        "and findings by Fisher's exact test, so that a change within the plays' own scatter is "
        "not called one. Exit code 1 on a regression, 4 when a journey of HEAD was not tested.",
        compare_command },
    [CMD_TREND] = { "trend", "HISTORY", "each journey's score, waits and findings over time",
        "HISTORY is the file that --history wrote. A table with a line of the latest scores; "
        "--page writes a page with plots. A history holds figures only, no messages.",
        trend_command },
    [CMD_MERGE] = { "merge", "RESULT...", "join the results of shards",
        "A RESULT is the report.json of a `run --shard K/N`; the journeys go back to their places, "
        "and the reports are those of the whole audit. A shard that is missing is named, and makes "
        "the exit code 4.", merge_command },
    [CMD_DEMO] = { "demo", "", "play the example journeys against the practice company",
        "Starts the practice company and private mail servers on free loopback ports, plays the "
        "journeys of the data folder, writes report.html, report.json and report.junit.xml, and "
        "stops everything again. Without Exim and Dovecot the mail journeys are left out, and "
        "that is said.", demo_command },
    [CMD_INIT] = { "init", "[FILE]", "write a first journey, to be run as it is and then edited",
        "FILE is first.journey.yaml by default; one that is there already is not touched. The journey "
        "asks by form and by chat, and runs against the practice company.", init_command },
    [CMD_MAIL] = { "mail", "FILE...", "show what is read in a mail: kind, text, promise, links",
        "A FILE is a mail as it came (.eml); a folder stands for its *.eml; - is stdin. Prints a "
        "line of JSON for each: what kind of mail it is, how sure that is and what told it, the "
        "new text without history, signature and small print, the time it promises, attachments "
        "and links.", mail_command },
    [CMD_HELP] = { "help", "[TOPIC]",
        "show help on a command; man: the manual page; schema: the journey files' schema", "",
        help_command },
};

static const struct { int code; const char *text; } exits[] = {
    { EXIT_MET, "every journey met its bar" },
    { EXIT_FELL_SHORT, "a journey fell short: score, finding or check" },
    { EXIT_USAGE, "bad usage" },
    { EXIT_INPUT, "bad scenario, unreadable input, or no journey at all" },
    { EXIT_NOT_TESTED, "could not test: our side failed" },
    { EXIT_PARKED, "not over: some journeys are parked" },
    { EXIT_SIGINT, "stopped by Ctrl-C" },
    { EXIT_SIGTERM, "stopped by SIGTERM" },
};

void command_usage(enum command_id id, struct buf *out)
{
    if (id != CMD_COUNT && id != CMD_HELP) {
        const struct command *c = &commands[id];

        buf_addf(out, "usage: shopper %s [OPTION]...%s%s\n\n%c", c->name,
                 *c->arguments ? " " : "", c->arguments, c->help[0] - 'a' + 'A');
        wrap_add(out, c->help + 1, 1, 0);
        if (*c->more) {
            buf_addc(out, '\n');
            wrap_add(out, c->more, 0, 0);
        }
        buf_addc(out, '\n');
        options_help(1u << id, out);
        return;
    }
    buf_adds(out, "usage: shopper COMMAND [OPTION]... [PATH]...\n\n"
                  "Plays a customer's journey through a company's own forms, chats and mail, "
                  "times it,\nand scores it the way that customer would feel it.\n\n");
    for (size_t i = 0; i < CMD_COUNT; i++) {
        buf_addf(out, "  %-7s %-14s ", commands[i].name, commands[i].arguments);
        wrap_add(out, commands[i].help, 25, 25);
    }
    buf_adds(out, "\nshopper COMMAND --help lists a command's options. Exit codes:\n\n");
    for (size_t i = 0; i < ARRAY_LEN(exits); i++)
        buf_addf(out, "  %3d  %s\n", exits[i].code, exits[i].text);
}

void command_man(struct buf *out)
{
    buf_adds(out, ".TH SHOPPER 1 \"\" \"shopper " SHOPPER_VERSION "\" \"User Commands\"\n"
                  ".SH NAME\nshopper \\- mystery-shopper journey test harness\n"
                  ".SH SYNOPSIS\n.B shopper\n.I COMMAND\n[\\fIOPTION\\fR]... [\\fIPATH\\fR]...\n"
                  ".SH DESCRIPTION\nPlays a customer's journey through a company's own web "
                  "forms, chats and mail, times every step, and scores the journey the way that "
                  "customer would feel it.\n.SH COMMANDS\n");
    for (size_t i = 0; i < CMD_COUNT; i++) {
        buf_addf(out, ".TP\n.B %s \\fI%s\\fR\n%s.", commands[i].name, commands[i].arguments,
                 commands[i].help);
        if (*commands[i].more)
            buf_addf(out, " %s", commands[i].more);
        buf_addc(out, '\n');
    }
    buf_adds(out, ".SH OPTIONS\nEvery option can also be set in \\fIshopper.yaml\\fR (here, then "
                  "in the user's configuration folder) by its name, and in the environment; a "
                  "flag beats the environment, which beats the file.\n");
    options_man(out);
    buf_adds(out, ".SH EXIT STATUS\n");
    for (size_t i = 0; i < ARRAY_LEN(exits); i++)
        buf_addf(out, ".TP\n.B %d\n%s.\n", exits[i].code, exits[i].text);
    buf_adds(out, ".SH ENVIRONMENT\n.TP\n.B NO_COLOR\nno colours, whatever the terminal.\n"
                  ".SH FILES\n.TP\n.I shopper.yaml\nsettings, by option name.\n");
}

enum exit_code help_command(struct options *o)
{
    struct buf out = BUF_INIT(1024 * 1024);
    enum exit_code code = EXIT_MET;
    enum command_id id = CMD_COUNT;

    for (size_t i = 0; o->path_count && i < CMD_COUNT; i++)
        if (!strcmp(commands[i].name, o->paths[0]))
            id = (enum command_id)i;
    if (o->path_count && !strcmp(o->paths[0], "man")) {
        command_man(&out);
    } else if (o->path_count && !strcmp(o->paths[0], "schema")) {
        struct load_env env = { environment_get, NULL, SEVERITY_WARNING };
        struct load_context ctx = context_for(o->arena, &env);

        load_schema(&ctx, &out);
    } else if (o->path_count && id == CMD_COUNT) {
        fprintf(stderr, "shopper: no help for \"%s\"\n", o->paths[0]);
        code = EXIT_USAGE;
    } else {
        command_usage(id, &out);
    }
    fputs(out.ptr, stdout);
    buf_release(&out);
    return code;
}
