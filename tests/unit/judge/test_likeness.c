#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "harness/base/mem.h"
#include "harness/judge/likeness.h"

static const struct row {
    const char *one, *two;
    int percent;
} rows[] = {
    { "floor", "floor", 100 },
    { "floor", "floors", 100 },
    { "order", "ordered", 100 },
    { "car", "care", 0 },                         /* a short word is only itself */
    { "order", "orderlines", 0 },
    { "floor live", "floor", 0 },                 /* one shared word of several */
    { "flat floor", "floor flat", 100 },
    { "flat floor lift", "floor flat", 66 },
    { "طبقه", "طبقهتون", 100 },                  /* three letters and an ending */
    { "پخت", "پختش", 100 },
    { "صندلی", "صندوق", 0 },                      /* bytes are no letters */
    { "واحد", "طبقه", 0 },
    { "", "floor", 0 },
    { NULL, NULL, 0 },
};

static void how_alike(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_int_equal((int)(likeness(rows[i].one, rows[i].two) * 100), rows[i].percent);
        assert_int_equal((int)(likeness(rows[i].two, rows[i].one) * 100), rows[i].percent);
    }
}

static void what_it_is_about(void **state)
{
    (void)state;
    assert_string_equal(likeness_topic("surface", "surface flat"), "surface flat");
    assert_string_equal(likeness_topic("surface flat", "surface"), "surface flat");
    assert_null(likeness_topic("surface flat", "surface garden"));
    assert_null(likeness_topic("floor", "flat"));
    assert_null(likeness_topic(NULL, "flat"));
    assert_null(likeness_topic("flat", NULL));
}

static void what_only_one_says(void **state)
{
    (void)state;
    assert_true(likeness_apart("paper got", "paper missing", "paper"));
    assert_false(likeness_apart("floor live", "floor", "floor"));
    assert_false(likeness_apart("floor number", "floor numbers", "floor"));
    assert_false(likeness_apart(NULL, "floor", "floor"));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(how_alike),
                                        cmocka_unit_test(what_it_is_about),
                                        cmocka_unit_test(what_only_one_says) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
