/* Answers of real servers, and of the documented exchanges, through the shipped adapters: what a customer
 * reads of them. tests/adapters/ADAPTER.CASE.json is an answer, ADAPTER.CASE.txt what comes of it;
 * UPDATE=1 writes it. */
#include "tests/unit/support/cmocka.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/channels/chat_wire.h"
#include "harness/load/load.h"

enum { ANSWER_MAX = 1024 * 1024 };

static void on_message(void *context, const struct wire_message *m)
{
    struct buf *out = context;

    if (!m->text) {
        buf_adds(out, "(typing)\n");
        return;
    }
    buf_addf(out, "%s: %s\n", m->id ? m->id : "-", m->text);
    for (size_t i = 0; i < m->choice_count; i++)
        buf_addf(out, "[%s%s%s]%s", m->choices[i], m->presses && *m->presses[i] ? " sends " : "",
                 m->presses ? m->presses[i] : "", i + 1 < m->choice_count ? " " : "\n");
}

/** Whose names the answers have: c-1, s-1 and user_1. */
static void read_answer(const struct adapter *a, struct slice body, struct buf *out)
{
    struct chat_vars vars = { 0 };
    const struct wire_blanks blanks = { .conversation = "c-1", .session = "s-1", .vars = &vars };
    struct jq_filters *filters = NULL;
    struct buf why = BUF_INIT(4096);
    const struct wire_reader reader = { a, &blanks, &vars, on_message, out, &filters };
    struct wire_answer answer = { .session = NULL };

    chat_vars_know_saved(&vars, a);
    chat_vars_set(&vars, "user", "user_1");
    if (wire_read(&reader, body, &answer, &why) != ST_OK)
        buf_addf(out, "(failed) %s\n", why.ptr);
    if (answer.closed)
        buf_adds(out, "(closed)\n");
    free(answer.session);
    jq_filters_free(filters);
    chat_vars_release(&vars);
    buf_release(&why);
}

static void load(const char *name, size_t len, struct arena *arena, struct adapter *a)
{
    struct regex_list regexes = { 0 };
    struct sources sources = { 0 };
    struct diags diags;
    char *path = mem_printf("scenarios/adapters/%.*s.yaml", (int)len, name);

    diags_init(&diags);
    assert_int_equal(load_object_file(path, &adapter_object, arena, &regexes, &sources, &diags, a),
                     ST_OK);
    diags_release(&diags);
    sources_release(&sources);
    regex_list_release(&regexes);
    free(path);
}

static void check(void **state)
{
    const char *path = *state, *name = strrchr(path, '/') + 1;
    char *wanted = mem_printf("%.*s.txt", (int)(strlen(path) - strlen(".json")), path);
    struct arena *arena = arena_new();
    struct buf body = BUF_INIT(ANSWER_MAX), out = BUF_INIT(ANSWER_MAX), then = BUF_INIT(ANSWER_MAX);
    struct adapter a = { .name = NULL };

    load(name, strcspn(name, "."), arena, &a);
    assert_int_equal(buf_read_file(&body, path), ST_OK);
    buf_adds(&out, "");
    read_answer(&a, buf_slice(&body), &out);
    if (getenv("UPDATE")) {
        FILE *to = fopen(wanted, "w");

        assert_non_null(to);
        fwrite(out.ptr, 1, out.len, to);
        fclose(to);
    } else {
        assert_int_equal(buf_read_file(&then, wanted), ST_OK);
        assert_string_equal(out.ptr, then.len ? then.ptr : "");
    }
    buf_release(&body);
    buf_release(&out);
    buf_release(&then);
    arena_free(arena);
    free(wanted);
}

int main(void)
{
    struct CMUnitTest tests[64];
    glob_t found;
    size_t count = 0;
    int failed;

    if (glob("tests/adapters/*.json", 0, NULL, &found))
        return 1;
    for (; count < found.gl_pathc && count < ARRAY_LEN(tests); count++)
        tests[count] = (struct CMUnitTest){ .name = found.gl_pathv[count], .test_func = check,
                                            .initial_state = found.gl_pathv[count] };
    failed = _cmocka_run_group_tests("adapters", tests, count, NULL, NULL);
    globfree(&found);
    return failed;
}
