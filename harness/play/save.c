/* A journey for the journal: what happened since it was asked last, and what it takes to go on. */
#include <stdlib.h>
#include <string.h>

#include "harness/play/journey.h"

static const char *const phase_names[] = {
    [PHASE_IDLE] = "idle", [PHASE_ACT] = "act", [PHASE_TURN] = "turn", [PHASE_WAIT] = "wait",
    [PHASE_PAUSE] = "pause", [PHASE_DIARY] = "diary", [PHASE_LEAVING] = "leaving",
    [PHASE_OVER] = "over", NULL,
};

enum phase journey_phase_named(const char *name)
{
    for (size_t i = 0; phase_names[i]; i++)
        if (name && !strcmp(phase_names[i], name))
            return (enum phase)i;
    return PHASE_OVER;
}

static void set(json_t *o, const char *key, int64_t value)
{
    json_object_set_new(o, key, json_integer(value));
}

static json_t *talk_json(const struct talk *t, int64_t started_at)
{
    json_t *o = json_object(), *told = json_array();

    set(o, "begin_seq", t->begin_seq);
    set(o, "turn_seq", t->turn_seq);
    set(o, "sent_seq", t->sent_seq);
    set(o, "sent_us", t->sent_at - started_at);
    set(o, "turns", t->turns);
    set(o, "rephrased", t->rephrased);
    set(o, "nudged", t->nudged);
    set(o, "confirmed", t->confirmed);
    set(o, "humans", t->humans);
    set(o, "refused", t->refused);
    set(o, "same", t->same);
    set(o, "leaving", t->leaving);
    set(o, "repeated", t->repeated);
    json_object_set_new(o, "opening", json_string(t->opening));
    if (t->told_last)
        json_object_set_new(o, "told_last", json_string(t->told_last));
    for (size_t i = 0; i < t->told_count; i++)
        json_array_append_new(told, json_pack("{s:s?, s:i, s:i}", "slot", t->told[i].slot, "seq",
                                              t->told[i].seq, "times", t->told[i].times));
    json_object_set_new(o, "told", told);
    return o;
}

static json_t *state_json(const struct journey *j)
{
    json_t *o = json_object(), *captures = json_object(), *consumed = json_array();

    set(o, "started_us", j->audit->o.epoch_us + j->started_at);
    set(o, "step", (int64_t)j->step);
    set(o, "round", j->round);
    json_object_set_new(o, "phase", json_string(phase_names[j->phase]));
    set(o, "step_seq", j->step_seq);
    set(o, "sent_ok", (int64_t)j->sent_ok);
    set(o, "from_us", j->wait_from - j->started_at);
    if (j->phase == PHASE_TURN && loop_is_shared(j->audit->o.loop))
        set(o, "timer_us", j->timer_at - j->started_at);
    set(o, "links_to", (int64_t)j->links_to);
    set(o, "ending", j->ending);
    json_object_set_new(o, "in_doubt", json_boolean(j->in_doubt));
    json_object_set_new(o, "unknown", json_boolean(j->unknown));
    for (size_t i = 0; i < j->consumed_count; i++)
        json_array_append_new(consumed, json_integer(j->consumed[i]));
    json_object_set_new(o, "consumed", consumed);
    for (size_t i = 0; i < j->capture_count; i++)
        json_object_set_new(captures, j->captures[i].name, json_string(j->captures[i].value));
    json_object_set_new(o, "captures", captures);
    if (j->talk.opening)
        json_object_set_new(o, "talk", talk_json(&j->talk, j->started_at));
    if (j->phase == PHASE_ACT && j->saying)
        json_object_set_new(o, "says", json_pack("{s:s, s:i}", "text", j->saying, "repeats_seq",
                                                 j->saying_repeats));
    return o;
}

static void add_json(struct kept_batch *b, struct kept_row row, json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT);

    row.json = text;
    if (text)
        kept_batch_add(b, &row);
    free(text);
    json_decref(value);
}

static void collect_state(struct journey *j, struct kept_batch *b)
{
    struct kept_row row = { .what = KEPT_PART, .journey = j->index, .name = "journey" };
    json_t *state = state_json(j);
    char *text = json_dumps(state, JSON_COMPACT);

    json_decref(state);
    if (!text || (j->kept.state && !strcmp(text, j->kept.state))) {
        free(text);
        return;
    }
    row.json = text;
    kept_batch_add(b, &row);
    free(j->kept.state);
    j->kept.state = text;
}

static void collect_visits(struct journey *j, struct kept_batch *b)
{
    for (size_t i = 0; i < j->scenario->channel_count; i++) {
        struct visit *v = j->visits[i];
        char *name;

        if (!v || !v->channel->save || !visit_changed(v))
            continue;
        name = mem_printf("visit %s", v->spec->name);
        add_json(b, (struct kept_row){ .what = KEPT_PART, .journey = j->index, .name = name },
                 v->channel->save(v));
        free(name);
    }
}

void journey_collect(struct journey *j, struct kept_batch *b)
{
    struct transcript *t = j->transcript;

    if (j->phase == PHASE_RESUMED)
        return;                   /* what the journal has is what it stands on */
    if (!j->kept.begun)
        add_json(b, (struct kept_row){ .what = KEPT_HEADER, .journey = j->index },
                 transcript_header_json(t));
    j->kept.begun = true;
    for (; j->kept.events < t->count; j->kept.events++)
        add_json(b, (struct kept_row){ .what = KEPT_EVENT, .journey = j->index,
                                       .seq = (int)j->kept.events },
                 event_json(&t->events[j->kept.events]));
    if (j->phase != PHASE_OVER) {
        collect_state(j, b);
        collect_visits(j, b);
    }
    if (j->kept.contacts != j->kept.contacts_kept)
        kept_batch_add(b, &(struct kept_row){ .what = KEPT_STATE, .journey = j->index,
                                              .status = KEPT_OPEN,
                                              .contacts = j->kept.contacts });
    j->kept.contacts_kept = j->kept.contacts;
}
