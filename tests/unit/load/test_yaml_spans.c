/* Places inside texts: whatever quotes, escapes, folding and indentation lie before it, a mark (§)
 * found in the value must be found at the same mark in the file. */
#include <string.h>

#include "harness/load/yaml_tree.h"
#include "tests/unit/support/cmocka.h"

#define MARK "\xC2\xA7"

static const struct row { const char *name, *text; } rows[] = {
    { "plain", "k: one two §three\n" },
    { "plain at the start", "k: §\n" },
    { "plain over lines", "k: one\n  two   \n  three §\n" },
    { "plain over an empty line", "k: one\n\n\n  two §\n" },
    { "plain in a list", "k: [a, b c §]\n" },
    { "plain after umlauts", "k: Grüße 東京 §\n" },
    { "plain with a comment", "k: a §  # §omment\n" },
    { "anchor", "k: &name one §\n" },
    { "anchor and tag", "k: !!str &name 'one §'\n" },
    { "anchor on a line of its own", "k: &name\n  one §\n" },
    { "single", "k: 'it''s ''quoted'' §'\n" },
    { "single over lines", "k: 'it''s\n\n  here  \n  §'\n" },
    { "single with blanks", "k: '  a  §'\n" },
    { "double", "k: \"one §\"\n" },
    { "double with escapes", "k: \"\\t\\\"\\\\\\x41\\u00e4\\U0001F600\\n§\"\n" },
    { "double over lines", "k: \"one\n  two\n\n  §\"\n" },
    { "double with joined lines", "k: \"one \\\n   two\\\n   \\ three §\"\n" },
    { "double with an escaped blank", "k: \"one\\ \n  two §\"\n" },
    { "literal", "k: |\n  one\n  two §\n" },
    { "literal indented", "k: |\n    one\n      two\n    §\n" },
    { "literal after empty lines", "k: |\n\n\n  one\n\n  §\n" },
    { "literal with a number", "k: |2\n    one\n   §\n" },
    { "literal with a comment", "k: |-  # why\n  one §\n" },
    { "literal of Windows", "k: |\r\n  one\r\n\r\n  two §\r\n" },
    { "literal with blank lines", "k: |\n  one\n   \n  §\n" },
    { "folded", "k: >\n  one\n  two §\n" },
    { "folded paragraphs", "k: >\n  one\n\n  two\n  three §\n" },
    { "folded of Windows", "k: >\r\n  one\r\n  two §\r\n" },
    { "folded kept", "k: >+\n  one §\n\n" },
    { "nested", "k:\n  - l: {m: ['a', \"b\\t§\"]}\n" },
};

static const struct node *find_text(const struct node *n)
{
    if (n->kind == NODE_TEXT)
        return strstr(n->text, MARK) ? n : NULL;
    for (size_t i = 0; i < n->count; i++) {
        const struct node *found = find_text(n->items[i]);

        if (found)
            return found;
    }
    return NULL;
}

static void check_row(void **state)
{
    const struct row *r = *state;
    struct source *source = source_new("t", slice_str(r->text));
    struct arena *a = arena_new();
    const struct node *top = NULL, *n;
    struct diags diags;

    diags_init(&diags);
    assert_int_equal(tree_parse(source, a, &diags, &top), ST_OK);
    n = find_text(top);
    assert_non_null(n);

    struct span got = node_span_inside(n, (size_t)(strstr(n->text, MARK) - n->text), 2);
    struct span want = source_span(source, (size_t)(strstr(r->text, MARK) - r->text), 2);

    assert_int_equal(got.line, want.line);
    assert_int_equal(got.col, want.col);
    assert_int_equal(got.end_col, want.end_col);
    for (size_t i = 0; i <= n->len + 3; i++)             /* any offset has some place */
        assert_true(node_span_inside(n, i, 1).line >= n->at.line);
    diags_release(&diags);
    arena_free(a);
    source_free(source);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows)];

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[i] = (struct CMUnitTest){ .name = rows[i].name, .test_func = check_row,
                                        .initial_state = (void *)(uintptr_t)&rows[i] };
    return cmocka_run_group_tests_name("yaml spans", tests, NULL, NULL);
}
