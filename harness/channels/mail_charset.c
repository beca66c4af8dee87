#include "harness/channels/mail_charset.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>

#include "harness/base/text.h"

/* Labels under which people send windows-1252 or plain UTF-8. UTF-7 is refused as browsers refuse
 * it: it hides markup in ASCII; so it is what it looks like. */
static bool is_vague(const char *charset)
{
    static const char *const names[] = {
        "us-ascii", "ascii", "ansi_x3.4-1968", "iso-8859-1", "iso8859-1", "latin1", "iso_8859-1",
        "unknown-8bit", "8bit", "default", "x-unknown", "unknown", "utf-7", "utf7",
        "unicode-1-1-utf-7", "x-user-defined", "none", "",
    };

    for (size_t i = 0; charset && i < ARRAY_LEN(names); i++)
        if (text_same_ascii(charset, names[i]))
            return true;
    return !charset;
}

static bool starts(const char *charset, const char *begin)
{
    while (*begin && (*charset | 0x20) == *begin) {
        charset++;
        begin++;
    }
    return !*begin;
}

/* One byte a character: text in these is valid UTF-8 only when it is UTF-8 under a wrong name. */
static bool is_single_byte(const char *charset)
{
    static const char *const begins[] = { "iso-8859", "iso_8859", "windows-12", "cp12", "koi8",
                                          "macintosh", "x-mac", "ibm", "cp437", "cp85" };

    for (size_t i = 0; i < ARRAY_LEN(begins); i++)
        if (starts(charset, begins[i]))
            return true;
    return false;
}

/* Names that iconv does not know, or takes for a smaller set than mail programs mean by them (the
 * WHATWG Encoding Standard has the same list). */
static const char *iconv_name(const char *charset)
{
    static const struct { const char *label, *name; } rows[] = {
        { "gb2312", "GB18030" },          { "gbk", "GB18030" },       { "x-gbk", "GB18030" },
        { "gb_2312-80", "GB18030" },      { "hz-gb-2312", "HZ" },     { "x-sjis", "CP932" },
        { "shift_jis", "CP932" },         { "shift-jis", "CP932" },   { "ms_kanji", "CP932" },
        { "ks_c_5601-1987", "CP949" },    { "euc-kr", "CP949" },      { "ksc5601", "CP949" },
        { "iso-2022-jp", "ISO-2022-JP-2" }, { "big5", "BIG5-HKSCS" }, { "iso-8859-9", "CP1254" },
        { "iso-8859-11", "CP874" },       { "tis-620", "CP874" },     { "iso-8859-8-i", "ISO-8859-8" },
        { "iso-8859-6-i", "ISO-8859-6" }, { "x-mac-roman", "MACINTOSH" }, { "x-cp1250", "CP1250" },
        { "x-cp1251", "CP1251" },         { "x-cp1252", "CP1252" },   { "cp-1252", "CP1252" },
        { "win-1251", "CP1251" },         { "win-1256", "CP1256" },   { "koi8", "KOI8-R" },
        { "utf-16", "UTF-16" },           { "unicode", "UTF-16LE" },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (text_same_ascii(charset, rows[i].label))
            return rows[i].name;
    return charset;
}

static bool is_utf8(const char *charset)
{
    return starts(charset, "utf-8") || starts(charset, "utf8");
}

/* Bytes that mean nothing, such as the five that windows-1252 leaves open. */
static void add_bad(struct buf *out, struct slice *in)
{
    text_encode(out, 0xFFFD);
    in->ptr++;
    in->len--;
}

static void convert(struct buf *out, iconv_t cd, struct slice in)
{
    while (in.len && !out->full) {
        char chunk[4096];
        char *from = (char *)(uintptr_t)in.ptr, *to = chunk;   /* iconv does not write there */
        size_t room = sizeof chunk;
        size_t n = iconv(cd, &from, &in.len, &to, &room);

        in.ptr = from;
        buf_add(out, chunk, sizeof chunk - room);
        if (n != (size_t)-1 || errno == E2BIG)
            continue;
        if (in.len)
            add_bad(out, &in);
    }
}

/* Does the label not matter, because the bytes tell better? */
static bool reads_as_utf8(const char *charset, struct slice bytes)
{
    if (charset && is_utf8(charset))
        return true;
    if (is_vague(charset) || is_single_byte(charset))
        return text_is_valid(bytes);
    return false;
}

void mail_charset_add(struct buf *out, const char *charset, struct slice bytes)
{
    enum { NAME_MAX_BYTES = 40 };
    iconv_t cd = (iconv_t)-1;

    if (bytes.len >= 3 && !memcmp(bytes.ptr, "\xEF\xBB\xBF", 3)) {
        charset = "utf-8";
        bytes = (struct slice){ bytes.ptr + 3, bytes.len - 3 };
    }
    if (reads_as_utf8(charset, bytes)) {
        text_add_clean(out, bytes);
        return;
    }
    if (!is_vague(charset) && !is_utf8(charset) && strlen(charset) < NAME_MAX_BYTES)
        cd = iconv_open("UTF-8", iconv_name(charset));
    if (cd == (iconv_t)-1) {
        if (text_is_valid(bytes)) {
            text_add_clean(out, bytes);
            return;
        }
        cd = iconv_open("UTF-8", "WINDOWS-1252");
    }
    if (cd == (iconv_t)-1) {
        text_add_clean(out, bytes);
        return;
    }
    convert(out, cd, bytes);
    iconv_close(cd);
}
