#include "harness/channels/mail_charset.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>

#include "harness/base/text.h"

/* Labels under which people send windows-1252 or plain UTF-8. */
static bool is_vague(const char *charset)
{
    static const char *const names[] = {
        "us-ascii", "ascii", "ansi_x3.4-1968", "iso-8859-1", "iso8859-1", "latin1", "iso_8859-1",
        "unknown-8bit", "8bit", "default", "x-unknown", "unknown", "",
    };

    for (size_t i = 0; charset && i < ARRAY_LEN(names); i++)
        if (text_same_ascii(charset, names[i]))
            return true;
    return !charset;
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

void mail_charset_add(struct buf *out, const char *charset, struct slice bytes)
{
    bool vague = is_vague(charset);
    iconv_t cd = (iconv_t)-1;

    if (vague && text_is_valid(bytes)) {
        text_add_clean(out, bytes);
        return;
    }
    if (!vague && (text_same_ascii(charset, "utf-8") || text_same_ascii(charset, "utf8"))) {
        text_add_clean(out, bytes);
        return;
    }
    if (!vague && strlen(charset) < 40)
        cd = iconv_open("UTF-8", charset);
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
