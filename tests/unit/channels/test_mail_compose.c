/* Outgoing mail: exact bytes, and what hostile values cannot do. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/mem.h"
#include "harness/base/text.h"
#include "harness/channels/mail_compose.h"
#include "harness/channels/mail_markup.h"
#include "harness/channels/mail_read.h"
#include "tests/unit/support/cmocka.h"

static struct mail_draft draft(void)
{
    return (struct mail_draft){
        .from = { "Maya Lindqvist", "maya@shopper.test" },
        .to = { "", "support@company.test" },
        .subject = "Kettle leaks",
        .text = "Hello,\nmy kettle leaks.\n.a dot\n",
        .message_id = "r1.j1.0-1@shopper.test",
        .boundary = "B",
        .date = 1795338900,
    };
}

static void compose(const struct mail_draft *d, struct buf *out)
{
    struct diags diags;

    diags_init(&diags);
    buf_init(out, MAIL_OUT_MAX_BYTES);
    assert_int_equal(mail_compose(d, &diags, out), ST_OK);
    assert_int_equal(diags.count, 0);
    diags_release(&diags);
}

static void plain_mail_is_exact(void **state)
{
    struct mail_draft d = draft();
    struct buf out;

    (void)state;
    compose(&d, &out);
    assert_string_equal(out.ptr,
        "From: Maya Lindqvist <maya@shopper.test>\r\n"
        "To: support@company.test\r\n"
        "Subject: Kettle leaks\r\n"
        "Date: Sun, 22 Nov 2026 09:15:00 +0000\r\n"
        "Message-Id: <r1.j1.0-1@shopper.test>\r\n"
        "MIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: 7bit\r\n"
        "\r\n"
        "Hello,\r\nmy kettle leaks.\r\n.a dot\r\n");
    buf_release(&out);
}

static void reply_headers_are_exact(void **state)
{
    static const char *const references[] = { "r1.j1.0-1@shopper.test", "t-1@company.test" };
    struct mail_draft d = draft();
    struct buf out;

    (void)state;
    d.in_reply_to = "t-1@company.test";
    d.references = references;
    d.reference_count = 2;
    d.marker = "run 7";
    d.text = "Grüße, سلام";
    d.subject = "Re: Kühler";
    compose(&d, &out);
    assert_non_null(strstr(out.ptr, "\r\nIn-Reply-To: <t-1@company.test>\r\n"));
    assert_non_null(strstr(out.ptr, "\r\nReferences: <r1.j1.0-1@shopper.test>"));
    assert_non_null(strstr(out.ptr, "<t-1@company.test>\r\n"));
    assert_non_null(strstr(out.ptr, "\r\nX-Shopper: run 7\r\n"));
    assert_non_null(strstr(out.ptr, "\r\nSubject: Re: =?"));
    assert_null(strstr(out.ptr, "ü"));
    buf_release(&out);
}

/* Every line of what goes out is ASCII, ends in CRLF and has at most 998 characters. */
static void check_wire(struct slice s)
{
    size_t line = 0;

    for (size_t i = 0; i < s.len; i++) {
        assert_in_range((unsigned char)s.ptr[i], 1, 0x7e);
        if (s.ptr[i] == '\n') {
            assert_true(i > 0 && s.ptr[i - 1] == '\r');
            assert_in_range(line, 0, 999);
            line = 0;
        } else {
            if (s.ptr[i] == '\r')
                assert_true(i + 1 < s.len && s.ptr[i + 1] == '\n');
            line++;
        }
    }
    assert_int_equal(line, 0);
}

/* What we wrote is what a reader gets. */
static void check_round_trip(const char *subject, const char *text, const char *want_subject,
                             const char *want_text)
{
    struct mail_draft d = draft();
    struct arena *a = arena_new();
    struct buf out;
    struct mail *m;

    d.subject = subject;
    d.text = text;
    compose(&d, &out);
    check_wire(buf_slice(&out));
    m = mail_read(a, buf_slice(&out));
    assert_string_equal(m->subject, want_subject);
    assert_string_equal(m->full_text, want_text);
    assert_string_equal(m->sender_name, "Maya Lindqvist");
    assert_string_equal(m->message_id, d.message_id);
    assert_int_equal(m->date, d.date);
    arena_free(a);
    buf_release(&out);
}

static void texts_survive_the_way(void **state)
{
    struct buf longest = BUF_INIT(100000), words = BUF_INIT(100000);

    (void)state;
    check_round_trip("Kühler kaputt – bitte! سلام 你好", "Grüße\n\nzwei Zeilen",
                     "Kühler kaputt – bitte! سلام 你好", "Grüße\n\nzwei Zeilen");
    check_round_trip("x", "سلام، کتری من نشتی دارد.\nممنون", "x",
                     "سلام، کتری من نشتی دارد.\nممنون");
    check_round_trip("", "no subject", "", "no subject");
    check_round_trip("a\tb   c", "dots\n.\n..\n.x", "a b c", "dots\n.\n..\n.x");
    buf_add_repeat(&longest, 'x', 5000);
    check_round_trip("long line", longest.ptr, "long line", longest.ptr);
    for (int i = 0; i < 60; i++)
        buf_adds(&words, i ? " Wörter" : "Wörter");
    check_round_trip(words.ptr, "long subject", words.ptr, "long subject");
    check_round_trip("old line ends", "a\r\nb\rc\nd", "old line ends", "a\nb\nc\nd");
    check_round_trip("equals = 3", "=3D is not = and From here\nFrom there", "equals = 3",
                     "=3D is not = and From here\nFrom there");
    buf_release(&longest);
    buf_release(&words);
}

/* Header names of a composed mail, in order. */
static void header_names(const struct buf *mail, struct buf *names)
{
    for (const char *p = mail->ptr; *p && memcmp(p, "\r\n", 2); ) {
        if (*p != ' ' && *p != '\t')
            buf_addf(names, "%.*s ", (int)strcspn(p, ":"), p);
        p += strcspn(p, "\n") + 1;
    }
}

static void no_value_adds_a_header(void **state)
{
    static const char *const attacks[] = {
        "x\r\nBcc: evil@x.test", "x\nBcc: evil@x.test", "x\rBcc: evil@x.test",
        "x\r\n\r\nbody", "x\r\n Bcc: folded", "x\x0b\x0c\x1b[31m", "=?utf-8?Q?a=0D=0ABcc:_y?=",
        "x\xe2\x80\xa8 Bcc: line separator", "x\xff\xfe\r\nBcc: y", "\"\r\nBcc: y\"<z@z.test>",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(attacks); i++) {
        struct mail_draft d = draft();
        struct buf out, names = BUF_INIT(4000);

        d.subject = d.from.name = d.to.name = d.marker = attacks[i];
        if (strpbrk(attacks[i], "\r\n ")) {
            d.in_reply_to = attacks[i];
            d.references = &attacks[i];
            d.reference_count = 1;
        }
        compose(&d, &out);
        check_wire(buf_slice(&out));
        header_names(&out, &names);
        assert_string_equal(names.ptr, "From To Subject Date Message-Id X-Shopper MIME-Version "
                                       "Content-Type Content-Transfer-Encoding ");
        buf_release(&names);
        buf_release(&out);
    }
}

static void addresses_are_checked(void **state)
{
    static const struct {
        const char *text;
        enum status want;
        const char *name, *address;
    } rows[] = {
        { "maya@shopper.test", ST_OK, "", "maya@shopper.test" },
        { "  Maya L <maya+x@shopper.test> ", ST_OK, "Maya L", "maya+x@shopper.test" },
        { "\"Lindqvist, Maya\" <m@s.test>", ST_OK, "Lindqvist, Maya", "m@s.test" },
        { "maya", ST_INVALID, NULL, NULL },
        { "", ST_INVALID, NULL, NULL },
        { "@shopper.test", ST_INVALID, NULL, NULL },
        { "maya@", ST_INVALID, NULL, NULL },
        { "a@b@c", ST_INVALID, NULL, NULL },
        { "a@b.test, c@d.test", ST_INVALID, NULL, NULL },
        { "a@b.test\r\nRCPT TO:<c@d.test>", ST_INVALID, NULL, NULL },
        { "a@b.test> SIZE=1", ST_INVALID, NULL, NULL },
        { "Maya <a@b.test> x", ST_INVALID, NULL, NULL },
        { "a b@c.test", ST_INVALID, NULL, NULL },
        { "käse@shop.test", ST_INVALID, NULL, NULL },
    };
    struct arena *a = arena_new();

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct mail_person p = { NULL, NULL };

        assert_int_equal(mail_person_parse(a, rows[i].text, &p), rows[i].want);
        if (rows[i].want == ST_OK) {
            assert_string_equal(p.name, rows[i].name);
            assert_string_equal(p.address, rows[i].address);
        } else {
            assert_null(p.address);
        }
    }
    arena_free(a);
}

static void several_people_are_read(void **state)
{
    static const struct { const char *text; enum status want; size_t count; } rows[] = {
        { "", ST_OK, 0 }, { "a@b.test", ST_OK, 1 }, { "a@b.test, c@d.test", ST_OK, 2 },
        { "\"Ann, of sales\" <a@b.test>,Bo <c@d.test>", ST_OK, 2 }, { "a@b.test,,c@d.test", ST_INVALID, 0 },
        { "a@b.test c@d.test", ST_INVALID, 0 }, { "a@b.test\r\nBcc: x@y.test", ST_INVALID, 0 },
        { "a@b.test,x@y.test\r\nX-Added: 1", ST_INVALID, 0 },
    };
    struct arena *a = arena_new();
    struct mail_draft d = draft();
    struct buf out = BUF_INIT(MAIL_OUT_MAX_BYTES);
    struct diags diags;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct mail_person *p = NULL;
        size_t n = 0;

        assert_int_equal(mail_people_parse(a, rows[i].text, &p, &n), rows[i].want);
        assert_int_equal(n, rows[i].count);
    }
    assert_int_equal(mail_people_parse(a, rows[3].text, &d.cc, &d.cc_count), ST_OK);
    diags_init(&diags);
    assert_int_equal(mail_compose(&d, &diags, &out), ST_OK);
    assert_non_null(strstr(out.ptr, "Cc: \"Ann, of sales\" <a@b.test>, Bo <c@d.test>\r\n"));
    diags_release(&diags);
    buf_release(&out);
    arena_free(a);
}

static void files_are_attached(void **state)
{
    char path[] = "/tmp/shopper-attach-XXXXXX";
    int fd = mkstemp(path);
    const char *paths[] = { path };
    struct mail_draft d = draft();
    struct arena *a = arena_new();
    struct buf out;
    struct mail *m;

    (void)state;
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "\0\1\2 bytes\r\n", 11), 11);
    close(fd);
    d.attach = paths;
    d.attach_count = 1;
    compose(&d, &out);
    check_wire(buf_slice(&out));
    m = mail_read(a, buf_slice(&out));
    assert_int_equal(m->attachment_count, 1);
    assert_string_equal(m->attachments[0].name, strrchr(path, '/') + 1);
    assert_string_equal(m->text, "Hello,\nmy kettle leaks.\n.a dot");
    buf_release(&out);
    arena_free(a);
    unlink(path);
}

static void names_of_files_may_be_anything(void **state)
{
    static const char *const names[] = {
        "Rechnung für Öl.pdf", "رسید خرید.png", "a\"b;c.txt", "x\r\nBcc: evil@x.test",
        "a very long name that goes on and on and on and on and on for more than a line of a header.csv",
    };
    char folder[] = "/tmp/shopper-attach-XXXXXX";

    (void)state;
    assert_non_null(mkdtemp(folder));
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        char *path = mem_printf("%s/%s", folder, names[i]);
        const char *paths[] = { path };
        FILE *f = fopen(path, "w");
        struct mail_draft d = draft();
        struct arena *a = arena_new();
        struct buf out;
        struct mail *m;

        assert_non_null(f);
        fclose(f);
        d.attach = paths;
        d.attach_count = 1;
        d.html = true;
        compose(&d, &out);
        check_wire(buf_slice(&out));
        assert_null(strstr(out.ptr, "\nBcc"));
        m = mail_read(a, buf_slice(&out));
        assert_int_equal(m->attachment_count, 1);
        assert_string_equal(m->attachments[0].name, mail_header_text(a, names[i]));
        assert_string_equal(m->text, "Hello,\nmy kettle leaks.\n.a dot");
        buf_release(&out);
        arena_free(a);
        unlink(path);
        free(path);
    }
    rmdir(folder);
}

static void html_stands_beside_the_text(void **state)
{
    struct mail_draft d = draft();
    struct arena *a = arena_new();
    struct buf out, html = BUF_INIT(10000);
    struct mail *m;

    (void)state;
    d.html = true;
    d.language = "de";
    d.text = "Grüße <b>\nsiehe https://shop.test/?a=1&b=2.\n\nAm Montag schrieb Anna:\n> ja\n>> nein\n";
    compose(&d, &out);
    check_wire(buf_slice(&out));
    assert_non_null(strstr(out.ptr, "multipart/alternative;"));
    m = mail_read(a, buf_slice(&out));
    assert_non_null(strstr(m->full_text, "Grüße <b>"));
    mail_markup(slice_str(d.text), d.language, &html);
    assert_non_null(strstr(html.ptr, "<body lang=\"de\">\n<div dir=\"auto\">Grüße &lt;b&gt;</div>"));
    assert_non_null(strstr(html.ptr, "siehe <a href=\"https://shop.test/?a=1&amp;b=2\">"
                                     "https://shop.test/?a=1&amp;b=2</a>.</div>"));
    assert_non_null(strstr(html.ptr, "<blockquote type=\"cite\">\n<div dir=\"auto\">ja</div>\n"
                                     "<blockquote type=\"cite\">\n<div dir=\"auto\">nein</div>\n"
                                     "</blockquote>\n</blockquote>\n</body>"));
    buf_release(&html);
    buf_release(&out);
    arena_free(a);
}

static void a_missing_file_is_an_error(void **state)
{
    const char *paths[] = { "/nonexistent/receipt.pdf" };
    struct mail_draft d = draft();
    struct buf out = BUF_INIT(MAIL_OUT_MAX_BYTES);
    struct diags diags;

    (void)state;
    diags_init(&diags);
    d.attach = paths;
    d.attach_count = 1;
    assert_int_equal(mail_compose(&d, &diags, &out), ST_IO);
    assert_int_equal(diags.errors, 1);
    assert_int_equal(out.len, 0);
    diags_release(&diags);
    buf_release(&out);
}

static void long_threads_keep_their_ends(void **state)
{
    struct arena *a = arena_new();
    const char *ids[50];
    struct mail_draft d = draft();
    struct buf out;

    (void)state;
    for (int i = 0; i < 50; i++)
        ids[i] = arena_printf(a, "id-%d@company.test", i);
    d.references = ids;
    d.reference_count = 50;
    compose(&d, &out);
    check_wire(buf_slice(&out));

    struct mail *m = mail_read(a, buf_slice(&out));

    assert_int_equal(m->answers.count, MAIL_REFERENCES_MAX);
    assert_string_equal(m->answers.items[0], ids[0]);
    assert_string_equal(m->answers.items[1], ids[31]);
    assert_string_equal(m->answers.items[MAIL_REFERENCES_MAX - 1], ids[49]);
    buf_release(&out);
    arena_free(a);
}

static void subjects_of_replies(void **state)
{
    struct arena *a = arena_new();

    (void)state;
    assert_string_equal(mail_reply_subject(a, "[#7001] Kettle"), "Re: [#7001] Kettle");
    assert_string_equal(mail_reply_subject(a, "RE: Kettle"), "RE: Kettle");
    assert_string_equal(mail_reply_subject(a, "AW: Kessel"), "AW: Kessel");
    assert_string_equal(mail_reply_subject(a, "Regarding"), "Re: Regarding");
    assert_string_equal(mail_reply_subject(a, ""), "Re: ");
    arena_free(a);
}

static void quoting_as_people_do(void **state)
{
    struct arena *a = arena_new();

    (void)state;
    assert_string_equal(
        mail_reply_text(a, "en", "Thanks.\n", "Anna", 1795338900, "Hello\n> older\n\nBye"),
        "Thanks.\n\nOn 2026-11-22 09:15, Anna wrote:\n> Hello\n>> older\n> \n> Bye\n");
    assert_string_equal(mail_reply_text(a, "de-AT", "Danke.", "Anna", 1795338900, "Gut"),
                        "Danke.\n\nAm 2026-11-22 09:15 schrieb Anna:\n> Gut\n");
    assert_string_equal(mail_reply_text(a, NULL, "Ok", "Anna", -1, ""),
                        "Ok\n\nAnna wrote:\n");
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_mail_is_exact),
        cmocka_unit_test(reply_headers_are_exact),
        cmocka_unit_test(texts_survive_the_way),
        cmocka_unit_test(no_value_adds_a_header),
        cmocka_unit_test(addresses_are_checked),
        cmocka_unit_test(several_people_are_read),
        cmocka_unit_test(files_are_attached),
        cmocka_unit_test(names_of_files_may_be_anything),
        cmocka_unit_test(html_stands_beside_the_text),
        cmocka_unit_test(a_missing_file_is_an_error),
        cmocka_unit_test(long_threads_keep_their_ends),
        cmocka_unit_test(subjects_of_replies),
        cmocka_unit_test(quoting_as_people_do),
    };

    return cmocka_run_group_tests_name("mail_compose", tests, NULL, NULL);
}
