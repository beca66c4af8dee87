/* What the customer hears in one turn of the company: the marks of the reader, and what they know under
 * a name that the company uses although no pack has it. */
#include "harness/play/hear.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/play/dates.h"

enum { NAME_MIN_BYTES = 5, ITEM_BYTES = 90, LABEL_BYTES = 6, BETWEEN_BYTES = 14 };

bool hear_is_company(const struct journey *j, const struct event *e)
{
    return e->from == PARTY_COMPANY && e->kind == EVENT_MESSAGE && e->channel &&
           !strcmp(e->channel, j->scenario->channels[journey_step(j)->channel].name);
}

size_t hear_begin(const struct journey *j)
{
    int from = j->talk.turn_seq > j->talk.sent_seq ? j->talk.turn_seq : j->talk.sent_seq + 1;

    return (size_t)(from < 0 ? 0 : from);
}

struct question_words hear_words(struct journey *j)
{
    return (struct question_words){ j->audit->o.reader, journey_value(j, "customer.language") };
}

/* The value of a slot: `name` and `email` are the customer's own, the rest stands in `knows`. */
const char *hear_value(struct journey *j, const char *slot)
{
    const char *value = journey_value(j, arena_printf(j->arena, "customer.knows.%s", slot));

    if (value && *value)
        return value;
    if (!strcmp(slot, "name") || !strcmp(slot, "full_name"))
        return journey_value(j, "customer.name");
    if (!strcmp(slot, "email") || !strcmp(slot, "email_address"))
        return journey_value(j, "customer.email");
    if (!strcmp(slot, "reason") || !strcmp(slot, "problem") || !strcmp(slot, "question"))
        return j->talk.opening;
    return NULL;
}

static bool asked_for(const struct heard *h, const char *slot)
{
    for (size_t i = 0; i < h->ask_count; i++)
        if (slot ? h->asks[i].slot && !strcmp(h->asks[i].slot, slot) : !h->asks[i].slot)
            return true;
    return false;
}

static struct asked *add_ask(struct heard *h, const char *slot, size_t at)
{
    if (h->ask_count == ASKS_MAX || asked_for(h, slot))
        return NULL;
    h->asks[h->ask_count] = (struct asked){ .slot = slot, .at = at };
    return &h->asks[h->ask_count++];
}

/* Names */

/** A key of `knows` as words, and without the spelling of umlauts in plain letters. */
static char *plain_name(const char *name, bool umlauts)
{
    char *words = text_folded(name), *to = words;

    for (const char *from = words; *from; from++) {
        *to++ = *from == '_' ? ' ' : *from;
        if (!umlauts && from[1] == 'e' && strchr("aou", *from))
            from++;
    }
    *to = '\0';
    return words;
}

struct naming {
    size_t at, len;               /* in the folded sentence; len 0: it is not named */
    const char *words;            /* as the pack or the scenario has them */
};

static void take_longest(struct naming *n, const char *folded, const char *name, const char *words)
{
    size_t at = questions_find(folded, name);

    if (at != SIZE_MAX && strlen(name) > n->len)
        *n = (struct naming){ at, strlen(name), words };
}

/** "date of your order" for "order date". */
static void take_turned(struct naming *n, const char *folded, const char *name)
{
    const char *second = strchr(name, ' ');
    char *first;
    size_t at, behind;

    if (n->len || !second || strchr(second + 1, ' '))
        return;
    first = mem_strndup(name, (size_t)(second - name));
    at = questions_find(folded, second + 1);
    behind = at == SIZE_MAX ? SIZE_MAX : questions_find(folded + at, first);
    if (behind != SIZE_MAX && behind <= strlen(second) - 1 + BETWEEN_BYTES)
        *n = (struct naming){ at, strlen(name), name };
    free(first);
}

/** Does the sentence say it by name? The longest name counts. */
static struct naming named(struct journey *j, const char *slot, const char *folded)
{
    const struct question_words w = hear_words(j);
    const struct lexicon_slot *s = reader_slot(w.reader, w.language, slot);
    struct naming n = { 0 };

    for (size_t i = 0; s && i < s->words.count; i++) {
        char *word = text_folded(s->words.items[i]);

        take_longest(&n, folded, word, s->words.items[i]);
        free(word);
    }
    for (int umlauts = 0; umlauts < 2; umlauts++) {
        char *name = plain_name(slot, umlauts);

        take_longest(&n, folded, name, s ? n.words : arena_strdup(j->arena, name));
        take_turned(&n, folded, arena_strdup(j->arena, name));
        free(name);
    }
    return n;
}

/* One sentence */

struct line {
    const char *text, *folded;    /* as it came, and as questions_fold has it */
    size_t len;                   /* of the text */
    size_t first;                 /* the first thing that it asks for */
};

/** About where it stands: folding changes the length of words, and hardly their order. */
static size_t place_of(const struct line *l, const struct naming *n)
{
    return l->len * n->at / (strlen(l->folded) + 1);
}

/** The words for what is asked for, when the sentence has them. */
static void name_asks(struct journey *j, struct heard *h, const struct line *l)
{
    for (size_t i = l->first; i < h->ask_count; i++) {
        struct naming n = { 0 };

        if (h->asks[i].slot && !h->asks[i].words)
            n = named(j, h->asks[i].slot, l->folded);
        if (!n.len)
            continue;
        h->asks[i].words = n.words;
        h->asks[i].at = place_of(l, &n);
    }
}

static bool was_told(const struct journey *j, const char *slot)
{
    for (size_t i = 0; i < j->talk.told_count; i++)
        if (!strcmp(j->talk.told[i].slot, slot))
            return true;
    return false;
}

static bool says_value(const char *folded, const char *value)
{
    char *own = text_folded(value);
    bool found = *own && strstr(folded, own);

    free(own);
    return found;
}

/** Something unknown that is asked for in this sentence; the known fact named there is what is meant. */
static struct asked *unknown_ask(struct journey *j, struct heard *h, size_t first)
{
    for (size_t i = first; i < h->ask_count; i++)
        if (!h->asks[i].slot || !hear_value(j, h->asks[i].slot))
            return &h->asks[i];
    return NULL;
}

/** The same words as the company writes them; else as they are. */
static const char *as_written(struct journey *j, const struct line *l, const char *words)
{
    size_t count = 1;

    for (const char *c = words; *c; c++)
        count += *c == ' ';
    for (const char *at = l->text; *at; at += strcspn(at, " \n"), at += strspn(at, " \n")) {
        const char *end = at;
        char *own, *folded;
        bool same;

        for (size_t i = 0; i < count && *end; i++)
            end += strspn(end, " \n") + strcspn(end + strspn(end, " \n"), " \n");
        while (end > at && strchr(".,;:!?)\"", end[-1]))
            end--;
        own = mem_strndup(at, (size_t)(end - at));
        folded = questions_fold(own);
        same = !strcmp(folded, words);
        free(folded);
        free(own);
        if (same)
            return arena_strndup(j->arena, at, (size_t)(end - at));
    }
    return words;
}

/* A fact that is named in a sentence that asks, and that no reader saw there. */
static void take_fact(struct journey *j, struct heard *h, const char *slot, const struct line *l)
{
    const char *value = hear_value(j, slot);
    struct naming n = named(j, slot, l->folded);
    struct asked *ask;

    if (n.len < NAME_MIN_BYTES || asked_for(h, slot) || was_told(j, slot) || !value ||
        says_value(l->folded, value))
        return;
    ask = unknown_ask(j, h, l->first);
    if (ask)
        ask->slot = slot;
    else
        ask = add_ask(h, slot, 0);
    if (!ask)
        return;
    ask->words = as_written(j, l, n.words);
    ask->at = place_of(l, &n);
}

static int by_place(const void *a, const void *b)
{
    const struct asked *x = a, *y = b;

    return x->at < y->at ? -1 : x->at > y->at;
}

/** What the reader sees asked for in it. False: nothing. */
static bool take_asks(struct heard *h, const struct marks *marks, size_t begin,
                      const struct line *l)
{
    bool asks = false;

    for (size_t i = 0; i < marks->count; i++) {
        const struct mark *m = &marks->items[i];

        if (m->kind != MARK_ASKS || m->confidence < .5 || m->start < begin ||
            m->start >= begin + l->len)
            continue;
        asks = true;
        add_ask(h, m->slot, m->start - begin);
    }
    return asks;
}

/** Does a line begin there, or just behind "2. "? */
static bool begins_line(const char *text, const char *at)
{
    while (at > text && at[-1] == ' ')
        at--;
    if (at > text && strchr(".)", at[-1]))
        at--;
    while (at > text && (isalnum((unsigned char)at[-1]) || (unsigned char)at[-1] >= 0x80))
        at--;
    return at == text || at[-1] == '\n';
}

/** Does a list of what is wanted begin with it ("I need:"), or go on with it? */
static bool is_listing(const struct question_words *w, const struct line *l, bool asks,
                       bool goes_on)
{
    struct slice text = text_trim((struct slice){ l->text, l->len });
    char last = text.len ? text.ptr[text.len - 1] : '\0';

    if (last == ':')
        return asks || questions_has(w, "need", l->text);
    return goes_on && text.len <= ITEM_BYTES && (text.len < LABEL_BYTES || !strchr(".!", last));
}

static void take_sentence(struct journey *j, struct heard *h, const struct marks *marks,
                          size_t seq, struct slice sentence)
{
    const struct customer *c = &j->scenario->customer;
    const struct question_words w = hear_words(j);
    size_t begin = (size_t)(sentence.ptr - j->transcript->events[seq].text);
    char *own = mem_strndup(sentence.ptr, sentence.len), *folded = questions_fold(own);
    const struct line l = { own, folded, sentence.len, h->ask_count };
    bool asks = take_asks(h, marks, begin, &l);

    name_asks(j, h, &l);
    asks |= strchr(folded, '?') != NULL;
    asks |= questions_has(&w, "tell", own) || (h->date_form && dates_form(&w, own));
    h->listing = is_listing(&w, &l, asks, h->listing && begins_line(j->transcript->events[seq].text,
                                                                    sentence.ptr));
    asks |= h->listing;
    for (size_t i = 0; asks && i < c->knows.count; i++)
        take_fact(j, h, c->knows.items[i].name, &l);
    qsort(h->asks + l.first, h->ask_count - l.first, sizeof h->asks[0], by_place);
    free(own);
    free(folded);
}

/* What is read back */

/** Letters and digits alone. */
static char *bare(const char *text)
{
    char *folded = text_folded(text), *to = folded;

    for (const char *from = folded; *from; from++)
        if (isalnum((unsigned char)*from) || (unsigned char)*from >= 0x80)
            *to++ = *from;
    *to = '\0';
    return folded;
}

/** A number that is another one than the customer's. */
static bool differs(const char *said, const char *known)
{
    char *a = bare(said), *b = bare(known);
    bool other = strpbrk(a, "0123456789") && strpbrk(b, "0123456789") && !strstr(a, b) &&
                 !strstr(b, a);

    free(a);
    free(b);
    return other;
}

/** "Could you confirm your order number?" without saying it. */
static bool confirms_nothing(struct journey *j, const struct mark *m, const char *text)
{
    const char *known = m->slot ? hear_value(j, m->slot) : NULL;
    char *folded = text_folded(text);
    bool nothing = known && !strpbrk(folded, "0123456789") && !says_value(folded, known);

    free(folded);
    return nothing;
}

static void take_mark(struct journey *j, struct heard *h, const struct mark *m, const char *text)
{
    const char *known;

    if (m->confidence < .5)
        return;
    switch (m->kind) {
    case MARK_CONFIRMS:
        if (confirms_nothing(j, m, text))
            add_ask(h, m->slot, m->start);
        else
            h->confirms = true;
        break;
    case MARK_NOT_UNDERSTOOD: h->not_understood = true; break;
    case MARK_HANDS_OVER: h->hands_over = true; break;
    case MARK_PROMISES: h->promises = true; break;
    case MARK_ANYTHING_ELSE: h->anything_else = true; break;
    case MARK_CLOSES: h->closes = true; break;
    case MARK_REFUSES: h->refuses = true; break;
    case MARK_PUSHES: h->pushes = true; break;
    case MARK_SOLVES: h->solves = true; break;
    case MARK_READS_BACK:
        known = m->slot && m->value ? hear_value(j, m->slot) : NULL;
        if (known && differs(m->value, known) && !h->wrong)
            h->wrong = m->slot;
        break;
    default: break;
    }
}

/** More than that somebody will come. */
static bool says_something(const struct marks *marks)
{
    static const enum mark_kind kinds[] = {
        MARK_SOLVES, MARK_ASKS, MARK_REFUSES, MARK_PUSHES, MARK_ANYTHING_ELSE, MARK_CLOSES,
    };

    for (size_t i = 0; i < marks->count; i++)
        for (size_t k = 0; k < ARRAY_LEN(kinds); k++)
            if (marks->items[i].kind == kinds[k] && marks->items[i].confidence >= .5)
                return true;
    return false;
}

static void take_message(struct journey *j, struct heard *h, size_t seq)
{
    const struct event *e = &j->transcript->events[seq];
    const struct question_words w = hear_words(j);
    struct marks marks = { 0 };
    const char *at = e->text;
    struct question q;
    struct slice sentence;

    journey_read(j, (int)seq, &marks);
    if (says_something(&marks))
        h->hands_over = false;    /* whoever was sent for is there */
    for (size_t i = 0; i < marks.count; i++)
        take_mark(j, h, &marks.items[i], e->text);
    if (dates_form(&w, e->text))
        h->date_form = e->text;
    h->listing = false;
    while ((sentence = questions_sentence(&at)).ptr)
        take_sentence(j, h, &marks, seq, sentence);
    h->waits = questions_has(&w, "wait", e->text);
    h->invalid |= questions_has(&w, "invalid", e->text);
    h->bare |= questions_has(&w, "bare", e->text);
    q = questions_last(&w, e->text, j->arena);
    if (q.kind != QUESTION_NONE)
        h->question = q;
}

/** The only thing of the same sort that the customer knows and has not told: the last day of a stay for
 *  the day of departure. NULL: there is none, or there are several. */
static const char *akin(struct journey *j, const struct heard *h, const char *slot)
{
    const struct question_words w = hear_words(j);
    const struct lexicon_slot *s = reader_slot(w.reader, w.language, slot), *other;
    const struct customer *c = &j->scenario->customer;
    const char *found = NULL;

    for (size_t i = 0; s && s->is_a && i < c->knows.count; i++) {
        const char *name = c->knows.items[i].name;

        other = reader_slot(w.reader, w.language, name);
        if (asked_for(h, name) || was_told(j, name) || !other ||
            (strcmp(name, s->is_a) && (!other->is_a || strcmp(other->is_a, s->is_a))))
            continue;
        if (found)
            return NULL;
        found = name;
    }
    return found;
}

struct heard hear_turn(struct journey *j)
{
    struct heard h = { .ask_count = 0 };

    for (size_t i = hear_begin(j); i < j->transcript->count; i++)
        if (hear_is_company(j, &j->transcript->events[i]))
            take_message(j, &h, i);
    for (size_t i = 0; i < h.ask_count; i++) {
        const char *slot = h.asks[i].slot;
        const char *other = slot && !hear_value(j, slot) ? akin(j, &h, slot) : NULL;

        h.asks[i].slot = other ? other : slot;
    }
    return h;
}
