/* Bounces that are no RFC 3464 reports, or poor ones: qmail, old Exim and Exchange, gateways, the big
 * mailbox providers. What speaks for one is added up, as kinds are: no single word decides, since
 * people write "could not be delivered" of parcels. All is folded (text_fold). */
#include "harness/channels/mail_inside.h"

#include <string.h>

#include "harness/base/text.h"
#include "harness/channels/mail_compose.h"

static const char *const mailers[] = {
    "mailer-daemon", "postmaster", "mail delivery", "maildelivery", "mail.delivery",
    "microsoft outlook", "microsoftexchange", "system administrator", "systemadministrator",
    "mail-daemon", "mdaemon", "mail administrator", "bounce", "smtp_mail", "smtp_gateway",
    "mail system", "mailsystem", "mail_system", "mail gateway", "mail router", "ndr@",
    "internet mail", "antivirus_for_smtp", "mailerdaemon",
};

static const char *const failed_subjects[] = {
    "undeliver", "failure notice", "delivery status notification", "delivery failure",
    "failure delivery", "delivery failed", "failed mail", "mail failed", "failed delivery",
    "returned mail", "returned to sender", "returning to sender", "return to sender",
    "mail delivery failed", "delivery has failed", "message not delivered", "mail not delivered",
    "could not be delivered", "couldn't be delivered", "cannot be delivered", "nondeliverable",
    "non delivery", "non-delivery", "mail system error", "mail error", "processing error",
    "user unknown", "unknown user", "delivery report", "delivery problem", "delivery error",
    "message delivery", "mail delivery", "rejected mail", "message rejected",
    "unzustellbar", "nicht zugestellt", "zustellung fehlgeschlagen", "nicht zustellbar",
    "fehler bei der zustellung", "zustellungsfehler", "non remis", "non distribu", "non delivr",
    "echec de la remise", "echec de livraison", "echec de remise", "retour de courrier",
    "utilisateur non recense", "erreur de distribution", "не доставлено",
    "تحویل داده نشد", "برگشت خورد", "عدم تحویل",
};

static const char *const failed_words[] = {
    "this is the qmail-send program", "created automatically by mail delivery software",
    "did not reach some or all of the intended recipients", "your message wasn't delivered",
    "wasn't able to deliver", "unable to deliver", "not able to deliver",
    "could not be delivered", "couldn't be delivered", "cannot be delivered", "can't be delivered",
    "permanent fatal errors", "following address failed", "failed permanently",
    "following addresses had", "delivery to the following recipient", "delivery has failed to",
    "message was not delivered", "mail was not delivered", "and was not delivered",
    "blocked by our email gateway", "blocked by our mail gateway", "was blocked by",
    "undeliverable message",
    "the address couldn't be found", "did not reach the following recipient",
    "failed recipients", "failed addresses", "no valid recipients", "mail has been returned",
    "message has been returned", "was automatically rejected", "did not exactly match",
    "recipients was aborted", "returned to you", "no such user here", "bounce mailadres",
    "following addresses have delivery notifications", "could not deliver", "delivery failed",
    "nicht zugestellt werden", "unzustellbar", "nicht ausgeliefert werden",
    "n'a pas pu etre delivre", "n'a pas pu etre remis", "n'a pas pu etre distribu",
    "n'a pas ete remis", "n'existe pas", "не может быть доставлено", "تحویل داده نشد",
};

/* Words of mail servers that no customer service uses. */
static const char *const server_words[] = {
    "smtp", "mailbox unavailable", "user unknown", "unknown user", "unknown host", "no such user",
    "recipient address rejected", "invalid mailbox", "mailbox full", "mailbox is full",
    "quota exceeded", "over quota", "mail box space", "rcpt to", "remote host said",
    "mail-system", "original message follows", "message text follows", "returned mail",
    "non-delivery report", "below this line is a copy", "copy of the message",
    "copy of your message", "header of the source mail", "lines of your original message",
    "full mailbox", "reporting-mta", "adresse de messagerie", "postmaster", "mail system",
    "original message as received", "do not resend your original message",
};

static const char *const delayed_words[] = {
    "(delay)", "delivery delayed", "message delayed", "delayed mail", "will be retried",
    "not yet been delivered", "delivery is delayed", "delivery incomplete", "still being retried",
    "warning: could not send message", "has been postponed", "continue to attempt delivery",
    "attempts will continue", "continue to try to deliver", "delivery warning",
    "zustellung verzogert", "noch nicht zugestellt", "remise retardee", "est retarde",
};

static bool any(const char *text, const char *const *parts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strstr(text, parts[i]))
            return true;
    return false;
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "550 5.1.1 …", "#5.1.1", "554 …": the reply of a mail server stands in this line. */
static bool has_reply_code(struct slice s)
{
    for (size_t i = 0; i + 4 < s.len; i++) {
        const char *p = s.ptr + i;

        if ((p[0] != '4' && p[0] != '5') || (i && digit(p[-1])))
            continue;
        if (p[1] == '.' && digit(p[2]) && (p[3] == '.' || (digit(p[3]) && p[4] == '.')))
            return true;
        if (digit(p[1]) && digit(p[2]) && (p[3] == ' ' || p[3] == '-') && p[1] <= '5' &&
            (i == 0 || !digit(p[-1])))
            return true;
    }
    return false;
}

static struct slice next_line(const char **p)
{
    size_t n = strcspn(*p, "\n");
    struct slice line = text_trim((struct slice){ *p, n });

    *p += n + ((*p)[n] == '\n');
    return line;
}

/* The server's words: the first line with a reply code; else what follows the first address. */
static const char *plain_reason(struct arena *a, const char *text)
{
    enum { REASON_MAX = 300, LINES_SEEN = 80 };
    struct slice found = { "", 0 };
    const char *p = text;
    bool addressed = false;

    for (int i = 0; *p && i < LINES_SEEN; i++) {
        struct slice line = next_line(&p);

        if (has_reply_code(line)) {
            found = line;
            break;
        }
        if (addressed && line.len && !found.len)
            found = line;
        addressed = line.len && memchr(line.ptr, '@', line.len) && line.len < 120;
    }
    if (!found.len)
        found = text_trim(slice_str(text));
    if (found.len > REASON_MAX)
        found.len = REASON_MAX;
    return mail_header_text(a, arena_strndup(a, found.ptr, found.len));
}

static bool from_mailer(const struct mail *mail, GMimeObject *m)
{
    char *sender = text_folded(mail->sender), *name = text_folded(mail->sender_name);
    bool is = any(sender, mailers, ARRAY_LEN(mailers)) ||
              any(name, mailers, ARRAY_LEN(mailers)) ||
              (!*mail->sender && *mail_header(m, "From"));       /* "Jetmail System" <> */

    mem_freep(&sender);
    mem_freep(&name);
    return is;
}

/* A person who answers a bounce keeps its subject. */
static bool is_reply(const char *subject)
{
    static const char *const marks[] = { "re:", "aw:", "antw:", "sv:", "fw:", "fwd:", "wg:", "tr:" };

    for (size_t i = 0; i < ARRAY_LEN(marks); i++)
        if (!strncmp(subject, marks[i], strlen(marks[i])))
            return true;
    return false;
}

static bool returns_mail(GMimeObject *o)
{
    if (!GMIME_IS_MULTIPART(o))
        return false;

    int n = g_mime_multipart_get_count(GMIME_MULTIPART(o));

    for (int i = 0; i < n && i < MAIL_PARTS_MAX; i++)
        if (GMIME_IS_MESSAGE_PART(g_mime_multipart_get_part(GMIME_MULTIPART(o), i)))
            return true;
    return false;
}

enum { SURE = 6, SEEN_MAX = 3000 };

static int worth(const struct mail *mail, GMimeObject *m, const char *subject, const char *words)
{
    bool nobody = slice_eq(text_trim(slice_str(mail_header(m, "Return-Path"))), "<>");
    bool words_say = any(words, failed_words, ARRAY_LEN(failed_words)) ||
                     any(words, delayed_words, ARRAY_LEN(delayed_words));
    bool subject_says = !is_reply(subject) &&
                        (any(subject, failed_subjects, ARRAY_LEN(failed_subjects)) ||
                         any(subject, delayed_words, ARRAY_LEN(delayed_words)));
    bool code = false;

    for (const char *p = mail->full_text; *p && !code && p < mail->full_text + SEEN_MAX;)
        code = has_reply_code(next_line(&p));
    return 4 * from_mailer(mail, m) + 4 * (mail->report && mail->delivery == DELIVERY_NONE) +
           2 * nobody + 2 * subject_says + 2 * words_say + code +
           2 * any(words, server_words, ARRAY_LEN(server_words)) +
           2 * returns_mail(g_mime_message_get_mime_part(GMIME_MESSAGE(m)));
}

void mail_read_plain_bounce(struct arena *a, struct mail *mail, GMimeObject *m)
{
    char *subject = text_folded(mail->subject);
    char *seen = mem_strndup(mail->full_text, strnlen(mail->full_text, SEEN_MAX));
    char *words = text_folded(seen);

    if (*mail_header(m, "X-Failed-Recipients") || worth(mail, m, subject, words) >= SURE) {
        bool delayed = any(subject, delayed_words, ARRAY_LEN(delayed_words)) ||
                       (!any(subject, failed_subjects, ARRAY_LEN(failed_subjects)) &&
                        any(words, delayed_words, ARRAY_LEN(delayed_words)));

        mail->delivery = delayed ? DELIVERY_DELAYED : DELIVERY_FAILED;
        if (!*mail->delivery_reason)
            mail->delivery_reason = plain_reason(a, mail->full_text);
        mail_add_ids(a, &mail->answers, mail_report_field(a, slice_str(mail->full_text),
                                                          "Message-ID:"));
    }
    mem_freep(&subject);
    mem_freep(&seen);
    mem_freep(&words);
}
