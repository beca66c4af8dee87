#include "harness/channels/mail_lines.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/mem.h"
#include "harness/base/text.h"
#include "harness/channels/mail_text.h"

enum { LINES_MAX = 50000, FOLDED_LINE_MAX = 1200, WROTE_LINES_MAX = 4, WROTE_MAX_BYTES = 400 };

/* Blanks of every kind, and marks that only turn the direction, at both ends. */
static struct slice trimmed(struct slice s)
{
    static const char *const marks[] = {
        "\xC2\xA0", "\xE2\x80\x8E", "\xE2\x80\x8F", "\xE2\x80\xAA", "\xE2\x80\xAB",
        "\xE2\x80\xAC", "\xE2\x80\x8B", "\xEF\xBB\xBF",
    };

    for (size_t i = 0; i < ARRAY_LEN(marks);) {
        size_t n = strlen(marks[i]);

        s = text_trim(s);
        if (s.len >= n && !memcmp(s.ptr, marks[i], n)) {
            s = (struct slice){ s.ptr + n, s.len - n };
            i = 0;
        } else if (s.len >= n && !memcmp(s.ptr + s.len - n, marks[i], n)) {
            s.len -= n;
            i = 0;
        } else {
            i++;
        }
    }
    return s;
}

static void split(struct lines *l, struct slice text)
{
    const char *p = text.ptr, *end = text.ptr + text.len;

    l->folded = (struct buf)BUF_INIT(text.len * 4 + LINES_MAX);
    while (p < end && l->count < LINES_MAX) {
        const char *nl = memchr(p, '\n', (size_t)(end - p));
        const char *stop = nl ? nl : end;
        struct slice raw = { p, (size_t)(stop - p) }, words = trimmed(raw);
        size_t at = l->folded.len;

        text_fold(&l->folded, (struct slice){ words.ptr, words.len < FOLDED_LINE_MAX
                                                             ? words.len : FOLDED_LINE_MAX });
        buf_addc(&l->folded, '\0');
        MEM_GROW(l->items, l->cap, l->count + 1);
        l->items[l->count++] = (struct line){ words, raw, at, false };
        p = nl ? nl + 1 : end;
    }
}

const char *lines_folded(const struct lines *l, size_t i)
{
    return l->folded.ptr + l->items[i].folded;
}

void lines_drop_from(struct lines *l, size_t i)
{
    for (; i < l->count; i++)
        l->items[i].gone = true;
}

size_t lines_next(const struct lines *l, size_t i)
{
    while (i < l->count && (!l->items[i].text.len || l->items[i].gone))
        i++;
    return i;
}

static bool quoted(const struct line *l)
{
    return l->text.len && (l->text.ptr[0] == '>' || (l->text.ptr[0] == '|' && l->text.len > 2 &&
                                                     l->text.ptr[1] == ' '));
}

static bool has_digit(const char *s)
{
    return s[strcspn(s, "0123456789")] != '\0';
}

static bool ends_with_colon(const char *s)
{
    size_t len = strlen(s);

    return len && s[len - 1] == ':';
}

bool lines_any(const char *folded, const char *const *parts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strstr(folded, parts[i]))
            return true;
    return false;
}

/* Quoted history */

/* The verbs of "On …, Anna wrote:" in the languages people write to companies in, folded. */
static bool says_wrote(const char *s)
{
    static const char *const verbs[] = {
        "wrote", "schrieb", "a ecrit", "escribio", "ha scritto", "schreef", "escreveu", "skrev",
        "نوشت", "napisal", "написал", "пишет", "kirjoitti", "yazdi", "geschrieben", "writes:",
        "ecrivait", "heeft geschreven", "het volgende geschreven", "va escriure",
    };

    return lines_any(s, verbs, ARRAY_LEN(verbs));
}

/* A line of a mail's own header as programs quote it: "From: Anna", "*Von:* Anna", folded. */
static bool header_line(const char *s)
{
    static const char *const names[] = {
        "from:", "sent:", "date:", "to:", "cc:", "subject:", "reply-to:", "importance:",
        "attachments:", "sent at:", "received:", "von:", "gesendet:", "datum:", "an:", "betreff:",
        "kopie:", "antwort an:", "wichtigkeit:", "de :", "de:", "envoye :", "envoye:", "date :",
        "a :", "a:", "objet :", "objet:", "cc :", "expediteur :", "destinataire :", "envoye le :",
        "para:", "enviado:", "enviado el:", "asunto:", "fecha:", "da:", "inviato:", "oggetto:",
        "data:", "van:", "verzonden:", "aan:", "onderwerp:", "fra:", "til:", "emne:", "sendt:",
        "از:", "از :", "تاریخ:", "تاریخ :", "به:", "به :", "موضوع:", "موضوع :", "فرستنده:",
        "گیرنده:", "ارسال:", "ارسال شده:", "ارسال شده در:", "زمان:",
    };

    while (*s == '*' || *s == '_')               /* "*From:* Anna" */
        s++;
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        size_t n = strlen(names[i]);

        if (!strncmp(s, names[i], n) ||
            (!strncmp(s, names[i], n - 1) && s[n - 1] == '*' && s[n] == ':'))
            return true;
    }
    return false;
}

static bool rule_line(struct slice s)
{
    size_t marks = 0;

    for (size_t i = 0; i < s.len; i++)
        marks += s.ptr[i] == '-' || s.ptr[i] == '_' || s.ptr[i] == '=';
    return marks >= 10 && marks == s.len;
}

/* "-----Original Message-----", "---- Anna wrote ----": dashes around words in any language. But
 * forwarding shows, it does not quote; and old mail servers report so. */
static bool original_line(const struct lines *l, size_t i)
{
    static const char *const forwards[] = { "forward", "weitergeleitet", "transfere", "transmis",
                                            "هدایت شده", "فوروارد", "ارجاع شده", "following address",
                                            "transcript of", "fatal error", "delivery" };
    static const char *const words[] = {
        "original", "ursprung", "message d'origine", "mensaje", "oorspronkelijk", "اصلی",
        "wrote", "schrieb", "a ecrit", "previous", "vorherige",
    };
    struct slice s = l->items[i].text;
    const char *folded = lines_folded(l, i);

    if (s.len < 10 || memcmp(s.ptr, "---", 3) || memcmp(s.ptr + s.len - 3, "---", 3))
        return false;
    return !rule_line(s) && !lines_any(folded, forwards, ARRAY_LEN(forwards)) &&
           (lines_any(folded, words, ARRAY_LEN(words)) || !memcmp(s.ptr, "-----", 5));
}

/* Notes: "Anna Meier---03.05.2021 10:12:55---Hallo, …" */
static bool notes_line(const char *s)
{
    const char *at = strstr(s, "---");

    return at && at > s && has_digit(at) && strchr(at, ':') && strstr(at + 3, "---") &&
           strstr(at + 3, "---") - at > 10 && strstr(at + 3, "---") - at < 40;
}

/* A block of at least three header lines within six lines, the first of them at i. */
static bool header_block(const struct lines *l, size_t i)
{
    size_t found = 0, end = i + 6 < l->count ? i + 6 : l->count;

    if (!header_line(lines_folded(l, i)))
        return false;
    for (; i < end; i++)
        found += header_line(lines_folded(l, i));
    return found >= 3;
}

/* Has it an hour, an address or a verb of saying, as "On 3 May at 10:12, Anna <a@x> wrote:"? */
static bool introduces(const char *s)
{
    for (const char *p = s; *p && p[1] && p[2]; p++)
        if (p[0] >= '0' && p[0] <= '9' && p[1] == ':' && p[2] >= '0' && p[2] <= '9')
            return true;
    return strchr(s, '@') || says_wrote(s);
}

/* The line or lines before a quote that starts at i: "On Monday, Anna\n<a@x> wrote:". */
static void drop_introduction(struct lines *l, size_t i)
{
    size_t last = i, first;
    bool wrote = false, digit = false;

    while (last > 0 && (!l->items[last - 1].text.len || l->items[last - 1].gone))
        last--;
    if (last == 0 || !ends_with_colon(lines_folded(l, last - 1)))
        return;
    first = last;
    for (size_t n = 0; n < WROTE_LINES_MAX && first > 0; n++) {
        if (!l->items[first - 1].text.len)
            break;
        first--;
        wrote |= introduces(lines_folded(l, first));
        digit |= has_digit(lines_folded(l, first));
        if (wrote && digit)
            break;
    }
    if (!wrote)
        return;
    for (size_t n = digit ? first : last - 1; n < last; n++)
        l->items[n].gone = true;
}

/* "Priya Nair commented:", "2026-11-19 14:02:11 - Priya Nair (Additional comments)": ticket systems
 * tell so what a person wrote. */
static bool says_who(const char *folded)
{
    static const char *const verbs[] = {
        "commented:", "replied:", "added a comment:", "responded:", "kommentierte:", "antwortete:",
        "kommentiert:", "geantwortet:", "kommentar hinzugefugt:", "a commente:", "a commente :",
        "a repondu:", "a repondu :", "un commentaire:", "un commentaire :", "نظر داد:", "پاسخ داد:",
    };
    enum { WHO_MAX = 120 };

    if (strlen(folded) >= WHO_MAX)
        return false;
    return (ends_with_colon(folded) && lines_any(folded, verbs, ARRAY_LEN(verbs))) ||
           (*folded >= '0' && *folded <= '9' && strstr(folded, " - ") &&
            strstr(folded, "comments"));
}

/* Below such a line a quote is what is new. Where it ends; 0: it is history. */
static size_t keep_comment(struct lines *l, size_t i)
{
    size_t above = i;

    while (above > 0 && (l->items[above - 1].gone || !l->items[above - 1].text.len))
        above--;
    if (!above || !says_who(lines_folded(l, above - 1)))
        return 0;
    for (; i < l->count && quoted(&l->items[i]) && l->items[i].text.ptr[0] == '>'; i++) {
        struct slice *s = &l->items[i].text;

        *s = text_trim((struct slice){ s->ptr + 1, s->len - 1 });
    }
    return i;
}

static bool tells_who(const struct lines *l)
{
    for (size_t i = 0; i + 1 < l->count; i++)
        if (!l->items[i].gone && says_who(lines_folded(l, i)))
            return true;
    return false;
}

static bool drop_quotes(struct lines *l)
{
    bool comment = false;

    for (size_t i = 0; i < l->count; i++) {
        if (l->items[i].gone)
            continue;
        if (quoted(&l->items[i])) {
            size_t behind = i == 0 || !quoted(&l->items[i - 1]) ? keep_comment(l, i) : 0;

            if (behind > i) {
                i = behind - 1;
                comment = true;
                continue;
            }
            if (i == 0 || !quoted(&l->items[i - 1]))
                drop_introduction(l, i);
            l->items[i].gone = true;
            continue;
        }
        size_t block = rule_line(l->items[i].text) ? lines_next(l, i + 1) : i;

        if (original_line(l, i) || notes_line(lines_folded(l, i)) ||
            (block < l->count && header_block(l, block))) {
            if (lines_next(l, 0) >= i && !notes_line(lines_folded(l, i)))
                continue;         /* nothing new above it: then it is not history */
            lines_drop_from(l, i);
            return comment;
        }
    }
    return comment;
}

/* "On Mon, 3 May 2021 at 10:12, Anna <\na@x> wrote:": up to four lines that end with a colon, have
 * a date and the verb. How many lines; 0: it is something else. */
static size_t introduction_at(const struct lines *l, size_t i)
{
    bool wrote = false, digit = false;
    size_t bytes = 0;

    for (size_t n = 0; n < WROTE_LINES_MAX && i + n < l->count; n++) {
        const char *s = lines_folded(l, i + n);

        bytes += l->items[i + n].text.len;
        if (!*s || l->items[i + n].gone || bytes > WROTE_MAX_BYTES)
            return 0;
        wrote |= says_wrote(s);
        digit |= has_digit(s);
        if (ends_with_colon(s))
            return wrote && digit ? n + 1 : 0;
    }
    return 0;
}

/* Ticket systems list what was said, newest first: a rule, who and when, the words. "Priya Nair, Nov
 * 19, 2026, 14:02 GMT+1", "## Maya Lindqvist, on Nov 19 @ 12:01 (Europe/Berlin):". */
static bool post_header(const struct lines *l, size_t i)
{
    enum { POST_MAX = 120 };
    struct slice s = l->items[i].text;
    const char *folded = lines_folded(l, i), *comma = strchr(folded, ',');

    if (s.len > POST_MAX || !comma || comma == folded || !has_digit(comma) ||
        strpbrk(folded, "?!\"") || strstr(folded, "http"))
        return false;
    for (const char *p = comma; *p && p[1] && p[2]; p++)
        if (p[0] >= '0' && p[0] <= '9' && p[1] == ':' && p[2] >= '0' && p[2] <= '9')
            return true;
    return false;
}

/* Of such a list the first is new, unless it is the reader's own; "## …" is always older than what
 * stands above it. */
static bool drop_older_posts(struct lines *l, const char *own)
{
    CLEANUP(mem_freep) char *name = text_folded(own);
    size_t posts = 0, above = l->count;

    for (size_t i = 0; i < l->count; above = l->items[i].text.len ? i : above, i++) {
        const char *folded = lines_folded(l, i);

        if (l->items[i].gone || above == l->count || !rule_line(l->items[above].text) ||
            !post_header(l, i))
            continue;

        bool ours = *name && !strncmp(folded + strspn(folded, "# "), name, strlen(name));

        if (++posts > 1 || ((ours || *folded == '#') && lines_next(l, 0) < above)) {
            lines_drop_from(l, above);
            return posts > 1;
        }
    }
    return posts > 0;
}

/* A line of dashes before or after everything divides nothing. */
static bool only_dashes(struct slice s)
{
    static const char em[] = "\xE2\x80\x94";
    size_t marks = 0;

    for (size_t i = 0; i < s.len;) {
        bool wide = s.len - i >= 3 && !memcmp(s.ptr + i, em, 3);

        if (!wide && !strchr("-_=*", s.ptr[i]))
            return false;
        i += wide ? 3 : 1;
        marks++;
    }
    return marks >= 5;
}

static void drop_outer_rules(struct lines *l)
{
    size_t i, end = l->count;

    while ((i = lines_next(l, 0)) < l->count && only_dashes(l->items[i].text))
        l->items[i].gone = true;
    for (; end > i; end--) {
        struct line *line = &l->items[end - 1];

        if (line->gone || !line->text.len)
            continue;
        if (!only_dashes(line->text))
            return;
        line->gone = true;
    }
}

/* Some programs quote without marks: the introduction stands alone, the old mail goes on to the
 * end. Where nothing stands above it, one cannot tell, and all of it stays. */
static void drop_unmarked_history(struct lines *l)
{
    for (size_t i = lines_next(l, 0) + 1; i < l->count; i++) {
        if (l->items[i].gone || !introduction_at(l, i))
            continue;
        if (!l->items[i - 1].text.len || strchr(lines_folded(l, i), '@') ||
            has_digit(lines_folded(l, i))) {
            lines_drop_from(l, i);
            return;
        }
    }
}

/* Kept lines, never more than one empty one in a row, none at the ends. */
static void join(const struct lines *l, struct buf *out)
{
    size_t start = out->len;
    bool blank = false;

    for (size_t i = 0; i < l->count; i++) {
        const struct line *line = &l->items[i];

        if (line->gone)
            continue;
        if (!line->text.len) {
            blank = out->len > start;
            continue;
        }
        if (out->len > start)
            buf_adds(out, blank ? "\n\n" : "\n");
        buf_add(out, line->text.ptr, line->text.len);
        blank = false;
    }
}

bool mail_new_text(struct slice text, const char *own, struct buf *out)
{
    struct lines l = { 0 };
    size_t start = out->len;
    bool told;

    split(&l, text);
    lines_drop_machines(&l);
    drop_outer_rules(&l);
    told = drop_quotes(&l);
    told |= drop_older_posts(&l, own);
    drop_unmarked_history(&l);
    lines_drop_signature(&l);
    lines_drop_disclaimers(&l);
    drop_outer_rules(&l);
    told |= tells_who(&l);
    join(&l, out);
    if (out->len == start) {
        for (size_t i = 0; i < l.count; i++)
            l.items[i].gone = false;
        join(&l, out);
    }
    buf_release(&l.folded);
    mem_freep(&l.items);
    return told;
}

struct slice mail_head(struct slice text)
{
    struct lines l = { 0 };
    size_t closing;

    split(&l, text);
    closing = lines_closing(&l);
    if (closing < l.count)
        text.len = (size_t)(l.items[closing].raw.ptr - text.ptr);
    buf_release(&l.folded);
    mem_freep(&l.items);
    return text;
}

void mail_unflow(struct slice text, enum flowed how, struct buf *out)
{
    const char *p = text.ptr, *end = text.ptr + text.len;
    size_t last_depth = SIZE_MAX;

    while (p < end) {
        const char *nl = memchr(p, '\n', (size_t)(end - p));
        const char *stop = nl ? nl : end, *words = p;
        size_t depth = 0;

        while (words < stop && *words == '>') {
            words++;
            depth++;
        }
        bool goes_on = last_depth == depth;

        if (!goes_on && last_depth != SIZE_MAX)
            buf_addc(out, '\n');
        if (!goes_on && depth) {
            buf_add_repeat(out, '>', depth);
            buf_addc(out, ' ');
        }
        if (words < stop && *words == ' ')
            words++;              /* space-stuffing */

        size_t len = (size_t)(stop - words);
        bool signature = len == 3 && !memcmp(words, "-- ", 3);
        bool soft = len && words[len - 1] == ' ' && !signature;

        buf_add(out, words, soft && how == FLOWED_DELETE_SPACE ? len - 1 : len);
        last_depth = soft ? depth : SIZE_MAX;
        if (!soft && nl)
            buf_addc(out, '\n');
        p = nl ? nl + 1 : end;
    }
}
