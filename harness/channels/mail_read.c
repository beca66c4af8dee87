#include "harness/channels/mail_inside.h"

#include <string.h>

#include "harness/base/text.h"
#include "harness/channels/mail_mime.h"
#include "harness/channels/mail_text.h"

/* Line ends as mail programs write them when they get them wrong: CR CR LF, lone CR, both kinds
 * mixed. All become LF, so that no header swallows the next one. */
static void normalise(struct slice in, struct buf *out)
{
    size_t len = in.len < MAIL_IN_MAX_BYTES ? in.len : MAIL_IN_MAX_BYTES;

    for (size_t i = 0; i < len; i++) {
        if (in.ptr[i] != '\r') {
            buf_addc(out, in.ptr[i] ? in.ptr[i] : ' ');
            continue;
        }
        while (i + 1 < len && in.ptr[i + 1] == '\r')
            i++;
        if (i + 1 >= len || in.ptr[i + 1] != '\n')
            buf_addc(out, '\n');
    }
}

static GMimeMessage *parse(const struct buf *bytes)
{
    static const char *charsets[] = { "utf-8", "windows-1252", NULL };
    GMimeParserOptions *options = g_mime_parser_options_new();
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes->ptr, bytes->len);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage *m;

    g_mime_parser_options_set_fallback_charsets(options, charsets);
    m = g_mime_parser_construct_message(parser, options);
    g_object_unref(parser);
    g_object_unref(stream);
    g_mime_parser_options_free(options);
    return m;
}

static const char *text_of(struct arena *a, const struct buf *b)
{
    struct buf out = BUF_INIT(MAIL_TEXT_MAX_BYTES);
    const char *ret;

    text_add_clean(&out, text_trim(buf_slice(b)));
    ret = arena_strndup(a, out.ptr, out.len);
    buf_release(&out);
    return ret;
}

struct mail *mail_read(struct arena *a, struct slice bytes)
{
    CLEANUP(buf_release) struct buf normal = BUF_INIT(MAIL_IN_MAX_BYTES);
    CLEANUP(buf_release) struct buf fresh = BUF_INIT(MAIL_TEXT_MAX_BYTES);
    struct mail *mail = arena_alloc(a, sizeof *mail);
    struct gather g = { .arena = a, .mail = mail, .text = BUF_INIT(MAIL_TEXT_MAX_BYTES) };

    mime_ready();
    mail->subject = mail->sender = mail->sender_name = mail->reply_address = "";
    mail->text = mail->full_text = mail->delivery_reason = mail->addressee = "";
    mail->spf = mail->dkim = mail->dmarc = mail->unsubscribe = "";
    mail->date = -1;
    normalise(bytes, &normal);

    GMimeMessage *m = parse(&normal);

    if (!m) {                     /* no header anywhere: then all of it is text */
        mail->text = mail->full_text = text_of(a, &normal);
        return mail;
    }
    mail_read_headers(a, mail, m);
    mail_read_part(&g, g_mime_message_get_mime_part(m), 0);
    mail->full_text = text_of(a, &g.text);
    if (mail->delivery == DELIVERY_NONE)
        mail_read_plain_bounce(a, mail, GMIME_OBJECT(m));
    g_object_unref(m);
    if (mail_new_text(slice_str(mail->full_text), mail->addressee, &fresh))
        mail_add_sign(mail, SIGN_POST, "the name and time of who wrote it");
    mail->text = arena_strndup(a, fresh.ptr, fresh.len);
    mail_settle_links(a, mail);
    mail_read_shape(mail);
    buf_release(&g.text);
    return mail;
}

