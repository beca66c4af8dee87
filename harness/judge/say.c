/* Making a finding, and saying it as the customer would. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/judge/detector.h"

enum { EVIDENCE_MAX = 64 };

struct finding *finding_add(struct view *v, const char *kind, const char *variant,
                            const char *event, int seq, double confidence)
{
    struct findings *list = &v->j->findings;
    const struct finding_row *row = finding_row_find(kind);

    assert(row);
    ARENA_GROW(v->a, list->items, list->cap, list->count + 1);

    struct finding *f = &list->items[list->count++];

    *f = (struct finding){
        .row = row, .variant = variant, .event = event, .seq = seq,
        .exchange = v->exchange_of[seq], .actual_us = DURATION_UNKNOWN,
        .allowed_us = DURATION_UNKNOWN, .confidence = confidence, .say = row->title, .why = "",
    };
    finding_evidence(v, f, seq);
    return f;
}

/* Kept in order, each once. */
void finding_evidence(struct view *v, struct finding *f, int seq)
{
    size_t at = f->event_count;

    if (seq < 0 || f->event_count >= EVIDENCE_MAX)
        return;
    for (size_t i = 0; i < f->event_count; i++)
        if (f->events[i] == seq)
            return;

    int *more = arena_alloc(v->a, (f->event_count + 1) * sizeof *more);

    while (at > 0 && f->events[at - 1] > seq)
        at--;
    if (f->event_count) {
        memcpy(more, f->events, at * sizeof *more);
        memcpy(more + at + 1, f->events + at, (f->event_count - at) * sizeof *more);
    }
    more[at] = seq;
    f->events = more;
    f->event_count++;
}

static const char *phrase(const struct view *v, const char *key, uint64_t seed,
                          const struct named_text *values, size_t count)
{
    return reader_phrase(v->reader, reader_says_in(v->reader), key, seed, values, count, v->a);
}

/* "four minutes", "36 hours": one unit, rounded, as people say it. */
static const char *time_words(const struct view *v, int64_t us)
{
    static const struct { int64_t us, most; const char *one, *many; } units[] = {
        { US_PER_S, 90, "time.second", "time.seconds" },
        { 60 * US_PER_S, 90, "time.minute", "time.minutes" },
        { 3600 * US_PER_S, 36, "time.hour", "time.hours" },
        { 24 * 3600 * US_PER_S, INT64_MAX, "time.day", "time.days" },
    };
    enum { IN_WORDS = 12 };
    char digits[32];
    size_t i = 0;

    if (us == DURATION_UNKNOWN)
        return "";
    if (us < US_PER_S / 2) {
        char *text = duration_text(us);
        const char *copy = arena_strdup(v->a, text);

        free(text);
        return copy;
    }
    while (us / units[i].us >= units[i].most)
        i++;

    int64_t n = (us + units[i].us / 2) / units[i].us;

    snprintf(digits, sizeof digits, "%lld", (long long)n);

    const char *words = n <= IN_WORDS ? phrase(v, "time.count", (uint64_t)n - 1, NULL, 0) : digits;
    const struct named_text values[] = { { "n", words } };

    return phrase(v, n == 1 ? units[i].one : units[i].many, 0, values, ARRAY_LEN(values));
}

static const char *family_words(const struct view *v, enum channel_family family)
{
    char key[32];

    snprintf(key, sizeof key, "where.%s", family_names[family]);

    const char *words = phrase(v, key, 0, NULL, 0);

    return words ? words : family_names[family];
}

/* Where the fact was told first, for "although I had given it in the form". */
static const char *told_where(const struct view *v, const struct finding *f)
{
    for (size_t i = 0; i < f->event_count; i++) {
        const struct event *e = view_event(v, f->events[i]);

        if (e->kind == EVENT_SENT && f->events[i] != f->seq)
            return family_words(v, view_family(v, e));
    }
    return "";
}

const char *judge_phrase(const struct view *v, const char *key)
{
    const char *text = phrase(v, key, 0, NULL, 0);

    return text ? text : key;
}

const char *judge_number(const struct view *v, int n)
{
    return arena_printf(v->a, "%d", n);
}

/* `prefix.name` in words; the name itself where no pack has them (a company's own). */
static const char *named(const struct view *v, const char *prefix, const char *name)
{
    enum { KEY_MAX = 128 };
    char key[KEY_MAX];

    snprintf(key, sizeof key, "%s.%s", prefix, name);

    const char *text = phrase(v, key, 0, NULL, 0);

    return text ? text : name;
}

const char *judge_what(const struct view *v, const char *what)
{
    return named(v, "what", what);
}

const char *judge_target(const struct view *v, const char *target)
{
    return named(v, "to", target ? target : "elsewhere");
}

enum { VALUES_MAX = 12 };

static const char *reason(const struct view *v, const char *why, struct named_text *values,
                          size_t count, va_list pairs)
{
    enum { KEY_MAX = 64 };
    char key[KEY_MAX];
    const char *name;

    while ((name = va_arg(pairs, const char *))) {
        assert(count < VALUES_MAX);
        values[count].name = name;
        values[count++].text = va_arg(pairs, const char *);
    }
    snprintf(key, sizeof key, "why.%s", why);

    const char *text = phrase(v, key, 0, values, count);

    return text ? text : why;
}

/* What every sentence of a finding may name; all of it lies in the finding and its transcript. */
enum { KNOWN = 7 };

static void known_values(const struct view *v, const struct finding *f, struct named_text *values)
{
    const char *slot = f->slot
        ? reader_slot_words(v->reader, reader_says_in(v->reader), f->slot, v->a) : "";
    const struct named_text known[KNOWN] = {
        { "slot", slot }, { "time", time_words(v, f->actual_us) },
        { "allowed", time_words(v, f->allowed_us) }, { "where", told_where(v, f) },
        { "channel", family_words(v, view_family(v, view_event(v, f->seq))) },
        { "company", v->t->company_name ? v->t->company_name : "the company" },
        { "outcome", v->j->score.outcome_why },
    };

    memcpy(values, known, sizeof known);
}

static const char *sentence(const struct view *v, const struct finding *f,
                            const struct named_text *values)
{
    enum { KEY_MAX = 128 };
    char key[KEY_MAX];
    const char *say = NULL;

    if (f->variant) {
        snprintf(key, sizeof key, "finding.%s.%s", f->row->kind, f->variant);
        say = phrase(v, key, 0, values, KNOWN);
    }
    if (!say) {
        snprintf(key, sizeof key, "finding.%s", f->row->kind);
        say = phrase(v, key, 0, values, KNOWN);
    }
    return say ? say : f->row->title;
}

void finding_say(struct view *v, struct finding *f, const char *why, ...)
{
    struct named_text values[VALUES_MAX];
    va_list pairs;

    known_values(v, f, values);
    va_start(pairs, why);
    f->why = reason(v, why, values, KNOWN, pairs);
    va_end(pairs);
    f->say = sentence(v, f, values);
}

void judge_retell(const struct reader *reader, struct journey_result *jr)
{
    struct judgement *j = jr->judgement;
    const struct transcript *t = jr->transcript;
    struct view v = { .t = t, .reader = reader, .j = j, .a = j ? j->arena : NULL };
    const char *outcome;

    if (!j || !t)
        return;
    outcome = reader_phrase_key(reader, "outcome.", j->score.outcome_why);
    if (outcome)
        j->score.outcome_why = judge_phrase(&v, outcome);
    for (size_t i = 0; i < j->findings.count; i++) {
        struct finding *f = &j->findings.items[i];
        struct named_text values[KNOWN];

        if (f->seq < 0 || (size_t)f->seq >= t->count)
            continue;
        known_values(&v, f, values);
        f->say = sentence(&v, f, values);
    }
    if (jr->reason_count && jr->status == JOURNEY_FELL_SHORT)
        (void)judge_bar(reader, t, j, &jr->reasons, &jr->reason_count);
}
