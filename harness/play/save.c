/* A journey for the journal: what happened since it was asked last, and what it takes to go on. */
#include <stdlib.h>
#include <string.h>

#include "harness/model/json_out.h"
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

static void write_talk(struct json_out *o, const struct talk *t, int64_t started_at)
{
    json_out_object(o, "talk");
    json_out_whole(o, "begin_seq", t->begin_seq);
    json_out_whole(o, "turn_seq", t->turn_seq);
    json_out_whole(o, "sent_seq", t->sent_seq);
    json_out_whole(o, "sent_us", t->sent_at - started_at);
    json_out_whole(o, "turns", t->turns);
    json_out_whole(o, "rephrased", t->rephrased);
    json_out_whole(o, "nudged", t->nudged);
    json_out_whole(o, "confirmed", t->confirmed);
    json_out_whole(o, "humans", t->humans);
    json_out_whole(o, "refused", t->refused);
    json_out_whole(o, "same", t->same);
    json_out_whole(o, "leaving", t->leaving);
    json_out_whole(o, "repeated", t->repeated);
    json_out_text(o, "opening", t->opening);
    json_out_text(o, "told_last", t->told_last);
    json_out_list(o, "told");
    for (size_t i = 0; i < t->told_count; i++) {
        json_out_object(o, NULL);
        json_out_text(o, "slot", t->told[i].slot);
        json_out_whole(o, "seq", t->told[i].seq);
        json_out_whole(o, "times", t->told[i].times);
        json_out_close(o);
    }
    json_out_close(o);
    json_out_close(o);
}

static void write_state(struct json_out *o, const struct journey *j)
{
    json_out_object(o, NULL);
    json_out_whole(o, "started_us", j->audit->o.epoch_us + j->started_at);
    json_out_whole(o, "step", (int64_t)j->step);
    json_out_whole(o, "round", j->round);
    json_out_text(o, "phase", phase_names[j->phase]);
    json_out_whole(o, "step_seq", j->step_seq);
    json_out_whole(o, "sent_ok", (int64_t)j->sent_ok);
    json_out_whole(o, "from_us", j->wait_from - j->started_at);
    if (j->phase == PHASE_TURN && loop_is_shared(j->audit->o.loop))
        json_out_whole(o, "timer_us", j->timer_at - j->started_at);
    json_out_whole(o, "links_to", (int64_t)j->links_to);
    json_out_whole(o, "ending", j->ending);
    json_out_bool(o, "in_doubt", j->in_doubt);
    json_out_bool(o, "unknown", j->unknown);
    json_out_list(o, "consumed");
    for (size_t i = 0; i < j->consumed_count; i++)
        json_out_whole(o, NULL, j->consumed[i]);
    json_out_close(o);
    json_out_object(o, "captures");
    for (size_t i = 0; i < j->capture_count; i++)
        json_out_text(o, j->captures[i].name, j->captures[i].value);
    json_out_close(o);
    if (j->talk.opening)
        write_talk(o, &j->talk, j->started_at);
    if (j->phase == PHASE_ACT && j->saying) {
        json_out_object(o, "says");
        json_out_text(o, "text", j->saying);
        json_out_whole(o, "repeats_seq", j->saying_repeats);
        json_out_close(o);
    }
    json_out_close(o);
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
    CLEANUP(buf_release) struct buf text = BUF_INIT(TRANSCRIPT_MAX_BYTES);
    struct json_out o = json_out_line(&text);
    uint64_t sum;

    write_state(&o, j);
    sum = slice_sum(buf_slice(&text));
    if (sum != j->kept.state)
        kept_batch_add(b, &(struct kept_row){ .what = KEPT_PART, .journey = j->index,
                                              .name = "journey", .json = text.ptr });
    j->kept.state = sum;
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

static void collect_events(struct journey *j, struct kept_batch *b)
{
    const struct transcript *t = j->transcript;
    CLEANUP(buf_release) struct buf text = BUF_INIT(TRANSCRIPT_MAX_BYTES);
    struct json_out o = json_out_line(&text);

    if (!j->kept.begun) {
        transcript_header_write(&o, NULL, t);
        kept_batch_add(b, &(struct kept_row){ .what = KEPT_HEADER, .journey = j->index,
                                              .json = text.ptr });
    }
    j->kept.begun = true;
    for (; j->kept.events < t->count; j->kept.events++) {
        buf_clear(&text);
        o = json_out_line(&text);
        event_write(&o, &t->events[j->kept.events]);
        kept_batch_add(b, &(struct kept_row){ .what = KEPT_EVENT, .journey = j->index,
                                              .seq = (int)j->kept.events, .json = text.ptr });
    }
}

void journey_collect(struct journey *j, struct kept_batch *b)
{
    struct transcript *t = j->transcript;

    if (j->phase == PHASE_RESUMED)
        return;                   /* what the journal has is what it stands on */
    if (!j->kept.begun || j->kept.events < t->count)
        collect_events(j, b);
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
