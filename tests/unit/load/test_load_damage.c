/* Damaged scenarios: every prefix of a valid one, and bytes changed at random. It must end in ST_OK
 * or in errors with spans inside the text; the sanitizers watch the rest. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/unit/load/kinds.h"
#include "tests/unit/support/cmocka.h"

enum { MUTATIONS = 3000, TEXT_MAX = 64 * 1024 };

struct work {
    char path[64];
    struct buf text;
    uint64_t random;
};

static uint64_t next_random(struct work *w)
{
    w->random ^= w->random << 13;             /* xorshift: the same on every machine */
    w->random ^= w->random >> 7;
    w->random ^= w->random << 17;
    return w->random;
}

/* Each diag must be renderable and point into the text. */
static void check_spans(const struct diags *diags)
{
    struct buf out = BUF_INIT(1 << 22);

    for (size_t i = 0; i < diags->count; i++) {
        const struct diag *d = &diags->items[i];

        if (!d->source)
            continue;
        assert_true(d->at.line <= d->source->lines);
        assert_true(!d->at.line || d->at.col >= 1);
        assert_true(!d->at.line || d->at.end_col >= d->at.col);
    }
    diags_render(diags, &out);
    buf_release(&out);
}

static void load_bytes(struct work *w, const char *bytes, size_t len)
{
    struct load_context ctx = kinds_context(&env_refusing);
    struct sources sources = { 0 };
    struct diags diags;
    struct scenario *s = NULL;
    int fd = open(w->path, O_WRONLY | O_TRUNC | O_CLOEXEC);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, len), (ssize_t)len);
    close(fd);
    diags_init(&diags);

    enum status st = load_scenario(w->path, &ctx, &sources, &diags, &s);

    assert_int_equal(st == ST_OK, s != NULL);
    assert_int_equal(st == ST_OK, diags.errors == 0);
    check_spans(&diags);
    scenario_free(s);
    diags_release(&diags);
    sources_release(&sources);
}

static void every_prefix(void **state)
{
    struct work *w = *state;

    for (size_t len = 0; len <= w->text.len; len++)
        load_bytes(w, w->text.ptr, len);
}

/* Bytes that mean something to YAML, templates or patterns do more harm than any others. */
static void mutate(struct work *w, char *text, size_t *len)
{
    static const char spice[] = "{}[]:,-&*!|>'\"%@`#?\n\t \\()$.<=~0\x80\xFF";

    for (size_t n = 1 + next_random(w) % 4; n; n--) {
        size_t at = next_random(w) % *len;
        char c = spice[next_random(w) % (sizeof spice - 1)];

        switch (next_random(w) % 4) {
        case 0:                                              /* change */
            text[at] = c;
            break;
        case 1:                                              /* leave out */
            memmove(text + at, text + at + 1, *len - at - 1);
            *len -= *len > 1;
            break;
        case 2:                                              /* insert */
            memmove(text + at + 1, text + at, *len - at);
            text[at] = c;
            ++*len;
            break;
        default: {                                           /* copy a piece elsewhere */
            size_t from = next_random(w) % *len, room = *len - (from > at ? from : at);

            memmove(text + at, text + from, next_random(w) % (room < 40 ? room : 40));
            break;
        }
        }
    }
}

static void random_damage(void **state)
{
    struct work *w = *state;
    char *copy = mem_alloc(w->text.len + 16);

    for (int i = 0; i < MUTATIONS; i++) {
        size_t len = w->text.len;

        memcpy(copy, w->text.ptr, len);
        mutate(w, copy, &len);
        load_bytes(w, copy, len);
    }
    free(copy);
}

/* Worst cases for a parser's appetite: all of these must end soon and within the caps. */
static void hungry(void **state)
{
    static const struct { const char *head, *piece; size_t count; } rows[] = {
        { "a: ", "[", 100000 }, { "a: ", "{a: ", 50000 }, { "", "- ", 50000 },
        { "", "? ", 50000 }, { "", "a: &a\n ", 20000 }, { "a: \"", "\\\n", 100000 },
        { "steps:\n", "- say: x\n", 30000 }, { "", "#\n", 500000 }, { "a: |", "\n  x", 100000 },
        { "a: ", "&a *a ", 20000 }, { "tags: [", "x,", 30000 }, { "a: '", "''", 100000 },
    };
    struct work *w = *state;

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct buf b = BUF_INIT(2 << 20);

        buf_adds(&b, rows[i].head);
        for (size_t n = 0; n < rows[i].count; n++)
            buf_adds(&b, rows[i].piece);
        load_bytes(w, b.ptr, b.len);
        buf_release(&b);
    }
}

static int set_up(void **state)
{
    static struct work w = { .path = "/tmp/shopper-load-XXXXXX", .text = BUF_INIT(TEXT_MAX),
                             .random = 88172645463325252u };
    int fd = mkstemp(w.path);

    if (fd < 0 || buf_read_file(&w.text, "tests/load/ok/every-key.yaml"))
        return -1;
    close(fd);
    *state = &w;
    return 0;
}

static int tear_down(void **state)
{
    struct work *w = *state;

    unlink(w->path);
    buf_release(&w->text);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_prefix), cmocka_unit_test(random_damage), cmocka_unit_test(hungry),
    };

    return cmocka_run_group_tests_name("load damage", tests, set_up, tear_down);
}
