#include "harness/cli/program.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum command_id find_command(const char *name)
{
    for (size_t i = 0; i < CMD_COUNT; i++)
        if (!strcmp(commands[i].name, name))
            return (enum command_id)i;
    return CMD_COUNT;
}

void print_diags(struct diags *d)
{
    struct buf out = BUF_INIT(16 * 1024 * 1024);

    diags_render(d, &out);
    fputs(out.ptr, stderr);
    buf_release(&out);
}

static enum exit_code no_command(const char *name)
{
    const char *names[CMD_COUNT];
    struct buf out = BUF_INIT(65536);

    if (!name) {
        command_usage(CMD_COUNT, &out);
        fputs(out.ptr, stderr);
        buf_release(&out);
        return EXIT_USAGE;
    }
    for (size_t i = 0; i < CMD_COUNT; i++)
        names[i] = commands[i].name;

    const char *near = suggest(name, names, CMD_COUNT);

    fprintf(stderr, "shopper: unknown command \"%s\"", name);
    if (near)
        fprintf(stderr, "; did you mean \"%s\"?", near);
    fputs("\nshopper help lists the commands\n", stderr);
    return EXIT_USAGE;
}

static void user_config(struct buf *path)
{
    const char *home = getenv("HOME"), *config = getenv("XDG_CONFIG_HOME");

    if (config && *config)
        buf_addf(path, "%s/shopper/shopper.yaml", config);
    else if (home)
        buf_addf(path, "%s/.config/shopper/shopper.yaml", home);
}

static enum exit_code with_options(enum command_id id, int argc, char **argv, int first,
                                   struct diags *diags, struct sources *sources)
{
    struct options o;
    struct buf user = BUF_INIT(4096);
    unsigned bit = 1u << id;
    enum exit_code code = EXIT_USAGE;

    options_init(&o);
    user_config(&user);
    if (options_parse(&o, bit, argc, argv, first, diags) == ST_OK &&
        options_environment(&o, bit, diags) == ST_OK) {
        if (options_config(&o, bit, "shopper.yaml", sources, diags) != ST_OK ||
            (user.len && options_config(&o, bit, user.ptr, sources, diags) != ST_OK)) {
            code = EXIT_INPUT;
        } else if (option_on(&o, OPT_HELP)) {
            struct buf out = BUF_INIT(65536);

            command_usage(id, &out);
            fputs(out.ptr, stdout);
            buf_release(&out);
            code = EXIT_MET;
        } else {
            code = commands[id].run(&o);
        }
    }
    print_diags(diags);
    buf_release(&user);
    options_release(&o);
    return code;
}

enum exit_code program_main(int argc, char **argv)
{
    struct diags diags;
    struct sources sources = { 0 };
    const char *name = argc > 1 ? argv[1] : NULL;

    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);     /* a file that may not grow is like a full disk */
    if (name && (!strcmp(name, "--version") || !strcmp(name, "-V"))) {
        puts("shopper " SHOPPER_VERSION);
        return EXIT_MET;
    }
    if (name && (!strcmp(name, "--help") || !strcmp(name, "-h")))
        name = "help";

    enum command_id id = name ? find_command(name) : CMD_COUNT;

    if (id == CMD_COUNT)
        return no_command(name);
    diags_init(&diags);

    enum exit_code code = with_options(id, argc, argv, 2, &diags, &sources);

    diags_release(&diags);
    sources_release(&sources);
    if (fflush(stdout) || ferror(stdout)) {
        fputs("shopper: error: cannot write to standard output\n", stderr);
        return code == EXIT_MET || code == EXIT_FELL_SHORT ? EXIT_NOT_TESTED : code;
    }
    return code;
}
