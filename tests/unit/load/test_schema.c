/* The JSON Schema: made from the same tables, always the same, and about every key. */
#include <jansson.h>

#include "tests/unit/load/kinds.h"
#include "tests/unit/support/cmocka.h"

static char *schema_text(void)
{
    struct load_context ctx = kinds_context(NULL);
    struct buf out = BUF_INIT(1 << 20);

    load_schema(&ctx, &out);
    assert_false(out.full);
    return buf_steal(&out);
}

static const char *text_at(json_t *j, const char *pointer)
{
    CLEANUP(mem_freep) char *copy = mem_strdup(pointer);

    char *rest = copy;

    for (char *key; (key = strtok_r(rest, "/", &rest));)
        j = json_is_array(j) ? json_array_get(j, (size_t)(*key - '0')) : json_object_get(j, key);
    return json_string_value(j);
}

static void is_the_same_every_time(void **state)
{
    CLEANUP(mem_freep) char *a = schema_text();
    CLEANUP(mem_freep) char *b = schema_text();

    (void)state;
    assert_string_equal(a, b);
}

static void says_what_the_tables_say(void **state)
{
    static const char *const rows[][2] = {
        { "properties/journey/$ref", "#/$defs/text" },
        { "properties/language/default", "en" },
        { "properties/customer/properties/patience/properties/reply/default", "5m" },
        { "properties/company/properties/promises/properties/chat/properties/first_reply/$ref",
          "#/$defs/duration" },
        { "properties/channels/additionalProperties/anyOf/0/$ref", "#/$defs/channel_chat" },
        { "$defs/channel_form/properties/type/const", "form" },
        { "$defs/channel_form/required/0", "url" },
        { "$defs/channel_form/required/1", "type" },
        { "$defs/channel_chat/properties/settle/description", "quiet that ends a turn" },
        { "properties/goal/anyOf/0/properties/solved/$ref", "#/$defs/pattern" },
        { "properties/goal/anyOf/1/$ref", "#/$defs/pattern" },
        { "properties/steps/items/anyOf/0/$ref", "#/$defs/step_open" },
        { "$defs/step_say/properties/until/enum/1", "goal" },
        { "$defs/step_say/required/0", "say" },
        { "$defs/step_wait/properties/for/enum/1", "acknowledgement" },
        { "$defs/step_pause/properties/pause/$ref", "#/$defs/duration" },
        { "required/0", "journey" },
        { "$defs/finding/enum/0", "dead_end" },
        { "$defs/finding/enum/4", "any" },
        { "$defs/step_say/properties/expect/anyOf/1/not/type", "object" },
    };
    CLEANUP(mem_freep) char *text = schema_text();
    json_t *j = json_loads(text, JSON_REJECT_DUPLICATES, NULL);

    (void)state;
    assert_non_null(j);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const char *got = text_at(j, rows[i][0]);

        if (!got)
            fail_msg("nothing at %s", rows[i][0]);
        assert_string_equal(got, rows[i][1]);
    }
    json_decref(j);
}

/* Every key the loader knows has a line of help for the editor. */
static void check_help(json_t *j, const char *key)
{
    json_t *properties = json_object_get(j, "properties"), *value;
    const char *name;
    size_t i;

    json_object_foreach(properties, name, value) {
        if (!json_object_get(value, "description"))
            fail_msg("no help for \"%s\" in %s", name, key);
        check_help(value, name);
    }
    json_array_foreach(json_object_get(j, "anyOf"), i, value)
        check_help(value, key);
}

static void has_help_for_every_key(void **state)
{
    CLEANUP(mem_freep) char *text = schema_text();
    json_t *j = json_loads(text, 0, NULL), *value;
    const char *name;

    (void)state;
    check_help(j, "the scenario");
    json_object_foreach(json_object_get(j, "$defs"), name, value)
        check_help(value, name);
    json_decref(j);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_the_same_every_time),
        cmocka_unit_test(says_what_the_tables_say),
        cmocka_unit_test(has_help_for_every_key),
    };

    return cmocka_run_group_tests_name("schema", tests, NULL, NULL);
}
