/* repeated_question: the company asks for what it was told. */
#include <string.h>

#include "harness/judge/detector.h"

/* One turn gets only its strongest kind of repeat; weights as the events they are charged as. */
static const struct kind {
    const char *variant, *event;
} ASKED_AGAIN = { "asked_again", "repeat" }, ALREADY_TOLD = { "already_told", "given" },
  OTHER_CHANNEL = { "other_channel", "repeat_x" };

/* A mail that answers a form goes on in the same thread. */
static bool same_thread(const struct view *v, const struct event *told, const struct event *asked)
{
    if (view_same_channel(told, asked))
        return true;
    return view_family(v, told) != FAMILY_CHAT && view_family(v, asked) != FAMILY_CHAT &&
           v->exchange_of[told->seq] == v->exchange_of[asked->seq];
}

static const struct kind *kind_of(const struct view *v, const struct question *q)
{
    if (!same_thread(v, view_event(v, q->told->seq), view_event(v, q->mark->seq)))
        return &OTHER_CHANNEL;
    return q->told->asked_seq >= 0 ? &ASKED_AGAIN : &ALREADY_TOLD;
}

static int strength(const struct kind *k)
{
    return k == &OTHER_CHANNEL ? 3 : k == &ASKED_AGAIN ? 2 : 1;
}

static double confidence(const struct question *q)
{
    return q->mark->confidence * q->confidence;
}

/* Asking again with a reason: what was given could not be found or is not valid. */
static bool has_reason(const struct view *v, const struct question *q)
{
    return view_mark(v, q->mark->seq, MARK_DISPUTES) != NULL;
}

/* Must be asked every time, the scenario says. */
static bool for_security(const struct view *v, const struct question *q)
{
    for (size_t i = 0; q->mark->slot && i < v->t->security_count; i++)
        if (!strcmp(v->t->security[i], q->mark->slot))
            return true;
    return false;
}

/* On a page */

/** The line of a page in which a mark stands. */
static struct slice line_of(const struct event *page, const struct mark *m)
{
    size_t len = strlen(page->text), from = m->start < len ? m->start : len, to = from;

    while (from > 0 && page->text[from - 1] != '\n')
        from--;
    while (to < len && page->text[to] != '\n')
        to++;
    return (struct slice){ page->text + from, to - from };
}

/** What a form calls its field, alone on its line; what forms ask again is needless effort
 *  (detect_effort.c), once somebody has filled it in. */
static bool is_label(const struct event *page, const struct mark *m)
{
    enum { AROUND_MAX = 4 };      /* "Order number: *" */
    struct slice line = line_of(page, m);

    return line.len <= m->end - m->start + AROUND_MAX && !memchr(line.ptr, '?', line.len);
}

/** "Order number: A-10442": the page repeats what it was told. */
static bool is_read_back(const struct event *page, const struct mark *m, const struct event *told)
{
    enum { VALUE_MIN = 3 };
    struct slice line = line_of(page, m);

    for (size_t i = 0; i < told->field_count; i++) {
        size_t len = strlen(told->fields[i].text);

        if (len >= VALUE_MIN && len <= line.len &&
            !memcmp(line.ptr + line.len - len, told->fields[i].text, len))
            return true;
    }
    return false;
}

/** The form came back with a complaint: it is the same question once more. */
static bool came_back(const struct view *v, const struct event *page)
{
    for (size_t i = (size_t)page->seq + 1; page->reply_to >= 0 && i < v->t->count; i++) {
        const struct event *e = &v->t->events[i];

        if (e->kind == EVENT_SENT)
            return false;
        if (e->kind == EVENT_FAILED && e->reply_to == page->reply_to)
            return true;
    }
    return false;
}

static bool only_shows_form(const struct view *v, const struct question *q)
{
    const struct event *page = view_event(v, q->mark->seq);

    return page->kind == EVENT_PAGE && page->text &&
           (is_label(page, q->mark) || came_back(v, page) ||
            is_read_back(page, q->mark, view_event(v, q->told->seq)));
}

static void report(struct view *v, const struct question *q)
{
    static const double WITH_REASON = .4;
    const struct kind *k = kind_of(v, q);
    double sure = confidence(q) * (has_reason(v, q) ? WITH_REASON : 1);
    struct finding *f = finding_add(v, "repeated_question", k->variant, k->event, q->mark->seq,
                                    sure);
    const struct event *told = view_event(v, q->told->seq), *now = view_event(v, q->mark->seq);

    f->slot = q->mark->slot ? q->mark->slot : q->told->slot;
    finding_evidence(v, f, q->told->asked_seq);
    finding_evidence(v, f, q->told->seq);
    if (now->t_us > told->t_us)
        f->actual_us = now->t_us - told->t_us;
    finding_say(v, f, q->told->asked_seq >= 0 ? "told_asked" : "told_unasked", "event",
                judge_number(v, q->told->seq), "rule", q->mark->rule, "words",
                q->mark->value ? q->mark->value : "", NULL);
}

static bool better(const struct view *v, const struct question *a, const struct question *b)
{
    bool counts_a = confidence(a) >= CONFIDENCE_COUNTS, counts_b = confidence(b) >= CONFIDENCE_COUNTS;

    if (counts_a != counts_b)
        return counts_a;
    return strength(kind_of(v, a)) > strength(kind_of(v, b));
}

void detect_repeats(struct view *v)
{
    for (size_t i = 0; i < v->question_count;) {
        const struct question *best = NULL;
        int seq = v->questions[i].mark->seq;

        for (; i < v->question_count && v->questions[i].mark->seq == seq; i++) {
            const struct question *q = &v->questions[i];

            if (q->told && !for_security(v, q) && !only_shows_form(v, q) && confidence(q) >= .2 &&
                (!best || better(v, q, best)))
                best = q;
        }
        if (best)
            report(v, best);
    }
}
