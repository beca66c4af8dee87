/* A journey of a result file back into a journey: it may have been edited, cut or made by a stranger,
 * and every number in it that names an event, an exchange or a byte is checked before anybody follows
 * it. */
#include <stdlib.h>
#include <string.h>

#include "harness/model/result_inside.h"

enum { RESULT_FINDINGS_MAX = 1000000 };

static const double BIG = 1e6;

static bool read_grade(const struct members *m, const char *key, char *ret)
{
    const char *text = NULL;

    if (!member_text(m, key, NEEDED, 8, &text))
        return false;
    if (strlen(text) != 1 || *text < 'A' || *text > 'F') {
        member_error(m, key, "expected a letter from A to F");
        return false;
    }
    *ret = *text;
    return true;
}

/* An index into something with `count` items; -1 when it is left out. */
static void read_index(const struct members *m, const char *key, enum need need, size_t count,
                       int *ret)
{
    int64_t value = -1;

    member_int(m, key, need, need == NEEDED ? 0 : -1, (int64_t)count - 1, &value);
    *ret = (int)value;
}

static void read_lines(const struct members *m, struct score *s)
{
    const json_t *list = member_list(m, "lines", OPTIONAL, MEMBER_LIST_MAX);
    size_t count = json_array_size(list);

    s->lines = count ? arena_alloc(m->arena, count * sizeof *s->lines) : NULL;
    s->line_count = count;
    for (size_t i = 0; i < count; i++) {
        struct members row;

        s->lines[i].what = "";
        if (!member_item(m, "lines", list, i, &row))
            continue;
        member_text(&row, "what", NEEDED, MEMBER_TEXT_MAX, &s->lines[i].what);
        member_number(&row, "share", NEEDED, -BIG, BIG, &s->lines[i].share);
    }
}

static void read_score(const struct members *judgement, const struct transcript *t,
                       struct score *s)
{
    static const char *const outcomes[] = { "not_solved", "open", "solved", NULL };
    struct members m;
    int outcome = OUTCOME_OPEN + 1;

    s->outcome_seq = -1;
    if (!member_object(judgement, "score", NEEDED, &m))
        return;
    member_bool(&m, "known", NEEDED, &s->known);
    if (s->known) {
        member_number(&m, "value", NEEDED, 0, 100, &s->value);
        s->low = s->high = s->value;
        member_number(&m, "low", OPTIONAL, 0, 100, &s->low);
        member_number(&m, "high", OPTIONAL, 0, 100, &s->high);
        if (!read_grade(&m, "grade", &s->grade) ||
            (member_given(&m, "grade_low") && !read_grade(&m, "grade_low", &s->grade_low)) ||
            (member_given(&m, "grade_high") && !read_grade(&m, "grade_high", &s->grade_high)))
            return;
        s->grade_low = s->grade_low ? s->grade_low : s->grade;
        s->grade_high = s->grade_high ? s->grade_high : s->grade;
        member_number(&m, "worst", OPTIONAL, -BIG, BIG, &s->worst);
        member_number(&m, "end", OPTIONAL, -BIG, BIG, &s->end);
        member_number(&m, "mean", OPTIONAL, -BIG, BIG, &s->mean);
        member_number(&m, "remembered", OPTIONAL, -BIG, BIG, &s->remembered);
        member_number(&m, "effort", OPTIONAL, 0, BIG, &s->effort);
        member_number(&m, "ces", NEEDED, 1, 7, &s->ces);
    }
    member_choice(&m, "outcome", OPTIONAL, outcomes, &outcome);
    s->outcome = outcome - 1;
    member_text(&m, "outcome_why", OPTIONAL, MEMBER_TEXT_MAX, &s->outcome_why);
    read_index(&m, "outcome_seq", OPTIONAL, t->count, &s->outcome_seq);
    member_bool(&m, "times_unknown", OPTIONAL, &s->times_unknown);
    read_lines(&m, s);
}

static void read_evidence(const struct members *m, const struct transcript *t,
                          struct finding *f)
{
    const json_t *list = member_list(m, "events", OPTIONAL, RESULT_FINDINGS_MAX);
    size_t count = json_array_size(list);

    f->events = count ? arena_alloc(m->arena, count * sizeof *f->events) : NULL;
    f->event_count = count;
    for (size_t i = 0; i < count; i++) {
        const json_t *j = json_array_get(list, i);

        if (!json_is_integer(j) || json_integer_value(j) < 0 ||
            json_integer_value(j) >= (json_int_t)t->count) {
            member_error(m, "events", "item %zu is no event of this journey", i);
            return;
        }
        f->events[i] = (int)json_integer_value(j);
    }
}

static const struct finding_row *read_kind(const struct members *m)
{
    const char *names[128];
    size_t count = 0;
    const char *kind = NULL;

    if (!member_text(m, "kind", NEEDED, MEMBER_TEXT_MAX, &kind))
        return NULL;
    if (finding_row_find(kind))
        return finding_row_find(kind);
    for (; count < finding_row_count && count < ARRAY_LEN(names); count++)
        names[count] = finding_rows[count].kind;

    const char *near = suggest(kind, names, count);

    member_error(m, "kind", "unknown finding \"%.60s\"%s%s%s", kind,
                 near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
    return NULL;
}

static void read_finding(const struct members *m, const struct transcript *t,
                         const struct judgement *j, struct finding *f)
{
    f->actual_us = f->allowed_us = DURATION_UNKNOWN;
    f->exchange = -1;
    f->confidence = 1;
    f->row = read_kind(m);
    member_text(m, "variant", OPTIONAL, MEMBER_TEXT_MAX, &f->variant);
    member_text(m, "event", OPTIONAL, MEMBER_TEXT_MAX, &f->event);
    member_text(m, "slot", OPTIONAL, MEMBER_TEXT_MAX, &f->slot);
    read_index(m, "seq", NEEDED, t->count, &f->seq);
    read_evidence(m, t, f);
    read_index(m, "exchange", OPTIONAL, j->exchange_count, &f->exchange);
    member_us(m, "actual_us", OPTIONAL, &f->actual_us);
    member_us(m, "allowed_us", OPTIONAL, &f->allowed_us);
    member_number(m, "confidence", OPTIONAL, 0, 1, &f->confidence);
    member_text(m, "say", OPTIONAL, MEMBER_TEXT_MAX, &f->say);
    member_text(m, "why", OPTIONAL, MEMBER_TEXT_MAX, &f->why);
    member_number(m, "loss", OPTIONAL, 0, 1, &f->loss);
    member_number(m, "share", OPTIONAL, -BIG, BIG, &f->share);
    member_number(m, "regain", OPTIONAL, -BIG, BIG, &f->regain);
}

static void read_findings(const struct members *m, const struct transcript *t,
                          struct judgement *j)
{
    const json_t *list = member_list(m, "findings", OPTIONAL, RESULT_FINDINGS_MAX);
    size_t count = json_array_size(list);

    j->findings.items = count ? arena_alloc(m->arena, count * sizeof *j->findings.items) : NULL;
    j->findings.count = j->findings.cap = count;
    for (size_t i = 0; i < count && m->diags->errors < MEMBER_ERRORS_MAX; i++) {
        struct members row;

        if (member_item(m, "findings", list, i, &row))
            read_finding(&row, t, j, &j->findings.items[i]);
    }
}

static void read_mark(const struct members *m, const struct transcript *t, struct mark *mark)
{
    static const char *const kinds[] = {
#define X(id, name, text) name,
        MARK_LIST(X)
#undef X
        NULL
    };
    int kind = 0;
    int64_t start = 0, end = 0;

    mark->within_us = DURATION_UNKNOWN;
    mark->confidence = 1;
    member_choice(m, "kind", NEEDED, kinds, &kind);
    mark->kind = (enum mark_kind)kind;
    read_index(m, "seq", NEEDED, t->count, &mark->seq);
    if (mark->seq >= 0) {
        int64_t length = (int64_t)strlen(t->events[mark->seq].text);

        member_int(m, "end", OPTIONAL, 0, length, &end);
        member_int(m, "start", OPTIONAL, 0, end, &start);
    }
    mark->start = (size_t)start;
    mark->end = (size_t)end;
    member_text(m, "slot", OPTIONAL, MEMBER_TEXT_MAX, &mark->slot);
    member_text(m, "value", OPTIONAL, MEMBER_TEXT_MAX, &mark->value);
    member_us(m, "within_us", OPTIONAL, &mark->within_us);
    member_bool(m, "boilerplate", OPTIONAL, &mark->boilerplate);
    member_number(m, "confidence", OPTIONAL, 0, 1, &mark->confidence);
    member_text(m, "rule", OPTIONAL, MEMBER_TEXT_MAX, &mark->rule);
}

static void read_marks(const struct members *m, const struct transcript *t, struct judgement *j)
{
    const json_t *list = member_list(m, "marks", OPTIONAL, RESULT_FINDINGS_MAX);
    size_t count = json_array_size(list);

    j->marks.items = count ? arena_alloc(m->arena, count * sizeof *j->marks.items) : NULL;
    j->marks.count = j->marks.cap = count;
    for (size_t i = 0; i < count && m->diags->errors < MEMBER_ERRORS_MAX; i++) {
        struct members row;

        if (member_item(m, "marks", list, i, &row))
            read_mark(&row, t, &j->marks.items[i]);
    }
}

static void read_waiting(const struct members *m, struct exchange *x)
{
    const json_t *list = member_list(m, "waiting", OPTIONAL, MEMBER_LIST_MAX);
    size_t count = json_array_size(list);

    x->waiting = count ? arena_alloc(m->arena, count * sizeof *x->waiting) : NULL;
    x->waiting_count = count;
    for (size_t i = 0; i < count; i++) {
        struct members row;

        if (!member_item(m, "waiting", list, i, &row))
            continue;
        member_us(&row, "t_us", NEEDED, &x->waiting[i].t_us);
        member_number(&row, "mood", NEEDED, -BIG, BIG, &x->waiting[i].mood);
    }
}

static void read_exchanges(const struct members *m, const struct transcript *t,
                           struct judgement *j)
{
    const json_t *list = member_list(m, "exchanges", OPTIONAL, RESULT_FINDINGS_MAX);
    size_t count = json_array_size(list);

    j->exchanges = count ? arena_alloc(m->arena, count * sizeof *j->exchanges) : NULL;
    j->exchange_count = count;
    for (size_t i = 0; i < count && m->diags->errors < MEMBER_ERRORS_MAX; i++) {
        struct exchange *x = &j->exchanges[i];
        struct members row;
        int family = FAMILY_COUNT;

        if (!member_item(m, "exchanges", list, i, &row))
            continue;
        x->wait_us = x->receipt_us = x->answer_us = DURATION_UNKNOWN;
        read_index(&row, "first_seq", NEEDED, t->count, &x->first_seq);
        read_index(&row, "last_seq", NEEDED, t->count, &x->last_seq);
        read_index(&row, "asked_seq", OPTIONAL, t->count, &x->asked_seq);
        read_index(&row, "answered_seq", OPTIONAL, t->count, &x->answered_seq);
        member_choice(&row, "family", OPTIONAL, family_names, &family);
        x->family = (enum channel_family)family;
        member_us(&row, "wait_us", OPTIONAL, &x->wait_us);
        member_us(&row, "receipt_us", OPTIONAL, &x->receipt_us);
        member_us(&row, "answer_us", OPTIONAL, &x->answer_us);
        member_number(&row, "loss", OPTIONAL, 0, 1, &x->loss);
        member_number(&row, "gain", OPTIONAL, 0, 1, &x->gain);
        member_number(&row, "m", OPTIONAL, -BIG, BIG, &x->m);
        x->m_after = x->m;
        member_number(&row, "m_after", OPTIONAL, -BIG, BIG, &x->m_after);
        member_number(&row, "mood", OPTIONAL, -BIG, BIG, &x->mood);
        read_waiting(&row, x);
    }
}

static struct judgement *read_judgement(const struct members *journey,
                                        const struct transcript *t)
{
    struct members m;

    if (!member_object(journey, "judgement", OPTIONAL, &m))
        return NULL;

    struct judgement *j = judgement_new();

    m.arena = j->arena;
    read_score(&m, t, &j->score);
    read_exchanges(&m, t, j);
    read_findings(&m, t, j);
    read_marks(&m, t, j);
    return j;
}

struct journey_result *journey_result_read(const struct members *m)
{
    struct journey_result *jr = mem_zero(1, sizeof *jr);
    int status = JOURNEY_NOT_TESTED;
    struct members own = *m;
    struct members header;

    if (!member_object(m, "transcript", NEEDED, &header) ||
        transcript_from_json(header.object, json_object_get(m->object, "events"), m->diags,
                             &jr->transcript)) {
        member_error(m, NULL, "its transcript cannot be read");
        free(jr);
        return NULL;
    }
    own.arena = jr->transcript->arena;
    member_choice(&own, "status", NEEDED, journey_status_names, &status);
    jr->status = (enum journey_status)status;
    member_texts(&own, "reasons", &jr->reasons, &jr->reason_count);
    member_us(&own, "duration_us", OPTIONAL, &jr->duration_us);
    member_int(&own, "place", OPTIONAL, 1, INT64_MAX, &jr->place);
    jr->judgement = read_judgement(&own, jr->transcript);
    return jr;
}
