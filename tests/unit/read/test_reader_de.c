/* German: what is read in a message. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "tests/unit/read/packs.h"
#include "tests/unit/read/rows.h"

static const struct mark_row questions[] = {
    { "Dürfte ich bitte Ihren Namen erfahren?", "asks:name" },
    { "Wie darf ich Sie ansprechen?", "asks:name" },
    { "Mit wem habe ich das Vergnügen?", "asks:name" },
    { "Verraten Sie mir noch Ihre Handynummer?", "asks:phone" },
    { "Unter welcher Nummer erreichen wir Sie tagsüber?", "asks:phone" },
    { "Bitte geben Sie Ihre Kundennummer ein.", "asks:customer_number" },
    { "Teilen Sie uns bitte Ihre Bestellnummer mit.", "asks:order_number" },
    { "Gib mir bitte deine E-Mail-Adresse.", "asks:email" },
    { "Ich bräuchte noch Ihre Postleitzahl.", "asks:postcode" },
    { "Für die Prüfung benötigen wir Ihre Rechnungsnummer und Ihr Geburtsdatum.",
      "asks:invoice_number asks:date_of_birth" },
    { "Uns fehlt noch Ihre Anschrift.", "asks:address" },
    { "Telefonnummer?", "asks:phone" },
    { "E-Mail:", "asks:email" },
    { "Und Ihre Postleitzahl?", "asks:postcode" },
    { "Vor- und Nachname, bitte.", "asks:name" },
    { "Haben Sie die Sendungsnummer zur Hand?", "asks:tracking_number" },
    { "Wohin dürfen wir das Paket liefern?", "asks:address" },
    { "Wann sind Sie geboren?", "asks:date_of_birth" },
    { "Worum geht es denn genau?", "asks:reason" },
    { "Für wann soll ich reservieren?", "asks:date" },
    { "Um wie viel Uhr möchten Sie kommen?", "asks:time" },
    { "Mit wie vielen Personen kommen Sie?", "asks:number_of_people" },
    { "Von wo fahren Sie ab?", "asks:origin" },
    { "Wohin soll die Reise gehen?", "asks:destination" },
    { "Nennen Sie mir bitte den Namen und die Anschrift.", "asks:name asks:address" },
    { "Könnten Sie mir sagen, wie Ihre Kontonummer lautet?", "asks:account_number" },
    { "Ohne Ihre Vertragsnummer kann ich nichts tun.", "asks:customer_number refuses" },
    { "Wie lautet der Hufumfang?", "asks=hufumfang" },
    { "Welche Farbe hat Ihr Fahrrad?", "asks:colour" },
    { "Guten Tag, bitte nennen Sie mir Ihr Anliegen.", "asks:reason" },
    { "Nenne mir doch bitte kurz deine Telefonnummer.", "asks:phone" },
    { "Damit ich Sie zurückrufen kann, bräuchte ich noch eine Rufnummer.", "asks:phone" },
    { "Ihre vollständige Anschrift, bitte (Straße, Hausnummer, PLZ und Ort):",
      "asks:address" },
    { "Zur Sicherheit nennen Sie mir bitte Ihr Geburtsdatum.", "asks:date_of_birth" },
    { "Was ist die beste E-Mail-Adresse, um Sie zu erreichen?", "asks:email" },
    { "Hinterlassen Sie uns gerne Ihre Mobilnummer.", "asks:phone" },
    { "Sagen Sie mir noch, für wie viele Personen der Tisch sein soll?",
      "asks:number_of_people" },
    { "Auf welchen Namen darf ich reservieren?", "asks:name" },
    { "Bitte wählen Sie ein Datum.", "asks:date" },
    { "Wunschtermin?", "asks:date" },
    { "Welcher Tag würde Ihnen passen?", "asks:date" },
    { "Name*", "asks:name" },
    { "Telefonnummer (optional)", "asks:phone" },
    { "Geben Sie hier Ihre E-Mail-Adresse ein", "asks:email" },
    { "Bitte E-Mail-Adresse eingeben", "asks:email" },
    { "Dann benötige ich nur noch Ihren vollständigen Namen.", "asks:name" },
    { "Unter welcher E-Mail-Adresse sind Sie bei uns registriert?", "asks:email" },
    { "Wie erreichen wir Sie telefonisch?", "asks:phone" },
    { "Wie alt sind Sie?", "asks:date_of_birth" },
    { "Kann ich bitte Ihre Kundennummer haben?", "asks:customer_number" },
    { "Ich müsste noch Ihre Adresse wissen.", "asks:address" },
    { "Ihren Namen bitte nochmal?", "asks:name" },
    { "Möchten Sie uns Ihre Handynummer geben?", "asks:phone" },
    { "Wo wohnen Sie?", "asks:address" },
    { "Beschreiben Sie bitte kurz Ihr Problem.", "asks:reason" },
    { "Was ist passiert?", "asks:reason" },
    { "Worum handelt es sich?", "asks:reason" },
    { "Seit wann besteht das Problem?", "asks:date" },
};

static const struct mark_row confirmations[] = {
    { "Ihre Bestellnummer ist A-10442, richtig?", "reads_back:order_number asks_to_confirm:order_number" },
    { "Stimmt das so?", "asks_to_confirm" },
    { "Habe ich das richtig verstanden?", "asks_to_confirm" },
    { "Dürfen wir Sie unter der Nummer 0341 5550100 anrufen?", "asks_to_confirm reads_back:phone" },
    { "Ist Ihre Anschrift noch aktuell?", "asks_to_confirm:address" },
    { "Sie wohnen also in Leipzig, richtig?", "reads_back:city asks_to_confirm" },
    { "Möchten Sie die gespeicherte Adresse verwenden?", "asks_to_confirm:address" },
    { "Soll ich die hinterlegte E-Mail-Adresse verwenden?", "asks_to_confirm:email" },
    { "Sind diese Angaben korrekt?", "asks_to_confirm" },
    { "Ich fasse zusammen: zwei Personen, Freitag, 19 Uhr.",
      "asks_to_confirm reads_back:number_of_people reads_back:date reads_back:time" },
};

static const struct mark_row receipts[] = {
    { "Vielen Dank für Ihre Nachricht.", "acknowledges" },
    { "Ihre Anfrage ist bei uns eingegangen.", "acknowledges informs" },
    { "Ihr Tisch ist für Freitag reserviert.", "acknowledges" },
    { "Ich habe den Termin für Sie eingetragen.", "acknowledges" },
    { "Ihre Vorgangsnummer lautet KC-4711.", "gives_reference=KC-4711" },
    { "Ihre Buchung wurde bestätigt.", "acknowledges" },
    { "Alles klar, ich habe das Zimmer reserviert.", "acknowledges" },
    { "Der Termin steht, wir freuen uns auf Sie.", "acknowledges" },
    { "Das Meeting wurde erstellt.", "acknowledges" },
    { "Die Besprechung wurde verschoben.", "acknowledges" },
    { "Ich habe die Einladung verschickt.", "acknowledges" },
    { "Ich habe die Aufgabe zu Ihrer Liste hinzugefügt.", "acknowledges" },
    { "Erinnerung gesetzt.", "acknowledges" },
    { "Termin eingetragen.", "acknowledges" },
    { "Ich leite Ihre Anfrage an die Buchhaltung weiter.", "acknowledges hands_over" },
    { "Danke, Ihre Nachricht wurde gesendet.", "acknowledges" },
    { "Wir haben Ihre E-Mail bekommen und kümmern uns darum.", "acknowledges" },
    { "Ein Ticket wurde für Sie eröffnet.", "acknowledges" },
    { "Ihr Anliegen wurde unter der Nummer 55-1 aufgenommen.",
      "acknowledges gives_reference=55-1" },
    { "Ihre Rücksendung wurde angemeldet.", "acknowledges informs" },
    { "Die Erstattung ist veranlasst.", "informs acknowledges solves" },
    { "Wir haben die Erstattung angestoßen.", "acknowledges" },
    { "Ihr Auftrag wird bearbeitet.", "acknowledges" },
    { "Unser Team meldet sich in Kürze bei Ihnen.", "acknowledges" },
    { "Wir werden uns schnellstmöglich mit Ihnen in Verbindung setzen.", "acknowledges" },
    { "Dies ist eine automatische Antwort.", "acknowledges" },
    { "Vielen Dank, dass Sie uns kontaktiert haben.", "acknowledges" },
    { "Danke für deine Bestellung!", "acknowledges" },
    { "Ihre Reservierungsanfrage ist angekommen.", "acknowledges" },
    { "Bestellung aufgegeben.", "acknowledges" },
    { "Gebucht!", "acknowledges" },
    { "Ich habe Ihre neue Adresse vermerkt.", "acknowledges" },
    { "Ihr Taxi ist unterwegs.", "acknowledges" },
    { "Die Überweisung wurde ausgeführt.", "acknowledges" },
    { "Ihre Anmeldung war erfolgreich.", "acknowledges" },
    { "Wir melden uns telefonisch bei Ihnen.", "acknowledges" },
};

static const struct mark_row dead_ends[] = {
    { "Ihre Rückzahlung wurde nicht bewilligt.", "refuses" },
    { "Das habe ich leider nicht verstanden.", "not_understood" },
    { "Könnten Sie das bitte anders formulieren?", "not_understood" },
    { "Bitte rufen Sie uns unter 030 5550100 an.", "pushes_elsewhere:phone" },
    { "Bitte wenden Sie sich an unseren Kundenservice.", "pushes_elsewhere:support" },
    { "Schreiben Sie uns bitte eine E-Mail.", "pushes_elsewhere:email" },
    { "Bitte nutzen Sie unser Kontaktformular.", "pushes_elsewhere:form" },
    { "Bitte antworten Sie nicht auf diese Nachricht.", "no_reply" },
    { "Dieses Postfach wird nicht gelesen.", "no_reply" },
    { "Ich verbinde Sie mit einer Kollegin.", "hands_over" },
    { "Der Chat wurde beendet.", "closes" },
    { "Auf Wiedersehen!", "closes" },
    { "Dabei kann ich Ihnen leider nicht helfen.", "refuses" },
    { "Es ist ein technischer Fehler aufgetreten.", "refuses" },
    { "Unsere Berater sind derzeit nicht erreichbar.", "refuses" },
    { "Bitte versuchen Sie es später noch einmal.", "refuses" },
    { "Ich verstehe Ihre Frage leider nicht.", "not_understood" },
    { "Das habe ich jetzt nicht ganz mitbekommen.", "not_understood" },
    { "Wie bitte?", "not_understood" },
    { "Können Sie das genauer erklären?", "not_understood" },
    { "Bitte formulieren Sie Ihre Frage um.", "not_understood" },
    { "Versuchen Sie es bitte mit anderen Worten.", "not_understood" },
    { "Tut mir leid, ich weiß nicht, was Sie meinen.", "apologises not_understood" },
    { "Damit kann ich nichts anfangen.", "not_understood refuses" },
    { "Das war mir nicht ganz klar, sagen Sie es bitte noch einmal.", "not_understood" },
    { "Hm, da komme ich nicht mit.", "not_understood" },
    { "Ungültige Eingabe.", "not_understood disputes" },
    { "Entschuldigung, das habe ich nicht gehört.", "apologises not_understood" },
    { "Ich konnte Ihre Eingabe nicht verarbeiten.", "refuses not_understood" },
    { "Bitte stellen Sie Ihre Frage erneut.", "not_understood" },
    { "Könnten Sie das wiederholen?", "not_understood" },
    { "Ich lerne noch.", "not_understood" },
    { "Was genau meinen Sie?", "not_understood" },
    { "Kannst du das bitte anders sagen?", "not_understood" },
    { "Ich kann dir gerade nicht folgen.", "refuses not_understood" },
    { "Das kann ich leider nicht.", "refuses" },
    { "Leider ist das zurzeit nicht möglich.", "refuses" },
    { "Diese Option wird nicht unterstützt.", "refuses" },
    { "Dafür bin ich nicht zuständig.", "refuses" },
    { "Ich habe leider keinen Zugriff auf Ihre Daten.", "refuses" },
    { "Etwas ist schiefgelaufen.", "refuses" },
    { "Hoppla, da ist etwas schiefgegangen.", "refuses" },
    { "Ein unerwarteter Fehler ist aufgetreten.", "refuses" },
    { "Ihre Anfrage konnte nicht verarbeitet werden.", "refuses" },
    { "Der Dienst ist vorübergehend nicht verfügbar.", "refuses" },
    { "Momentan ist kein Mitarbeiter verfügbar.", "refuses" },
    { "Wir sind gerade offline.", "refuses" },
    { "Sie schreiben uns außerhalb unserer Servicezeiten.", "refuses" },
    { "Der Kundenservice ist nur telefonisch erreichbar.", "pushes_elsewhere:phone" },
    { "Wenden Sie sich bitte an Ihre Filiale.", "pushes_elsewhere:store" },
    { "Bitte melden Sie sich telefonisch bei uns.", "pushes_elsewhere:phone" },
    { "Am besten rufen Sie direkt im Servicecenter an: 0800 5550100.",
      "pushes_elsewhere:phone" },
    { "Das müssen Sie mit dem Verkäufer klären.", "pushes_elsewhere:support" },
    { "Bitte kontaktieren Sie unseren Support.", "pushes_elsewhere:support" },
    { "Bitte besuchen Sie unsere Hilfeseite.", "pushes_elsewhere:website" },
    { "Das geht nur in der App.", "pushes_elsewhere:app" },
    { "Schreib uns bitte eine Mail an hilfe@firma.example.", "pushes_elsewhere:email" },
    { "Schauen Sie bitte in unsere FAQ.", "pushes_elsewhere:website" },
    { "Gehen Sie bitte in eine unserer Filialen.", "informs pushes_elsewhere:store" },
    { "Für solche Fragen nutzen Sie bitte das Online-Formular.",
      "pushes_elsewhere:form" },
    { "Der Vorgang wurde geschlossen.", "informs closes" },
    { "Ich beende jetzt den Chat.", "closes" },
    { "Diese Unterhaltung wurde wegen Inaktivität beendet.", "closes explains" },
    { "Wir lehnen Ihren Antrag ab.", "refuses" },
    { "Eine Erstattung ist leider ausgeschlossen.", "refuses" },
    { "Ihr Antrag wurde abgelehnt.", "informs refuses" },
    { "Diese Adresse dient nur zum Versand, Antworten werden nicht gelesen.",
      "no_reply" },
    { "Dies ist eine automatisch erzeugte Nachricht, bitte antworten Sie nicht darauf.",
      "no_reply" },
    { "Auf E-Mails an diese Adresse können wir nicht antworten.", "no_reply refuses" },
    { "Dieses Postfach ist nicht besetzt.", "no_reply refuses" },
    { "Von Antworten auf diese E-Mail bitten wir abzusehen.", "no_reply" },
};

static const struct mark_row customers[] = {
    { "K Meine Bestellnummer ist A-10442.", "tells:order_number tells:order_number" },
    { "K Das weiß ich leider nicht.", "unsure" },
    { "K Kann ich bitte mit einem Menschen sprechen?", "wants_human" },
    { "K Lieber an einem anderen Tag.", "changes_mind:date" },
    { "K Vielen Dank!", "thanks" },
    { "K Ich warte immer noch auf eine Antwort.", "chases" },
    { "K Wir sind zu viert.", "tells:number_of_people" },
    { "K Am 23. Juni um halb acht.", "tells:date tells:time" },
    { "K Gartenstr. 12, 04109 Leipzig", "tells:address" },
    { "K Sie erreichen mich unter 0341 555 01 00.", "tells:phone" },
    { "K Guten Morgen, ich suche ein Zimmer in Leipzig.",
      "requests tells:number_of_rooms tells:city" },
    { "K Ich brauche ein Taxi von Leipzig nach Dresden.",
      "requests tells:origin tells:destination" },
    { "K Mein Name ist Maja Lindner.", "tells:name tells:name" },
    { "K PLZ: 04109", "tells:postcode" },
};

static const struct mark_row others[] = {
    /* what a mail quotes of an older one is not read */
    { "Danke.\n> Wie lautet Ihre Bestellnummer?", "" },
    { "Danke.\nAm Montag, dem 3. Juni 2024, schrieb Maja:\nWie lautet Ihre Bestellnummer?", "" },
    { "Hallo Maja, schön von Ihnen zu hören.", "greets" },
    { "Wir haben es an Ihre E-Mail-Adresse geschickt.", "" },
    { "Wenn Sie keine Bestellnummer haben, ist das kein Problem.", "" },
    { "Kann ich sonst noch etwas für Sie tun?", "anything_else" },
    { "Womit kann ich Ihnen helfen?", "anything_else" },
    { "Wir haben Ihre Nachricht nicht erhalten.", "" },
    { "Sobald Ihre Anfrage eingegangen ist, geht es weiter.", "" },
    { "Wir antworten innerhalb von zwei Werktagen.", "promises_time" },
    { "Wir antworten so schnell wie möglich.", "" },
    { "Ihre Rückzahlung wurde bewilligt.", "solves" },
    { "Wenn Ihre Erstattung genehmigt ist, erhalten Sie eine E-Mail.", "" },
    { "Das tut mir wirklich leid.", "apologises" },
    { "Wir entschuldigen uns für die Unannehmlichkeiten.", "apologises" },
    { "Hallo zusammen.", "" },
    { "Als kleine Entschuldigung schenken wir Ihnen einen Gutschein.",
      "compensates apologises" },
    { "Wir rufen Sie morgen an.", "promises_time" },
    { "Können Sie nicht lesen?", "rude" },
    { "Ihre Zufriedenheit ist uns wichtig.", "boilerplate" },
    { "Unter dieser Nummer finde ich keine Bestellung.", "disputes" },
    { "Unsere Öffnungszeiten sind von 8 bis 18 Uhr.", "informs" },
    { "Können Sie einen Moment warten?", "" },
    { "Bitte haben Sie noch etwas Geduld.", "" },
    { "Ihre Bestellung ist unterwegs.", "informs" },
    { "Ich sehe gern nach, wo Ihre Bestellung ist.", "informs" },
    { "Wir freuen uns auf Ihren Besuch am 3. Juni in der Hauptstr. 5.", "" },
    { "Was kann ich für Sie tun?", "anything_else" },
    { "Möchten Sie den Termin verschieben?", "" },
    { "Ich habe drei Termine gefunden.", "informs" },
    { "Ich habe leider keine Buchung gefunden.", "informs disputes" },
    { "Wir haben von Montag bis Freitag geöffnet.", "" },
    { "Ihre Bestellung wurde heute zugestellt.", "informs" },
    { "Wie kann ich Ihnen bei Ihrer Buchung helfen?", "anything_else" },
    { "Haben Sie schon eine Reservierung?", "" },
    { "Soll ich den Tisch reservieren?", "" },
    { "Das Hotel hat 20 Zimmer und kostet 90 Euro.", "" },
    { "Ich kann Ihnen gern weiterhelfen.", "" },
    { "Kein Problem, ich kümmere mich darum.", "" },
    { "Sie können uns bei weiteren Fragen jederzeit anrufen.", "informs" },
    { "Zögern Sie nicht, uns zu schreiben.", "" },
    { "Sie brauchen nichts weiter zu tun.", "" },
    { "Keine Sorge, das bekommen wir hin.", "" },
    { "Das war kein Fehler.", "" },
    { "Falls Sie noch Fragen haben, rufen Sie uns an.", "" },
    { "Ihr Restaurant hat montags geschlossen.", "" },
    { "Ich verstehe, das ist ärgerlich.", "" },
    { "Haben Sie das verstanden?", "" },
    { "Ich rufe Sie unter dieser Nummer an.", "" },
};

#define HOURS(n) ((n) * INT64_C(3600000000))

static const struct promise_row promises[] = {
    { "Wir antworten innerhalb von 24 Stunden.", HOURS(24) },
    { "Sie erhalten in ein bis zwei Werktagen eine Antwort.", HOURS(48) },
    { "Sie hören in 1-2 Tagen von uns.", HOURS(48) },
    { "Wir melden uns binnen vierundzwanzig Stunden bei Ihnen.", HOURS(24) },
    { "Die durchschnittliche Antwortzeit beträgt 90 Minuten.", HOURS(3) / 2 },
    { "Wir rufen Sie in einer halben Stunde zurück.", HOURS(1) / 2 },
    { "Sie bekommen bis morgen eine Rückmeldung.", HOURS(36) },
    { "Wir melden uns noch heute.", HOURS(16) },
    { "Die Lieferung dauert drei Wochen.", HOURS(3 * 7 * 24) },
    { "Ihr Paket kommt in zwei Tagen.", HOURS(48) },
    { "Wir melden uns am nächsten Werktag.", HOURS(36) },
    { "Wir melden uns bald.", 0 },
    { "Wir haben 24 Stunden geöffnet.", 0 },
    { "Guten Morgen, wir melden uns.", 0 },
    { "Die Garantie gilt 2 Jahre und 3 Monate.", 0 },
    { "Bitte antworten Sie innerhalb von 3 Tagen, wenn Sie kündigen möchten.", 0 },
};

#define CHECK(table)                                                       \
    static void test_##table(void **state)                                 \
    {                                                                      \
        (void)state;                                                       \
        rows_check_marks("de", table, ARRAY_LEN(table));                   \
    }

CHECK(questions)
CHECK(confirmations)
CHECK(receipts)
CHECK(dead_ends)
CHECK(customers)
CHECK(others)

static void test_promises(void **state)
{
    (void)state;
    rows_check_promises("de", promises, ARRAY_LEN(promises));
}

/* The customer says in German whatever English has a phrase for. */
static void test_phrases(void **state)
{
    static const char *const keys[] = {
        "give", "give_several", "give_again", "unknown", "yes", "no", "confirm", "rephrase", "human",
        "nudge", "chase", "nothing_else", "thanks", "greeting", "goodbye", "leave",
    };
    const struct named_text values[] = { { "slot", "Bestellnummer" }, { "value", "A-1" } };
    struct arena *a = arena_new();

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        for (uint64_t seed = 0; seed < 6; seed++) {
            const char *de = reader_phrase(packs_reader(), "de-AT", keys[i], seed, values, 2, a);

            assert_non_null(de);
            assert_null(strchr(de, '{'));
        }
    assert_string_equal(reader_slot_words(packs_reader(), "de", "order_number", a),
                        "Bestellnummer");
    arena_free(a);
}

static int teardown(void **state)
{
    (void)state;
    packs_free();
    return 0;
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_questions), cmocka_unit_test(test_confirmations),
        cmocka_unit_test(test_receipts), cmocka_unit_test(test_dead_ends),
        cmocka_unit_test(test_customers), cmocka_unit_test(test_others),
        cmocka_unit_test(test_promises), cmocka_unit_test(test_phrases),
    };

    return cmocka_run_group_tests_name("reader, German", tests, NULL, teardown);
}
