/* Mails as files: tests/unit/channels/mails/NAME.eml is read, NAME.txt is what must come out.
 * UPDATE=1 writes what came out: read the diff before you commit it. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/channels/mail_read.h"
#include "harness/channels/mail_text.h"
#include "tests/unit/support/cmocka.h"

#define FOLDER "tests/unit/channels/mails/"

enum { MAILS_MAX = 400 };

static void add_ids(struct buf *out, const char *what, const struct mail_ids *ids)
{
    for (size_t i = 0; i < ids->count; i++)
        buf_addf(out, "%s: %s\n", what, ids->items[i]);
}

/* What a test sees of a mail, a line each, then the text. */
static void show(struct buf *out, const struct mail *m)
{
    static const char *const deliveries[] = { "none", "failed", "delayed", "other" };

    buf_addf(out, "subject: %s\nsender: %s|%s\nreply: %s\nid: %s\n", m->subject, m->sender_name,
             m->sender, m->reply_address, m->message_id ? m->message_id : "-");
    add_ids(out, "answers", &m->answers);
    add_ids(out, "to", &m->recipients);
    for (size_t i = 0; i < m->sign_count; i++)
        buf_addf(out, "sign: %s\n", m->signs[i].label);
    if (m->delivery != DELIVERY_NONE)
        buf_addf(out, "delivery: %s, %s\n", deliveries[m->delivery], m->delivery_reason);
    for (size_t i = 0; i < m->attachment_count; i++)
        buf_addf(out, "attachment: %s, %s, %lld bytes\n", m->attachments[i].name,
                 m->attachments[i].type, (long long)m->attachments[i].size);
    for (size_t i = 0; i < m->link_count; i++)
        buf_addf(out, "link: %s\n", m->links[i].url);
    buf_addf(out, "date: %lld\n\n%s\n", (long long)m->date, m->text);
}

static void check_mail(void **state)
{
    const char *name = *state;
    char *path = mem_printf(FOLDER "%s.eml", name), *want_path = mem_printf(FOLDER "%s.txt", name);
    struct buf bytes = BUF_INIT(MAIL_IN_MAX_BYTES), want = BUF_INIT(MAIL_IN_MAX_BYTES);
    struct buf got = BUF_INIT(MAIL_IN_MAX_BYTES);
    struct arena *a = arena_new();

    assert_int_equal(buf_read_file(&bytes, path), ST_OK);
    show(&got, mail_read(a, buf_slice(&bytes)));
    assert_true(text_is_valid(buf_slice(&got)));
    if (getenv("UPDATE")) {
        FILE *f = fopen(want_path, "w");

        assert_non_null(f);
        fputs(got.ptr, f);
        fclose(f);
    }
    assert_int_equal(buf_read_file(&want, want_path), ST_OK);
    assert_string_equal(got.ptr, want.ptr);
    arena_free(a);
    buf_release(&bytes);
    buf_release(&want);
    buf_release(&got);
    free(path);
    free(want_path);
}

/* Cut anywhere, or with any byte spoilt, a mail is still read without harm. */
static void damaged_mails_are_read(void **state)
{
    static const char *const names[] = { "nested-multipart", "dsn-failed", "html-only",
                                         "quoted-printable-latin1" };

    (void)state;
    for (size_t n = 0; n < ARRAY_LEN(names); n++) {
        char *path = mem_printf(FOLDER "%s.eml", names[n]);
        struct buf bytes = BUF_INIT(MAIL_IN_MAX_BYTES);

        assert_int_equal(buf_read_file(&bytes, path), ST_OK);
        for (size_t i = 0; i < bytes.len; i += 7) {
            struct arena *a = arena_new();
            char saved = bytes.ptr[i];

            assert_non_null(mail_read(a, (struct slice){ bytes.ptr, i })->text);
            bytes.ptr[i] = (char)(saved ^ 0x15);
            assert_true(text_is_valid(slice_str(mail_read(a, buf_slice(&bytes))->text)));
            bytes.ptr[i] = saved;
            arena_free(a);
        }
        buf_release(&bytes);
        free(path);
    }
}

static void deep_nesting_is_survived(void **state)
{
    struct buf b = BUF_INIT(MAIL_IN_MAX_BYTES);
    struct arena *a = arena_new();

    (void)state;
    buf_adds(&b, "From: a@b.test\nContent-Type: multipart/mixed; boundary=\"0\"\n\n");
    for (int i = 0; i < 20000; i++)
        buf_addf(&b, "--%d\nContent-Type: multipart/mixed; boundary=\"%d\"\n\n", i, i + 1);
    assert_string_equal(mail_read(a, buf_slice(&b))->sender, "a@b.test");
    buf_clear(&b);
    buf_adds(&b, "From: a@b.test\nContent-Type: message/rfc822\n\n");
    for (int i = 0; i < 20000; i++)
        buf_adds(&b, "Content-Type: message/rfc822\n\n");
    assert_string_equal(mail_read(a, buf_slice(&b))->sender, "a@b.test");
    buf_clear(&b);
    buf_adds(&b, "From: a@b.test\nContent-Type: text/html\n\n");
    for (int i = 0; i < 20000; i++)
        buf_adds(&b, "<div><blockquote>");
    buf_adds(&b, "words");
    assert_non_null(strstr(mail_read(a, buf_slice(&b))->full_text, "words"));
    arena_free(a);
    buf_release(&b);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

int main(void)
{
    static struct CMUnitTest tests[MAILS_MAX + 2];
    static char *names[MAILS_MAX];
    size_t n = 0, t = 0;
    DIR *dir = opendir(FOLDER);
    int failed;

    for (struct dirent *e; dir && (e = readdir(dir)) && n < MAILS_MAX;) {
        char *dot = strrchr(e->d_name, '.');

        if (dot && !strcmp(dot, ".eml"))
            names[n++] = mem_strndup(e->d_name, (size_t)(dot - e->d_name));
    }
    if (dir)
        closedir(dir);
    qsort(names, n, sizeof *names, by_name);
    for (size_t i = 0; i < n; i++)
        tests[t++] = (struct CMUnitTest){ .name = names[i], .test_func = check_mail,
                                          .initial_state = names[i] };
    tests[t++] = (struct CMUnitTest)cmocka_unit_test(damaged_mails_are_read);
    tests[t++] = (struct CMUnitTest)cmocka_unit_test(deep_nesting_is_survived);
    failed = n == 0 ? 1 : _cmocka_run_group_tests("mail_read", tests, t, NULL, NULL);
    for (size_t i = 0; i < n; i++)
        free(names[i]);
    return failed;
}
