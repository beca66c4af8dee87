/* Transcripts: appending, JSON Lines there and back, and what strangers may send instead. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "harness/base/text.h"
#include "harness/model/event.h"

static struct transcript *full_transcript(void)
{
    static const struct transcript_channel channels[] = {
        { "contact", "form", FAMILY_FORM }, { "chat", "chat", FAMILY_CHAT },
    };
    static const struct transcript_step steps[] = {
        { 20, "fill", "fill contact", "contact" }, { 26, "pause", "pause 1s", NULL },
    };
    static const struct named_text knows[] = { { "order_number", "A-1" }, { "city", "Köln" } };
    static const char *const tags[] = { "nightly", "de" }, *const never[] = { "dead_end" };
    struct transcript *t = transcript_new();

    t->journey = "Kettle";
    t->file = "kettle.journey.yaml";
    t->line = 3;
    t->started = "2024-05-01T10:00:00Z";
    t->customer_name = "Maya";
    t->customer_email = "maya@shopper.test";
    t->knows = (struct named_text *)(uintptr_t)knows;
    t->know_count = 2;
    t->company_name = "Kettle & Co";
    t->promises[FAMILY_EMAIL] = (struct promises){ 7200 * US_PER_S, DURATION_UNKNOWN, 900000000 };
    t->channels = (struct transcript_channel *)(uintptr_t)channels;
    t->channel_count = 2;
    t->goal_solved = "refund (?:is|was) approved";
    t->bar_score = 72.5;
    t->bar_never = (const char **)(uintptr_t)never;
    t->bar_never_count = 1;
    t->steps = (struct transcript_step *)(uintptr_t)steps;
    t->step_count = 2;
    t->tags = (const char **)(uintptr_t)tags;
    t->tag_count = 2;
    return t;
}

static void append_full_events(struct transcript *t)
{
    static struct named_text fields[] = { { "Name", "Maya" }, { "Name", "M." }, { "Zip", "1" } };
    struct event e = event_init(EVENT_STEP_BEGIN, PARTY_HARNESS);

    e.step = 0;
    e.text = "fill contact";
    transcript_append(t, &e);

    e = event_init(EVENT_SENT, PARTY_CUSTOMER);
    e.t_us = 1500000;
    e.step = 0;
    e.channel = "contact";
    e.text = "Name: Maya";
    e.fields = fields;
    e.field_count = 3;
    transcript_append(t, &e);

    e = event_init(EVENT_TRANSFER, PARTY_HARNESS);
    e.t_us = 1400000;                            /* earlier: raised */
    e.code = "POST";
    e.url = "http://localhost/contact";
    e.status = 200;
    e.has_timings = true;
    e.timings = (struct timings){ 10, 20, DURATION_UNKNOWN, 3000, 4000, 512, 1024 };
    transcript_append(t, &e);

    e = event_init(EVENT_MESSAGE, PARTY_COMPANY);
    e.t_us = 2000000;
    e.channel = "inbox";
    e.text = "We got it \"quoted\" \\ سلام \xF0\x9F\x99\x82";
    e.reply_to = 1;
    e.repeats_seq = 1;
    e.wait_us = 500000;
    e.nature = NATURE_AUTOMATIC;
    e.subject = "Re: kettle";
    e.sender = "Support <support@company.test>";
    e.reply_address = "noreply@company.test";
    e.message_id = "<1@company.test>";
    transcript_append(t, &e);
}

static char *written(const struct transcript *t)
{
    char *text = NULL;
    size_t len = 0;
    FILE *f = open_memstream(&text, &len);

    assert_int_equal(transcript_write(t, f), ST_OK);
    fclose(f);
    return text;
}

static void test_append(void **state)
{
    (void)state;
    struct transcript *t = full_transcript();
    struct event e = event_init(EVENT_MESSAGE, PARTY_COMPANY);
    char text[] = "bad \xFF byte, \x1B[31mred\x1B[0m";

    append_full_events(t);
    assert_int_equal(t->count, 4);
    assert_int_equal(t->events[2].t_us, 1500000);
    assert_string_equal(t->events[1].fields[1].name, "Name (2)");
    assert_int_equal(transcript_family(t, "chat"), FAMILY_CHAT);
    assert_int_equal(transcript_family(t, "fax"), FAMILY_COUNT);
    assert_int_equal(transcript_family(t, NULL), FAMILY_COUNT);

    e.text = text;
    const struct event *kept = transcript_append(t, &e);

    memset(text, 'x', sizeof text - 1);          /* it is a copy */
    assert_int_equal(kept->seq, 4);
    assert_string_equal(kept->text, "bad \xEF\xBF\xBD byte, [31mred[0m");
    transcript_free(t);
}

static void test_long_text_is_cut_between_characters(void **state)
{
    (void)state;
    struct transcript *t = transcript_new();
    struct buf b = BUF_INIT(2 * EVENT_TEXT_MAX_BYTES);
    struct event e = event_init(EVENT_MESSAGE, PARTY_COMPANY);

    buf_addc(&b, 'a');
    while (b.len < EVENT_TEXT_MAX_BYTES + 100)
        buf_adds(&b, "é");
    e.text = b.ptr;
    const struct event *kept = transcript_append(t, &e);

    assert_int_equal(strlen(kept->text), EVENT_TEXT_MAX_BYTES - 1);
    assert_true(text_is_valid(slice_str(kept->text)));
    buf_release(&b);
    transcript_free(t);
}

static void test_round_trip(void **state)
{
    (void)state;
    struct transcript *t = full_transcript(), *back = NULL;
    struct diags diags;

    append_full_events(t);
    diags_init(&diags);

    char *first = written(t);

    assert_int_equal(transcript_parse("t.jsonl", slice_str(first), &diags, &back), ST_OK);
    assert_int_equal(diags.count, 0);
    assert_int_equal(back->count, t->count);
    assert_int_equal(back->events[3].wait_us, 500000);
    assert_int_equal(back->events[2].timings.tls_us, DURATION_UNKNOWN);
    assert_int_equal(back->promises[FAMILY_EMAIL].next_reply, DURATION_UNKNOWN);
    assert_true(back->bar_score == 72.5);

    char *second = written(back);

    assert_string_equal(first, second);
    free(first);
    free(second);
    transcript_free(t);
    transcript_free(back);
    diags_release(&diags);
}

static void test_header_line(void **state)
{
    (void)state;
    struct transcript *t = full_transcript();
    char *text = written(t);

    assert_string_equal(text,
        "{\"transcript\":1,\"journey\":\"Kettle\",\"file\":\"kettle.journey.yaml\",\"line\":3,"
        "\"language\":\"en\",\"customer\":{\"name\":\"Maya\",\"email\":\"maya@shopper.test\","
        "\"knows\":{\"order_number\":\"A-1\",\"city\":\"Köln\"}},"
        "\"company\":{\"name\":\"Kettle & Co\",\"promises\":{\"email\":"
        "{\"first_reply_us\":7200000000,\"acknowledgement_us\":900000000}}},"
        "\"channels\":{\"contact\":{\"type\":\"form\",\"family\":\"form\"},"
        "\"chat\":{\"type\":\"chat\",\"family\":\"chat\"}},"
        "\"goal\":{\"solved\":\"refund (?:is|was) approved\"},"
        "\"bar\":{\"score\":72.5,\"never\":[\"dead_end\"]},\"tags\":[\"nightly\",\"de\"],"
        "\"steps\":[{\"line\":20,\"verb\":\"fill\",\"name\":\"fill contact\","
        "\"channel\":\"contact\"},{\"line\":26,\"verb\":\"pause\",\"name\":\"pause 1s\"}],"
        "\"started\":\"2024-05-01T10:00:00Z\"}\n");
    free(text);
    transcript_free(t);
}

#define HEAD "{\"transcript\":1,\"journey\":\"x\",\"steps\":[{\"verb\":\"say\"}]}\n"
#define EV "\"t_us\":0,\"from\":\"company\",\"kind\":\"note\""

static const struct row {
    const char *name, *text;
    const char *error;            /* NULL: reads well */
} rows[] = {
    { "header alone", HEAD, NULL },
    { "unknown members, byte order mark, CRLF, blank lines",
      "\xEF\xBB\xBF{\"transcript\":1,\"x\":[1]}\r\n\r\n{\"seq\":0," EV ",\"y\":{}}\r\n\n", NULL },
    { "null is missing", HEAD "{\"seq\":0," EV ",\"channel\":null,\"wait_us\":null}\n", NULL },
    { "whole number written as a real",
      HEAD "{\"seq\":0,\"t_us\":5.0,\"from\":\"company\",\"kind\":\"note\"}", NULL },
    { "NUL in a text", HEAD "{\"seq\":0," EV ",\"text\":\"a\\u0000b\"}", NULL },
    { "empty", "", "t: empty; expected a transcript, one JSON object a line" },
    { "blank", "\n\n  \n", "t: empty; expected a transcript, one JSON object a line" },
    { "no header", "{\"seq\":0}\n", "t:1: not a transcript; expected a first line such as "
      "{\"transcript\":1,\"journey\":\"…\"}" },
    { "future version", "{\"transcript\":2}\n",
      "t:1: transcript: version 2; this program reads version 1" },
    { "not JSON", HEAD "nonsense", "t:2: not JSON (column 8): '[' or '{' expected near 'nonsense'" },
    { "a list", HEAD "[1]", "t:2: expected an object" },
    { "no from", HEAD "{\"seq\":0,\"t_us\":0,\"kind\":\"note\"}",
      "t:2: from: missing; expected one of customer, company, harness" },
    { "kind misspelt", HEAD "{\"seq\":0,\"t_us\":0,\"from\":\"company\",\"kind\":\"mesage\"}",
      "t:2: kind: unknown \"mesage\"; did you mean \"message\"?" },
    { "no seq", HEAD "{" EV "}", "t:2: seq: missing; expected a whole number" },
    { "seq twice", HEAD "{\"seq\":0," EV "}\n{\"seq\":0," EV "}",
      "t:3: seq: 0 was there already; expected 1" },
    { "seq gap", HEAD "{\"seq\":4," EV "}", "t:2: seq: 4 leaves a gap; expected 0" },
    { "member twice", HEAD "{\"seq\":0,\"seq\":0," EV "}",
      "t:2: not JSON (column 14): duplicate object key near '\"seq\"'" },
    { "text is a number", HEAD "{\"seq\":0," EV ",\"text\":5}",
      "t:2: text: expected text, found a whole number" },
    { "message without text",
      HEAD "{\"seq\":0,\"t_us\":0,\"from\":\"company\",\"kind\":\"message\"}",
      "t:2: text: missing; expected text" },
    { "time below zero", HEAD "{\"seq\":0,\"t_us\":-1,\"from\":\"company\",\"kind\":\"note\"}",
      "t:2: t_us: -1 is out of range; expected 0 to 3162240000000000" },
    { "answers the future", HEAD "{\"seq\":0," EV ",\"reply_to\":3}",
      "t:2: reply_to: 3 is out of range; expected -1 to -1" },
    { "no such step", HEAD "{\"seq\":0," EV ",\"step\":1}",
      "t:2: step: 1 is out of range; expected -1 to 0" },
    { "wrong type deep inside", "{\"transcript\":1,\"customer\":{\"knows\":{\"zip\":90402}}}",
      "t:1: customer.knows.zip: expected text, found a whole number" },
    { "channel is text", "{\"transcript\":1,\"channels\":{\"chat\":\"chat\"}}",
      "t:1: channels.chat: expected an object, found text" },
    { "step is a number", "{\"transcript\":1,\"steps\":[{},7]}",
      "t:1: steps[1]: expected an object, found a whole number" },
};

static void check_row(void **state)
{
    const struct row *r = *state;
    struct transcript *t = NULL;
    struct diags diags;

    diags_init(&diags);
    enum status st = transcript_parse("t", slice_str(r->text), &diags, &t);

    if (r->error) {
        assert_int_equal(st, ST_INVALID);
        assert_null(t);
        assert_true(diags.count > 0);
        assert_string_equal(diags.items[0].what, r->error);
    } else {
        assert_int_equal(st, ST_OK);
        assert_non_null(t);
    }
    transcript_free(t);
    diags_release(&diags);
}

static void test_time_goes_back(void **state)
{
    (void)state;
    const char *text = HEAD
        "{\"seq\":0,\"t_us\":9,\"from\":\"company\",\"kind\":\"note\"}\n"
        "{\"seq\":1,\"t_us\":5,\"from\":\"company\",\"kind\":\"note\"}\n";
    struct transcript *t = NULL;
    struct diags diags;

    diags_init(&diags);
    assert_int_equal(transcript_parse("t", slice_str(text), &diags, &t), ST_OK);
    assert_int_equal(t->events[1].t_us, 9);
    assert_int_equal(diags.count, 1);
    assert_string_equal(diags.items[0].what,
                        "t:3: t_us: 5 is earlier than the event before it; taken as 9");
    transcript_free(t);
    diags_release(&diags);
}

/* Every cut of a good file ends in an error or a shorter transcript, never in a crash. */
static void test_every_prefix(void **state)
{
    (void)state;
    struct transcript *t = full_transcript();

    append_full_events(t);
    char *text = written(t);
    size_t len = strlen(text);

    for (size_t n = 0; n < len; n++) {
        struct transcript *back = NULL;
        struct diags diags;

        diags_init(&diags);
        enum status st = transcript_parse("t", (struct slice){ text, n }, &diags, &back);

        assert_true((st == ST_OK) == (diags.errors == 0));
        transcript_free(back);
        diags_release(&diags);
    }
    free(text);
    transcript_free(t);
}

int main(void)
{
    const struct CMUnitTest plain[] = {
        cmocka_unit_test(test_append),
        cmocka_unit_test(test_long_text_is_cut_between_characters),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_header_line),
        cmocka_unit_test(test_time_goes_back),
        cmocka_unit_test(test_every_prefix),
    };
    struct CMUnitTest tests[ARRAY_LEN(rows)];

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[i] = (struct CMUnitTest){ .name = rows[i].name, .test_func = check_row,
                                        .initial_state = (void *)(uintptr_t)&rows[i] };

    int failed = cmocka_run_group_tests_name("transcript", plain, NULL, NULL);

    return failed + cmocka_run_group_tests_name("transcript text", tests, NULL, NULL);
}
