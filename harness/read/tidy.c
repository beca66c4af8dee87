#include "harness/read/tidy.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/read/pack.h"

enum { WRAPPED_LINE = 55 };       /* a line that long was broken by a mail program */

void tidy_init(struct tidy *t)
{
    *t = (struct tidy){ .text = BUF_INIT(TIDY_MAX_BYTES) };
}

void tidy_release(struct tidy *t)
{
    buf_release(&t->text);
    free(t->origin);
    free(t->sentences);
    tidy_init(t);
}

enum { DROP = -1 };

static int32_t tidied(int32_t c)
{
    if (c < 0x80)
        return c == '\t' || c == '\r' || c == '\v' || c == '\f' ? ' ' : c < ' ' && c != '\n' ? DROP
                                                                                           : c;
    if (c >= 0x0660 && c <= 0x0669)
        return '0' + (c - 0x0660);
    if (c >= 0x06F0 && c <= 0x06F9)
        return '0' + (c - 0x06F0);
    if ((c >= 0x064B && c <= 0x0652) || c == 0x0654 || c == 0x0670 || c == 0x0640)
        return DROP;              /* Arabic vowel signs, hamza above, tatweel */
    if ((c >= 0x2000 && c <= 0x200A) || (c >= 0xE000 && c <= 0xF8FF))
        return ' ';
    switch (c) {
    case 0x2018: case 0x2019: case 0x02BC: case 0x00B4: return '\'';
    case 0x00A0: case 0x202F: case 0x205F: case 0x3000: case 0x200C: return ' ';
    case 0x2028: case 0x2029: return '\n';
    case 0x0623: case 0x0625: return 0x0627;
    case 0x0624: return 0x0648;
    case 0x0629: case 0x06C0: return 0x0647;
    case 0x064A: case 0x0649: return 0x06CC;
    case 0x0643: return 0x06A9;
    case 0x2010: case 0x2011: return '-';
    case 0x00AD: case 0x200B: case 0x200D: case 0x200E: case 0x200F: case 0xFEFF: return DROP;
    default: return c;
    }
}

static void put(struct tidy *t, int32_t c, size_t origin)
{
    size_t before = t->text.len;

    text_encode(&t->text, c);
    MEM_GROW(t->origin, t->origin_cap, t->text.len + 1);
    for (size_t i = before; i < t->text.len; i++)
        t->origin[i] = (uint32_t)origin;
}

/* Persian writes a link after a final he as a yeh of its own ("شماره‌ی سفارش") or not at all. */
static bool ends_in_he(const struct tidy *t)
{
    size_t len = t->text.len;

    return len >= 2 && !memcmp(t->text.ptr + len - 2, "\xD9\x87", 2);
}

/* Length of a yeh that stands alone at i; 0 when there is none. */
static size_t lone_yeh(struct slice message, size_t i)
{
    int32_t c = 0, next = ' ';
    size_t used = i < message.len ? text_decode(message.ptr + i, message.len - i, &c) : 0;

    if (!used || tidied(c) != 0x06CC)
        return 0;
    if (i + used < message.len)
        (void)text_decode(message.ptr + i + used, message.len - i - used, &next);
    next = tidied(next);
    return next == ' ' || next == '\n' ? used : 0;
}

/* Most of most messages: visible ASCII, which stays as it is. Its bytes from i on. */
static size_t plain_run(struct slice message, size_t i)
{
    size_t end = i;

    while (end < message.len && message.ptr[end] > ' ' && message.ptr[end] < 0x7F)
        end++;
    return end - i;
}

static void put_run(struct tidy *t, struct slice run, size_t origin)
{
    size_t before = t->text.len;

    buf_add(&t->text, run.ptr, run.len);
    MEM_GROW(t->origin, t->origin_cap, t->text.len + 1);
    for (size_t i = before; i < t->text.len; i++)
        t->origin[i] = (uint32_t)(origin + i - before);
}

void tidy_copy(struct tidy *t, struct slice message)
{
    size_t i = 0;

    buf_clear(&t->text);
    t->count = 0;
    while (i < message.len && t->text.len + 8 < TIDY_MAX_BYTES) {
        size_t at = i, run = plain_run(message, i);

        if (run > TIDY_MAX_BYTES - 8 - t->text.len)
            run = TIDY_MAX_BYTES - 8 - t->text.len;
        if (run) {
            put_run(t, (struct slice){ message.ptr + i, run }, i);
            i += run;
            continue;
        }

        int32_t c;
        char last = t->text.len ? t->text.ptr[t->text.len - 1] : '\n';

        i += text_decode(message.ptr + i, message.len - i, &c);
        c = tidied(c);
        if (c == DROP || (c == ' ' && (last == ' ' || last == '\n')))
            continue;
        if (c == ' ' && ends_in_he(t) && lone_yeh(message, i)) {
            i += lone_yeh(message, i);
            continue;
        }
        if (c == '\n' && last == ' ')
            t->text.len--;
        put(t, c, at);
    }
    MEM_GROW(t->origin, t->origin_cap, t->text.len + 1);
    t->text.ptr[t->text.len] = 0;
    t->origin[t->text.len] = (uint32_t)i;
}

static void add_sentence(struct tidy *t, size_t start, size_t end)
{
    const char *s = t->text.ptr;

    while (start < end && (s[start] == ' ' || s[start] == '\n'))
        start++;
    while (end > start && (s[end - 1] == ' ' || s[end - 1] == '\n'))
        end--;
    while (end > start) {
        size_t cut = end;

        if (end - start > SENTENCE_MAX_BYTES) {
            cut = start + SENTENCE_MAX_BYTES;
            while (((unsigned char)s[cut] & 0xC0) == 0x80)
                cut--;
        }

        struct slice piece = { s + start, cut - start };
        bool question = memchr(piece.ptr, '?', piece.len) != NULL;

        for (size_t i = 0; !question && i + 1 < piece.len; i++)
            question = (unsigned char)piece.ptr[i] == 0xD8 && (unsigned char)piece.ptr[i + 1] == 0x9F;
        MEM_GROW(t->sentences, t->cap, t->count + 1);
        t->sentences[t->count++] = (struct sentence){ start, cut, question };
        start = cut;
    }
}

/* Whether the full stop at i ends a sentence: not in "no. 5", "e.g.", "3.5", "J. Smith". */
static bool ends_here(const struct tidy *t, const struct pack *p, size_t begin, size_t i)
{
    const char *s = t->text.ptr;
    size_t word = i;

    if (s[i + 1] && !strchr(" \n\"')]", s[i + 1]))
        return false;
    if (s[i] != '.')
        return true;
    while (word > begin && !strchr(" \n(", s[word - 1]))
        word--;
    return !pack_abbreviation(p, (struct slice){ s + word, i - word });
}

static size_t line_end(const struct tidy *t, size_t i)
{
    const char *nl = memchr(t->text.ptr + i, '\n', t->text.len - i);

    return nl ? (size_t)(nl - t->text.ptr) : t->text.len;
}

/* A line broken by a mail program goes on in the next. */
static bool goes_on(const struct tidy *t, size_t start, size_t end)
{
    const char *s = t->text.ptr;
    char last = end > start ? s[end - 1] : 0, next = end < t->text.len ? s[end + 1] : 0;

    return end - start >= WRAPPED_LINE && !strchr(".!?:;", last) && next && !strchr("\n>-*", next);
}

static bool quotes(const struct pack *p, struct slice line)
{
    return line.len > 0 && line.len < 300 && pack_is_quote(p, line);
}

void tidy_sentences(struct tidy *t, const struct pack *p)
{
    size_t begin = 0;             /* of the sentence */

    t->count = 0;
    for (size_t at = 0; at < t->text.len;) {
        size_t end = line_end(t, at);
        struct slice line = { t->text.ptr + at, end - at };

        if (line.len && line.ptr[0] == '>') {
            add_sentence(t, begin, at);
            begin = end;
        } else if (quotes(p, line)) {
            add_sentence(t, begin, at);
            return;
        }
        for (size_t i = at > begin ? at : begin; i < end; i++) {
            unsigned char c = (unsigned char)t->text.ptr[i];
            bool arabic = c == 0xD8 && (unsigned char)t->text.ptr[i + 1] == 0x9F;

            if (((c != '.' && c != '!' && c != '?') || !ends_here(t, p, begin, i)) && !arabic)
                continue;
            i += arabic;
            add_sentence(t, begin, i + 1);
            begin = i + 1;
        }
        if (goes_on(t, at, end)) {
            t->text.ptr[end] = ' ';
        } else {
            add_sentence(t, begin, end);
            begin = end;
        }
        at = end + 1;
    }
    if (begin < t->text.len)
        add_sentence(t, begin, t->text.len);
}
