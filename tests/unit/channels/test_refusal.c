/* A form that came back: does the page complain, or thank? Without any class or role to tell. */
#include "tests/unit/support/cmocka.h"

#include <string.h>

#include "harness/channels/refusal.h"
#include "tests/unit/channels/all_packs.h"

#define FORM "<form><label>Name <input name=n></label><p>Please enter what we should know.</p></form>"

/* With FORM in it the form came back; else another page answered. */
static const struct row {
    const char *name, *answer, *want;
} rows[] = {
    { "en: complaint", "<h1>Contact</h1><p>Please correct the following:</p><p>Email is required.</p>" FORM,
      "Please correct the following:\nEmail is required." },
    { "en: nothing new", "<h1>Contact</h1>" FORM,
      "" },
    { "hidden complaint", "<p style='display: none'>Email is required.</p>" FORM,
      "" },
    { "en: must", "<p>Your message must be at least 20 characters.</p>" FORM,
      "Your message must be at least 20 characters." },
    { "en: blank", "<p>Name can't be blank</p>" FORM,
      "Name can't be blank" },
    { "en: oops", "<p>Oops! We could not send your message. Please try again later.</p>" FORM,
      "Oops! We could not send your message. Please try again later." },
    { "en: taken", "<p>That username is already taken.</p>" FORM,
      "That username is already taken." },
    { "en: two errors", "<p>There were 2 problems with your submission</p>" FORM,
      "There were 2 problems with your submission" },
    { "en: wrong password", "<p>The password you entered is incorrect.</p>" FORM,
      "The password you entered is incorrect." },
    { "en: format", "<p>That doesn't look like an e-mail address.</p>" FORM,
      "That doesn't look like an e-mail address." },
    { "en: enter", "<p>Enter your order number</p>" FORM,
      "Enter your order number" },
    { "en: session", "<p>Your session has expired.</p>" FORM,
      "Your session has expired." },
    { "en: select", "<p>You have to select a topic.</p>" FORM,
      "You have to select a topic." },
    { "en: thanks", "<p>Thank you, your message has been sent.</p>" FORM,
      "" },
    { "en: thanks with a warning", "<p>Thank you! We have received it without errors.</p>" FORM,
      "" },
    { "en: thanks and advice",
      "<p>Thanks for writing. If there is a problem with your order, please enter its number above.</p>" FORM,
      "" },
    { "en: inbox", "<p>Your account has been created. Please check your inbox.</p>" FORM,
      "" },
    { "en: thanks, but", "<h1>Thank you</h1><p>Your message was not sent.</p>" FORM,
      "Your message was not sent." },
    { "en: reply", "<p>We will reply within two working days.</p>" FORM,
      "" },
    { "en: other page, error", "<p>Error: please type your name.</p>",
      "Error: please type your name." },
    { "en: other page, not sent", "<p>Sorry, your request could not be processed.</p>",
      "Sorry, your request could not be processed." },
    { "en: other page, thanks", "<p>Thank you. Your request was received.</p>",
      "" },
    { "en: other page, next one", "<p>Please enter your address.</p>",
      "" },
    { "en: other page, conditions", "<p>If your message was not sent, call us.</p>",
      "" },
    { "de: complaint", "<p>Bitte füllen Sie das Feld Name aus.</p>" FORM,
      "Bitte füllen Sie das Feld Name aus." },
    { "de: shouted", "<p>FEHLER: Die E-Mail-Adresse ist UNGÜLTIG</p>" FORM,
      "FEHLER: Die E-Mail-Adresse ist UNGÜLTIG" },
    { "de: valid", "<p>Bitte geben Sie eine gültige E-Mail-Adresse ein.</p>" FORM,
      "Bitte geben Sie eine gültige E-Mail-Adresse ein." },
    { "de: missing", "<p>Ihre Telefonnummer fehlt.</p>" FORM,
      "Ihre Telefonnummer fehlt." },
    { "de: not sent", "<p>Ihre Nachricht konnte leider nicht gesendet werden.</p>" FORM,
      "Ihre Nachricht konnte leider nicht gesendet werden." },
    { "de: too short", "<p>Das Passwort ist zu kurz.</p>" FORM,
      "Das Passwort ist zu kurz." },
    { "de: taken", "<p>Dieser Benutzername ist bereits vergeben.</p>" FORM,
      "Dieser Benutzername ist bereits vergeben." },
    { "de: familiar", "<p>Gib bitte deinen Namen an.</p>" FORM,
      "Gib bitte deinen Namen an." },
    { "de: empty", "<p>Das Feld darf nicht leer sein.</p>" FORM,
      "Das Feld darf nicht leer sein." },
    { "de: thanks", "<p>Vielen Dank. Ihre Nachricht wurde gesendet.</p>" FORM,
      "" },
    { "de: received", "<p>Ihre Anfrage ist bei uns eingegangen. Wir melden uns.</p>" FORM,
      "" },
    { "de: condition", "<p>Danke! Sollten Sie keine Antwort erhalten, prüfen Sie bitte Ihren Spam-Ordner.</p>" FORM,
      "" },
    { "de: other page", "<p>Fehler: Ihre Anfrage wurde nicht übermittelt.</p>",
      "Fehler: Ihre Anfrage wurde nicht übermittelt." },
    { "de: other page, thanks", "<p>Vielen Dank für Ihre Anfrage!</p>",
      "" },
    { "fr: complaint", "<p>Veuillez saisir votre nom.</p>" FORM,
      "Veuillez saisir votre nom." },
    { "fr: complaint at a field", "<p>Le champ e-mail est obligatoire</p>" FORM,
      "Le champ e-mail est obligatoire" },
    { "fr: not valid", "<p>L'adresse n'est pas valide.</p>" FORM,
      "L'adresse n'est pas valide." },
    { "fr: not sent", "<p>Votre message n'a pas pu être envoyé.</p>" FORM,
      "Votre message n'a pas pu être envoyé." },
    { "fr: politely", "<p>Merci de renseigner votre nom.</p>" FORM,
      "Merci de renseigner votre nom." },
    { "fr: errors", "<p>Le formulaire contient 2 erreurs</p>" FORM,
      "Le formulaire contient 2 erreurs" },
    { "fr: too short", "<p>Votre message est trop court.</p>" FORM,
      "Votre message est trop court." },
    { "fr: taken", "<p>Cet identifiant est déjà utilisé.</p>" FORM,
      "Cet identifiant est déjà utilisé." },
    { "fr: thanks", "<p>Merci, votre message a bien été envoyé.</p>" FORM,
      "" },
    { "fr: recorded", "<p>Votre demande est enregistrée. Nous vous répondrons sous 48 heures.</p>" FORM,
      "" },
    { "fr: wait", "<p>Merci ! Veuillez patienter.</p>" FORM,
      "" },
    { "fr: other page", "<p>Erreur : votre demande n'a pas été envoyée.</p>",
      "Erreur : votre demande n'a pas été envoyée." },
    { "fa: complaint", "<p>وارد کردن نام الزامی است.</p>" FORM,
      "وارد کردن نام الزامی است." },
    { "fa: Arabic letters", "<p>ايميل نامعتبر است</p>" FORM,
      "ايميل نامعتبر است" },
    { "fa: enter", "<p>لطفاً نام خود را وارد کنید.</p>" FORM,
      "لطفاً نام خود را وارد کنید." },
    { "fa: not valid", "<p>نشانی ایمیل معتبر نمی‌باشد.</p>" FORM,
      "نشانی ایمیل معتبر نمی‌باشد." },
    { "fa: not sent", "<p>متأسفانه پیام شما ارسال نشد.</p>" FORM,
      "متأسفانه پیام شما ارسال نشد." },
    { "fa: again", "<p>خطایی رخ داده است، دوباره تلاش کنید.</p>" FORM,
      "خطایی رخ داده است، دوباره تلاش کنید." },
    { "fa: empty", "<p>فیلد نام نباید خالی باشد.</p>" FORM,
      "فیلد نام نباید خالی باشد." },
    { "fa: thanks", "<p>پیام شما با موفقیت ارسال شد.</p>" FORM,
      "" },
    { "fa: number", "<p>درخواست شما ثبت شد. کد پیگیری: ۱۲۳۴۵</p>" FORM,
      "" },
    { "fa: condition", "<p>سپاس. در صورت بروز مشکل با ما تماس بگیرید.</p>" FORM,
      "" },
    { "fa: other page", "<p>خطا: درخواست شما ثبت نشد.</p>",
      "خطا: درخواست شما ثبت نشد." },
};

static void check(void **state)
{
    const struct row *r = *state;
    struct lexicons packs = all_packs();
    struct page *before = page_parse(&packs, "http://a.test/", NULL,
                                     SLICE_LIT("<meta charset=utf-8><h1>Contact</h1>" FORM));
    struct page *answer = page_parse(&packs, "http://a.test/", "text/html; charset=utf-8", slice_str(r->answer));
    CLEANUP(buf_release) struct buf got = BUF_INIT(4096);

    refusal_words(&packs, before, answer, strstr(r->answer, FORM), &got);
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
    int failed = _cmocka_run_group_tests("refusal", tests, ARRAY_LEN(rows), NULL, NULL);

    all_packs_free();
    return failed;
}
