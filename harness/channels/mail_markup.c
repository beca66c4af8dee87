#include "harness/channels/mail_markup.h"

#include <string.h>

#include "harness/base/text.h"

enum { QUOTES_MAX = 20 };

/* How often the line is quoted; *line becomes what stands behind the marks. */
static unsigned take_quotes(struct slice *line)
{
    unsigned n = 0;

    while (line->len && n < QUOTES_MAX && (line->ptr[0] == '>' || (n && line->ptr[0] == ' '))) {
        bool blank = line->ptr[0] == ' ';

        line->ptr++;
        line->len--;
        n += !blank;
        if (blank && (!line->len || line->ptr[0] != '>'))
            break;
    }
    return n;
}

/* The length of a web address at p; 0 none. Marks at its end belong to the sentence. */
static size_t link_at(const char *p, const char *end)
{
    struct slice s = { p, 0 };

    if (!text_starts_with(p, "http://") && !text_starts_with(p, "https://"))
        return 0;
    while (p < end && (unsigned char)*p > 0x20 && !strchr("<>\"", *p))
        p++;
    s.len = (size_t)(p - s.ptr);
    while (s.len && strchr(".,;:!?)'", s.ptr[s.len - 1]))
        s.len--;
    return s.len > strlen("https://") ? s.len : 0;
}

static void add_words(struct buf *out, struct slice line)
{
    const char *p = line.ptr, *end = p + line.len, *plain = p;

    while (p < end) {
        size_t n = *p == 'h' ? link_at(p, end) : 0;

        if (!n) {
            p++;
            continue;
        }
        text_add_xml(out, (struct slice){ plain, (size_t)(p - plain) });
        buf_adds(out, "<a href=\"");
        text_add_xml(out, (struct slice){ p, n });
        buf_adds(out, "\">");
        text_add_xml(out, (struct slice){ p, n });
        buf_adds(out, "</a>");
        p += n;
        plain = p;
    }
    text_add_xml(out, (struct slice){ plain, (size_t)(end - plain) });
}

void mail_markup(struct slice text, const char *language, struct buf *out)
{
    unsigned depth = 0;

    buf_adds(out, "<html><head><meta http-equiv=\"Content-Type\" content=\"text/html; charset=utf-8\">"
                  "</head>\n<body");
    if (language) {
        buf_adds(out, " lang=\"");
        text_add_xml(out, slice_str(language));
        buf_addc(out, '"');
    }
    buf_adds(out, ">\n");
    text = text_trim(text);
    while (text.len) {
        const char *nl = memchr(text.ptr, '\n', text.len);
        struct slice line = { text.ptr, nl ? (size_t)(nl - text.ptr) : text.len };
        size_t whole = line.len + (nl != NULL);
        unsigned quotes = take_quotes(&line);

        for (; depth < quotes; depth++)
            buf_adds(out, "<blockquote type=\"cite\">\n");
        for (; depth > quotes; depth--)
            buf_adds(out, "</blockquote>\n");
        buf_adds(out, "<div dir=\"auto\">");
        if (text_trim(line).len)
            add_words(out, line);
        else
            buf_adds(out, "<br>");
        buf_adds(out, "</div>\n");
        text.ptr += whole;
        text.len -= whole;
    }
    for (; depth > 0; depth--)
        buf_adds(out, "</blockquote>\n");
    buf_adds(out, "</body></html>\n");
}
