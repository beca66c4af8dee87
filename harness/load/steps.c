/* `steps:` of a scenario: one verb each, or an `include` of a list in another file. */
#include "harness/load/steps.h"

#include <string.h>

#include "harness/load/include.h"
#include "harness/load/scenario_fields.h"
#include "harness/load/value.h"

const char *steps_key_hint(struct loader *l, const struct object *o, const char *key)
{
    CLEANUP(buf_release) struct buf verbs = BUF_INIT(256);

    if (o < step_objects || o >= step_objects + VERB_COUNT)
        return NULL;
    for (int v = 0; v < VERB_COUNT; v++)
        for (const struct field *f = step_objects[v].fields; f->type != FIELD_END; f++)
            if (f->type != FIELD_CUSTOM && !strcmp(f->name, key))
                buf_addf(&verbs, "%s%s", verbs.len ? ", " : "", verb_name((enum verb)v));
    if (!verbs.len && !strcmp(key, "replies"))
        buf_adds(&verbs, verb_name(VERB_SAY));
    return verbs.len ? arena_printf(l->arena, "\"%s\" goes with: %s", key, verbs.ptr) : NULL;
}

static const char *verbs_hint(struct scenario_loader *sl)
{
    CLEANUP(buf_release) struct buf names = BUF_INIT(256);

    for (int v = 0; v < VERB_COUNT; v++)
        buf_addf(&names, "%s%s", v ? ", " : "", verb_name((enum verb)v));
    return arena_printf(sl->s->arena, "one of: %s", names.ptr);
}

static int verb_of(const char *key)
{
    for (int v = 0; v < VERB_COUNT; v++)
        if (!strcmp(verb_name((enum verb)v), key))
            return v;
    return -1;
}

/* No verb among the keys: one of them may be a misspelt one. */
static void report_no_verb(struct scenario_loader *sl, const struct node *n)
{
    const char *names[VERB_COUNT + 1];

    verb_names(names);
    for (size_t i = 0; i < n->count; i++) {
        const char *near = suggest(n->keys[i]->text, names, VERB_COUNT);

        if (!near)
            continue;
        node_error(&sl->l, n->keys[i], arena_printf(sl->s->arena, "did you mean \"%s\"?", near),
                   "unknown verb \"%s\"", n->keys[i]->text);
        return;
    }
    node_error(&sl->l, n, verbs_hint(sl), "this step has no verb");
}

/* The step's one verb; -1 after an error. */
static int find_verb(struct scenario_loader *sl, const struct node *n, const struct node **key)
{
    int found = -1;

    for (size_t i = 0; i < n->count; i++) {
        int v = verb_of(n->keys[i]->text);

        if (v < 0)
            continue;
        if (found >= 0) {
            node_error(&sl->l, n->keys[i], "begin a new step with \"- \"",
                       "\"%s\" and \"%s\" in one step", (*key)->text, n->keys[i]->text);
            return -1;
        }
        found = v;
        *key = n->keys[i];
    }
    if (found < 0)
        report_no_verb(sl, n);
    return found;
}

static int find_channel(struct scenario_loader *sl, const struct node *n)
{
    const struct scenario *s = sl->s;
    const char **names = arena_alloc(s->arena, (s->channel_count + 1) * sizeof *names);

    for (size_t i = 0; i < s->channel_count; i++) {
        names[i] = s->channels[i].name;
        if (!strcmp(names[i], n->text))
            return (int)i;
    }

    const struct node *channels = node_get(sl->top, "channels");

    if (channels && !s->channel_count && !node_is_nothing(channels) && channels->kind != NODE_MAP)
        return -1;                               /* an error of its own */
    node_error(&sl->l, n, s->channel_count ? names_hint(s->arena, n->text, names, s->channel_count)
                                           : "this scenario has no \"channels\"",
               "unknown channel \"%s\"", n->text);
    return -1;
}

/* The one form channel of the scenario; -1 none or several: *all names them. */
static int only_form_channel(const struct scenario *s, struct buf *all)
{
    int only = -1;
    size_t count = 0;

    for (size_t i = 0; i < s->channel_count; i++) {
        if (s->channels[i].family != FAMILY_FORM)
            continue;
        buf_addf(all, "%son: %s", count++ ? " or " : "", s->channels[i].name);
        only = (int)i;
    }
    return count == 1 ? only : -1;
}

/* Where a page is opened or a link pressed: `on`, else the form channel used last, as a person goes
 * on in the window that is in front; else the only one. */
static void read_page_channel(struct scenario_loader *sl, struct step *step,
                              const struct node *key, const struct node *n)
{
    const struct scenario *s = sl->s;
    const struct node *on = node_get(n, "on");
    CLEANUP(buf_release) struct buf all = BUF_INIT(4096);

    if (on && !node_is_nothing(on)) {
        if (value_is_text(&sl->l, "on", node_key(n, "on"), on, "the name of a channel"))
            step->channel = find_channel(sl, on);
        return;
    }
    for (size_t i = s->steps.count - 1; i-- > 0 && step->channel < 0;) {
        int channel = s->steps.items[i].channel;

        if (channel >= 0 && s->channels[channel].family == FAMILY_FORM)
            step->channel = channel;
    }
    if (step->channel >= 0)
        return;
    step->channel = only_form_channel(s, &all);
    for (size_t i = 0; i < s->channel_count; i++)
        if (s->channels[i].family == FAMILY_COUNT)
            return;                              /* has an error of its own, and may be the one */
    if (step->channel < 0 && all.len)
        node_error(&sl->l, key, arena_printf(s->arena, "add %s", all.ptr),
                   "on which channel does the customer %s?", verb_rows[step->verb].help);
    else if (step->channel < 0)
        node_error(&sl->l, key, "such as web: {type: form, url: \"https://…\"}",
                   "\"%s\" needs a form channel among \"channels\"", key->text);
}

static bool is_page_verb(enum verb v)
{
    return v == VERB_OPEN || v == VERB_CLICK || v == VERB_FOLLOW;
}

static void read_verb_value(struct scenario_loader *sl, struct step *step,
                            const struct node *key, const struct node *n)
{
    const struct field duration = { .name = key->text, .type = FIELD_DURATION };

    switch (verb_rows[step->verb].value) {
    case VALUE_CHANNEL:
        if (value_is_text(&sl->l, key->text, key, n, "the name of a channel"))
            step->channel = find_channel(sl, n);
        break;
    case VALUE_TEMPLATE:
        step->value = value_template(&sl->l, key->text, key, n);
        break;
    case VALUE_PATTERN:
        step->pattern = value_pattern(&sl->l, key->text, 0, key, n);
        break;
    case VALUE_DURATION:
        field_read(&sl->l, &duration, key, n, &step->duration);
        break;
    }
}

/* `replies: {pattern: text}` says the same as a list of {match, text}. */
static void read_reply_pairs(struct scenario_loader *sl, const struct node *n, struct step *step)
{
    for (size_t i = 0; i < n->count; i++) {
        const struct node *key = n->keys[i];

        step->replies.items[step->replies.count++] = (struct reply_rule){
            .match = value_pattern(&sl->l, "replies", FIELD_CASELESS, key, key),
            .text = value_template(&sl->l, key->text, key, n->items[i]),
        };
    }
}

static void read_replies(struct scenario_loader *sl, const struct node *key,
                         const struct node *n, struct step *step)
{
    if (!n || node_is_nothing(n))
        return;
    if (n->kind == NODE_TEXT) {
        node_error(&sl->l, n, NULL, "\"%s\" needs a mapping, pattern: text, not a text",
                   key->text);
        return;
    }
    step->replies.items = arena_alloc(sl->s->arena, (n->count + 1) * sizeof(struct reply_rule));
    if (n->kind == NODE_MAP) {
        read_reply_pairs(sl, n, step);
        return;
    }
    for (size_t i = 0; i < n->count; i++)
        object_read(&sl->l, &reply_object, NULL, n->items[i], NULL,
                    &step->replies.items[step->replies.count++]);
}

static void name_step(struct scenario_loader *sl, struct step *step, const struct node *value)
{
    if (step->name && *step->name)
        return;
    step->name = value->kind == NODE_TEXT
                     ? arena_printf(sl->s->arena, "%s %s", verb_name(step->verb), value->text)
                     : verb_name(step->verb);
}

static struct step *add_step(struct scenario_loader *sl, int verb, const struct node *key,
                             const struct node *n)
{
    struct scenario *s = sl->s;

    if (s->steps.count == SCENARIO_MAX_STEPS) {
        node_error(&sl->l, n, NULL, "too many steps: over %d", SCENARIO_MAX_STEPS);
        return NULL;
    }
    ARENA_GROW(s->arena, s->steps.items, sl->step_cap, s->steps.count + 1);
    ARENA_GROW(s->arena, sl->origins, sl->origin_cap, s->steps.count + 1);
    sl->origins[s->steps.count] = (struct step_origin){
        .node = n, .verb_key = key, .first_template = sl->l.template_count,
    };

    struct step *step = &s->steps.items[s->steps.count++];

    *step = (struct step){ .verb = (enum verb)verb, .at = key->at, .channel = -1 };
    if (key->source != sl->top->source)
        step->file = arena_strdup(s->arena, key->source->name);
    return step;
}

static bool read_step(struct scenario_loader *sl, const struct node *n)
{
    const struct node *key = NULL;

    if (n->kind != NODE_MAP) {
        node_error(&sl->l, n, "such as \"say: chat\"",
                   "a step must be a mapping with a verb, not %s", node_words(n));
        return true;
    }

    int verb = find_verb(sl, n, &key);
    struct step *step = verb < 0 ? NULL : add_step(sl, verb, key, n);

    if (!step)
        return verb < 0;

    const struct node *value = node_get(n, key->text);

    object_read(&sl->l, &step_objects[verb], key, n, NULL, step);
    read_verb_value(sl, step, key, value);
    if (is_page_verb(step->verb))
        read_page_channel(sl, step, key, n);
    if (verb == VERB_SAY)
        read_replies(sl, node_key(n, "replies"), node_get(n, "replies"), step);
    name_step(sl, step, value);
    sl->origins[sl->s->steps.count - 1].end_template = sl->l.template_count;
    return true;
}

bool steps_read_list(struct scenario_loader *sl, const struct node *list,
                     const struct include_frame *inside)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct node *n = list->items[i];
        bool go_on = n->kind == NODE_MAP && node_key(n, INCLUDE_KEY) ? include_read(sl, n, inside)
                                                                     : read_step(sl, n);
        if (!go_on)
            return false;
    }
    return true;
}

void steps_read(struct scenario_loader *sl, const struct node *key, const struct node *n)
{
    if (!n)
        return;                                  /* the table has complained already */
    if (n->kind != NODE_LIST && !node_is_nothing(n)) {
        node_error(&sl->l, n, "each step begins with \"- \"",
                   "\"%s\" needs a list, not %s", key->text, node_words(n));
        return;
    }

    size_t before = sl->l.diags->errors;

    if (n->kind == NODE_LIST)
        steps_read_list(sl, n, NULL);
    if (!sl->s->steps.count && sl->l.diags->errors == before)
        node_error(&sl->l, key, "each step begins with \"- \"", "the scenario has no steps");
}
