#include "harness/read/read.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/read/reading.h"

/* Below this the scenario's language is believed rather than the message's words. */
static const double LANGUAGE_SURE = .5;
static const double FIELD_SURE = .95;

struct reader *reader_new(void)
{
    struct reader *r = mem_zero(1, sizeof *r);

    r->arena = arena_new();
    r->say = "en";
    return r;
}

void reader_free(struct reader *r)
{
    if (!r)
        return;
    for (size_t i = 0; i < r->count; i++)
        pack_free(r->packs[i]);
    free(r->packs);
    free(r->lexicons);
    dictionary_release(&r->languages);
    arena_free(r->arena);
    free(r);
}

/* The word's bit set with one bit more; entries cannot change, so the set is rebuilt. */
static void rebuild_languages(struct reader *r)
{
    dictionary_release(&r->languages);
    for (size_t k = 0; k < r->count; k++) {
        const struct dictionary *d = &r->packs[k]->stopwords;

        for (size_t i = 0; i < d->size; i++) {
            int set = 0;

            for (size_t other = 0; d->entries[i].key && other < r->count; other++)
                if (dictionary_find(&r->packs[other]->stopwords,
                                    slice_str(d->entries[i].key)) >= 0)
                    set |= 1 << other;
            if (set)
                dictionary_add(&r->languages, d->entries[i].key, set);
        }
    }
}

enum status reader_add(struct reader *r, const struct lexicon *lexicon, struct diags *diags)
{
    struct pack *p;

    if (r->count == READER_MAX_PACKS) {
        diag_error(diags, "%s: more than %d language packs", lexicon->language, READER_MAX_PACKS);
        return ST_INVALID;
    }
    if (pack_compile(lexicon, diags, &p))
        return ST_INVALID;
    MEM_GROW(r->packs, r->cap, r->count + 1);
    MEM_GROW(r->lexicons, r->lexicon_cap, r->count + 1);
    r->lexicons[r->count] = lexicon;
    r->packs[r->count++] = p;
    rebuild_languages(r);
    return ST_OK;
}

struct lexicons reader_lexicons(const struct reader *r)
{
    return (struct lexicons){ r->lexicons, r->count };
}

/* The pack of a BCP 47 tag, by its primary part; NULL when there is none. */
static const struct pack *pack_of(const struct reader *r, const char *language)
{
    size_t len = language ? strcspn(language, "-_") : 0;

    for (size_t i = 0; len && i < r->count; i++) {
        const char *have = r->packs[i]->lexicon->language;

        if (!strncmp(have, language, len) && have[len] == 0)
            return r->packs[i];
    }
    return NULL;
}

const struct pack *reading_usual_pack(const struct reader *r, const char *language)
{
    const struct pack *p = pack_of(r, language);

    if (!p)
        p = pack_of(r, "en");
    return p ? p : r->count ? r->packs[0] : NULL;
}

static void choose_pack(struct reading *r)
{
    double sure = 0;
    int found = reading_language(r, &sure);

    r->pack = found < 0 || sure < LANGUAGE_SURE ? reading_usual_pack(r->reader, r->t->language)
                                                : r->reader->packs[found];
    pack_ready(r->pack);
    if (found < 0 || sure < LANGUAGE_SURE || r->e->from != PARTY_COMPANY)
        return;

    struct mark *m = reading_add(r, MARK_LANGUAGE, 0, r->tidy.text.len, sure, "frequent words");

    if (m)
        m->value = r->pack->lexicon->language;
}

/* Fields of a form: the label says which slot, and the value stands beside it. */
static void read_fields(struct reading *r)
{
    for (size_t i = 0; i < r->e->field_count; i++) {
        const struct named_text *f = &r->e->fields[i];

        if (!f->name || !f->text || !*f->text)
            continue;

        const char *slot = reading_label_slot(r, f->name);
        const char *topic = slot ? NULL : reading_label_topic(r, f->name);
        struct mark *m = slot || topic
            ? reading_add(r, MARK_TELLS, 0, 0, FIELD_SURE, "form field") : NULL;

        if (m) {
            m->slot = slot;
            m->topic = topic;
            m->value = arena_strdup(r->a, f->text);
        }
    }
}

/* An address that says nobody reads it, in any of the languages: it is seldom the message's. */
static void read_address(struct reading *r)
{
    const char *address = r->e->reply_address ? r->e->reply_address : r->e->sender;

    for (size_t k = 0; address && k < r->reader->count; k++) {
        const struct pack *p = r->reader->packs[k];

        pack_ready(p);
        for (size_t i = p->first[MARK_NO_REPLY]; i < p->first[MARK_NO_REPLY + 1]; i++) {
            const struct rule *rule = &p->rules[i];

            if (rule->frame || regex_search(rule->match, slice_str(address), 0, NULL))
                continue;
            reading_add(r, MARK_NO_REPLY, 0, 0, rule->confidence, rule->label);
            return;
        }
    }
}

static bool confirms(const struct reading *r)
{
    for (size_t i = r->out_first; i < r->out->count; i++)
        if (r->out->items[i].kind == MARK_CONFIRMS)
            return true;
    return false;
}

/* Each sentence in turn, with its words and mentions. */
static void read_sentences(struct reading *r, void (*read)(struct reading *))
{
    size_t word = 0;

    for (size_t i = 0; i < r->tidy.count; i++) {
        r->sentence = r->tidy.sentences[i];
        while (word < r->words.count && r->words.items[word].start < r->sentence.start)
            word++;
        r->first_word = word;
        while (word < r->words.count && r->words.items[word].end <= r->sentence.end)
            word++;
        r->end_word = word;
        reading_mask(r);
        read(r);
    }
}

static int by_start(const void *a, const void *b)
{
    const struct mark *x = a, *y = b;

    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return (int)x->kind - (int)y->kind;
}

static bool is_read(const struct event *e)
{
    if (e->from == PARTY_COMPANY)
        return e->kind == EVENT_MESSAGE || e->kind == EVENT_PAGE;
    return e->from == PARTY_CUSTOMER && e->kind == EVENT_SENT;
}

void reader_read(const struct reader *reader, const struct transcript *t, int seq,
                 struct arena *a, struct marks *out)
{
    const struct event *e = &t->events[seq];

    if (!is_read(e) || !reader->count)
        return;

    struct reading r = { .reader = reader, .t = t, .e = e, .a = a, .out = out,
                         .out_first = out->count, .masked = BUF_INIT(SENTENCE_MAX_BYTES * 2),
                         .folded = BUF_INIT(SENTENCE_MAX_BYTES * 2) };

    tidy_init(&r.tidy);
    words_init(&r.words);
    tidy_copy(&r.tidy, slice_str(e->text));
    words_split(&r.words, buf_slice(&r.tidy.text));
    choose_pack(&r);
    reading_facts(&r);
    tidy_sentences(&r.tidy, r.pack);
    read_sentences(&r, reading_sentence);
    if (e->from == PARTY_COMPANY && confirms(&r))
        read_sentences(&r, reading_read_back);
    if (e->from == PARTY_CUSTOMER)
        read_fields(&r);
    else
        read_address(&r);
    if (out->count > r.out_first)
        qsort(out->items + r.out_first, out->count - r.out_first, sizeof *out->items, by_start);

    dictionary_release(&r.known);
    buf_release(&r.masked);
    buf_release(&r.folded);
    words_release(&r.words);
    tidy_release(&r.tidy);
}

/* Phrases */

void reader_say_in(struct reader *r, const char *language)
{
    r->say = arena_strdup(r->arena, language);
}

const char *reader_says_in(const struct reader *r)
{
    return r->say;
}

bool reader_knows(const struct reader *r, const char *language)
{
    return pack_of(r, language) != NULL;
}

static const struct texts *phrase_texts(const struct pack *p, const char *key)
{
    int i = p ? dictionary_find(&p->phrases, slice_str(key)) : -1;

    return i < 0 ? NULL : &LIST_ITEM(struct lexicon_phrases, p->lexicon->phrases, (size_t)i)->texts;
}

static const char *value_of(const struct named_text *values, size_t count, const char *name,
                            size_t len)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(values[i].name) == len && !strncmp(values[i].name, name, len))
            return values[i].text && *values[i].text ? values[i].text : NULL;
    return NULL;
}

/* The text with its {name} words replaced; NULL when one of them has no value. */
static const char *filled(const char *text, const struct named_text *values, size_t count,
                          struct arena *a)
{
    enum { PHRASE_MAX_BYTES = 64 * 1024 };
    struct buf out = BUF_INIT(PHRASE_MAX_BYTES);
    const char *copy = NULL;

    while (*text) {
        size_t plain = strcspn(text, "{"), len;

        buf_add(&out, text, plain);
        text += plain;
        if (!*text)
            break;
        len = strcspn(++text, "}");

        const char *value = value_of(values, count, text, len);

        if (!value) {
            buf_release(&out);
            return NULL;
        }
        buf_adds(&out, value);
        text += len + (text[len] == '}');
    }
    copy = arena_strndup(a, out.ptr, out.len);
    buf_release(&out);
    return copy;
}

const struct texts *reader_texts(const struct reader *r, const char *language, const char *key)
{
    const struct texts *texts = phrase_texts(pack_of(r, language), key);

    return texts && texts->count ? texts : phrase_texts(pack_of(r, "en"), key);
}

static bool one_of(const struct texts *texts, const char *text)
{
    for (size_t i = 0; i < texts->count; i++)
        if (!strcmp(texts->items[i], text))
            return true;
    return false;
}

const char *reader_phrase_key(const struct reader *r, const char *prefix, const char *text)
{
    for (size_t k = 0; text && k < r->count; k++) {
        const struct list *phrases = &r->packs[k]->lexicon->phrases;

        for (size_t i = 0; i < phrases->count; i++) {
            const struct lexicon_phrases *p = LIST_ITEM(struct lexicon_phrases, *phrases, i);

            if (!strncmp(p->name, prefix, strlen(prefix)) && one_of(&p->texts, text))
                return p->name;
        }
    }
    return NULL;
}

const char *reader_phrase(const struct reader *r, const char *language, const char *key,
                          uint64_t seed, const struct named_text *values, size_t value_count,
                          struct arena *a)
{
    const struct texts *texts = reader_texts(r, language, key);

    for (size_t i = 0; texts && i < texts->count; i++) {
        const char *text = filled(texts->items[(seed + i) % texts->count], values, value_count, a);

        if (text)
            return text;
    }
    return NULL;
}

const struct lexicon_slot *reader_slot(const struct reader *r, const char *language,
                                       const char *slot)
{
    const struct pack *p = reading_usual_pack(r, language);

    return p ? pack_slot_named(p, slot) : NULL;
}

const char *reader_slot_words(const struct reader *r, const char *language, const char *slot,
                              struct arena *a)
{
    const struct lexicon_slot *s = reader_slot(r, language, slot);

    if (s && s->words.count)
        return variant(a, s->words.items[0], 0);

    char *words = arena_strdup(a, slot);

    for (char *c = words; *c; c++)
        if (*c == '_')
            *c = ' ';
    return words;
}
