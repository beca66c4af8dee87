/* What answers a question already. */
#include <string.h>

#include "harness/judge/likeness.h"
#include "harness/judge/memory.h"

/* A more general or more special slot; one that it usually means. */
static const double RELATED = .6, USUAL = .75;
/* The same words; nearly the same words. */
static const double SAME_WORDS = .9, NEAR_WORDS = .7;
static const double NEAR = .6;

const struct lexicon_slot *memory_lexicon(const struct memory *m, const char *slot)
{
    return slot ? reader_slot(m->v->reader, m->v->t->language, slot) : NULL;
}

static const char *parent(const struct memory *m, const char *slot)
{
    const struct lexicon_slot *s = memory_lexicon(m, slot);

    return s ? s->is_a : NULL;
}

bool memory_related(const struct memory *m, const char *a, const char *b)
{
    const char *pa = parent(m, a), *pb = parent(m, b);

    return !strcmp(a, b) || (pa && !strcmp(pa, b)) || (pb && !strcmp(pb, a));
}

bool memory_same_subject(const struct told *t, const char *about, const char *aim)
{
    if (!t->about != !about || (about && strcmp(t->about, about) != 0))
        return false;
    return !t->aim || !aim || likeness_names(t->aim, aim);
}

/* Questions compared by their words */

static double alike(const struct told *t, const struct mark *asking)
{
    double like = likeness(asking->value, t->words);
    const char *topic = like <= NEAR ? likeness_topic(asking->topic, t->topic) : NULL;

    if (topic)
        return likeness_apart(asking->value, t->words, topic) ? NEAR : 1;
    return like;
}

static const struct told *by_words(const struct memory *m, const struct mark *asking, double *sure)
{
    const struct told *best = NULL;
    double like = 0;

    for (size_t i = 0; i < m->asked_count && i < MEMORY_WORDS; i++) {
        const struct told *t = m->asked[i];
        bool same = t->stands && memory_same_subject(t, asking->about, asking->aim);
        double l = same ? alike(t, asking) : 0;

        if (l > like) {
            like = l;
            best = t;
        }
    }
    *sure = like > .99 ? SAME_WORDS : like >= NEAR ? NEAR_WORDS : 0;
    return *sure > 0 ? best : NULL;
}

bool memory_special(const struct lexicon_slot *s, const char *general)
{
    return s && s->is_a && !strcmp(s->is_a, general);
}

/* The day of the purchase stays what it was; it is no day that the customer wants, and no such day
 * is it. */
static bool stays_another(const struct told *t, const struct lexicon_slot *asked)
{
    return asked && t->lexicon && asked->fixed != t->lexicon->fixed;
}

/* How surely who told one slot has answered the question for another. */
static double answers(const struct told *t, const char *slot, const struct lexicon_slot *asked)
{
    if (!strcmp(t->slot, slot))
        return 1;
    if (stays_another(t, asked))
        return 0;
    if (memory_special(asked, t->slot))
        return asked->usual ? USUAL : RELATED;
    if (memory_special(t->lexicon, slot))
        return t->lexicon->usual ? USUAL : RELATED;
    for (size_t i = 0; asked && i < asked->answered_by.count; i++)
        if (!strcmp(asked->answered_by.items[i], t->slot))
            return USUAL;
    return 0;
}

const struct told *memory_by_slot(const struct memory *m, const struct mark *asking, double *sure)
{
    const struct told *best = NULL;
    const char *slot = asking->slot;
    const struct lexicon_slot *asked = memory_lexicon(m, slot);

    *sure = 0;
    for (size_t i = 0; i < m->latest_count; i++) {
        const struct told *t = m->latest[i];
        double s = answers(t, slot, asked);

        if (t->stands && s * t->confidence > *sure &&
            memory_same_subject(t, asking->about, asking->aim)) {
            *sure = s * t->confidence;
            best = t;
        }
    }
    return best;
}

/* "Check-in date" and "check-out date" have the same words but for the small ones. */
static bool differ(const struct memory *m, const char *slot, const char *told)
{
    return told && !memory_related(m, slot, told);
}

void memory_ask(struct memory *m, const struct mark *mark, const struct event *e)
{
    struct view *v = m->v;
    double sure = 0;
    const struct told *told = mark->slot ? memory_by_slot(m, mark, &sure) : NULL;

    if (!told && mark->value && (!mark->slot || strchr(mark->value, ' '))) {
        told = by_words(m, mark, &sure);
        if (told && (mark->slot ? sure < SAME_WORDS || differ(m, mark->slot, told->slot)
                                : told->slot && !strchr(mark->value, ' ')))
            told = NULL;
        if (told)
            sure *= told->confidence;
    }
    ARENA_GROW(v->a, v->questions, v->question_cap, v->question_count + 1);
    v->questions[v->question_count++] = (struct question){ mark, told, told ? sure : 0 };
    if (m->pending_count < MEMORY_PENDING)
        m->pending[m->pending_count++] = (struct pending){ mark, e };
}
