/* Company messages, a line each, in every language: what each detector that depends on words makes of
 * them (tests/judge/words/<language>.txt). Every line is a case for every detector: a positive one
 * where it is named, else a negative one. Lines with a time are two cases for each detector that
 * depends on times. How many there were is printed, and too few fail.
 *
 *   hello TEXT            what the customer says before the facts
 *   [kind kind:slot] TEXT findings at TEXT, which answers a customer who has told everything; [-] none
 *   <2h> TEXT             a mail that names a time */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/judge/judge.h"
#include "tests/unit/judge/journeys.h"
#include "tests/unit/read/packs.h"

enum { TEXT_MAX = 1 << 20, WORDS_MIN = 30, TIMES_MIN = 10 };

static const char *const languages[] = { "en", "de", "fr", "fa" };

static const char *const by_words[] = {
    "repeated_question", "dead_end", "not_understood", "handover", "rude_tone", "scripted_reply",
    "acknowledgement", "reference", "time_named", "apology", "compensation", "solved",
};

static const char *const by_times[] = { "promise_kept", "broken_promise", "no_time_promise" };

struct tally {
    unsigned positive[ARRAY_LEN(by_words)], lines;
    unsigned times[ARRAY_LEN(by_times)][2];      /* negative, positive */
    unsigned wrong;
};

static const struct named_text facts[] = {
    { "order_number", "A-10442" }, { "customer_number", "K-99120" },
    { "account_number", "DE02-1203-2020" }, { "invoice_number", "RE-7731" },
    { "booking_reference", "ZX81QP" }, { "phone", "+49 341 5550100" }, { "postcode", "90402" },
    { "address", "Seeweg 4" }, { "date_of_birth", "12.03.1988" }, { "serial_number", "SN-55012" },
    { "tracking_number", "TR-66001" }, { "product", "Kettle 300" }, { "reason", "it leaks" },
    { "date", "2027-05-04" }, { "time", "10:30" }, { "number_of_people", "4 pax" },
    { "amount", "49.90" }, { "origin", "Leipzig" }, { "destination", "Lyon" },
    { "return_date", "2027-05-09" }, { "colour", "blue" },
};

static struct transcript *conversation(const char *language, const char *type,
                                       enum channel_family family)
{
    struct transcript *t = transcript_new();

    t->journey = "words";
    t->language = language;
    t->customer_name = "Maya Lindqvist";
    t->customer_email = "maya@shopper.test";
    t->knows = arena_alloc(t->arena, sizeof facts);
    memcpy(t->knows, facts, sizeof facts);
    t->know_count = ARRAY_LEN(facts);
    t->channels = arena_alloc(t->arena, sizeof *t->channels);
    t->channels[t->channel_count++] = (struct transcript_channel){ type, type, family };
    return t;
}

static void say(struct transcript *t, enum party from, int64_t t_us, const char *text,
                enum nature nature)
{
    struct event e = event_init(from == PARTY_CUSTOMER ? EVENT_SENT : EVENT_MESSAGE, from);

    e.channel = t->channels[0].name;
    e.text = text;
    e.t_us = t_us;
    e.nature = nature;
    transcript_append(t, &e);
}

static char *told(const char *hello)
{
    struct buf b = BUF_INIT(TEXT_MAX);

    buf_addf(&b, "%s Maya Lindqvist, maya@shopper.test", hello);
    for (size_t i = 0; i < ARRAY_LEN(facts); i++)
        buf_addf(&b, ", %s", facts[i].text);
    buf_addc(&b, '.');
    return buf_steal(&b);
}

/* Two variants of one kind count once. */
static bool ends_with(const struct buf *b, const char *kind)
{
    size_t len = strlen(kind);

    return b->len >= len && !memcmp(b->ptr + b->len - len, kind, len);
}

/* The findings at an event that are among these kinds, in their order. */
static void found(const struct judgement *j, int seq, const char *const *kinds, size_t count,
                  struct buf *out)
{
    for (size_t k = 0; k < count; k++)
        for (size_t i = 0; i < j->findings.count; i++) {
            const struct finding *f = &j->findings.items[i];

            if (f->seq != seq || strcmp(f->row->kind, kinds[k]) != 0 ||
                f->confidence < CONFIDENCE_COUNTS || ends_with(out, kinds[k]))
                continue;
            buf_addf(out, "%s%s", out->len ? " " : "", f->row->kind);
            if (f->slot && !strcmp(f->row->kind, "repeated_question"))
                buf_addf(out, ":%s", f->slot);
        }
    if (!out->len)
        buf_addc(out, '-');
}

static void check_words(struct tally *n, const char *language, const char *hello,
                        const char *want, const char *text)
{
    struct transcript *t = conversation(language, "chat", FAMILY_CHAT);
    struct buf got = BUF_INIT(4096);
    char *facts_told = told(hello);

    say(t, PARTY_CUSTOMER, 0, facts_told, NATURE_UNKNOWN);
    say(t, PARTY_COMPANY, 5 * US_PER_S, text, NATURE_UNKNOWN);

    struct judgement *j = judge_transcript(packs_reader(), industry(), t);

    found(j, 1, by_words, ARRAY_LEN(by_words), &got);
    if (strcmp(got.ptr, want) != 0) {
        print_error("%s: %s\n    expected %s\n    found    %s\n", language, text, want, got.ptr);
        n->wrong++;
    }
    n->lines++;
    for (size_t k = 0; k < ARRAY_LEN(by_words); k++)
        n->positive[k] += strstr(want, by_words[k]) != NULL;
    judgement_free(j);
    transcript_free(t);
    buf_release(&got);
    free(facts_told);
}

static void check_promise(struct tally *n, const char *language, const char *hello, int64_t within,
                          const char *text, bool kept)
{
    struct transcript *t = conversation(language, "email", FAMILY_EMAIL);
    const bool want[] = { kept, !kept, false };
    bool have[ARRAY_LEN(by_times)] = { false };

    say(t, PARTY_CUSTOMER, 0, hello, NATURE_UNKNOWN);
    say(t, PARTY_COMPANY, 60 * US_PER_S, text, NATURE_AUTOMATIC);
    say(t, PARTY_COMPANY, kept ? within / 2 : within * 3, "A-10442.", NATURE_HUMAN);

    struct judgement *j = judge_transcript(packs_reader(), industry(), t);

    for (size_t k = 0; k < ARRAY_LEN(by_times); k++) {
        for (size_t i = 0; i < j->findings.count; i++)
            have[k] |= !strcmp(j->findings.items[i].row->kind, by_times[k]);
        n->times[k][want[k]]++;
        if (have[k] == want[k])
            continue;
        print_error("%s: %s\n    %s: %s\n", language, text, by_times[k],
                    have[k] ? "found" : "not found");
        n->wrong++;
    }
    judgement_free(j);
    transcript_free(t);
}

static void check_line(struct tally *n, const char *language, char *line, char **hello)
{
    char *end = strchr(line, *line == '<' ? '>' : ']');
    int64_t within;

    if (!strncmp(line, "hello ", 6)) {
        *hello = line + 6;
    } else if (*line == '[' && end) {
        *end = '\0';
        check_words(n, language, *hello, line + 1, end + 2);
    } else if (*line == '<' && end) {
        *end = '\0';
        assert_int_equal(duration_parse(line + 1, &within), ST_OK);
        check_promise(n, language, *hello, within, end + 2, true);
        check_promise(n, language, *hello, within, end + 2, false);
    } else if (*line && *line != '#') {
        fail_msg("%s: what is \"%s\"?", language, line);
    }
}

static void print_counts(const struct tally *n, const char *language)
{
    print_message("%s: %u messages for each of %zu detectors that depend on words; positive:",
                  language, n->lines, ARRAY_LEN(by_words));
    for (size_t k = 0; k < ARRAY_LEN(by_words); k++)
        print_message(" %s %u", by_words[k], n->positive[k]);
    print_message("\n%s: on times, positive + negative:", language);
    for (size_t k = 0; k < ARRAY_LEN(by_times); k++)
        print_message(" %s %u + %u", by_times[k], n->times[k][1], n->times[k][0]);
    print_message("\n");
}

static void test_language(void **state)
{
    const char *language = *state;
    CLEANUP(mem_freep) char *path = mem_printf("tests/judge/words/%s.txt", language);
    struct buf text = BUF_INIT(TEXT_MAX);
    struct tally n = { 0 };
    char *hello = NULL, *rest;

    assert_int_equal(buf_read_file(&text, path), ST_OK);
    for (char *line = strtok_r(text.ptr, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
        check_line(&n, language, line, &hello);
    print_counts(&n, language);
    assert_int_equal(n.wrong, 0);
    assert_true(n.lines >= WORDS_MIN);
    for (size_t k = 0; k < ARRAY_LEN(by_words); k++)
        assert_true(n.positive[k] >= 2);
    for (size_t k = 0; k < ARRAY_LEN(by_times); k++)
        assert_true(n.times[k][0] + n.times[k][1] >= TIMES_MIN);
    buf_release(&text);
}

static int teardown(void **state)
{
    (void)state;
    industry_free();
    packs_free();
    return 0;
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(languages)];

    for (size_t i = 0; i < ARRAY_LEN(languages); i++)
        tests[i] = (struct CMUnitTest){ .name = languages[i], .test_func = test_language,
                                        .initial_state = (void *)(uintptr_t)languages[i] };
    return cmocka_run_group_tests_name("words", tests, NULL, teardown);
}
