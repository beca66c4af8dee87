/* What each verb does when its step begins. */
#include <string.h>

#include "harness/base/regex.h"
#include "harness/base/text.h"
#include "harness/play/journey.h"

/* A step that needs something the company never gave is skipped, and said so: the customer has
 * nothing to say there. */
static void skip(struct journey *j, const char *missing)
{
    journey_note(j, EVENT_NOTE, PARTY_HARNESS, "skipped",
                 "not done: it needs \"%s\", which the company never gave", missing);
    journey_end_step(j, STEP_SKIPPED);
}

static bool falsy(const char *text)
{
    static const char *const no[] = { "", "false", "no", "0" };

    for (size_t i = 0; i < ARRAY_LEN(no); i++)
        if (!strcmp(text, no[i]))
            return true;
    return false;
}

static const char *attachment_path(struct journey *j, const char *name)
{
    const char *path = j->scenario->path, *slash = strrchr(path, '/');

    if (*name == '/' || !slash)
        return name;
    return arena_printf(j->arena, "%.*s/%s", (int)(slash - path), path, name);
}

/* Everything of a step that has templates, rendered. False: skipped already. */
static bool render_action(struct journey *j, struct action *a)
{
    const struct step *s = journey_step(j);
    const char *missing = NULL;
    struct named_text *fields = arena_alloc(j->arena, (s->fields.count + 1) * sizeof *fields);
    const char **attach = arena_alloc(j->arena, (s->attach.count + 1) * sizeof *attach);

    *a = (struct action){ .verb = s->verb, .submit = s->submit, .repeats_seq = -1,
                          .in_doubt = j->look_first };
    for (size_t i = 0; i < s->fields.count; i++) {
        fields[i].name = s->fields.items[i].name;
        fields[i].text = journey_render(j, s->fields.items[i].value, &missing);
        if (!fields[i].text)
            goto nothing_to_say;
    }
    for (size_t i = 0; i < s->attach.count; i++)
        attach[i] = attachment_path(j, s->attach.items[i]);
    a->fields = fields;
    a->field_count = s->fields.count;
    a->attach = attach;
    a->attach_count = s->attach.count;
    if (s->value && !(a->text = journey_render(j, s->value, &missing)))
        goto nothing_to_say;
    if (s->text && !(a->text = journey_render(j, s->text, &missing)))
        goto nothing_to_say;
    if (s->subject && !(a->subject = journey_render(j, s->subject, &missing)))
        goto nothing_to_say;
    return true;

nothing_to_say:
    skip(j, missing);
    return false;
}

static uint64_t phrase_seed(const struct journey *j)
{
    return j->step * 31u + j->transcript->count;
}

void step_act(struct journey *j)
{
    struct action a;

    if (!render_action(j, &a))
        return;
    if (!a.text && a.verb == VERB_CHASE) {
        const struct named_text values[] = {
            { "name", journey_value(j, "customer.name") },
        };

        a.text = reader_phrase(j->audit->o.reader, journey_value(j, "customer.language"), "chase",
                               phrase_seed(j), values, ARRAY_LEN(values), j->arena);
    }

    enum channel_family family = j->scenario->channels[journey_step(j)->channel].family;

    if (family == FAMILY_CHAT || a.verb == VERB_SAY)
        conversation_begin(j, a.text ? a.text : "");
    else
        journey_act(j, &a);
}

/* Follow: a link of the last message in which one fits. */

static const char *fitting_link(struct journey *j, const struct event *e)
{
    const struct regex *wanted = journey_step(j)->pattern.regex;
    const char *text = e->text;
    struct slice url;

    while ((url = links_next(&text)).ptr)
        if (!wanted || regex_search(wanted, url, 0, NULL) == ST_OK)
            return arena_strndup(j->arena, url.ptr, url.len);
    for (size_t i = 0; i < e->field_count; i++)  /* a mail's links behind words and buttons */
        if (field_is_link(&e->fields[i]) &&
            (!wanted || regex_search(wanted, slice_str(e->fields[i].text), 0, NULL) == ST_OK))
            return e->fields[i].text;
    return NULL;
}

static void begin_follow(struct journey *j)
{
    struct action a = { .verb = VERB_FOLLOW, .repeats_seq = -1 };
    size_t messages = 0;

    for (size_t i = j->transcript->count; i-- > 0 && !a.text;) {
        const struct event *e = &j->transcript->events[i];

        if (e->kind != EVENT_MESSAGE || e->from != PARTY_COMPANY)
            continue;
        messages++;
        a.text = fitting_link(j, e);
    }
    if (a.text) {
        journey_act(j, &a);
        return;
    }
    journey_note(j, EVENT_NOTE, PARTY_HARNESS, "no_link",
                 messages ? "no message of the company has a link that matches %s"
                          : "the company sent no message with a link to follow (%s)",
                 journey_step(j)->pattern.text);
    journey_end_step(j, STEP_UNMET);
}

static void begin_pause(struct journey *j)
{
    j->phase = PHASE_PAUSE;
    j->wait_from = loop_now(j->audit->o.loop);
    journey_rest(j, journey_step(j)->duration);
}

void pause_go_on(struct journey *j)
{
    journey_rest(j, j->wait_from + journey_step(j)->duration - loop_now(j->audit->o.loop));
}

/* Who chases by mail waits first, and takes a turn when the time has come. */
static bool waits_first(const struct journey *j, const struct step *s)
{
    return s->verb == VERB_CHASE && j->scenario->channels[s->channel].family == FAMILY_EMAIL;
}

static bool contacts(const struct journey *j, const struct step *s)
{
    return s->channel >= 0 && s->verb != VERB_WAIT && s->verb != VERB_PAUSE && !waits_first(j, s);
}

/* Its turn has come: step_begin (or diary_timer) is called by the timer, as at the beginning of every
 * step. */
static void go(void *context)
{
    struct journey *j = context;

    journey_timer(j, 0);
}

bool journey_turn(struct journey *j)
{
    return !contacts(j, journey_step(j)) || journey_take_turn(j);
}

bool journey_take_turn(struct journey *j)
{
    enum { WORTH_A_NOTE_US = 1000000 };
    const struct step *s = journey_step(j);
    int64_t now = loop_now(j->audit->o.loop), queued = now - j->queued_at;
    const char *missing;
    struct visit *v;

    if (!j->turn.place) {
        const char *condition = s->when ? journey_render(j, s->when, &missing) : "yes";

        v = condition && !falsy(condition) ? journey_try(j, s->channel) : NULL;
        if (!v || !v->host)
            return true;
        j->turn.loop = j->audit->o.loop;
        j->turn.go = go;
        j->turn.context = j;
        j->queued_at = now;
        return polite_enter(j->audit->polite, &j->turn, v->host, v->channel->family);
    }
    if (queued >= WORTH_A_NOTE_US) {
        char *waited = duration_text(queued);

        journey_note(j, EVENT_NOTE, PARTY_HARNESS, "turn",
                     "waited %s for a turn at %s, as --limit has it; no wait of the company's",
                     waited, j->visits[s->channel] ? j->visits[s->channel]->host : "the company");
        free(waited);
    }
    return true;
}

void step_begin(struct journey *j)
{
    const struct step *s = journey_step(j);
    const char *missing;
    struct event e = event_init(EVENT_STEP_BEGIN, PARTY_HARNESS);

    if (!journey_turn(j))
        return;
    if (!j->transcript->count)
        journey_begin_clock(j);
    e.step = (int)j->step;
    e.text = s->name;
    if (s->channel >= 0)
        e.channel = j->scenario->channels[s->channel].name;
    j->step_seq = journey_emit(j, &e);
    j->company_failed = j->links_looked = false;
    j->link_problem = NULL;

    if (s->when) {
        const char *condition = journey_render(j, s->when, &missing);

        if (!condition || falsy(condition)) {
            journey_end_step(j, STEP_SKIPPED);
            return;
        }
    }
    switch (s->verb) {
    case VERB_PAUSE: begin_pause(j); break;
    case VERB_WAIT: wait_begin(j); break;
    case VERB_FOLLOW: begin_follow(j); break;
    case VERB_CHASE:
        if (waits_first(j, s))
            diary_begin(j);
        else
            step_act(j);
        break;
    default: step_act(j); break;
    }
}
