/* Buf: capped growth, and its invariant after every operation. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/buf.h"
#include "tests/unit/support/cmocka.h"

static void check_invariant(const struct buf *b)
{
    assert_non_null(b->ptr);
    assert_true(b->len <= b->max);
    assert_true(b->cap == 0 ? b->len == 0 : b->len < b->cap);
    assert_int_equal(b->ptr[b->len], '\0');
}

static void grows(void **state)
{
    struct buf b = BUF_INIT(1000);

    (void)state;
    check_invariant(&b);
    for (int i = 0; i < 100; i++) {
        buf_addf(&b, "%d,", i);
        check_invariant(&b);
    }
    buf_addc(&b, 'x');
    buf_add_repeat(&b, '=', 3);
    buf_adds(&b, NULL);
    buf_add(&b, "", 0);
    check_invariant(&b);
    assert_string_equal(b.ptr + b.len - 7, "99,x===");
    assert_false(b.full);
    buf_release(&b);
    check_invariant(&b);
    assert_int_equal(b.max, 1000);
}

static void stays_full(void **state)
{
    struct buf b = BUF_INIT(5);

    (void)state;
    buf_adds(&b, "abc");
    buf_adds(&b, "defg");
    assert_true(b.full);
    assert_string_equal(b.ptr, "abc");
    buf_addc(&b, 'd');                       /* would fit, but there is a gap before it */
    assert_string_equal(b.ptr, "abc");
    check_invariant(&b);
    buf_clear(&b);
    assert_false(b.full);
    buf_adds(&b, "abcde");
    assert_string_equal(b.ptr, "abcde");
    assert_false(b.full);
    buf_addf(&b, "%s", "f");
    assert_true(b.full);
    buf_add_repeat(&b, '.', SIZE_MAX);
    check_invariant(&b);
    buf_release(&b);
}

static void changes_hands(void **state)
{
    struct buf b = BUF_INIT(100);
    char *p = buf_steal(&b);

    (void)state;
    assert_string_equal(p, "");
    free(p);
    buf_adds(&b, "mine");
    p = buf_steal(&b);
    assert_string_equal(p, "mine");
    check_invariant(&b);
    assert_int_equal(b.len, 0);
    free(p);
    buf_release(&b);
}

static void trims_right(void **state)
{
    struct buf b = BUF_INIT(100);

    (void)state;
    buf_trim_right(&b);
    check_invariant(&b);
    buf_adds(&b, " a b \t\r\n ");
    buf_trim_right(&b);
    assert_string_equal(b.ptr, " a b");
    buf_add(&b, "\0", 1);
    buf_trim_right(&b);                      /* NUL is no blank */
    assert_int_equal(b.len, 5);
    check_invariant(&b);
    buf_release(&b);
}

static void slices(void **state)
{
    struct buf b = BUF_INIT(100);

    (void)state;
    buf_adds(&b, "text");
    assert_true(slice_eq(buf_slice(&b), "text"));
    assert_false(slice_eq(buf_slice(&b), "tex"));
    assert_false(slice_eq(buf_slice(&b), "texts"));
    assert_true(slice_eq(slice_str(NULL), ""));
    assert_true(slice_eq(SLICE_LIT("ab"), "ab"));
    buf_release(&b);
}

static void reads_files(void **state)
{
    char path[] = "/tmp/shopper-buf-XXXXXX";
    int fd = mkstemp(path);
    struct buf b = BUF_INIT(100000), small = BUF_INIT(99999);

    (void)state;
    assert_true(fd >= 0);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(write(fd, "0123456789012345678901234567890123456789012345678901234567890"
                                   "123456789012345678901234567890123456789", 100), 100);
    assert_int_equal(buf_read_file(&b, path), ST_OK);
    assert_int_equal(b.len, 100000);
    check_invariant(&b);
    assert_int_equal(buf_read_file(&small, path), ST_LIMIT);
    check_invariant(&small);
    close(fd);
    unlink(path);
    buf_clear(&b);
    assert_int_equal(buf_read_file(&b, path), ST_IO);
    assert_int_equal(errno, ENOENT);
    assert_int_equal(buf_read_file(&b, "/"), ST_IO);
    assert_int_equal(errno, EISDIR);
    buf_release(&b);
    buf_release(&small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grows), cmocka_unit_test(stays_full), cmocka_unit_test(changes_hands),
        cmocka_unit_test(trims_right), cmocka_unit_test(slices), cmocka_unit_test(reads_files),
    };

    return cmocka_run_group_tests_name("buf", tests, NULL, NULL);
}
