#define _XOPEN_SOURCE 700          /* nftw */
/* A Maildir on disk: what is new is heard of once, and nothing in it is touched. */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <utime.h>

#include "harness/base/mem.h"
#include "harness/channels/mail_seen.h"
#include "tests/unit/channels/mail_stage.h"
#include "tests/unit/support/cmocka.h"

static char folder[] = "/tmp/shopper-maildir-XXXXXX";

static const char *path_of(struct stage *s, const char *name)
{
    return arena_printf(s->arena, "%s/%s", folder, name);
}

static void make_folder(struct stage *s, const char *name)
{
    const char *all[] = { "", "/new", "/cur", "/tmp" };

    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        (void)mkdir(path_of(s, arena_printf(s->arena, "%s%s", name, all[i])), 0700);
}

/* As deliveries do it: written aside, then moved to its place. */
static void deliver(struct stage *s, const char *name, const char *text)
{
    const char *aside = path_of(s, "tmp/aside");
    FILE *f = fopen(aside, "w");

    assert_non_null(f);
    fprintf(f, "From: support@company.test\nTo: maya+0@shopper.test\n\n%s\n", text);
    fclose(f);
    assert_int_equal(rename(aside, path_of(s, name)), 0);
}

static struct stage *stage_with_maildir(void)
{
    struct stage *s = stage_new(CLOCK_REAL);

    memcpy(folder + strlen(folder) - 6, "XXXXXX", 6);
    assert_non_null(mkdtemp(folder));
    make_folder(s, ".");
    stage_set_text(s, &s->side[0], "maildir", folder);
    stage_set_text(s, &s->side[0], "spam", "\\Junk");
    return s;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st;
    (void)type;
    (void)at;
    return remove(path);
}

static void remove_all(struct stage *s)
{
    stage_free(s);
    nftw(folder, remove_one, 20, FTW_DEPTH | FTW_PHYS);
}

static void what_is_new_is_heard_of_once(void **state)
{
    struct stage *s = stage_with_maildir();
    struct customer_side *c = &s->side[0];
    struct utimbuf old = { time(NULL) - 3600, time(NULL) - 3600 };

    (void)state;
    make_folder(s, ".Spam");
    deliver(s, "cur/1.old:2,S", "long ago");
    assert_int_equal(utime(path_of(s, "cur/1.old:2,S"), &old), 0);
    stage_open_side(s, 0);
    assert_int_equal(stage_act(s, 0, VERB_SEND, "Hi."), DONE_OK);
    deliver(s, "new/2.a", "first");
    stage_wait_for(s, "first");
    assert_int_equal(access(path_of(s, "new/2.a"), R_OK), 0);

    /* The customer's mail program reads it, then it is moved: known by its name, or its bytes. */
    assert_int_equal(rename(path_of(s, "new/2.a"), path_of(s, "cur/2.a:2,S")), 0);
    deliver(s, "new/3.b", "second");
    stage_wait_for(s, "second");
    assert_int_equal(rename(path_of(s, "cur/2.a:2,S"), path_of(s, ".Spam/cur/7.z:2,")), 0);
    deliver(s, ".Spam/new/4.c", "third");
    stage_wait_for(s, "third");
    stage_expect_once(c->log.ptr, "first");
    stage_expect_once(c->log.ptr, "second");
    stage_expect_once(c->log.ptr, "[spam folder=Junk]: third");
    assert_null(strstr(c->log.ptr, "long ago"));
    assert_int_equal(s->peers.imap_connections, 0);
    remove_all(s);
}

static void without_a_maildir_nothing_is_sent(void **state)
{
    struct stage *s = stage_with_maildir();

    (void)state;
    stage_set_text(s, &s->side[0], "maildir", "/nonexistent/mail");
    stage_open_side(s, 0);
    assert_int_equal(stage_act(s, 0, VERB_SEND, "Hi."), DONE_OUR_FAILED);
    assert_non_null(strstr(s->side[0].log.ptr, "no new/ or no cur/"));
    assert_int_equal(s->peers.smtp_connections, 0);
    remove_all(s);
}

static void a_set_holds_what_was_added(void **state)
{
    struct mail_seen seen = { 0 };
    char text[16];

    (void)state;
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 5000; i++) {
            snprintf(text, sizeof text, "%d", i);
            assert_int_equal(mail_seen_holds(&seen, slice_str(text)), round);
            assert_int_equal(mail_seen_add(&seen, slice_str(text)), !round);
        }
    assert_int_equal(seen.count, 5000);
    mail_seen_release(&seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_new_is_heard_of_once),
        cmocka_unit_test(without_a_maildir_nothing_is_sent),
        cmocka_unit_test(a_set_holds_what_was_added),
    };

    return cmocka_run_group_tests_name("mail_maildir", tests, NULL, NULL);
}
