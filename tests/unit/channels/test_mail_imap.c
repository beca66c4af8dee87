/* The server's half of IMAP: answers out of bytes, however they arrive. */
#include <string.h>

#include "harness/channels/imap.h"
#include "harness/channels/imap_client.h"
#include "tests/unit/support/cmocka.h"

/* Everything the reader makes of `bytes` when they come in pieces of `piece`. */
static enum status read_all(const char *bytes, size_t len, size_t piece, struct buf *out)
{
    struct imap_reader r;
    struct imap_answer a;
    enum status st = ST_NOT_FOUND;

    imap_reader_init(&r);
    for (size_t i = 0; i < len && st == ST_NOT_FOUND; i += piece) {
        size_t n = len - i < piece ? len - i : piece;

        assert_int_equal(imap_feed(&r, bytes + i, n), ST_OK);
        while ((st = imap_next(&r, &a)) == ST_OK)
            buf_addf(out, "%d|%.*s|%u|%.*s|%.*s\n", (int)a.kind, SLICE_ARG(a.tag), a.number,
                     SLICE_ARG(a.word), SLICE_ARG(a.rest));
    }
    imap_reader_release(&r);
    return st;
}

static void answers_do_not_depend_on_packets(void **state)
{
    static const char bytes[] =
        "* 3 EXISTS\r\n* OK [UIDVALIDITY 17] hello {3}\r\n* SEARCH 4 9\r\n* SEARCH\r\n"
        "* 2 FETCH (UID 9 BODY[] {23}\r\n* SEARCH 666\r\nA1 OK x\r\n FLAGS (\\Seen))\r\n"
        "+ go on\r\nA1 OK done {5}\r\nA2 NO [ALERT] no\n";
    static const char want[] =
        "0|*|3|EXISTS|\n0|*|0|OK|[UIDVALIDITY 17] hello {3}\n0|*|0|SEARCH|4 9\n0|*|0|SEARCH|\n"
        "0|*|2|FETCH|(UID 9 BODY[] {23}\r\n* SEARCH 666\r\nA1 OK x\r\n FLAGS (\\Seen))\n"
        "2|+|0||go on\n1|A1|0|OK|done {5}\n1|A2|0|NO|[ALERT] no\n";

    (void)state;
    for (size_t piece = 1; piece < sizeof bytes; piece++) {
        struct buf got = BUF_INIT(10000);

        assert_int_equal(read_all(bytes, sizeof bytes - 1, piece, &got), ST_NOT_FOUND);
        assert_string_equal(got.ptr, want);
        buf_release(&got);
    }
}

static void what_is_too_long_is_refused(void **state)
{
    struct buf line = BUF_INIT(2 * IMAP_LINE_MAX), got = BUF_INIT(1000);
    static const char literal[] = "* 1 FETCH (BODY[] {99999999}\r\n";

    (void)state;
    buf_add_repeat(&line, 'x', IMAP_LINE_MAX + 1000);
    assert_int_equal(read_all(line.ptr, line.len, 4096, &got), ST_LIMIT);
    assert_int_equal(read_all(literal, sizeof literal - 1, 4096, &got), ST_LIMIT);
    buf_release(&line);
    buf_release(&got);
}

static const struct fetch_row {
    const char *name, *text;
    enum status want;
    uint32_t uid;
    int64_t date;
    const char *body;             /* NULL none */
} fetch_rows[] = {
    { "all", "(UID 7 INTERNALDATE \"17-Jul-1996 02:44:25 -0700\" BODY[] {5}\r\nab)\"c)", ST_OK, 7,
      837596665, "ab)\"c" },
    { "partial body", "(BODY[]<0> {2}\r\nhi UID 8)", ST_OK, 8, -1, "hi" },
    { "quoted body", "(UID 8 BODY[] \"hi\")", ST_OK, 8, -1, "hi" },
    { "empty body", "(UID 8 BODY[] {0}\r\n)", ST_OK, 8, -1, "" },
    { "no body", "(UID 8 BODY[] NIL)", ST_OK, 8, -1, NULL },
    { "lists between", "(FLAGS (\\Seen (x \"a)\")) UID 9 ENVELOPE (NIL {3}\r\n))( \"x\"))",
      ST_OK, 9, -1, NULL },
    { "header section is no body", "(BODY[HEADER.FIELDS (DATE TO)] {3}\r\nabc UID 2)", ST_OK, 2, -1,
      NULL },
    { "blank day", "(UID 1 INTERNALDATE \" 1-Jan-1970 00:00:00 +0000\")", ST_OK, 1, 0, NULL },
    { "bad date", "(UID 1 INTERNALDATE \"yesterday\")", ST_OK, 1, -1, NULL },
    { "not closed", "(UID 1", ST_INVALID, 0, 0, NULL },
    { "no list", "UID 1", ST_INVALID, 0, 0, NULL },
    { "literal longer than the answer", "(BODY[] {9}\r\nabc)", ST_INVALID, 0, 0, NULL },
    { "quote not closed", "(UID 1 INTERNALDATE \"17-)", ST_INVALID, 0, 0, NULL },
    { "list not closed", "(FLAGS (a (b) UID 1)", ST_INVALID, 0, 0, NULL },
    { "uid too large", "(UID 99999999999)", ST_INVALID, 0, 0, NULL },
    { "empty", "", ST_INVALID, 0, 0, NULL },
};

static void check_fetch(void **state)
{
    const struct fetch_row *r = *state;
    struct imap_fetch f;

    assert_int_equal(imap_fetch_parse(slice_str(r->text), &f), r->want);
    if (r->want != ST_OK)
        return;
    assert_int_equal(f.uid, r->uid);
    assert_int_equal(f.date, r->date);
    assert_int_equal(f.has_body, r->body != NULL);
    if (r->body)
        assert_true(slice_eq(f.body, r->body));
}

static void deep_lists_end(void **state)
{
    struct buf b = BUF_INIT(200000);
    struct imap_fetch f;

    (void)state;
    buf_adds(&b, "(FLAGS ");
    buf_add_repeat(&b, '(', 100000);
    assert_int_equal(imap_fetch_parse(buf_slice(&b), &f), ST_INVALID);
    buf_release(&b);
}

static void codes_numbers_and_words(void **state)
{
    struct slice numbers = slice_str("2 84  882 (MODSEQ 9)");
    uint32_t n;

    (void)state;
    assert_int_equal(imap_code(slice_str("[UIDNEXT 4392] Predicted"), "UIDNEXT"), 4392);
    assert_int_equal(imap_code(slice_str("[uidnext 4392]"), "UIDNEXT"), 4392);
    assert_int_equal(imap_code(slice_str("[UIDNEXTS 4392]"), "UIDNEXT"), 0);
    assert_int_equal(imap_code(slice_str("[UIDNEXT 4392"), "UIDNEXT"), 0);
    assert_int_equal(imap_code(slice_str("[UIDNEXT x]"), "UIDNEXT"), 0);
    assert_int_equal(imap_code(slice_str(""), "UIDNEXT"), 0);
    assert_true(imap_number(&numbers, &n) && n == 2);
    assert_true(imap_number(&numbers, &n) && n == 84);
    assert_true(imap_number(&numbers, &n) && n == 882);
    assert_false(imap_number(&numbers, &n));
    assert_true(slice_eq(imap_words(slice_str("[NONEXISTENT] no such folder ")), "no such folder"));
    assert_true(slice_eq(imap_words(slice_str("plain")), "plain"));
}

static void names_are_quoted(void **state)
{
    struct buf out = BUF_INIT(100);

    (void)state;
    assert_int_equal(imap_add_quoted(&out, "a \"b\" \\c"), ST_OK);
    assert_string_equal(out.ptr, "\"a \\\"b\\\" \\\\c\"");
    assert_int_equal(imap_add_quoted(&out, "a\r\nA1 DELETE x"), ST_INVALID);
    assert_int_equal(imap_add_quoted(&out, "Entwürfe"), ST_INVALID);
    buf_release(&out);
}

/* Often while something is expected, then ever rarer, but never rarer than half a minute, nor
 * oftener than was asked for. */
static void rests_grow_with_the_wait(void **state)
{
    static const struct { int64_t poll_ms, waited_s, rest_ms; } rows[] = {
        { 500, 0, 500 }, { 500, 29, 500 }, { 500, 60, 1000 }, { 500, 600, 10000 },
        { 500, 1800, 30000 }, { 500, 48 * 3600, 30000 }, { 20, 0, 20 }, { 60000, 0, 60000 },
        { 60000, 48 * 3600, 60000 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_int_equal(imap_rest_us(rows[i].poll_ms * 1000, rows[i].waited_s * 1000000),
                         rows[i].rest_ms * 1000);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(fetch_rows) + 6];
    size_t n = 0;

    for (; n < ARRAY_LEN(fetch_rows); n++)
        tests[n] = (struct CMUnitTest){ .name = fetch_rows[n].name, .test_func = check_fetch,
                                        .initial_state = (void *)(uintptr_t)&fetch_rows[n] };
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(answers_do_not_depend_on_packets);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(what_is_too_long_is_refused);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(deep_lists_end);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(codes_numbers_and_words);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(names_are_quoted);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(rests_grow_with_the_wait);
    return cmocka_run_group_tests_name("mail_imap", tests, NULL, NULL);
}
