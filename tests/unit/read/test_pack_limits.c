/* Every pattern of every pack stays within the match limit, whatever a company writes: the longest
 * sentence there is, of the same few characters over and over, of the pack's own words, and of the
 * words of the pattern itself, which come closest to matching again and again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/load/load.h"
#include "harness/read/pack.h"
#include "harness/read/tidy.h"

enum { TEXT_MAX = SENTENCE_MAX_BYTES + 64, PACKS_MAX = 32 };

/* A private-use character is what frames see in place of a slot, a time, a name, a value. */
#define SLOT "\xEE\x80\x80"
#define TIME "\xEE\x80\x81"

static const char *const pieces[] = {
    "a", " ", "a ", "A", "Ab ", "1", "1 ", "1-", "1.", ".", ". ", ",", ", ", "-", "--", "_", ":", "?",
    "(", "((a", "\"", "'", "a'", "@", "a@", "a@a.", "https://a.example/?a=1&b=2 ", "#1 ", "[a",
    "A-1", "1:00 ", "01.01.", "+49 30 ", "\xC3\xA4", "\xC3\xA4 ", "\xD8\xA7", "\xD8\xA7 ",
    "\xF0\x9F\x98\x80", SLOT, SLOT " ", SLOT ", ", TIME " ", SLOT " " TIME " ",
};

static struct arena *arena;
static struct regex_list regexes;
static struct pack *packs[PACKS_MAX];
static size_t pack_count;

static void load_pack(const char *path, struct diags *diags)
{
    struct sources sources = { 0 };
    struct lexicon *l = arena_alloc(arena, sizeof *l);

    assert_true(pack_count < ARRAY_LEN(packs));
    assert_int_equal(load_object_file(path, &lexicon_object, arena, &regexes, &sources, diags, l),
                     ST_OK);
    assert_int_equal(pack_compile(l, diags, &packs[pack_count]), ST_OK);
    pack_count++;
    sources_release(&sources);
}

static int load_packs(void **state)
{
    struct diags diags;
    glob_t found;

    (void)state;
    arena = arena_new();
    diags_init(&diags);
    if (glob("scenarios/lexicons/*.yaml", 0, NULL, &found))
        return 1;
    for (size_t i = 0; i < found.gl_pathc; i++)
        load_pack(found.gl_pathv[i], &diags);
    globfree(&found);
    diags_release(&diags);
    return 0;
}

static int free_packs(void **state)
{
    (void)state;
    for (size_t i = 0; i < pack_count; i++)
        pack_free(packs[i]);
    regex_list_release(&regexes);
    arena_free(arena);
    return 0;
}

/* The unit over and over, whole characters, as long as a sentence may be. */
static void fill(struct buf *out, struct slice unit)
{
    buf_clear(out);
    while (unit.len && out->len + unit.len <= SENTENCE_MAX_BYTES)
        buf_add(out, unit.ptr, unit.len);
}

static unsigned over_limit(const struct regex *r, const struct buf *text, const char *label)
{
    if (!r || regex_search(r, buf_slice(text), 0, NULL) != ST_LIMIT)
        return 0;
    print_error("%s: over the limit at \"%.60s…\"\n", label, text->ptr);
    return 1;
}

static unsigned rule_over_limit(const struct rule *r, const struct buf *text)
{
    return over_limit(r->match, text, r->label) + over_limit(r->unless, text, r->label) +
           over_limit(r->section_unless, text, r->label);
}

/* Every pattern of the pack on one text; its times as well. */
static unsigned pack_over_limit(const struct pack *p, const struct buf *text)
{
    unsigned wrong = over_limit(p->time, text, "units");

    for (size_t i = 0; i < p->rule_count; i++)
        wrong += rule_over_limit(&p->rules[i], text);
    for (size_t i = 0; i < p->time_count; i++)
        wrong += over_limit(p->times[i].match, text, "times");
    for (size_t i = 0; i < p->lexicon->quotes.count; i++)
        wrong += over_limit(p->lexicon->quotes.items[i].pattern.regex, text, "quotes");
    for (size_t i = 0; i < p->lexicon->slots.count; i++)
        wrong += over_limit(pack_slot(p, (int)i)->value.regex, text, pack_slot(p, (int)i)->name);
    return wrong;
}

static void test_pieces(void **state)
{
    struct buf text = BUF_INIT(TEXT_MAX);
    unsigned wrong = 0;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(pieces); i++) {
        fill(&text, slice_str(pieces[i]));
        for (size_t k = 0; k < pack_count; k++)
            wrong += pack_over_limit(packs[k], &text);
    }
    buf_release(&text);
    assert_int_equal(wrong, 0);
}

static void add_words(struct buf *out, const struct texts *words)
{
    for (size_t i = 0; i < words->count; i++)
        if (out->len + strlen(words->items[i]) + 1 <= SENTENCE_MAX_BYTES)
            buf_addf(out, "%s ", words->items[i]);
}

/* Stop words, names of slots and numbers, each as one long sentence. */
static void test_own_words(void **state)
{
    struct buf text = BUF_INIT(TEXT_MAX);
    unsigned wrong = 0;

    (void)state;
    for (size_t k = 0; k < pack_count; k++) {
        const struct lexicon *l = packs[k]->lexicon;

        buf_clear(&text);
        add_words(&text, &l->stopwords);
        wrong += pack_over_limit(packs[k], &text);

        buf_clear(&text);
        for (size_t i = 0; i < l->slots.count; i++)
            add_words(&text, &pack_slot(packs[k], (int)i)->words);
        wrong += pack_over_limit(packs[k], &text);

        buf_clear(&text);
        for (size_t i = 0; i < l->numbers.count; i++)
            if (text.len + strlen(l->numbers.items[i].name) + 1 <= SENTENCE_MAX_BYTES)
                buf_addf(&text, "%s ", l->numbers.items[i].name);
        wrong += pack_over_limit(packs[k], &text);
    }
    buf_release(&text);
    assert_int_equal(wrong, 0);
}

/* The words a pattern is written with, without its operators; frame words as frames see them. */
static void words_of(struct buf *out, const char *pattern)
{
    buf_clear(out);
    for (const char *s = pattern; *s && out->len + 8 < SENTENCE_MAX_BYTES; s++) {
        unsigned char c = (unsigned char)*s;

        if (c == '\\' && s[1])
            s++;
        else if (c >= 0x80 || (c >= '0' && c <= '9') || (c | 32) == 0x20 ||
                 ((c | 32) >= 'a' && (c | 32) <= 'z'))
            buf_addc(out, (char)c);
        else if (c == '{' && s[1] >= 'a' && s[1] <= 'z')
            buf_adds(out, s[1] == 't' ? TIME " " : SLOT " ");
        else if (out->len && out->ptr[out->len - 1] != ' ')
            buf_addc(out, ' ');
    }
}

static const struct rule *rule_labelled(const struct pack *p, const char *label)
{
    for (size_t i = 0; i < p->rule_count; i++)
        if (!strcmp(p->rules[i].label, label))
            return &p->rules[i];
    return NULL;
}

static unsigned pattern_over_limit(const struct pack *p, const char *pattern, const char *label)
{
    struct buf unit = BUF_INIT(TEXT_MAX), text = BUF_INIT(TEXT_MAX);
    const struct rule *r = rule_labelled(p, label);

    assert_non_null(r);
    words_of(&unit, pattern);
    fill(&text, buf_slice(&unit));

    unsigned wrong = rule_over_limit(r, &text);

    buf_release(&unit);
    buf_release(&text);
    return wrong;
}

static unsigned patterns_over_limit(const struct pack *p, const struct patterns *list,
                                    const char *section)
{
    unsigned wrong = 0;

    for (size_t i = 0; i < list->count; i++) {
        char label[128];

        snprintf(label, sizeof label, "%s:%s/%zu", p->lexicon->language, section, i + 1);
        wrong += pattern_over_limit(p, list->items[i].pattern.text, label);
    }
    return wrong;
}

static unsigned section_over_limit(const struct pack *p, const struct lexicon_rules *section)
{
    unsigned wrong = patterns_over_limit(p, &section->patterns, section->name);

    for (size_t i = 0; i < section->rules.count; i++) {
        const struct lexicon_rule *r = LIST_ITEM(struct lexicon_rule, section->rules, i);
        char label[128];

        snprintf(label, sizeof label, "%s:%s/%zu", p->lexicon->language, section->name,
                 section->patterns.count + i + 1);
        wrong += pattern_over_limit(p, r->match.text, label);
    }
    return wrong;
}

static void test_own_patterns(void **state)
{
    unsigned wrong = 0;

    (void)state;
    for (size_t k = 0; k < pack_count; k++) {
        const struct lexicon *l = packs[k]->lexicon;

        for (size_t i = 0; i < l->slots.count; i++) {
            const struct lexicon_slot *s = pack_slot(packs[k], (int)i);
            char section[96];

            snprintf(section, sizeof section, "asks.%s", s->name);
            wrong += patterns_over_limit(packs[k], &s->asks, section);
            snprintf(section, sizeof section, "tells.%s", s->name);
            wrong += patterns_over_limit(packs[k], &s->tells, section);
        }
        for (size_t i = 0; i < l->marks.count; i++)
            wrong += section_over_limit(packs[k],
                                        LIST_ITEM(struct lexicon_rules, l->marks, i));
    }
    assert_int_equal(wrong, 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pieces), cmocka_unit_test(test_own_words),
        cmocka_unit_test(test_own_patterns),
    };

    return cmocka_run_group_tests_name("pack limits", tests, load_packs, free_packs);
}
