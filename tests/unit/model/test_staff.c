/* Names of staff: where they are found, what is hidden, what stays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "harness/model/staff.h"

/* The customer is Maya Lindqvist, the company Kettle & Co. */
static const struct row {
    const char *in, *want;
} rows[] = {
    { "Hello, I am Keti. How can I help?", "Hello, I am [name]. How can I help?" },
    { "I'm Anna Berg and Anna looks into it. Anna's desk.",
      "I'm [name] and [name] looks into it. [name]'s desk." },
    { "Hi, this is Tom from support.", "Hi, this is [name] from support." },
    { "You are now chatting with Jonas.", "You are now chatting with [name]." },
    { "My colleague Jonas will call.", "My colleague [name] will call." },
    { "Agent: Priya", "Agent: [name]" },
    { "Priya has joined the chat", "[name] has joined the chat" },
    { "Lena from customer care here.", "[name] from customer care here." },
    { "It is sent.\n\nKind regards,\nAnna Berg\nKettle & Co",
      "It is sent.\n\nKind regards,\n[name]\nKettle & Co" },
    { "Best wishes\nDr. A. von Stein", "Best wishes\nDr. A. von [name]" },
    { "Ms Berg is out. BERG", "Ms [name] is out. [name]" },
    { "Ich bin Jürgen Müller. Müllers Antwort", "Ich bin [name]. [name] Antwort" },
    { "Meine Kollegin Frau Özdemir hilft.", "Meine Kollegin Frau [name] hilft." },
    { "Mit freundlichen Grüßen\nJana Vogt", "Mit freundlichen Grüßen\n[name]" },
    { "Je m'appelle Zoé.", "Je m'appelle [name]." },
    { "Ma collègue Chloé vous aide.", "Ma collègue [name] vous aide." },
    { "Cordialement,\nRené Dupont", "Cordialement,\n[name]" },
    { "خانم رضایی پاسخ می‌دهد.", "خانم [name] پاسخ می‌دهد." },
    { "من سارا هستم", "من [name] هستم" },
    { "I am Will. It will work, write to will.smith@kettle.test.",
      "I am [name]. It will work, write to [name].smith@kettle.test." },
    /* what stays */
    { "Dear Ms Lindqvist, Maya, your order.", "Dear Ms Lindqvist, Maya, your order." },
    { "Kind regards,\nYour Support Team", "Kind regards,\nYour Support Team" },
    { "Kind regards,\nKettle & Co", "Kind regards,\nKettle & Co" },
    { "I am sorry. I'm happy to help. I am Sorry.",
      "I am sorry. I'm happy to help. I am Sorry." },
    { "Berlin and Paris are cities.", "Berlin and Paris are cities." },
    { "Sehr geehrte Damen und Herren", "Sehr geehrte Damen und Herren" },
    { "من متاسف هستم", "من متاسف هستم" },
    { "", "" },
};

static struct journey_result *journey(const char *text)
{
    struct journey_result *jr = mem_zero(1, sizeof *jr);
    struct event e = event_init(EVENT_MESSAGE, PARTY_COMPANY);

    jr->transcript = transcript_new();
    jr->transcript->customer_name = "Maya Lindqvist";
    jr->transcript->company_name = "Kettle & Co";
    e.text = text;
    transcript_append(jr->transcript, &e);
    return jr;
}

static void check_row(void **state)
{
    const struct row *row = *state;
    struct journey_result *jr = journey(row->in);
    struct staff *s = staff_new();

    staff_hide(s, jr);
    assert_string_equal(jr->transcript->events[0].text, row->want);
    staff_free(s);
    journey_result_free(jr);
}

/* Marks point at the same words afterwards, and everything else of the journey is hidden too. */
static void test_everywhere(void **state)
{
    (void)state;
    struct journey_result *jr = journey("I am Anna. Order A-1, says Anna, today.");
    struct transcript *t = jr->transcript;
    struct judgement *j = jr->judgement = judgement_new();
    struct event e = event_init(EVENT_SENT, PARTY_CUSTOMER);
    struct mark marks[3] = { { .kind = MARK_REFERENCE, .seq = 0, .start = 17, .end = 20 },
                             { .kind = MARK_PROMISES, .seq = 0, .start = 33, .end = 38 },
                             { .kind = MARK_GREETS, .seq = 0, .start = 0, .end = 9 } };
    struct finding f = { .row = finding_row_find("slow_reply"), .say = "Anna took long.",
                         .why = "promised by Anna" };
    const char *reasons[] = { "chat: Anna was rude" };
    struct staff *s = staff_new();

    e.text = "Thanks, Anna!";
    transcript_append(t, &e);
    e = event_init(EVENT_MESSAGE, PARTY_COMPANY);
    e.sender = "Peter Falk <peter.falk@kettle.test>";
    e.subject = "From Anna";
    e.text = "Peter here.";
    transcript_append(t, &e);
    j->marks.items = marks;
    j->marks.count = 3;
    j->findings.items = &f;
    j->findings.count = 1;
    jr->reasons = reasons;
    jr->reason_count = 1;
    staff_hide(s, jr);

    const char *text = t->events[0].text;

    assert_string_equal(text, "I am [name]. Order A-1, says [name], today.");
    assert_memory_equal(text + marks[0].start, "A-1", 3);
    assert_int_equal(marks[0].end - marks[0].start, 3);
    assert_memory_equal(text + marks[1].start, "today", 5);
    assert_int_equal(marks[2].end, strlen("I am [name]"));
    assert_string_equal(t->events[1].text, "Thanks, [name]!");
    assert_string_equal(t->events[2].sender, "[name] <[name].[name]@kettle.test>");
    assert_string_equal(t->events[2].subject, "From [name]");
    assert_string_equal(t->events[2].text, "[name] here.");
    assert_string_equal(f.say, "[name] took long.");
    assert_string_equal(f.why, "promised by [name]");
    assert_string_equal(reasons[0], "chat: [name] was rude");
    staff_free(s);
    journey_result_free(jr);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows) + 1];

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[i] = (struct CMUnitTest){ .name = rows[i].in, .test_func = check_row,
                                        .initial_state = (void *)(uintptr_t)&rows[i] };
    tests[ARRAY_LEN(rows)] = (struct CMUnitTest)cmocka_unit_test(test_everywhere);
    return _cmocka_run_group_tests("staff", tests, ARRAY_LEN(tests), NULL, NULL);
}
