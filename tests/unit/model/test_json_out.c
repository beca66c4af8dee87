/* What is written straight away is what a tree of the same values gives, byte for byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "harness/model/json_out.h"
#include "harness/model/members.h"

static const struct row { const char *name, *json; } rows[] = {
    { "empty object", "{}" }, { "empty list", "[]" },
    { "nested", "{\"a\":[{},[],{\"b\":[1,2,{\"c\":null}]}],\"d\":{\"e\":{}}}" },
    { "texts", "[\"\",\"plain\",\"a \\\"quote\\\" and \\\\\",\"\\b\\f\\n\\r\\t\\u0001\\u001f/\\u007f\"]" },
    { "other letters", "[\"gr\\u00fc\\u00df\",\"\\u0633\\u0644\\u0627\\u0645\",\"\\ud83d\\ude00\"]" },
    { "keys", "{\"a \\\"b\\\"\":1,\"\\n\":2,\"\":3}" },
    { "whole numbers", "[0,-1,9223372036854775807,-9223372036854775808,1000000]" },
    { "numbers", "[0.1,-0.25,61.23456789012345,1e-7,1.5e300,1e-300,2.5e-5,61.0,1e15,1e16,1e22,-0.0,0.9]" },
    { "words", "[true,false,null]" },
};

static void check(const json_t *tree, size_t flags, struct json_out (*make)(struct buf *))
{
    struct buf text = BUF_INIT(1 << 16);
    struct json_out o = make(&text);
    char *dumped = json_dumps(tree, flags);

    json_out_tree(&o, NULL, tree);
    assert_string_equal(text.ptr, dumped);
    assert_int_equal(o.depth, 0);
    free(dumped);
    buf_release(&text);
}

static struct json_out pretty(struct buf *to)
{
    return json_out_pretty(to, 0);
}

static void as_a_tree(void **state)
{
    const struct row *r = *state;
    json_t *tree = json_loads(r->json, JSON_DECODE_ANY, NULL);

    assert_non_null(tree);
    check(tree, JSON_COMPACT, json_out_line);
    check(tree, JSON_INDENT(2) | JSON_REAL_PRECISION(15), pretty);
    json_decref(tree);
}

static void member_by_member(void **state)
{
    static const struct named_text pairs[] = { { "x", "y" }, { "z", NULL } };
    static const char *const texts[] = { "a", NULL, "b\xff" };
    const double numbers[] = { 3, 0.5, 1e300, 1 / 3., -2, 999999999999999, 1e15 };
    struct buf text = BUF_INIT(1 << 16);
    struct json_out o = json_out_line(&text);
    json_t *tree = json_object(), *list = json_array();

    (void)state;
    json_out_object(&o, NULL);
    json_out_text(&o, "none", NULL);
    json_out_int(&o, "left out", -1, -1);
    json_out_int(&o, "there", 0, -1);
    json_out_pairs(&o, "pairs", pairs, ARRAY_LEN(pairs));
    json_out_texts(&o, "texts", texts, ARRAY_LEN(texts));
    json_out_bool(&o, "yes", true);
    json_out_list(&o, "numbers");
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
        json_out_number(&o, NULL, numbers[i]);
        json_array_append_new(list, json_number(numbers[i]));
    }
    json_out_number(&o, NULL, numbers[2] * numbers[2]);
    json_array_append_new(list, json_null());
    json_out_close(&o);
    json_out_close(&o);
    json_put_int(tree, "there", 0, -1);
    json_object_set_new(tree, "pairs", json_pairs(pairs, ARRAY_LEN(pairs)));
    json_object_set_new(tree, "texts", json_texts(texts, ARRAY_LEN(texts)));
    json_object_set_new(tree, "yes", json_true());
    json_object_set_new(tree, "numbers", list);

    char *dumped = json_dumps(tree, JSON_COMPACT);

    assert_string_equal(text.ptr, dumped);
    free(dumped);
    json_decref(tree);
    buf_release(&text);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows) + 1];

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[i] = (struct CMUnitTest){ .name = rows[i].name, .test_func = as_a_tree,
                                        .initial_state = (void *)(uintptr_t)&rows[i] };
    tests[ARRAY_LEN(rows)] = (struct CMUnitTest)cmocka_unit_test(member_by_member);
    return cmocka_run_group_tests_name("json out", tests, NULL, NULL);
}
