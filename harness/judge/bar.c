/* Whether a journey met its bar, and if not, why. */
#include <string.h>

#include "harness/judge/judge.h"

struct reasons {
    const struct reader *reader;                 /* for its phrases */
    struct arena *a;
    const char **items;
    size_t count, cap;
};

static void add_reason(struct reasons *r, const char *text)
{
    ARENA_GROW(r->a, r->items, r->cap, r->count + 1);
    r->items[r->count++] = text;
}

static const char *phrase(const struct reasons *r, const char *key,
                          const struct named_text *values, size_t count)
{
    const char *text = reader_phrase(r->reader, reader_says_in(r->reader), key, 0, values, count,
                                     r->a);

    return text ? text : key;
}

static const char *step_name(const struct transcript *t, const struct event *e)
{
    if (e->step >= 0 && (size_t)e->step < t->step_count && t->steps[e->step].name)
        return t->steps[e->step].name;
    return "a step";
}

static bool harness_failed(const struct transcript *t, struct reasons *r)
{
    for (size_t i = 0; i < t->count; i++) {
        const struct event *e = &t->events[i];

        if (e->kind == EVENT_FAILED && e->from == PARTY_HARNESS)
            add_reason(r, arena_printf(r->a, "could not test: %s (%s)", e->text, step_name(t, e)));
    }
    return r->count > 0;
}

static bool forbidden(const struct transcript *t, const struct finding *f)
{
    if (f->row->good || f->confidence < CONFIDENCE_COUNTS)
        return false;
    for (size_t i = 0; i < t->bar_never_count; i++)
        if (!strcmp(t->bar_never[i], f->row->kind) ||
            (!strcmp(t->bar_never[i], "any") && f->row->charged))
            return true;
    return false;
}

static bool same_text(const char *a, const char *b)
{
    return !strcmp(a ? a : "", b ? b : "");
}

static bool same_reason(const struct finding *a, const struct finding *b)
{
    return a->row == b->row && same_text(a->variant, b->variant) && same_text(a->say, b->say);
}

/* A customer tells the same thing once, and how often it was. Kinds are few, but findings may be as
 * many as messages: only this far back is looked. */
enum { TOLD_LATELY = 64 };

struct told {
    const struct finding *f;
    size_t times;
};

static struct told *told_lately(struct told *told, size_t count, const struct finding *f)
{
    for (size_t i = count; i > 0 && i + TOLD_LATELY > count; i--)
        if (same_reason(told[i - 1].f, f))
            return &told[i - 1];
    return NULL;
}

static void check_findings(const struct transcript *t, const struct judgement *j,
                           struct reasons *r)
{
    struct told *told = NULL;
    size_t count = 0, cap = 0;

    for (size_t i = 0; i < j->findings.count; i++) {
        const struct finding *f = &j->findings.items[i];
        struct told *same = forbidden(t, f) ? told_lately(told, count, f) : NULL;

        if (!forbidden(t, f))
            continue;
        if (same) {
            same->times++;
            continue;
        }
        ARENA_GROW(r->a, told, cap, count + 1);
        told[count++] = (struct told){ f, 1 };
    }
    for (size_t i = 0; i < count; i++) {
        const struct finding *f = told[i].f;
        const char *times = told[i].times > 1 ? arena_printf(r->a, " (x%zu)", told[i].times) : "";

        add_reason(r, arena_printf(r->a, "%s%s%s: %s%s", f->row->kind, f->variant ? " " : "",
                                   f->variant ? f->variant : "", f->say, times));
    }
}

static void check_steps(const struct transcript *t, struct reasons *r)
{
    for (size_t i = 0; i < t->count; i++) {
        const struct event *e = &t->events[i];

        if (e->kind == EVENT_FAILED && e->from == PARTY_CUSTOMER)
            add_reason(r, arena_printf(r->a, "%s: %s", step_name(t, e), e->text));
    }
}

static void check_score(const struct transcript *t, const struct judgement *j, struct reasons *r)
{
    if (!j->score.known)
        return;
    if (score_rounded(j->score.value) >= t->bar_score)
        return;

    const struct named_text values[] = {
        { "score", arena_printf(r->a, "%d", score_rounded(j->score.value)) },
        { "bar", arena_printf(r->a, "%g", t->bar_score) },
    };

    add_reason(r, phrase(r, "bar.score", values, ARRAY_LEN(values)));
}

enum journey_status judge_bar(const struct reader *reader, const struct transcript *t,
                              struct judgement *j, const char ***reasons, size_t *reason_count)
{
    struct reasons r = { .reader = reader, .a = j->arena };
    enum journey_status status = JOURNEY_MET;

    if (harness_failed(t, &r)) {
        status = JOURNEY_NOT_TESTED;
    } else {
        check_score(t, j, &r);
        check_findings(t, j, &r);
        check_steps(t, &r);
        if (!j->score.known)
            add_reason(&r, phrase(&r, "bar.no_score", NULL, 0));
        if (r.count)
            status = JOURNEY_FELL_SHORT;
    }
    *reasons = r.items;
    *reason_count = r.count;
    return status;
}
