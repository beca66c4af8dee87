/* What stands below the words of a mail: signature, contact block, small print, the lines of phones
 * and ticket systems. */
#include "harness/channels/mail_lines.h"

#include <string.h>

#include "harness/base/text.h"

enum {
    SIGNATURE_LINES_MAX = 15, CLOSING_MAX = 70, NAME_MAX_BYTES = 80, NAME_LINES_MAX = 4,
    MACHINE_MAX = 140, CLOSING_FROM_END = 45,
};

/* All lists: folded (text_fold). */

static const char *const machine_parts[] = {
    "reply above this line", "type your reply above", "write your reply above",
    "please reply above", "reply directly above", "respond above this line",
    "antworten sie oberhalb", "antwort oberhalb dieser", "oberhalb dieser linie",
    "oberhalb dieser zeile", "antwort uber diese", "ihre antwort uber",
    "repondez au-dessus", "repondre au-dessus", "reponse au-dessus", "au-dessus de cette ligne",
    "بالای این خط", "delivered by zendesk", "powered by freshdesk", "powered by zendesk",
    "powered by osticket", "this email is a service from", "diese e-mail ist ein service von",
    "cet e-mail est un service de", "virus-free. www", "virenfrei. www", "your customer support system",
    "bereitgestellt durch zendesk", "fourni par zendesk", "cet e-mail vous est envoye par",
    "unterstutzt von jira", "optimise par jira",
};

static const char *const machine_starts[] = {
    "sent from my", "sent from mail for windows", "sent from outlook", "get outlook for",
    "sent from yahoo", "sent from proton", "sent with proton", "sent via ", "von meinem iphone",
    "von meinem ipad", "von meinem samsung", "gesendet von mail fur", "gesendet von meinem",
    "gesendet mit der", "diese nachricht wurde von meinem", "holen sie sich outlook",
    "powered by ", "support powered by ", "this is shared with ", "delivered by ", "ref:msg",
    "ref:_", "thread::",
    "envoye de mon", "envoye depuis", "envoye a partir de", "obtenez outlook", "telecharger outlook",
    "enviado desde mi", "inviato da", "verzonden vanaf mijn", "ارسال شده از", "ارسال از گوشی",
    "فرستاده شده از",
};

static const char *const closings[] = {
    "kind regards", "best regards", "warm regards", "regards", "best wishes", "all the best",
    "sincerely", "yours sincerely", "yours faithfully", "yours truly", "with best regards",
    "with best wishes", "with kind regards", "many thanks", "thanks", "thank you", "cheers", "best",
    "mit freundlichen grussen",
    "mit freundlichem gruss", "freundliche grusse", "freundlichen gruss", "viele grusse",
    "beste grusse", "liebe grusse", "herzliche grusse", "schone grusse", "mit besten grussen",
    "mit herzlichen grussen", "mfg", "vg", "lg", "cordialement", "bien cordialement",
    "tres cordialement", "bien a vous", "sinceres salutations", "meilleures salutations",
    "salutations distinguees", "amicalement", "respectueusement", "avec nos meilleures salutations",
    "با احترام", "با تشکر", "با سپاس", "ارادتمند", "با ارزوی", "با تقدیم احترام",
};

static const char *const contact_parts[] = {
    "@", "www.", "http", "tel.", "tel:", "telefon", "telephone", "phone", "mobile:", "mobil:",
    "fax", "gmbh", " ltd", " inc.", " llc", " kg", " ag,", "s.a.r.l", "sarl", " sas ",
    "handelsregister", "amtsgericht", "geschaftsfuhr", "hrb ", "ust-id", "siret", "rcs ",
    "registered in", "registered office", "company no", "vat ", "strasse ", "street", " road",
    "rue ", "avenue ", "b.p.", "تلفن", "همراه:", "ادرس", "نشانی:", "وب سایت", "فکس", "نمابر",
};

static const char *const after_words[] = { "p.s", "ps:", "ps ", "nb:", "n.b" };

/* A paragraph with a word of both columns is small print. */
static const struct small_print { const char *about, *says; } small_prints[] = {
    { "confidential", "recipient" }, { "confidential", "intended" },
    { "confidential", "e-mail and any" }, { "privileged", "recipient" },
    { "in error", "delete" }, { "unauthorised", "disclosure" }, { "unauthorized", "disclosure" },
    { "solely for", "addressee" }, { "intended recipient", "notify" },
    { "consider the environment", "print" }, { "think before", "print" },
    { "checked for viruses", "" }, { "scanned for viruses", "" }, { "virus-free", "" },
    { "vertraulich", "e-mail" }, { "vertraulich", "empfanger" }, { "vertraulich", "adressat" },
    { "nicht der richtige adressat", "" }, { "irrtumlich erhalten", "" },
    { "denken sie an die umwelt", "" }, { "umwelt", "ausdrucken" }, { "auf viren", "gepruft" },
    { "confidentiel", "message" }, { "confidentiel", "destinataire" },
    { "pieces jointes", "destinataires" }, { "par erreur", "detruire" },
    { "pensez a l'environnement", "" }, { "environnement", "imprimer" },
    { "محرمانه", "گیرنده" }, { "محرمانه", "ایمیل" }, { "اشتباه", "حذف" },
};

/* "[8R2PZK-4E1LW]": what a ticket system knows its mail by. */
static bool is_token(struct slice s)
{
    enum { TOKEN_MIN = 12, TOKEN_MAX = 20 };
    size_t dashes = 0;

    if (s.len < TOKEN_MIN || s.len > TOKEN_MAX || s.ptr[0] != '[' || s.ptr[s.len - 1] != ']')
        return false;
    for (size_t i = 1; i + 1 < s.len; i++) {
        bool letter = (s.ptr[i] >= 'A' && s.ptr[i] <= 'Z') || (s.ptr[i] >= '0' && s.ptr[i] <= '9');

        dashes += s.ptr[i] == '-';
        if (!letter && s.ptr[i] != '-')
            return false;
    }
    return dashes == 1;
}

static bool starts_any(const char *s, const char *const *starts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!strncmp(s, starts[i], strlen(starts[i])))
            return true;
    return false;
}

void lines_drop_machines(struct lines *l)
{
    for (size_t i = 0; i < l->count; i++) {
        const char *s = lines_folded(l, i);

        if (l->items[i].text.len && l->items[i].text.len < MACHINE_MAX &&
            (lines_any(s, machine_parts, ARRAY_LEN(machine_parts)) || is_token(l->items[i].text) ||
             starts_any(s, machine_starts, ARRAY_LEN(machine_starts))))
            l->items[i].gone = true;
    }
}

/* "-- Anna" as the last line. */
static bool ends_so(const struct lines *l, size_t i)
{
    struct slice s = l->items[i].text;

    return s.len > 3 && s.len <= NAME_MAX_BYTES / 2 && s.ptr[2] == ' ' && s.ptr[s.len - 1] != '-' &&
           lines_next(l, i + 1) == l->count;
}

static void drop_below_dashes(struct lines *l)
{
    for (size_t i = l->count; i-- > 0;) {
        struct slice raw = l->items[i].raw;
        bool dashes = raw.len >= 2 && raw.ptr[0] == '-' && raw.ptr[1] == '-';

        if (raw.len && raw.ptr[raw.len - 1] == '\r')
            raw.len--;
        if (l->items[i].gone || !dashes)
            continue;
        if ((raw.len == 3 && raw.ptr[2] == ' ') || ends_so(l, i) ||
            (raw.len == 2 && l->count - i <= SIGNATURE_LINES_MAX))
            lines_drop_from(l, i);
    }
}

/* Behind a closing formula: nothing, a name, another formula. "Thank you for contacting us." and
 * "Best of all it is free" are none. */
static bool closes(const char *rest)
{
    static const char *const more[] = { " and ", " und ", " et ", " a lot", " very much", " so much",
                                        " again", " in advance", " aus ", " from ", " de ", " vom ",
                                        " from", " فراوان", " و " };
    size_t words = 0;

    if (!*rest || strchr(",.!;/-:", *rest))
        return true;
    if (starts_any(rest, more, ARRAY_LEN(more)))
        return true;
    for (const char *p = rest; *p; p++)
        words += p[0] == ' ' && p[1] && p[1] != ' ';
    return *rest == ' ' && words == 1 && !strpbrk(rest, ".!");
}

/* "Kind regards", "Mit freundlichen Grüßen / Best regards", "Cordialement, Anna": a closing formula
 * and at most a name. */
static bool is_closing(const struct line *line, const char *folded)
{
    if (!line->text.len || line->text.len > CLOSING_MAX || strchr(folded, '?'))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(closings); i++) {
        size_t n = strlen(closings[i]);

        if (!strncmp(folded, closings[i], n) && closes(folded + n))
            return true;
    }
    return false;
}

static bool is_contact(const char *s)
{
    size_t digits = 0, bars = 0;

    for (const char *p = s; *p; p++) {
        digits += *p >= '0' && *p <= '9';
        bars += *p == '|';
    }
    return digits >= 5 || bars >= 2 || lines_any(s, contact_parts, ARRAY_LEN(contact_parts));
}

/* Is a line a sentence rather than a name, a title or a department? */
static bool is_sentence(const struct line *line)
{
    struct slice s = line->text;
    char last = s.len ? s.ptr[s.len - 1] : 0;

    return s.len > NAME_MAX_BYTES || (s.len > 40 && (last == '.' || last == '!' || last == '?'));
}

/* Below the closing formula: a name and its titles stay, from the first contact line on all goes,
 * but for what the sender adds ("P.S."). */
static void drop_contacts(struct lines *l, size_t closing)
{
    size_t named = 0;

    for (size_t i = closing + 1; i < l->count; i++) {
        struct line *line = &l->items[i];
        const char *s = lines_folded(l, i);

        if (!line->text.len || line->gone)
            continue;
        if (starts_any(s, after_words, ARRAY_LEN(after_words)))
            return;
        if (!is_contact(s) && (is_sentence(line) || ++named <= NAME_LINES_MAX)) {
            if (is_sentence(line))
                return;
            continue;
        }
        for (; i < l->count; i++) {
            if (starts_any(lines_folded(l, i), after_words, ARRAY_LEN(after_words)))
                return;
            l->items[i].gone = true;
        }
    }
}

size_t lines_closing(const struct lines *l)
{
    size_t end = l->count;

    while (end && (l->items[end - 1].gone || !l->items[end - 1].text.len))
        end--;
    for (size_t i = end > CLOSING_FROM_END ? end - CLOSING_FROM_END : 1; i < end; i++)
        if (!l->items[i].gone && is_closing(&l->items[i], lines_folded(l, i)))
            return i;
    return l->count;
}

void lines_drop_signature(struct lines *l)
{
    size_t closing;

    drop_below_dashes(l);
    closing = lines_closing(l);
    if (closing < l->count)
        drop_contacts(l, closing);
}

static bool is_small_print(const char *folded)
{
    for (size_t i = 0; i < ARRAY_LEN(small_prints); i++)
        if (strstr(folded, small_prints[i].about) && strstr(folded, small_prints[i].says))
            return true;
    return false;
}

/* A paragraph's lines from i up to the next empty one, folded, joined. */
static size_t paragraph(const struct lines *l, size_t i, struct buf *out)
{
    buf_clear(out);
    for (; i < l->count && l->items[i].text.len; i++)
        buf_addf(out, "%s ", lines_folded(l, i));
    return i;
}

void lines_drop_disclaimers(struct lines *l)
{
    enum { PARAGRAPH_MAX = 6000 };
    CLEANUP(buf_release) struct buf words = BUF_INIT(PARAGRAPH_MAX);
    bool first = true;

    for (size_t i = lines_next(l, 0); i < l->count; i = lines_next(l, i)) {
        size_t end = paragraph(l, i, &words);

        for (size_t k = i; !first && is_small_print(words.ptr) && k < end; k++)
            l->items[k].gone = true;
        first = false;
        i = end > i ? end : i + 1;
    }
}
