/* The links of a mail: what a person can click in what is new in it. */
#include "harness/channels/mail_inside.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"

enum { URL_MAX = 4000, LABEL_MAX = 200 };

static bool is_web(const char *url)
{
    return text_starts_with(url, "http://") || text_starts_with(url, "https://");
}

/* "&amp;" is the only entity that people need in addresses. */
static char *without_entities(struct arena *a, struct slice s)
{
    char *copy = arena_strndup(a, s.ptr, s.len), *to = copy;

    for (const char *p = copy; *p; p++) {
        if ((unsigned char)*p <= 0x20)
            continue;
        *to++ = *p;
        if (!strncmp(p, "&amp;", 5))
            p += 4;
    }
    *to = '\0';
    return copy;
}

static void add(struct arena *a, struct mail *mail, const char *label, const char *url)
{
    if (!is_web(url) || mail->link_count == MAIL_LINKS_MAX)
        return;
    for (size_t i = 0; i < mail->link_count; i++)
        if (!strcmp(mail->links[i].url, url)) {
            if (!*mail->links[i].label)
                mail->links[i].label = label;
            return;
        }
    if (!mail->links)
        mail->links = arena_alloc(a, MAIL_LINKS_MAX * sizeof *mail->links);
    mail->links[mail->link_count++] = (struct mail_link){ label, url };
}

void mail_add_link(struct arena *a, struct mail *mail, struct slice label, struct slice href)
{
    struct buf words = BUF_INIT(LABEL_MAX * 4);

    if (href.len > URL_MAX)
        return;
    text_add_clipped(&words, label, LABEL_MAX);
    add(a, mail, arena_strndup(a, words.ptr, words.len), mail_clean(a, without_entities(a, href)));
    buf_release(&words);
}

static bool ends_url(char c)
{
    return (unsigned char)c <= ' ' || strchr("<>\"'|\\^`{}", c);
}

/* "https://…" in the text, without what only ends the sentence. */
static void add_written(struct arena *a, struct mail *mail)
{
    const char *p = mail->text;

    while ((p = strstr(p, "http"))) {
        size_t len = 0;

        if (!is_web(p)) {
            p += 4;
            continue;
        }
        while (p[len] && !ends_url(p[len]) && len < URL_MAX)
            len++;

        size_t keep = len;

        while (keep && (strchr(".,;:!?)]*_", p[keep - 1])))
            keep--;
        add(a, mail, "", mail_clean(a, arena_strndup(a, p, keep)));
        p += len;
    }
}

/* Does what is new in the mail show this link's words, or their beginning? A picture has none. */
static bool is_shown(const struct mail *mail, const struct mail_link *l)
{
    enum { BEGINNING = 24 };
    char begin[BEGINNING + 1] = "";

    memcpy(begin, l->label, strnlen(l->label, BEGINNING));
    return !*l->label || strstr(mail->text, l->url) || strstr(mail->text, begin);
}

/* Words for leaving, folded, as they stand under bulk mail in many languages: the sender's tool
 * writes them, whatever language the mail is in. */
static const char *const leaving_words[] = {
    "unsubscri", "opt out", "opt-out", "optout", "manage your preferences", "manage preferences",
    "email preferences", "e-mail preferences", "update your preferences", "stop receiving",
    "remove me from", "abmelden", "abbestellen", "austragen", "abmeldung", "keine weiteren e-mails",
    "desabonn", "desinscri", "ne plus recevoir", "se retirer de la liste", "لغو اشتراک",
    "لغو عضویت", "انصراف از دریافت", "darse de baja", "cancelar suscripcion", "disiscri",
    "annulla l'iscrizione", "uitschrijven", "afmelden", "cancelar inscricao", "отписаться",
    "wypisz", "avregistrera", "afmeld dig", "uyelikten cik",
};

/* The way out, where only the text or a link shows it. The footer need not be part of what is new. */
static void find_way_out(struct arena *a, struct mail *mail)
{
    char *text = text_folded(mail->full_text);

    for (size_t i = 0; !*mail->unsubscribe && i < mail->link_count; i++) {
        char *label = text_folded(mail->links[i].label), *url = text_folded(mail->links[i].url);

        for (size_t k = 0; k < ARRAY_LEN(leaving_words); k++)
            if (strstr(label, leaving_words[k]) || strstr(url, leaving_words[k]))
                mail->unsubscribe = mail->links[i].url;
        free(label);
        free(url);
    }
    for (size_t k = 0; !*mail->unsubscribe && k < ARRAY_LEN(leaving_words); k++)
        if (strstr(text, leaving_words[k]))
            mail->unsubscribe = arena_printf(a, "in the mail's words (\"%s\")", leaving_words[k]);
    free(text);
}

void mail_settle_links(struct arena *a, struct mail *mail)
{
    size_t kept = 0;

    find_way_out(a, mail);

    for (size_t i = 0; i < mail->link_count; i++)
        if (is_shown(mail, &mail->links[i]))
            mail->links[kept++] = mail->links[i];
    mail->link_count = kept;
    add_written(a, mail);
}
