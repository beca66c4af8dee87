/* A message that comes again is read as if it were the first time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/read/packs.h"

struct saying {
    const char *language, *text;
    enum party from;
    size_t known;                 /* facts the transcript knows of its customer; then their name */
};

static void say(struct transcript *t, const struct saying *s)
{
    static struct named_text knows[] = { { "order_number", "A-10442" }, { "cat", "Tom" } };
    bool customer = s->from == PARTY_CUSTOMER;
    struct event e = customer ? event_init(EVENT_SENT, PARTY_CUSTOMER)
                              : event_init(EVENT_MESSAGE, PARTY_COMPANY);

    t->language = s->language;
    t->knows = knows;
    t->know_count = s->known < 3 ? s->known : 2;
    t->customer_name = s->known == 3 ? "Maya Lindqvist" : s->known == 4 ? "Ben Okafor" : NULL;
    t->customer_email = s->known == 4 ? "ben@shopper.test" : NULL;
    e.text = s->text;
    transcript_append(t, &e);
}

static void same_text(const char *a, const char *b)
{
    assert_true(!a == !b);
    if (a)
        assert_string_equal(a, b);
}

static void same_marks(const struct marks *x, const struct marks *y)
{
    assert_int_equal(x->count, y->count);
    for (size_t i = 0; i < x->count; i++) {
        const struct mark *a = &x->items[i], *b = &y->items[i];

        assert_true(a->kind == b->kind && a->seq == b->seq && a->start == b->start &&
                    a->end == b->end && a->within_us == b->within_us);
        assert_true(a->when.kind == b->when.kind && a->boilerplate == b->boilerplate);
        same_text(a->slot, b->slot);
        same_text(a->value, b->value);
        same_text(a->topic, b->topic);
        same_text(a->about, b->about);
        same_text(a->aim, b->aim);
        same_text(a->rule, b->rule);
    }
}

static size_t check(struct reading_memory *memory, const struct saying *s)
{
    struct arena *a = arena_new();
    struct transcript *t = transcript_new();
    struct marks plain = { 0 }, again = { 0 };

    say(t, s);
    reader_read(packs_reader(), t, 0, a, &plain);
    reader_read_again(packs_reader(), memory, t, 0, a, &again);
    same_marks(&plain, &again);
    transcript_free(t);
    arena_free(a);
    return plain.count;
}

static void comes_again(void **state)
{
    static const struct saying sayings[] = {
        { "en", "And the second passenger's name and order number?", PARTY_COMPANY, 0 },
        { "en", "And the second passenger's name and order number?", PARTY_COMPANY, 1 },
        { "en", "Your number is A-10442, right? We answer within 48 hours.", PARTY_COMPANY, 0 },
        { "en", "Your number is A-10442, right? We answer within 48 hours.", PARTY_COMPANY, 1 },
        { "en", "Name?", PARTY_COMPANY, 0 },
        { "de", "Name?", PARTY_COMPANY, 0 },
        { "fr", "Name?", PARTY_COMPANY, 0 },
        { "de", "Wir melden uns innerhalb von zwei Werktagen.", PARTY_COMPANY, 0 },
        { "en", "My order number is A-10442 and I live in Bern.", PARTY_CUSTOMER, 0 },
        { "en", "My order number is A-10442 and I live in Bern.", PARTY_COMPANY, 0 },
        { "en", "Hello Maya Lindqvist, what is the name of your cat? Is it Tom?", PARTY_COMPANY, 0 },
        { "en", "Hello Maya Lindqvist, what is the name of your cat? Is it Tom?", PARTY_COMPANY, 2 },
        { "en", "Hello Maya Lindqvist, what is the name of your cat? Is it Tom?", PARTY_COMPANY, 3 },
        { "en", "Hello Maya Lindqvist, what is the name of your cat? Is it Tom?", PARTY_COMPANY, 4 },
        { "fr", "Quelle cuisson pour la viande ?", PARTY_COMPANY, 0 },
        { "fa", "لطفاً شماره سفارش خود را بفرمایید.", PARTY_COMPANY, 0 },
    };
    struct reading_memory *memory = reading_memory_new();
    size_t marks = 0;

    (void)state;
    for (int round = 0; round < 4; round++)
        for (size_t i = 0; i < ARRAY_LEN(sayings); i++)
            marks += check(memory, &sayings[i]);
    assert_true(marks >= 4 * ARRAY_LEN(sayings));
    reading_memory_free(memory);
}

/* More than it holds: it forgets, and what it says stays right. */
static void forgets(void **state)
{
    enum { MESSAGES = 3000, LONG = 1500 };
    struct reading_memory *memory = reading_memory_new();
    char *text = mem_zero(LONG + 100, 1);

    (void)state;
    for (int n = 0; n < MESSAGES; n++) {
        size_t len = (size_t)snprintf(text, 100, "%d: what is your order number?", n);

        memset(text + len, 'x', LONG - len);
        for (int time = 0; time < 3; time++)
            check(memory, &(struct saying){ "en", text, PARTY_COMPANY, 0 });
    }
    free(text);
    reading_memory_free(memory);
}

static int free_packs(void **state)
{
    (void)state;
    packs_free();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comes_again),
        cmocka_unit_test(forgets),
    };

    return cmocka_run_group_tests(tests, NULL, free_packs);
}
