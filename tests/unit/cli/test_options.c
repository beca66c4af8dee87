/* The option and command tables check themselves; parsing, the environment, the config file. */
#define _DEFAULT_SOURCE
#include "tests/unit/support/cmocka.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/cli/command.h"

static void names_are_unique(void **state)
{
    (void)state;
    for (size_t i = 0; i < OPT_COUNT; i++) {
        assert_non_null(option_rows[i].name);
        for (size_t k = i + 1; k < OPT_COUNT; k++)
            assert_string_not_equal(option_rows[i].name, option_rows[k].name);
    }
}

static void letters_are_unique_in_a_command(void **state)
{
    (void)state;
    for (size_t i = 0; i < OPT_COUNT; i++)
        for (size_t k = i + 1; k < OPT_COUNT; k++)
            if (option_rows[i].letter && option_rows[i].letter == option_rows[k].letter)
                assert_int_equal(option_rows[i].commands & option_rows[k].commands, 0);
}

static void rows_are_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < OPT_COUNT; i++) {
        const struct option_row *r = &option_rows[i];

        assert_true(r->help && *r->help && r->help[strlen(r->help) - 1] != '.');
        assert_int_not_equal(r->commands, 0);
        assert_true((r->type == OPTION_FLAG) == (r->value == NULL));
        assert_true((r->type == OPTION_CHOICE) == (r->choices != NULL));
        assert_true((r->type == OPTION_INT) == (r->max > r->min));
    }
}

static void every_command_is_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < CMD_COUNT; i++) {
        assert_non_null(commands[i].name);
        assert_non_null(commands[i].run);
        assert_true(*commands[i].help);
    }
}

static void manual_has_every_flag_and_command(void **state)
{
    struct buf man = BUF_INIT(1024 * 1024);

    (void)state;
    command_man(&man);
    for (size_t i = 0; i < OPT_COUNT; i++) {
        char *flag = mem_printf("\\-\\-%s", option_rows[i].name);

        assert_non_null(strstr(man.ptr, flag));
        free(flag);
    }
    for (size_t i = 0; i < CMD_COUNT; i++)
        assert_non_null(strstr(man.ptr, commands[i].name));
    buf_release(&man);
}

/* What a command line does: `want` is the joined value of `id`, or NULL when it must fail. */
static const struct row {
    const char *name;
    enum command_id command;
    const char *argv[6];
    enum option_id id;
    const char *want;
} rows[] = {
    { "long with =", CMD_RUN, { "--grep=kettle" }, OPT_GREP, "kettle" },
    { "long with a value of its own", CMD_RUN, { "--grep", "kettle" }, OPT_GREP, "kettle" },
    { "letter", CMD_RUN, { "-g", "kettle" }, OPT_GREP, "kettle" },
    { "letter and value in one", CMD_RUN, { "-gkettle" }, OPT_GREP, "kettle" },
    { "letters in one", CMD_RUN, { "-qv" }, OPT_VERBOSE, "1" },
    { "a list grows", CMD_RUN, { "--tag", "a", "--tag", "b" }, OPT_TAG, "a b" },
    { "the last one counts", CMD_RUN, { "--seed", "1", "--seed", "7" }, OPT_SEED, "7" },
    { "default", CMD_RUN, { NULL }, OPT_JOBS, "4" },
    { "after --", CMD_RUN, { "--", "--seed" }, OPT_SEED, "1" },
    { "a value is missing", CMD_RUN, { "--seed" }, OPT_SEED, NULL },
    { "a flag takes no value", CMD_RUN, { "--quiet=1" }, OPT_QUIET, NULL },
    { "not a number", CMD_RUN, { "--seed", "x" }, OPT_SEED, NULL },
    { "out of range", CMD_RUN, { "--jobs", "0" }, OPT_JOBS, NULL },
    { "overflow", CMD_RUN, { "--seed", "99999999999999999999" }, OPT_SEED, NULL },
    { "not one of the choices", CMD_RUN, { "--color", "blue" }, OPT_COLOR, NULL },
    { "another command's", CMD_CHECK, { "--seed", "1" }, OPT_SEED, NULL },
    { "unknown", CMD_RUN, { "--sede", "1" }, OPT_SEED, NULL },
    { "unknown letter", CMD_RUN, { "-Z" }, OPT_SEED, NULL },
};

static const struct row *current = rows;

static void check_row(void **state)
{
    const struct row *r = current++;
    struct options o;
    struct diags diags;
    struct buf got = BUF_INIT(1000);
    int argc = 0;

    (void)state;
    while (argc < 6 && r->argv[argc])
        argc++;
    options_init(&o);
    diags_init(&diags);

    enum status st = options_parse(&o, 1u << r->command, argc,
                                   (char *const *)(uintptr_t)r->argv, 0, &diags);

    assert_int_equal(st, r->want ? ST_OK : ST_INVALID);
    assert_int_equal(diags.errors, r->want ? 0 : 1);
    if (r->want) {
        if (!o.values[r->id].count)
            buf_adds(&got, option_text(&o, r->id));
        for (size_t i = 0; i < o.values[r->id].count; i++)
            buf_addf(&got, "%s%s", i ? " " : "", o.values[r->id].items[i]);
        assert_string_equal(got.ptr, r->want);
    }
    buf_release(&got);
    diags_release(&diags);
    options_release(&o);
}

/* built-in < config file < environment < flag */
static void order_of_sources(void **state)
{
    char path[] = "/tmp/shopper-config-XXXXXX";
    int fd = mkstemp(path);
    static const char config[] = "seed: 2\njobs: 7\ntag: [a, b]\n";
    char *const argv[] = { (char[]){ "--jobs" }, (char[]){ "9" } };
    struct sources sources = { 0 };
    struct options o;
    struct diags diags;
    const unsigned run = 1u << CMD_RUN;

    (void)state;
    assert_true(write(fd, config, sizeof config - 1) == (ssize_t)(sizeof config - 1));
    close(fd);
    setenv("SHOPPER_SEED", "3", 1);
    setenv("SHOPPER_JOBS", "8", 1);
    options_init(&o);
    diags_init(&diags);
    assert_int_equal(options_parse(&o, run, 2, argv, 0, &diags), ST_OK);
    assert_int_equal(options_environment(&o, run, &diags), ST_OK);
    assert_int_equal(options_config(&o, run, path, &sources, &diags), ST_OK);
    assert_int_equal(option_int(&o, OPT_JOBS), 9);           /* the flag */
    assert_int_equal(option_int(&o, OPT_SEED), 3);           /* the environment */
    assert_int_equal(o.values[OPT_TAG].count, 2);            /* the file */
    assert_int_equal(option_int(&o, OPT_MAX_CONTACTS), 200); /* built in */
    unsetenv("SHOPPER_SEED");
    unsetenv("SHOPPER_JOBS");
    unlink(path);
    diags_release(&diags);
    sources_release(&sources);
    options_release(&o);
}

int main(void)
{
    const struct CMUnitTest tables[] = {
        cmocka_unit_test(names_are_unique),
        cmocka_unit_test(letters_are_unique_in_a_command),
        cmocka_unit_test(rows_are_whole),
        cmocka_unit_test(every_command_is_whole),
        cmocka_unit_test(manual_has_every_flag_and_command),
        cmocka_unit_test(order_of_sources),
    };
    struct CMUnitTest tests[ARRAY_LEN(rows)];
    int failed = cmocka_run_group_tests_name("option tables", tables, NULL, NULL);

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[i] = (struct CMUnitTest){ .name = rows[i].name, .test_func = check_row };
    return failed + cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
