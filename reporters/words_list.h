#ifndef REPORTERS_WORDS_LIST_H
#define REPORTERS_WORDS_LIST_H
/* The words of the HTML report: id, English, German, French, Persian. */

#define WORD_LIST(X)                                                                               \
    X(REPORT, "Mystery-shopper report", "Testkunden-Bericht", "Rapport client mystère",            \
      "گزارش مشتری ناشناس")                                                                        \
    X(SHOPPED, "Shopped journeys", "Gespielte Kundenwege", "Parcours joués", "مسیرهای آزموده")     \
    X(AND_OTHERS, "{0} and others", "{0} und andere", "{0} et d’autres", "{0} و دیگران")           \
    X(JOURNEY_1, "{0} journey", "{0} Kundenweg", "{0} parcours", "{0} مسیر")                       \
    X(JOURNEY_N, "{0} journeys", "{0} Kundenwege", "{0} parcours", "{0} مسیر")                     \
    X(PLAYED_IN, "played in {0}", "gespielt in {0}", "joués en {0}", "اجرا در {0}")                \
    X(DATE, "{0} {1} {2}, {3}", "{0}. {1} {2}, {3}", "{0} {1} {2}, {3}", "{0} {1} {2}، {3}")       \
    X(MONTHS, "January|February|March|April|May|June|July|August|September|October|November|"      \
              "December",                                                                          \
      "Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember",        \
      "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre",      \
      "ژانویه|فوریه|مارس|آوریل|مه|ژوئن|ژوئیه|اوت|سپتامبر|اکتبر|نوامبر|دسامبر")                     \
    X(MADE_BY, "Made by {0}.", "Erstellt mit {0}.", "Réalisé avec {0}.", "ساخته با {0}.")          \
    X(YARDSTICK, "Where the company promised nothing, waits are measured against the expectations "\
                 "“{0}”.",                                                                         \
      "Wo die Firma nichts versprochen hat, gelten für Wartezeiten die Erwartungen „{0}“.",        \
      "Là où l’entreprise n’a rien promis, les attentes sont mesurées d’après « {0} ».",           \
      "هر جا شرکت وعده‌ای نداده، زمان انتظار با معیار «{0}» سنجیده شده است.")                      \
    X(CHANGED, "Changed there:", "Dort geändert:", "Modifié :", "تغییرهای آن:")                    \
    X(SCALE, "Score: 0 to 100, as this customer would remember the journey. Effort (CES): 7 is "   \
             "very easy, 1 very hard.",                                                            \
      "Punkte: 0 bis 100, so wie diese Kundin oder dieser Kunde den Weg in Erinnerung behielte. "  \
      "Aufwand (CES): 7 ist sehr leicht, 1 sehr mühsam.",                                          \
      "Note : 0 à 100, telle que ce client se souviendrait du parcours. Effort (CES) : 7 très "    \
      "facile, 1 très pénible.",                                                                   \
      "امتیاز: ۰ تا ۱۰۰، آن‌گونه که این مشتری مسیر را به یاد می‌آورد. زحمت (CES): ۷ بسیار آسان، "  \
      "۱ بسیار سخت.")                                                                              \
    X(CONTENTS, "Contents", "Inhalt", "Sommaire", "فهرست")                                         \
    X(PAGE, "Page", "Seite", "Page", "صفحه")                                                       \
    /* results */                                                                                  \
    X(MET, "met its bar", "Ziel erreicht", "seuil atteint", "به حد نصاب رسید")                     \
    X(FELL_SHORT, "fell short", "Ziel verfehlt", "insuffisant", "کمتر از حد نصاب")                 \
    X(NOT_TESTED, "not tested", "nicht geprüft", "non testé", "آزموده نشد")                        \
    X(STOPPED, "stopped", "abgebrochen", "interrompu", "متوقف شد")                                 \
    X(SOLVED, "solved", "gelöst", "résolu", "حل شد")                                               \
    X(OPEN, "open", "offen", "en suspens", "باز مانده")                                            \
    X(NOT_SOLVED, "not solved", "nicht gelöst", "non résolu", "حل نشد")                            \
    X(RING, "Score {0} of 100, grade {1}", "{0} von 100 Punkten, Note {1}",                        \
      "Note {0} sur 100, classe {1}", "امتیاز {0} از ۱۰۰، رتبه {1}")                               \
    X(GRADE_OF, "grade {0}", "Note {0}", "classe {0}", "رتبه {0}")                                 \
    X(NO_SCORE, "no score", "ohne Punkte", "sans note", "بدون امتیاز")                             \
    /* first page */                                                                               \
    X(SUMMARY, "Summary", "Überblick", "Synthèse", "چکیده")                                        \
    X(NONE_PLAYED, "No journey was played.", "Es wurde kein Kundenweg gespielt.",                  \
      "Aucun parcours n’a été joué.", "هیچ مسیری اجرا نشد.")                                       \
    X(ONE_MET, "The journey met its bar.", "Der Kundenweg hat sein Ziel erreicht.",                \
      "Le parcours a atteint son seuil.", "مسیر به حد نصاب خود رسید.")                             \
    X(ONE_MISSED, "The journey did not meet its bar.", "Der Kundenweg hat sein Ziel verfehlt.",    \
      "Le parcours n’a pas atteint son seuil.", "مسیر به حد نصاب خود نرسید.")                      \
    X(ALL_MET, "All {0} journeys met their bar.", "Alle {0} Kundenwege haben ihr Ziel erreicht.",  \
      "Les {0} parcours ont tous atteint leur seuil.", "هر {0} مسیر به حد نصاب خود رسیدند.")       \
    X(NONE_MET, "None of the {0} journeys met its bar.",                                           \
      "Keiner der {0} Kundenwege hat sein Ziel erreicht.",                                         \
      "Aucun des {0} parcours n’a atteint son seuil.",                                             \
      "هیچ‌یک از {0} مسیر به حد نصاب خود نرسید.")                                                  \
    X(SOME_MET, "{0} of {1} journeys met their bar.", "{0} von {1} Kundenwegen haben ihr Ziel "    \
                                                      "erreicht.",                                 \
      "{0} parcours sur {1} ont atteint leur seuil.", "{0} مسیر از {1} مسیر به حد نصاب رسیدند.")   \
    X(SHORT_OF, "{0} fell short of what this customer could expect.",                              \
      "{0} blieben hinter dem zurück, was zu erwarten war.",                                       \
      "{0} en deçà de ce que ce client pouvait attendre.",                                         \
      "{0} مسیر کمتر از انتظار مشتری بود.")                                                        \
    X(UNTESTED, "{0} could not be tested, for reasons on our side.",                               \
      "{0} konnten nicht geprüft werden, aus Gründen auf unserer Seite.",                          \
      "{0} n’ont pu être testés, pour des raisons de notre côté.",                                 \
      "{0} مسیر به دلایلی از سوی ما آزموده نشد.")                                                  \
    X(BROKEN_OFF, "{0} stopped before the end.", "{0} vor dem Ende abgebrochen.",                  \
      "{0} arrêtés avant la fin.", "{0} مسیر پیش از پایان متوقف شد.")                              \
    X(AVERAGE, "The ring shows the average score of the {0} journeys that have one.",              \
      "Der Ring zeigt den Durchschnitt der {0} Kundenwege mit Punkten.",                           \
      "L’anneau montre la moyenne des {0} parcours notés.",                                        \
      "حلقه میانگین امتیاز {0} مسیر دارای امتیاز را نشان می‌دهد.")                                 \
    X(LEFT_OUT, "Left out:", "Ausgelassen:", "Laissé de côté :", "کنار گذاشته:")                   \
    X(WORST_1, "The worst moment", "Der schlimmste Moment", "Le pire moment", "بدترین لحظه")       \
    X(WORST_N, "The worst moments", "Die schlimmsten Momente", "Les pires moments",                \
      "بدترین لحظه‌ها")                                                                            \
    X(SAID, "{0} said:", "{0} schrieb:", "{0} a écrit :", "{0} گفت:")                              \
    X(POINTS_LOST, "−{0} points", "−{0} Punkte", "−{0} points",                                    \
      "\xE2\x80\x8E−{0} امتیاز")                                                                  \
    X(DELIGHTED, "What delighted", "Was erfreut hat", "Ce qui a plu", "آنچه خوشایند بود")          \
    X(NO_DELIGHT, "Nothing that a customer would tell a friend about.",                            \
      "Nichts, wovon man Freunden erzählen würde.", "Rien qu’un client raconterait à un ami.",     \
      "چیزی نبود که مشتری برای دوستی تعریف کند.")                                                  \
    X(MORE_SUCH, "and {0} more such", "und {0} weitere", "et {0} autres", "و {0} مورد دیگر")       \
    X(MEND, "What to mend first", "Was zuerst zu beheben ist", "À corriger en premier",            \
      "نخست چه را باید درست کرد")                                                                  \
    X(NO_MEND, "Nothing was found that costs points.", "Nichts gefunden, was Punkte kostet.",      \
      "Rien trouvé qui coûte des points.", "چیزی که امتیاز کم کند یافت نشد.")                      \
    X(REGAINED, "Points regained", "Gewonnene Punkte", "Points regagnés", "امتیاز بازگشته")        \
    X(REGAIN_NOTE, "What the scores would gain had it not happened, added over the journeys.",     \
      "Was die Punktzahlen gewännen, wäre es nicht geschehen; über alle Kundenwege summiert.",     \
      "Ce que les notes gagneraient sans cela, cumulé sur les parcours.",                          \
      "آنچه امتیازها بدون آن به دست می‌آوردند، روی هم رفته در همه مسیرها.")                        \
    X(TIME_WENT, "Where time went", "Wohin die Zeit ging", "Où le temps est passé",                \
      "زمان کجا رفت")                                                                              \
    X(TIME_OF, "Customers waited {0} for the company, in journeys that took {1} together.",        \
      "Die Kundinnen und Kunden warteten {0} auf die Firma; alle Wege zusammen dauerten "          \
        "{1}.",                                                                                    \
      "Les clients ont attendu l’entreprise {0}, sur des parcours de {1} au total.",               \
      "مشتریان {0} منتظر شرکت ماندند؛ همه مسیرها روی هم {1} طول کشید.")                            \
    X(TIME_SUM, "Customers waited {0} for the company.",                                           \
      "Die Kundinnen und Kunden warteten {0} auf die Firma.",                                      \
      "Les clients ont attendu l’entreprise {0}.",                                                 \
      "مشتریان {0} منتظر شرکت ماندند.")                                                            \
    X(TIME_NOTE, "Time a customer felt as waiting: closed hours do not count where the "           \
        "company names its hours. Bars: the part of all waiting.",                                 \
      "Gefühlte Wartezeit: Schließzeiten zählen nicht, wo die Firma ihre Zeiten nennt. "           \
        "Balken: Anteil am gesamten Warten.",                                                      \
      "Attente ressentie : les heures de fermeture ne comptent pas là où l’entreprise "            \
        "indique ses horaires. Barres : part de toute l’attente.",                                 \
      "زمان انتظاری که مشتری حس کرد: جایی که شرکت ساعت کار خود را گفته، ساعت‌های بسته "            \
        "به حساب نمی‌آید. نوارها: سهم از همه انتظار.")                                             \
    X(WAITED_FOR, "Kind of wait", "Art des Wartens", "Type d’attente", "نوع انتظار")               \
    X(WAIT_RECEIPT, "Receipt", "Eingangsbestätigung", "Accusé de réception", "رسید")               \
    X(WAIT_ANSWER, "Answer", "Antwort", "Réponse", "پاسخ")                                         \
    X(WAIT_FIRST, "First reply", "Erste Antwort", "Première réponse", "نخستین پاسخ")               \
    X(WAIT_NEXT, "Further replies", "Weitere Antworten", "Réponses suivantes", "پاسخ‌های بعدی")    \
    X(WAIT_PAGE, "Page", "Seite", "Page", "صفحه")                                                  \
    X(WAIT_VAIN, "In vain: gave up", "Vergeblich: aufgegeben",                                     \
      "En vain : abandon", "بیهوده: دست کشید")                                                     \
    X(ON_AVERAGE, "On average",                                                                    \
      "Im Mittel",                                                                                 \
      "En moyenne",                                                                                \
      "میانگین")                                                                                   \
    X(IN_ALL, "In all",                                                                            \
      "Zusammen",                                                                                  \
      "En tout",                                                                                   \
      "روی هم")                                                                                    \
    X(LONGEST, "Longest", "Längste", "Plus longue", "بلندترین")                                    \
    X(GLANCE, "The journeys at a glance", "Die Kundenwege auf einen Blick",                        \
      "Les parcours en un coup d’œil", "مسیرها در یک نگاه")                                        \
    X(JOURNEY, "Journey", "Kundenweg", "Parcours", "مسیر")                                         \
    X(RESULT, "Result", "Ergebnis", "Résultat", "نتیجه")                                           \
    X(SCORE, "Score", "Punkte", "Note", "امتیاز")                                                  \
    X(GRADE, "Grade", "Note", "Classe", "رتبه")                                                    \
    X(EFFORT_CES, "Effort (CES)", "Aufwand (CES)", "Effort (CES)", "زحمت (CES)")                   \
    X(OUTCOME, "Outcome", "Ausgang", "Issue", "سرانجام")                                           \
    X(FINDING, "Finding", "Befund", "Constat", "یافته")                                            \
    X(TIMES, "Times", "Anzahl", "Fois", "بار")                                                     \
    X(FILTER, "Find a journey", "Kundenweg suchen", "Chercher un parcours", "جستجوی مسیر")         \
    X(ANY_RESULT, "any result", "jedes Ergebnis", "tout résultat", "هر نتیجه")                     \
    X(ORDER, "Order", "Reihenfolge", "Ordre", "ترتیب")                                              \
    X(AS_PLAYED, "as played", "wie gespielt", "comme joué", "به ترتیب اجرا")                        \
    X(WORST_FIRST, "lowest score first", "schlechteste zuerst", "pires scores d’abord",            \
      "کمترین امتیاز اول")                                                                        \
    X(SHOWN, "Shown:", "Angezeigt:", "Affichés :", "نمایش:")                                       \
    /* a journey */                                                                                \
    X(PLAYED_AS, "Played as {0}", "Gespielt als {0}", "Joué comme {0}", "در نقش {0}")              \
    X(SCORE_GRADE, "{0}, grade {1}", "{0}, Note {1}", "{0}, classe {1}", "{0}، رتبه {1}")          \
    X(BETWEEN, "between {0} and {1}", "zwischen {0} und {1}", "entre {0} et {1}",                  \
      "میان {0} و {1}")                                                                            \
    X(GRADES_TO, "({0} to {1})", "({0} bis {1})", "({0} à {1})", "({0} تا {1})")                   \
    X(TIMES_UNKNOWN, "times unknown", "Zeiten unbekannt", "durées inconnues", "زمان‌ها نامعلوم")   \
    X(OF_SEVEN, "{0} of 7", "{0} von 7", "{0} sur 7", "{0} از ۷")                                  \
    X(VERY_EASY, "very easy", "sehr leicht", "très facile", "بسیار آسان")                          \
    X(EASY, "easy", "leicht", "facile", "آسان")                                                    \
    X(SOME_EFFORT, "some effort", "etwas mühsam", "un certain effort", "کمی زحمت")                 \
    X(HARD, "hard", "mühsam", "pénible", "سخت")                                                    \
    X(VERY_HARD, "very hard", "sehr mühsam", "très pénible", "بسیار سخت")                          \
    X(FIRST_REPLY, "First reply, {0}", "Erste Antwort, {0}", "Première réponse, {0}",              \
      "نخستین پاسخ، {0}")                                                                          \
    X(RECEIPT_IN, "Receipt, {0}", "Bestätigung, {0}", "Accusé de réception, {0}",                  \
      "تأیید دریافت، {0}")                                                                         \
    X(RECEIPT_AFTER, "receipt after {0}", "Bestätigung nach {0}", "accusé après {0}",              \
      "تأیید پس از {0}")                                                                           \
    X(TYPING_AFTER, "typing seen after {0}", "Tippen nach {0} zu sehen", "saisie visible après {0}",  \
      "نوشتن پس از {0} دیده شد")                                                                   \
    X(WORD_AFTER, "first word after {0}", "erstes Wort nach {0}", "premier mot après {0}",         \
      "نخستین واژه پس از {0}")                                                                     \
    X(LONGEST_OF, "longest {0}", "längste {0}", "plus longue {0}", "بلندترین {0}")                 \
    X(TO_THE_FORM, "To the form, {0}", "Bis zum Formular, {0}", "Jusqu’au formulaire, {0}",        \
      "تا فرم، {0}")                                                                               \
    X(FORM_FIELDS, "fields: {0}, required: {1}", "Felder: {0}, Pflicht: {1}",                      \
      "champs : {0}, obligatoires : {1}", "فیلدها: {0}، اجباری: {1}")                              \
    X(FORM_UNLABELLED, "without a label: {0}", "ohne Beschriftung: {0}", "sans libellé : {0}",     \
      "بدون برچسب: {0}")                                                                           \
    X(FORM_PAGES, "pages: {0}", "Seiten: {0}", "pages : {0}", "صفحه‌ها: {0}")                       \
    X(FORM_PARTS, "requests: {0}", "Abrufe: {0}", "requêtes : {0}", "درخواست‌ها: {0}")              \
    X(BAR, "Bar", "Ziel", "Seuil", "حد نصاب")                                                      \
    X(BAR_SCORE, "score {0}", "{0} Punkte", "note {0}", "امتیاز {0}")                              \
    X(BAR_NEVER, "never {0}", "nie {0}", "jamais {0}", "هرگز {0}")                                 \
    X(DURATION, "Duration", "Dauer", "Durée", "مدت")                                               \
    X(FACTS, "Yes or no", "Ja oder nein", "Oui ou non", "آری یا نه")                               \
    X(YES, "yes", "ja", "oui", "آری")                                                              \
    X(NO, "no", "nein", "non", "نه")                                                               \
    X(FACT_SOLVED, "Problem solved", "Problem gelöst", "Problème résolu", "مشکل حل شد")            \
    X(FACT_RECEIPT, "Receipt in time", "Eingang rechtzeitig bestätigt", "Accusé reçu à temps",     \
      "تأیید دریافت به‌موقع")                                                                      \
    X(FACT_ANSWERED, "Always answered", "Immer eine Antwort", "Toujours une réponse",              \
      "همیشه پاسخ داد")                                                                            \
    X(FACT_PROMISES, "Promises kept", "Versprechen gehalten", "Promesses tenues", "وفا به وعده")   \
    X(FACT_QUICK, "Waits as expected", "Wartezeit wie erwartet", "Attentes normales",              \
      "انتظار در حد معمول")                                                                        \
    X(FACT_ONCE, "Asked only once", "Nur einmal gefragt", "Demandé une seule fois",                \
      "هر چیز یک بار پرسیده شد")                                                                   \
    X(FACT_UNDERSTOOD, "Understood", "Verstanden", "Compris", "فهمیده شد")                         \
    X(FACT_STAYED, "Not sent elsewhere", "Nicht weggeschickt", "Pas renvoyé ailleurs",             \
      "به جای دیگر فرستاده نشد")                                                                   \
    X(FACT_POLITE, "Polite", "Höflich", "Poli", "مؤدبانه")                                         \
    X(FACT_LANGUAGE, "In the customer’s language", "In der Sprache der Kundschaft",                \
      "Dans la langue du client", "به زبان مشتری")                                                 \
    X(STORY, "What happened", "Was geschah", "Ce qui s’est passé", "چه گذشت")                      \
    X(STORY_WROTE, "At {0} {1} wrote ({2}):", "{0}: {1} schrieb ({2}):",                           \
      "À {0}, {1} a écrit ({2}) :", "در {0}، {1} نوشت ({2}):")                                     \
    X(STORY_CAME, "At {0} word came from {1} ({2}):", "{0}: Nachricht von {1} ({2}):",             \
      "À {0}, message de {1} ({2}) :", "در {0} پیامی از {1} رسید ({2}):")                          \
    X(STORY_ANSWERED, "After {0} {1} answered:", "Nach {0} antwortete {1}:",                       \
      "Après {0}, {1} a répondu :", "پس از {0}، {1} پاسخ داد:")                                    \
    X(STORY_ANSWER, "{0} answered:", "{0} antwortete:", "{0} a répondu :", "{0} پاسخ داد:")        \
    X(STORY_SILENCE, "No answer came.", "Es kam keine Antwort.", "Aucune réponse n’est venue.",    \
      "پاسخی نیامد.")                                                                              \
    X(STORY_MORE, "{0} more exchanges follow in the transcript.",                                  \
      "{0} weitere Wortwechsel stehen im Protokoll.",                                              \
      "{0} autres échanges figurent dans la transcription.",                                       \
      "{0} گفت‌وگوی دیگر در متن کامل آمده است.")                                                   \
    X(STORY_END, "It ended: {0}.", "Am Ende: {0}.", "À la fin : {0}.", "سرانجام: {0}.")            \
    X(EVENT_1, "Event", "Ereignis", "Événement", "رویداد")                                         \
    X(EVENT_N, "Events", "Ereignisse", "Événements", "رویدادهای")                                  \
    X(TOOK, "took {0}", "dauerte {0}", "a pris {0}", "{0} طول کشید")                               \
    X(EXPECTED, "expected within {0}", "erwartet binnen {0}", "attendu sous {0}",                  \
      "انتظار: تا {0}")                                                                            \
    X(CONFIDENCE, "confidence {0}", "Sicherheit {0}", "confiance {0}", "اطمینان {0}")              \
    X(NOT_CHARGED, "not charged", "ohne Abzug", "sans retrait", "بدون کسر")                        \
    X(WENT_WRONG, "What went wrong", "Was schiefging", "Ce qui n’a pas marché",                    \
      "چه بد پیش رفت")                                                                             \
    X(WENT_WELL, "What went well", "Was gut lief", "Ce qui a bien marché", "چه خوب پیش رفت")       \
    X(DOUBTS, "Doubts, not counted", "Zweifel, nicht gezählt", "Doutes, non comptés",              \
      "تردیدها، بدون محاسبه")                                                                      \
    X(ACCOUNT, "Where the points went", "Wohin die Punkte gingen", "Où sont passés les points",    \
      "امتیازها کجا رفت")                                                                          \
    X(WHAT, "What", "Was", "Quoi", "چه")                                                           \
    X(POINTS, "Points", "Punkte", "Points", "امتیاز")                                              \
    X(PERFECT, "A perfect journey", "Ein vollkommener Kundenweg", "Un parcours parfait",           \
      "مسیر بی‌نقص")                                                                               \
    X(LINE_OUTCOME, "How the journey ended", "Wie es ausging", "L’issue du parcours",              \
      "سرانجام مسیر")                                                                              \
    X(LINE_WAITS, "Waiting", "Warten", "L’attente", "انتظار")                                      \
    X(LINE_CAP, "Cap for an abusive tone", "Deckel wegen Beleidigung",                             \
      "Plafond pour propos injurieux", "سقف به سبب توهین")                                         \
    X(LINE_CLAMP, "Ends of the scale", "Enden der Skala", "Bornes de l’échelle", "دو سر مقیاس")    \
    X(LINE_ORDINARY, "Good moments that did not come", "Gute Momente, die ausblieben",             \
      "Bons moments qui ne sont pas venus", "لحظه‌های خوبی که نیامد")                              \
    X(FINDING_NO, "finding {0}", "Befund {0}", "constat {0}", "یافته {0}")                         \
    /* the map */                                                                                  \
    X(MOOD, "Mood", "Stimmung", "Humeur", "حال")                                                   \
    X(GOOD, "good", "gut", "bonne", "خوب")                                                         \
    X(BAD, "bad", "schlecht", "mauvaise", "بد")                                                    \
    X(END, "end", "Ende", "fin", "پایان")                                                          \
    X(LOW_POINT, "low point", "Tiefpunkt", "creux", "پایین‌ترین")                                  \
    X(KEPT, "kept: {0}", "gehalten: {0}", "tenu : {0}", "وفا شد: {0}")                             \
    X(BROKEN, "broken: {0}", "gebrochen: {0}", "rompu : {0}", "شکسته: {0}")                        \
    X(MAP_OF, "Map of the journey {0}", "Karte des Kundenwegs {0}", "Carte du parcours {0}",       \
      "نقشه مسیر {0}")                                                                             \
    X(MAP_SAYS, "Messages: {0}, channels: {1}, in {2}.", "Nachrichten: {0}, Kanäle: {1}, in {2}.", \
      "Messages : {0}, canaux : {1}, en {2}.", "پیام‌ها: {0}، کانال‌ها: {1}، در {2}.")             \
    X(MAP_MOOD, "On a scale from -1 to 0.5 the mood starts at {0}, is lowest at {1} and ends at "  \
                "{2}.",                                                                            \
      "Auf einer Skala von -1 bis 0,5 beginnt die Stimmung bei {0}, ist am tiefsten bei {1} und "  \
      "endet bei {2}.",                                                                            \
      "Sur une échelle de -1 à 0,5 l’humeur commence à {0}, descend à {1} et finit à {2}.",        \
      "در مقیاس ۱- تا ۰٫۵ حال مشتری از {0} آغاز می‌شود، به {1} می‌رسد و با {2} پایان می‌یابد.")    \
    X(MAP_BAD, "Findings against the company: {0}. The list and the transcript below hold the "    \
               "same facts.",                                                                      \
      "Befunde gegen die Firma: {0}. Liste und Protokoll darunter enthalten dasselbe.",            \
      "Constats défavorables : {0}. La liste et la transcription ci-dessous disent la même chose.",\
      "یافته‌های منفی: {0}. فهرست و متن زیر همین‌ها را دارند.")                                    \
    X(CAPTION, "Rings: the customer. Squares: the company. Bars: waits, dotted where too long. "   \
               "Thin spans below them: promised times, up to the tick; dotted: overdue. Numbered " \
               "flags: what went wrong; plus signs: what went well. The curve: the mood, also "    \
               "while nothing came.",                                                              \
      "Ringe: Kundschaft. Quadrate: Firma. Balken: Wartezeiten, gepunktet wo zu lang. Dünne "      \
      "Spannen darunter: zugesagte Zeiten bis zum Strich; gepunktet: überfällig. Nummern: was "    \
      "schiefging; Pluszeichen: was gut lief. Die Kurve: die Stimmung, auch während des Wartens.",     \
      "Ronds : le client. Carrés : l’entreprise. Barres : attentes, pointillées si trop longues. " \
      "Traits fins dessous : délais promis jusqu’à la marque ; pointillés : dépassés. Numéros : "  \
      "ce qui n’a pas marché ; signes plus : ce qui a bien marché. La courbe : l’humeur, attente " \
      "comprise.",                                                                                \
      "حلقه‌ها: مشتری. مربع‌ها: شرکت. نوارها: انتظار، نقطه‌چین اگر زیاد باشد. خط‌های نازک زیر "     \
      "آن‌ها: زمان وعده‌شده تا نشانه؛ نقطه‌چین: دیرکرد. پرچم‌های شماره‌دار: چه بد پیش رفت؛ "        \
      "علامت جمع: چه خوب پیش رفت. منحنی: حال مشتری، هنگام انتظار نیز.")                                \
    X(CAPTION_BREAK, "A gap marked // was longer than it is drawn.",                               \
      "Eine Lücke mit // war länger als gezeichnet.",                                              \
      "Un intervalle marqué // a duré plus que dessiné.",                                          \
      "فاصله‌ای با نشان // بلندتر از آن بوده که کشیده شده است.")                                   \
    /* the transcript */                                                                           \
    X(CUSTOMER, "customer", "Kundschaft", "client", "مشتری")                                       \
    X(COMPANY, "company", "Firma", "entreprise", "شرکت")                                           \
    X(TRANSCRIPT, "Transcript", "Protokoll", "Transcription", "متن کامل")                          \
    X(TIME, "Time", "Zeit", "Heure", "زمان")                                                       \
    X(WHO, "Who", "Wer", "Qui", "چه کسی")                                                          \
    X(FELT_WAIT, "Felt wait", "Gefühlte Wartezeit", "Attente ressentie", "انتظار حس‌شده")          \
    X(AFTER, "after {0}", "nach {0}", "après {0}", "پس از {0}")                                    \
    X(GAVE_UP, "Gave up:", "Aufgegeben:", "Abandon :", "دست کشید:")                                \
    X(CUT, "({0} of {1} bytes shown; the JSON report has all)",                                    \
      "({0} von {1} Byte gezeigt; der JSON-Bericht enthält alles)",                                \
      "({0} octets sur {1} affichés ; le rapport JSON contient tout)",                             \
      "({0} از {1} بایت نمایش داده شد؛ گزارش JSON همه را دارد)")                                   \
    X(SCREENSHOT, "Screenshot after this step", "Bildschirmfoto nach diesem Schritt",              \
      "Capture d’écran après cette étape", "تصویر صفحه پس از این گام")                             \
    X(KEPT_FILE, "kept:", "aufbewahrt:", "conservé :", "نگه داشته شد:")                            \
    X(AUTOMATIC, "automatic", "automatisch", "automatique", "خودکار")                              \
    X(HUMAN, "human", "von einem Menschen", "d’une personne", "از یک انسان")                       \
    X(BOUNCE, "bounce", "Rückläufer", "retour à l’envoyeur", "برگشتی")                             \
    X(TOLD_BY, "told by {0}", "erkannt an {0}", "reconnu à {0}", "شناخته از روی {0}")              \
    X(MATCHED_BY, "ours by {0}", "zugeordnet durch {0}", "rattaché par {0}", "شناسایی با {0}")     \
    X(QUOTES, "quotes “{0}”", "zitiert „{0}“", "cite « {0} »", "نقل می‌کند: «{0}»")                    \
    X(SPEAKS, "speaks of it: {0}", "geht darauf ein: {0}", "en parle : {0}", "به آن می‌پردازد: {0}") \
    X(TRANSFERS, "Timings per transfer", "Zeiten je Übertragung", "Durées par transfert",          \
      "زمان هر انتقال")                                                                            \
    X(AT, "At", "Um", "À", "در")                                                                   \
    X(REQUEST, "Request", "Anfrage", "Requête", "درخواست")                                         \
    X(STATUS, "Status", "Status", "Statut", "وضعیت")                                               \
    X(LOOKUP, "Lookup", "Namen", "Résolution", "نام‌یابی")                                         \
    X(CONNECT, "Connect", "Verbinden", "Connexion", "اتصال")                                       \
    X(TLS, "TLS", "TLS", "TLS", "TLS")                                                             \
    X(FIRST_BYTE, "First byte", "Erstes Byte", "Premier octet", "نخستین بایت")                     \
    X(TOTAL, "Total", "Gesamt", "Total", "کل")                                                     \
    X(BYTES_IN, "Bytes in", "Byte empfangen", "Octets reçus", "بایت دریافتی")                      \
    X(WATERFALL, "Phases", "Phasen", "Phases", "مرحله‌ها")                                         \
    /* over time */                                                                                \
    X(TREND, "Over time", "Im Verlauf", "Au fil du temps", "در گذر زمان")                          \
    X(PLAYS, "Plays", "Durchläufe", "Exécutions", "اجراها")                                        \
    X(LATEST, "Latest", "Zuletzt", "Dernière", "آخرین")                                            \
    X(CHANGE, "Change", "Änderung", "Évolution", "تغییر")                                          \
    X(DATE_HEAD, "Date", "Datum", "Date", "تاریخ")                                                 \
    X(FINDINGS, "Findings", "Befunde", "Constats", "یافته‌ها")                                     \
    X(AS_TABLE, "As a table", "Als Tabelle", "En tableau", "در جدول")                              \
    X(PLOT_SAYS, "{0}: from {1} to {2}, latest {3}, over {4} plays.",                              \
      "{0}: von {1} bis {2}, zuletzt {3}, über {4} Durchläufe.",                                   \
      "{0} : de {1} à {2}, dernière {3}, sur {4} exécutions.",                                     \
      "{0}: از {1} تا {2}، آخرین {3}، در {4} اجرا.")                                               \
    /* units of time, as durations name them: ms s min h d */                                      \
    X(UNIT_MS, "ms", "ms", "ms", "میلی‌ثانیه")                                                     \
    X(UNIT_S, "s", "s", "s", "ثانیه")                                                              \
    X(UNIT_MIN, "min", "min", "min", "دقیقه")                                                      \
    X(UNIT_H, "h", "h", "h", "ساعت")                                                               \
    X(UNIT_D, "d", "T", "j", "روز")                                                                \
    X(UNKNOWN, "unknown", "unbekannt", "inconnu", "نامعلوم")

#endif
