/* tests/load: err/NAME.yaml must be refused with exactly the words of NAME.out; ok/NAME.yaml must
 * load, with the warnings of NAME.out where there is one. UPDATE=1 writes the .out files anew:
 * read every one of them before you keep it. */
#define _XOPEN_SOURCE 700
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "harness/base/buf.h"
#include "tests/unit/load/kinds.h"

enum { CASES_MAX = 400 };

struct load_case {
    bool ok;
    char *path, *out_path;
};

static void write_out(const char *path, const struct buf *text)
{
    FILE *f = text->len ? fopen(path, "wb") : NULL;

    if (!text->len)
        remove(path);
    if (!f)
        return;
    assert_int_equal(fwrite(text->ptr, 1, text->len, f), text->len);
    assert_int_equal(fclose(f), 0);
}

static void check_case(void **state)
{
    const struct load_case *c = *state;
    struct load_context ctx = kinds_context(c->ok ? &env_warning : &env_refusing);
    struct sources sources = { 0 };
    struct diags diags;
    struct scenario *s = NULL;
    struct buf got = BUF_INIT(1 << 20), want = BUF_INIT(1 << 20);

    diags_init(&diags);

    enum status st = load_scenario(c->path, &ctx, &sources, &diags, &s);

    diags_render(&diags, &got);
    if (getenv("UPDATE"))
        write_out(c->out_path, &got);
    if (buf_read_file(&want, c->out_path) && !c->ok)
        fail_msg("%s is missing; the messages are:\n%s", c->out_path, got.ptr);
    assert_string_equal(got.ptr, want.ptr);
    assert_int_equal(st, c->ok ? ST_OK : ST_INVALID);
    assert_int_equal(s != NULL, c->ok);

    scenario_free(s);
    diags_release(&diags);
    sources_release(&sources);
    buf_release(&got);
    buf_release(&want);
}

static int is_scenario(const struct dirent *e)
{
    const char *dot = strrchr(e->d_name, '.');

    return dot && !strcmp(dot, ".yaml");
}

static size_t add_cases(const char *folder, bool ok, struct CMUnitTest *tests, size_t count)
{
    struct dirent **names;
    int n = scandir(folder, &names, is_scenario, alphasort);

    for (int i = 0; i < n; i++) {
        struct load_case *c = mem_zero(1, sizeof *c);
        size_t stem = strlen(names[i]->d_name) - strlen(".yaml");

        c->ok = ok;
        c->path = mem_printf("%s/%s", folder, names[i]->d_name);
        c->out_path = mem_printf("%s/%.*s.out", folder, (int)stem, names[i]->d_name);
        if (count < CASES_MAX)
            tests[count++] = (struct CMUnitTest){ .name = c->path, .test_func = check_case,
                                                  .initial_state = c };
        free(names[i]);
    }
    if (n >= 0)
        free(names);
    return count;
}

int main(void)
{
    static struct CMUnitTest tests[CASES_MAX];
    size_t count = add_cases("tests/load/err", false, tests, 0);

    count = add_cases("tests/load/ok", true, tests, count);
    if (!count) {
        fprintf(stderr, "no cases: run this at the top of the checkout\n");
        return 1;
    }

    int failed = _cmocka_run_group_tests("load cases", tests, count, NULL, NULL);

    for (size_t i = 0; i < count; i++) {
        struct load_case *c = tests[i].initial_state;

        free(c->path);
        free(c->out_path);
        free(c);
    }
    return failed;
}
