/* What frames stand on: slots, times, names and known values in a sentence, and the masked copy. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/read/reading.h"

enum { VALUE_MIN_BYTES = 3 };

static const char *tidied(struct arena *a, const char *text)
{
    struct tidy t;

    tidy_init(&t);
    tidy_copy(&t, text_trim(slice_str(text)));

    const char *copy = arena_strndup(a, t.text.ptr, t.text.len);

    tidy_release(&t);
    return copy;
}

static const char *blanks_for_underscores(struct arena *a, const char *name)
{
    char *s = arena_strdup(a, name);

    for (char *p = s; *p; p++)
        if (*p == '_' || *p == '-')
            *p = ' ';
    return s;
}

static int slot_by_name(const struct pack *p, const char *name)
{
    for (size_t i = 0; i < p->lexicon->slots.count; i++)
        if (!strcmp(pack_slot(p, (int)i)->name, name))
            return (int)i;
    return -1;
}

static void add_fact(struct reading *r, const char *slot, const char *value)
{
    const char *phrase = pack_phrase(r->a, blanks_for_underscores(r->a, slot));
    int pack_slot = slot_by_name(r->pack, slot);

    if (pack_slot < 0 && phrase)
        pack_slot = dictionary_find(&r->pack->slots, slice_str(phrase));
    if (phrase)
        dictionary_add(&r->known, phrase, (int)r->fact_count);
    r->facts[r->fact_count++] = (struct fact){ slot, pack_slot, tidied(r->a, value) };
}

void reading_facts(struct reading *r)
{
    const struct transcript *t = r->t;

    r->facts = arena_alloc(r->a, (t->know_count + 1) * sizeof *r->facts);
    for (size_t i = 0; i < t->know_count; i++)
        add_fact(r, t->knows[i].name, t->knows[i].text ? t->knows[i].text : "");
    if (t->customer_email && *t->customer_email)
        add_fact(r, "email", t->customer_email);
    if (!t->customer_name || !*t->customer_name)
        return;
    r->names[0] = tidied(r->a, t->customer_name);

    size_t first = strcspn(r->names[0], " ");

    if (!r->names[0][first])
        return;
    if (first > 1)
        r->names[1] = arena_strndup(r->a, r->names[0], first);
    r->names[2] = strrchr(r->names[0], ' ') + 1;
}

const char *reading_slot_name(const struct reading *r, int slot)
{
    const char *name = pack_slot(r->pack, slot)->name, *alias = NULL;

    for (size_t i = 0; i < r->fact_count; i++) {
        if (!strcmp(r->facts[i].slot, name))
            return r->facts[i].slot;
        if (r->facts[i].pack_slot == slot && !alias)
            alias = r->facts[i].slot;
    }
    return alias ? alias : name;
}

static const char *match_slot(const struct reading *r, const struct words *w, size_t i,
                              size_t *count)
{
    int from = 0, found = dictionary_match(&r->pack->slots, &r->known, w, i, count, &from);

    if (found < 0)
        return NULL;
    return from == 2 ? r->facts[found].slot : reading_slot_name(r, found);
}

const char *reading_label_slot(const struct reading *r, const char *label)
{
    struct words w;
    const char *slot = NULL;

    words_init(&w);
    words_split(&w, slice_str(blanks_for_underscores(r->a, label)));
    for (size_t i = 0; i < w.count && !slot; i++) {
        size_t count;

        slot = match_slot(r, &w, i, &count);
    }
    words_release(&w);
    return slot;
}

const char *reading_label_topic(const struct reading *r, const char *label)
{
    struct reading of = *r;

    words_init(&of.words);
    words_split(&of.words, slice_str(blanks_for_underscores(r->a, label)));
    of.first_word = 0;
    of.end_word = of.words.count;
    of.sentence = (struct sentence){ .end = strlen(label) };

    const char *topic = reading_content(&of);

    words_release(&of.words);
    return topic;
}

static void add(struct reading *r, struct mention m)
{
    size_t at = r->mention_count;

    if (at == MENTIONS_MAX)
        return;
    for (size_t i = 0; i < r->mention_count; i++)
        if (m.start < r->mentions[i].end && r->mentions[i].start < m.end)
            return;
    for (; at > 0 && r->mentions[at - 1].start > m.start; at--)
        r->mentions[at] = r->mentions[at - 1];
    r->mentions[at] = m;
    r->mention_count++;
}

/* Whether a letter stands at byte i, or ends there; no comma of any script is one. */
static bool letter_at(struct slice text, size_t i)
{
    int32_t c;

    return i < text.len && text_decode(text.ptr + i, text.len - i, &c) && words_letter(c);
}

static bool letter_before(struct slice text, size_t i)
{
    if (!i)
        return false;
    do
        i--;
    while (i && ((unsigned char)text.ptr[i] & 0xC0) == 0x80);
    return letter_at(text, i);
}

static bool same_bytes(const char *a, const char *b, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char x = (unsigned char)a[i], y = (unsigned char)b[i];

        if (x != y && ((x | 32) != (y | 32) || (x | 32) < 'a' || (x | 32) > 'z'))
            return false;
    }
    return true;
}

/* Every place where a text stands as words of its own; ASCII case is ignored. */
static void find_text(struct reading *r, const char *text, enum mask mask, const char *slot)
{
    struct slice all = buf_slice(&r->tidy.text);
    size_t len = strlen(text);

    for (size_t i = r->sentence.start; len && i + len <= r->sentence.end; i++) {
        if (!same_bytes(all.ptr + i, text, len) || letter_before(all, i) ||
            letter_at(all, i + len))
            continue;
        add(r, (struct mention){ .start = i, .end = i + len, .mask = mask, .slot = slot });
        i += len - 1;
    }
}

static void find_times(struct reading *r)
{
    struct slice text = { r->tidy.text.ptr + r->sentence.start,
                          r->sentence.end - r->sentence.start };
    struct time_span span;

    for (size_t from = 0; pack_find_time(r->pack, r->worth, text, from, &span); from = span.end)
        add(r, (struct mention){ .start = r->sentence.start + span.start,
                                 .end = r->sentence.start + span.end, .mask = MASK_TIME,
                                 .us = span.us, .when = span.when });
}

static void find_slots(struct reading *r)
{
    for (size_t i = r->first_word; i < r->end_word;) {
        size_t count = 1;
        const char *slot = match_slot(r, &r->words, i, &count);

        if (slot && i + count <= r->end_word)
            add(r, (struct mention){ .start = r->words.items[i].start,
                                     .end = r->words.items[i + count - 1].end,
                                     .mask = MASK_SLOT, .slot = slot });
        i += slot ? count : 1;
    }
}

void reading_mask(struct reading *r)
{
    size_t at = r->sentence.start;

    buf_clear(&r->folded);
    needles_fold(&r->folded, (struct slice){ r->tidy.text.ptr + at, r->sentence.end - at });
    pack_worth(r->pack, buf_slice(&r->folded), r->worth);
    r->mention_count = 0;
    for (size_t i = 0; i < r->fact_count; i++)
        if (strlen(r->facts[i].value) >= VALUE_MIN_BYTES)
            find_text(r, r->facts[i].value, MASK_VALUE, r->facts[i].slot);
    for (size_t i = 0; i < ARRAY_LEN(r->names); i++)
        if (r->names[i])
            find_text(r, r->names[i], MASK_NAME, NULL);
    find_times(r);
    find_slots(r);

    buf_clear(&r->masked);
    for (size_t i = 0; i < r->mention_count; i++) {
        struct mention *m = &r->mentions[i];

        buf_add(&r->masked, r->tidy.text.ptr + at, m->start - at);
        m->masked = r->masked.len;
        text_encode(&r->masked, MASK_FIRST + (int32_t)m->mask);
        at = m->end;
    }
    buf_add(&r->masked, r->tidy.text.ptr + at, r->sentence.end - at);
    if (r->mention_count) {
        buf_clear(&r->folded);
        needles_fold(&r->folded, buf_slice(&r->masked));
        needles_find(&r->pack->masks, buf_slice(&r->folded), r->worth);
    }
}
