/* A thousand random journeys through the reports: the points that a report shows add up to 100 minus
 * the score it shows, to the digit. The numbers are read back out of what was written. */
#define _DEFAULT_SOURCE
#include "tests/unit/support/cmocka.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/cli/session.h"
#include "harness/judge/dialogue.h"
#include "reporters/reporter.h"

enum { JOURNEYS = 1000, IN_A_REPORT = 50, TURNS_MAX = 14 };

struct random { uint64_t state; };

static unsigned below(struct random *r, unsigned n)
{
    r->state ^= r->state >> 12;
    r->state ^= r->state << 25;
    r->state ^= r->state >> 27;
    return (unsigned)((r->state * UINT64_C(2685821657736338717)) >> 33) % n;
}

static const char *const asked[] = {
    "My kettle leaks and I want a refund.", "It is A-10442.", "Hello, is anybody there?",
    "I want to talk to a person.", "No, I did not say that.", "Where is my parcel?",
    "I already told you: A-10442.", "Thank you.", "That is not what I asked.",
};

static const char *const said[] = {
    "What is your order number?", "Could you tell me your postcode, please?",
    "Sorry, I did not understand that.", "Please call us on 030 123456.",
    "I am passing you on to a colleague.", "We are sorry for the trouble.",
    "Your refund has been approved.", "We will answer within 2 hours.",
    "We have received your message. Your reference is KC-1234.",
    "We will get back to you within 5 working days.", "Don't be stupid.",
    "As an apology you get a voucher of 10 euros.", "Yes, we deliver to Austria, it costs 9 euros.",
    "This mailbox is not monitored, please do not reply.", "Wir melden uns bei Ihnen.",
    "Dear customer, your message is important to us.", "Goodbye.", "You idiot.",
};

/* A conversation of anybody's: times that are quick, slow, or not known. */
static void converse(struct random *r, struct buf *out)
{
    static const unsigned waits[] = { 2, 20, 55, 400, 9000, 90000 };
    bool timed = below(r, 5) != 0;
    unsigned turns = 1 + below(r, TURNS_MAX), t = 0;

    buf_adds(out, "{\"id\":\"random\",\"language\":\"en\",\"turns\":[");
    for (unsigned i = 0; i < turns; i++) {
        bool customer = i == 0 || below(r, 2);
        const char *text = customer ? asked[below(r, ARRAY_LEN(asked))]
                                    : said[below(r, ARRAY_LEN(said))];

        buf_addf(out, "%s{\"from\":\"%s\",\"text\":\"%s\",\"channel\":\"%s\"", i ? "," : "",
                 customer ? "customer" : "company", text, below(r, 4) ? "chat" : "email");
        if (timed)
            buf_addf(out, ",\"t_s\":%u", t += below(r, waits[below(r, ARRAY_LEN(waits))]));
        buf_adds(out, "}");
    }
    buf_adds(out, "]}");
}

static struct journey_result *random_journey(const struct data *d, struct random *r)
{
    struct buf text = BUF_INIT(1 << 20);
    struct transcript *t = NULL;
    struct diags diags;

    diags_init(&diags);
    converse(r, &text);
    assert_int_equal(dialogue_parse("random", buf_slice(&text), &diags, &t), ST_OK);
    diags_release(&diags);
    buf_release(&text);
    return judged(d, NULL, t, false);
}

static char *written(const char *reporter, const struct result *r)
{
    struct report_options o = { .columns = 80, .flags = REPORT_VERBOSE };
    char *text = NULL;
    size_t len = 0;
    FILE *f = open_memstream(&text, &len);

    assert_int_equal(reporter_find(reporter)->write(r, &o, f), ST_OK);
    fclose(f);
    return text;
}

static long tenths(const char *number)
{
    return lround(strtod(number, NULL) * 10);
}

/* "100 - 14.7 for these findings + 0.1 ... = 85.4", wrapped anywhere. Ends at the sum. */
static const char *check_sentence(const char *p)
{
    long left = 1000;

    p += strlen("100");
    while (*(p += strcspn(p, "-+=")) != '=') {
        assert_int_not_equal(*p, '\0');
        if (p[1] == ' ' && strchr("0123456789", p[2]))
            left += *p == '-' ? -tenths(p + 2) : tenths(p + 2);
        p++;
    }
    assert_int_equal(left, tenths(p + 1));
    return p;
}

static size_t check_sentences(char *text, const char *lead)
{
    size_t count = 0;

    for (char *p = text; *p; p++)                /* terms are not torn apart by a new line */
        *p = *p == '\n' ? ' ' : *p;
    for (const char *p = text; (p = strstr(p, lead)) != NULL; count++)
        p = check_sentence(p + strlen(lead));
    return count;
}

static void check_console(const struct result *r)
{
    char *text = written("console", r);

    assert_int_equal(check_sentences(text, "  points: "), r->count);
    free(text);
}

static void check_markdown(const struct result *r)
{
    char *text = written("markdown", r);

    assert_true(check_sentences(text, "- Points: ") > r->count / 2);
    free(text);
}

/* The table "Where the points went" of every journey. */
static void check_html(const struct result *r)
{
    static const char minus[] = "\xE2\x88\x92", cell[] = "<td class=\"right num\">";
    char *text = written("html", r);
    size_t tables = 0;

    for (const char *p = text; (p = strstr(p, "<td class=\"right num\">100.0</td>")); tables++) {
        long left = 1000;
        const char *end = strstr(p, "<tfoot>");

        assert_non_null(end);
        while ((p = strstr(p + 1, cell)) < end) {
            const char *n = p + strlen(cell);
            bool lost = !strncmp(n, minus, strlen(minus));

            left += lost ? -tenths(n + strlen(minus)) : tenths(n + (*n == '+'));
        }
        assert_int_equal(left, tenths(p + strlen(cell)));
    }
    assert_int_equal(tables, r->count);
    free(text);
}

/* Column i of a CSV row without quotation marks before it. */
static const char *column(const char *row, int i)
{
    bool quoted = false;

    for (; i > 0; row++) {
        quoted ^= *row == '"';
        i -= *row == ',' && !quoted;
    }
    return row;
}

static void check_csv(const struct result *r)
{
    enum { SCORE = 5, GOOD = 15, POINTS = 17 };
    char *text = written("csv", r);
    long left = -1;
    size_t journeys = 0;

    for (char *row = strchr(text, '\n') + 1, *end; *row; row = end + 2) {
        end = strstr(row, "\r\n");
        *end = '\0';
        if (!strncmp(row, "journey,", 8)) {
            assert_true(journeys == 0 || left == 0);
            left = 1000 - tenths(column(row, SCORE));
            journeys++;
        } else {
            left -= tenths(column(row, POINTS));
        }
    }
    assert_int_equal(left, 0);
    assert_int_equal(journeys, r->count);
    free(text);
}

static void check_json(const struct result *r)
{
    char *text = written("json", r);
    json_t *all = json_loads(text, 0, NULL), *journey, *row;
    size_t i, k;

    json_array_foreach(json_object_get(all, "journeys"), i, journey) {
        json_t *judgement = json_object_get(journey, "judgement");
        json_t *score = json_object_get(judgement, "score");
        double left = 100 - json_number_value(json_object_get(score, "value"));

        json_array_foreach(json_object_get(judgement, "findings"), k, row)
            left -= json_number_value(json_object_get(row, "share"));
        json_array_foreach(json_object_get(score, "lines"), k, row)
            left -= json_number_value(json_object_get(row, "share"));
        assert_true(fabs(left) < .0500001);      /* the value is not rounded there */
    }
    json_decref(all);
    free(text);
}

static void shares_add_up(void **state)
{
    struct random random = { UINT64_C(20260719) };
    struct options o;
    struct data d = { 0 };
    struct diags diags;
    char flag[] = "--data", folder[] = "scenarios", *argv[] = { flag, folder };

    (void)state;
    options_init(&o);
    diags_init(&diags);
    assert_int_equal(options_parse(&o, 1u << CMD_JUDGE, 2, argv, 0, &diags), ST_OK);
    assert_int_equal(data_load(&o, &diags, &d), ST_OK);
    for (int i = 0; i < JOURNEYS / IN_A_REPORT; i++) {
        struct result *r = result_new();

        for (int k = 0; k < IN_A_REPORT; k++)
            result_add(r, random_journey(&d, &random));
        check_console(r);
        check_markdown(r);
        check_html(r);
        check_csv(r);
        check_json(r);
        result_free(r);
    }
    data_release(&d);
    diags_release(&diags);
    options_release(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(shares_add_up) };

    return cmocka_run_group_tests_name("accounts", tests, NULL, NULL);
}
