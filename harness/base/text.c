#include "harness/base/text.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

size_t text_decode(const char *s, size_t len, int32_t *cp)
{
    utf8proc_int32_t c;

    if (len && (unsigned char)*s < 0x80) {
        *cp = *s;
        return 1;
    }

    utf8proc_ssize_t used = utf8proc_iterate((const utf8proc_uint8_t *)s,
                                             (utf8proc_ssize_t)(len > 4 ? 4 : len), &c);

    if (used <= 0) {
        *cp = 0xFFFD;
        return 1;
    }
    *cp = c;
    return (size_t)used;
}

void text_encode(struct buf *out, int32_t cp)
{
    utf8proc_uint8_t bytes[4];

    if (cp >= 0 && cp < 0x80) {
        buf_addc(out, (char)cp);
        return;
    }

    utf8proc_ssize_t len = utf8proc_encode_char(cp, bytes);

    if (len > 0)
        buf_add(out, bytes, (size_t)len);
}

bool text_is_valid(struct slice s)
{
    for (size_t i = 0; i < s.len;) {
        utf8proc_int32_t c;
        size_t left = s.len - i;
        utf8proc_ssize_t used = utf8proc_iterate((const utf8proc_uint8_t *)s.ptr + i,
                                                 (utf8proc_ssize_t)(left > 4 ? 4 : left), &c);
        if (used <= 0)
            return false;
        i += (size_t)used;
    }
    return true;
}

static bool is_space(int32_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
           c == 0x205F || c == 0x3000;
}

static bool is_bidi_control(int32_t c)
{
    return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069);
}

static bool is_control(int32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0);
}

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/** Of eight bytes: is each one from ' ' to '~'? */
static bool eight_printable(const char *s)
{
    uint64_t x;

    memcpy(&x, s, sizeof x);
    return !((x | (x - EACH(' ')) | (x + EACH(1))) & EACH(0x80));
}

/* How many bytes from i on are printable ASCII, blanks or line ends: most of most texts. */
static size_t plain_ascii(struct slice s, size_t i)
{
    size_t n = i;

    for (;;) {
        while (s.len - n >= 8 && eight_printable(s.ptr + n))
            n += 8;
        if (n == s.len || !((s.ptr[n] >= ' ' && s.ptr[n] < 0x7F) || s.ptr[n] == '\n' ||
                            s.ptr[n] == '\t'))
            return n - i;
        n++;
    }
}

bool text_is_plain(struct slice s)
{
    return plain_ascii(s, 0) == s.len;
}

void text_add_clean(struct buf *out, struct slice s)
{
    for (size_t i = 0; i < s.len;) {
        size_t plain = plain_ascii(s, i);
        int32_t c;

        buf_add(out, s.ptr + i, plain);
        i += plain;
        if (i == s.len)
            break;
        i += text_decode(s.ptr + i, s.len - i, &c);
        if (c == 0)
            c = 0xFFFD;
        if (is_control(c) && c != '\t' && c != '\n')
            continue;
        text_encode(out, c);
    }
}

/* Letters and digits that people type for one another, after compatibility decomposition. */
static int32_t unify(int32_t c)
{
    if (c >= 0x0660 && c <= 0x0669)
        return '0' + (c - 0x0660);
    if (c >= 0x06F0 && c <= 0x06F9)
        return '0' + (c - 0x06F0);
    switch (c) {
    case 0x064A: case 0x0649: return 0x06CC;                 /* yeh, alef maksura */
    case 0x0643: return 0x06A9;                              /* kaf */
    case 0x0629: return 0x0647;                              /* teh marbuta */
    case 0x2018: case 0x2019: case 0x02BC: case 0x00B4: case 0x0060: return '\'';
    case 0x201C: case 0x201D: case 0x00AB: case 0x00BB: case 0x201E: return '"';
    case 0x2010: case 0x2011: case 0x2012: case 0x2013: case 0x2014: return '-';
    default: return c;
    }
}

void text_fold(struct buf *out, struct slice s)
{
    utf8proc_int32_t pieces[32];
    bool blank = false, any = false;
    int boundary = 0;

    for (size_t i = 0; i < s.len;) {
        int32_t c;

        i += text_decode(s.ptr + i, s.len - i, &c);
        if (is_space(c)) {
            blank = true;
            continue;
        }

        utf8proc_ssize_t n = utf8proc_decompose_char(unify(c), pieces, ARRAY_LEN(pieces),
            UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE |
            UTF8PROC_STRIPMARK, &boundary);

        if (n > (utf8proc_ssize_t)ARRAY_LEN(pieces))
            n = ARRAY_LEN(pieces);
        for (utf8proc_ssize_t k = 0; k < n; k++) {
            int32_t u = unify(pieces[k]);

            if (is_space(u)) {
                blank = true;
                continue;
            }
            if (is_control(u))
                continue;
            if (blank && any)
                buf_addc(out, ' ');
            blank = false;
            any = true;
            text_encode(out, u);
        }
    }
}

char *text_folded(const char *s)
{
    struct slice in = slice_str(s);
    struct buf b = BUF_INIT(in.len * 18 + 16);   /* longest compatibility form: 18 letters */

    text_fold(&b, in);
    return buf_steal(&b);
}

bool text_same(const char *a, const char *b)
{
    char *x = text_folded(a), *y = text_folded(b);
    bool same = strcmp(x, y) == 0;

    free(x);
    free(y);
    return same;
}

size_t text_length(struct slice s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.len; n++) {
        int32_t c;

        i += text_decode(s.ptr + i, s.len - i, &c);
    }
    return n;
}

static size_t char_width(int32_t c)
{
    int w = utf8proc_charwidth(c);

    return w > 0 ? (size_t)w : 0;
}

size_t text_width(struct slice s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.len;) {
        int32_t c;

        i += text_decode(s.ptr + i, s.len - i, &c);
        n += char_width(c);
    }
    return n;
}

static bool printable(int32_t *c)
{
    if (is_space(*c))
        *c = ' ';
    return !is_control(*c) && !is_bidi_control(*c);
}

void text_add_clipped(struct buf *out, struct slice s, size_t columns)
{
    size_t used = 0, keep = out->len;

    for (size_t i = 0; i < s.len;) {
        int32_t c;

        i += text_decode(s.ptr + i, s.len - i, &c);
        if (!printable(&c))
            continue;

        size_t w = char_width(c);

        if (used + w > columns) {                /* cut: step back for the ellipsis */
            out->len = keep;
            if (out->cap)
                out->ptr[out->len] = '\0';
            if (columns)
                buf_adds(out, "…");
            return;
        }
        text_encode(out, c);
        used += w;
        if (used + 1 <= columns)
            keep = out->len;
    }
}

void text_add_printable(struct buf *out, struct slice s)
{
    for (size_t i = 0; i < s.len;) {
        int32_t c;

        i += text_decode(s.ptr + i, s.len - i, &c);
        if (c == '\n' || c == '\t')
            buf_addc(out, (char)c);
        else if (printable(&c))
            text_encode(out, c);
    }
}

void text_add_xml(struct buf *out, struct slice s)
{
    for (size_t i = 0; i < s.len;) {
        int32_t c;

        i += text_decode(s.ptr + i, s.len - i, &c);
        switch (c) {
        case '&': buf_adds(out, "&amp;"); continue;
        case '<': buf_adds(out, "&lt;"); continue;
        case '>': buf_adds(out, "&gt;"); continue;
        case '"': buf_adds(out, "&quot;"); continue;
        case '\'': buf_adds(out, "&#39;"); continue;
        default: break;
        }
        /* XML 1.0 section 2.2: the characters allowed at all */
        if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0xFFFE || c == 0xFFFF)
            c = 0xFFFD;
        text_encode(out, c);
    }
}

bool text_starts_with(const char *s, const char *prefix)
{
    return strncmp(s, prefix, strlen(prefix)) == 0;
}

static int lower(int c)
{
    return c >= 'A' && c <= 'Z' ? c + 32 : c;
}

bool text_same_ascii(const char *a, const char *b)
{
    while (*a && lower((unsigned char)*a) == lower((unsigned char)*b))
        a++, b++;
    return lower((unsigned char)*a) == lower((unsigned char)*b);
}

static bool is_ascii_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct slice text_trim(struct slice s)
{
    while (s.len && is_ascii_space(s.ptr[0]))
        s.ptr++, s.len--;
    while (s.len && is_ascii_space(s.ptr[s.len - 1]))
        s.len--;
    return s;
}

uint64_t text_hash(const char *s)
{
    uint64_t h = UINT64_C(14695981039346656037);

    for (const unsigned char *p = (const unsigned char *)s; *p; p++)
        h = (h ^ *p) * UINT64_C(1099511628211);
    return h;
}
