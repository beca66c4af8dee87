#include "harness/channels/encodings.h"

#include <errno.h>
#include <iconv.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "harness/base/text.h"

enum { PRESCAN_BYTES = 4096, LABEL_MAX = 24 };

/* The first two are encoding_utf8 and western. */
static const struct encoding encodings[] = {
    { "UTF-8", "UTF-8", " unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 "
      "x-unicode20utf8 " },
    { "windows-1252", "CP1252", " ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 "
      "iso-ir-100 iso8859-1 iso88591 iso_8859-1 iso_8859-1:1987 l1 latin1 us-ascii windows-1252 "
      "x-cp1252 " },
    { "IBM866", "CP866", " 866 cp866 csibm866 ibm866 " },
    { "ISO-8859-2", "ISO-8859-2", " csisolatin2 iso-8859-2 iso-ir-101 iso8859-2 iso88592 "
      "iso_8859-2 iso_8859-2:1987 l2 latin2 " },
    { "ISO-8859-3", "ISO-8859-3", " csisolatin3 iso-8859-3 iso-ir-109 iso8859-3 iso88593 "
      "iso_8859-3 iso_8859-3:1988 l3 latin3 " },
    { "ISO-8859-4", "ISO-8859-4", " csisolatin4 iso-8859-4 iso-ir-110 iso8859-4 iso88594 "
      "iso_8859-4 iso_8859-4:1988 l4 latin4 " },
    { "ISO-8859-5", "ISO-8859-5", " csisolatincyrillic cyrillic iso-8859-5 iso-ir-144 iso8859-5 "
      "iso88595 iso_8859-5 iso_8859-5:1988 " },
    { "ISO-8859-6", "ISO-8859-6", " arabic asmo-708 csiso88596e csiso88596i csisolatinarabic "
      "ecma-114 iso-8859-6 iso-8859-6-e iso-8859-6-i iso-ir-127 iso8859-6 iso88596 iso_8859-6 "
      "iso_8859-6:1987 " },
    { "ISO-8859-7", "ISO-8859-7", " csisolatingreek ecma-118 elot_928 greek greek8 iso-8859-7 "
      "iso-ir-126 iso8859-7 iso88597 iso_8859-7 iso_8859-7:1987 sun_eu_greek " },
    { "ISO-8859-8", "ISO-8859-8", " csiso88598e csisolatinhebrew hebrew iso-8859-8 iso-8859-8-e "
      "iso-ir-138 iso8859-8 iso88598 iso_8859-8 iso_8859-8:1988 visual " },
    { "ISO-8859-8-I", "ISO-8859-8", " csiso88598i iso-8859-8-i logical " },
    { "ISO-8859-10", "ISO-8859-10", " csisolatin6 iso-8859-10 iso-ir-157 iso8859-10 iso885910 l6 "
      "latin6 " },
    { "ISO-8859-13", "ISO-8859-13", " iso-8859-13 iso8859-13 iso885913 " },
    { "ISO-8859-14", "ISO-8859-14", " iso-8859-14 iso8859-14 iso885914 " },
    { "ISO-8859-15", "ISO-8859-15", " csisolatin9 iso-8859-15 iso8859-15 iso885915 iso_8859-15 "
      "l9 " },
    { "ISO-8859-16", "ISO-8859-16", " iso-8859-16 " },
    { "KOI8-R", "KOI8-R", " cskoi8r koi koi8 koi8-r koi8_r " },
    { "KOI8-U", "KOI8-U", " koi8-ru koi8-u " },
    { "macintosh", "MACINTOSH", " csmacintosh mac macintosh x-mac-roman " },
    { "windows-874", "CP874", " dos-874 iso-8859-11 iso8859-11 iso885911 tis-620 windows-874 " },
    { "windows-1250", "CP1250", " cp1250 windows-1250 x-cp1250 " },
    { "windows-1251", "CP1251", " cp1251 windows-1251 x-cp1251 " },
    { "windows-1253", "CP1253", " cp1253 windows-1253 x-cp1253 " },
    { "windows-1254", "CP1254", " cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 "
      "iso_8859-9 iso_8859-9:1989 l5 latin5 windows-1254 x-cp1254 " },
    { "windows-1255", "CP1255", " cp1255 windows-1255 x-cp1255 " },
    { "windows-1256", "CP1256", " cp1256 windows-1256 x-cp1256 " },
    { "windows-1257", "CP1257", " cp1257 windows-1257 x-cp1257 " },
    { "windows-1258", "CP1258", " cp1258 windows-1258 x-cp1258 " },
    { "x-mac-cyrillic", "MAC-CYRILLIC", " x-mac-cyrillic x-mac-ukrainian " },
    { "GBK", "CP936", " chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 gbk iso-ir-58 "
      "x-gbk " },
    { "gb18030", "GB18030", " gb18030 " },
    { "Big5", "BIG5-HKSCS", " big5 big5-hkscs cn-big5 csbig5 x-x-big5 " },
    { "EUC-JP", "EUC-JP-MS", " cseucpkdfmtjapanese euc-jp x-euc-jp " },
    { "ISO-2022-JP", "ISO-2022-JP", " csiso2022jp iso-2022-jp " },
    { "Shift_JIS", "CP932", " csshiftjis ms932 ms_kanji shift-jis shift_jis sjis windows-31j "
      "x-sjis " },
    { "EUC-KR", "CP949", " cseuckr csksc56011987 euc-kr iso-ir-149 korean ks_c_5601-1987 "
      "ks_c_5601-1989 ksc5601 ksc_5601 windows-949 " },
    { "replacement", NULL, " csiso2022kr hz-gb-2312 iso-2022-cn iso-2022-cn-ext iso-2022-kr "
      "replacement " },
    { "UTF-16BE", "UTF-16BE", " unicodefffe utf-16be " },
    { "UTF-16LE", "UTF-16LE", " csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16 "
      "utf-16le " },
    { "x-user-defined", "CP1252", " x-user-defined " },
};

const struct encoding *const encoding_utf8 = &encodings[0];
static const struct encoding *const western = &encodings[1];

const struct encoding *encoding_find(struct slice label)
{
    struct slice s = text_trim(label);
    char wanted[LABEL_MAX + 3];

    if (!s.len || s.len > LABEL_MAX || memchr(s.ptr, ' ', s.len) || memchr(s.ptr, '\0', s.len))
        return NULL;
    wanted[0] = ' ';
    for (size_t i = 0; i < s.len; i++)
        wanted[i + 1] = s.ptr[i] >= 'A' && s.ptr[i] <= 'Z' ? (char)(s.ptr[i] + 32) : s.ptr[i];
    memcpy(wanted + s.len + 1, " ", 2);
    for (size_t i = 0; i < ARRAY_LEN(encodings); i++)
        if (strstr(encodings[i].labels, wanted))
            return &encodings[i];
    return NULL;
}

static bool is_utf16(const struct encoding *e)
{
    return text_starts_with(e->name, "UTF-16");
}

const struct encoding *encoding_for_output(const struct encoding *e)
{
    return is_utf16(e) || !e->iconv ? encoding_utf8 : e;
}

/* What a page says of itself */

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

/** "charset = X" in a header or a meta's content (html.spec.whatwg.org, 2.3). */
static const struct encoding *in_content(struct slice text)
{
    for (size_t i = 0; i + 8 < text.len; i++) {
        size_t from = i + 7, len = 0;
        char quote = '\0';

        if (strncasecmp(text.ptr + i, "charset", 7))
            continue;
        while (from < text.len && is_space(text.ptr[from]))
            from++;
        if (from >= text.len || text.ptr[from] != '=')
            continue;
        for (from++; from < text.len && is_space(text.ptr[from]);)
            from++;
        if (from < text.len && (text.ptr[from] == '"' || text.ptr[from] == '\''))
            quote = text.ptr[from++];
        while (from + len < text.len && text.ptr[from + len] &&
               (quote ? text.ptr[from + len] != quote
                      : !is_space(text.ptr[from + len]) && text.ptr[from + len] != ';'))
            len++;
        return encoding_find((struct slice){ text.ptr + from, len });
    }
    return NULL;
}

struct attribute {
    struct slice name, value;
};

/** At the next attribute of a tag; false at its end. */
static bool next_attribute(const char **at, const char *end, struct attribute *a)
{
    const char *p = *at;

    while (p < end && (is_space(*p) || *p == '/'))
        p++;
    if (p >= end || *p == '>')
        return false;
    a->name.ptr = p;
    while (p < end && !is_space(*p) && *p != '/' && *p != '>' && (*p != '=' || p == a->name.ptr))
        p++;
    a->name.len = (size_t)(p - a->name.ptr);
    a->value = (struct slice){ "", 0 };
    while (p < end && is_space(*p))
        p++;
    if (p < end && *p == '=') {
        char quote;

        for (p++; p < end && is_space(*p);)
            p++;
        quote = p < end && (*p == '"' || *p == '\'') ? *p++ : '\0';
        a->value.ptr = p;
        while (p < end && (quote ? *p != quote : !is_space(*p) && *p != '>'))
            p++;
        a->value.len = (size_t)(p - a->value.ptr);
        p += quote && p < end;
    }
    *at = p;
    return true;
}

static bool named(struct slice s, const char *what)
{
    return s.len == strlen(what) && !strncasecmp(s.ptr, what, s.len);
}

static const struct encoding *in_meta(const char *p, const char *end)
{
    const struct encoding *plain = NULL, *of_content = NULL, *found;
    struct attribute a;
    bool pragma = false;

    while (next_attribute(&p, end, &a)) {
        if (named(a.name, "charset"))
            plain = encoding_find(a.value);
        else if (named(a.name, "http-equiv"))
            pragma = named(a.value, "content-type");
        else if (named(a.name, "content"))
            of_content = in_content(a.value);
    }
    found = plain ? plain : pragma ? of_content : NULL;
    if (found && is_utf16(found))
        return encoding_utf8;             /* it could not have been read otherwise */
    return found && !strcmp(found->name, "x-user-defined") ? western : found;
}

static const char *after_comment(const char *p, const char *end)
{
    for (p += 2; p + 2 < end; p++)
        if (!memcmp(p, "-->", 3))
            return p + 3;
    return end;
}

static const struct encoding *prescan(struct slice bytes)
{
    const char *end = bytes.ptr + (bytes.len < PRESCAN_BYTES ? bytes.len : PRESCAN_BYTES);

    for (const char *p = bytes.ptr; p < end && (p = memchr(p, '<', (size_t)(end - p)));) {
        const struct encoding *found;
        struct attribute unused;

        if (end - p > 4 && !memcmp(p, "<!--", 4)) {
            p = after_comment(p, end);
            continue;
        }
        if (end - p > 6 && !strncasecmp(p, "<meta", 5) && (is_space(p[5]) || p[5] == '/') &&
            (found = in_meta(p + 5, end)))
            return found;
        p++;
        if (p < end && (*p == '!' || *p == '?' || *p == '/')) {
            p++;
            continue;
        }
        while (p < end && !is_space(*p) && *p != '>' && *p != '<')
            p++;
        while (next_attribute(&p, end, &unused))
            ;
    }
    return NULL;
}

static bool is_ascii(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] >= 0x80)
            return false;
    return true;
}

static const struct encoding *of_mark(struct slice bytes)
{
    if (bytes.len >= 3 && !memcmp(bytes.ptr, "\xEF\xBB\xBF", 3))
        return encoding_utf8;
    if (bytes.len >= 2 && !memcmp(bytes.ptr, "\xFF\xFE", 2))
        return encoding_find(SLICE_LIT("utf-16le"));
    if (bytes.len >= 2 && !memcmp(bytes.ptr, "\xFE\xFF", 2))
        return encoding_find(SLICE_LIT("utf-16be"));
    return NULL;
}

const struct encoding *encoding_of_page(const char *content_type, struct slice bytes)
{
    const struct encoding *found = of_mark(bytes);

    if (!found && content_type)
        found = in_content(slice_str(content_type));
    if (!found)
        found = prescan(bytes);
    if (!found)
        found = !is_ascii(bytes) && text_is_valid(bytes) ? encoding_utf8 : western;
    return found;
}

/* Converting */

static void convert(struct buf *out, iconv_t cd, struct slice in)
{
    while (in.len && !out->full) {
        char chunk[4096];
        char *from = (char *)(uintptr_t)in.ptr, *to = chunk;   /* iconv does not write there */
        size_t room = sizeof(chunk), n = iconv(cd, &from, &in.len, &to, &room);

        in.ptr = from;
        buf_add(out, chunk, sizeof(chunk) - room);
        if (n != (size_t)-1 || errno == E2BIG || !in.len)
            continue;
        text_encode(out, 0xFFFD);
        in.ptr++;
        in.len--;
    }
}

void encoding_read(const struct encoding *e, struct buf *out, struct slice bytes)
{
    const struct encoding *mark = of_mark(bytes);
    CLEANUP(buf_release) struct buf text = BUF_INIT(out->max);
    iconv_t cd;

    if (!e->iconv) {
        text_encode(out, 0xFFFD);
        return;
    }
    if (mark) {
        bytes.ptr += mark == encoding_utf8 ? 3 : 2;
        bytes.len -= mark == encoding_utf8 ? 3 : 2;
    }
    if (e == encoding_utf8 || (cd = iconv_open("UTF-8", e->iconv)) == (iconv_t)-1) {
        text_add_clean(out, bytes);
        return;
    }
    convert(&text, cd, bytes);
    iconv_close(cd);
    text_add_clean(out, buf_slice(&text));
    out->full |= text.full;
}

/* Back to the first of the encoding's sets of letters. */
static void shift_back(iconv_t cd, struct buf *out)
{
    char chunk[16], *to = chunk;
    size_t room = sizeof(chunk);

    iconv(cd, NULL, NULL, &to, &room);
    buf_add(out, chunk, sizeof(chunk) - room);
}

void encoding_write(const struct encoding *e, struct buf *out, const char *s)
{
    iconv_t cd;
    char *in = (char *)(uintptr_t)s;      /* iconv does not write to it */
    size_t left = strlen(s);

    if (e == encoding_utf8 || !e->iconv || (cd = iconv_open(e->iconv, "UTF-8")) == (iconv_t)-1) {
        buf_adds(out, s);
        return;
    }
    while (left) {
        char chunk[256], *to = chunk;
        size_t room = sizeof(chunk), done = iconv(cd, &in, &left, &to, &room);

        buf_add(out, chunk, sizeof(chunk) - room);
        if (done == (size_t)-1 && errno != E2BIG) {
            int32_t cp;
            size_t used = text_decode(in, left, &cp);

            shift_back(cd, out);
            buf_addf(out, "&#%d;", (int)cp);
            in += used;
            left -= used;
        }
    }
    shift_back(cd, out);
    iconv_close(cd);
}
