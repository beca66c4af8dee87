/* Does an answer speak of what the customer wrote? A table of questions and answers, four languages. */
#include <string.h>

#include "harness/channels/mail_echo.h"
#include "tests/unit/read/packs.h"
#include "tests/unit/support/cmocka.h"

static const struct row {
    const char *name, *asked, *answer;
    enum echo speaks;
    const char *evidence;         /* stands in it */
} rows[] = {
    { "stems", "Hello, my kettle is leaking since Monday. What can I do?",
      "Hi Maya, a leak like that comes from the seal. Kettles of that series get a new one.",
      ECHO_YES, "kettle" },
    { "number", "Where is my parcel? The order is A-10442.",
      "Dear Ms Lindqvist, A-10442 left our warehouse this morning.", ECHO_YES, "a-10442" },
    { "another matter", "My kettle is leaking at the lid. Can you repair it?",
      "Dear Ms Lindqvist, please find our current price list for garden furniture and parasols "
      "attached. We look forward to your visit in our showroom.", ECHO_NO, "none of kettle" },
    { "only a name", "My kettle is leaking at the lid. Can you repair it?",
      "Hello Maya, best wishes from Anna", ECHO_UNCLEAR, "none of" },
    { "polite words are none", "I have a question about your opening hours during the holidays.",
      "Thank you for your question. We will look into the matter and come back to you with an "
      "answer on the subject; your satisfaction matters.", ECHO_UNCLEAR, "none of" },
    { "short answer", "Can the seal be replaced?", "Yes.", ECHO_UNCLEAR, "none of" },
    { "German compound", "Guten Tag, mein Wasserkocher tropft am Deckel.",
      "Hallo Frau Lindqvist, der Kocher ist bekannt dafür: Die Deckel tropfen nach zwei Jahren.",
      ECHO_YES, "wasserkocher" },
    { "German, another matter", "Guten Tag, mein Wasserkocher tropft am Deckel.",
      "Sehr geehrte Frau Lindqvist, Ihr Abonnement der Zeitschrift verlängert sich zum ersten "
      "Januar zum Vorzugspreis.", ECHO_NO, "wasserkocher" },
    { "French", "Bonjour, ma théière est arrivée fêlée, puis-je être remboursée ?",
      "Madame, nous vous remboursons la théière sous cinq jours.", ECHO_YES, "theiere" },
    { "French, another matter", "Bonjour, ma théière est arrivée fêlée, puis-je être remboursée ?",
      "Madame, votre abonnement à la piscine municipale prend fin en juin, pensez au certificat "
      "médical.", ECHO_NO, "theiere" },
    { "Persian", "سلام، کتری من از درپوش نشت می‌کند.",
      "خانم لیندکویست عزیز، درپوش کتری را برایتان عوض می‌کنیم.", ECHO_YES, "کتری" },
    { "Persian, another matter", "سلام، کتری من از درپوش نشت می‌کند.",
      "اشتراک مجلهٔ باغبانی شما پایان یافته و قیمت‌های تازه از بهار اعمال خواهد گردید.", ECHO_NO, "کتری" },
};

static void check_row(void **state)
{
    static const char *const names[] = { "Maya Lindqvist", "maya@shopper.test", "Anna Smith" };
    const struct row *r = *state;
    struct arena *a = arena_new();
    struct lexicons packs = reader_lexicons(packs_reader());
    struct mail_thread t = { .address = "maya@shopper.test", .partner = "help@kettle.test" };
    struct mail *m = mail_read(a, slice_str(arena_printf(a,
        "From: Anna Smith <help@kettle.test>\nContent-Type: text/plain; charset=utf-8\n\n%s\n",
        r->answer)));

    mail_thread_asked(a, &t, r->asked);

    struct mail_echo e = mail_echo(a, m, &t, &packs, names, ARRAY_LEN(names));

    if (e.speaks != r->speaks || !strstr(e.evidence, r->evidence))
        fail_msg("%s: %s (%s), expected %s (%s)", r->name, echo_names[e.speaks], e.evidence,
                 echo_names[r->speaks], r->evidence);
    arena_free(a);
}

static void test_quoted(void **state)
{
    struct arena *a = arena_new();
    struct mail_thread t = { .address = "maya@shopper.test", .partner = "help@kettle.test" };
    struct mail *m = mail_read(a, slice_str("From: help@kettle.test\n\nNew seal.\n\n> Hi,\n"
                                            "> my kettle has been leaking since Monday\n"));
    struct mail *other = mail_read(a, slice_str("From: help@kettle.test\n\nNew seal.\n"));

    (void)state;
    mail_thread_said(a, &t, "Hi,\nmy kettle has been leaking since Monday");
    assert_non_null(mail_echo(a, m, &t, NULL, NULL, 0).quoted);
    assert_null(mail_echo(a, other, &t, NULL, NULL, 0).quoted);
    arena_free(a);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows) + 1];

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[i] = (struct CMUnitTest){ .name = rows[i].name, .test_func = check_row,
                                        .initial_state = (void *)(intptr_t)&rows[i] };
    tests[ARRAY_LEN(rows)] = (struct CMUnitTest)cmocka_unit_test(test_quoted);

    int failed = cmocka_run_group_tests_name("mail echo", tests, NULL, NULL);

    packs_free();
    return failed;
}
