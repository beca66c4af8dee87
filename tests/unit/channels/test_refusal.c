/* A form that came back: does the page complain, or thank? Without any class or role to tell. */
#include "tests/unit/support/cmocka.h"

#include "harness/channels/refusal.h"

#define FORM "<form><label>Name <input name=n></label><p>Please enter what we should know.</p></form>"

static const struct row {
    const char *name, *answer, *want;
} rows[] = {
    { "en: complaint", "<h1>Contact</h1><p>Please correct the following:</p><p>Email is required.</p>" FORM,
      "Please correct the following:\nEmail is required." },
    { "en: thanks", "<h1>Contact</h1><p>Thank you, your message has been sent.</p>" FORM, "" },
    { "en: thanks with a warning", "<p>Thank you! We have received it without errors.</p>" FORM, "" },
    { "en: nothing new", "<h1>Contact</h1>" FORM, "" },
    { "de: complaint", "<p>Bitte füllen Sie das Feld Name aus.</p>" FORM,
      "Bitte füllen Sie das Feld Name aus." },
    { "de: shouted", "<p>FEHLER: Die E-Mail-Adresse ist UNGÜLTIG</p>" FORM,
      "FEHLER: Die E-Mail-Adresse ist UNGÜLTIG" },
    { "de: thanks", "<p>Vielen Dank. Ihre Nachricht wurde gesendet.</p>" FORM, "" },
    { "fr: complaint", "<p>Veuillez saisir votre nom.</p>" FORM, "Veuillez saisir votre nom." },
    { "fr: complaint at a field", "<p>Le champ e-mail est obligatoire</p>" FORM,
      "Le champ e-mail est obligatoire" },
    { "fr: thanks", "<p>Merci, votre message a bien été envoyé.</p>" FORM, "" },
    { "fa: complaint", "<p>وارد کردن نام الزامی است.</p>" FORM, "وارد کردن نام الزامی است." },
    { "fa: Arabic letters", "<p>ايميل نامعتبر است</p>" FORM, "ايميل نامعتبر است" },
    { "fa: thanks", "<p>پیام شما با موفقیت ارسال شد.</p>" FORM, "" },
    { "hidden complaint", "<p style='display: none'>Email is required.</p>" FORM, "" },
};

static void check(void **state)
{
    const struct row *r = *state;
    struct page *before = page_parse("http://a.test/", NULL, SLICE_LIT("<meta charset=utf-8><h1>Contact</h1>" FORM));
    struct page *answer = page_parse("http://a.test/", "text/html; charset=utf-8", slice_str(r->answer));
    CLEANUP(buf_release) struct buf got = BUF_INIT(4096);

    refusal_words(before, answer, &got);
    assert_string_equal(got.ptr, r->want);
    page_free(before);
    page_free(answer);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows)];

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[i] = (struct CMUnitTest){ .name = rows[i].name, .test_func = check,
                                        .initial_state = (void *)(uintptr_t)&rows[i] };
    return _cmocka_run_group_tests("refusal", tests, ARRAY_LEN(rows), NULL, NULL);
}
