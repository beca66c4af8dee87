#include "harness/channels/mail_inside.h"

#include <string.h>

#include "harness/base/text.h"
#include "harness/channels/mail_compose.h"

static bool same_start(const char *text, const char *name)
{
    for (; *name; text++, name++) {
        char c = *text >= 'A' && *text <= 'Z' ? (char)(*text | 0x20) : *text;

        if (c != (*name >= 'A' && *name <= 'Z' ? (char)(*name | 0x20) : *name))
            return false;
    }
    return true;
}

/* "field: value" in the groups of a delivery report. */
static const char *report_field(struct arena *a, struct slice report, const char *name)
{
    size_t len = strlen(name);

    for (size_t i = 0; i + len < report.len; i++) {
        size_t end = i;

        if (i && report.ptr[i - 1] != '\n')
            continue;
        if (!same_start(report.ptr + i, name))
            continue;
        do {                                 /* folded lines belong to it */
            const char *nl = memchr(report.ptr + end, '\n', report.len - end);

            end = nl ? (size_t)(nl - report.ptr) + 1 : report.len;
        } while (end < report.len && (report.ptr[end] == ' ' || report.ptr[end] == '\t'));
        return mail_clean(a, arena_strndup(a, report.ptr + i + len, end - i - len));
    }
    return "";
}

/* Exim puts the reason only into the words: the indented lines below the recipient's address. */
static const char *reason_in_words(struct arena *a, struct slice text, const char *who)
{
    const char *at = *who ? strstr(text.ptr, who) : NULL;
    const char *line = at ? strchr(at, '\n') : NULL;
    struct buf out = BUF_INIT(500);
    const char *ret;

    while (line && (line[1] == ' ' || line[1] == '\t')) {
        const char *start = line + 1;

        line = strchr(start, '\n');

        struct slice words =
            text_trim((struct slice){ start, line ? (size_t)(line - start) : strlen(start) });

        if (!words.len)
            break;
        if (out.len)
            buf_addc(&out, ' ');
        buf_add(&out, words.ptr, words.len);
    }
    ret = mail_header_text(a, out.ptr);
    buf_release(&out);
    return ret;
}

static const char *after_type(struct arena *a, const char *typed)
{
    const char *semicolon = strchr(typed, ';');      /* "rfc822;anna@x", "smtp; 550 no" */

    return semicolon ? mail_header_text(a, semicolon + 1) : typed;
}

/* RFC 3464 section 2.3: one group per recipient; the first that tells an action is ours. */
void mail_read_report(struct gather *g, struct slice report)
{
    static const struct { const char *action; enum delivery delivery; } actions[] = {
        { "failed", DELIVERY_FAILED }, { "delayed", DELIVERY_DELAYED },
        { "delivered", DELIVERY_OTHER }, { "relayed", DELIVERY_OTHER },
        { "expanded", DELIVERY_OTHER },
    };
    struct arena *a = g->arena;
    const char *action = report_field(a, report, "Action:");
    const char *status = report_field(a, report, "Status:");
    const char *who = after_type(a, report_field(a, report, "Final-Recipient:"));
    const char *reason = after_type(a, report_field(a, report, "Diagnostic-Code:"));

    g->mail->report = true;
    for (size_t i = 0; i < ARRAY_LEN(actions); i++)
        if (text_same_ascii(action, actions[i].action))
            g->mail->delivery = actions[i].delivery;
    if (!*reason) {
        const char *words = reason_in_words(a, buf_slice(&g->text), who);

        reason = arena_printf(a, "%s%s%s", status, *words ? " " : "", words);
    }
    g->mail->delivery_reason = arena_printf(a, "%s%s%s%s", reason, *who ? " (" : "", who,
                                            *who ? ")" : "");
}

/* The returned mail inside a report: its id is what the report is about. */
void mail_read_returned(struct gather *g, struct slice bytes)
{
    struct mail_ids *ids = &g->mail->answers;
    const char *id = report_field(g->arena, bytes, "Message-ID:");

    mail_add_ids(g->arena, ids, id);
}

/* Bounces that are no RFC 3464 reports: qmail, old Exim and Exchange, the big mailbox providers.
 * All is folded (text_fold). */

static const char *const mailers[] = {
    "mailer-daemon", "postmaster", "mail delivery", "maildelivery", "microsoft outlook",
    "microsoftexchange", "system administrator", "systemadministrator", "mail-daemon", "mdaemon",
    "mail administrator", "bounce",
};

static const char *const failed_subjects[] = {
    "undeliver", "failure notice", "delivery status notification (failure)", "delivery failure",
    "delivery failed", "returned mail", "returned to sender", "mail delivery failed",
    "delivery has failed", "message not delivered", "could not be delivered", "nondeliverable",
    "non delivery", "non-delivery", "mail system error", "unzustellbar", "nicht zugestellt",
    "zustellung fehlgeschlagen", "nicht zustellbar", "non remis", "non distribu", "non delivr",
    "echec de la remise", "echec de livraison", "retour de courrier", "تحویل داده نشد",
    "برگشت خورد", "عدم تحویل",
};

static const char *const failed_words[] = {
    "this is the qmail-send program", "created automatically by mail delivery software",
    "did not reach some or all of the intended recipients", "your message wasn't delivered",
    "wasn't able to deliver", "unable to deliver your message", "was unable to deliver",
    "could not be delivered", "couldn't be delivered", "cannot be delivered",
    "permanent fatal errors", "following address failed", "failed permanently",
    "following addresses had", "delivery to the following recipient", "delivery has failed to",
    "message was not delivered", "undeliverable message", "the address couldn't be found",
    "nicht zugestellt werden", "unzustellbar", "n'a pas pu etre", "n'a pas ete remis",
    "تحویل داده نشد",
};

static const char *const delayed_words[] = {
    "(delay)", "delivery delayed", "message delayed", "delayed mail", "will be retried",
    "not yet been delivered", "delivery is delayed", "delivery incomplete", "still being retried",
    "warning: could not send message", "zustellung verzogert", "noch nicht zugestellt",
    "remise retardee", "est retarde",
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

static bool from_mailer(const struct mail *mail)
{
    char *sender = text_folded(mail->sender), *name = text_folded(mail->sender_name);
    bool is = any(sender, mailers, ARRAY_LEN(mailers)) || any(name, mailers, ARRAY_LEN(mailers));

    mem_freep(&sender);
    mem_freep(&name);
    return is;
}

void mail_read_plain_bounce(struct arena *a, struct mail *mail, GMimeObject *m)
{
    enum { SEEN_MAX = 3000 };
    char *subject = text_folded(mail->subject);
    char *seen = mem_strndup(mail->full_text, strnlen(mail->full_text, SEEN_MAX));
    char *words = text_folded(seen);
    bool nobody = slice_eq(text_trim(slice_str(mail_header(m, "Return-Path"))), "<>");
    bool told = any(subject, failed_subjects, ARRAY_LEN(failed_subjects)) ||
                any(words, failed_words, ARRAY_LEN(failed_words));
    bool failed = *mail_header(m, "X-Failed-Recipients") ||
                  (from_mailer(mail) && (told || nobody));

    if (failed) {
        bool delayed = any(subject, delayed_words, ARRAY_LEN(delayed_words)) ||
                       (!any(subject, failed_subjects, ARRAY_LEN(failed_subjects)) &&
                        any(words, delayed_words, ARRAY_LEN(delayed_words)));

        mail->delivery = delayed ? DELIVERY_DELAYED : DELIVERY_FAILED;
        mail->delivery_reason = plain_reason(a, mail->full_text);
        mail_add_ids(a, &mail->answers, report_field(a, slice_str(mail->full_text),
                                                     "Message-ID:"));
    }
    mem_freep(&subject);
    mem_freep(&seen);
    mem_freep(&words);
}
