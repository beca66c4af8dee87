/* Every folder of tests/report holds a result.json and, for some formats, expected.EXTENSION: what
 * that format writes for it (expected.fa.html: in Persian). UPDATE=1 in the environment writes the
 * expected files anew (those that are there: an empty one asks for a format). */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <cmocka.h>

#include "harness/base/text.h"
#include "reporters/reporter.h"
#include "reporters/words.h"

static const char FOLDER[] = "tests/report";

enum { CASES_MAX = 64 };

static const char *ending(const struct reporter *r)
{
    return r->extension ? r->extension : r->name;
}

static struct result *load(const char *name)
{
    struct buf text = BUF_INIT(RESULT_JOURNEY_MAX_BYTES), errors = BUF_INIT(65536);
    char *path = mem_printf("%s/%s/result.json", FOLDER, name);
    struct result *r = NULL;
    struct diags diags;

    diags_init(&diags);
    assert_int_equal(buf_read_file(&text, path), ST_OK);
    if (result_parse(path, buf_slice(&text), &diags, &r)) {
        diags_render(&diags, &errors);
        print_error("%s", errors.ptr);
        fail();
    }
    free(path);
    buf_release(&text);
    buf_release(&errors);
    diags_release(&diags);
    return r;
}

/** The same journeys, none of them in memory. */
static struct result *spooled(const char *name)
{
    struct result *r = load(name), *out = result_new();

    out->held_max = 0;
    out->tool = arena_strdup(out->arena, r->tool);
    out->started = r->started ? arena_strdup(out->arena, r->started) : NULL;
    out->expectations = r->expectations ? arena_strdup(out->arena, r->expectations) : NULL;
    out->duration_us = r->duration_us;
    out->left_out = arena_alloc(out->arena, (r->left_out_count + 1) * sizeof *out->left_out);
    for (size_t i = 0; i < r->left_out_count; i++)
        out->left_out[out->left_out_count++] = arena_strdup(out->arena, r->left_out[i]);
    out->changes = arena_alloc(out->arena, (r->change_count + 1) * sizeof *out->changes);
    for (size_t i = 0; i < r->change_count; i++)
        out->changes[out->change_count++] = arena_strdup(out->arena, r->changes[i]);
    for (size_t i = 0; i < r->count; i++)
        result_add(out, result_take(r, i));
    result_free(r);
    assert_null(out->journeys);
    return out;
}

static char *written_with(const struct reporter *reporter, const struct result *r,
                          const char *language, const char *evidence, size_t *len)
{
    struct report_options o = { .columns = 80, .command = "shopper run scenarios",
                                .language = language, .evidence = evidence };
    char *text = NULL;
    FILE *f = open_memstream(&text, len);

    assert_int_equal(reporter->write(r, &o, f), ST_OK);
    fclose(f);
    return text;
}

static char *written(const struct reporter *reporter, const struct result *r, size_t *len)
{
    return written_with(reporter, r, NULL, NULL, len);
}

/** With the case's folder `evidence` if it has one. */
static char *written_case(const char *name, const char *language, const struct reporter *reporter,
                          const struct result *r, size_t *len)
{
    char *evidence = mem_printf("%s/%s/evidence", FOLDER, name);
    struct stat st;
    char *text = written_with(reporter, r, language, stat(evidence, &st) ? NULL : evidence, len);

    free(evidence);
    return text;
}

static void check_golden(const char *name, const char *language, const struct reporter *reporter,
                         const struct result *r)
{
    struct buf want = BUF_INIT(RESULT_JOURNEY_MAX_BYTES);
    char *path = mem_printf("%s/%s/expected.%s%s%s", FOLDER, name, language ? language : "",
                            language ? "." : "", ending(reporter));
    struct stat st;
    size_t len;

    if (stat(path, &st) == 0) {
        char *got = written_case(name, language, reporter, r, &len);

        if (getenv("UPDATE")) {
            FILE *f = fopen(path, "w");

            assert_non_null(f);
            assert_int_equal(fwrite(got, 1, len, f), len);
            assert_int_equal(fclose(f), 0);
        }
        assert_int_equal(buf_read_file(&want, path), ST_OK);
        if (strcmp(got, want.ptr) != 0)
            print_error("%s differs; UPDATE=1 rewrites it\n%s", path, got);
        assert_true(strcmp(got, want.ptr) == 0);
        free(got);
    }
    buf_release(&want);
    free(path);
}

/* What holds for every format of every case. */
static void check_output(const struct reporter *reporter, const struct result *r)
{
    size_t len;
    char *got = written(reporter, r, &len);

    assert_int_equal(strlen(got), len);          /* no NUL */
    assert_true(text_is_valid((struct slice){ got, len }));
    assert_null(strchr(got, '\x1B'));
    if (!strstr(reporter->name, "json") && strcmp(reporter->name, "html") != 0)
        assert_null(strstr(got, "\xE2\x80\xAE"));   /* right-to-left override */
    free(got);
}

static void check_case(void **state)
{
    const char *name = *state;
    struct result *r = load(name);

    for (size_t i = 0; reporters[i]; i++) {
        check_golden(name, NULL, reporters[i], r);
        for (size_t k = 0; words_codes[k]; k++)
            check_golden(name, words_codes[k], reporters[i], r);
        check_output(reporters[i], r);
    }
    result_free(r);
}

/* Where the journeys lie makes no difference to what is written. */
static void test_spooled(void **state)
{
    (void)state;
    static const char *const cases[] = { "audit", "hostile", "same-names", "one-good" };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct result *r = load(cases[i]), *s = spooled(cases[i]);

        for (size_t k = 0; reporters[k]; k++) {
            size_t len, again;
            char *text = written(reporters[k], r, &len), *same = written(reporters[k], s, &again);

            if (strcmp(text, same))
                print_error("%s of %s differs\n", reporters[k]->name, cases[i]);
            assert_string_equal(text, same);
            free(text);
            free(same);
        }
        assert_true(result_whole(s));
        result_free(r);
        result_free(s);
    }
}

static void test_table(void **state)
{
    (void)state;
    for (size_t i = 0; reporters[i]; i++) {
        assert_ptr_equal(reporter_find(reporters[i]->name), reporters[i]);
        assert_non_null(reporters[i]->help);
        assert_true(i == 0 || strcmp(reporters[i - 1]->name, reporters[i]->name) < 0);
    }
    assert_null(reporter_find("fax"));
}

/* A full disk is an answer, not a crash. */
static void test_full_disk(void **state)
{
    (void)state;
    struct report_options o = { .columns = 80 };
    struct result *r = load("audit");

    for (size_t i = 0; reporters[i]; i++) {
        FILE *full = fopen("/dev/full", "w");

        assert_non_null(full);
        setvbuf(full, NULL, _IONBF, 0);
        assert_int_equal(reporters[i]->write(r, &o, full), ST_IO);
        fclose(full);
    }
    result_free(r);
}

static void test_no_journeys(void **state)
{
    (void)state;
    struct result *r = result_new();
    size_t len;

    for (size_t i = 0; reporters[i]; i++)
        free(written(reporters[i], r, &len));
    result_free(r);
}

static void test_colour_only_when_asked(void **state)
{
    (void)state;
    struct report_options o = { .flags = REPORT_COLOR | REPORT_VERBOSE | REPORT_DOUBTS,
                                .columns = 60 };
    struct result *r = load("audit");
    char *text = NULL;
    size_t len = 0;
    FILE *f = open_memstream(&text, &len);

    assert_int_equal(reporter_find("console")->write(r, &o, f), ST_OK);
    fclose(f);
    assert_non_null(strstr(text, "\x1B[31m"));
    assert_non_null(strstr(text, "confidence 0.31"));
    free(text);
    result_free(r);
}

static void test_console_keeps_its_width(void **state)
{
    (void)state;
    static const char *const cases[] = { "audit", "hostile", "same-names" };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct result *r = load(cases[i]);
        size_t len;
        char *text = written(reporter_find("console"), r, &len);

        for (char *p = text, *end; *p; p = end + 1) {
            end = strchr(p, '\n');
            assert_non_null(end);
            assert_true(text_width((struct slice){ p, (size_t)(end - p) }) <= 80);
        }
        free(text);
        result_free(r);
    }
}

static void test_json_comes_back(void **state)
{
    (void)state;
    struct result *r = load("audit"), *back = NULL;
    struct diags diags;
    size_t len;
    char *first = written(reporter_find("json"), r, &len);

    diags_init(&diags);
    assert_int_equal(result_parse("r", (struct slice){ first, len }, &diags, &back), ST_OK);
    char *second = written(reporter_find("json"), back, &len);

    assert_string_equal(first, second);
    free(first);
    free(second);
    result_free(r);
    result_free(back);
    diags_release(&diags);
}

/* A megabyte in one answer stays in proportion: nothing but JSON carries all of it. */
static void test_long_text(void **state)
{
    (void)state;
    struct result *r = load("audit");
    char *text = mem_alloc(1024 * 1024 + 1);
    struct event e = event_init(EVENT_MESSAGE, PARTY_COMPANY);

    memset(text, 'x', 1024 * 1024);
    text[1024 * 1024] = '\0';
    e.text = e.subject = text;
    e.channel = "chat";
    transcript_append(r->journeys[0]->transcript, &e);
    for (size_t i = 0; reporters[i]; i++) {
        size_t len;

        free(written(reporters[i], r, &len));
        assert_true(len < (strcmp(reporters[i]->name, "json") ? 400 * 1024 : 1400 * 1024));
    }
    free(text);
    result_free(r);
}

/* A company that answers with markup: nothing of it is markup in any format. */
static void test_no_injection(void **state)
{
    (void)state;
    static const struct { const char *format, *never; } cases[] = {
        { "html", "<script>alert" }, { "html", "<img" }, { "html", "<svg onload" }, { "html", "<b>" },
        { "html", "</title><s" }, { "junit", "<script" }, { "junit", "<b>" }, { "junit", "]]>" },
        { "markdown", "<script" }, { "markdown", "<img" }, { "markdown", " |pipe| " },
        { "tap", "\nSet-Cookie" }, { "console", "\nSet-Cookie" }, { "jsonl", "\nSet-Cookie" },
        { "github", "\nSet-Cookie" }, { "prometheus", "\nSet-Cookie" },
        { "github-summary", "<script" }, { "sarif", "\nSet-Cookie" }, { "ctrf", "\nSet-Cookie" },
    };
    struct result *r = load("hostile");

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        size_t len;
        char *text = written(reporter_find(cases[i].format), r, &len);

        if (strstr(text, cases[i].never))
            print_error("%s holds %s\n", cases[i].format, cases[i].never);
        assert_null(strstr(text, cases[i].never));
        free(text);
    }
    result_free(r);
}

/* What a stranger's sentence becomes, at every place a sentence is written. */
static void test_hostile_sentences(void **state)
{
    (void)state;
    static const struct { const char *format, *say, *want; } rows[] = {
        { "csv", "=HYPERLINK(\"http://x\")", ",\"'=HYPERLINK(\"\"http://x\"\")\"" },
        { "csv", "  +1 said they", ",\"  '+1 said they\"" },
        { "csv", "-2+3", ",\"'-2+3\"" },
        { "csv", "@SUM(A1)", ",\"'@SUM(A1)\"" },
        { "csv", "a;=cmd", ",\"a;'=cmd\"" },
        { "csv", "a\n=cmd", "'=cmd" },
        { "csv", "\xEF\xBC\x9D" "1+1", ",\"'\xEF\xBC\x9D" "1+1\"" },
        { "csv", "three - or four", ",\"three - or four\"" },
        { "github", "one\n::error::two", "::one ::error::two" },
        { "github", "100%0A::warning::x", "::100%250A::warning::x" },
        { "sarif", "a \"quoted\" \x1B[31mred", "a \\\"quoted\\\" " },
        { "ctrf", "back\\slash", "back\\\\slash" },
        { "github-summary", "| <img src=x>", "\\| &lt;img src=x&gt;" },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct result *r = load("hostile");
        size_t len;

        for (size_t k = 0; k < r->count; k++)
            for (size_t f = 0; r->journeys[k]->judgement &&
                               f < r->journeys[k]->judgement->findings.count; f++)
                r->journeys[k]->judgement->findings.items[f].say = rows[i].say;

        char *text = written(reporter_find(rows[i].format), r, &len);

        if (!strstr(text, rows[i].want))
            print_error("%s: \"%s\" should become %s in\n%s", rows[i].format, rows[i].say,
                        rows[i].want, text);
        assert_non_null(strstr(text, rows[i].want));
        free(text);
        result_free(r);
    }
}

/* Names are labels in Prometheus: a quotation mark does not end one. */
static void test_prometheus_label(void **state)
{
    (void)state;
    struct result *r = load("one-good");
    size_t len;

    r->journeys[0]->transcript->journey = "a \"b\" \\ c} 1";

    char *text = written(reporter_find("prometheus"), r, &len);

    assert_non_null(strstr(text, "{journey=\"a \\\"b\\\" \\\\ c} 1\"}"));
    free(text);
    result_free(r);
}

static size_t lines_with(const char *text, const char *start)
{
    size_t n = 0;

    for (const char *p = text; (p = strstr(p, start)); p += strlen(start))
        n += p == text || p[-1] == '\n';
    return n;
}

/* Many journeys: GitHub's limits hold. The same journey is added again and again. */
static void test_github_limits(void **state)
{
    (void)state;
    enum { COPIES = 1200 };
    struct result *r = load("audit"), many = *r;
    size_t len;

    many.journeys = mem_zero(r->count * COPIES, sizeof *many.journeys);
    many.count = r->count * COPIES;
    for (size_t i = 0; i < many.count; i++)
        many.journeys[i] = r->journeys[i % r->count];

    char *text = written(reporter_find("github"), &many, &len);

    assert_int_equal(lines_with(text, "::error "), 10);
    assert_int_equal(lines_with(text, "::warning "), 10);
    assert_non_null(strstr(text, " more findings\n"));
    free(text);
    text = written(reporter_find("github-summary"), &many, &len);
    assert_true(len <= 1024 * 1024);
    assert_non_null(strstr(text, "Cut here: "));
    free(text);
    free(many.journeys);
    result_free(r);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct CMUnitTest *)a)->name, ((const struct CMUnitTest *)b)->name);
}

int main(void)
{
    const struct CMUnitTest plain[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_spooled),
        cmocka_unit_test(test_full_disk),
        cmocka_unit_test(test_no_journeys),
        cmocka_unit_test(test_colour_only_when_asked),
        cmocka_unit_test(test_console_keeps_its_width),
        cmocka_unit_test(test_json_comes_back),
        cmocka_unit_test(test_long_text),
        cmocka_unit_test(test_no_injection),
        cmocka_unit_test(test_hostile_sentences),
        cmocka_unit_test(test_prometheus_label),
        cmocka_unit_test(test_github_limits),
    };
    struct CMUnitTest cases[CASES_MAX];
    size_t count = 0;
    DIR *dir = opendir(FOLDER);

    if (!dir) {
        perror(FOLDER);
        return 1;
    }
    for (struct dirent *d; (d = readdir(dir)) && count < CASES_MAX;) {
        char *path = mem_printf("%s/%s/result.json", FOLDER, d->d_name);
        struct stat st;

        if (stat(path, &st) == 0) {
            char *name = mem_strdup(d->d_name);

            cases[count++] = (struct CMUnitTest){ .name = name, .test_func = check_case,
                                                  .initial_state = name };
        }
        free(path);
    }
    closedir(dir);
    qsort(cases, count, sizeof *cases, by_name);

    int failed = cmocka_run_group_tests_name("reporters", plain, NULL, NULL);

    failed += _cmocka_run_group_tests("tests/report", cases, count, NULL, NULL);
    for (size_t i = 0; i < count; i++)
        free(cases[i].initial_state);
    return failed;
}
