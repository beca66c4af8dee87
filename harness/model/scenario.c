#include "harness/model/scenario.h"

#include <stdlib.h>

#include "harness/base/regex.h"

/* To add a verb: a value in enum verb, a row here, its fields in load/scenario_fields.c, what it
 * does in play/step.c. */
const struct verb_row verb_rows[VERB_COUNT] = {
    [VERB_OPEN] = { "open", VALUE_TEMPLATE, "open a web page" },
    [VERB_CLICK] = { "click", VALUE_TEMPLATE, "press a link or a button by its text" },
    [VERB_FILL] = { "fill", VALUE_CHANNEL, "fill in and send a web form" },
    [VERB_SAY] = { "say", VALUE_CHANNEL, "say something in a chat" },
    [VERB_SEND] = { "send", VALUE_CHANNEL, "send an email" },
    [VERB_REPLY] = { "reply", VALUE_CHANNEL, "answer the last email of the thread" },
    [VERB_WAIT] = { "wait", VALUE_CHANNEL, "wait for the company on a channel" },
    [VERB_FOLLOW] = { "follow", VALUE_PATTERN, "open a link of the last message" },
    [VERB_CHASE] = { "chase", VALUE_CHANNEL, "ask again because no answer came" },
    [VERB_PAUSE] = { "pause", VALUE_DURATION, "do nothing for a while" },
};

const char *const wait_names[WAIT_COUNT + 1] = {
    "message", "acknowledgement", "answer", "resolution", NULL,
};

const char *const until_names[UNTIL_COUNT + 1] = { "once", "goal", "answer", "end", NULL };

const char *const family_names[FAMILY_COUNT + 1] = { "form", "chat", "email", NULL };

const char *verb_name(enum verb v)
{
    return verb_rows[v].name;
}

void scenario_own_regex(struct scenario *s, struct regex *r)
{
    ARENA_GROW(s->arena, s->regexes, s->regex_cap, s->regex_count + 1);
    s->regexes[s->regex_count++] = r;
}

void scenario_free(struct scenario *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->regex_count; i++)
        regex_free(s->regexes[i]);
    source_free(s->source);
    arena_free(s->arena);                 /* holds s itself */
}

void scenario_freep(struct scenario **s)
{
    scenario_free(*s);
    *s = NULL;
}
