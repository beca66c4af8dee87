/* The journal: what was written comes back, whole or not at all; and files that are none. */
#include "tests/unit/support/cmocka.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/buf.h"
#include "harness/store/journal.h"

struct place {
    char folder[64], path[96];
    struct diags diags;
};

static int set_up(void **state)
{
    struct place *p = mem_zero(1, sizeof *p);

    snprintf(p->folder, sizeof p->folder, "/tmp/shopper-journal-XXXXXX");
    assert_non_null(mkdtemp(p->folder));
    snprintf(p->path, sizeof p->path, "%s/j", p->folder);
    diags_init(&p->diags);
    *state = p;
    return 0;
}

static int tear_down(void **state)
{
    static const char *const ends[] = { "", "-wal", "-shm", "-journal" };
    struct place *p = *state;

    for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
        char *path = mem_printf("%s%s", p->path, ends[i]);

        unlink(path);
        free(path);
    }
    assert_int_equal(rmdir(p->folder), 0);
    diags_release(&p->diags);
    free(p);
    return 0;
}

static void add(struct kept_batch *b, struct kept_row row)
{
    kept_batch_add(b, &row);
}

static void write_some(struct journal *j)
{
    struct kept_batch b = kept_batch_new();

    add(&b, (struct kept_row){ .what = KEPT_HEADER, .journey = 3, .json = "{\"transcript\":1}" });
    add(&b, (struct kept_row){ .what = KEPT_EVENT, .journey = 3, .seq = 0, .json = "{\"seq\":0}" });
    add(&b, (struct kept_row){ .what = KEPT_EVENT, .journey = 3, .seq = 1, .json = "{\"seq\":1}" });
    add(&b, (struct kept_row){ .what = KEPT_PART, .journey = 3, .name = "visit chat",
                               .json = "{\"session\":\"s\"}" });
    add(&b, (struct kept_row){ .what = KEPT_STATE, .journey = 3, .status = KEPT_PARKED,
                               .wake_us = 77, .contacts = 2 });
    assert_int_equal(journal_write(j, &b), ST_OK);
    kept_batch_release(&b);
}

static void comes_back(void **state)
{
    struct place *p = *state;
    struct kept_journey k;
    struct journal *j;
    struct arena *a = arena_new();
    struct stat st;

    assert_int_equal(journal_create(p->path, &p->diags, &j), ST_OK);
    assert_int_equal(stat(p->path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(journal_set_meta(j, "start", "now"), ST_OK);
    write_some(j);
    journal_close(j);

    assert_int_equal(journal_open(p->path, &p->diags, &j), ST_OK);
    assert_string_equal(journal_meta(j, a, "start"), "now");
    assert_null(journal_meta(j, a, "end"));
    assert_int_equal(journal_read(j, 3, &k), ST_OK);
    assert_int_equal(k.status, KEPT_PARKED);
    assert_int_equal(k.wake_us, 77);
    assert_int_equal(k.contacts, 2);
    assert_int_equal(json_array_size(k.events), 2);
    assert_string_equal(json_string_value(json_object_get(
                            json_object_get(k.parts, "visit chat"), "session")), "s");
    kept_journey_release(&k);
    assert_int_equal(journal_read(j, 4, &k), ST_OK);
    assert_int_equal(k.status, KEPT_NEW);
    kept_journey_release(&k);
    journal_close(j);
    arena_free(a);
}

/* A batch that fails in the middle leaves nothing behind. */
static void all_or_nothing(void **state)
{
    struct place *p = *state;
    struct kept_batch b = kept_batch_new();
    struct kept_journey k;
    struct journal *j;

    assert_int_equal(journal_create(p->path, &p->diags, &j), ST_OK);
    write_some(j);
    add(&b, (struct kept_row){ .what = KEPT_EVENT, .journey = 3, .seq = 2, .json = "{}" });
    add(&b, (struct kept_row){ .what = KEPT_EVENT, .journey = 3, .seq = 0, .json = "{}" });
    assert_int_equal(journal_write(j, &b), ST_IO);
    assert_true(strlen(journal_why(j)) > 0);
    kept_batch_release(&b);
    assert_int_equal(journal_read(j, 3, &k), ST_OK);
    assert_int_equal(json_array_size(k.events), 2);
    kept_journey_release(&k);
    journal_close(j);
}

/* What is over holds no secrets any more. */
static void over_has_no_parts(void **state)
{
    struct place *p = *state;
    struct kept_batch b = kept_batch_new();
    struct kept_journey k;
    struct journal *j;

    assert_int_equal(journal_create(p->path, &p->diags, &j), ST_OK);
    write_some(j);
    add(&b, (struct kept_row){ .what = KEPT_STATE, .journey = 3, .status = KEPT_OVER });
    assert_int_equal(journal_write(j, &b), ST_OK);
    kept_batch_release(&b);
    assert_int_equal(journal_read(j, 3, &k), ST_OK);
    assert_int_equal(json_array_size(k.events), 2);
    assert_int_equal(json_object_size(k.parts), 0);
    kept_journey_release(&k);
    journal_close(j);
}

static void second_is_refused(void **state)
{
    struct place *p = *state;
    struct journal *j, *other = NULL;

    assert_int_equal(journal_create(p->path, &p->diags, &j), ST_OK);
    assert_int_equal(journal_open(p->path, &p->diags, &other), ST_DENIED);
    assert_non_null(strstr(p->diags.items[0].what, "another shopper has this journal open"));
    assert_int_equal(journal_create(p->path, &p->diags, &other), ST_INVALID);
    assert_null(other);
    journal_close(j);
}

static void put(const char *path, const void *bytes, size_t len)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, len), (ssize_t)len);
    close(fd);
}

static void strangers(void **state)
{
    struct place *p = *state;
    struct journal *j = NULL;
    sqlite3 *db;

    assert_int_equal(journal_open(p->path, &p->diags, &j), ST_NOT_FOUND);
    put(p->path, "hello, this is no database at all, only text", 44);
    assert_int_equal(journal_open(p->path, &p->diags, &j), ST_INVALID);
    unlink(p->path);
    assert_int_equal(sqlite3_open(p->path, &db), SQLITE_OK);
    sqlite3_exec(db, "CREATE TABLE t(x)", NULL, NULL, NULL);
    sqlite3_close(db);
    assert_int_equal(journal_open(p->path, &p->diags, &j), ST_INVALID);
    unlink(p->path);
    assert_int_equal(journal_create(p->path, &p->diags, &j), ST_OK);
    journal_close(j);
    assert_int_equal(sqlite3_open(p->path, &db), SQLITE_OK);
    sqlite3_exec(db, "PRAGMA user_version = 99", NULL, NULL, NULL);
    sqlite3_close(db);
    j = NULL;
    assert_int_equal(journal_open(p->path, &p->diags, &j), ST_INVALID);
    assert_non_null(strstr(p->diags.items[p->diags.count - 1].what, "version 99"));
    assert_null(j);
}

/* Half of the file is rubbish: said, and never a crash. */
static void damaged(void **state)
{
    struct place *p = *state;
    CLEANUP(buf_release) struct buf whole = BUF_INIT(16 * 1024 * 1024);
    struct journal *j;

    assert_int_equal(journal_create(p->path, &p->diags, &j), ST_OK);
    write_some(j);
    journal_close(j);
    assert_int_equal(buf_read_file(&whole, p->path), ST_OK);
    for (size_t from = 4096; from < whole.len; from += 4096) {
        char *copy = mem_alloc(whole.len);

        memcpy(copy, whole.ptr, whole.len);
        memset(copy + from, 0xa5, 200);
        put(p->path, copy, whole.len);
        free(copy);
        j = NULL;
        if (journal_open(p->path, &p->diags, &j) == ST_OK)
            journal_close(j);
        else
            assert_true(p->diags.errors > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(comes_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(all_or_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(over_has_no_parts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(second_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(strangers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(damaged, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
