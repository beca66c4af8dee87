#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "harness/base/scratch.h"

/* Pieces that fill memory and go on in the file: read back from both, and across the border. */
static void test_memory_then_file(void **state)
{
    (void)state;
    enum { PIECE = 1000, PIECES = SCRATCH_HELD / PIECE + 50 };
    char piece[PIECE], back[2 * PIECE];
    struct scratch s;

    scratch_init(&s, NULL);
    for (int i = 0; i < PIECES; i++) {
        memset(piece, 'a' + i % 26, sizeof piece);
        assert_true(scratch_add(&s, piece, sizeof piece));
        assert_int_equal(s.fd >= 0, s.len > SCRATCH_HELD);
    }
    for (int i = 0; i + 1 < PIECES; i++) {
        assert_true(scratch_get(&s, (uint64_t)i * PIECE + 500, back, PIECE));
        assert_int_equal(back[0], 'a' + i % 26);
        assert_int_equal(back[PIECE - 1], 'a' + (i + 1) % 26);
    }
    assert_true(scratch_get(&s, s.len, back, 0));
    assert_false(scratch_get(&s, s.len - 1, back, 2));
    assert_false(s.failed);

    char *all = NULL;
    size_t len = 0;
    FILE *f = open_memstream(&all, &len);

    assert_true(scratch_print(&s, f));
    fclose(f);
    assert_int_equal(len, s.len);
    assert_int_equal(all[0], 'a');
    assert_int_equal(all[len - 1], 'a' + (PIECES - 1) % 26);
    free(all);
    scratch_release(&s);
}

/* Written in any order; what was never written is zero, in memory and in the file. */
static void test_anywhere(void **state)
{
    (void)state;
    static const uint64_t ends[] = { 100, SCRATCH_HELD * UINT64_C(5) };

    for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
        struct scratch s;
        char c[2];

        scratch_init(&s, "/tmp");
        assert_true(scratch_put(&s, ends[i], "z", 1));
        assert_true(scratch_put(&s, 10, "m", 1));
        assert_int_equal(s.len, ends[i] + 1);
        assert_true(scratch_get(&s, 9, c, 2));
        assert_memory_equal(c, "\0m", 2);
        assert_true(scratch_get(&s, ends[i], c, 1));
        assert_int_equal(c[0], 'z');
        scratch_release(&s);
    }
}

static void test_no_folder(void **state)
{
    (void)state;
    struct scratch s;
    char c;

    scratch_init(&s, "/nowhere");
    assert_true(scratch_add(&s, "x", 1));
    assert_false(scratch_put(&s, SCRATCH_HELD, "y", 1));
    assert_true(s.failed);
    assert_false(scratch_add(&s, "x", 1));
    assert_false(scratch_get(&s, 0, &c, 1));
    scratch_release(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memory_then_file),
        cmocka_unit_test(test_anywhere),
        cmocka_unit_test(test_no_folder),
    };

    return cmocka_run_group_tests_name("scratch", tests, NULL, NULL);
}
