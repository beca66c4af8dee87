/* What the customer told, and which of the company's questions it answers already. */
#include <string.h>

#include "harness/base/regex.h"
#include "harness/base/text.h"
#include "harness/judge/likeness.h"
#include "harness/judge/memory.h"

/* How sure it is that an answer to a question told what was asked. */
static const double ANSWERED_ALONE = .85, ANSWERED_SEVERAL = .65, LOOKS_OTHERWISE = .6;
/* Read back and agreed to. */
static const double AGREED = .9;
/* The aim of "Maria": one of two names, neither the first nor the last for sure. */
static const char ONE_WORD[] = " one_word";

static bool is_fixed(const struct memory *m, const char *slot)
{
    const struct transcript *t = m->v->t;
    const struct lexicon_slot *s = reader_slot(m->v->reader, t->language, slot);

    for (size_t i = 0; i < t->know_count; i++)
        if (!strcmp(t->knows[i].name, slot))
            return true;
    return s && s->fixed;
}

static struct told *remember(struct memory *m, struct told told)
{
    struct view *v = m->v;
    struct told *t = arena_alloc(v->a, sizeof *t);

    *t = told;
    t->stands = true;
    t->lexicon = memory_lexicon(m, told.slot);
    if (t->slot && !t->aim && !strcmp(t->slot, "name") && !strchr(view_event(v, t->seq)->text, ' '))
        t->aim = ONE_WORD;
    ARENA_GROW(v->a, v->told, v->told_cap, v->told_count + 1);
    v->told[v->told_count++] = t;
    if (t->words)
        m->asked[m->asked_count++ % MEMORY_WORDS] = t;
    if (!t->slot)
        return t;
    for (size_t i = 0; i < m->latest_count; i++)
        if (!strcmp(m->latest[i]->slot, t->slot) &&
            memory_same_subject(m->latest[i], t->about, t->aim)) {
            m->latest[i] = t;
            return t;
        }
    ARENA_GROW(v->a, m->latest, m->latest_cap, m->latest_count + 1);
    m->latest[m->latest_count++] = t;
    return t;
}

/* Wishes do not outlive a change of mind or the end of the task; facts do, but those of the matter
 * not another matter. What was told at or after `since` belongs to the next task. */
static void forget_wishes(struct memory *m, bool matter, int since)
{
    for (size_t i = 0; i < m->latest_count; i++) {
        struct told *t = m->latest[i];

        if (t->seq < since && (!is_fixed(m, t->slot) ||
                               (matter && t->lexicon && t->lexicon->matter)))
            t->stands = false;
    }
    for (size_t i = 0; i < m->asked_count && i < MEMORY_WORDS; i++)
        if (!m->asked[i]->slot && m->asked[i]->seq < since)
            m->asked[i]->stands = false;
}

/* "I also need something sent to my sister": whatever is asked now may be hers. */
static void forget_all(struct memory *m)
{
    for (size_t i = 0; i < m->latest_count; i++)
        m->latest[i]->stands = false;
}

/* One thing is to be different, and with it what depends on it. */
static void forget_slot(struct memory *m, const char *slot)
{
    for (size_t i = 0; i < m->latest_count; i++) {
        const struct lexicon_slot *s = m->latest[i]->lexicon;
        const char *f = s ? s->follows : NULL;

        if (memory_related(m, m->latest[i]->slot, slot) || (f && memory_related(m, f, slot)))
            m->latest[i]->stands = false;
    }
}

static void forget_changed(struct memory *m, const struct event *e)
{
    const struct mark *end, *k = view_marks(m->v, e->seq, &end);

    for (; k < end; k++) {
        if (k->kind == MARK_CHANGES && k->slot)
            forget_slot(m, k->slot);
        else if (k->kind == MARK_CHANGES)
            forget_wishes(m, false, e->seq);
    }
}

static void hear_company(struct memory *m, const struct event *e)
{
    const struct mark *end, *k = view_marks(m->v, e->seq, &end);

    for (; k < end; k++) {
        if (k->kind == MARK_ASKS)
            memory_ask(m, k, e);
        else if ((k->kind == MARK_ANYTHING_ELSE || k->kind == MARK_ACKNOWLEDGES ||
                  k->kind == MARK_SOLVES) && view_family(m->v, e) == FAMILY_CHAT)
            m->done_seq = e->seq;
        else if (k->kind == MARK_READS_BACK)
            m->read_back = e;
    }
}

/* The customer */

static bool tells(const struct view *v, const struct event *e, const char *slot)
{
    const struct mark *end, *k = view_marks(v, e->seq, &end);

    for (; k < end; k++)
        if (k->kind == MARK_TELLS && k->slot && (!slot || !strcmp(k->slot, slot)))
            return true;
    return false;
}

static bool evades(const struct memory *m, const struct event *e)
{
    const struct view *v = m->v;
    size_t len = strlen(e->text);

    if (view_mark(v, e->seq, MARK_UNSURE) || view_mark(v, e->seq, MARK_WANTS_HUMAN) || len == 0)
        return true;
    return !tells(v, e, NULL) &&
           (likeness_question(e->text, len) || view_mark(v, e->seq, MARK_CHANGES));
}

static bool fits_value(const struct memory *m, const char *slot, const struct event *e)
{
    const struct lexicon_slot *s = memory_lexicon(m, slot);

    return !s || !s->value.regex ||
           regex_search(s->value.regex, slice_str(e->text), 0, NULL) == ST_OK;
}

/* What was told instead, and no more than that: a time of day when the day was asked for. Only where
 * the pack would have known the answer had it been one. */
static bool tells_something_else(const struct memory *m, const struct mark *asked,
                                 const struct event *e)
{
    enum { SHORT_ANSWER = 60 };

    const struct mark *end, *k = view_marks(m->v, e->seq, &end);
    const struct lexicon_slot *s = memory_lexicon(m, asked->slot);
    size_t covered = 0;
    bool other = false;

    for (; s && s->tells.count && k < end; k++) {
        if (k->kind != MARK_TELLS || !k->slot)
            continue;
        if (memory_related(m, k->slot, asked->slot))
            return false;
        other = true;
        covered += k->end - k->start;
    }
    return other && strlen(e->text) < SHORT_ANSWER &&
           (!s->open || covered * 2 >= strlen(e->text));
}

/* Where the pack knows how nearly every such answer looks, one that looks otherwise is hardly one. */
static double how_sure(const struct memory *m, const struct mark *asked, bool alone)
{
    const struct lexicon_slot *s = memory_lexicon(m, asked->slot);
    double sure = alone ? ANSWERED_ALONE : ANSWERED_SEVERAL;

    return s && s->complete ? sure * LOOKS_OTHERWISE : sure;
}

static const struct pending *pending_of(const struct memory *m, const struct event *e,
                                        const char *slot)
{
    for (size_t i = 0; i < m->pending_count; i++)
        if (view_same_channel(m->pending[i].e, e) && m->pending[i].mark->slot &&
            !strcmp(m->pending[i].mark->slot, slot))
            return &m->pending[i];
    return NULL;
}

/* The only question of which this slot is the more general one: "on the 12th" tells the day of the
 * return when that was asked, and nothing about any other day; of several such questions none. */
static const struct pending *special_of(const struct memory *m, const struct event *e,
                                        const char *slot, bool *several)
{
    const struct pending *found = NULL;

    *several = false;
    for (size_t i = 0; i < m->pending_count; i++) {
        const struct pending *p = &m->pending[i];

        if (!view_same_channel(p->e, e) ||
            !memory_special(memory_lexicon(m, p->mark->slot), slot))
            continue;
        *several |= found && strcmp(found->mark->slot, p->mark->slot) != 0;
        found = p;
    }
    return *several ? NULL : found;
}

/* "I changed my mind, not Friday": the value told before is named as what is no longer wanted. */
static bool takes_back(const struct memory *m, const struct event *e, const struct mark *tells)
{
    const struct mark *end, *k;

    if (!tells->value || !view_mark(m->v, e->seq, MARK_CHANGES))
        return false;
    for (size_t i = 0; i < m->latest_count; i++) {
        if (m->latest[i]->seq == e->seq || strcmp(m->latest[i]->slot, tells->slot) != 0)
            continue;
        for (k = view_marks(m->v, m->latest[i]->seq, &end); k < end; k++)
            if (k->kind == MARK_TELLS && k->slot && k->value && !strcmp(k->slot, tells->slot) &&
                text_same(k->value, tells->value))
                return true;
    }
    return false;
}

/* An answer is about what the question was about, also where it tells something else. */
static const struct mark *asked_about(const struct memory *m, const struct event *e)
{
    const struct mark *asked = NULL;

    for (size_t i = 0; i < m->pending_count; i++) {
        const struct pending *p = &m->pending[i];

        if (!view_same_channel(p->e, e) || !p->mark->about)
            continue;
        if (asked && strcmp(asked->about, p->mark->about) != 0)
            return NULL;
        asked = p->mark;
    }
    return asked;
}

static bool is_list(const char *text)
{
    return strchr(text, ',') || strstr(text, "\xD8\x8C");         /* the Arabic comma */
}

/* Whether what is told here is but a part of what is told of another slot, which is one thing. */
static bool tells_both(const struct memory *m, const struct event *e, const struct mark *told,
                       const char *slot)
{
    const struct mark *end, *k = view_marks(m->v, e->seq, &end);

    for (; k < end; k++)
        if (k->kind == MARK_TELLS && k->slot && k->value && told->value && !strcmp(k->slot, slot) &&
            k->start <= told->start && k->end >= told->end && strstr(k->value, told->value) &&
            !is_list(k->value))
            return true;
    return false;
}

/* What answers a question is hardly something else as well: a bare number is no telephone number where
 * a meter's reading was asked for, nor is "three nights" a time of day, nor "in Bonn", where we asked
 * for what no pack has a name for, any other place. */
static bool only_looks_so(const struct memory *m, const struct event *e, const struct mark *told)
{
    size_t len = strlen(e->text);
    bool number = strspn(e->text, "+0123456789 ()/.-") == len;
    bool whole = (told->end - told->start) * 2 >= len;

    for (size_t i = 0; i < m->pending_count; i++) {
        const struct pending *p = &m->pending[i];

        if (!view_same_channel(p->e, e))
            continue;
        if (p->mark->slot ? !memory_related(m, p->mark->slot, told->slot) &&
                                (number || tells_both(m, e, told, p->mark->slot))
                          : whole && !is_fixed(m, told->slot))
            return true;
    }
    return false;
}

/* "I have to move my booking of Tuesday at 3": the day and the hour are open again. */
static bool moves_booking(const struct view *v, const struct event *e)
{
    const struct mark *end, *k = view_marks(v, e->seq, &end);

    for (; k < end; k++)
        if (k->kind == MARK_CHANGES && k->value && !strcmp(k->value, MARK_BOOKED))
            return true;
    return false;
}

/* "12 April 1985", asked for the date of birth, is no other date. */
static bool is_the_answer(const struct memory *m, const struct event *e, const struct mark *tells)
{
    const char *slot = m->answered ? m->answered->slot : NULL;

    return slot && !memory_related(m, slot, tells->slot) &&
           (tells->end - tells->start) * 4 >= strlen(e->text) * 3;
}

/* Something that no pack knows, by the customer's name for it. */
static void hear_topic(struct memory *m, const struct event *e, const struct mark *tells)
{
    remember(m, (struct told){ .words = tells->topic, .topic = tells->topic, .about = tells->about,
                               .aim = tells->aim, .seq = e->seq, .asked_seq = -1, .alone = true,
                               .confidence = tells->confidence });
}

static double told_sure(const struct memory *m, const struct event *e, const struct mark *tells,
                        const struct pending *asked, bool several)
{
    if (asked)
        return tells->confidence < ANSWERED_ALONE ? ANSWERED_ALONE : tells->confidence;
    return tells->confidence * (several || only_looks_so(m, e, tells) ? LOOKS_OTHERWISE : 1);
}

static void hear_tells(struct memory *m, const struct event *e)
{
    const struct mark *end, *k = view_marks(m->v, e->seq, &end);
    bool moves = moves_booking(m->v, e);

    for (; k < end; k++) {
        if (k->kind == MARK_TELLS && !k->slot && k->topic)
            hear_topic(m, e, k);
        if (k->kind != MARK_TELLS || !k->slot || takes_back(m, e, k) || is_the_answer(m, e, k) ||
            (moves && !is_fixed(m, k->slot)))
            continue;

        bool several = false;
        const struct pending *exact = pending_of(m, e, k->slot);
        const struct pending *p = exact ? exact : special_of(m, e, k->slot, &several);
        const struct mark *subject = p ? p->mark : k->about ? k : asked_about(m, e);

        remember(m, (struct told){ .slot = p ? p->mark->slot : k->slot,
                                   .words = p ? p->mark->value : NULL,
                                   .about = subject ? subject->about : NULL,
                                   .aim = subject ? subject->aim : k->aim, .seq = e->seq,
                                   .asked_seq = p ? p->e->seq : -1, .alone = true,
                                   .confidence = told_sure(m, e, k, p, several) });
    }
}

/* What the company read back and the customer agreed to, it knows. */
static void hear_agreement(struct memory *m, const struct event *e)
{
    const struct event *read = m->read_back;
    const struct mark *end, *k;

    if (!read || !view_same_channel(read, e))
        return;
    m->read_back = NULL;
    if (!view_mark(m->v, e->seq, MARK_AFFIRMS) || view_mark(m->v, e->seq, MARK_CHANGES))
        return;
    for (k = view_marks(m->v, read->seq, &end); k < end; k++) {
        double sure;

        if (k->kind == MARK_READS_BACK && k->slot && !memory_by_slot(m, k, &sure))
            remember(m, (struct told){ .slot = k->slot, .about = k->about, .seq = e->seq,
                                       .asked_seq = -1, .alone = true,
                                       .confidence = k->confidence * AGREED });
    }
}

/* What was asked and not told in so many words: an answer is an answer. */
static void hear_answers(struct memory *m, const struct event *e)
{
    size_t open = 0, told = 0;

    m->answered = NULL;
    for (size_t i = 0; i < m->pending_count; i++) {
        const struct pending *p = &m->pending[i];

        if (!view_same_channel(p->e, e))
            continue;
        if (p->mark->slot && tells(m->v, e, p->mark->slot))
            told++;
        else
            open++;
    }
    if (!open || told || evades(m, e))
        return;
    for (size_t i = 0; i < m->pending_count; i++) {
        const struct pending *p = &m->pending[i];

        if (!view_same_channel(p->e, e) || !fits_value(m, p->mark->slot, e) ||
            tells_something_else(m, p->mark, e))
            continue;
        m->answered = open == 1 ? p->mark : NULL;
        remember(m, (struct told){ .slot = p->mark->slot, .words = p->mark->value,
                                   .topic = p->mark->topic, .about = p->mark->about,
                                   .aim = p->mark->aim, .seq = e->seq, .asked_seq = p->e->seq,
                                   .alone = open == 1,
                                   .confidence = how_sure(m, p->mark, open == 1) });
    }
}

/* "Would you like another day?" "Yes": the day is open again. */
static void hear_alternative(struct memory *m, const struct event *e)
{
    if (!view_mark(m->v, e->seq, MARK_AFFIRMS))
        return;
    for (size_t i = 0; i < m->pending_count; i++) {
        const struct pending *p = &m->pending[i];

        if (view_same_channel(p->e, e) && p->mark->slot && p->mark->about &&
            strstr(p->mark->about, " other"))
            forget_slot(m, p->mark->slot);
    }
}

static void drop_pending(struct memory *m, const struct event *e)
{
    size_t kept = 0;

    for (size_t i = 0; i < m->pending_count; i++)
        if (!view_same_channel(m->pending[i].e, e))
            m->pending[kept++] = m->pending[i];
    m->pending_count = kept;
}

static void hear_customer(struct memory *m, const struct event *e)
{
    const struct mark *request = view_mark(m->v, e->seq, MARK_REQUESTS);
    bool another = request && request->value && !strcmp(request->value, "another");

    if (request && request->about)
        forget_all(m);
    if (request && (m->done_seq >= 0 || another))
        forget_wishes(m, another, another ? e->seq : m->done_seq);
    forget_changed(m, e);
    hear_alternative(m, e);
    hear_agreement(m, e);
    hear_answers(m, e);
    hear_tells(m, e);
    drop_pending(m, e);
}

void view_memory(struct view *v)
{
    struct memory m = { .v = v, .done_seq = -1 };

    for (size_t i = 0; i < v->t->count; i++) {
        const struct event *e = &v->t->events[i];

        if (view_is_reply(e))
            hear_company(&m, e);
        else if (e->kind == EVENT_SENT)
            hear_customer(&m, e);
    }
}
