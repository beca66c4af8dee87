/* Ending before the end: what runs may end, whoever is in a chat says goodbye there, and that was it. */
#include "harness/play/journey.h"

/* What is on its way is left to end, so that nobody has to wonder whether it arrived, and so is what a
 * customer is talking about. */
#define GRACE_US (5 * US_PER_S)
/* All goodbyes together. */
#define PARTING_US (2 * US_PER_S)

/* With a journal the conversation can go on later, from where it stands. */
static bool may_end(const struct journey *j)
{
    if (j->phase == PHASE_ACT)
        return !j->links && (j->in_doubt || !j->audit->keep);
    return j->phase == PHASE_TURN && !j->audit->keep;
}

void journey_stop(struct journey *j)
{
    int64_t now = loop_now(j->audit->o.loop);

    if (j->stopping)
        return;
    if (!may_end(j)) {
        journey_stop_now(j);
        return;
    }
    j->stopping = true;
    j->stop_by = now + GRACE_US;
    journey_timer(j, j->phase == PHASE_TURN ? j->timer_at - now : GRACE_US);
}

bool journey_out_of_time(const struct journey *j)
{
    return j->stopping && loop_now(j->audit->o.loop) >= j->stop_by;
}

/* No contact more than the run may make. */
static bool say_goodbye(struct journey *j, struct visit *v)
{
    const struct action a = { .verb = VERB_SAY, .text = customer_goodbye(j), .repeats_seq = -1 };

    v->step = (int)j->step;
    return common_contact(j->audit->common) && v->channel->act(v, &a) == ST_OK;
}

void journey_part(struct journey *j)
{
    while (j->parting < j->scenario->channel_count) {
        struct visit *v = j->visits[j->parting++];

        if (v && journey_is_talking(v) && say_goodbye(j, v))
            return;
    }
    journey_stopped(j);
}

void journey_stop_now(struct journey *j)
{
    const struct step *s = journey_step(j);

    if (j->phase == PHASE_OVER)
        return;
    if (j->phase == PHASE_LEAVING) {
        journey_gone(j);
        return;
    }
    if (j->phase == PHASE_PARTING || j->audit->keep) {
        journey_stopped(j);
        return;
    }
    /* Words that are stuck are not followed by others. */
    if (j->phase == PHASE_ACT && s->channel >= 0 && j->visits[s->channel])
        journey_fall_silent(j->visits[s->channel]);
    j->phase = PHASE_PARTING;
    j->stopping = true;
    j->stop_by = loop_now(j->audit->o.loop) + PARTING_US;
    journey_timer(j, PARTING_US);
    journey_part(j);
}
