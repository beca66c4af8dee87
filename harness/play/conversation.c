/* `say … until`: the turns of a conversation. What to say is customer.c's; when, is here. */
#include <stdlib.h>
#include <string.h>

#include "harness/play/journey.h"

/* So long a customer who has heard something waits for what is being typed. */
#define TYPING_US (10 * US_PER_S)

enum { TURNS_MAX = 40 };          /* a company that never stops asking ends in a finding, not a hang */

static struct visit *visit_of(const struct journey *j)
{
    return j->visits[journey_step(j)->channel];
}

static void say(struct journey *j, const char *text, int repeats_seq)
{
    struct action a = { .verb = VERB_SAY, .text = text, .repeats_seq = repeats_seq };

    timer_cancel(j->timer);
    j->timer = NULL;
    j->talk.turns++;
    j->talk.heard = false;
    j->talk.turn_seq = (int)j->transcript->count;
    j->saying = text;
    j->saying_repeats = repeats_seq;
    journey_act(j, &a);
}

/* A chat that the customer has left, and that no later step comes back to, is over for the company
 * too. */
static void leave(struct journey *j)
{
    int channel = journey_step(j)->channel;

    for (size_t i = j->step + 1; i < j->scenario->steps.count; i++)
        if (j->scenario->steps.items[i].channel == channel)
            return;
    if (j->round + 1 >= journey_step(j)->repeat)
        journey_leave(j, channel);
}

static void give_up(struct journey *j, const char *why)
{
    struct event e = event_init(EVENT_GAVE_UP, PARTY_CUSTOMER);

    e.step = (int)j->step;
    e.channel = j->scenario->channels[journey_step(j)->channel].name;
    e.code = wait_names[WAIT_MESSAGE];
    e.wait_us = loop_now(j->audit->o.loop) - j->talk.sent_at;
    e.text = why;
    journey_emit(j, &e);
    leave(j);
    journey_end_step(j, STEP_UNMET);
}

void conversation_begin(struct journey *j, const char *opening)
{
    j->talk = (struct talk){
        .begin_seq = j->step_seq, .sent_seq = -1, .opening = opening,
    };
    say(j, opening, -1);
}

static bool heard_since(const struct journey *j, int seq)
{
    const char *channel = visit_of(j)->spec->name;

    for (size_t i = (size_t)(seq + 1); i < j->transcript->count; i++) {
        const struct event *e = &j->transcript->events[i];

        if (e->from == PARTY_COMPANY && e->kind == EVENT_MESSAGE && e->channel &&
            !strcmp(e->channel, channel))
            return true;
    }
    return false;
}

static int last_sent(const struct journey *j)
{
    for (size_t i = j->transcript->count; i-- > 0;)
        if (j->transcript->events[i].kind == EVENT_SENT)
            return (int)i;
    return -1;
}

/* The channel broke or was closed: what counts is whether the customer has what they came for. */
static void broken_off(struct journey *j)
{
    bool met = (journey_step(j)->until == UNTIL_GOAL &&
                journey_goal_met(j, j->talk.begin_seq)) || j->talk.leaving == 1;

    journey_end_step(j, met ? STEP_MET : STEP_FAILED);
}

static void hear_out(struct journey *j)
{
    struct visit *v = visit_of(j);

    j->phase = PHASE_TURN;
    if (v->channel->listen)
        v->channel->listen(v);
    journey_timer(j, j->talk.heard || j->talk.leaving ? v->settle_us : journey_patience(j));
}

void conversation_sent(struct journey *j, enum done how)
{
    j->talk.sent_seq = last_sent(j);
    j->talk.sent_at = loop_now(j->audit->o.loop);
    if (how != DONE_OK) {
        broken_off(j);
        return;
    }
    j->talk.heard = heard_since(j, j->talk.sent_seq);
    hear_out(j);
}

void conversation_go_on(struct journey *j)
{
    struct loop *l = j->audit->o.loop;
    int64_t now = loop_now(l), left;

    j->phase = PHASE_TURN;
    if (!loop_is_shared(l))       /* which stood still */
        j->talk.sent_at += j->away_us;    /* nobody could hear then; it is no wait */
    j->talk.heard = heard_since(j, j->talk.sent_seq > j->talk.turn_seq - 1
                                       ? j->talk.sent_seq : j->talk.turn_seq - 1);
    left = loop_is_shared(l) && !j->unknown ? j->turn_until - now
           : j->talk.heard ? visit_of(j)->settle_us : j->talk.sent_at + journey_patience(j) - now;
    if (visit_of(j)->channel->listen)
        visit_of(j)->channel->listen(visit_of(j));
    journey_timer(j, left > 0 ? left : 0);
}

void conversation_message(struct journey *j, const struct event *e)
{
    if (e->from != PARTY_COMPANY)
        return;
    if (e->kind == EVENT_FAILED) {
        broken_off(j);
    } else if (e->kind == EVENT_MESSAGE) {
        j->talk.heard = true;
        journey_timer(j, visit_of(j)->settle_us);
    }
}

/* Their turn is not over yet; it is when nothing comes of it. */
void conversation_typing(struct journey *j)
{
    int64_t quiet = visit_of(j)->settle_us;

    if (j->talk.heard && !j->talk.leaving)
        journey_timer(j, quiet > TYPING_US ? quiet : TYPING_US);
}

void conversation_timer(struct journey *j)
{
    if (j->talk.leaving) {
        leave(j);
        journey_end_step(j, j->talk.leaving == 1 ? STEP_MET : STEP_UNMET);
        return;
    }
    if (!j->talk.heard) {
        int64_t waited = loop_now(j->audit->o.loop) - j->talk.sent_at;

        if (journey_out_of_time(j) && waited < journey_patience(j)) {
            journey_stop_now(j);
            return;
        }
        char *text = duration_text(waited);
        const char *why = arena_printf(j->arena, "no reply after %s: left the chat", text);

        free(text);
        give_up(j, why);
        return;
    }

    struct reply r = customer_reply(j);

    if (journey_out_of_time(j) && (r.kind == REPLY_SAY || r.kind == REPLY_LISTEN)) {
        journey_stop_now(j);
        return;
    }
    if (r.kind == REPLY_SAY && j->talk.turns >= TURNS_MAX)
        r = (struct reply){ .kind = REPLY_GIVE_UP, .repeats_seq = -1,
                            .text = "the conversation went nowhere: left the chat" };
    switch (r.kind) {
    case REPLY_SAY:
        j->talk.leaving = r.leaving;
        j->talk.told_last = r.told;
        say(j, r.text, r.repeats_seq);
        break;
    case REPLY_LISTEN:
        j->talk.turn_seq = (int)j->transcript->count;
        j->talk.heard = false;
        journey_timer(j, journey_patience(j));
        break;
    case REPLY_MET:
        journey_end_step(j, STEP_MET);
        break;
    case REPLY_UNMET:
        journey_end_step(j, STEP_UNMET);
        break;
    case REPLY_GIVE_UP:
        give_up(j, r.text);
        break;
    }
}
