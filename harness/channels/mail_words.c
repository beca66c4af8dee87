#include "harness/channels/mail_words.h"

#include <string.h>

#include "harness/channels/mail_charset.h"

enum { CHARSET_MAX = 40, VALUE_MAX_BYTES = 64 * 1024 };

struct word {
    char charset[CHARSET_MAX];
    char encoding;                /* 'b' or 'q' */
    struct slice text;
    size_t used;                  /* bytes of the whole "=?…?=" */
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* "=?charset*language?Q?text?=" at the start of s. */
static bool parse_word(struct slice s, struct word *w)
{
    const char *p = s.ptr + 2, *end = s.ptr + s.len, *mark;
    size_t n;

    if (s.len < 8 || s.ptr[0] != '=' || s.ptr[1] != '?')
        return false;
    mark = memchr(p, '?', (size_t)(end - p));
    if (!mark || end - mark < 5 || mark[2] != '?')
        return false;
    for (n = 0; p + n < mark && p[n] != '*' && n + 1 < sizeof w->charset; n++)
        w->charset[n] = p[n];
    w->charset[n] = '\0';
    w->encoding = (char)(mark[1] | 0x20);
    if (n == 0 || (w->encoding != 'b' && w->encoding != 'q'))
        return false;
    p = mark + 3;
    for (mark = p; mark + 1 < end && !(mark[0] == '?' && mark[1] == '='); mark++)
        if (*mark == '\n' || *mark == '?')
            return false;
    if (mark + 1 >= end)
        return false;
    w->text = (struct slice){ p, (size_t)(mark - p) };
    w->used = (size_t)(mark + 2 - s.ptr);
    return true;
}

static int hex(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                  : -1;
}

static void decode_q(struct slice s, struct buf *out)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '=' && i + 2 < s.len && hex(s.ptr[i + 1]) >= 0 && hex(s.ptr[i + 2]) >= 0) {
            buf_addc(out, (char)(hex(s.ptr[i + 1]) * 16 + hex(s.ptr[i + 2])));
            i += 2;
        } else {
            buf_addc(out, s.ptr[i] == '_' ? ' ' : s.ptr[i]);
        }
    }
}

void mail_base64_add(struct buf *out, struct slice s)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned bits = 0, have = 0;

    for (size_t i = 0; i < s.len; i++) {
        const char *at = s.ptr[i] ? strchr(digits, s.ptr[i]) : NULL;

        if (!at)
            continue;             /* padding, blanks, rubbish */
        bits = (bits << 6 | (unsigned)(at - digits)) & 0xffffff;
        have += 6;
        if (have >= 8) {
            have -= 8;
            buf_addc(out, (char)(bits >> have & 0xff));
        }
    }
}

/* Neighbours in one charset are converted together: some senders cut inside a character. */
static void give(struct buf *out, struct buf *bytes, const char *charset)
{
    if (bytes->len)
        mail_charset_add(out, charset, buf_slice(bytes));
    buf_clear(bytes);
}

void mail_words_add(struct buf *out, struct slice raw)
{
    CLEANUP(buf_release) struct buf bytes = BUF_INIT(VALUE_MAX_BYTES);
    char charset[CHARSET_MAX] = "";
    bool encoded = false;         /* what `bytes` holds came from words in `charset` */
    struct word w;

    for (size_t i = 0; i < raw.len;) {
        struct slice left = { raw.ptr + i, raw.len - i };
        size_t blanks = 0;

        while (encoded && blanks < left.len && is_blank(left.ptr[blanks]))
            blanks++;
        if (parse_word((struct slice){ left.ptr + blanks, left.len - blanks }, &w)) {
            if (!encoded || strcmp(charset, w.charset)) {
                give(out, &bytes, encoded ? charset : NULL);
                memcpy(charset, w.charset, sizeof charset);
                encoded = true;
            }
            if (w.encoding == 'q')
                decode_q(w.text, &bytes);
            else
                mail_base64_add(&bytes, w.text);
            i += blanks + w.used; /* blanks between two words are not shown */
            continue;
        }
        if (encoded) {
            give(out, &bytes, charset);
            encoded = false;
        }
        if (*left.ptr != '\r' && *left.ptr != '\n')
            buf_addc(&bytes, *left.ptr);
        i++;
    }
    give(out, &bytes, encoded ? charset : NULL);
}
