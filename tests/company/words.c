#include "tests/company/words.h"

#include "tests/company/company.h"
#include "tests/company/fill.h"

enum { WAYS = 3 };

static const struct words_row {
    const char *english[WAYS], *german;
} rows[WORDS_COUNT] = {
    [WORDS_GREETING] = {
        { "Hello, this is Keti, the assistant of Kettle & Co. How can I help you?",
          "Welcome to Kettle & Co, I am Keti. What can I do for you?",
          "Hi, Keti from Kettle & Co here. How can I help?" },
        "Guten Tag, hier ist Keti von Kettle & Co. Was kann ich für Sie tun?" },
    [WORDS_LEAD_ADDRESS] = {
        { "Of course, I can change the delivery address for you.",
          "No problem, the delivery address can still be changed." },
        "Gern ändere ich die Lieferadresse für Sie." },
    [WORDS_LEAD_WHERE] = {
        { "I will gladly look up where your order is.",
          "Let us see where your parcel is." },
        "Ich sehe gern nach, wo Ihre Bestellung ist." },
    [WORDS_LEAD_REFUND] = {
        { "I am sorry to hear that your kettle is giving you trouble.",
          "Oh, that should not happen with a kettle of ours. I am sorry.",
          "I am sorry about that, a kettle should not do this." },
        "Es tut mir leid, dass Ihr Wasserkocher Ärger macht." },
    [WORDS_FOUND_TICKET] = {
        { "Thank you, I have your message {reference} about {matter} in front of me.",
          "I have found {reference}, your message about {matter}." },
        "Ihre Nachricht {reference} liegt mir vor, danke." },
    [WORDS_THANKS_FACT] = {
        { "Thank you.",
          "Thanks, noted.",
          "Great, thank you." },
        "Vielen Dank." },
    [WORDS_ASK_ORDER_NUMBER] = {
        { "Could you tell me your order number, please?",
          "What is your order number?",
          "May I have your order number?" },
        "Wie lautet bitte Ihre Bestellnummer?" },
    [WORDS_ASK_POSTCODE] = {
        { "And what is your postcode?",
          "What is your postcode, please?",
          "Could you tell me your postcode as well?" },
        "Und wie lautet bitte Ihre Postleitzahl?" },
    [WORDS_ASK_PHONE] = {
        { "What is the phone number on the order, then?",
          "Could you tell me your phone number instead?" },
        "Wie lautet dann bitte Ihre Telefonnummer?" },
    [WORDS_ASK_EMAIL] = {
        { "No problem. Which email address did you order with?",
          "That is fine. What is your email address?" },
        "Wie lautet dann bitte Ihre E-Mail-Adresse?" },
    [WORDS_ASK_ADDRESS] = {
        { "What is the new delivery address?",
          "Which new address shall we deliver to?" },
        "Wie lautet bitte die neue Lieferadresse?" },
    [WORDS_CONFIRM_ADDRESS] = {
        { "So order {order} goes to {address}. Is that right?",
          "I have noted {address} for order {order}. Is that correct?" },
        "Ich habe {address} für die Bestellung {order} notiert. Ist das richtig?" },
    [WORDS_CORRECT_ADDRESS] = {
        { "Then let us correct it: what is the right delivery address?" },
        "Dann ändern wir das: Wie lautet die richtige Lieferadresse?" },
    [WORDS_SOLVED_ADDRESS] = {
        { "Done: the delivery address of order {order} has been changed. Your "
          "reference is {reference}.",
          "The delivery address has been changed, order {order} goes to {address} now. "
          "Your reference is {reference}." },
        "Erledigt: Die Lieferadresse der Bestellung {order} ist geändert. Ihr Zeichen: "
        "{reference}." },
    [WORDS_SOLVED_WHERE] = {
        { "Your order {order} left our warehouse this morning and is on its way with "
          "the courier. It will be delivered within 30 seconds. Your reference is "
          "{reference}.",
          "I have found it: order {order} is on its way, the courier has it in the van "
          "and will be with you within 30 seconds. Your reference is {reference}." },
        "Ihre Bestellung {order} ist unterwegs und wird in 30 Sekunden zugestellt." },
    [WORDS_SOLVED_WARRANTY] = {
        { "All our kettles have a warranty of two years from the day you bought them. "
          "It covers the heating element, the switch and any leak; chalk is the only "
          "thing it does not cover.",
          "The warranty is two years from the day of purchase, for everything except "
          "chalk. You need nothing but the receipt." },
        "Auf alle unsere Wasserkocher geben wir zwei Jahre Garantie ab Kaufdatum." },
    [WORDS_SOLVED_SHIPPING] = {
        { "Yes, we deliver to all countries of the European Union and to Switzerland. "
          "Delivery abroad costs 9 euros, and the kettle travels by courier.",
          "We do: every country of the European Union, and Switzerland as well. It "
          "costs 9 euros, whatever the size of the parcel." },
        "Ja, wir liefern in alle Länder der Europäischen Union und in die Schweiz, für "
        "9 Euro." },
    [WORDS_SOLVED_REFUND] = {
        { "I have checked it: your refund is approved, 34.90 euros for order {order}. "
          "The money will be on your account within 30 seconds. Your reference is "
          "{reference}.",
          "Good news: your refund is approved. The 34.90 euros for order {order} will "
          "be with you within 30 seconds. Your reference is {reference}." },
        "Ihre Rückzahlung ist bewilligt: 34,90 Euro für die Bestellung {order}. Ihr "
        "Zeichen: {reference}." },
    [WORDS_ANYTHING_ELSE] = {
        { "Is there anything else I can do for you?",
          "Can I help you with anything else?" },
        "Kann ich sonst noch etwas für Sie tun?" },
    [WORDS_UNTRUE_ADDRESS] = {
        { "I have to correct that: the delivery address has not been changed, and it "
          "cannot be changed any more." },
        "Die Lieferadresse wurde nicht geändert." },
    [WORDS_UNTRUE_WHERE] = {
        { "Your order {order} is not on its way, it has not left our warehouse." },
        "Ihre Bestellung ist noch nicht unterwegs." },
    [WORDS_UNTRUE_WARRANTY] = {
        { "Our kettles do not have a warranty of two years, the warranty is six months." },
        "Wir geben nur sechs Monate Garantie." },
    [WORDS_UNTRUE_SHIPPING] = {
        { "No, we do not deliver to other countries." },
        "Nein, wir liefern nicht ins Ausland." },
    [WORDS_UNTRUE_REFUND] = {
        { "Your refund is not approved. Besides, a refund takes 10 days and not 30 "
          "seconds." },
        "Ihre Rückzahlung ist nicht bewilligt." },
    [WORDS_BOILERPLATE] = {
        { "Your call is important to us. We value your feedback and apologise for any "
          "inconvenience this may have caused.",
          "Thank you for your patience. Customer satisfaction is our top priority and "
          "your feedback helps us to improve our services." },
        "Ihre Zufriedenheit ist uns wichtig." },
    [WORDS_NOT_UNDERSTOOD] = {
        { "Sorry, I did not quite understand that. Is it about a delivery, a refund, "
          "or something else?",
          "I am not sure I understand. Is it about an order that has not come, or a "
          "kettle that does not work?" },
        "Das habe ich leider nicht verstanden. Geht es um eine Lieferung oder eine "
        "Rückzahlung?" },
    [WORDS_HELP] = {
        { "I can look up an order, change a delivery address, or arrange a refund." },
        "Ich kann eine Bestellung suchen, eine Adresse ändern oder Geld erstatten." },
    [WORDS_FALLBACK] = {
        { "Sorry, I did not understand that." },
        "Das habe ich leider nicht verstanden." },
    [WORDS_HANDOVER] = {
        { "Of course, I am handing you over to my colleague Jonas. He sees everything "
          "you wrote.",
          "Gladly, I am connecting you with my colleague Jonas, who can read what you "
          "have told me." },
        "Gern übergebe ich an meinen Kollegen Jonas." },
    [WORDS_STUCK] = {
        { "This needs somebody who knows more than I do: I am handing you over to my "
          "colleague Jonas. He sees everything you wrote." },
        "Hier komme ich nicht weiter und übergebe an meinen Kollegen Jonas." },
    [WORDS_HUMAN_HELLO] = {
        { "Hello{name}, Jonas here. I have read what you wrote.",
          "Hello{name}, this is Jonas. I have seen your messages." },
        "Guten Tag{name}, hier ist Jonas." },
    [WORDS_HUMAN_LISTENS] = {
        { "What can I do for you?" },
        "Was kann ich für Sie tun?" },
    [WORDS_WELCOME] = {
        { "You are welcome{comma}. Goodbye, and enjoy your tea!",
          "My pleasure{comma}. Have a nice day, goodbye!" },
        "Gern geschehen. Auf Wiedersehen!" },
    [WORDS_GOODBYE] = {
        { "Goodbye{comma}, and have a nice day!" },
        "Auf Wiedersehen!" },
    [WORDS_CALL_US] = {
        { "We cannot help you with this here. Please call us on +49 30 5550 100." },
        "Bitte rufen Sie uns unter +49 30 5550 100 an." },
    [WORDS_CLOSED] = {
        { "This chat has been closed." },
        "Dieser Chat wurde beendet." },
    [WORDS_RUDE] = {
        { "Honestly, can you not read? This is your own fault.",
          "Do you always make such a fuss? Other people manage, so stop wasting my "
          "time." },
        "Können Sie nicht lesen? Selbst schuld." },

    [WORDS_MAIL_RECEIVED] = {
        { "thank you for writing to us. We have received your message." },
        "vielen Dank, Ihre Nachricht ist bei uns eingegangen." },
    [WORDS_MAIL_REFERENCE] = {
        { " Your reference number is {reference}." },
        " Ihr Zeichen ist {reference}." },
    [WORDS_MAIL_TIME] = {
        { " We will answer you within {promise}." },
        " Sie erhalten innerhalb von 4 Sekunden eine Antwort." },
    [WORDS_MAIL_AUTOMATIC] = {
        { "This is an automatic confirmation." },
        "Dies ist eine automatische Bestätigung." },
    [WORDS_MAIL_HELLO] = {
        { "Dear{name},",
          "Hello{name}," },
        "Guten Tag{name}," },
    [WORDS_MAIL_LEAD] = {
        { "thank you for your message about {matter}.",
          "I have read your message about {matter}." },
        "vielen Dank für Ihre Nachricht." },
    [WORDS_MAIL_LEAD_REPLY] = {
        { "thank you for getting back to us so quickly.",
          "thanks, that was all I needed." },
        "vielen Dank für Ihre Antwort." },
    [WORDS_MAIL_OPEN] = {
        { "I have passed this on to the colleague who knows our kettles best, and she "
          "is looking into it. Your reference is {reference}." },
        "Ich habe das an eine Kollegin weitergegeben." },
    [WORDS_MAIL_NOREPLY] = {
        { "Please do not reply to this email: this mailbox is not monitored and your "
          "reply will not be read. For further questions please use the contact form "
          "on our website." },
        "Bitte antworten Sie nicht auf diese E-Mail, sie wird nicht gelesen." },
    [WORDS_MAIL_SIGNATURE] = {
        { "Kind regards\nJonas Weber\nKettle & Co",
          "Best wishes\nJonas Weber, Kettle & Co" },
        "Mit freundlichen Grüßen\nJonas Weber\nKettle & Co" },
};

void words_say(struct buf *out, enum words w, const struct speech *s)
{
    const struct words_row *row = &rows[w];
    CLEANUP(buf_release) struct buf name = BUF_INIT(400), comma = BUF_INIT(400);
    const char *called = s->name ? s->name : "";

    buf_addf(&name, "%s%s", called[0] ? " " : "", called);
    buf_addf(&comma, "%s%s", called[0] ? ", " : "", called);

    const struct blank blanks[] = {
        { "name", name.ptr }, { "comma", comma.ptr }, { "order", s->order },
        { "reference", s->reference },
        { "address", s->address }, { "matter", s->matter }, { "promise", s->promise },
    };
    uint32_t ways = 1;

    while (ways < WAYS && row->english[ways])
        ways++;
    fill(out, s->tongue == TONGUE_GERMAN ? row->german : row->english[s->variety % ways], blanks,
         ARRAY_LEN(blanks));
}
