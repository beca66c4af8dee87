/* The customer: answers what they are asked and know, repeats themselves when asked again (and
 * feels it), tells a fact only when asked, and leaves when it is too much. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/regex.h"
#include "harness/base/text.h"
#include "harness/play/choices.h"
#include "harness/play/journey.h"

enum { ASKS_MAX = 8, NUDGES_MAX = 2, CONFIRMS_MAX = 6, HUMANS_MAX = 2, REFUSED_MAX = 2 };

/* One turn of the company, read. */
struct heard {
    const char *asks[ASKS_MAX];           /* slots, each once; NULL slot = a question nobody knows */
    size_t ask_count;
    bool confirms, not_understood, hands_over, promises, anything_else, closes, refuses, pushes,
         solves;
};

static void add_ask(struct heard *h, const char *slot)
{
    for (size_t i = 0; i < h->ask_count; i++)
        if (slot ? h->asks[i] && !strcmp(h->asks[i], slot) : !h->asks[i])
            return;
    if (h->ask_count < ASKS_MAX)
        h->asks[h->ask_count++] = slot;
}

static void take_mark(struct heard *h, const struct mark *m)
{
    if (m->confidence < .5)
        return;
    switch (m->kind) {
    case MARK_ASKS: add_ask(h, m->slot); break;
    case MARK_CONFIRMS: h->confirms = true; break;
    case MARK_NOT_UNDERSTOOD: h->not_understood = true; break;
    case MARK_HANDS_OVER: h->hands_over = true; break;
    case MARK_PROMISES: h->promises = true; break;
    case MARK_ANYTHING_ELSE: h->anything_else = true; break;
    case MARK_CLOSES: h->closes = true; break;
    case MARK_REFUSES: h->refuses = true; break;
    case MARK_PUSHES: h->pushes = true; break;
    case MARK_SOLVES: h->solves = true; break;
    default: break;
    }
}

static bool said_here(const struct journey *j, const struct event *e)
{
    return e->from == PARTY_COMPANY && e->kind == EVENT_MESSAGE && e->channel &&
           !strcmp(e->channel, j->scenario->channels[journey_step(j)->channel].name);
}

static size_t turn_begin(const struct journey *j)
{
    int from = j->talk.turn_seq > j->talk.sent_seq ? j->talk.turn_seq : j->talk.sent_seq + 1;

    return (size_t)(from < 0 ? 0 : from);
}

static struct heard listen_back(struct journey *j)
{
    struct heard h = { 0 };

    for (size_t i = turn_begin(j); i < j->transcript->count; i++) {
        struct marks marks = { 0 };

        if (!said_here(j, &j->transcript->events[i]))
            continue;
        reader_read(j->audit->o.reader, j->transcript, (int)i, j->arena, &marks);
        for (size_t k = 0; k < marks.count; k++)
            take_mark(&h, &marks.items[k]);
    }
    return h;
}

/* Words */

static const char *language(struct journey *j)
{
    return journey_value(j, "customer.language");
}

static const char *phrase(struct journey *j, const char *key, const char *slot, const char *value)
{
    const struct named_text values[] = {
        { "slot", slot ? slot : "" },
        { "value", value ? value : "" },
        { "name", journey_value(j, "customer.name") ? journey_value(j, "customer.name") : "" },
    };
    uint64_t seed = j->audit->o.seed * 1000003u + j->number * 8191u + j->step * 131u +
                    (uint64_t)j->talk.turns * 17u;

    return reader_phrase(j->audit->o.reader, language(j), key, seed, values, ARRAY_LEN(values),
                         j->arena);
}

/* The value of a slot: `name` and `email` are the customer's own, the rest stands in `knows`. */
static const char *value_of(struct journey *j, const char *slot)
{
    const char *value = journey_value(j, arena_printf(j->arena, "customer.knows.%s", slot));

    if (value && *value)
        return value;
    if (!strcmp(slot, "name") || !strcmp(slot, "full_name"))
        return journey_value(j, "customer.name");
    if (!strcmp(slot, "email") || !strcmp(slot, "email_address"))
        return journey_value(j, "customer.email");
    if (!strcmp(slot, "reason") || !strcmp(slot, "problem") || !strcmp(slot, "question"))
        return j->talk.opening;
    return NULL;
}

static struct told *told_slot(struct journey *j, const char *slot)
{
    for (size_t i = 0; i < j->talk.told_count; i++)
        if (!strcmp(j->talk.told[i].slot, slot))
            return &j->talk.told[i];

    struct talk *t = &j->talk;

    ARENA_GROW(j->arena, t->told, t->told_cap, t->told_count + 1);
    t->told[t->told_count] = (struct told){ slot, -1, 0 };
    return &t->told[t->told_count++];
}

/* The earlier message in which the customer said this; -1 when they have not. */
static int said_before(const struct journey *j, const char *value)
{
    for (size_t i = 0; i < j->transcript->count; i++) {
        const struct event *e = &j->transcript->events[i];

        if (e->kind == EVENT_SENT && e->channel && strstr(e->text, value) &&
            !strcmp(e->channel, j->scenario->channels[journey_step(j)->channel].name))
            return (int)i;
    }
    return -1;
}

static const char *fallback_answer(struct journey *j, const char *value)
{
    return value ? arena_printf(j->arena, "%s.", value) : "I don't know.";
}

/* Answers to everything asked in this turn, in one message as a person writes it. */
static struct reply answer(struct journey *j, const struct heard *h)
{
    struct buf out = BUF_INIT(16384);
    struct reply r = { .kind = REPLY_SAY, .repeats_seq = -1 };

    for (size_t i = 0; i < h->ask_count; i++) {
        const char *slot = h->asks[i];
        const char *value = slot ? value_of(j, slot) : NULL;
        const char *words = slot ? reader_slot_words(j->audit->o.reader, language(j), slot,
                                                     j->arena) : "";
        const char *text;

        if (value) {
            struct told *told = told_slot(j, slot);
            int before = said_before(j, value);

            if (told->times++ > j->scenario->customer.patience.repeats) {
                buf_release(&out);
                return (struct reply){ .kind = REPLY_GIVE_UP, .repeats_seq = -1,
                    .text = arena_printf(j->arena, "asked for the %s %d times: left the chat",
                                         words, told->times) };
            }
            text = phrase(j, before >= 0 ? "give_again" : h->ask_count > 1 ? "give_several" : "give",
                          words, value);
            if (before >= 0)
                r.repeats_seq = before;
        } else {
            text = phrase(j, "unknown", words, NULL);
        }
        if (out.len)
            buf_addc(&out, ' ');
        buf_adds(&out, text ? text : fallback_answer(j, value));
    }
    r.text = arena_strndup(j->arena, out.ptr, out.len);
    buf_release(&out);
    return r;
}

static struct reply scripted(struct journey *j, const struct reply_rule *rule)
{
    const char *missing;
    const char *text = journey_render(j, rule->text, &missing);

    if (!text)
        return (struct reply){ .kind = REPLY_GIVE_UP, .repeats_seq = -1, .text = arena_printf(
            j->arena, "the script's answer needs \"%s\", which the company never gave", missing) };
    return (struct reply){ .kind = REPLY_SAY, .text = text, .repeats_seq = -1 };
}

/* `replies:` of the step override everything the customer would choose. Each answers once per
 * message that matches; the first rule in the scenario's order wins. */
static const struct reply_rule *matching_rule(const struct journey *j)
{
    const struct step *s = journey_step(j);

    for (size_t r = 0; r < s->replies.count; r++) {
        for (size_t i = turn_begin(j); i < j->transcript->count; i++) {
            const struct event *e = &j->transcript->events[i];

            if (said_here(j, e) && regex_search(s->replies.items[r].match.regex,
                                                slice_str(e->text), 0, NULL) == ST_OK)
                return &s->replies.items[r];
        }
    }
    return NULL;
}

static struct reply say_phrase(struct journey *j, const char *key, const char *value,
                               const char *otherwise)
{
    const char *text = phrase(j, key, NULL, value);

    return (struct reply){ .kind = REPLY_SAY, .text = text ? text : otherwise, .repeats_seq = -1 };
}

/* It gets no further like this. Some customers then ask for a person; the others leave. */
static struct reply no_further(struct journey *j, const char *why)
{
    if (journey_step(j)->human && j->talk.humans++ < HUMANS_MAX)
        return say_phrase(j, "human", NULL, "Can I talk to a person, please?");
    return (struct reply){ .kind = REPLY_GIVE_UP, .text = why, .repeats_seq = -1 };
}

/* Once in other words; whoever is not understood then either has tried. */
static struct reply not_understood(struct journey *j)
{
    if (j->talk.rephrased++ == 0)
        return say_phrase(j, "rephrase", j->talk.opening, j->talk.opening);
    return no_further(j, arena_printf(j->arena, "not understood %d times: left the chat",
                                      j->talk.rephrased));
}

/* Nothing was asked and the goal is not met: a person asks how it goes on, and then leaves. */
static struct reply nudge(struct journey *j)
{
    if (j->talk.nudged++ < NUDGES_MAX)
        return say_phrase(j, "nudge", NULL, "And how does it go on?");
    return no_further(j, "nothing more came of it: left the chat");
}

/* Buttons */

/* What the customer is asked and knows, if one of them says it. */
static const char *known_choice(struct journey *j, const struct heard *h, const struct offer *o)
{
    const char *choice = NULL;

    for (size_t i = 0; i < h->ask_count && !choice; i++)
        if (h->asks[i])
            choice = choices_nearest(o, value_of(j, h->asks[i]));
    return choice;
}

static bool knows_answer(struct journey *j, const struct heard *h)
{
    for (size_t i = 0; i < h->ask_count; i++)
        if (h->asks[i] && value_of(j, h->asks[i]))
            return true;
    return false;
}

/* The button a person would press; NULL: they would rather write. */
static const char *choose(struct journey *j, const struct heard *h)
{
    const struct pattern *goal = &j->scenario->goal.solved;
    const struct event *last = NULL;
    struct offer o;
    const char *choice;

    for (size_t i = turn_begin(j); i < j->transcript->count; i++)
        if (said_here(j, &j->transcript->events[i]) && j->transcript->events[i].field_count)
            last = &j->transcript->events[i];
    if (!last)
        return NULL;
    o = choices_offered(last);
    choice = known_choice(j, h, &o);
    if (!choice && knows_answer(j, h))
        return NULL;
    if (!choice && h->anything_else)
        choice = choices_beginning(&o, phrase(j, "no", NULL, NULL));
    if (!choice && journey_step(j)->human)
        choice = choices_nearest(&o, phrase(j, "human", NULL, NULL));
    if (!choice)
        choice = choices_nearest(&o, j->talk.opening);
    if (!choice)
        choice = choices_nearest(&o, goal->text);
    if (!choice)
        choice = choices_beginning(&o, phrase(j, "yes", NULL, NULL));
    if (!choice)
        choice = choices_nearest(&o, phrase(j, "other", NULL, NULL));
    return choice;
}

/* Nothing in it is what the customer wants: they say it once more, and then it is no use. */
static struct reply none_of_these(struct journey *j)
{
    if (j->talk.refused++ < REFUSED_MAX)
        return say_phrase(j, "rephrase", j->talk.opening, j->talk.opening);
    return no_further(j, "none of what was offered was it: left the chat");
}

static bool offers(const struct journey *j)
{
    for (size_t i = turn_begin(j); i < j->transcript->count; i++)
        if (said_here(j, &j->transcript->events[i]) &&
            choices_offered(&j->transcript->events[i]).count)
            return true;
    return false;
}

/* The same for ever */

static const struct event *last_heard(const struct journey *j, size_t before)
{
    for (size_t i = before; i-- > (size_t)j->talk.begin_seq;)
        if (said_here(j, &j->transcript->events[i]))
            return &j->transcript->events[i];
    return NULL;
}

/* How often in a row the company has said just what it says now. */
static int same_again(struct journey *j)
{
    const struct event *now = last_heard(j, j->transcript->count);
    const struct event *then = last_heard(j, turn_begin(j));

    j->talk.same = now && then && now->seq != then->seq && !strcmp(now->text, then->text)
                       ? j->talk.same + 1 : 0;
    return j->talk.same;
}

/* The last words, when the script wants them. */
static struct reply part(struct journey *j, const struct heard *h, struct reply r)
{
    bool content = r.kind == REPLY_MET;

    if (r.kind != REPLY_MET && r.kind != REPLY_UNMET)
        return r;
    if (!journey_step(j)->goodbye || h->closes)
        return r;
    r = h->anything_else ? say_phrase(j, "nothing_else", NULL, "No, that's all, thank you.")
                         : say_phrase(j, "goodbye", NULL, "Thank you, goodbye.");
    r.leaving = content ? 1 : 2;
    return r;
}

/* What comes of a turn in which nothing was asked. */
static struct reply carry_on(struct journey *j, const struct heard *h)
{
    const struct reply met = { .kind = REPLY_MET, .repeats_seq = -1 };
    const struct reply unmet = { .kind = REPLY_UNMET, .repeats_seq = -1 };
    const struct reply listen = { .kind = REPLY_LISTEN, .repeats_seq = -1 };
    const struct step *s = journey_step(j);

    if (h->hands_over)
        return listen;
    if (s->until == UNTIL_ANSWER)
        return met;
    if (h->closes || h->anything_else)
        return s->until == UNTIL_END ? met : h->anything_else && !h->closes && !j->talk.nudged
                                             ? nudge(j) : unmet;
    if (h->refuses || h->pushes)
        return s->human && j->talk.humans < HUMANS_MAX ? no_further(j, NULL) : unmet;
    if (h->promises && !h->solves)
        return listen;
    return nudge(j);
}

/* What to say to this turn, goodbye apart. */
static struct reply respond(struct journey *j, const struct heard *h)
{
    const char *choice = choose(j, h);
    int same = same_again(j);

    if (same > j->scenario->customer.patience.repeats && !knows_answer(j, h))
        return no_further(j, arena_printf(j->arena, "heard the same %d times: left the chat",
                                          same + 1));
    if (choice)
        return (struct reply){ .kind = REPLY_SAY, .text = choice, .repeats_seq = -1 };
    if (h->ask_count && (knows_answer(j, h) || !offers(j)))
        return answer(j, h);
    if (h->confirms && j->talk.confirmed++ < CONFIRMS_MAX)
        return say_phrase(j, "yes", NULL, "Yes.");
    if (h->not_understood)
        return not_understood(j);
    if (offers(j))
        return none_of_these(j);
    return carry_on(j, h);
}

struct reply customer_reply(struct journey *j)
{
    const struct step *s = journey_step(j);
    const struct reply met = { .kind = REPLY_MET, .repeats_seq = -1 };
    const bool goal = s->until == UNTIL_GOAL && journey_goal_met(j, j->talk.begin_seq);
    const struct reply_rule *rule = goal ? NULL : matching_rule(j);
    struct heard h;

    if (rule)
        return scripted(j, rule);
    if (s->until == UNTIL_ONCE && !s->goodbye)
        return met;
    h = listen_back(j);
    return part(j, &h, goal || s->until == UNTIL_ONCE ? met : respond(j, &h));
}
