#include "tests/unit/read/rows.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <string.h>

#include "tests/unit/read/packs.h"

struct message {
    struct transcript *t;
    struct arena *a;
    struct marks marks;
};

static void read_message(struct message *m, const char *language, const char *text)
{
    static struct named_text knows[] = { { "order_number", "A-10442" } };
    bool customer = text[0] == 'K' && text[1] == ' ';
    struct event e = customer ? event_init(EVENT_SENT, PARTY_CUSTOMER)
                              : event_init(EVENT_MESSAGE, PARTY_COMPANY);

    *m = (struct message){ .t = transcript_new(), .a = arena_new() };
    m->t->language = language;
    m->t->customer_name = "Maja Lindner";
    m->t->knows = knows;
    m->t->know_count = ARRAY_LEN(knows);
    e.text = text + (customer ? 2 : 0);
    transcript_append(m->t, &e);
    reader_read(packs_reader(), m->t, 0, m->a, &m->marks);
}

static void forget_message(struct message *m)
{
    arena_free(m->a);
    transcript_free(m->t);
}

static void print_marks(const struct marks *m, struct buf *out)
{
    for (size_t i = 0; i < m->count; i++) {
        const struct mark *k = &m->items[i];

        if (k->kind == MARK_LANGUAGE)
            continue;
        buf_addf(out, "%s%s", out->len ? " " : "", mark_name(k->kind));
        if (k->slot)
            buf_addf(out, ":%s", k->slot);
        else if (k->value && (k->kind == MARK_ASKS || k->kind == MARK_REFERENCE))
            buf_addf(out, "=%s", k->value);
    }
}

void rows_check_marks(const char *language, const struct mark_row *rows, size_t count)
{
    size_t wrong = 0;

    for (size_t i = 0; i < count; i++) {
        struct buf got = BUF_INIT(4096);
        struct message m;

        read_message(&m, language, rows[i].text);
        print_marks(&m.marks, &got);
        if (strcmp(got.ptr, rows[i].marks) != 0) {
            print_error("%s\n    expected \"%s\"\n    read     \"%s\"\n", rows[i].text,
                        rows[i].marks, got.ptr);
            wrong++;
        }
        buf_release(&got);
        forget_message(&m);
    }
    assert_int_equal(wrong, 0);
}

void rows_check_promises(const char *language, const struct promise_row *rows, size_t count)
{
    size_t wrong = 0;

    for (size_t i = 0; i < count; i++) {
        struct message m;
        int64_t us = 0;

        read_message(&m, language, rows[i].text);
        for (size_t k = 0; k < m.marks.count; k++)
            if (m.marks.items[k].kind == MARK_PROMISES)
                us = m.marks.items[k].within_us;
        if (us != rows[i].us) {
            print_error("%s: %" PRId64 " µs, not %" PRId64 "\n", rows[i].text, us, rows[i].us);
            wrong++;
        }
        forget_message(&m);
    }
    assert_int_equal(wrong, 0);
}
