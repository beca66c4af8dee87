/* The generic loader: every field type, by a table of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/base/duration.h"
#include "harness/base/regex.h"
#include "harness/load/load.h"
#include "harness/model/template.h"

struct inner { const char *name; int64_t wait; struct span at; };
struct outer {
    const char *text;
    const struct template *template;
    struct pattern regex;
    int64_t duration, number_of, unknown;
    double number;
    bool flag;
    int choice;
    struct texts texts;
    struct pairs pairs;
    struct patterns patterns;
    struct inner inner;
    struct list inners, map;
};

#define ROW(member, t, ...) \
    { .name = #member, .type = t, .offset = offsetof(struct outer, member), __VA_ARGS__ }
static const struct field inner_fields[] = {
    { .name = "wait", .type = FIELD_DURATION, .offset = offsetof(struct inner, wait),
      .fallback = "3s", .flags = FIELD_SHORT },
    { 0 },
};
static const struct object inner_object = { "inner", sizeof(struct inner), inner_fields,
                                            offsetof(struct inner, at) };
static const char *const colours[] = { "red", "green", NULL };
static const struct field outer_fields[] = {
    ROW(text, FIELD_TEXT, .flags = FIELD_REQUIRED, .help = "any words"),
    ROW(template, FIELD_TEMPLATE, 0),
    ROW(regex, FIELD_REGEX, .flags = FIELD_CASELESS),
    ROW(duration, FIELD_DURATION, 0),
    ROW(unknown, FIELD_DURATION, .fallback = "unknown"),
    ROW(number_of, FIELD_INT, .min = 1, .max = 9, .fallback = "4"),
    ROW(number, FIELD_NUMBER, 0),
    ROW(flag, FIELD_BOOL, 0),
    ROW(choice, FIELD_CHOICE, .choices = colours, .fallback = "green"),
    ROW(texts, FIELD_TEXTS, 0),
    ROW(pairs, FIELD_PAIRS, 0),
    ROW(patterns, FIELD_PATTERNS, 0),
    ROW(inner, FIELD_OBJECT, .object = &inner_object),
    ROW(inners, FIELD_OBJECTS, .object = &inner_object),
    ROW(map, FIELD_MAP, .object = &inner_object),
    { 0 },
};
static const struct object outer_object = { "outer", sizeof(struct outer), outer_fields, SIZE_MAX };

struct loaded {
    struct arena *arena;
    struct regex_list regexes;
    struct sources sources;
    struct diags diags;
    struct outer o;
    struct buf out;
    enum status st;
};

static void load(struct loaded *l, const char *text)
{
    *l = (struct loaded){ .arena = arena_new(), .out = BUF_INIT(1 << 20) };
    diags_init(&l->diags);
    l->st = load_object_text("t.yaml", slice_str(text), &outer_object, l->arena, &l->regexes,
                             &l->sources, &l->diags, &l->o);
    diags_render(&l->diags, &l->out);
}

static void unload(struct loaded *l)
{
    buf_release(&l->out);
    diags_release(&l->diags);
    sources_release(&l->sources);
    regex_list_release(&l->regexes);
    arena_free(l->arena);
}

static void every_type(void **state)
{
    struct loaded l;

    (void)state;
    load(&l, "\xEF\xBB\xBFtext: no\n"
             "template: 'hi {{ env.X }}'\n"
             "regex: 'ab+'\n"
             "duration: 1m30s\n"
             "number: 0.07\n"
             "flag: true\n"
             "texts: [a, 'b c', 12]\n"
             "pairs: {One: 'x', Two words: '{{ customer.name }}'}\n"
             "patterns: {ref: '([A-Z]+)', other: y}\n"
             "inner: {wait: 5s}\n"
             "inners: [{wait: 1s}, 2s, {}]\n"
             "map: {x: {wait: 7s}, y: , z: 9s}\n");
    assert_string_equal(l.out.ptr, "");
    assert_int_equal(l.st, ST_OK);
    assert_string_equal(l.o.text, "no");
    assert_int_equal(l.o.template->count, 2);
    assert_string_equal(l.o.template->parts[1].text, "env.X");
    assert_int_equal(l.o.template->parts[1].at.line, 2);
    assert_int_equal(l.o.template->parts[1].at.col, 18);
    assert_int_equal(l.o.template->parts[1].at.end_col, 23);
    assert_int_equal(regex_search(l.o.regex.regex, SLICE_LIT("xABB"), 0, NULL), ST_OK);
    assert_int_equal(l.o.duration, 90 * US_PER_S);
    assert_int_equal(l.o.unknown, DURATION_UNKNOWN);
    assert_int_equal(l.o.number_of, 4);
    assert_true(l.o.number >= 0.07 && l.o.number <= 0.07);
    assert_true(l.o.flag);
    assert_int_equal(l.o.choice, 1);
    assert_int_equal(l.o.texts.count, 3);
    assert_string_equal(l.o.texts.items[2], "12");
    assert_int_equal(l.o.texts.spans[1].col, 12);
    assert_int_equal(l.o.pairs.count, 2);
    assert_string_equal(l.o.pairs.items[1].name, "Two words");
    assert_int_equal(l.o.patterns.count, 2);
    assert_string_equal(l.o.patterns.items[0].name, "ref");
    assert_int_equal(l.o.inner.wait, 5 * US_PER_S);
    assert_int_equal(l.o.inner.at.line, 10);
    assert_int_equal(l.o.inners.count, 3);
    assert_int_equal(LIST_ITEM(struct inner, l.o.inners, 1)->wait, 2 * US_PER_S);
    assert_int_equal(LIST_ITEM(struct inner, l.o.inners, 2)->wait, 3 * US_PER_S);
    assert_int_equal(l.o.map.count, 3);
    assert_string_equal(LIST_ITEM(struct inner, l.o.map, 1)->name, "y");
    assert_int_equal(LIST_ITEM(struct inner, l.o.map, 1)->wait, 3 * US_PER_S);
    assert_int_equal(LIST_ITEM(struct inner, l.o.map, 2)->wait, 9 * US_PER_S);
    unload(&l);
}

static const struct row { const char *name, *text, *out; } rows[] = {
    { "missing", "number_of: 3\n",
      "t.yaml:1:1: error: outer needs \"text\"\n    1 | number_of: 3\n"
      "      | ^^^^^^^^^ text: any words\n" },
    { "unknown key", "text: x\nnumbr: 3\n",
      "t.yaml:2:1: error: outer has no key \"numbr\"\n    2 | numbr: 3\n"
      "      | ^^^^^ did you mean \"number\"?\n" },
    { "twice", "text: x\ntext: y\n",
      "t.yaml:2:1: error: \"text\" is given twice\n    2 | text: y\n"
      "      | ^^^^ first given in line 1\n" },
    { "range", "text: x\nnumber_of: 12\n",
      "t.yaml:2:12: error: \"number_of\" must be from 1 to 9, not 12\n    2 | number_of: 12\n"
      "      |            ^^\n" },
    { "pattern", "text: x\nregex: \"\\x41b(c\"\n",
      "t.yaml:2:15: error: bad pattern in \"regex\": missing closing parenthesis\n"
      "    2 | regex: \"\\x41b(c\"\n      |               ^\n" },
    { "template in a block", "text: x\ntemplate: |\n  one\n\n   two {{ a b }}\n",
      "t.yaml:5:12: error: a variable's name has letters, digits, \"_\", \"-\" and \".\" only\n"
      "    5 |    two {{ a b }}\n      |            ^ write {{ name }}; two braces that shall stay "
      "are written {{{{\n" },
    { "bool", "text: x\nflag: yes\n",
      "t.yaml:2:7: error: \"flag\" must be true or false, not \"yes\"\n    2 | flag: yes\n"
      "      |       ^^^ write true\n" },
    { "not a mapping", "- text\n",
      "t.yaml:1:3: error: outer must be a mapping, not a list\n    1 | - text\n      |   ^^^^\n" },
    { "no list", "text: x\ninners: {a: b}\n",
      "t.yaml:2:10: error: \"inners\" needs a list, not a mapping\n    2 | inners: {a: b}\n"
      "      |          ^\n" },
    { "no mapping", "text: x\nmap: [a]\npairs: y\n",
      "t.yaml:2:7: error: \"map\" needs a mapping, not a list\n    2 | map: [a]\n"
      "      |       ^\nt.yaml:3:8: error: \"pairs\" needs a mapping: name: text, not a text\n"
      "    3 | pairs: y\n      |        ^\n" },
    { "choice", "text: x\nchoice: gren\nnumber: 1e5\n",
      "t.yaml:2:9: error: \"choice\" cannot be \"gren\"\n    2 | choice: gren\n"
      "      |         ^^^^ did you mean \"green\"?\n"
      "t.yaml:3:9: error: \"number\" needs a number, not \"1e5\"\n    3 | number: 1e5\n"
      "      |         ^^^\n" },
    { "bare template", "text: {{ env.X }}/a\n",
      "t.yaml:1:7: error: a text that begins with \"{{\" needs quotes\n"
      "    1 | text: {{ env.X }}/a\n"
      "      |       ^^ put the whole text in quotes: \"{{ … }}\"\n" },
};

static void check_row(void **state)
{
    const struct row *r = *state;
    struct loaded l;

    load(&l, r->text);
    assert_string_equal(l.out.ptr, r->out);
    assert_int_equal(l.st, ST_INVALID);
    unload(&l);
}

static void files(void **state)
{
    struct loaded l = { .arena = arena_new(), .out = BUF_INIT(1 << 16) };

    (void)state;
    diags_init(&l.diags);
    l.st = load_object_file("tests/load/nowhere.yaml", &outer_object, l.arena, &l.regexes,
                            &l.sources, &l.diags, &l.o);
    assert_int_equal(l.st, ST_IO);
    l.st = load_object_file("tests/load/ok/minimal.yaml", &outer_object, l.arena, &l.regexes,
                            &l.sources, &l.diags, &l.o);
    assert_int_equal(l.st, ST_INVALID);
    diags_render(&l.diags, &l.out);
    assert_non_null(strstr(l.out.ptr, "cannot read tests/load/nowhere.yaml: No such file"));
    assert_non_null(strstr(l.out.ptr, "tests/load/ok/minimal.yaml:1:1: error: outer has no key"));
    unload(&l);
}

static void too_big(void **state)
{
    struct loaded l;
    char *text = mem_alloc((2 << 20) + 1);

    (void)state;
    memset(text, '#', 2 << 20);
    text[2 << 20] = '\0';
    load(&l, text);
    assert_string_equal(l.out.ptr, "t.yaml: error: the file is too big: over 1 MiB\n");
    unload(&l);
    free(text);
}

static void laughs(void **state)
{
    CLEANUP(buf_release) struct buf text = BUF_INIT(4096);
    struct loaded l;

    (void)state;
    buf_adds(&text, "text: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 9; i++) {
        buf_addf(&text, "k%d: &a%d [", i, i);
        for (int k = 0; k < 9; k++)
            buf_addf(&text, "%s*a%d", k ? ", " : "", i - 1);
        buf_adds(&text, "]\n");
    }
    load(&l, text.ptr);
    assert_non_null(strstr(l.out.ptr, "too much in one file"));
    assert_true(arena_bytes(l.arena) < 1 << 20);
    unload(&l);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows) + 4] = {
        cmocka_unit_test(every_type), cmocka_unit_test(laughs), cmocka_unit_test(files),
        cmocka_unit_test(too_big),
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[i + 4] = (struct CMUnitTest){ .name = rows[i].name, .test_func = check_row,
                                            .initial_state = (void *)(uintptr_t)&rows[i] };
    return cmocka_run_group_tests_name("object", tests, NULL, NULL);
}
