/* What a step's table cannot say: does the verb fit the channel, do the files exist, … */
#include <string.h>
#include <unistd.h>

#include "harness/base/text.h"
#include "harness/load/scenario_loader.h"

#define FAMILY(f) (1u << (f))

/* Which families of channels a verb works on. Waiting needs one on which the company can write. */
static const unsigned verb_families[VERB_COUNT] = {
    [VERB_OPEN] = FAMILY(FAMILY_FORM),
    [VERB_CLICK] = FAMILY(FAMILY_FORM),
    [VERB_FOLLOW] = FAMILY(FAMILY_FORM),
    [VERB_FILL] = FAMILY(FAMILY_FORM),
    [VERB_SAY] = FAMILY(FAMILY_CHAT),
    [VERB_SEND] = FAMILY(FAMILY_EMAIL),
    [VERB_REPLY] = FAMILY(FAMILY_EMAIL),
    [VERB_CHASE] = FAMILY(FAMILY_EMAIL) | FAMILY(FAMILY_CHAT),
    [VERB_WAIT] = FAMILY(FAMILY_EMAIL) | FAMILY(FAMILY_CHAT),
};

/* People write the language's name; the tag is meant. */
static const struct { const char *name, *tag; } languages[] = {
    { "english", "en" }, { "german", "de" }, { "deutsch", "de" }, { "french", "fr" },
    { "francais", "fr" }, { "persian", "fa" }, { "farsi", "fa" }, { "spanish", "es" },
    { "espanol", "es" }, { "italian", "it" }, { "dutch", "nl" }, { "portuguese", "pt" },
    { "arabic", "ar" }, { "turkish", "tr" }, { "polish", "pl" }, { "swedish", "sv" },
};

/* What would have done on this channel. */
static const char *verbs_for(struct arena *a, enum channel_family family)
{
    CLEANUP(buf_release) struct buf b = BUF_INIT(128);

    for (int v = 0; v < VERB_COUNT; v++)
        if (verb_families[v] & FAMILY(family))
            buf_addf(&b, "%s%s", b.len ? ", " : "", verb_name((enum verb)v));
    return arena_strdup(a, b.ptr);
}

static void check_verb(struct scenario_loader *sl, const struct step *step,
                       const struct step_origin *o)
{
    if (step->channel < 0)
        return;

    const struct channel_spec *c = &sl->s->channels[step->channel];
    const char *verb = verb_name(step->verb);
    const struct node *on = node_get(o->node, "on");
    const struct node *where = on ? on : node_get(o->node, verb);

    if (c->family == FAMILY_COUNT || verb_families[step->verb] & FAMILY(c->family) ||
        c->more_verbs & 1u << step->verb)
        return;
    if (step->verb == VERB_WAIT)
        node_error(&sl->l, where,
                   "wait on the chat or email channel where the answer arrives",
                   "nobody can answer on the %s channel \"%s\"", family_names[c->family], c->name);
    else if (step->verb == VERB_SAY && c->family == FAMILY_FORM)
        node_error(&sl->l, where, "the chat on a page needs a channel of type: browser",
                   "nobody can talk on the form channel \"%s\"", c->name);
    else
        node_error(&sl->l, where,
                   arena_printf(sl->s->arena, "with %s go: %s", family_names[c->family],
                                verbs_for(sl->s->arena, c->family)),
                   "\"%s\" does not go with the %s channel \"%s\"", verb,
                   family_names[c->family], c->name);
}

/* A chat has no subject and takes no files. */
static void check_chat_chase(struct scenario_loader *sl, const struct step *step,
                             const struct step_origin *o)
{
    static const char *const mail_only[] = { "subject", "attach" };

    if (step->verb != VERB_CHASE || step->channel < 0 ||
        sl->s->channels[step->channel].family != FAMILY_CHAT)
        return;
    for (size_t i = 0; i < ARRAY_LEN(mail_only); i++) {
        const struct node *key = node_key(o->node, mail_only[i]);

        if (key)
            node_error(&sl->l, key, NULL, "\"%s\" is for email, and \"%s\" is a chat channel",
                       mail_only[i], sl->s->channels[step->channel].name);
    }
}

/* Asked here, before the first contact, and not when the mail is half written. */
static void check_attachments(struct scenario_loader *sl, const struct step *step,
                              const struct step_origin *o)
{
    const char *slash = strrchr(sl->s->path, '/');

    for (size_t i = 0; i < step->attach.count; i++) {
        const char *name = step->attach.items[i], *path = name;

        if (*name != '/' && slash)
            path = arena_printf(sl->s->arena, "%.*s/%s", (int)(slash - sl->s->path), sl->s->path,
                                name);
        if (access(path, R_OK) != 0)
            diag_add(sl->l.diags, SEVERITY_ERROR, o->node->source, step->attach.spans[i],
                     "files are looked for beside the scenario", "cannot read %s", path);
    }
}

static bool is_identifier(const char *s)
{
    size_t len = strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

    return len && !s[len] && !(*s >= '0' && *s <= '9');
}

static void check_save(struct scenario_loader *sl, const struct step_origin *o)
{
    static const char *const taken[] = { "customer", "company", "env", "run", "journey" };
    const struct node *n = node_get(o->node, "save");

    if (!n || node_is_nothing(n))
        return;
    if (n->kind != NODE_MAP) {
        node_error(&sl->l, n, "such as {ticket: 'reference ([A-Z]+-\\d+)'}",
                   "\"save\" needs names for what it keeps");
        return;
    }
    for (size_t i = 0; i < n->count; i++) {
        const struct node *key = n->keys[i];

        if (!is_identifier(key->text))
            node_error(&sl->l, key, "such as ticket or order_number",
                       "a saved name has letters, digits and \"_\" only");
        for (size_t k = 0; k < ARRAY_LEN(taken); k++)
            if (!strcmp(taken[k], key->text))
                node_error(&sl->l, key, "choose another name",
                           "\"%s\" is the name of a built-in variable", key->text);
    }
}

static void check_goal(struct scenario_loader *sl, const struct step *step,
                       const struct step_origin *o)
{
    const struct node *goal = node_get(sl->top, "goal");

    if (step->verb != VERB_SAY || step->until != UNTIL_GOAL || sl->s->goal.solved.text)
        return;
    if (goal && (goal->kind != NODE_MAP || node_get(goal, "solved")))
        return;                                  /* it is there, and has an error of its own */
    node_error(&sl->l, node_get(o->node, "until"),
               "add goal: {solved: '…'}, what the customer wants to hear",
               "\"until: goal\" needs the scenario's \"goal\"");
}

void language_check(struct scenario_loader *sl, const struct node *map, const char **language)
{
    const struct node *n = node_get(map, "language");
    const char *text = n && n->kind == NODE_TEXT ? n->text : "", *hint = NULL;
    size_t len = 0;
    char primary[4] = "";

    if (!n || !*language)
        return;
    for (; (text[len] >= 'a' && text[len] <= 'z') || (text[len] >= 'A' && text[len] <= 'Z'); len++)
        if (len < 3)
            primary[len] = (char)(text[len] | 0x20);
    if (len >= 2 && len <= 3 && (!text[len] || (text[len] == '-' && text[len + 1]))) {
        *language = arena_strdup(sl->s->arena, primary);
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(languages); i++)
        if (text_same(languages[i].name, text))
            hint = arena_printf(sl->s->arena, "write %s", languages[i].tag);
    node_error(&sl->l, n, hint ? hint : "its two letters: en, de, fr, fa, …",
               "\"%s\" is not a language tag", text);
}

void step_check(struct scenario_loader *sl, size_t index)
{
    struct step *step = &sl->s->steps.items[index];
    const struct step_origin *o = &sl->origins[index];
    const struct node *expect = node_get(o->node, "expect");

    check_verb(sl, step, o);
    check_chat_chase(sl, step, o);
    check_attachments(sl, step, o);
    check_save(sl, o);
    check_goal(sl, step, o);
    if (expect && expect->kind == NODE_MAP)
        language_check(sl, expect, &step->expect.language);
}
