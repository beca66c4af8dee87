/* A finished audit as JSON: scenarios/schema/result.schema.json describes it. */
#include "harness/model/json_out.h"
#include "harness/model/result.h"

static void write_grade(struct json_out *o, const char *key, char grade)
{
    json_out_text(o, key, (char[]){ grade, '\0' });
}

static void write_lines(struct json_out *o, const struct score *s)
{
    json_out_list(o, "lines");
    for (size_t i = 0; i < s->line_count; i++) {
        json_out_object(o, NULL);
        json_out_text(o, "what", s->lines[i].what);
        json_out_number(o, "share", s->lines[i].share);
        json_out_close(o);
    }
    json_out_close(o);
}

void score_write(struct json_out *o, const char *key, const struct score *s)
{
    json_out_object(o, key);
    json_out_bool(o, "known", s->known);
    if (s->known) {
        const struct { const char *key; double value; } numbers[] = {
            { "value", s->value }, { "low", s->low }, { "high", s->high },
            { "worst", s->worst }, { "end", s->end }, { "mean", s->mean },
            { "remembered", s->remembered }, { "effort", s->effort }, { "ces", s->ces },
        };

        json_out_whole(o, "rounded", score_rounded(s->value));
        write_grade(o, "grade", s->grade);
        write_grade(o, "grade_low", s->grade_low);
        write_grade(o, "grade_high", s->grade_high);
        for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
            json_out_number(o, numbers[i].key, numbers[i].value);
    }
    json_out_text(o, "outcome", outcome_name((enum outcome)s->outcome));
    json_out_text(o, "outcome_why", s->outcome_why);
    json_out_int(o, "outcome_seq", s->outcome_seq, -1);
    json_out_bool(o, "times_unknown", s->times_unknown);
    write_lines(o, s);
    json_out_close(o);
}

void finding_write_members(struct json_out *o, const struct finding *f)
{
    json_out_text(o, "kind", f->row->kind);
    json_out_text(o, "variant", f->variant);
    json_out_text(o, "title", f->row->title);
    json_out_bool(o, "good", f->row->good);
    json_out_text(o, "event", f->event);
    json_out_text(o, "slot", f->slot);
    json_out_whole(o, "seq", f->seq);
    json_out_list(o, "events");
    for (size_t i = 0; i < f->event_count; i++)
        json_out_whole(o, NULL, f->events[i]);
    json_out_close(o);
    json_out_int(o, "exchange", f->exchange, -1);
    json_out_int(o, "actual_us", f->actual_us, DURATION_UNKNOWN);
    json_out_int(o, "allowed_us", f->allowed_us, DURATION_UNKNOWN);
    json_out_number(o, "confidence", f->confidence);
    json_out_text(o, "say", f->say);
    json_out_text(o, "why", f->why);
    json_out_number(o, "loss", f->loss);
    json_out_number(o, "share", f->share);
    json_out_number(o, "regain", f->regain);
}

static void write_mark(struct json_out *o, const struct mark *m)
{
    json_out_object(o, NULL);
    json_out_text(o, "kind", mark_name(m->kind));
    json_out_whole(o, "seq", m->seq);
    json_out_whole(o, "start", (int64_t)m->start);
    json_out_whole(o, "end", (int64_t)m->end);
    json_out_text(o, "slot", m->slot);
    json_out_text(o, "value", m->value);
    json_out_int(o, "within_us", m->within_us, DURATION_UNKNOWN);
    if (m->boilerplate)
        json_out_bool(o, "boilerplate", true);
    json_out_number(o, "confidence", m->confidence);
    json_out_text(o, "rule", m->rule);
    json_out_close(o);
}

static void write_exchange(struct json_out *o, const struct exchange *x)
{
    json_out_object(o, NULL);
    json_out_whole(o, "first_seq", x->first_seq);
    json_out_whole(o, "last_seq", x->last_seq);
    json_out_int(o, "asked_seq", x->asked_seq, -1);
    json_out_int(o, "answered_seq", x->answered_seq, -1);
    if (x->family < FAMILY_COUNT)
        json_out_text(o, "family", family_names[x->family]);
    json_out_int(o, "wait_us", x->wait_us, DURATION_UNKNOWN);
    if (x->family != FAMILY_CHAT) {
        json_out_int(o, "receipt_us", x->receipt_us, DURATION_UNKNOWN);
        json_out_int(o, "answer_us", x->answer_us, DURATION_UNKNOWN);
    }
    json_out_number(o, "loss", x->loss);
    json_out_number(o, "gain", x->gain);
    json_out_number(o, "m", x->m);
    json_out_number(o, "m_after", x->m_after);
    json_out_number(o, "mood", x->mood);
    if (x->waiting_count)
        json_out_list(o, "waiting");
    for (size_t i = 0; i < x->waiting_count; i++) {
        json_out_object(o, NULL);
        json_out_whole(o, "t_us", x->waiting[i].t_us);
        json_out_number(o, "mood", x->waiting[i].mood);
        json_out_close(o);
    }
    if (x->waiting_count)
        json_out_close(o);
    json_out_close(o);
}

static void write_judgement(struct json_out *o, const struct judgement *j)
{
    json_out_object(o, "judgement");
    score_write(o, "score", &j->score);
    json_out_list(o, "findings");
    for (size_t i = 0; i < j->findings.count; i++) {
        json_out_object(o, NULL);
        finding_write_members(o, &j->findings.items[i]);
        json_out_close(o);
    }
    json_out_close(o);
    json_out_list(o, "exchanges");
    for (size_t i = 0; i < j->exchange_count; i++)
        write_exchange(o, &j->exchanges[i]);
    json_out_close(o);
    json_out_list(o, "marks");
    for (size_t i = 0; i < j->marks.count; i++)
        write_mark(o, &j->marks.items[i]);
    json_out_close(o);
    json_out_close(o);
}

void journey_result_write(struct json_out *o, const struct journey_result *jr)
{
    const struct transcript *t = jr->transcript;

    json_out_object(o, NULL);
    json_out_text(o, "journey", t->journey);
    json_out_text(o, "status", journey_status_names[jr->status]);
    json_out_texts(o, "reasons", jr->reasons, jr->reason_count);
    json_out_whole(o, "duration_us", jr->duration_us);
    json_out_int(o, "place", jr->place, 0);
    if (jr->judgement)
        write_judgement(o, jr->judgement);
    transcript_header_write(o, "transcript", t);
    json_out_list(o, "events");
    for (size_t i = 0; i < t->count; i++)
        event_write(o, &t->events[i]);
    json_out_close(o);
    json_out_close(o);
}

void result_head_write_members(struct json_out *o, const struct result *r)
{
    size_t n[JOURNEY_STATUS_COUNT];

    result_counts(r, n);
    json_out_whole(o, "result", RESULT_VERSION);
    json_out_text(o, "tool", r->tool);
    json_out_text(o, "started", r->started);
    json_out_text(o, "expectations", r->expectations);
    if (r->change_count)
        json_out_texts(o, "expectation_changes", r->changes, r->change_count);
    json_out_whole(o, "duration_us", r->duration_us);
    json_out_object(o, "counts");
    for (int i = 0; i < JOURNEY_STATUS_COUNT; i++)
        json_out_whole(o, journey_status_names[i], (int64_t)n[i]);
    json_out_close(o);
    json_out_texts(o, "left_out", r->left_out, r->left_out_count);
    json_out_int(o, "shard", r->shard, 0);
    json_out_int(o, "shards", r->shards, 0);
}
