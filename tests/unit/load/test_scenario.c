/* What the loader makes of whole scenarios: typed values, defaults, spans, ownership. */
#include <stdio.h>

#include "harness/base/duration.h"
#include "harness/base/regex.h"
#include "tests/unit/load/kinds.h"
#include "tests/unit/support/cmocka.h"

static struct scenario *load(const char *path)
{
    struct load_context ctx = kinds_context(&env_refusing);
    struct sources sources = { 0 };
    struct diags diags;
    struct scenario *s = NULL;

    diags_init(&diags);
    if (load_scenario(path, &ctx, &sources, &diags, &s)) {
        struct buf text = BUF_INIT(1 << 16);

        diags_render(&diags, &text);
        fail_msg("%s", text.ptr);
    }
    diags_release(&diags);
    sources_release(&sources);               /* the scenario must live without them */
    return s;
}

static const char *joined(const struct template *t)
{
    return t ? t->source : NULL;
}

static void kettle_people(void **state)
{
    struct scenario *s = load("tests/load/ok/kettle.yaml");

    (void)state;
    assert_string_equal(s->path, "tests/load/ok/kettle.yaml");
    assert_string_equal(s->source->name, s->path);
    assert_string_equal(s->name, "Leaking kettle, refund wanted");
    assert_int_equal(s->name_at.line, 2);
    assert_int_equal(s->name_at.col, 10);
    assert_string_equal(s->language, "en");
    assert_int_equal(s->tags.count, 0);
    assert_string_equal(joined(s->customer.name), "Maya Lindqvist");
    assert_null(s->customer.language);
    assert_int_equal(s->customer.knows.count, 3);
    assert_string_equal(s->customer.knows.items[1].name, "postcode");
    assert_string_equal(joined(s->customer.knows.items[1].value), "90402");
    assert_int_equal(s->customer.knows.items[1].at.line, 7);
    assert_int_equal(s->customer.patience.reply, 300 * US_PER_S);
    assert_int_equal(s->customer.patience.repeats, 2);
    assert_string_equal(s->company.name, "Kettle & Co");
    assert_int_equal(s->company.hosts.count, 2);
    assert_string_equal(s->company.hosts.items[0], "127.0.0.1");
    assert_int_equal(s->company.promises[FAMILY_CHAT].first_reply, 30 * US_PER_S);
    assert_int_equal(s->company.promises[FAMILY_CHAT].next_reply, DURATION_UNKNOWN);
    assert_int_equal(s->company.promises[FAMILY_EMAIL].acknowledgement, 900 * US_PER_S);
    assert_int_equal(s->company.promises[FAMILY_FORM].first_reply, DURATION_UNKNOWN);
    scenario_free(s);
}

static void kettle_channels_and_goal(void **state)
{
    struct scenario *s = load("tests/load/ok/kettle.yaml");
    const struct chat_settings *chat = s->channels[1].settings;
    const struct email_settings *mail = s->channels[2].settings;

    (void)state;
    assert_int_equal(s->channel_count, 3);
    assert_string_equal(s->channels[0].name, "contact");
    assert_string_equal(s->channels[0].type, "form");
    assert_int_equal(s->channels[0].family, FAMILY_FORM);
    assert_int_equal(s->channels[1].at.line, 17);
    assert_string_equal(chat->adapter, "rest");
    assert_int_equal(chat->settle, 2 * US_PER_S);
    assert_string_equal(joined(chat->url), "{{ env.COMPANY_URL }}/chat");
    assert_string_equal(joined(mail->to), "support@company.test");
    assert_int_equal(regex_search(s->goal.solved.regex, SLICE_LIT("Your REFUND is approved"), 0,
                                  NULL), ST_OK);
    assert_string_equal(s->goal.partly.text, "refund|replacement");
    assert_true(s->bar.score >= 70 && s->bar.score <= 70);
    assert_int_equal(s->bar.never.count, 2);
    assert_string_equal(s->bar.never.items[1], "missed_acknowledgement");
    scenario_free(s);
}

static void kettle_steps(void **state)
{
    struct scenario *s = load("tests/load/ok/kettle.yaml");
    const struct step *steps = s->steps.items;
    struct regex_match m;

    (void)state;
    assert_int_equal(s->steps.count, 4);
    assert_int_equal(steps[0].verb, VERB_FILL);
    assert_int_equal(steps[0].channel, 0);
    assert_string_equal(steps[0].name, "fill contact");
    assert_int_equal(steps[0].fields.count, 3);
    assert_string_equal(steps[0].fields.items[1].name, "Order number");
    assert_string_equal(joined(steps[0].fields.items[1].value),
                        "{{ customer.knows.order_number }}");
    assert_int_equal(steps[0].save.count, 1);
    assert_string_equal(steps[0].save.items[0].name, "ticket");
    assert_int_equal(regex_search(steps[0].save.items[0].pattern.regex,
                                  SLICE_LIT("Your reference is AB-17."), 0, &m), ST_OK);
    assert_int_equal(m.start[1], 18);
    assert_int_equal(steps[0].repeat, 1);
    assert_false(steps[0].repeatable);
    assert_int_equal(steps[0].within, DURATION_UNKNOWN);
    assert_int_equal(steps[0].expect.within, DURATION_UNKNOWN);
    assert_int_equal(steps[0].at.line, 21);
    assert_int_equal(steps[0].at.col, 5);
    assert_int_equal(steps[0].at.end_col, 9);
    assert_null(steps[0].file);
    assert_int_equal(steps[1].wait_for, WAIT_ACKNOWLEDGEMENT);
    assert_int_equal(steps[1].within, 900 * US_PER_S);
    assert_int_equal(steps[2].until, UNTIL_GOAL);
    assert_int_equal(steps[2].text->count, 3);
    assert_string_equal(steps[2].text->parts[1].text, "ticket");
    assert_int_equal(steps[3].wait_for, WAIT_ANSWER);
    scenario_free(s);
}

static void every_key_top(void **state)
{
    struct scenario *s = load("tests/load/ok/every-key.yaml");

    (void)state;
    assert_string_equal(s->language, "de");
    assert_string_equal(s->customer.language, "en");
    assert_int_equal(s->tags.count, 3);
    assert_string_equal(s->tags.items[2], "7");
    assert_string_equal(joined(s->customer.knows.items[0].value), "no");
    assert_int_equal(s->customer.patience.reply, 90 * US_PER_S);
    assert_int_equal(s->customer.patience.repeats, 2);
    assert_int_equal(s->company.promises[FAMILY_FORM].first_reply, 86400 * US_PER_S);
    assert_int_equal(s->company.promises[FAMILY_CHAT].next_reply, 90 * US_PER_S);
    assert_string_equal(s->goal.solved.text, "refund");
    assert_null(s->goal.partly.text);
    assert_true(s->bar.score > 66.4 && s->bar.score < 66.6);
    scenario_free(s);
}

static void every_key_steps(void **state)
{
    struct scenario *s = load("tests/load/ok/every-key.yaml");
    const struct step *steps = s->steps.items;

    (void)state;
    assert_int_equal(s->steps.count, 10);
    assert_string_equal(steps[0].name, "the form");
    assert_string_equal(steps[0].submit, "Send it");
    assert_int_equal(steps[0].attach.count, 1);
    assert_int_equal(steps[0].expect.matches.count, 2);
    assert_null(steps[0].expect.matches.items[0].name);
    assert_string_equal(steps[0].expect.contains.items[0], "received");
    assert_int_equal(steps[0].expect.one_of.count, 2);
    assert_string_equal(steps[0].expect.language, "en");
    assert_int_equal(steps[0].expect.within, 10 * US_PER_S);
    assert_int_equal(steps[1].until, UNTIL_ANSWER);
    assert_int_equal(steps[1].replies.count, 2);
    assert_string_equal(steps[1].replies.items[1].match.text, "anything else");
    assert_string_equal(joined(steps[1].replies.items[1].text), "No, thank you.");
    assert_int_equal(steps[1].repeat, 2);
    assert_string_equal(joined(steps[1].when), "{{ ticket }}");
    assert_int_equal(steps[2].replies.count, 1);
    assert_string_equal(steps[2].replies.items[0].match.text, "order number\\?");
    assert_int_equal(steps[2].until, UNTIL_END);
    assert_string_equal(joined(steps[3].text), "");
    assert_true(steps[3].repeatable);
    assert_int_equal(steps[4].attach.count, 2);
    assert_int_equal(steps[5].wait_for, WAIT_MESSAGE);
    assert_int_equal(steps[6].wait_for, WAIT_RESOLUTION);
    assert_null(steps[7].text);
    assert_int_equal(steps[8].verb, VERB_CHASE);
    scenario_free(s);
}

static void pauses_and_names(void **state)
{
    struct scenario *s = load("tests/load/ok/only-pauses.yaml");

    (void)state;
    assert_int_equal(s->steps.items[0].duration, 5 * US_PER_MS);
    assert_string_equal(s->steps.items[0].name, "pause 5ms");
    assert_int_equal(s->steps.items[0].channel, -1);
    assert_int_equal(s->channel_count, 0);
    assert_true(s->bar.score >= 50 && s->bar.score <= 50);
    scenario_free(s);
}

static void included_steps_name_their_file(void **state)
{
    struct scenario *s = load("tests/load/ok/include.yaml");

    (void)state;
    assert_int_equal(s->steps.count, 2);
    assert_string_equal(s->steps.items[0].name, "hello");
    assert_string_equal(s->steps.items[0].file, "tests/load/ok/../include/hello.yaml");
    assert_int_equal(s->steps.items[0].at.line, 1);
    assert_null(s->steps.items[1].file);
    scenario_free(s);
}

static void merged_settings(void **state)
{
    struct scenario *s = load("tests/load/ok/merge-keys.yaml");
    const struct chat_settings *chat = s->channels[0].settings, *other = s->channels[1].settings;

    (void)state;
    assert_int_equal(chat->settle, US_PER_S);
    assert_int_equal(other->settle, 3 * US_PER_S);
    assert_string_equal(joined(other->url), "http://localhost/");
    assert_int_equal(s->steps.items[1].channel, 1);
    assert_string_equal(joined(s->steps.items[1].text), "Hello");
    assert_string_equal(s->steps.items[1].name, "never seen");
    scenario_free(s);
}

static void lines_of_windows(void **state)
{
    struct scenario *s = load("tests/load/ok/crlf-and-bom.yaml");
    const struct template *t = s->steps.items[0].text;

    (void)state;
    assert_string_equal(t->source, "one\ntwo {{ customer.name }}\n");
    assert_int_equal(t->parts[1].at.line, 9);
    assert_int_equal(t->parts[1].at.col, 14);
    scenario_free(s);
}

static void missing_file(void **state)
{
    struct load_context ctx = kinds_context(&env_refusing);
    struct sources sources = { 0 };
    struct diags diags;
    struct scenario *s = NULL;

    (void)state;
    diags_init(&diags);
    assert_int_equal(load_scenario("tests/load/nowhere.yaml", &ctx, &sources, &diags, &s), ST_IO);
    assert_int_equal(diags.errors, 1);
    assert_string_equal(diags.items[0].what,
                        "cannot read tests/load/nowhere.yaml: No such file or directory");
    assert_null(s);
    diags_release(&diags);
    sources_release(&sources);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kettle_people),
        cmocka_unit_test(kettle_channels_and_goal),
        cmocka_unit_test(kettle_steps),
        cmocka_unit_test(every_key_top),
        cmocka_unit_test(every_key_steps),
        cmocka_unit_test(pauses_and_names),
        cmocka_unit_test(included_steps_name_their_file),
        cmocka_unit_test(merged_settings),
        cmocka_unit_test(lines_of_windows),
        cmocka_unit_test(missing_file),
    };

    return cmocka_run_group_tests_name("scenario", tests, NULL, NULL);
}
