/* Short conversations in every language, from many businesses (tests/judge/talks/<language>.txt): what
 * must be found in them, what nearly looks like it, and ordinary ones in which nothing is.
 * They are counted for each finding and language together with the messages of judge/words and the
 * transcripts of judge/<finding>; too few fail.
 *
 *   HEAD > customer < company ! the customer stops waiting
 *   HEAD   kind, kind:variant (must be found), ~kind (near miss), -kind (must not), ordinary, poor,
 *          {security:slot} what the scenario says must be asked again; a ? before kind or ~kind: it is
 *          known to be read wrongly, which is counted and printed
 *   turn   may begin with [family time-since auto|human] */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/judge/judge.h"
#include "tests/unit/judge/journeys.h"
#include "tests/unit/read/packs.h"

enum { TEXT_MAX = 1 << 20, HEAD_MAX = 32, LANGUAGES = 4 };

static const char *const languages[LANGUAGES] = { "en", "de", "fr", "fa" };

/* What a finding depends on, and so how many cases it needs. */
static const struct needs {
    const char *kind;
    unsigned positive, near, negative, all;
} needs[] = {
    /* words */
    { "repeated_question", 10, 10, 10, 30 }, { "dead_end", 10, 10, 10, 30 },
    { "not_understood", 10, 10, 10, 30 }, { "off_topic", 10, 10, 10, 30 },
    { "deflection", 10, 10, 10, 30 }, { "handover", 10, 10, 10, 30 },
    { "scripted_reply", 10, 10, 10, 30 }, { "wrong_language", 10, 10, 10, 30 },
    { "rude_tone", 10, 10, 10, 30 }, { "contradiction", 10, 10, 10, 30 },
    { "no_apology", 10, 10, 10, 30 }, { "recontact", 10, 10, 10, 30 },
    { "no_reference", 10, 10, 10, 30 }, { "no_time_promise", 10, 10, 10, 30 },
    { "acknowledgement", 10, 10, 10, 30 }, { "reference", 10, 10, 10, 30 },
    { "time_named", 10, 10, 10, 30 }, { "progress", 10, 10, 10, 30 },
    { "full_answer", 10, 10, 10, 30 }, { "solved", 10, 10, 10, 30 },
    { "personal", 10, 10, 10, 30 }, { "apology", 10, 10, 10, 30 },
    { "compensation", 10, 10, 10, 30 }, { "wait_explained", 10, 10, 10, 30 },
    { "unasked_update", 10, 10, 10, 30 },
    /* times */
    { "promise_kept", 4, 0, 4, 10 }, { "broken_promise", 4, 0, 4, 10 },
    { "missed_acknowledgement", 3, 3, 3, 10 }, { "slow_reply", 3, 3, 3, 10 },
    { "unanswered", 3, 3, 3, 10 }, { "early_reply", 3, 3, 3, 10 },
};

struct count {
    unsigned positive, near, negative, wrong, known;
};
static struct count counts[ARRAY_LEN(needs)][LANGUAGES];

/* How often each kind of mark was read: none may be missing in any language. */
static unsigned marks_read[MARK_COUNT][LANGUAGES];

struct talk {
    int language;
    const char *name, *hello;     /* the customer's; what they say where the line does not */
    struct transcript *t;
};

static int need_of(const char *kind, size_t len)
{
    for (size_t i = 0; i < ARRAY_LEN(needs); i++)
        if (strlen(needs[i].kind) == len && !strncmp(needs[i].kind, kind, len))
            return (int)i;
    return -1;
}

/* The conversation */

static const struct { const char *name; enum channel_family family; } families[] = {
    { "chat", FAMILY_CHAT }, { "email", FAMILY_EMAIL }, { "form", FAMILY_FORM },
};

static const char *const nature_words[NATURE_COUNT] = { "unknown", "auto", "human", "bounce" };

static void add_channels(struct transcript *t)
{
    t->channels = arena_alloc(t->arena, ARRAY_LEN(families) * sizeof *t->channels);
    for (size_t i = 0; i < ARRAY_LEN(families); i++)
        t->channels[t->channel_count++] = (struct transcript_channel){
            families[i].name, families[i].name, families[i].family,
        };
}

/* [email 2h human]: sets what it says; the time since the turn before. */
static void read_traits(char *traits, struct event *e, int64_t *since)
{
    char *rest;

    for (char *w = strtok_r(traits, " ", &rest); w; w = strtok_r(NULL, " ", &rest)) {
        bool known = false;

        for (size_t i = 0; i < ARRAY_LEN(families); i++)
            if (!strcmp(w, families[i].name)) {
                e->channel = families[i].name;
                known = true;
            }
        for (int n = 0; n < NATURE_COUNT; n++)
            if (!strcmp(w, nature_words[n])) {
                e->nature = (enum nature)n;
                known = true;
            }
        if (!known && duration_parse(w, since) != ST_OK)
            fail_msg("what is \"%s\"?", w);
    }
}

static void add_turn(struct talk *k, char sign, char *text, int64_t *now, const char **channel)
{
    struct event e = event_init(sign == '<' ? EVENT_MESSAGE : sign == '>' ? EVENT_SENT
                                                                         : EVENT_GAVE_UP,
                                sign == '<' ? PARTY_COMPANY : PARTY_CUSTOMER);
    int64_t since = 10 * US_PER_S;

    e.channel = *channel;
    if (*text == '[') {
        char *end = strchr(text, ']');

        assert_non_null(end);
        *end = '\0';
        read_traits(text + 1, &e, &since);
        text = end + 1 + (end[1] == ' ');
    }
    e.text = text;
    if (sign == '!') {                /* what was waited for, and for how long */
        e.code = text;
        e.text = "";
        e.wait_us = since;
    }
    *now += k->t->count ? since : 0;
    e.t_us = *now;
    *channel = e.channel;
    transcript_append(k->t, &e);
}

/* The next " > ", " < " or " ! [" at or after s; NULL none. */
static char *turn_sign(char *s)
{
    for (; *s; s++)
        if (!strncmp(s, " > ", 3) || !strncmp(s, " < ", 3) || !strncmp(s, " ! [", 4))
            return s;
    return NULL;
}

static void add_turns(struct talk *k, char *line)
{
    char hello[256];
    const char *channel = "chat";
    int64_t now = 0;
    char *at = turn_sign(line);

    assert_non_null(at);
    if (at[1] == '<') {
        snprintf(hello, sizeof hello, "%s", k->hello);
        add_turn(k, '>', hello, &now, &channel);
    }
    while (at) {
        char sign = at[1], *text = at + 3, *next = turn_sign(text);

        *at = '\0';
        if (next)
            *next = '\0';
        add_turn(k, sign, text, &now, &channel);
        if (next)
            *next = ' ';
        at = next;
    }
}

/* What must be found */

static bool has(const struct judgement *j, const char *want)
{
    size_t len = strcspn(want, ":");
    const char *variant = want[len] ? want + len + 1 : NULL;

    for (size_t i = 0; i < j->findings.count; i++) {
        const struct finding *f = &j->findings.items[i];

        if (f->confidence >= CONFIDENCE_COUNTS && strlen(f->row->kind) == len &&
            !strncmp(f->row->kind, want, len) &&
            (!variant || (f->variant && !strcmp(f->variant, variant))))
            return true;
    }
    return false;
}

static void print_wrong(const struct talk *k, const char *label, const struct judgement *j)
{
    print_error("%s: %s\n", languages[k->language], label);
    for (size_t i = 0; i < k->t->count; i++)
        print_error("    %s %s\n", k->t->events[i].from == PARTY_COMPANY ? "<" : ">",
                    k->t->events[i].text);
    for (size_t i = 0; i < j->findings.count; i++)
        print_error("      %s %s %.2f: %s\n", j->findings.items[i].row->kind,
                    j->findings.items[i].variant ? j->findings.items[i].variant : "",
                    j->findings.items[i].confidence, j->findings.items[i].why);
}

static void check(const struct talk *k, const struct judgement *j, const char *kind, char sign,
                  const char *label)
{
    int n = need_of(kind, strcspn(kind, ":"));
    bool right;

    if (n < 0)
        fail_msg("what is \"%s\"?", label);

    struct count *c = &counts[n][k->language];

    c->positive += sign == '+';
    c->near += sign == '~';
    c->negative += sign == '-';
    right = has(j, kind) == (sign == '+');
    if (*label == '?') {
        c->known += !right;
        if (right)
            print_message("%s: right by now, the ? can go: %s\n", languages[k->language], label);
    } else if (!right) {
        c->wrong++;
        print_wrong(k, label, j);
    }
}

/* Nothing against the company, or nothing for it. */
static void check_all(const struct talk *k, const struct judgement *j, bool good, const char *label)
{
    for (size_t i = 0; i < ARRAY_LEN(needs); i++)
        if (finding_row_find(needs[i].kind)->good == good &&
            strcmp(needs[i].kind, "early_reply") != 0)         /* fast is no word */
            check(k, j, needs[i].kind, '-', label);
}

static void check_label(const struct talk *k, const struct judgement *j, const char *label)
{
    const char *kind = label + (*label == '?');

    if (!strcmp(label, "ordinary") || !strcmp(label, "poor"))
        check_all(k, j, !strcmp(label, "poor"), label);
    else if (*kind == '~' || *kind == '-')
        check(k, j, kind + 1, *kind, label);
    else if (*kind != '{')
        check(k, j, kind, '+', label);
}

static void add_security(struct transcript *t, const char *label)
{
    static const char key[] = "{security:";

    if (strncmp(label, key, sizeof key - 1) != 0)
        return;
    t->security = arena_alloc(t->arena, sizeof *t->security);
    t->security[t->security_count++] = arena_strndup(t->arena, label + sizeof key - 1,
                                                     strlen(label) - sizeof key);
}

/* Every mark has its place, how sure it is, and the rule that made it. */
static void check_marks(const struct talk *k, const struct marks *marks)
{
    for (size_t i = 0; i < marks->count; i++) {
        const struct mark *m = &marks->items[i];

        assert_true(m->start <= m->end && m->end <= strlen(k->t->events[m->seq].text));
        assert_true(m->confidence > 0 && m->confidence <= 1);
        assert_non_null(m->rule);
        marks_read[m->kind][k->language] += m->confidence >= CONFIDENCE_COUNTS;
    }
}

static void check_talk(struct talk *k, char *line)
{
    char *labels[HEAD_MAX], *rest;
    size_t count = 0;

    k->t = transcript_new();
    k->t->journey = "talk";
    k->t->language = languages[k->language];
    k->t->customer_name = k->name;
    k->t->customer_email = "maya@shopper.test";
    add_channels(k->t);
    add_turns(k, line);
    for (char *w = strtok_r(line, " ", &rest); w && count < HEAD_MAX; w = strtok_r(NULL, " ", &rest)) {
        add_security(k->t, w);
        labels[count++] = w;
    }

    struct judgement *j = judge_transcript(packs_reader(), industry(), k->t);

    for (size_t i = 0; i < j->findings.count; i++)       /* said in words, not by the phrase's name */
        assert_non_null(strchr(j->findings.items[i].why, ' '));
    check_marks(k, &j->marks);
    for (size_t i = 0; i < count; i++)
        check_label(k, j, labels[i]);
    judgement_free(j);
    transcript_free(k->t);
}

static void test_language(void **state)
{
    struct talk k = { .language = (int)(intptr_t)*state };
    CLEANUP(mem_freep) char *path = mem_printf("tests/judge/talks/%s.txt", languages[k.language]);
    struct buf text = BUF_INIT(TEXT_MAX);
    unsigned wrong = 0;
    char *rest;

    assert_int_equal(buf_read_file(&text, path), ST_OK);
    packs_say_in(languages[k.language]);
    for (char *line = strtok_r(text.ptr, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        if (!strncmp(line, "name ", 5))
            k.name = line + 5;
        else if (!strncmp(line, "hello ", 6))
            k.hello = line + 6;
        else if (*line && *line != '#') {
            CLEANUP(mem_freep) char *copy = mem_printf("%s%s", *line == '<' ? " " : "", line);

            check_talk(&k, copy);
        }
    }
    buf_release(&text);
    for (size_t i = 0; i < ARRAY_LEN(needs); i++)
        wrong += counts[i][k.language].wrong;
    assert_int_equal(wrong, 0);
}

/* What is counted beside the conversations: messages (judge/words), transcripts (judge/<finding>) */

static void count_words(int language)
{
    CLEANUP(mem_freep) char *path = mem_printf("tests/judge/words/%s.txt", languages[language]);
    struct buf text = BUF_INIT(TEXT_MAX);
    char *rest;

    assert_int_equal(buf_read_file(&text, path), ST_OK);
    for (char *line = strtok_r(text.ptr, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        char *end = strchr(line, *line == '<' ? '>' : ']'), *words;

        if (*line == '<') {
            counts[need_of("promise_kept", 12)][language].positive++;
            counts[need_of("promise_kept", 12)][language].negative++;
            counts[need_of("broken_promise", 14)][language].positive++;
            counts[need_of("broken_promise", 14)][language].negative++;
        }
        if (*line != '[' || !end)
            continue;
        *end = '\0';
        for (char *w = strtok_r(line + 1, " ", &words); w; w = strtok_r(NULL, " ", &words)) {
            int n = need_of(w, strcspn(w, ":"));

            if (n >= 0)
                counts[n][language].positive++;
        }
    }
    buf_release(&text);
}

static int language_of(const char *transcript)
{
    for (int l = 0; l < LANGUAGES; l++) {
        CLEANUP(mem_freep) char *a = mem_printf("\"language\":\"%s\"", languages[l]);
        CLEANUP(mem_freep) char *b = mem_printf("\"language\": \"%s\"", languages[l]);

        if (strstr(transcript, a) || strstr(transcript, b))
            return l;
    }
    return -1;
}

static void count_transcripts(size_t n)
{
    CLEANUP(mem_freep) char *pattern = mem_printf("tests/judge/%s/*.jsonl", needs[n].kind);
    CLEANUP(mem_freep) char *found = mem_printf(" %s ", needs[n].kind);
    glob_t files;

    if (glob(pattern, 0, NULL, &files))
        return;
    for (size_t i = 0; i < files.gl_pathc; i++) {
        CLEANUP(mem_freep) char *out = mem_printf("%.*sout", (int)strlen(files.gl_pathv[i]) - 5,
                                                  files.gl_pathv[i]);
        struct buf text = BUF_INIT(TEXT_MAX), want = BUF_INIT(TEXT_MAX);
        int l;

        assert_int_equal(buf_read_file(&text, files.gl_pathv[i]), ST_OK);
        assert_int_equal(buf_read_file(&want, out), ST_OK);
        l = language_of(text.ptr);
        if (l >= 0 && want.len && strstr(want.ptr, found))
            counts[n][l].positive++;
        else if (l >= 0)
            counts[n][l].negative++;
        buf_release(&text);
        buf_release(&want);
    }
    globfree(&files);
}

static void test_counts(void **state)
{
    unsigned few = 0, known[LANGUAGES] = { 0 }, all[LANGUAGES] = { 0 };

    (void)state;
    for (int l = 0; l < LANGUAGES; l++)
        count_words(l);
    for (size_t i = 0; i < ARRAY_LEN(needs); i++)
        count_transcripts(i);
    print_message("cases: found + near miss + not       en             de             fr             fa\n");
    for (size_t i = 0; i < ARRAY_LEN(needs); i++) {
        print_message("%-24s", needs[i].kind);
        for (int l = 0; l < LANGUAGES; l++) {
            const struct count *c = &counts[i][l];
            bool enough = c->positive >= needs[i].positive && c->near >= needs[i].near &&
                          c->negative >= needs[i].negative &&
                          c->positive + c->near + c->negative >= needs[i].all;

            print_message("%5u +%3u +%3u%s", c->positive, c->near, c->negative, enough ? " " : "!");
            few += !enough;
            known[l] += c->known;
            all[l] += c->positive + c->near + c->negative;
        }
        print_message("\n");
    }
    print_message("%-24s", "known to be wrong, of");
    for (int l = 0; l < LANGUAGES; l++)
        print_message("%7u of %4u ", known[l], all[l]);
    print_message("\n");
    assert_int_equal(few, 0);
}

static void test_marks(void **state)
{
    unsigned none = 0;

    (void)state;
    print_message("marks read            en    de    fr    fa\n");
    for (int m = 0; m < MARK_COUNT; m++) {
        print_message("%-19s", mark_name((enum mark_kind)m));
        for (int l = 0; l < LANGUAGES; l++) {
            print_message("%5u%s", marks_read[m][l], marks_read[m][l] ? " " : "!");
            none += !marks_read[m][l];
        }
        print_message("\n");
    }
    assert_int_equal(none, 0);
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
    struct CMUnitTest tests[LANGUAGES + 2];

    for (size_t i = 0; i < LANGUAGES; i++)
        tests[i] = (struct CMUnitTest){ .name = languages[i], .test_func = test_language,
                                        .initial_state = (void *)(intptr_t)i };
    tests[LANGUAGES] = (struct CMUnitTest)cmocka_unit_test(test_counts);
    tests[LANGUAGES + 1] = (struct CMUnitTest)cmocka_unit_test(test_marks);
    return cmocka_run_group_tests_name("talks", tests, NULL, teardown);
}
