/* The pack's rules on one sentence. */
#include <stdlib.h>
#include <string.h>

#include "harness/read/reading.h"

enum { MASK_BYTES = 3, CONTENT_MAX_BYTES = 512 };    /* a private-use character in UTF-8 */

/* Confidence of a question about something no pack has a name for. */
static const double UNKNOWN_ASK = .7;

/* What one rule found in the sentence; offsets into the tidied text. */
struct hit {
    const struct rule *rule;
    size_t start, end;
    size_t slots_start, slots_end;        /* where its {slots} stand; equal = nowhere */
    size_t value_start, value_end;        /* likewise */
    size_t topic_start, topic_end;        /* likewise: its group "topic" */
};

static size_t to_tidy(const struct reading *r, const struct rule *rule, size_t at)
{
    size_t tidy = r->sentence.start + at;

    if (!rule->frame)
        return tidy;
    for (size_t i = 0; i < r->mention_count; i++) {
        const struct mention *m = &r->mentions[i];

        if (m->masked >= at)
            break;
        tidy += m->end - m->start;
        tidy -= MASK_BYTES;
    }
    return tidy;
}

static void map_group(const struct reading *r, const struct rule *rule,
                      const struct regex_match *m, int group, size_t *start, size_t *end)
{
    if (group < 0 || m->start[group] == SIZE_MAX)
        return;
    *start = to_tidy(r, rule, m->start[group]);
    *end = to_tidy(r, rule, m->end[group]);
}

/* The first rule of a kind at or after i that is worth trying; p->first[kind + 1] when none is. */
static size_t next_rule(const struct reading *r, enum mark_kind kind, size_t i)
{
    size_t end = r->pack->first[kind + 1];

    while (i < end) {
        uint64_t left = r->worth[i / 64] >> i % 64;

        if (left) {
            i += (size_t)__builtin_ctzll(left);
            return i < end ? i : end;
        }
        i = (i / 64 + 1) * 64;
    }
    return end;
}

static int slots_group(const struct rule *rule)
{
    int g = rule->slots ? regex_group(rule->match, "slots") : -1;

    return g < REGEX_GROUPS ? g : -1;
}

/* The group named "value", else the first that is not the slots'. */
static int value_group(const struct rule *rule, int slots)
{
    int named = regex_group(rule->match, "value");

    if (named > 0)
        return named < REGEX_GROUPS ? named : -1;
    for (int g = 1; g <= (int)regex_groups(rule->match) && g < REGEX_GROUPS; g++)
        if (g != slots)
            return g;
    return -1;
}

/* What a question that no slot is known for is about, or what the customer tells. */
static int topic_group(const struct rule *rule)
{
    int g = rule->kind == MARK_ASKS || rule->kind == MARK_TELLS
                ? regex_group(rule->match, "topic") : -1;

    return g > 0 && g < REGEX_GROUPS ? g : -1;
}

static bool try_rule(const struct reading *r, const struct rule *rule, struct hit *hit)
{
    struct slice plain = { r->tidy.text.ptr + r->sentence.start,
                           r->sentence.end - r->sentence.start };
    struct slice text = rule->frame ? buf_slice(&r->masked) : plain;
    struct regex_match m;

    if (regex_search_valid(rule->match, text, 0, &m))
        return false;
    if ((rule->unless && regex_search_valid(rule->unless, plain, 0, NULL) == ST_OK) ||
        (rule->section_unless &&
         regex_search_valid(rule->section_unless, plain, 0, NULL) == ST_OK))
        return false;

    *hit = (struct hit){ .rule = rule };
    map_group(r, rule, &m, 0, &hit->start, &hit->end);

    int slots = slots_group(rule);

    map_group(r, rule, &m, slots, &hit->slots_start, &hit->slots_end);
    map_group(r, rule, &m, value_group(rule, slots), &hit->value_start, &hit->value_end);
    map_group(r, rule, &m, topic_group(rule), &hit->topic_start, &hit->topic_end);
    return true;
}

struct mark *reading_add(struct reading *r, enum mark_kind kind, size_t start, size_t end,
                         double confidence, const char *rule)
{
    if (r->out->count - r->out_first >= MARKS_PER_MESSAGE)
        return NULL;
    ARENA_GROW(r->a, r->out->items, r->out->cap, r->out->count + 1);

    struct mark *m = &r->out->items[r->out->count++];

    *m = (struct mark){
        .kind = kind, .seq = r->e->seq, .start = r->tidy.origin[start],
        .end = end > start ? r->tidy.origin[end] : r->tidy.origin[start],
        .within_us = DURATION_UNKNOWN, .confidence = confidence, .rule = rule,
    };
    return m;
}

static const char *value_text(const struct reading *r, const struct hit *h)
{
    const char *s = r->tidy.text.ptr;
    size_t start = h->value_start, end = h->value_end;

    while (start < end && s[start] == ' ')
        start++;
    while (end > start && strchr(" .,;:!?", s[end - 1]))
        end--;
    return end > start ? arena_strndup(r->a, s + start, end - start) : NULL;
}

/* Of the sentence's words those between two bytes of the tidied text. */
static const char *content(const struct reading *r, size_t start, size_t end, bool light)
{
    struct buf out = BUF_INIT(CONTENT_MAX_BYTES);

    for (size_t i = r->first_word; i < r->end_word && !out.full; i++) {
        struct slice word = words_folded(&r->words, i);

        if (r->words.items[i].start < start || r->words.items[i].end > end ||
            dictionary_find(&r->pack->stopwords, word) >= 0 ||
            (!light && dictionary_find(&r->pack->light, word) >= 0))
            continue;
        if (out.len)
            buf_addc(&out, ' ');
        buf_add(&out, word.ptr, word.len);
    }

    const char *copy = out.len ? arena_strndup(r->a, out.ptr, out.len) : NULL;

    buf_release(&out);
    return copy;
}

const char *reading_content(const struct reading *r)
{
    const size_t start = r->sentence.start, end = r->sentence.end;
    const char *heavy = content(r, start, end, false);

    return heavy ? heavy : content(r, start, end, true);
}

/* One mark per slot and sentence. */
static bool has_slot(const struct reading *r, size_t first, enum mark_kind kind, const char *slot)
{
    for (size_t i = first; i < r->out->count; i++)
        if (r->out->items[i].kind == kind && r->out->items[i].slot &&
            !strcmp(r->out->items[i].slot, slot))
            return true;
    return false;
}

/* "What is the name of your plan?" names the name and asks for something else. */
static bool names_it_only(const struct reading *r, const struct hit *h, const char *slot)
{
    const struct lexicon_slot *s = h->rule->kind == MARK_ASKS ? pack_slot_named(r->pack, slot) : NULL;
    struct slice sentence = { r->tidy.text.ptr + r->sentence.start,
                              r->sentence.end - r->sentence.start };

    return s && s->unless.regex && regex_search_valid(s->unless.regex, sentence, 0, NULL) == ST_OK;
}

/* False: it is not what is asked for. */
static bool add_slot(struct reading *r, const struct hit *h, size_t first, const char *slot,
                     size_t start, size_t end)
{
    if (has_slot(r, first, h->rule->kind, slot))
        return true;
    if (names_it_only(r, h, slot))
        return false;

    struct mark *m = reading_add(r, h->rule->kind, start, end, h->rule->confidence,
                                 h->rule->label);

    if (!m)
        return true;
    m->slot = slot;
    m->value = h->rule->kind == MARK_TELLS ? value_text(r, h) : reading_content(r);
    reading_subjects(r, m, 0, 0);
    return true;
}

/* Slots of a rule: its own, or those that stand where its frame has them. */
static bool add_slots(struct reading *r, const struct hit *h, size_t first)
{
    bool any = false;

    if (h->rule->slot >= 0)
        return add_slot(r, h, first, reading_slot_name(r, h->rule->slot), h->start, h->end);
    for (size_t i = 0; i < r->mention_count; i++) {
        const struct mention *m = &r->mentions[i];

        if (m->mask != MASK_SLOT || m->start < h->slots_start || m->end > h->slots_end)
            continue;
        any |= add_slot(r, h, first, m->slot, m->start, m->end);
    }
    return any;
}

static bool is_general(const struct reading *r, size_t first, const char *slot)
{
    for (size_t i = first; i < r->out->count; i++) {
        const struct lexicon_slot *s = pack_slot_named(r->pack, r->out->items[i].slot);

        if (s && s->is_a && !strcmp(s->is_a, slot))
            return true;
    }
    return false;
}

/* "When do you leave?" is about the departure date, and no longer about just any date. */
static void drop_general(struct reading *r, size_t first)
{
    size_t kept = first;

    for (size_t i = first; i < r->out->count; i++)
        if (!is_general(r, first, r->out->items[i].slot))
            r->out->items[kept++] = r->out->items[i];
    r->out->count = kept;
}

static void run_slots(struct reading *r, enum mark_kind kind, struct hit *generic)
{
    const struct pack *p = r->pack;
    size_t first = r->out->count;

    for (size_t i = p->first[kind]; (i = next_rule(r, kind, i)) < p->first[kind + 1]; i++) {
        struct hit h;

        if (try_rule(r, &p->rules[i], &h) && !add_slots(r, &h, first) &&
            (!generic->rule || (generic->topic_start == generic->topic_end && h.topic_end)))
            *generic = h;
    }
    drop_general(r, first);
}

static const struct mention *mention_in(const struct reading *r, const struct hit *h,
                                        enum mask mask)
{
    for (size_t i = 0; i < r->mention_count; i++)
        if (r->mentions[i].mask == mask && r->mentions[i].start >= h->start &&
            r->mentions[i].end <= h->end)
            return &r->mentions[i];
    return NULL;
}

/* The first in the whole sentence. */
static const struct mention *mention_of(const struct reading *r, enum mask mask)
{
    for (size_t i = 0; i < r->mention_count; i++)
        if (r->mentions[i].mask == mask)
            return &r->mentions[i];
    return NULL;
}

static void add_simple(struct reading *r, const struct hit *h)
{
    const struct rule *rule = h->rule;
    struct mark *m = reading_add(r, rule->kind, h->start, h->end, rule->confidence, rule->label);
    const struct mention *seen;

    if (!m)
        return;
    m->boilerplate = rule->boilerplate;
    m->value = rule->value ? rule->value : value_text(r, h);
    switch (rule->kind) {
    case MARK_REQUESTS:
        m->about = reading_person(r);
        break;
    case MARK_PUSHES:
        m->slot = rule->value;
        break;
    case MARK_PROMISES:
        seen = mention_in(r, h, MASK_TIME);
        m->within_us = rule->within_us ? rule->within_us : seen ? seen->us : DURATION_UNKNOWN;
        if (seen && !rule->within_us)
            m->when = seen->when;
        break;
    case MARK_CONFIRMS:
        seen = mention_of(r, MASK_SLOT) ? mention_of(r, MASK_SLOT) : mention_of(r, MASK_VALUE);
        m->slot = seen ? seen->slot : NULL;
        break;
    default:
        break;
    }
}

/* The surest rule of a kind; of equal ones the first. */
static bool run_kind(struct reading *r, enum mark_kind kind)
{
    const struct pack *p = r->pack;
    struct hit best = { 0 };

    for (size_t i = p->first[kind]; (i = next_rule(r, kind, i)) < p->first[kind + 1]; i++) {
        struct hit h;

        if ((!best.rule || p->rules[i].confidence > best.rule->confidence) &&
            try_rule(r, &p->rules[i], &h))
            best = h;
    }
    if (best.rule)
        add_simple(r, &best);
    return best.rule;
}

static bool greeted(const struct reading *r)
{
    for (size_t i = r->out_first; i < r->out->count; i++)
        if (r->out->items[i].kind == MARK_GREETS || r->out->items[i].kind == MARK_MISNAMES)
            return true;
    return false;
}

static bool begins_line(const struct reading *r)
{
    return !r->sentence.start || r->tidy.text.ptr[r->sentence.start - 1] == '\n';
}

/* Whom the first greeting names, or what nobody filled in there. */
static void run_misnames(struct reading *r)
{
    enum { GREETING_MAX_BYTES = 600 };    /* further down others are greeted, in what is told */
    const struct pack *p = r->pack;
    size_t i = p->first[MARK_MISNAMES];

    if (r->sentence.start > GREETING_MAX_BYTES || !begins_line(r) || greeted(r))
        return;
    for (; (i = next_rule(r, MARK_MISNAMES, i)) < p->first[MARK_MISNAMES + 1]; i++) {
        const struct rule *rule = &p->rules[i];
        double sure = 1;
        struct hit h;

        if (!try_rule(r, rule, &h) ||
            (!rule->boilerplate &&
             !reading_other_name(r, h.value_start, h.value_end,
                                 regex_group(rule->match, "title") > 0, &sure)))
            continue;
        add_simple(r, &h);

        struct mark *m = &r->out->items[r->out->count - 1];

        if (m->kind == MARK_MISNAMES)
            m->confidence *= sure;
        return;
    }
}

static void read_company(struct reading *r)
{
    bool confirms = run_kind(r, MARK_CONFIRMS), anything_else = run_kind(r, MARK_ANYTHING_ELSE);
    struct hit generic = { 0 };
    size_t before = r->out->count;

    if (!confirms && !anything_else)
        run_slots(r, MARK_ASKS, &generic);
    if (generic.rule && r->out->count == before) {
        const char *words = reading_content(r);
        struct mark *m = words ? reading_add(r, MARK_ASKS, generic.start, generic.end,
                                               UNKNOWN_ASK, generic.rule->label) : NULL;

        if (m) {
            m->value = words;
            if (generic.topic_end > generic.topic_start)
                m->topic = content(r, generic.topic_start, generic.topic_end, false);
            reading_subjects(r, m, generic.topic_start, generic.topic_end);
        }
    }
    for (int k = 0; k < MARK_COUNT; k++)
        if (!mark_is_customers((enum mark_kind)k) && k != MARK_ASKS && k != MARK_CONFIRMS &&
            k != MARK_ANYTHING_ELSE && k != MARK_LANGUAGE && k != MARK_MISNAMES)
            run_kind(r, (enum mark_kind)k);
    run_misnames(r);
}

/* A value this customer knows was told where it stands, whatever the words around it. */
static void tell_values(struct reading *r)
{
    static const double SURE = .95;

    for (size_t i = 0; i < r->mention_count; i++) {
        const struct mention *m = &r->mentions[i];

        if (m->mask != MASK_VALUE && m->mask != MASK_NAME)
            continue;

        struct mark *mark = reading_add(r, MARK_TELLS, m->start, m->end, SURE, "known value");

        if (mark) {
            mark->slot = m->mask == MASK_NAME ? "name" : m->slot;
            mark->value = arena_strndup(r->a, r->tidy.text.ptr + m->start, m->end - m->start);
        }
    }
}

/* "My meter reading is 48213": told, by whatever name. */
static void tell_topic(struct reading *r, const struct hit *h)
{
    const char *topic = h->topic_end > h->topic_start
                            ? content(r, h->topic_start, h->topic_end, false) : NULL;
    struct mark *m = topic ? reading_add(r, MARK_TELLS, h->start, h->end, h->rule->confidence,
                                         h->rule->label) : NULL;

    if (!m)
        return;
    m->topic = topic;
    m->value = value_text(r, h);
    reading_subjects(r, m, h->topic_start, h->topic_end);
}

static void read_customer(struct reading *r)
{
    struct hit generic = { 0 };
    size_t before = r->out->count;

    tell_values(r);
    run_slots(r, MARK_TELLS, &generic);
    if (generic.rule && r->out->count == before)
        tell_topic(r, &generic);
    generic = (struct hit){ 0 };
    run_slots(r, MARK_CHANGES, &generic);
    if (generic.rule)
        add_simple(r, &generic);
    for (int k = 0; k < MARK_COUNT; k++)
        if (mark_is_customers((enum mark_kind)k) && k != MARK_TELLS && k != MARK_CHANGES)
            run_kind(r, (enum mark_kind)k);
}

void reading_read_back(struct reading *r)
{
    struct hit generic = { 0 };
    size_t first = r->out->count, kept = first;

    tell_values(r);
    run_slots(r, MARK_TELLS, &generic);
    for (size_t i = first; i < r->out->count; i++) {
        struct mark m = r->out->items[i];

        m.kind = MARK_READS_BACK;
        if (!m.slot || has_slot(r, r->out_first, MARK_READS_BACK, m.slot))
            continue;
        r->out->items[kept++] = m;
    }
    r->out->count = kept;
}

void reading_sentence(struct reading *r)
{
    if (r->e->from == PARTY_CUSTOMER)
        read_customer(r);
    else
        read_company(r);
}
