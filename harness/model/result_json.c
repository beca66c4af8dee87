/* A finished audit as JSON: scenarios/schema/result.schema.json describes it. */
#include "harness/model/members.h"
#include "harness/model/result.h"

static json_t *grade_json(char grade)
{
    return json_stringn(&grade, 1);
}

static json_t *lines_json(const struct score *s)
{
    json_t *list = json_array();

    for (size_t i = 0; i < s->line_count; i++) {
        json_t *row = json_object();

        json_put_text(row, "what", s->lines[i].what);
        json_object_set_new(row, "share", json_number(s->lines[i].share));
        json_array_append_new(list, row);
    }
    return list;
}

static json_t *score_json(const struct score *s)
{
    json_t *j = json_object();

    json_object_set_new(j, "known", json_boolean(s->known));
    if (s->known) {
        const struct { const char *key; double value; } numbers[] = {
            { "value", s->value }, { "low", s->low }, { "high", s->high },
            { "worst", s->worst }, { "end", s->end }, { "mean", s->mean },
            { "remembered", s->remembered }, { "effort", s->effort }, { "ces", s->ces },
        };

        json_object_set_new(j, "rounded", json_integer(score_rounded(s->value)));
        json_object_set_new(j, "grade", grade_json(s->grade));
        json_object_set_new(j, "grade_low", grade_json(s->grade_low));
        json_object_set_new(j, "grade_high", grade_json(s->grade_high));
        for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
            json_object_set_new(j, numbers[i].key, json_number(numbers[i].value));
    }
    json_put_text(j, "outcome", outcome_name((enum outcome)s->outcome));
    json_put_text(j, "outcome_why", s->outcome_why);
    json_put_int(j, "outcome_seq", s->outcome_seq, -1);
    json_object_set_new(j, "times_unknown", json_boolean(s->times_unknown));
    json_object_set_new(j, "lines", lines_json(s));
    return j;
}

static json_t *finding_json(const struct finding *f)
{
    json_t *j = json_object(), *events = json_array();

    json_put_text(j, "kind", f->row->kind);
    json_put_text(j, "variant", f->variant);
    json_put_text(j, "title", f->row->title);
    json_object_set_new(j, "good", json_boolean(f->row->good));
    json_put_text(j, "event", f->event);
    json_put_text(j, "slot", f->slot);
    json_object_set_new(j, "seq", json_integer(f->seq));
    for (size_t i = 0; i < f->event_count; i++)
        json_array_append_new(events, json_integer(f->events[i]));
    json_object_set_new(j, "events", events);
    json_put_int(j, "exchange", f->exchange, -1);
    json_put_int(j, "actual_us", f->actual_us, DURATION_UNKNOWN);
    json_put_int(j, "allowed_us", f->allowed_us, DURATION_UNKNOWN);
    json_object_set_new(j, "confidence", json_number(f->confidence));
    json_put_text(j, "say", f->say);
    json_put_text(j, "why", f->why);
    json_object_set_new(j, "loss", json_number(f->loss));
    json_object_set_new(j, "share", json_number(f->share));
    json_object_set_new(j, "regain", json_number(f->regain));
    return j;
}

static json_t *mark_json(const struct mark *m)
{
    json_t *j = json_object();

    json_put_text(j, "kind", mark_name(m->kind));
    json_object_set_new(j, "seq", json_integer(m->seq));
    json_object_set_new(j, "start", json_integer((json_int_t)m->start));
    json_object_set_new(j, "end", json_integer((json_int_t)m->end));
    json_put_text(j, "slot", m->slot);
    json_put_text(j, "value", m->value);
    json_put_int(j, "within_us", m->within_us, DURATION_UNKNOWN);
    if (m->boilerplate)
        json_object_set_new(j, "boilerplate", json_true());
    json_object_set_new(j, "confidence", json_number(m->confidence));
    json_put_text(j, "rule", m->rule);
    return j;
}

static json_t *waiting_json(const struct exchange *x)
{
    json_t *list = json_array();

    for (size_t i = 0; i < x->waiting_count; i++) {
        json_t *row = json_object();

        json_object_set_new(row, "t_us", json_integer(x->waiting[i].t_us));
        json_object_set_new(row, "mood", json_number(x->waiting[i].mood));
        json_array_append_new(list, row);
    }
    return list;
}

static json_t *exchange_json(const struct exchange *x)
{
    json_t *j = json_object();

    json_object_set_new(j, "first_seq", json_integer(x->first_seq));
    json_object_set_new(j, "last_seq", json_integer(x->last_seq));
    json_put_int(j, "asked_seq", x->asked_seq, -1);
    json_put_int(j, "answered_seq", x->answered_seq, -1);
    if (x->family < FAMILY_COUNT)
        json_put_text(j, "family", family_names[x->family]);
    json_put_int(j, "wait_us", x->wait_us, DURATION_UNKNOWN);
    if (x->family != FAMILY_CHAT) {
        json_put_int(j, "receipt_us", x->receipt_us, DURATION_UNKNOWN);
        json_put_int(j, "answer_us", x->answer_us, DURATION_UNKNOWN);
    }
    json_object_set_new(j, "loss", json_number(x->loss));
    json_object_set_new(j, "gain", json_number(x->gain));
    json_object_set_new(j, "m", json_number(x->m));
    json_object_set_new(j, "m_after", json_number(x->m_after));
    json_object_set_new(j, "mood", json_number(x->mood));
    if (x->waiting_count)
        json_object_set_new(j, "waiting", waiting_json(x));
    return j;
}

static json_t *judgement_json(const struct judgement *j)
{
    json_t *out = json_object(), *findings = json_array(), *marks = json_array(),
           *exchanges = json_array();

    for (size_t i = 0; i < j->findings.count; i++)
        json_array_append_new(findings, finding_json(&j->findings.items[i]));
    for (size_t i = 0; i < j->exchange_count; i++)
        json_array_append_new(exchanges, exchange_json(&j->exchanges[i]));
    for (size_t i = 0; i < j->marks.count; i++)
        json_array_append_new(marks, mark_json(&j->marks.items[i]));
    json_object_set_new(out, "score", score_json(&j->score));
    json_object_set_new(out, "findings", findings);
    json_object_set_new(out, "exchanges", exchanges);
    json_object_set_new(out, "marks", marks);
    return out;
}

json_t *journey_result_json(const struct journey_result *jr)
{
    json_t *j = json_object(), *events = json_array();
    const struct transcript *t = jr->transcript;

    for (size_t i = 0; i < t->count; i++)
        json_array_append_new(events, event_json(&t->events[i]));
    json_put_text(j, "journey", t->journey);
    json_put_text(j, "status", journey_status_names[jr->status]);
    json_object_set_new(j, "reasons", json_texts(jr->reasons, jr->reason_count));
    json_object_set_new(j, "duration_us", json_integer(jr->duration_us));
    json_put_int(j, "place", jr->place, 0);
    if (jr->judgement)
        json_object_set_new(j, "judgement", judgement_json(jr->judgement));
    json_object_set_new(j, "transcript", transcript_header_json(t));
    json_object_set_new(j, "events", events);
    return j;
}

json_t *result_head_json(const struct result *r)
{
    json_t *j = json_object(), *counts = json_object();
    size_t n[JOURNEY_STATUS_COUNT];

    result_counts(r, n);
    for (int i = 0; i < JOURNEY_STATUS_COUNT; i++)
        json_object_set_new(counts, journey_status_names[i], json_integer((json_int_t)n[i]));
    json_object_set_new(j, "result", json_integer(RESULT_VERSION));
    json_put_text(j, "tool", r->tool);
    json_put_text(j, "started", r->started);
    json_put_text(j, "expectations", r->expectations);
    if (r->change_count)
        json_object_set_new(j, "expectation_changes", json_texts(r->changes, r->change_count));
    json_object_set_new(j, "duration_us", json_integer(r->duration_us));
    json_object_set_new(j, "counts", counts);
    json_object_set_new(j, "left_out", json_texts(r->left_out, r->left_out_count));
    json_put_int(j, "shard", r->shard, 0);
    json_put_int(j, "shards", r->shards, 0);
    return j;
}
