/* What was prepared comes back as it was read: every data file there is, both ways. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <glob.h>
#include <string.h>

#include "harness/base/regex.h"
#include "harness/load/prepared.h"
#include "harness/model/adapter.h"
#include "harness/model/expectations.h"
#include "harness/model/lexicon.h"

enum { MAX_BYTES = 8 << 20 };

static size_t check_file(const char *path, const struct object *object)
{
    struct arena *a = arena_new();
    struct regex_list read = { 0 }, restored = { 0 };
    struct sources sources = { 0 };
    struct diags diags;
    struct buf first = BUF_INIT(MAX_BYTES), second = BUF_INIT(MAX_BYTES);
    void *from = arena_alloc(a, object->size), *to = arena_alloc(a, object->size);

    diags_init(&diags);
    assert_int_equal(load_object_file(path, object, a, &read, &sources, &diags, from), ST_OK);
    object_write(object, from, &first);
    assert_int_equal(object_restore(object, buf_slice(&first), a, &restored, to), first.len);
    object_write(object, to, &second);
    assert_int_equal(first.len, second.len);
    assert_memory_equal(first.ptr, second.ptr, first.len);
    assert_int_equal(read.count, restored.count);
    for (size_t i = 0; i < read.count; i++)
        assert_int_equal(regex_groups(read.items[i]), regex_groups(restored.items[i]));

    size_t count = read.count;

    buf_release(&first);
    buf_release(&second);
    diags_release(&diags);
    sources_release(&sources);
    regex_list_release(&read);
    regex_list_release(&restored);
    arena_free(a);
    return count;
}

static size_t check_all(const char *pattern, const struct object *object)
{
    glob_t found;
    size_t regexes = 0;

    assert_int_equal(glob(pattern, 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++)
        regexes += check_file(found.gl_pathv[i], object);
    globfree(&found);
    return regexes;
}

static void comes_back(void **state)
{
    (void)state;
    assert_true(check_all("scenarios/lexicons/*.yaml", &lexicon_object) > 1000);
    check_all("scenarios/adapters/*.yaml", &adapter_object);
    check_all("scenarios/expectations/*.yaml", &expectations_object);
}

/* A row of every type, also those no data file has, given and left out. */
struct all {
    const char *text;
    const struct template *template;
    struct pattern regex;
    int64_t duration, count;
    double number;
    bool yes;
    int choice;
    struct texts texts;
    struct pairs pairs;
    struct patterns patterns;
    struct list objects, map;
};

struct named {
    const char *name;
    bool yes;
};

static const struct field named_fields[] = {
    { .name = "yes", .type = FIELD_BOOL, .offset = offsetof(struct named, yes) }, { 0 },
};
static const struct object named_object = { "named", sizeof(struct named), named_fields, SIZE_MAX };
static const char *const choices[] = { "north", "south", NULL };

#define ALL(member) offsetof(struct all, member)
static const struct field all_fields[] = {
    { .name = "text", .type = FIELD_TEXT, .offset = ALL(text) },
    { .name = "template", .type = FIELD_TEMPLATE, .offset = ALL(template) },
    { .name = "regex", .type = FIELD_REGEX, .offset = ALL(regex), .flags = FIELD_CASELESS },
    { .name = "duration", .type = FIELD_DURATION, .offset = ALL(duration), .fallback = "unknown" },
    { .name = "count", .type = FIELD_INT, .offset = ALL(count) },
    { .name = "number", .type = FIELD_NUMBER, .offset = ALL(number), .fallback = "0.9" },
    { .name = "choice", .type = FIELD_CHOICE, .offset = ALL(choice), .choices = choices },
    { .name = "yes", .type = FIELD_BOOL, .offset = ALL(yes) },
    { .name = "texts", .type = FIELD_TEXTS, .offset = ALL(texts) },
    { .name = "pairs", .type = FIELD_PAIRS, .offset = ALL(pairs) },
    { .name = "patterns", .type = FIELD_PATTERNS, .offset = ALL(patterns), .flags = FIELD_JQ },
    { .name = "objects", .type = FIELD_OBJECTS, .offset = ALL(objects), .object = &named_object },
    { .name = "map", .type = FIELD_MAP, .offset = ALL(map), .object = &named_object },
    { 0 },
};
static const struct object all_object = { "all", sizeof(struct all), all_fields, SIZE_MAX };

static void every_type(void **state)
{
    static const char yaml[] =
        "text: \"\"\ntemplate: a {{ b }} c\nregex: x+\nduration: 3s\ncount: 7\nnumber: 0.25\n"
        "choice: south\nyes: true\ntexts: [one, two]\npairs: {k: v}\n"
        "patterns: {n: 'jq: .x', m: 'y*'}\nobjects: [{yes: true}, {}]\nmap: {q: {yes: true}}\n";
    struct arena *a = arena_new();
    struct regex_list regexes = { 0 };
    struct sources sources = { 0 };
    struct diags diags;
    struct buf bytes = BUF_INIT(MAX_BYTES);
    struct all from = { 0 }, to = { 0 };

    (void)state;
    diags_init(&diags);
    assert_int_equal(load_object_text("t.yaml", SLICE_LIT(yaml), &all_object, a, &regexes,
                                      &sources, &diags, &from), ST_OK);
    object_write(&all_object, &from, &bytes);
    assert_int_equal(object_restore(&all_object, buf_slice(&bytes), a, &regexes, &to), bytes.len);
    assert_string_equal(to.text, "");
    assert_string_equal(to.template->source, "a {{ b }} c");
    assert_int_equal(to.template->count, 3);
    assert_int_equal(regex_search(to.regex.regex, SLICE_LIT("aXx"), 0, NULL), ST_OK);
    assert_int_equal(to.duration, 3000000);
    assert_int_equal(to.count, 7);
    assert_true(to.number == .25 && to.yes && to.choice == 1);
    assert_string_equal(to.texts.items[1], "two");
    assert_string_equal(to.pairs.items[0].name, "k");
    assert_string_equal(to.pairs.items[0].value->source, "v");
    assert_null(to.patterns.items[0].pattern.regex);
    assert_string_equal(to.patterns.items[0].pattern.text, "jq: .x");
    assert_non_null(to.patterns.items[1].pattern.regex);
    assert_true(LIST_ITEM(struct named, to.objects, 0)->yes);
    assert_false(LIST_ITEM(struct named, to.objects, 1)->yes);
    assert_string_equal(LIST_ITEM(struct named, to.map, 0)->name, "q");

    buf_clear(&bytes);
    from = (struct all){ 0 };
    object_write(&all_object, &from, &bytes);
    to.text = "still there";
    assert_int_equal(object_restore(&all_object, buf_slice(&bytes), a, &regexes, &to), bytes.len);
    assert_null(to.text);
    assert_null(to.regex.text);
    assert_int_equal(to.texts.count, 0);
    buf_release(&bytes);
    diags_release(&diags);
    sources_release(&sources);
    regex_list_release(&regexes);
    arena_free(a);
}

/* Only the very text that was prepared is. */
static void other_texts(void **state)
{
    static const char text[] = "language: xx and some more than eight bytes";
    const struct prepared files[] = {
        { .name = "a", .sum = 1 },
        { .name = "b", .sum = slice_sum(SLICE_LIT(text)) },
        { 0 },
    };
    char other[sizeof text];

    (void)state;
    assert_ptr_equal(prepared_find(files, "b", SLICE_LIT(text)), &files[1]);
    assert_null(prepared_find(files, "a", SLICE_LIT(text)));
    assert_null(prepared_find(files, "c", SLICE_LIT(text)));
    for (size_t i = 0; i < sizeof text - 1; i++) {
        memcpy(other, text, sizeof text);
        other[i] ^= 1;
        assert_null(prepared_find(files, "b", slice_str(other)));
        assert_null(prepared_find(files, "b", (struct slice){ text, i }));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comes_back), cmocka_unit_test(every_type), cmocka_unit_test(other_texts),
    };

    return cmocka_run_group_tests_name("prepared", tests, NULL, NULL);
}
