/* Evidence in the HTML report: screenshots as pictures inside the page, other files by their name. */
#include <string.h>

#include "harness/base/text.h"
#include "reporters/html.h"

/** Names as the player makes them: nothing that leads out of the folder, wherever the result is from. */
static bool is_plain(const char *name)
{
    size_t plain = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-./");

    return *name && !name[plain] && *name != '/' && !strstr(name, "..");
}

void html_base64(struct buf *out, struct slice s)            /* RFC 4648 section 4 */
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    for (size_t i = 0; i < s.len; i += 3) {
        size_t left = s.len - i;
        unsigned n = (unsigned)(unsigned char)s.ptr[i] << 16;

        n |= left > 1 ? (unsigned)(unsigned char)s.ptr[i + 1] << 8 : 0;
        n |= left > 2 ? (unsigned)(unsigned char)s.ptr[i + 2] : 0;
        buf_addc(out, digits[n >> 18]);
        buf_addc(out, digits[n >> 12 & 63]);
        buf_addc(out, left > 1 ? digits[n >> 6 & 63] : '=');
        buf_addc(out, left > 2 ? digits[n & 63] : '=');
    }
}

/** False: it is no picture, too large, or not there. */
static bool read_picture(struct html_pictures *all, const char *name, struct buf *png)
{
    static const char signature[] = "\x89PNG\r\n\x1a\n";
    CLEANUP(mem_freep) char *path = mem_printf("%s/%s", all->folder, name);

    if (buf_read_file(png, path) != ST_OK || png->len < sizeof signature - 1 ||
        memcmp(png->ptr, signature, sizeof signature - 1) != 0)
        return false;
    if (all->used + png->len > HTML_PICTURES_MAX)
        return false;
    all->used += png->len;
    return true;
}

void html_evidence(struct buf *out, const struct html_journey *h, const struct event *e)
{
    CLEANUP(buf_release) struct buf png = BUF_INIT(HTML_PICTURE_MAX);
    struct html_pictures *pictures = h->pictures;

    if (pictures && e->code && !strcmp(e->code, evidence_rows[EVIDENCE_SCREENSHOT].code) &&
        is_plain(e->text) && read_picture(pictures, e->text, &png)) {
        buf_addf(out, "<img width=\"640\" alt=\"%s\" src=\"data:image/png;base64,",
                 word(h->w, WORD_SCREENSHOT));
        html_base64(out, buf_slice(&png));
        buf_adds(out, "\">");
    }
    buf_addf(out, "%s ", word(h->w, WORD_KEPT_FILE));
    html_text(out, e->text);
}
