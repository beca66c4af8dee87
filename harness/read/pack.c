#include "harness/read/pack.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "harness/base/text.h"
#include "harness/model/template.h"
#include "harness/read/tidy.h"

enum { FRAME_MAX_BYTES = 64 * 1024 };

struct compiler {
    struct pack *p;
    struct diags *diags;
};

void pack_free(struct pack *p)
{
    if (!p)
        return;
    for (size_t i = 0; i < p->owned_count; i++)
        regex_free(p->owned[i]);
    free(p->owned);
    free(p->rules);
    regex_free(p->time);
    needles_release(&p->plain);
    needles_release(&p->masks);
    needles_release(&p->quoting);
    dictionary_release(&p->slots);
    dictionary_release(&p->stopwords);
    dictionary_release(&p->light);
    dictionary_release(&p->given);
    dictionary_release(&p->subjects);
    dictionary_release(&p->abbreviations);
    dictionary_release(&p->phrases);
    dictionary_release(&p->numbers);
    dictionary_release(&p->weekdays);
    dictionary_release(&p->months);
    arena_free(p->arena);
    free(p);
}

const struct lexicon_slot *pack_slot(const struct pack *p, int index)
{
    return LIST_ITEM(struct lexicon_slot, p->lexicon->slots, index);
}

const struct lexicon_subject *pack_subject(const struct pack *p, int index)
{
    return LIST_ITEM(struct lexicon_subject, p->lexicon->subjects, index);
}

const struct lexicon_slot *pack_slot_named(const struct pack *p, const char *name)
{
    for (size_t i = 0; i < p->lexicon->slots.count; i++)
        if (!strcmp(pack_slot(p, (int)i)->name, name))
            return pack_slot(p, (int)i);
    return NULL;
}

char *pack_phrase(struct arena *a, const char *text)
{
    struct tidy t;
    struct words w;

    tidy_init(&t);
    words_init(&w);
    tidy_copy(&t, slice_str(text));
    words_split(&w, buf_slice(&t.text));

    char *phrase = w.count ? arena_strndup(a, w.folded.ptr, w.folded.len) : NULL;

    for (char *s = phrase; s && *s; s++)
        if (*s == '\x1f')
            *s = ' ';
    words_release(&w);
    tidy_release(&t);
    return phrase;
}

/* Whether the word ends as an abbreviation written "-str" says; ASCII case is ignored. */
static bool abbreviated_ending(const struct pack *p, struct slice word)
{
    const struct texts *list = &p->lexicon->abbreviations;

    for (size_t i = 0; i < list->count; i++) {
        const char *ending = list->items[i] + 1;
        size_t len = strlen(list->items[i]) - 1;

        if (list->items[i][0] == '-' && len && len < word.len &&
            !strncasecmp(word.ptr + word.len - len, ending, len))
            return true;
    }
    return false;
}

static bool ordinal(const struct pack *p, struct slice word)
{
    if (!p->lexicon->ordinals || !word.len || word.len > 2)
        return false;
    for (size_t i = 0; i < word.len; i++)
        if (word.ptr[i] < '0' || word.ptr[i] > '9')
            return false;
    return true;
}

bool pack_abbreviation(const struct pack *p, struct slice word)
{
    char folded[16];

    if (word.len == 1 && (word.ptr[0] < '0' || word.ptr[0] > '9'))
        return true;              /* an initial */
    if (ordinal(p, word) || abbreviated_ending(p, word))
        return true;
    if (!word.len || word.len >= sizeof folded)
        return false;
    if (word.len <= 4 && memchr(word.ptr, '.', word.len))
        return true;              /* "e.g", "z.B" */
    for (size_t i = 0; i < word.len; i++)
        folded[i] = (char)(word.ptr[i] >= 'A' && word.ptr[i] <= 'Z' ? word.ptr[i] + 32
                                                                    : word.ptr[i]);
    return dictionary_find(&p->abbreviations, (struct slice){ folded, word.len }) >= 0;
}

/* Frames */

static const struct { const char *word; enum mask mask; } frame_words[] = {
    { "{slots}", MASK_SLOT }, { "{slot}", MASK_SLOT }, { "{time}", MASK_TIME },
    { "{name}", MASK_NAME }, { "{value}", MASK_VALUE },
};

static bool is_frame(const char *pattern)
{
    for (size_t i = 0; i < ARRAY_LEN(frame_words); i++)
        if (strstr(pattern, frame_words[i].word))
            return true;
    return false;
}

/* One slot, or several with commas, "and", "your" and the like between them. */
static void add_slots(struct buf *out, const char *join)
{
    buf_addf(out, "\\x{%X}", MASK_FIRST + MASK_SLOT);
    buf_addf(out, "(?:(?: ?[,/&;\xD8\x8C\xD8\x9B] ?| )(?:(?:%s)[ ,'] ?)*\\x{%X})*+",
             join ? join : "-", MASK_FIRST + MASK_SLOT);
}

static void expand_frame(struct buf *out, const struct lexicon *l, const char *pattern)
{
    bool named = false;

    while (*pattern) {
        size_t i = 0;

        while (i < ARRAY_LEN(frame_words) &&
               !text_starts_with(pattern, frame_words[i].word))
            i++;
        if (i == ARRAY_LEN(frame_words)) {
            buf_addc(out, *pattern++);
            continue;
        }
        pattern += strlen(frame_words[i].word);
        if (frame_words[i].mask != MASK_SLOT) {
            buf_addf(out, "\\x{%X}", MASK_FIRST + (unsigned)frame_words[i].mask);
            continue;
        }
        buf_adds(out, named ? "(?:" : "(?<slots>");
        if (i == 0)
            add_slots(out, l->join);
        else
            buf_addf(out, "\\x{%X}", MASK_FIRST + MASK_SLOT);
        buf_addc(out, ')');
        named = true;
    }
}

static const struct regex *own(struct compiler *c, struct regex *r)
{
    MEM_GROW(c->p->owned, c->p->owned_cap, c->p->owned_count + 1);
    c->p->owned[c->p->owned_count++] = r;
    return r;
}

/* A pattern of our own making: compiled at once, unless it is known to be right. NULL with err. */
static struct regex *compile_text(const struct compiler *c, const char *text,
                                  struct regex_error *err)
{
    struct regex *r = NULL;

    if (c->p->lexicon->prepared)
        return regex_later(text, REGEX_CASELESS);
    return regex_compile(text, REGEX_CASELESS, err, &r) ? NULL : r;
}

/* The pattern itself, or what its frame words make of it; NULL after an error. source: the text it
 * came from; NULL when nobody asks. */
static const struct regex *compile(struct compiler *c, const struct pattern *pattern,
                                   const char *label, const char **source)
{
    if (!pattern->text)
        return NULL;
    if (!is_frame(pattern->text)) {
        if (source)
            *source = pattern->text;
        return pattern->regex;
    }

    struct buf text = BUF_INIT(FRAME_MAX_BYTES);
    struct regex_error err;

    expand_frame(&text, c->p->lexicon, pattern->text);

    const char *expanded = arena_strndup(c->p->arena, text.ptr, text.len);
    struct regex *r = compile_text(c, expanded, &err);

    buf_release(&text);
    if (!r)
        diag_error(c->diags, "%s: the frame does not compile: %s: %s", label, err.text,
                   pattern->text);
    else if (source)
        *source = expanded;
    return r ? own(c, r) : NULL;
}

static void add_rule(struct compiler *c, struct rule rule, const struct pattern *match,
                     const struct pattern *unless)
{
    rule.match = compile(c, match, rule.label, &rule.source);
    rule.unless = compile(c, unless, rule.label, NULL);
    if (!rule.match)
        return;
    rule.frame = is_frame(match->text);
    rule.slots = rule.frame && strstr(match->text, "{slot");

    struct pack *p = c->p;

    MEM_GROW(p->rules, p->rule_cap, p->rule_count + 1);
    p->rules[p->rule_count++] = rule;
}

static const double PATTERN_CONFIDENCE = .9;

static void add_patterns(struct compiler *c, enum mark_kind kind, const struct patterns *list,
                         const char *origin, const char *section, int slot,
                         const struct regex *unless)
{
    const char *name = slot < 0 ? "" : pack_slot(c->p, slot)->name;

    for (size_t i = 0; i < list->count; i++) {
        static const struct pattern none = { 0 };
        struct rule rule = {
            .kind = kind, .confidence = PATTERN_CONFIDENCE, .slot = slot,
            .section_unless = unless,
            .label = arena_printf(c->p->arena, "%s:%s%s%s/%zu", origin, section,
                                  slot < 0 ? "" : ".", name, i + 1),
        };

        add_rule(c, rule, &list->items[i].pattern, &none);
    }
}

/* The slot that a rule of the customer's words tells, by its name; -1 none. */
static int told_slot(struct compiler *c, enum mark_kind kind, const struct lexicon_rule *r)
{
    const struct list *slots = &c->p->lexicon->slots;

    if (kind != MARK_TELLS || !r->value)
        return -1;
    for (size_t i = 0; i < slots->count; i++)
        if (!strcmp(pack_slot(c->p, (int)i)->name, r->value))
            return (int)i;
    diag_error(c->diags, "%s: tells: there is no slot \"%s\"", c->p->lexicon->language, r->value);
    return -1;
}

static void add_section(struct compiler *c, const struct lexicon_rules *section)
{
    const char *language = c->p->lexicon->language;
    const char *origin = section->origin
        ? arena_printf(c->p->arena, "%s.%s", language, section->origin) : language;
    enum mark_kind kind = mark_kind_find(section->name);
    const struct regex *unless = compile(c, &section->unless, section->name, NULL);

    if (kind == MARK_COUNT) {
        const char *names[MARK_COUNT];

        for (int k = 0; k < MARK_COUNT; k++)
            names[k] = mark_name((enum mark_kind)k);
        const char *near = suggest(section->name, names, MARK_COUNT);

        diag_error(c->diags, "%s: there is no mark \"%s\"%s%s%s", language, section->name,
                   near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
        return;
    }
    add_patterns(c, kind, &section->patterns, origin, section->name, -1, unless);
    for (size_t i = 0; i < section->rules.count; i++) {
        const struct lexicon_rule *r = LIST_ITEM(struct lexicon_rule, section->rules, i);
        struct rule rule = {
            .kind = kind, .confidence = r->confidence, .slot = told_slot(c, kind, r),
            .value = r->value,
            .within_us = r->within, .boilerplate = r->boilerplate, .section_unless = unless,
            .label = arena_printf(c->p->arena, "%s:%s/%zu", origin, section->name,
                                  section->patterns.count + i + 1),
        };

        add_rule(c, rule, &r->match, &r->unless);
    }
}

static const struct regex *asks_unless(struct compiler *c)
{
    const struct list *marks = &c->p->lexicon->marks;

    for (size_t i = 0; i < marks->count; i++) {
        const struct lexicon_rules *section = LIST_ITEM(struct lexicon_rules, *marks, i);

        if (mark_kind_find(section->name) == MARK_ASKS)
            return compile(c, &section->unless, section->name, NULL);
    }
    return NULL;
}

/* Slots' own questions come before the frames: they say more. Rules are then sorted by kind. */
static void add_rules(struct compiler *c)
{
    const struct lexicon *l = c->p->lexicon;
    const struct regex *unless = asks_unless(c);

    for (size_t i = 0; i < l->slots.count; i++) {
        const struct lexicon_slot *s = LIST_ITEM(struct lexicon_slot, l->slots, i);

        add_patterns(c, MARK_ASKS, &s->asks, l->language, "asks", (int)i, unless);
        add_patterns(c, MARK_TELLS, &s->tells, l->language, "tells", (int)i, NULL);
    }
    for (size_t i = 0; i < l->marks.count; i++)
        add_section(c, LIST_ITEM(struct lexicon_rules, l->marks, i));

    struct pack *p = c->p;
    struct rule *sorted = mem_zero(p->rule_count + 1, sizeof *sorted);
    size_t n = 0;

    for (int k = 0; k < MARK_COUNT; k++) {
        p->first[k] = n;
        for (size_t i = 0; i < p->rule_count; i++)
            if ((int)p->rules[i].kind == k)
                sorted[n++] = p->rules[i];
    }
    p->first[MARK_COUNT] = n;
    free(p->rules);
    p->rules = sorted;
}

static void check_size(struct compiler *c)
{
    const struct pack *p = c->p;

    if (p->rule_count + 1 + p->time_count > PACK_RULES_MAX ||
        p->lexicon->quotes.count > PACK_QUOTES_MAX)
        diag_error(c->diags, "%s: over %d patterns, or over %d quotes", p->lexicon->language,
                   PACK_RULES_MAX, PACK_QUOTES_MAX);
}

/* Dictionaries */

static void add_texts(struct pack *p, struct dictionary *d, const struct texts *t)
{
    for (size_t i = 0; i < t->count; i++) {
        const char *phrase = pack_phrase(p->arena, t->items[i]);

        if (phrase)
            dictionary_add(d, phrase, (int)i);
    }
}

static void add_subjects(struct pack *p)
{
    for (size_t i = 0; i < p->lexicon->subjects.count; i++) {
        const struct texts *words = &pack_subject(p, (int)i)->words;

        for (size_t k = 0; k < words->count; k++) {
            const char *phrase = pack_phrase(p->arena, words->items[k]);

            if (phrase)
                dictionary_add(&p->subjects, phrase, (int)i);
        }
    }
}

/* A slot's name as it is and with every ending the language may put on it. */
static void add_slot_name(struct pack *p, const char *name, int slot)
{
    const struct texts *endings = &p->lexicon->endings;
    const char *phrase = pack_phrase(p->arena, name);

    if (!phrase)
        return;
    dictionary_add(&p->slots, phrase, slot);
    for (size_t k = 0; k < endings->count; k++) {
        size_t len = strlen(phrase), more = strlen(endings->items[k]);
        char *both = arena_alloc(p->arena, len + more + 1);      /* thousands: no printf here */

        memcpy(both, phrase, len);
        memcpy(both + len, endings->items[k], more);
        dictionary_add(&p->slots, both, slot);
    }
}

static void add_slot_words(struct compiler *c, int slot)
{
    const struct texts *words = &pack_slot(c->p, slot)->words;

    for (size_t i = 0; i < words->count; i++) {
        size_t count = variants_count(words->items[i]);

        if (!count)
            diag_error(c->diags, "%s: slot \"%s\": \"%s\" has groups that do not close, lie in one "
                       "another or stand for over %d names", c->p->lexicon->language,
                       pack_slot(c->p, slot)->name, words->items[i], VARIANTS_MAX);
        for (size_t k = 0; k < count; k++)
            add_slot_name(c->p, variant(c->p->arena, words->items[i], k), slot);
    }
}

static void check_parents(struct compiler *c)
{
    const struct list *slots = &c->p->lexicon->slots;

    for (size_t i = 0; i < slots->count; i++) {
        const struct lexicon_slot *s = LIST_ITEM(struct lexicon_slot, *slots, i);

        if (s->is_a && !pack_slot_named(c->p, s->is_a))
            diag_error(c->diags, "%s: slot \"%s\" is a \"%s\", which does not exist",
                       c->p->lexicon->language, s->name, s->is_a);
        for (size_t k = 0; k < s->answered_by.count; k++)
            if (!pack_slot_named(c->p, s->answered_by.items[k]))
                diag_error(c->diags, "%s: slot \"%s\" is answered by \"%s\", which does not exist",
                           c->p->lexicon->language, s->name, s->answered_by.items[k]);
    }
}

/* Times */

static void add_numbers(struct pack *p)
{
    const struct pairs *n = &p->lexicon->numbers;

    p->number_values = arena_alloc(p->arena, (n->count + 1) * sizeof(double));
    for (size_t i = 0; i < n->count; i++) {
        const char *phrase = pack_phrase(p->arena, n->items[i].name);

        p->number_values[i] = strtod(n->items[i].value->source, NULL);
        if (phrase)
            dictionary_add(&p->numbers, phrase, (int)i);
    }
}

static void add_escaped(struct buf *out, const char *word)
{
    buf_addc(out, '|');
    for (; *word; word++) {
        if (strchr("\\^$.[]|()?*+{}", *word))
            buf_addc(out, '\\');
        buf_addc(out, *word);
    }
}

/* Alternatives of a pattern: the longest word first, so that "twenty-four" beats "twenty". */
static void add_number_words(struct buf *out, const struct pairs *n)
{
    size_t longest = 0;

    for (size_t i = 0; i < n->count; i++)
        if (strlen(n->items[i].name) > longest)
            longest = strlen(n->items[i].name);
    for (size_t len = longest; len > 0; len--)
        for (size_t i = 0; i < n->count; i++)
            if (strlen(n->items[i].name) == len)
                add_escaped(out, n->items[i].name);
}

/* The number words are too many to look for: what stands before a unit, and the unit, will do. */
static void add_unit_sources(struct pack *p)
{
    const struct list *units = &p->lexicon->units;

    p->unit_sources = arena_alloc(p->arena, (units->count + 1) * sizeof *p->unit_sources);
    for (size_t i = 0; i < units->count; i++)
        p->unit_sources[i] = arena_printf(p->arena, "(?:0| |-)(?:%s)(?!\\w)",
                                          LIST_ITEM(struct lexicon_unit, *units, i)->match.text);
    p->unit_count = units->count;
}

static void compile_time(struct compiler *c)
{
    struct pack *p = c->p;
    const struct lexicon *l = p->lexicon;
    struct buf text = BUF_INIT(FRAME_MAX_BYTES), number = BUF_INIT(FRAME_MAX_BYTES);
    struct regex_error err;

    if (!l->units.count)
        return;
    buf_adds(&number, "(?:[0-9]{1,6}(?:[.,][0-9]{1,2})?");
    add_number_words(&number, &l->numbers);
    buf_addc(&number, ')');

    /* "twenty-one days" are not one day; "two (2) days" say it twice. */
    buf_addf(&text, "(?<![\\w.,])(?<!\\p{L}-)"
             "(?:(?<from>%s)(?:(?<=[0-9]) ?- ?| - | ?(?:\xE2\x80\x93|%s) ?))?(?<to>%s)"
             "(?: ?\\([0-9]{1,4}\\))?(?:(?<=[0-9])[ -]?|[ -])(?<unit>",
             number.ptr, l->range ? l->range : "-", number.ptr);
    for (size_t i = 0; i < l->units.count; i++)
        buf_addf(&text, "%s(?:%s)", i ? "|" : "",
                 LIST_ITEM(struct lexicon_unit, l->units, i)->match.text);
    buf_adds(&text, ")(?!\\w)");
    p->time = compile_text(c, arena_strndup(p->arena, text.ptr, text.len), &err);
    if (!p->time)
        diag_error(c->diags, "%s: the units do not compile: %s", l->language, err.text);
    add_unit_sources(p);
    buf_release(&text);
    buf_release(&number);
}

static void add_names(struct pack *p, struct dictionary *d, const struct pairs *names)
{
    for (size_t i = 0; i < names->count; i++) {
        const char *phrase = pack_phrase(p->arena, names->items[i].name);

        if (phrase)
            dictionary_add(d, phrase, atoi(names->items[i].value->source));
    }
}

static bool has_named_group(const char *pattern)
{
    for (; (pattern = strstr(pattern, "(?<")); pattern++)
        if (pattern[3] != '=' && pattern[3] != '!')
            return true;
    return false;
}

static void add_times(struct compiler *c)
{
    struct pack *p = c->p;
    const struct list *times = &p->lexicon->times;

    p->times = arena_alloc(p->arena, (times->count + 1) * sizeof *p->times);
    for (size_t i = 0; i < times->count; i++) {
        const struct lexicon_rule *r = LIST_ITEM(struct lexicon_rule, *times, i);

        struct fixed_time *t = &p->times[p->time_count++];

        *t = (struct fixed_time){ .match = r->match.regex, .us = r->within,
                                  .source = r->match.text,
                                  .named = has_named_group(r->match.text) };
        if (r->value && !when_parse(r->value, &t->when))
            diag_error(c->diags, "%s: times: \"%s\" names no time; such as day+1 12:00",
                       p->lexicon->language, r->value);
    }
    add_names(p, &p->weekdays, &p->lexicon->weekdays);
    add_names(p, &p->months, &p->lexicon->months);
}

enum status pack_fill(struct pack *p, struct diags *diags)
{
    struct compiler c = { p, diags };
    size_t errors = diags->errors;

    for (size_t i = 0; i < p->lexicon->slots.count; i++)
        add_slot_words(&c, (int)i);
    add_texts(p, &p->abbreviations, &p->lexicon->abbreviations);
    add_texts(p, &p->light, &p->lexicon->light);
    pack_names(p);
    add_subjects(p);
    check_parents(&c);
    add_numbers(p);
    compile_time(&c);
    add_times(&c);
    add_rules(&c);
    check_size(&c);
    return diags->errors > errors ? ST_INVALID : ST_OK;
}

enum status pack_compile(const struct lexicon *lexicon, struct diags *diags, struct pack **ret)
{
    struct pack *p = mem_zero(1, sizeof *p);

    p->lexicon = lexicon;
    p->arena = arena_new();
    add_texts(p, &p->stopwords, &lexicon->stopwords);
    for (size_t i = 0; i < lexicon->phrases.count; i++)
        dictionary_add(&p->phrases, LIST_ITEM(struct lexicon_phrases, lexicon->phrases, i)->name,
                       (int)i);
    if (!lexicon->prepared && pack_fill(p, diags)) {
        pack_free(p);
        return ST_INVALID;
    }
    *ret = p;
    return ST_OK;
}
