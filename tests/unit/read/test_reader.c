#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/load/load.h"
#include "harness/model/finding.h"
#include "tests/unit/read/packs.h"

/* What is read in one English message: "kind", "kind:slot" or "kind=value", in order of the text;
 * language marks are left out. "K " before the text: the customer says it. */
static const struct row {
    const char *text, *marks;
} rows[] = {
    /* questions */
    { "What is your order number?", "asks:order_number" },
    { "Could you please give me your order number and your postcode?",
      "asks:order_number asks:postcode" },
    { "Please provide your full name, phone number and email.", "asks:name asks:phone asks:email" },
    { "Order number?", "asks:order_number" },
    { "Your e-mail:", "asks:email" },
    { "Who am I speaking to?", "asks:name" },
    { "For how many people?", "asks:number_of_people" },
    { "What\xE2\x80\x99s your postcode?", "asks:postcode" },
    { "I need your account number to look this up.", "asks:account_number" },
    { "May I have the hoof width, please?", "asks:hoof_width" },
    { "Where is your favourite mountain?", "asks=favourite mountain" },
    { "Your order number is A-10442, correct?", "informs reads_back:order_number asks_to_confirm:order_number" },
    { "So A-10442. Is that right?", "reads_back:order_number asks_to_confirm" },
    { "We have sent it to your email address.", "" },
    { "If you do not have your order number, that is fine.", "" },
    { "Is there anything else I can help you with?", "anything_else" },
    { "How can I help you?", "anything_else" },
    /* receipts */
    { "We have received your message.", "acknowledges" },
    { "We have not received your message.", "" },
    { "Once we have received your message, things go on.", "" },
    { "Your reference number is KC-4711.", "gives_reference=KC-4711" },
    { "[Ticket#20931]", "gives_reference=20931" },
    { "Your ticket has been opened.", "acknowledges informs" },
    { "We will reply within two working days.", "promises_time" },
    { "We will reply as soon as possible.", "" },
    { "Please reply within 2 days if you want to cancel.", "" },
    { "This took 3 hours.", "" },
    /* solutions and feelings */
    { "Your refund has been approved.", "informs solves" },
    { "If your refund is approved, you get a mail.", "" },
    { "Your refund has not been approved.", "refuses" },
    { "I am really sorry about that.", "apologises" },
    { "We are sorry for any inconvenience.", "apologises" },
    { "I'm sorry, I did not understand that.", "not_understood" },
    { "Hello Maya, nice to meet you.", "greets" },
    { "Hello everybody.", "" },
    { "As a goodwill gesture you get a voucher for the inconvenience.", "compensates" },
    /* elsewhere */
    { "Please call us on +49 30 5550100.", "pushes_elsewhere:phone" },
    { "We will call you tomorrow.", "promises_time" },
    { "Please do not reply to this email.", "no_reply" },
    { "I am handing you over to a colleague.", "hands_over" },
    { "This chat has been closed.", "closes" },
    { "Stop wasting my time.", "rude" },
    /* quotes of older mails are not read */
    { "Thanks.\n> What is your order number?", "" },
    { "Thanks.\nOn Monday, 3 June 2024 at 10:01, Maya wrote:\nWhat is your order number?", "" },
    /* a line a mail program broke */
    { "Before I can look into this any further I need one more thing: your\norder number, please.",
      "asks:order_number" },
    /* the customer */
    { "K My order number is A-10442.", "tells:order_number tells:order_number" },
    { "K I don't know.", "unsure" },
    { "K Can I talk to a person?", "wants_human" },
    { "K Let us make it another day instead.", "changes_mind:date" },
    { "K Thanks a lot!", "thanks" },
    { "K It is 27 cm.", "tells:hoof_width" },
};

static struct transcript *transcript_of(const char *text)
{
    static struct named_text knows[] = {
        { "order_number", "A-10442" }, { "hoof_width", "27 cm" },
    };
    struct transcript *t = transcript_new();
    bool customer = text[0] == 'K' && text[1] == ' ';
    struct event e = customer ? event_init(EVENT_SENT, PARTY_CUSTOMER)
                              : event_init(EVENT_MESSAGE, PARTY_COMPANY);

    t->language = "en";
    t->customer_name = "Maya Lindqvist";
    t->knows = knows;
    t->know_count = ARRAY_LEN(knows);
    e.text = text + (customer ? 2 : 0);
    transcript_append(t, &e);
    return t;
}

static void print_marks(const struct marks *m, struct buf *out)
{
    for (size_t i = 0; i < m->count; i++) {
        const struct mark *k = &m->items[i];

        if (k->kind == MARK_LANGUAGE || k->confidence < CONFIDENCE_COUNTS)
            continue;
        buf_addf(out, "%s%s", out->len ? " " : "", mark_name(k->kind));
        if (k->slot)
            buf_addf(out, ":%s", k->slot);
        else if (k->value && (k->kind == MARK_ASKS || k->kind == MARK_REFERENCE))
            buf_addf(out, "=%s", k->value);
    }
}

static void check_row(void **state)
{
    const struct row *r = *state;
    struct transcript *t = transcript_of(r->text);
    struct arena *a = arena_new();
    struct marks m = { 0 };
    struct buf got = BUF_INIT(4096);

    reader_read(packs_reader(), t, 0, a, &m);
    for (size_t i = 0; i < m.count; i++) {
        assert_true(m.items[i].start <= m.items[i].end);
        assert_true(m.items[i].end <= strlen(t->events[0].text));
        assert_non_null(m.items[i].rule);
    }
    print_marks(&m, &got);
    assert_string_equal(got.ptr, r->marks);
    buf_release(&got);
    arena_free(a);
    transcript_free(t);
}

/* Times */

static const struct time_row {
    const char *text;
    int64_t us;                   /* 0: no promise */
} times[] = {
    { "We will answer within 24 hours.", 24 * INT64_C(3600000000) },
    { "We will answer within 4 seconds.", 4 * US_PER_S },
    { "You will get a reply in one to two business days.", 48 * INT64_C(3600000000) },
    { "You will get a reply in 1-2 days.", 48 * INT64_C(3600000000) },
    { "Our average response time is 90 minutes.", 90 * INT64_C(60000000) },
    { "We will get back to you in half an hour.", 30 * INT64_C(60000000) },
    { "We will get back to you by tomorrow.", 36 * INT64_C(3600000000) },
    { "We will get back to you soon.", 0 },
    { "We are open 24 hours.", 0 },
    { "We have been answering letters for 20 years.", 0 },
};

static void check_time(void **state)
{
    const struct time_row *r = *state;
    struct transcript *t = transcript_of(r->text);
    struct arena *a = arena_new();
    struct marks m = { 0 };
    int64_t us = 0;

    reader_read(packs_reader(), t, 0, a, &m);
    for (size_t i = 0; i < m.count; i++)
        if (m.items[i].kind == MARK_PROMISES)
            us = m.items[i].within_us;
    assert_int_equal(us, r->us);
    arena_free(a);
    transcript_free(t);
}

static void test_phrases(void **state)
{
    struct arena *a = arena_new();
    const struct reader *r = packs_reader();
    const struct named_text values[] = { { "slot", "order number" }, { "value", "A-1" } };
    const struct named_text none[] = { { "slot", "" }, { "value", "" } };

    (void)state;
    for (uint64_t seed = 0; seed < 20; seed++) {
        const char *give = reader_phrase(r, "en", "give", seed, values, 2, a);
        const char *unknown = reader_phrase(r, "en", "unknown", seed, none, 2, a);

        assert_non_null(strstr(give, "A-1"));
        assert_null(strchr(give, '{'));
        assert_non_null(unknown);                /* a variant without a value */
        assert_null(strchr(unknown, '{'));
    }
    assert_null(reader_phrase(r, "en", "no such occasion", 0, values, 2, a));
    assert_non_null(reader_phrase(r, "xx", "give", 0, values, 2, a));
    assert_string_equal(reader_slot_words(r, "en", "order_number", a), "order number");
    assert_string_equal(reader_slot_words(r, "en", "hoof_width", a), "hoof width");
    arena_free(a);
}

static void test_fields(void **state)
{
    struct transcript *t = transcript_of("K Order no.: A-10442");
    struct named_text fields[] = { { "Your postcode *", "90402" }, { "Subject", "" } };
    struct arena *a = arena_new();
    struct marks m = { 0 };
    bool found = false;

    (void)state;
    t->events[0].fields = fields;
    t->events[0].field_count = ARRAY_LEN(fields);
    reader_read(packs_reader(), t, 0, a, &m);
    for (size_t i = 0; i < m.count; i++)
        found |= m.items[i].kind == MARK_TELLS && !strcmp(m.items[i].slot, "postcode") &&
                 !strcmp(m.items[i].value, "90402");
    assert_true(found);
    arena_free(a);
    transcript_free(t);
}

/* Hostile text neither crashes nor takes long; marks stay within caps and bounds. */
static void test_hostile(void **state)
{
    static const char *const pieces[] = {
        "your order number ", "please ", "((((", "a", " ", "\xC2\xA0", "what is your ", "?",
        "1-2 days ", "\xF0\x9F\x98\x80", "\xEE\x80\x80", "order number and order number ", "\n>",
        "https://a.example/?q=1&b=2 ",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(pieces); i++) {
        struct buf text = BUF_INIT(1 << 20);
        struct arena *a = arena_new();
        struct marks m = { 0 };

        while (text.len < 200000)
            buf_adds(&text, pieces[i]);

        struct transcript *t = transcript_of(text.ptr);

        reader_read(packs_reader(), t, 0, a, &m);
        assert_true(m.count <= 300);
        for (size_t k = 0; k < m.count; k++)
            assert_true(m.items[k].end <= text.len);
        transcript_free(t);
        arena_free(a);
        buf_release(&text);
    }
}

/* A pack that does not compile is refused with everything that is wrong in it. */
static void test_bad_pack(void **state)
{
    static const char yaml[] =
        "language: xx\ntitle: Test\nslots:\n  a: {words: [a], is_a: nothing}\n"
        "marks:\n  acknowledge: {patterns: [x]}\n"
        "  asks: {rules: [{match: '{slot}*+?+'}]}\n";
    struct arena *a = arena_new();
    struct regex_list regexes = { 0 };
    struct sources sources = { 0 };
    struct diags diags;
    struct lexicon l = { 0 };
    struct reader *r = reader_new();

    (void)state;
    diags_init(&diags);
    if (load_object_text("xx.yaml", SLICE_LIT(yaml), &lexicon_object, a, &regexes, &sources,
                         &diags, &l) == ST_OK)
        assert_int_equal(reader_add(r, &l, &diags), ST_INVALID);
    assert_true(diags.errors >= 1);
    reader_free(r);
    diags_release(&diags);
    regex_list_release(&regexes);
    sources_release(&sources);
    arena_free(a);
}

enum { NAME_BYTES = 64 };

static const char *one_line(char name[NAME_BYTES], const char *text)
{
    snprintf(name, NAME_BYTES, "%s", text);
    for (char *c = name; *c; c++)
        if (*c == '\n')
            *c = ' ';
    return name;
}

static int teardown(void **state)
{
    (void)state;
    packs_free();
    return 0;
}

int main(void)
{
    static const struct CMUnitTest others[] = {
        cmocka_unit_test(test_phrases), cmocka_unit_test(test_fields),
        cmocka_unit_test(test_hostile), cmocka_unit_test(test_bad_pack),
    };
    enum { ROWS = ARRAY_LEN(rows), TIMES = ARRAY_LEN(times), OTHERS = ARRAY_LEN(others) };
    struct CMUnitTest tests[ROWS + TIMES + OTHERS];
    static char names[ROWS][NAME_BYTES];

    for (size_t i = 0; i < ROWS; i++)
        tests[i] = (struct CMUnitTest){ .name = one_line(names[i], rows[i].text), .test_func = check_row,
                                        .initial_state = (void *)(uintptr_t)&rows[i] };
    for (size_t i = 0; i < TIMES; i++)
        tests[ROWS + i] = (struct CMUnitTest){ .name = times[i].text, .test_func = check_time,
                                               .initial_state = (void *)(uintptr_t)&times[i] };
    memcpy(tests + ROWS + TIMES, others, sizeof others);
    return cmocka_run_group_tests_name("reader", tests, NULL, teardown);
}
