#include "harness/channels/mail_text.h"

#include <string.h>

#include "harness/base/mem.h"
#include "harness/base/text.h"

enum { LINES_MAX = 200000, SIGNATURE_LINES_MAX = 15, WROTE_LINES_MAX = 3 };

struct line {
    struct slice text;            /* without its line end and blanks at both ends */
    struct slice raw;
    bool gone;
};

struct lines {
    struct line *items;
    size_t count, cap;
};

static void split(struct lines *l, struct slice text)
{
    const char *p = text.ptr, *end = text.ptr + text.len;

    while (p < end && l->count < LINES_MAX) {
        const char *nl = memchr(p, '\n', (size_t)(end - p));
        const char *stop = nl ? nl : end;
        struct slice raw = { p, (size_t)(stop - p) };

        MEM_GROW(l->items, l->cap, l->count + 1);
        l->items[l->count++] = (struct line){ text_trim(raw), raw, false };
        p = nl ? nl + 1 : end;
    }
}

static bool quoted(const struct line *l)
{
    return l->text.len && l->text.ptr[0] == '>';
}

static bool contains(struct slice s, const char *word)
{
    size_t n = strlen(word);

    for (size_t i = 0; i + n <= s.len; i++)
        if (!memcmp(s.ptr + i, word, n))
            return true;
    return false;
}

static bool has_digit(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] >= '0' && s.ptr[i] <= '9')
            return true;
    return false;
}

static bool ends_with_colon(struct slice s)
{
    return s.len && s.ptr[s.len - 1] == ':';
}

/* The verbs of "On …, Anna wrote:" in the languages people write to companies in. */
static bool says_wrote(struct slice s)
{
    static const char *const verbs[] = {
        "wrote:", "schrieb", "a écrit", "escribió:", "ha scritto:", "schreef", "escreveu:",
        "skrev", "نوشت", "napisał", "написал",
    };

    for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
        if (contains(s, verbs[i]))
            return true;
    return false;
}

/* A line of a mail's own header as programs quote it: "From: Anna", "Von: Anna". */
static bool header_line(struct slice s)
{
    static const char *const names[] = {
        "From:", "Sent:", "Date:", "To:", "Cc:", "Subject:", "Von:", "Gesendet:", "Datum:", "An:",
        "Betreff:", "De :", "De:", "Envoyé :", "Envoyé:", "Date :", "À :", "À:", "Objet :",
        "Objet:", "Para:", "Enviado:", "Enviado el:", "Asunto:", "از:", "تاریخ:", "به:",
        "موضوع:",
    };

    if (s.len > 2 && s.ptr[0] == '*')            /* "*From:* Anna" */
        s = (struct slice){ s.ptr + 1, s.len - 1 };
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (s.len >= strlen(names[i]) && !memcmp(s.ptr, names[i], strlen(names[i])))
            return true;
    return false;
}

static bool rule_line(struct slice s)
{
    size_t marks = 0;

    for (size_t i = 0; i < s.len; i++)
        marks += s.ptr[i] == '-' || s.ptr[i] == '_' || s.ptr[i] == '=';
    return marks >= 10 && marks == s.len;
}

/* "-----Original Message-----", in any language; but forwarding shows, it does not quote. */
static bool original_line(struct slice s)
{
    if (s.len < 14 || memcmp(s.ptr, "-----", 5) || memcmp(s.ptr + s.len - 5, "-----", 5))
        return false;
    return s.len > 10 && !rule_line(s) && !contains(s, "orward") && !contains(s, "eitergeleitet");
}

static size_t next_filled(const struct lines *l, size_t i)
{
    while (i < l->count && (!l->items[i].text.len || l->items[i].gone))
        i++;
    return i;
}

/* A block of at least three header lines within five lines, the first of them at i. */
static bool header_block(const struct lines *l, size_t i)
{
    size_t found = 0, end = i + 6 < l->count ? i + 6 : l->count;

    if (!header_line(l->items[i].text))
        return false;
    for (; i < end; i++)
        found += header_line(l->items[i].text);
    return found >= 3;
}

/* A phone's or a helpdesk's own line; what it separates stays. */
static bool machine_line(struct slice s)
{
    static const char *const parts[] = {
        "type your reply above", "reply above this line", "Bitte geben Sie Ihre Antwort über",
        "Antworten Sie oberhalb dieser Linie", "Répondre au-dessus de cette ligne",
        "Sent from my ", "Von meinem iPhone", "Envoyé de mon ", "Enviado desde mi ",
    };

    for (size_t i = 0; i < ARRAY_LEN(parts); i++)
        if (contains(s, parts[i]))
            return true;
    return false;
}

static void drop_from(struct lines *l, size_t i)
{
    for (; i < l->count; i++)
        l->items[i].gone = true;
}

/* Has it an hour, an address or a verb of saying, as "On 3 May at 10:12, Anna <a@x> wrote:"? */
static bool introduces(struct slice s)
{
    for (size_t i = 0; i + 3 < s.len; i++)
        if (s.ptr[i] >= '0' && s.ptr[i] <= '9' && s.ptr[i + 1] == ':' && s.ptr[i + 2] >= '0' &&
            s.ptr[i + 2] <= '9')
            return true;
    return contains(s, "@") || says_wrote(s);
}

/* The line or lines before a quote that starts at i: "On Monday, Anna\n<a@x> wrote:". */
static void drop_introduction(struct lines *l, size_t i)
{
    size_t last = i, first;
    bool wrote = false, digit = false;

    while (last > 0 && (!l->items[last - 1].text.len || l->items[last - 1].gone))
        last--;
    if (last == 0 || !ends_with_colon(l->items[last - 1].text))
        return;
    first = last;
    for (size_t n = 0; n < WROTE_LINES_MAX && first > 0; n++) {
        struct slice s = l->items[first - 1].text;

        if (!s.len)
            break;
        first--;
        wrote |= introduces(s);
        digit |= has_digit(s);
        if (wrote && digit)
            break;
    }
    if (!wrote)
        return;
    for (size_t n = digit ? first : last - 1; n < last; n++)
        l->items[n].gone = true;
}

static void drop_quotes(struct lines *l)
{
    for (size_t i = 0; i < l->count; i++) {
        if (l->items[i].gone)
            continue;
        if (quoted(&l->items[i])) {
            if (i == 0 || !quoted(&l->items[i - 1]))
                drop_introduction(l, i);
            l->items[i].gone = true;
            continue;
        }
        if (machine_line(l->items[i].text)) {
            l->items[i].gone = true;
            continue;
        }
        size_t block = rule_line(l->items[i].text) ? next_filled(l, i + 1) : i;

        if (original_line(l->items[i].text) || (block < l->count && header_block(l, block))) {
            drop_from(l, i);
            return;
        }
    }
}

/* Some programs quote without marks: "… wrote:" as a line of its own, the old mail to the end. */
static void drop_unmarked_history(struct lines *l)
{
    for (size_t i = 1; i < l->count; i++) {
        struct slice s = l->items[i].text;

        if (!l->items[i].gone && ends_with_colon(s) && says_wrote(s) && has_digit(s) &&
            !l->items[i - 1].text.len) {
            drop_from(l, i);
            return;
        }
    }
}

static void drop_signature(struct lines *l)
{
    for (size_t i = l->count; i-- > 0;) {
        struct slice raw = l->items[i].raw;
        bool dashes = raw.len >= 2 && raw.ptr[0] == '-' && raw.ptr[1] == '-';

        if (raw.len && raw.ptr[raw.len - 1] == '\r')
            raw.len--;
        if (l->items[i].gone || !dashes)
            continue;
        if ((raw.len == 3 && raw.ptr[2] == ' ') ||
            (raw.len == 2 && l->count - i <= SIGNATURE_LINES_MAX))
            drop_from(l, i);
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

void mail_new_text(struct slice text, struct buf *out)
{
    struct lines l = { 0 };
    size_t start = out->len;

    split(&l, text);
    drop_quotes(&l);
    drop_unmarked_history(&l);
    drop_signature(&l);
    join(&l, out);
    if (out->len == start) {
        for (size_t i = 0; i < l.count; i++)
            l.items[i].gone = false;
        join(&l, out);
    }
    mem_freep(&l.items);
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
