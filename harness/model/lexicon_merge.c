/* A company's own words over a language pack. */
#include <string.h>

#include "harness/model/lexicon.h"

/* Both lists' items, `first` before `second`. */
static void *joined(struct arena *a, const void *first, size_t first_count, const void *second,
                    size_t second_count, size_t size)
{
    char *items = arena_alloc(a, (first_count + second_count + 1) * size);

    if (first_count)
        memcpy(items, first, first_count * size);
    if (second_count)
        memcpy(items + first_count * size, second, second_count * size);
    return items;
}

static void add_texts(struct texts *to, const struct texts *more, struct arena *a)
{
    if (!more->count)
        return;
    to->items = joined(a, to->items, to->count, more->items, more->count, sizeof *to->items);
    to->spans = NULL;
    to->count += more->count;
}

static void add_patterns(struct patterns *to, const struct patterns *more, struct arena *a)
{
    to->items = joined(a, to->items, to->count, more->items, more->count, sizeof *to->items);
    to->count += more->count;
}

static void add_list(struct list *to, const struct list *more, size_t size, struct arena *a)
{
    to->items = joined(a, to->items, to->count, more->items, more->count, size);
    to->count += more->count;
}

static void add_pairs(struct pairs *to, const struct pairs *more, struct arena *a)
{
    to->items = joined(a, to->items, to->count, more->items, more->count, sizeof *to->items);
    to->count += more->count;
}

static const struct lexicon_slot *slot_named(const struct list *slots, const char *name)
{
    for (size_t i = 0; i < slots->count; i++)
        if (!strcmp(LIST_ITEM(struct lexicon_slot, *slots, i)->name, name))
            return LIST_ITEM(struct lexicon_slot, *slots, i);
    return NULL;
}

static struct lexicon_slot merged_slot(const struct lexicon_slot *base,
                                       const struct lexicon_slot *own, struct arena *a)
{
    struct lexicon_slot s = *own;

    if (!base)
        return s;
    add_texts(&s.words, &base->words, a);
    add_texts(&s.answered_by, &base->answered_by, a);
    add_patterns(&s.asks, &base->asks, a);
    add_patterns(&s.tells, &base->tells, a);
    if (!s.value.text)
        s.value = base->value;
    if (!s.unless.text)
        s.unless = base->unless;
    s.is_a = s.is_a ? s.is_a : base->is_a;
    s.follows = s.follows ? s.follows : base->follows;
    s.fixed |= base->fixed;
    s.usual |= base->usual;
    s.open |= base->open;
    s.complete |= base->complete;
    return s;
}

/* The company's slots first: of two slots with one name for both, its own wins. */
static void merge_slots(struct list *slots, const struct list *own, struct arena *a)
{
    struct lexicon_slot *items = arena_alloc(a, (slots->count + own->count + 1) * sizeof *items);
    size_t count = 0;

    for (size_t i = 0; i < own->count; i++) {
        const struct lexicon_slot *s = LIST_ITEM(struct lexicon_slot, *own, i);

        items[count++] = merged_slot(slot_named(slots, s->name), s, a);
    }
    for (size_t i = 0; i < slots->count; i++) {
        const struct lexicon_slot *s = LIST_ITEM(struct lexicon_slot, *slots, i);

        if (!slot_named(own, s->name))
            items[count++] = *s;
    }
    *slots = (struct list){ items, count };
}

static void merge_marks(struct list *marks, const struct list *own, struct arena *a)
{
    size_t first = marks->count;

    add_list(marks, own, sizeof(struct lexicon_rules), a);
    for (size_t i = first; i < marks->count; i++)
        LIST_ITEM(struct lexicon_rules, *marks, i)->origin = "own";
}

static void merge_phrases(struct list *phrases, const struct list *own, struct arena *a)
{
    size_t kept = 0;
    struct lexicon_phrases *items = arena_alloc(a, (phrases->count + own->count + 1) *
                                                sizeof *items);

    for (size_t i = 0; i < own->count; i++)
        items[kept++] = *LIST_ITEM(struct lexicon_phrases, *own, i);
    for (size_t i = 0; i < phrases->count; i++) {
        const struct lexicon_phrases *p = LIST_ITEM(struct lexicon_phrases, *phrases, i);
        bool replaced = false;

        for (size_t k = 0; !replaced && k < own->count; k++)
            replaced = !strcmp(LIST_ITEM(struct lexicon_phrases, *own, k)->name, p->name);
        if (!replaced)
            items[kept++] = *p;
    }
    *phrases = (struct list){ items, kept };
}

static void merge_forms(struct lexicon_forms *to, const struct lexicon_forms *own, struct arena *a)
{
    add_patterns(&to->refusals, &own->refusals, a);
    add_patterns(&to->complaints, &own->complaints, a);
    add_patterns(&to->conditions, &own->conditions, a);
    add_patterns(&to->thanks, &own->thanks, a);
    add_patterns(&to->riddles, &own->riddles, a);
    add_patterns(&to->pictures, &own->pictures, a);
    add_patterns(&to->asides, &own->asides, a);
    add_texts(&to->remarks, &own->remarks, a);
    add_texts(&to->yes, &own->yes, a);
    add_texts(&to->no, &own->no, a);
}

void lexicon_merge(struct lexicon *pack, const struct lexicon *own, struct arena *a)
{
    pack->prepared = false;
    pack->needs = (struct slice){ NULL, 0 };
    merge_slots(&pack->slots, &own->slots, a);
    merge_marks(&pack->marks, &own->marks, a);
    merge_phrases(&pack->phrases, &own->phrases, a);
    add_list(&pack->units, &own->units, sizeof(struct lexicon_unit), a);
    add_list(&pack->times, &own->times, sizeof(struct lexicon_rule), a);
    add_texts(&pack->abbreviations, &own->abbreviations, a);
    add_texts(&pack->stopwords, &own->stopwords, a);
    add_texts(&pack->names, &own->names, a);
    add_texts(&pack->chatter, &own->chatter, a);
    add_texts(&pack->light, &own->light, a);
    add_list(&pack->subjects, &own->subjects, sizeof(struct lexicon_subject), a);
    add_texts(&pack->endings, &own->endings, a);
    add_patterns(&pack->quotes, &own->quotes, a);
    add_list(&pack->mails, &own->mails, sizeof(struct lexicon_mail), a);
    merge_forms(&pack->forms, &own->forms, a);
    add_pairs(&pack->numbers, &own->numbers, a);
    add_pairs(&pack->weekdays, &own->weekdays, a);
    add_pairs(&pack->months, &own->months, a);
}
