/* The customer: answers what they are asked and know, repeats themselves when asked again (and
 * feels it), tells a fact only when asked, and leaves when it is too much. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/regex.h"
#include "harness/base/text.h"
#include "harness/play/journey.h"

enum { ASKS_MAX = 8, NUDGES_MAX = 2, CONFIRMS_MAX = 6 };

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
    struct reply r = { REPLY_SAY, NULL, -1 };

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
                return (struct reply){ REPLY_GIVE_UP,
                    arena_printf(j->arena, "asked for the %s %d times: left the chat", words,
                                 told->times), -1 };
            }
            text = phrase(j, before >= 0 ? "give_again" : "give", words, value);
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
        return (struct reply){ REPLY_GIVE_UP, arena_printf(j->arena,
            "the script's answer needs \"%s\", which the company never gave", missing), -1 };
    return (struct reply){ REPLY_SAY, text, -1 };
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

static struct reply not_understood(struct journey *j)
{
    if (j->talk.rephrased++ >= j->scenario->customer.patience.repeats)
        return (struct reply){ REPLY_GIVE_UP, arena_printf(j->arena,
            "not understood %d times: left the chat", j->talk.rephrased), -1 };

    const char *text = phrase(j, "rephrase", NULL, j->talk.opening);

    return (struct reply){ REPLY_SAY, text ? text : j->talk.opening, -1 };
}

/* Nothing was asked and the goal is not met: a person asks how it goes on, and then leaves. */
static struct reply nudge(struct journey *j)
{
    if (j->talk.nudged++ >= NUDGES_MAX)
        return (struct reply){ REPLY_GIVE_UP, "nothing more came of it: left the chat", -1 };

    const char *text = phrase(j, "nudge", NULL, NULL);

    return (struct reply){ REPLY_SAY, text ? text : "And how does it go on?", -1 };
}

struct reply customer_reply(struct journey *j)
{
    const struct step *s = journey_step(j);
    const struct reply met = { REPLY_MET, NULL, -1 }, unmet = { REPLY_UNMET, NULL, -1 };

    if (s->until == UNTIL_GOAL && journey_goal_met(j, j->talk.begin_seq))
        return met;

    const struct reply_rule *rule = matching_rule(j);

    if (rule)
        return scripted(j, rule);
    if (s->until == UNTIL_ONCE)
        return met;

    struct heard h = listen_back(j);

    if (h.ask_count)
        return answer(j, &h);
    if (h.confirms && j->talk.confirmed++ < CONFIRMS_MAX) {
        const char *text = phrase(j, "yes", NULL, NULL);

        return (struct reply){ REPLY_SAY, text ? text : "Yes.", -1 };
    }
    if (h.not_understood)
        return not_understood(j);
    if (h.hands_over)
        return (struct reply){ REPLY_LISTEN, NULL, -1 };
    if (s->until == UNTIL_ANSWER)
        return met;
    if (h.closes || h.anything_else)
        return s->until == UNTIL_END ? met : h.anything_else && !h.closes && !j->talk.nudged
                                             ? nudge(j) : unmet;
    if (h.refuses || h.pushes)
        return unmet;
    if (h.promises && !h.solves)
        return (struct reply){ REPLY_LISTEN, NULL, -1 };
    return nudge(j);
}
