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
const char *mail_report_field(struct arena *a, struct slice report, const char *name)
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
    const char *action = mail_report_field(a, report, "Action:");
    const char *status = mail_report_field(a, report, "Status:");
    const char *who = after_type(a, mail_report_field(a, report, "Final-Recipient:"));
    const char *reason = after_type(a, mail_report_field(a, report, "Diagnostic-Code:"));

    g->mail->report = true;
    for (size_t i = 0; i < ARRAY_LEN(actions); i++)
        if (same_start(action, actions[i].action))   /* "failed (bad address)" */
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
    const char *id = mail_report_field(g->arena, bytes, "Message-ID:");

    mail_add_ids(g->arena, ids, id);
}
