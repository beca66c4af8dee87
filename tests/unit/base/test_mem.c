/* Memory: arenas give zeroed, aligned pieces that stay apart; arrays grow. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/mem.h"
#include "tests/unit/support/cmocka.h"

static void strings(void **state)
{
    CLEANUP(mem_freep) char *a = mem_strdup("abc");
    CLEANUP(mem_freep) char *b = mem_strndup("abcdef", 2);
    CLEANUP(mem_freep) char *c = mem_printf("%s-%d", "x", 7);

    (void)state;
    assert_string_equal(a, "abc");
    assert_string_equal(b, "ab");
    assert_string_equal(c, "x-7");
    assert_null(mem_strdup(NULL));
}

static void arrays_grow(void **state)
{
    int *list = NULL;
    size_t cap = 0;

    (void)state;
    for (int i = 0; i < 1000; i++) {
        MEM_GROW(list, cap, (size_t)i + 1);
        list[i] = i;
    }
    assert_true(cap >= 1000);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(list[i], i);
    MEM_GROW(list, cap, 5);                  /* never shrinks */
    assert_true(cap >= 1000);
    free(list);
}

static void arena_pieces(void **state)
{
    static const size_t sizes[] = { 0, 1, 7, 16, 17, 100, 2048, 2049, 8192, 8193, 100000, 3 };
    unsigned char *pieces[ARRAY_LEN(sizes) * 20];
    struct arena *a = arena_new();
    size_t n = 0;

    (void)state;
    for (size_t round = 0; round < 20; round++) {
        for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
            unsigned char *p = arena_alloc(a, sizes[i]);

            assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
            for (size_t k = 0; k < sizes[i]; k++)
                assert_int_equal(p[k], 0);
            memset(p, (int)(n & 0xFF), sizes[i]);
            pieces[n++] = p;
        }
    }
    for (size_t i = 0; i < n; i++)           /* nobody wrote over anybody */
        for (size_t k = 0; k < sizes[i % ARRAY_LEN(sizes)]; k++)
            assert_int_equal(pieces[i][k], i & 0xFF);
    assert_true(arena_bytes(a) >= 20 * 120000);
    arena_freep(&a);
    assert_null(a);
    arena_free(NULL);
}

static void arena_small_pieces_share_blocks(void **state)
{
    struct arena *a = arena_new();

    (void)state;
    for (int i = 0; i < 400; i++) {
        arena_alloc(a, 16);
        if (i % 100 == 0)
            arena_alloc(a, 5000);            /* large ones must not waste the open block */
    }
    assert_true(arena_bytes(a) <= 400 * 16 + 4 * 5008 + 8192);
    arena_free(a);
}

static void arena_strings_and_arrays(void **state)
{
    struct arena *a = arena_new();
    const char **list = NULL;
    size_t cap = 0;

    (void)state;
    assert_null(arena_strdup(a, NULL));
    assert_string_equal(arena_strndup(a, "abcdef", 3), "abc");
    for (int i = 0; i < 100; i++) {
        ARENA_GROW(a, list, cap, (size_t)i + 1);
        list[i] = arena_printf(a, "%d", i);
    }
    assert_string_equal(list[0], "0");
    assert_string_equal(list[99], "99");
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strings),
        cmocka_unit_test(arrays_grow),
        cmocka_unit_test(arena_pieces),
        cmocka_unit_test(arena_small_pieces_share_blocks),
        cmocka_unit_test(arena_strings_and_arrays),
    };

    return cmocka_run_group_tests_name("mem", tests, NULL, NULL);
}
