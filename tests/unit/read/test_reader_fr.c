#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/read/packs.h"

/* What is read in one French message: "kind", "kind:slot" or "kind=value", in order of the text;
 * language marks are left out. "K " before the text: the customer says it. */
static const struct row {
    const char *text, *marks;
} rows[] = {
    /* questions: vous, tu, orders, labels */
    { "Quel est votre numéro de commande ?", "asks:order_number" },
    { "Quel est ton numéro de commande ?", "asks:order_number" },
    { "Pourriez-vous m'indiquer votre nom, votre code postal et l'adresse de livraison ?",
      "asks:name asks:postcode asks:address" },
    { "Pourriez-vous m\xE2\x80\x99indiquer votre nom et l\xE2\x80\x99" "adresse de livraison ?",
      "asks:name asks:address" },
    { "Peux-tu me donner ton adresse mail ?", "asks:email" },
    { "Merci de préciser votre date de naissance.", "asks:date_of_birth" },
    { "Veuillez saisir votre numéro de client.", "asks:customer_number" },
    { "Indiquez-nous votre numéro de suivi.", "asks:tracking_number" },
    { "Il me faudrait votre numéro de contrat.", "asks:customer_number" },
    { "J'ai besoin de votre numéro de facture pour continuer.", "asks:invoice_number" },
    { "Puis-je avoir votre code postal ?", "asks:postcode" },
    { "Avez-vous un numéro de dossier ?", "asks:reference_number" },
    { "N° de commande :", "asks:order_number" },
    { "n\xC2\xBA de commande ?", "asks:order_number" },
    { "Votre téléphone, s'il vous plaît", "asks:phone" },
    { "NUMERO DE TELEPHONE ?", "asks:phone" },
    { "Comment vous appelez-vous ?", "asks:name" },
    { "A quel nom ?", "asks:name" },
    { "Vous serez combien ?", "asks:number_of_people" },
    { "Pour quelle heure ?", "asks:time" },
    { "D'où partez-vous ?", "asks:origin" },
    { "Quand souhaitez-vous rentrer ?", "asks:return_date" },
    { "Pouvez-vous m'expliquer ce qui ne va pas avec l'appareil ?", "asks:reason" },
    { "Quelle est la largeur du sabot ?", "asks=largeur sabot" },
    { "Votre numéro de commande est bien A-10442 ?", "asks_to_confirm:order_number reads_back:order_number" },
    { "A-10442, c'est bien ça ?", "reads_back:order_number asks_to_confirm:order_number" },
    { "Voulez-vous reprendre cette adresse ?", "asks_to_confirm:address" },
    { "Nous avons envoyé la facture à votre adresse e-mail.", "" },
    { "Si vous n'avez pas votre numéro de commande, ce n'est pas grave.", "" },
    { "Puis-je faire autre chose pour vous ?", "anything_else" },
    { "Comment puis-je vous aider ?", "anything_else" },
    /* receipts */
    { "Nous avons bien reçu votre message.", "acknowledges" },
    { "Nous n'avons pas reçu votre message.", "" },
    { "Dès que nous aurons reçu votre colis, nous vous rembourserons.", "" },
    { "Merci de nous avoir contactés.", "acknowledges" },
    { "Votre ticket a été ouvert.", "informs acknowledges" },
    { "Votre numéro de dossier est KC-4711.", "gives_reference=KC-4711" },
    { "[Ticket#20931]", "gives_reference=20931" },
    { "Vous aurez une réponse au plus vite.", "" },
    { "Une réclamation a été ouverte.", "acknowledges" },
    { "Votre rendez-vous est pris.", "acknowledges" },
    { "Le départ du bus est prévu à midi.", "" },
    { "La réservation est ouverte à tous.", "" },
    { "Merci de répondre sous 2 jours si vous souhaitez annuler.", "" },
    /* solutions and feelings */
    { "Votre remboursement a été accepté.", "informs solves" },
    { "Si votre remboursement est accepté, vous aurez un e-mail.", "" },
    { "Votre demande de remboursement a été refusée.", "informs refuses" },
    { "Je suis vraiment désolée du retard.", "apologises" },
    { "Nous vous prions de nous excuser pour la gêne occasionnée.", "apologises" },
    { "Je n'ai pas bien saisi votre question.", "not_understood" },
    { "Pourriez-vous reformuler ?", "not_understood" },
    { "Bonjour Maya, ravi de vous lire.", "greets" },
    { "Bonjour à tous.", "" },
    { "En guise de geste commercial, vous recevrez un bon d'achat pour le désagrément.",
      "compensates" },
    { "Arrêtez de nous déranger.", "rude" },
    /* elsewhere */
    { "Veuillez nous appeler au +33 1 55 50 10 00.", "pushes_elsewhere:phone" },
    { "Un conseiller vous rappellera demain.", "hands_over promises_time" },
    { "Merci de ne pas répondre à ce courriel.", "no_reply" },
    { "Je vous transfère à un collègue.", "hands_over" },
    { "Cette conversation est terminée.", "closes" },
    { "Réessayez plus tard.", "refuses" },
    { "Ce service n'est pas disponible.", "refuses" },
    { "Je n'ai pas accès à cette information.", "refuses" },
    { "Ce restaurant n'est pas loin.", "" },
    { "Cette adresse n'est pas consultée.", "no_reply" },
    { "N'hésitez pas à nous écrire si vous avez d'autres questions.", "" },
    { "Je vais avoir besoin de votre numéro de commande.", "asks:order_number" },
    { "Avez-vous des souhaits, par exemple pour le prix ?", "" },
    /* quotes of older mails are not read */
    { "Merci.\nLe lundi 3 juin 2024 à 10:01, Maya a écrit :\nQuel est votre numéro de commande ?",
      "" },
    /* the customer */
    { "K Mon numéro de commande est A-10442.", "tells:order_number tells:order_number" },
    { "K Je ne sais pas.", "unsure" },
    { "K Je voudrais parler à un conseiller.", "wants_human" },
    { "K Plutôt un autre jour.", "changes_mind:date" },
    { "K Merci beaucoup !", "thanks" },
    { "K J'attends toujours une réponse.", "chases" },
    { "K On sera six.", "tells:number_of_people" },
    { "K Vendredi à 18h30", "tells:date tells:time" },
    { "K 12 rue des Tilleuls, 31000 Toulouse", "tells:address tells:postcode" },
};

static struct transcript *transcript_of(const char *text)
{
    static struct named_text knows[] = { { "order_number", "A-10442" } };
    struct transcript *t = transcript_new();
    bool customer = text[0] == 'K' && text[1] == ' ';
    struct event e = customer ? event_init(EVENT_SENT, PARTY_CUSTOMER)
                              : event_init(EVENT_MESSAGE, PARTY_COMPANY);

    t->language = "fr";
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

        if (k->kind == MARK_LANGUAGE)
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
    print_marks(&m, &got);
    assert_string_equal(got.ptr, r->marks);
    buf_release(&got);
    arena_free(a);
    transcript_free(t);
}

/* Times */

#define HOURS(n) ((n) * INT64_C(3600000000))

static const struct time_row {
    const char *text;
    int64_t us;                   /* 0: no promise */
} times[] = {
    { "Nous vous répondrons sous 48h.", HOURS(48) },
    { "Nous vous répondrons dans les 24 heures.", HOURS(24) },
    { "Vous recevrez une réponse sous deux jours ouvrés.", HOURS(48) },
    { "Vous recevrez une réponse d'ici 1 à 2 jours ouvrables.", HOURS(48) },
    { "Notre délai de réponse moyen est de 90 minutes.", HOURS(3) / 2 },
    { "Nous revenons vers vous dans une demi-heure.", HOURS(1) / 2 },
    { "Un conseiller vous contactera d'ici demain.", HOURS(36) },
    { "Votre colis arrivera dans trois jours.", HOURS(72) },
    { "Le remboursement prend une semaine.", HOURS(7 * 24) },
    { "Nous revenons vers vous très vite.", 0 },
    { "Nous sommes ouverts 24 heures sur 24.", 0 },
    { "Votre garantie est valable 2 ans et 3 mois.", 0 },
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
    static const char *const keys[] = {
        "give", "give_several", "give_again", "unknown", "yes", "no", "confirm", "rephrase", "human",
        "nudge", "chase", "nothing_else", "thanks", "greeting", "goodbye", "leave",
    };
    const struct named_text values[] = { { "slot", "numéro" }, { "value", "A-1" } };
    struct arena *a = arena_new();

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        for (uint64_t seed = 0; seed < 6; seed++) {
            const char *fr = reader_phrase(packs_reader(), "fr", keys[i], seed, values, 2, a);
            const char *en = reader_phrase(packs_reader(), "en", keys[i], seed, values, 2, a);

            assert_non_null(fr);
            assert_null(strchr(fr, '{'));
            if (!strstr(fr, "A-1"))
                assert_string_not_equal(fr, en);
        }
    assert_string_equal(reader_slot_words(packs_reader(), "fr", "order_number", a),
                        "numéro de commande");
    arena_free(a);
}

/* A short answer is known for French whatever the customer writes. */
static void test_language(void **state)
{
    struct transcript *t = transcript_of("Bonjour, que puis-je faire pour vous aujourd'hui ?");
    struct arena *a = arena_new();
    struct marks m = { 0 };

    (void)state;
    t->language = "en";
    reader_read(packs_reader(), t, 0, a, &m);
    assert_true(m.count > 0 && m.items[0].kind == MARK_LANGUAGE);
    assert_string_equal(m.items[0].value, "fr");
    arena_free(a);
    transcript_free(t);
}

enum { NAME_BYTES = 80 };

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
    enum { ROWS = ARRAY_LEN(rows), TIMES = ARRAY_LEN(times), OTHERS = 2 };
    static const struct CMUnitTest others[OTHERS] = {
        cmocka_unit_test(test_phrases), cmocka_unit_test(test_language),
    };
    struct CMUnitTest tests[ROWS + TIMES + OTHERS];
    static char names[ROWS][NAME_BYTES];

    for (size_t i = 0; i < ROWS; i++)
        tests[i] = (struct CMUnitTest){ .name = one_line(names[i], rows[i].text),
                                        .test_func = check_row,
                                        .initial_state = (void *)(uintptr_t)&rows[i] };
    for (size_t i = 0; i < TIMES; i++)
        tests[ROWS + i] = (struct CMUnitTest){ .name = times[i].text, .test_func = check_time,
                                               .initial_state = (void *)(uintptr_t)&times[i] };
    memcpy(tests + ROWS + TIMES, others, sizeof others);
    return cmocka_run_group_tests_name("reader_fr", tests, NULL, teardown);
}
