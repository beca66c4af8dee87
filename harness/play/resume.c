/* Going on with a journey that another process began: its transcript is what happened, the journal's
 * parts are where it stood. */
#include <stdlib.h>
#include <string.h>

#include "harness/play/journey.h"

static int64_t int_of(const json_t *o, const char *key, int64_t min, int64_t max)
{
    int64_t value = json_integer_value(json_object_get(o, key));

    return value < min ? min : value > max ? max : value;
}

static const char *text_of(struct journey *j, const json_t *o, const char *key)
{
    return arena_strdup(j->arena, json_string_value(json_object_get(o, key)));
}

static void restore_talk(struct journey *j, const json_t *o)
{
    const json_t *told = json_object_get(o, "told");
    int last = (int)j->transcript->count - 1;
    struct talk *t = &j->talk;

    if (!json_is_object(o))
        return;
    *t = (struct talk){
        .begin_seq = (int)int_of(o, "begin_seq", 0, last),
        .turn_seq = (int)int_of(o, "turn_seq", 0, last + 1),
        .sent_seq = (int)int_of(o, "sent_seq", -1, last),
        .sent_at = j->started_at + int_of(o, "sent_us", 0, INT64_MAX / 2),
        .turns = (int)int_of(o, "turns", 0, INT_MAX),
        .rephrased = (int)int_of(o, "rephrased", 0, INT_MAX),
        .nudged = (int)int_of(o, "nudged", 0, INT_MAX),
        .confirmed = (int)int_of(o, "confirmed", 0, INT_MAX),
        .humans = (int)int_of(o, "humans", 0, INT_MAX),
        .refused = (int)int_of(o, "refused", 0, INT_MAX),
        .same = (int)int_of(o, "same", 0, INT_MAX),
        .leaving = (int)int_of(o, "leaving", 0, 2),
        .repeated = (int)int_of(o, "repeated", 0, INT_MAX),
        .opening = text_of(j, o, "opening"),
        .told_last = text_of(j, o, "told_last"),
    };
    for (size_t i = 0; i < json_array_size(told); i++) {
        const json_t *one = json_array_get(told, i);
        const char *slot = text_of(j, one, "slot");

        if (!slot)
            continue;
        ARENA_GROW(j->arena, t->told, t->told_cap, t->told_count + 1);
        t->told[t->told_count++] = (struct told){
            slot, (int)int_of(one, "seq", -1, last), (int)int_of(one, "times", 0, INT_MAX),
        };
    }
}

static void restore_lists(struct journey *j, const json_t *o)
{
    json_t *consumed = json_object_get(o, "consumed"), *captures, *value;
    const char *name;

    for (size_t i = 0; i < json_array_size(consumed); i++) {
        ARENA_GROW(j->arena, j->consumed, j->consumed_cap, j->consumed_count + 1);
        j->consumed[j->consumed_count++] =
            (int)json_integer_value(json_array_get(consumed, i));
    }
    captures = json_object_get(o, "captures");
    json_object_foreach(captures, name, value)
        if (json_is_string(value))
            journey_capture(j, name, json_string_value(value));
}

/* The clocks: what they say now, and what they said when the journey began. A clock that was set
 * back meanwhile must not make the journey run backwards. */
static void restore_clock(struct journey *j, const json_t *o)
{
    const struct transcript *t = j->transcript;
    int64_t now = loop_now(j->audit->o.loop);
    int64_t elapsed = j->audit->o.epoch_us + now - json_integer_value(
                          json_object_get(o, "started_us"));
    int64_t last = t->count ? t->events[t->count - 1].t_us : 0;

    j->away_us = elapsed > last ? elapsed - last : 0;
    j->started_at = now - (elapsed > last ? elapsed : last);
}

static bool restore_state(struct journey *j, const json_t *o)
{
    const json_t *says = json_object_get(o, "says");
    int last = (int)j->transcript->count - 1;

    if (!json_is_object(o))
        return false;
    restore_clock(j, o);
    j->step = (size_t)int_of(o, "step", 0, (int64_t)j->scenario->steps.count - 1);
    j->round = int_of(o, "round", 0, INT64_MAX);
    j->resumed = journey_phase_named(json_string_value(json_object_get(o, "phase")));
    j->step_seq = (int)int_of(o, "step_seq", 0, last < 0 ? 0 : last);
    j->sent_ok = (size_t)int_of(o, "sent_ok", 0, INT_MAX);
    j->wait_from = j->started_at + json_integer_value(json_object_get(o, "from_us"));
    j->turn_until = j->started_at + json_integer_value(json_object_get(o, "timer_us"));
    j->links_to = (size_t)int_of(o, "links_to", 0, INT_MAX);
    j->ending = (int)int_of(o, "ending", 0, STEP_FAILED + 1);
    j->in_doubt = json_is_true(json_object_get(o, "in_doubt"));
    j->unknown = json_is_true(json_object_get(o, "unknown"));
    j->saying = text_of(j, says, "text");
    j->saying_repeats = (int)int_of(says, "repeats_seq", -1, last);
    restore_lists(j, o);
    restore_talk(j, json_object_get(o, "talk"));
    return j->resumed != PHASE_OVER;
}

static void restore_visits(struct journey *j, const json_t *parts)
{
    for (size_t i = 0; i < j->scenario->channel_count && !j->our_failed; i++) {
        const struct channel_spec *spec = &j->scenario->channels[i];
        char *name = mem_printf("visit %s", spec->name);
        const json_t *saved = json_object_get(parts, name);
        struct visit *v = saved ? journey_visit(j, (int)i) : NULL;

        free(name);
        if (v && v->channel->restore)
            v->channel->restore(v, saved);
    }
}

bool journey_restore(struct journey *j, struct transcript *t, const json_t *parts)
{
    transcript_free(j->transcript);
    j->transcript = t;
    j->kept.begun = true;
    j->kept.events = t->count;
    if (!restore_state(j, json_object_get(parts, "journey")))
        return false;
    j->phase = PHASE_RESUMED;
    for (size_t i = 0; i < t->count; i++)
        j->kept_evidence |= t->events[i].kind == EVENT_EVIDENCE;
    restore_visits(j, parts);
    return true;
}

/* On which foot it goes on */

void journey_unknown(struct journey *j)
{
    j->unknown = false;
    j->our_failed = true;
    journey_note(j, EVENT_FAILED, PARTY_HARNESS, "unknown",
                 "shopper was stopped while this was on its way: it may or may not have arrived, "
                 "and it is not sent again (`repeatable: true` on the step would)");
}

/* A form whose answer was lost: the receipt may still prove that it arrived. */
static bool may_be_proved(const struct journey *j)
{
    const struct step *s = journey_step(j);
    const struct expect *x = &s->expect;

    if (s->save.count || x->matches.count || x->contains.count || x->one_of.count ||
        x->language || x->within >= 0)
        return false;
    for (size_t i = j->step + 1; i < j->scenario->steps.count; i++) {
        const struct step *later = &j->scenario->steps.items[i];

        if (later->channel == s->channel)
            return false;         /* it goes on from a page that is lost */
        if (later->verb == VERB_WAIT)
            return j->scenario->channels[later->channel].family == FAMILY_EMAIL;
    }
    return false;
}

static void act_again(struct journey *j)
{
    struct action a = { .verb = VERB_SAY, .text = j->saying, .repeats_seq = j->saying_repeats };

    j->in_doubt = false;
    if (j->saying)
        journey_act(j, &a);
    else
        step_act(j);
}

/* The machine stopped between the words' leaving and what became of them. */
static void go_on_in_doubt(struct journey *j, enum channel_family family)
{
    const struct visit *v = j->visits[journey_step(j)->channel];

    if (family == FAMILY_EMAIL && v && v->channel->restore) {
        j->look_first = true;
        step_act(j);
        j->look_first = false;
    } else if (journey_step(j)->repeatable) {
        journey_note(j, EVENT_NOTE, PARTY_HARNESS, "repeated",
                     "shopper was stopped while this was on its way; it is repeatable, so it is "
                     "done again");
        act_again(j);
    } else if (family == FAMILY_CHAT && v && v->hears) {
        j->unknown = true;
        if (j->resumed == PHASE_ACT)
            conversation_sent(j, DONE_OK);
        else
            conversation_go_on(j);
    } else if (family == FAMILY_FORM && may_be_proved(j)) {
        j->unknown = true;
        j->sent_ok++;
        journey_end_step(j, STEP_MET);
    } else {
        journey_unknown(j);
        journey_end_step(j, STEP_FAILED);
    }
}

/* Nobody stays in a chat for hours while the other side is away; what happened then says nothing
 * about the company. */
static bool talk_is_over(struct journey *j)
{
    if (j->away_us <= journey_patience(j))
        return false;

    char *away = duration_text(j->away_us);

    journey_note(j, EVENT_FAILED, PARTY_HARNESS, "interrupted",
                 "shopper was stopped in the middle of this conversation, for %s: longer than "
                 "the customer would wait", away);
    free(away);
    j->our_failed = true;
    journey_end_step(j, STEP_FAILED);
    return true;
}

void journey_keep_late(struct journey *j, struct visit *v, const struct event *e, int64_t at_us)
{
    struct arena *a = j->arena;
    struct event kept = *e;

    kept.text = arena_strdup(a, e->text);
    kept.code = arena_strdup(a, e->code);
    kept.subject = arena_strdup(a, e->subject);
    kept.sender = arena_strdup(a, e->sender);
    kept.reply_address = arena_strdup(a, e->reply_address);
    kept.message_id = arena_strdup(a, e->message_id);
    kept.fields = arena_alloc(a, (e->field_count + 1) * sizeof *kept.fields);
    for (size_t i = 0; i < e->field_count; i++)
        kept.fields[i] = (struct named_text){ arena_strdup(a, e->fields[i].name),
                                              arena_strdup(a, e->fields[i].text) };
    ARENA_GROW(a, j->late, j->late_cap, j->late_count + 1);
    j->late[j->late_count] = (struct late){ v, kept, at_us, j->late_count };
    j->late_count++;
}

static int by_time(const void *a, const void *b)
{
    const struct late *x = a, *y = b;

    if (x->at_us != y->at_us)
        return x->at_us < y->at_us ? -1 : 1;
    return x->order < y->order ? -1 : 1;  /* of one second: as they lay in the mailbox */
}

/* What came while nobody played, in the order it came, as if somebody had. */
static void catch_up(struct journey *j)
{
    if (j->late_count)
        qsort(j->late, j->late_count, sizeof *j->late, by_time);
    for (size_t i = 0; i < j->late_count && j->phase != PHASE_OVER; i++) {
        const struct late *l = &j->late[i];

        if (j->phase == PHASE_WAIT)
            wait_is_over(j, l->at_us);
        if (j->phase != PHASE_OVER)
            visit_emit_past(l->visit, &l->event, l->at_us);
    }
    j->late_count = 0;
}

void journey_go_on(struct journey *j)
{
    const struct step *s = journey_step(j);
    enum channel_family family = s->channel >= 0 ? j->scenario->channels[s->channel].family
                                                 : FAMILY_COUNT;
    bool talks = family == FAMILY_CHAT && j->saying;

    if (j->our_failed) {          /* a mailbox that cannot be opened any more */
        journey_end_step(j, STEP_FAILED);
        return;
    }
    if (j->resumed == PHASE_LEAVING) {
        journey_gone(j);
        return;
    }
    j->phase = j->resumed;
    keep_changed(j->audit->keep, j);
    catch_up(j);
    if (j->phase != j->resumed || j->timer || j->links)
        return;                   /* what came has ended the step */
    if (j->ending) {              /* it was over but for a look at its links */
        journey_end_step(j, (enum step_result)(j->ending - 1));
        return;
    }
    switch (j->resumed) {
    case PHASE_ACT:
        if (talks && talk_is_over(j))
            break;
        if (j->in_doubt)
            go_on_in_doubt(j, family);
        else
            act_again(j);
        break;
    case PHASE_TURN:
        if (talk_is_over(j))
            break;
        if (j->in_doubt && !j->unknown)
            go_on_in_doubt(j, family);
        else
            conversation_go_on(j);
        break;
    case PHASE_WAIT: wait_go_on(j); break;
    case PHASE_PAUSE: pause_go_on(j); break;
    case PHASE_DIARY: diary_go_on(j); break;
    default:
        j->phase = PHASE_IDLE;
        step_begin(j);
    }
}
