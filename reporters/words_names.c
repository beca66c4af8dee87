/* Findings, marks and lines of the score by their names, in the report's languages. English stands in
 * the tables of harness/model already. */
#include <string.h>

#include "reporters/words.h"

struct name {
    const char *kind;
    const char *said[LANGUAGE_COUNT];     /* NULL: the model's own */
};

static const struct name findings[] = {
    { "repeated_question", { NULL, "Erneut gefragt", "Redemandé", "پرسش دوباره" } },
    { "dead_end", { NULL, "Sackgasse", "Impasse", "بن‌بست" } },
    { "not_understood", { NULL, "Nicht verstanden", "Pas compris", "فهمیده نشد" } },
    { "unanswered", { NULL, "Keine Antwort", "Sans réponse", "بی‌پاسخ" } },
    { "off_topic", { NULL, "Frage verfehlt", "À côté de la question", "پاسخ نابجا" } },
    { "missed_acknowledgement",
      { NULL, "Keine Eingangsbestätigung", "Pas d’accusé de réception", "بدون تأیید دریافت" } },
    { "no_reference", { NULL, "Keine Vorgangsnummer", "Pas de numéro de dossier",
                        "بدون شماره پیگیری" } },
    { "no_time_promise", { NULL, "Keine Zeit genannt", "Aucun délai annoncé",
                           "زمانی گفته نشد" } },
    { "broken_promise", { NULL, "Versprechen gebrochen", "Promesse rompue", "وعده شکسته" } },
    { "slow_reply", { NULL, "Langsame Antwort", "Réponse lente", "پاسخ دیر" } },
    { "recontact", { NULL, "Nachhaken nötig", "Relance nécessaire", "پیگیری دوباره" } },
    { "deflection", { NULL, "Weggeschickt", "Renvoyé ailleurs", "فرستاده به جای دیگر" } },
    { "handover", { NULL, "Weitergereicht", "Transféré", "واگذاری" } },
    { "scripted_reply", { NULL, "Floskel", "Formule toute faite", "پاسخ کلیشه‌ای" } },
    { "wrong_language", { NULL, "Falsche Sprache", "Mauvaise langue", "زبان نادرست" } },
    { "rude_tone", { NULL, "Unhöflicher Ton", "Ton impoli", "لحن بی‌ادبانه" } },
    { "contradiction", { NULL, "Widerspruch", "Contradiction", "تناقض" } },
    { "needless_effort", { NULL, "Unnötige Mühe", "Effort inutile", "زحمت بیهوده" } },
    { "no_apology", { NULL, "Keine Entschuldigung", "Pas d’excuses", "بدون پوزش" } },
    { "dead_link", { NULL, "Toter Link", "Lien mort", "پیوند خراب" } },
    { "no_unsubscribe", { NULL, "Keine Abmeldung", "Pas de désinscription", "بدون لغو عضویت" } },
    { "spam_folder", { NULL, "Im Spam gelandet", "Arrivé dans le spam", "رفته در هرزنامه" } },
    { "refused_mail", { NULL, "E-Mail abgelehnt", "E-mail refusé", "نامه پذیرفته نشد" } },
    { "unlabelled_field", { NULL, "Feld ohne Beschriftung", "Champ sans étiquette",
                            "خانه بی‌نام" } },
    { "progress", { NULL, "Es geht voran", "Progrès", "پیشرفت" } },
    { "full_answer", { NULL, "Vollständige Antwort", "Réponse complète", "پاسخ کامل" } },
    { "solved", { NULL, "Gelöst", "Résolu", "حل شد" } },
    { "promise_kept", { NULL, "Versprechen gehalten", "Promesse tenue", "وفا به وعده" } },
    { "unasked_update", { NULL, "Auf dem Laufenden gehalten", "Tenu informé",
                          "آگاه‌سازی خودخواسته" } },
    { "acknowledgement", { NULL, "Eingangsbestätigung", "Accusé de réception",
                           "تأیید دریافت" } },
    { "personal", { NULL, "Persönlich", "Personnel", "شخصی" } },
    { "time_named", { NULL, "Zeit genannt", "Délai annoncé", "زمان گفته شد" } },
    { "wait_explained", { NULL, "Wartezeit erklärt", "Attente expliquée",
                          "انتظار توضیح داده شد" } },
    { "reference", { NULL, "Vorgangsnummer", "Numéro de dossier", "شماره پیگیری" } },
    { "early_reply", { NULL, "Frühe Antwort", "Réponse rapide", "پاسخ زود" } },
    { "apology", { NULL, "Entschuldigung", "Excuses", "پوزش" } },
    { "compensation", { NULL, "Wiedergutmachung", "Dédommagement", "جبران" } },
};

static const struct name marks[] = {
    { "asks", { NULL, "fragt nach", "demande", "می‌پرسد" } },
    { "asks_to_confirm", { NULL, "lässt bestätigen", "fait confirmer", "تأیید می‌خواهد" } },
    { "acknowledges", { NULL, "bestätigt den Eingang", "accuse réception",
                        "دریافت را تأیید می‌کند" } },
    { "gives_reference", { NULL, "nennt eine Nummer", "donne une référence",
                           "شماره می‌دهد" } },
    { "promises_time", { NULL, "verspricht eine Zeit", "promet un délai",
                         "زمان وعده می‌دهد" } },
    { "apologises", { NULL, "entschuldigt sich", "s’excuse", "پوزش می‌خواهد" } },
    { "explains", { NULL, "erklärt", "explique", "توضیح می‌دهد" } },
    { "solves", { NULL, "löst es", "résout", "حل می‌کند" } },
    { "compensates", { NULL, "macht es wieder gut", "dédommage", "جبران می‌کند" } },
    { "informs", { NULL, "teilt Neues mit", "informe", "خبر می‌دهد" } },
    { "hands_over", { NULL, "gibt weiter", "transfère", "واگذار می‌کند" } },
    { "pushes_elsewhere", { NULL, "schickt woandershin", "renvoie ailleurs",
                            "به جای دیگر می‌فرستد" } },
    { "not_understood", { NULL, "versteht nicht", "ne comprend pas", "نمی‌فهمد" } },
    { "refuses", { NULL, "lehnt ab", "refuse", "نمی‌پذیرد" } },
    { "closes", { NULL, "beendet das Gespräch", "clôt la conversation", "پایان می‌دهد" } },
    { "anything_else", { NULL, "fragt, ob noch etwas ist", "propose autre chose",
                         "می‌پرسد چیز دیگری هست" } },
    { "greets", { NULL, "grüßt mit Namen", "salue par le nom", "با نام سلام می‌کند" } },
    { "misnames", { NULL, "grüßt mit falschem Namen", "salue par un autre nom",
                    "با نام دیگری سلام می‌کند" } },
    { "rude", { NULL, "ist unhöflich", "est impoli", "بی‌ادب است" } },
    { "boilerplate", { NULL, "antwortet mit Floskeln", "répond par formule",
                       "پاسخ کلیشه‌ای می‌دهد" } },
    { "no_reply", { NULL, "kommt aus einem Postfach, das niemand liest",
                    "vient d’une boîte non lue", "از صندوقی که کسی نمی‌خواند" } },
    { "disputes", { NULL, "bestreitet eine Angabe", "conteste une donnée",
                    "داده را نادرست می‌خواند" } },
    { "tells", { NULL, "Kundschaft nennt", "le client indique", "مشتری می‌گوید" } },
    { "unsure", { NULL, "weiß es nicht", "ne sait pas", "مشتری نمی‌داند" } },
    { "changes_mind", { NULL, "will etwas anderes", "change d’avis", "نظرش عوض شد" } },
    { "requests", { NULL, "bittet um etwas", "demande une action", "درخواست می‌کند" } },
    { "wants_human", { NULL, "möchte einen Menschen", "veut une personne",
                       "انسان می‌خواهد" } },
    { "chases", { NULL, "hakt nach", "relance", "پیگیری می‌کند" } },
    { "language", { NULL, "ist geschrieben auf", "est écrit en", "نوشته شده به" } },
    { "reads_back", { NULL, "liest vor", "relit", "بازمی‌خواند" } },
    { "affirms", { NULL, "stimmt zu", "est d’accord", "موافق است" } },
    { "objects", { NULL, "sagt, das sei keine Antwort", "dit que ce n’est pas une réponse",
                   "می‌گوید این پاسخ نبود" } },
    { "thanks", { NULL, "ist zufrieden", "est satisfait", "خشنود است" } },
};

static const struct name mail_kinds[] = {
    { "acknowledgement", { "acknowledgement", "Eingangsbestätigung", "accusé de réception",
                           "تأیید دریافت" } },
    { "out_of_office", { "absence notice", "Abwesenheitsnotiz", "message d’absence",
                         "پیام غیبت" } },
    { "notice", { "automatic notice", "automatische Mitteilung", "avis automatique",
                  "آگاهی خودکار" } },
    { "human", { "a person’s answer", "Antwort eines Menschen", "réponse d’une personne",
                 "پاسخ یک انسان" } },
    { "bounce", { "bounce", "Rückläufer", "retour à l’envoyeur", "برگشتی" } },
    { "confirmation", { "request to confirm", "Bitte um Bestätigung", "demande de confirmation",
                        "درخواست تأیید" } },
    { "survey", { "survey", "Umfrage", "enquête", "نظرسنجی" } },
    { "newsletter", { "newsletter", "Newsletter", "lettre d’information", "خبرنامه" } },
};

static const char *find(const struct name *names, size_t count, const char *kind, int column)
{
    for (size_t i = 0; i < count; i++)
        if (!strcmp(names[i].kind, kind))
            return names[i].said[column];
    return NULL;
}

const char *words_title(const struct words *w, const struct finding_row *row)
{
    const char *said = find(findings, ARRAY_LEN(findings), row->kind, w->column);

    return said ? said : row->title;
}

const char *words_mark(const struct words *w, enum mark_kind k)
{
    const char *said = find(marks, ARRAY_LEN(marks), mark_name(k), w->column);

    return said ? said : mark_text(k);
}

const char *words_mail_kind(const struct words *w, enum mail_kind k)
{
    const char *said = find(mail_kinds, ARRAY_LEN(mail_kinds), mail_kind_names[k], w->column);

    return said ? said : mail_kind_names[k];
}

const char *words_line(const struct words *w, const char *what)
{
    static const struct { const char *what; enum word word; } rows[] = {
        { "outcome", WORD_LINE_OUTCOME }, { "waits", WORD_LINE_WAITS },
        { "cap for abuse", WORD_LINE_CAP }, { "clamping", WORD_LINE_CLAMP },
        { "ordinary service", WORD_LINE_ORDINARY },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (!strcmp(rows[i].what, what))
            return word(w, rows[i].word);
    return what;
}
