#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "harness/read/pack.h"

static const struct row {
    const char *text;
    size_t count;
    const char *first, *last;
} rows[] = {
    { "order number", 1, "order number", "order number" },
    { "(order|purchase) number", 2, "order number", "purchase number" },
    { "(number|no) of (the|your|this) order", 6, "number of the order", "no of this order" },
    { "code postal(| de la ville)", 2, "code postal", "code postal de la ville" },
    { "(شماره|کد) (سفارش|خرید)", 4, "شماره سفارش", "کد خرید" },
    { "(a)", 1, "a", "a" },
    { "(a|b|c|d)(a|b|c|d)(a|b|c|d)(a|b|c|d)", 256, "aaaa", "dddd" },
    { "(a|b|c|d)(a|b|c|d)(a|b|c|d)(a|b|c|d)(a|b)", 0, NULL, NULL },
    { "(a|(b|c))", 0, NULL, NULL },
    { "(a|b", 0, NULL, NULL },
    { "a|b) c", 0, NULL, NULL },
};

static void every_row(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct row *r = &rows[i];
        struct arena *a = arena_new();

        assert_int_equal(variants_count(r->text), r->count);
        if (r->count) {
            assert_string_equal(variant(a, r->text, 0), r->first);
            assert_string_equal(variant(a, r->text, r->count - 1), r->last);
        }
        for (size_t k = 0; k < r->count; k++)
            for (size_t j = 0; j < k; j++)
                assert_string_not_equal(variant(a, r->text, j), variant(a, r->text, k));
        arena_free(a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(every_row) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
