/* The door of the transcript: no secret gets in, in any member, in any form. */
#include "tests/unit/support/cmocka.h"

#include "harness/base/regex.h"
#include "harness/play/door.h"

static const struct row { const char *name, *secret, *text, *want; } rows[] = {
    { "plain", "s3cret!", "the password is s3cret!.", "the password is ***." },
    { "twice", "s3cret!", "s3cret!s3cret!", "******" },
    { "percent-encoded", "s3c/ret!", "imap://me:s3c%2Fret%21@host", "imap://me:***@host" },
    { "as a form writes it", "s3cret ~", "p=s3cret+%7E&q", "p=***&q" },
    { "in JSON", "s3\"cr\\et", "{\"p\":\"s3\\\"cr\\\\et\"}", "{\"p\":\"***\"}" },
    { "in HTML", "s3<cr&et", "<b>s3&lt;cr&amp;et</b>", "<b>***</b>" },
    { "too short to keep out", "abc", "abc", "abc" },
    { "absent", "s3cret!", "nothing here", "nothing here" },
    { "at the end", "s3cret!", "x=s3cret!", "x=***" },
};

static void check_row(void **state)
{
    const struct row *r = *state;
    struct transcript *t = transcript_new();
    struct arena *a = arena_new();
    struct event e = event_init(EVENT_MESSAGE, PARTY_COMPANY);
    struct named_text field = { "Password", r->text };
    struct door d;

    door_init(&d, a);
    door_keep_out(&d, r->secret);
    e.text = e.url = e.subject = e.sender = e.message_id = r->text;
    e.fields = &field;
    e.field_count = 1;

    const struct event *got = door_pass(&d, t, &e);

    assert_string_equal(got->text, r->want);
    assert_string_equal(got->url, r->want);
    assert_string_equal(got->subject, r->want);
    assert_string_equal(got->sender, r->want);
    assert_string_equal(got->message_id, r->want);
    assert_string_equal(got->fields[0].text, r->want);
    arena_free(a);
    transcript_free(t);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows)];

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[i] = (struct CMUnitTest){ .name = rows[i].name, .test_func = check_row,
                                        .initial_state = (void *)(uintptr_t)&rows[i] };
    return cmocka_run_group_tests_name("door", tests, NULL, NULL);
}
