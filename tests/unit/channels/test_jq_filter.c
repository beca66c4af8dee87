/* Programs of jq over answers: what comes out, what is refused, what is stopped. */
#include "tests/unit/support/cmocka.h"

#include <string.h>

#include "harness/channels/jq_filter.h"

static const struct row {
    const char *name, *program, *input, *want;    /* want: values, or !words of an error */
} rows[] = {
    { "a member", ".a", "{\"a\": \"x\"}", "[\"x\"]" },
    { "several values", ".[] | .t", "[{\"t\": 1}, {\"t\": 2}]", "[1,2]" },
    { "none", "empty", "{}", "[]" },
    { "text of parts", "[.blocks[] | select(.type == \"section\").text] | join(\"\\n\")",
      "{\"blocks\": [{\"type\": \"section\", \"text\": \"Hi\"}, {\"type\": \"divider\"}, "
      "{\"type\": \"section\", \"text\": \"Bye\"}]}", "[\"Hi\\nBye\"]" },
    { "a big integer is kept", ".id", "{\"id\": 1234567890123456789}", "[\"1234567890123456789\"]" },
    { "a negative one, deep down", ".[0].x[1]", "[{\"x\": [1, -9007199254740993]}]",
      "[\"-9007199254740993\"]" },
    { "what is exact stays a number", ".id", "{\"id\": 9007199254740992}", "[9007199254740992]" },
    { "a failure", "error(\"no\")", "{}", "!jq: no" },
    { "the wrong type", ".a.b", "{\"a\": \"x\"}", "!jq: Cannot index string with string \"b\"" },
    { "a word with a dollar", "$__loc__ | .file", "{}", "[\"<top-level>\"]" },
    { "no program", ".a |", "{}", "!jq: syntax error, unexpected $end (Unix shell quoting issues?) "
      "at <top-level>, line 1:" },
    { "more values than anybody reads", "range(100000)", "{}", "!the jq program says too much" },
};

static void row(void **state)
{
    const struct row *r = *state;
    CLEANUP(buf_release) struct buf why = BUF_INIT(4096);
    struct jq_filters *all = jq_filters_new(30 * US_PER_S);
    json_t *input = json_loads(r->input, JSON_DECODE_ANY, NULL), *got = NULL;

    for (int i = 0; i < 2; i++) {         /* the second time it is compiled already */
        enum status st;
        char *text;

        buf_clear(&why);
        st = jq_filter_run(all, r->program, input, &got, &why);
        if (*r->want == '!') {
            assert_int_not_equal(st, ST_OK);
            assert_string_equal(why.ptr, r->want + 1);
            continue;
        }
        assert_string_equal(why.ptr, "");
        assert_int_equal(st, ST_OK);
        text = json_dumps(got, JSON_COMPACT);
        assert_string_equal(text, r->want);
        free(text);
        json_decref(got);
    }
    json_decref(input);
    jq_filters_free(all);
}

static void words_that_are_refused(void **state)
{
    static const struct { const char *program, *word; } words[] = {
        { "env", "env" }, { ".a | env.HOME", "env" }, { "$ENV.HOME", "$ENV" },
        { "[inputs]", "inputs" }, { "\"x\\(\"y\" + env.A)z\"", "env" }, { "input", "input" },
        { "import \"a\" as a; .", "import" }, { "halt_error", "halt_error" },
        { "{(env.A): 1}", "env" }, { "{a: env}", "env" },
        { ".env", NULL }, { ".a.input", NULL }, { "{env: 1, input : 2}", NULL },
        { "\"env input\"", NULL }, { "# env\n.", NULL }, { "environment", NULL },
        { ".[\"env\"]", NULL }, { "\"a\\\"b\\\\\" | .", NULL },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        char *got = jq_refused_word(words[i].program);

        if (words[i].word)
            assert_string_equal(got, words[i].word);
        else
            assert_null(got);
        free(got);
    }
}

static void checked_before_it_runs(void **state)
{
    CLEANUP(buf_release) struct buf why = BUF_INIT(4096);
    struct jq_filters *all = jq_filters_new(30 * US_PER_S);

    (void)state;
    assert_true(jq_filter_check(all, ".a", &why));
    assert_false(jq_filter_check(all, "nothing_like_it", &why));
    assert_non_null(strstr(why.ptr, "nothing_like_it/0 is not defined"));
    buf_clear(&why);
    assert_false(jq_filter_check(all, "env", &why));
    assert_string_equal(why.ptr, "\"env\" reaches beyond the answer and is refused");
    jq_filters_free(all);
}

/* A company's answer makes a program endless: it is stopped, others go on, and after some such
 * answers nothing is tried any more. */
static void endless(void **state)
{
    struct jq_filters *all = jq_filters_new(US_PER_S);
    json_t *input = json_pack("{s:f}", "n", 1e18), *got = NULL;

    (void)state;
    for (int i = 0; i < JQ_STRIKES_MAX; i++) {
        CLEANUP(buf_release) struct buf why = BUF_INIT(4096);

        assert_int_equal(jq_filter_run(all, "last(range(.n))", input, &got, &why), ST_LIMIT);
        assert_string_equal(why.ptr, "the jq program takes too long, or too much memory");
        if (i + 1 == JQ_STRIKES_MAX)
            break;
        buf_clear(&why);
        assert_int_equal(jq_filter_run(all, ".n", input, &got, &why), ST_OK);
        json_decref(got);
    }
    assert_int_equal(jq_filter_run(all, ".n", input, &got, &(struct buf)BUF_INIT(0)), ST_LIMIT);
    json_decref(input);
    jq_filters_free(all);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows) + 3] = {
        cmocka_unit_test(words_that_are_refused),
        cmocka_unit_test(checked_before_it_runs),
        cmocka_unit_test(endless),
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[3 + i] = (struct CMUnitTest){ .name = rows[i].name, .test_func = row,
                                            .initial_state = (void *)(uintptr_t)&rows[i] };
    return cmocka_run_group_tests_name("jq_filter", tests, NULL, NULL);
}
