/* The customer: answers what they are asked and know, repeats themselves when asked again (and
 * feels it), tells a fact only when asked, and leaves when it is too much. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/regex.h"
#include "harness/base/text.h"
#include "harness/play/choices.h"
#include "harness/play/dates.h"
#include "harness/play/hear.h"

enum { KNOWN_MIN_BYTES = 4, NUDGES_MAX = 2, CONFIRMS_MAX = 6, HUMANS_MAX = 2, REFUSED_MAX = 2 };

/* Words */

static const char *language(struct journey *j)
{
    return journey_value(j, "customer.language");
}

/* A sentence as it is written: a capital at its beginning, one full stop at its end. */
static const char *tidied(char *text)
{
    size_t len = strlen(text);

    *text = (char)toupper((unsigned char)*text);
    if (len > 2 && text[len - 1] == '.' && strchr(".!?", text[len - 2]) && text[len - 3] != '.')
        text[len - 1] = '\0';
    return text;
}

/** Words of a slot or a value are for the phrases that have a place for them. */
struct about {
    const char *slot, *value;
    bool own;                     /* something of the customer's: "my order number" */
};

static const char *phrase(struct journey *j, const char *key, struct about about)
{
    const char *slot = about.slot ? about.slot : "";
    const struct named_text values[] = {
        { "slot", slot },
        { "own", about.own ? slot : "" },
        { "value", about.value ? about.value : "" },
        { "name", journey_value(j, "customer.name") ? journey_value(j, "customer.name") : "" },
    };
    uint64_t seed = j->audit->o.seed * 1000003u + j->number * 8191u + j->step * 131u +
                    (uint64_t)j->talk.turns * 17u;
    const char *text = reader_phrase(j->audit->o.reader, language(j), key, seed, values,
                                     ARRAY_LEN(values), j->arena);

    return text ? tidied(arena_strdup(j->arena, text)) : NULL;
}

static const char *phrase_alone(struct journey *j, const char *key)
{
    return phrase(j, key, (struct about){ NULL, NULL, false });
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

/* A fact that is yes or no is told as that. */
static bool is_yes_or_no(struct journey *j, const char *value)
{
    const struct question_words w = hear_words(j);

    return questions_is(&w, "yes", slice_str(value)) || questions_is(&w, "no", slice_str(value));
}

static bool is_own(struct journey *j, const char *slot)
{
    const struct lexicon_slot *s = reader_slot(j->audit->o.reader, language(j), slot);

    return s && s->fixed;
}

/** A date in the form that the company names for it; else as it is. */
static const char *as_wanted(struct journey *j, const struct heard *h, const char *value)
{
    const struct question_words w = hear_words(j);
    const char *formed = value && h->date_form ? dates_as_asked(&w, h->date_form, value, j->arena)
                                               : NULL;

    return formed ? formed : value;
}

/** What they came with, once more. */
static const char *restated(struct journey *j)
{
    const char *text = phrase(j, "restate", (struct about){ NULL, j->talk.opening, false });

    return text ? text : j->talk.opening;
}

/** What is said to one thing asked for. @param before  where it was said before; -1 nowhere. */
static const char *answer_one(struct journey *j, const struct heard *h, size_t i,
                              const char *value, int before)
{
    const struct asked *ask = &h->asks[i];
    bool several = h->ask_count > 1;
    bool request = (!ask->slot && h->question.kind == QUESTION_REQUEST) ||
                   (!value && h->question.kind == QUESTION_ATTACH);
    const struct about about = { several && ask->slot && !ask->words
                                     ? reader_slot_words(j->audit->o.reader, language(j), ask->slot,
                                                         j->arena) : ask->words,
                                 value, ask->slot && is_own(j, ask->slot) };
    const char *text;

    if (value && is_yes_or_no(j, value))
        return tidied(arena_printf(j->arena, "%s.", value));
    if (value && value == j->talk.opening)
        return restated(j);
    if (!several && value && (h->bare || as_wanted(j, h, value) != value))
        return as_wanted(j, h, value);
    text = phrase(j, request ? "can_not" : !value ? "unknown" : before >= 0 ? "give_again"
                     : several ? "give_several" : "give", about);
    return text ? text : fallback_answer(j, value);
}

static struct reply asked_too_often(struct journey *j, const struct asked *ask, int times)
{
    const char *words = reader_slot_words(j->audit->o.reader, language(j), ask->slot, j->arena);

    return (struct reply){ .kind = REPLY_GIVE_UP, .repeats_seq = -1,
                           .text = arena_printf(j->arena, "asked for the %s %d times: left the chat",
                                                words, times) };
}

/* Answers to everything asked in this turn, in one message as a person writes it. */
static struct reply answer(struct journey *j, const struct heard *h)
{
    CLEANUP(buf_release) struct buf out = BUF_INIT(16384);
    CLEANUP(buf_release) struct buf told = BUF_INIT(16384);
    struct reply r = { .kind = REPLY_SAY, .repeats_seq = -1 };

    for (size_t i = 0; i < h->ask_count; i++) {
        const struct asked *ask = &h->asks[i];
        const char *value = ask->slot ? hear_value(j, ask->slot) : NULL;
        struct told *times = value ? told_slot(j, ask->slot) : NULL;
        int before = value ? said_before(j, value) : -1;

        if (times && times->times++ > j->scenario->customer.patience.repeats)
            return asked_too_often(j, ask, times->times);
        if (before >= 0)
            r.repeats_seq = before;
        if (value)
            buf_addf(&told, "%s%s", told.len ? ", " : "", as_wanted(j, h, value));
        buf_addf(&out, "%s%s", out.len ? " " : "",
                 answer_one(j, h, i, h->ask_count > 1 ? as_wanted(j, h, value) : value, before));
    }
    r.text = arena_strndup(j->arena, out.ptr, out.len);
    r.told = told.len ? arena_strndup(j->arena, told.ptr, told.len) : NULL;
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
        for (size_t i = hear_begin(j); i < j->transcript->count; i++) {
            const struct event *e = &j->transcript->events[i];

            if (hear_is_company(j, e) && regex_search(s->replies.items[r].match.regex,
                                                slice_str(e->text), 0, NULL) == ST_OK)
                return &s->replies.items[r];
        }
    }
    return NULL;
}

static struct reply say_phrase(struct journey *j, const char *key, const char *value,
                               const char *otherwise)
{
    const char *text = phrase(j, key, (struct about){ NULL, value, false });

    return (struct reply){ .kind = REPLY_SAY, .text = text ? text : otherwise, .repeats_seq = -1 };
}

/* It gets no further like this. Some customers then ask for a person; the others leave. */
static struct reply no_further(struct journey *j, const char *why)
{
    if (journey_step(j)->human && j->talk.humans++ < HUMANS_MAX)
        return say_phrase(j, "human", NULL, "Can I talk to a person, please?");
    return (struct reply){ .kind = REPLY_GIVE_UP, .text = why, .repeats_seq = -1 };
}

/* Once in other words; whoever is not understood then either has tried. What was told to a question is
 * said again: there are no other words for a number. */
static struct reply not_understood(struct journey *j, const struct heard *h)
{
    if (j->talk.told_last && j->talk.repeated++ <= j->scenario->customer.patience.repeats) {
        struct reply r = say_phrase(j, "say_again", j->talk.told_last, j->talk.told_last);

        if (h->bare)
            r.text = j->talk.told_last;
        r.told = j->talk.told_last;
        r.repeats_seq = said_before(j, r.told);
        return r;
    }
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
    const struct question_words w = hear_words(j);
    const char *choice = NULL;

    for (size_t i = 0; i < h->ask_count && !choice; i++)
        if (h->asks[i].slot)
            choice = choices_nearest(&w, o, hear_value(j, h->asks[i].slot));
    return choice;
}

static bool knows_answer(struct journey *j, const struct heard *h)
{
    for (size_t i = 0; i < h->ask_count; i++)
        if (h->asks[i].slot && hear_value(j, h->asks[i].slot))
            return true;
    return false;
}

/* The buttons of this turn, or else what its last message lists. */
static struct offer offered(struct journey *j, bool *buttons)
{
    const struct question_words w = hear_words(j);
    const struct event *last = NULL;

    *buttons = false;
    for (size_t i = j->transcript->count; i-- > hear_begin(j);) {
        const struct event *e = &j->transcript->events[i];

        if (!hear_is_company(j, e))
            continue;
        if (choices_offered(e).count) {
            *buttons = true;
            return choices_offered(e);
        }
        last = last ? last : e;
    }
    return last ? choices_written(&w, last->text, j->arena) : (struct offer){ .count = 0 };
}

/* "Deutsch", for who is asked which language they speak. */
static const char *own_language(struct journey *j)
{
    const struct lexicons all = reader_lexicons(j->audit->o.reader);

    for (size_t i = 0; i < all.count; i++)
        if (!strcmp(all.items[i]->language, language(j)))
            return all.items[i]->title;
    return NULL;
}

/* The choice a person would make; NULL: they would rather write. */
static const char *choose(struct journey *j, const struct heard *h, const struct offer *o)
{
    const struct question_words w = hear_words(j);
    const char *choice = known_choice(j, h, o);

    if (!choice && knows_answer(j, h))
        return NULL;
    if (!choice && (h->anything_else || h->wrong || h->question.kind == QUESTION_HELPED))
        choice = choices_beginning(o, phrase_alone(j, "no"));
    if (!choice && journey_step(j)->human)
        choice = choices_nearest(&w, o, phrase_alone(j, "human"));
    if (!choice)
        choice = choices_nearest(&w, o, j->talk.opening);
    if (!choice)
        choice = choices_nearest(&w, o, j->scenario->goal.solved.text);
    if (!choice)
        choice = choices_nearest(&w, o, own_language(j));
    if (!choice && choices_all_begin(o, &w, "choose"))
        choice = o->items[0];     /* a card each: "Select ICE 512" */
    if (!choice)
        choice = choices_beginning(o, phrase_alone(j, "yes"));
    if (!choice)
        choice = choices_nearest(&w, o, phrase_alone(j, "other"));
    if (!choice && (h->question.kind == QUESTION_YES_NO || h->question.kind == QUESTION_OFFER))
        choice = choices_not_beginning(o, &w, "no");      /* "I agree" */
    if (!choice && o->count == 1)
        choice = o->items[0];     /* "Start" */
    return choice ? choices_say(o, choice) : NULL;
}

/* Nothing in it is what the customer wants: they say it once more, and then it is no use. */
static struct reply none_of_these(struct journey *j)
{
    if (j->talk.refused++ < REFUSED_MAX)
        return say_phrase(j, "rephrase", j->talk.opening, j->talk.opening);
    return no_further(j, "none of what was offered was it: left the chat");
}

/* Questions for no fact */

/* The one that is nearer to what they came for, what they want, what they know; else the last. */
static const char *rather(struct journey *j, const struct question *q)
{
    const struct question_words w = hear_words(j);
    const struct offer o = { .items = { q->options[0], q->options[1] }, .count = 2 };
    const struct customer *c = &j->scenario->customer;
    const char *choice = choices_nearest(&w, &o, j->talk.opening);

    if (!choice)
        choice = choices_nearest(&w, &o, j->scenario->goal.solved.text);
    for (size_t i = 0; i < c->knows.count && !choice; i++)
        choice = choices_nearest(&w, &o, hear_value(j, c->knows.items[i].name));
    return choice ? choice : q->options[1];
}

/** A fact of the customer's that stands in what the company just said: which of the two orders. */
static const char *known_there(struct journey *j)
{
    const struct customer *c = &j->scenario->customer;

    for (size_t i = hear_begin(j); i < j->transcript->count; i++) {
        const struct event *e = &j->transcript->events[i];

        for (size_t k = 0; k < c->knows.count && hear_is_company(j, e); k++) {
            const char *value = hear_value(j, c->knows.items[k].name);

            if (value && strlen(value) >= KNOWN_MIN_BYTES && strstr(e->text, value))
                return value;
        }
    }
    return NULL;
}

/* Yes or no, the one or the other. False: that is not what was asked. */
static bool answer_question(struct journey *j, const struct heard *h, struct reply *r)
{
    static const struct { enum question_kind kind; const char *key, *otherwise; } rows[] = {
        { QUESTION_YES_NO, "agree", "Yes." },
        { QUESTION_OFFER, "accept", "Yes, please." },
        { QUESTION_HELPED, "not_yet", "No, not yet." },
        { QUESTION_EITHER, "first", "The first one, please." },
        { QUESTION_OPEN, "unknown", "I don't know." },
        { QUESTION_COURTESY, "fine", "Fine, thank you." },
        { QUESTION_ATTACH, "can_not", "Sorry, I can't do that here." },
        { QUESTION_DONE, "done", "I've done that now." },
    };
    const struct question *q = &h->question;

    if ((h->anything_else && q->kind != QUESTION_BEGIN) || h->closes || h->pushes ||
        j->talk.confirmed >= CONFIRMS_MAX ||
        (q->kind == QUESTION_HELPED && journey_step(j)->until != UNTIL_GOAL))
        return false;
    if (q->kind == QUESTION_BEGIN && j->talk.turns == 1) {
        *r = (struct reply){ .kind = REPLY_SAY, .text = restated(j) };
        r->repeats_seq = j->talk.sent_seq;
        return true;
    }
    if (q->kind == QUESTION_OPEN && known_there(j)) {
        *r = say_phrase(j, "rather", known_there(j), known_there(j));
        return true;
    }
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (rows[i].kind != q->kind)
            continue;
        j->talk.confirmed++;
        *r = q->kind == QUESTION_EITHER && q->options[1]
                 ? say_phrase(j, "rather", rather(j, q), rather(j, q))
                 : say_phrase(j, rows[i].key, NULL, rows[i].otherwise);
        return true;
    }
    return false;
}

/* What they came with is no answer for who did not understand it, or has other things to offer. */
static void forget_opening(struct journey *j, struct heard *h)
{
    size_t kept = 0;

    for (size_t i = 0; i < h->ask_count; i++)
        if (!h->asks[i].slot || hear_value(j, h->asks[i].slot) != j->talk.opening)
            h->asks[kept++] = h->asks[i];
    h->ask_count = kept;
}

/* Nothing of it has a name; or it has, and the question is which of two. */
static bool asks_no_fact(const struct heard *h)
{
    for (size_t i = 0; i < h->ask_count; i++)
        if (h->asks[i].slot && h->question.kind != QUESTION_EITHER)
            return false;
    return true;
}

static struct reply confirm(struct journey *j, const struct heard *h)
{
    return h->wrong ? say_phrase(j, "correct", hear_value(j, h->wrong), "No.")
                    : say_phrase(j, "yes", NULL, "Yes.");
}

/* The same for ever */

static const struct event *last_heard(const struct journey *j, size_t before)
{
    for (size_t i = before; i-- > (size_t)j->talk.begin_seq;)
        if (hear_is_company(j, &j->transcript->events[i]))
            return &j->transcript->events[i];
    return NULL;
}

/* How often in a row the company has said just what it says now. */
static int same_again(struct journey *j)
{
    const struct event *now = last_heard(j, j->transcript->count);
    const struct event *then = last_heard(j, hear_begin(j));

    j->talk.same = now && then && now->seq != then->seq && !strcmp(now->text, then->text)
                       ? j->talk.same + 1 : 0;
    return j->talk.same;
}

const char *customer_goodbye(struct journey *j)
{
    return say_phrase(j, "goodbye", NULL, "Thank you, goodbye.").text;
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

    if (h->hands_over || (h->waits && h->question.kind == QUESTION_NONE))
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
static struct reply respond(struct journey *j, struct heard *h)
{
    bool buttons;
    const struct offer o = offered(j, &buttons);
    const char *choice;
    int same = same_again(j);
    struct reply r;

    if (buttons || h->not_understood)
        forget_opening(j, h);
    choice = o.count ? choose(j, h, &o) : NULL;

    if (same > j->scenario->customer.patience.repeats && !knows_answer(j, h))
        return no_further(j, arena_printf(j->arena, "heard the same %d times: left the chat",
                                          same + 1));
    if (choice)
        return (struct reply){ .kind = REPLY_SAY, .text = choice, .repeats_seq = -1 };
    if (h->question.yes_or_no && answer_question(j, h, &r))
        return r;
    if (h->ask_count && (knows_answer(j, h) || (!buttons && !asks_no_fact(h))))
        return answer(j, h);
    if ((h->confirms || h->wrong) && j->talk.confirmed++ < CONFIRMS_MAX)
        return confirm(j, h);
    if (h->question.kind == QUESTION_DONE && answer_question(j, h, &r))
        return r;
    if (h->not_understood || (h->invalid && j->talk.told_last))
        return not_understood(j, h);
    if (buttons)
        return none_of_these(j);
    if (answer_question(j, h, &r))
        return r;
    return h->ask_count ? answer(j, h) : carry_on(j, h);
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
    h = hear_turn(j);
    return part(j, &h, goal || s->until == UNTIL_ONCE ? met : respond(j, &h));
}
