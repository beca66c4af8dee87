/* contradiction: two different times for the same answer; solved, then refused. */
#include <string.h>
#include <strings.h>

#include "harness/judge/detector.h"

/* Times this far apart are not two ways of saying the same. */
static const double APART = 2;

static bool is_answer_time(const struct mark *m)
{
    return m && m->within_us > 0 && m->value && !strcmp(m->value, "answer");
}

static void times(struct view *v)
{
    static const double SURE = .75;
    const struct mark *before = NULL;

    for (size_t i = 0; i < v->t->count; i++) {
        const struct event *e = &v->t->events[i];
        const struct mark *m = view_is_reply(e) ? view_mark(v, e->seq, MARK_PROMISES) : NULL;

        if (!is_answer_time(m))
            continue;
        if (before && v->exchange_of[before->seq] == v->exchange_of[e->seq] &&
            view_family(v, e) != FAMILY_CHAT &&
            ((double)m->within_us >= APART * (double)before->within_us ||
             (double)before->within_us >= APART * (double)m->within_us)) {
            struct finding *f = finding_add(v, "contradiction", "times", "contradiction", e->seq,
                                            SURE);

            f->actual_us = m->within_us;
            f->allowed_us = before->within_us;
            finding_evidence(v, f, before->seq);
            finding_say(v, f, "two_times", "rule", before->rule, "other", m->rule, NULL);
        }
        before = m;
    }
}

/* "Can I also return the mug?" - a new matter; "When?", "And the last bill?" are the same one. */
static bool asks_more(const struct view *v, const struct event *e)
{
    enum { OWN_WORDS = 5 };
    unsigned words = 0;

    if (view_mark(v, e->seq, MARK_CHANGES) || view_mark(v, e->seq, MARK_REQUESTS))
        return true;
    for (const char *p = e->text; *p; p += strspn(p, " ")) {
        words += *p != '?' && *p != '!';        /* set apart in French */
        p += strcspn(p, " ");
    }
    return words >= OWN_WORDS && (strchr(e->text, '?') || strstr(e->text, "؟")) &&
           !view_mark(v, e->seq, MARK_CHASES) && !view_mark(v, e->seq, MARK_OBJECTS);
}

/* "Your refund is approved." - "We cannot refund this." */
static void turned_down(struct view *v, const struct event *e, const struct mark *m, int solved)
{
    static const double SURE = .65;
    struct finding *f = finding_add(v, "contradiction", "turned_down", "contradiction", e->seq, SURE);

    finding_evidence(v, f, solved);
    finding_say(v, f, "was_done", "event", judge_number(v, solved), "rule", m->rule, NULL);
}

/* A word of some length that stands in both places of the text. */
static bool share_a_word(const char *text, const struct mark *a, const struct mark *b)
{
    enum { WORD_BYTES = 5 };
    struct slice rest = { text + b->start, b->end - b->start };

    for (size_t i = a->start, len; i < a->end; i += len + 1) {
        len = strcspn(text + i, " .,;:!?\n");
        if (len >= WORD_BYTES && i + len <= a->end)
            for (size_t k = 0; k + len <= rest.len; k++)
                if (!strncasecmp(rest.ptr + k, text + i, len))
                    return true;
    }
    return false;
}

/* "Your refund is approved. … Your refund is not approved.", in one message. */
static bool unsaid_at_once(const struct view *v, const struct event *e, const struct mark *refuses)
{
    const struct mark *s = view_mark(v, e->seq, MARK_SOLVES);

    return s && s->end < refuses->start &&
           strcspn(e->text + s->end, ".!\n") < refuses->start - s->end &&
           share_a_word(e->text, s, refuses);
}

static void after_solutions(struct view *v)
{
    int solved = -1;

    for (size_t i = 0; i < v->t->count; i++) {
        const struct event *e = &v->t->events[i];

        if (e->kind == EVENT_SENT && asks_more(v, e))
            solved = -1;                         /* about something else now */
        if (!view_is_reply(e))
            continue;

        const struct mark *m = view_mark(v, e->seq, MARK_REFUSES);
        bool rejects = m && m->value && !strcmp(m->value, "rejected");

        if (rejects && unsaid_at_once(v, e, m)) {
            turned_down(v, e, m, e->seq);
            solved = -1;
        } else if (rejects && solved >= 0 && !view_mark(v, e->seq, MARK_SOLVES)) {
            turned_down(v, e, m, solved);
            solved = -1;
        } else if (view_mark(v, e->seq, MARK_SOLVES)) {
            solved = e->seq;
        }
    }
}

void detect_contradiction(struct view *v)
{
    times(v);
    after_solutions(v);
}
