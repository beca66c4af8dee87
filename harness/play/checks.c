/* `expect` and `save`: what the scenario's author wants of the company's words in a step. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/regex.h"
#include "harness/base/text.h"
#include "harness/channels/pick.h"
#include "harness/play/journey.h"

static bool company_said(const struct event *e)
{
    return e->from == PARTY_COMPANY && (e->kind == EVENT_MESSAGE || e->kind == EVENT_PAGE);
}

/* The company's words that a step is judged by: those since it began; a wait that was met by a
 * message which had come before looks at that message. */
size_t checks_first(const struct journey *j)
{
    size_t first = (size_t)j->step_seq;

    if (journey_step(j)->verb == VERB_WAIT && j->consumed_count &&
        (size_t)j->consumed[j->consumed_count - 1] < first)
        first = (size_t)j->consumed[j->consumed_count - 1];
    return first;
}

bool checks_ours(const struct journey *j, const struct event *e)
{
    int channel = journey_step(j)->channel;

    return company_said(e) &&
           (channel < 0 || (e->channel && !strcmp(e->channel, j->scenario->channels[channel].name)));
}

/** @param e  what the company said instead; NULL nothing. */
static void unmet_by(struct journey *j, const char *expected, const struct event *e)
{
    struct buf said = BUF_INIT(4096);

    if (e)
        text_add_clipped(&said, slice_str(e->text), 160);
    journey_note(j, EVENT_FAILED, PARTY_CUSTOMER, "expect", "%s; the company said: %s", expected,
                 said.len ? said.ptr : "nothing");
    buf_release(&said);
}

/* The last thing said is what the customer is left with. */
static void unmet(struct journey *j, const char *expected)
{
    const struct event *last = NULL;

    for (size_t i = checks_first(j); i < j->transcript->count; i++)
        if (checks_ours(j, &j->transcript->events[i]))
            last = &j->transcript->events[i];
    unmet_by(j, expected, last);
}

typedef bool said_test(const struct event *e, const void *what);

static bool any_said(const struct journey *j, said_test *test, const void *what)
{
    for (size_t i = checks_first(j); i < j->transcript->count; i++)
        if (checks_ours(j, &j->transcript->events[i]) && test(&j->transcript->events[i], what))
            return true;
    return false;
}

static bool matches(const struct event *e, const void *what)
{
    return regex_search(what, slice_str(e->text), 0, NULL) == ST_OK;
}

static bool contains(const struct event *e, const void *what)
{
    char *text = text_folded(e->text), *part = text_folded(what);
    bool found = strstr(text, part) != NULL;

    free(text);
    free(part);
    return found;
}

static bool within(const struct event *e, const void *what)
{
    return e->wait_us >= 0 && e->wait_us <= *(const int64_t *)what;
}

static bool check_texts(struct journey *j, const struct expect *x)
{
    bool ok = true, one = !x->one_of.count;

    for (size_t i = 0; i < x->matches.count; i++) {
        const struct pattern *p = &x->matches.items[i].pattern;

        if (any_said(j, matches, p->regex))
            continue;
        unmet(j, arena_printf(j->arena, "expected something that matches /%s/", p->text));
        ok = false;
    }
    for (size_t i = 0; i < x->contains.count; i++) {
        if (any_said(j, contains, x->contains.items[i]))
            continue;
        unmet(j, arena_printf(j->arena, "expected to hear \"%s\"", x->contains.items[i]));
        ok = false;
    }
    for (size_t i = 0; i < x->one_of.count && !one; i++)
        one = any_said(j, contains, x->one_of.items[i]);
    if (!one) {
        struct buf all = BUF_INIT(4096);

        for (size_t i = 0; i < x->one_of.count; i++)
            buf_addf(&all, "%s\"%s\"", i ? ", " : "", x->one_of.items[i]);
        unmet(j, arena_printf(j->arena, "expected to hear one of %s", all.ptr));
        buf_release(&all);
        ok = false;
    }
    return ok;
}

static bool check_language(struct journey *j, const struct expect *x)
{
    for (size_t i = checks_first(j); i < j->transcript->count; i++) {
        struct marks marks = { 0 };

        if (!checks_ours(j, &j->transcript->events[i]))
            continue;
        journey_read(j, (int)i, &marks);
        for (size_t k = 0; k < marks.count; k++) {
            if (marks.items[k].kind != MARK_LANGUAGE || !strcmp(marks.items[k].value, x->language))
                continue;
            unmet_by(j, arena_printf(j->arena, "expected an answer in language \"%s\", not \"%s\"",
                                     x->language, marks.items[k].value),
                     &j->transcript->events[i]);
            return false;
        }
    }
    return true;
}

/* The shortest felt wait of this step. */
static int64_t quickest(const struct journey *j)
{
    int64_t best = DURATION_UNKNOWN;

    for (size_t i = checks_first(j); i < j->transcript->count; i++) {
        const struct event *e = &j->transcript->events[i];

        if (checks_ours(j, e) && e->wait_us >= 0 &&
            (best == DURATION_UNKNOWN || e->wait_us < best))
            best = e->wait_us;
    }
    return best;
}

static bool check_within(struct journey *j, const struct expect *x)
{
    int64_t took = quickest(j);
    char *limit, *actual;

    if (x->within < 0 || any_said(j, within, &x->within))
        return true;
    limit = duration_text(x->within);
    actual = took < 0 ? mem_strdup("it never came") : duration_text(took);
    unmet(j, arena_printf(j->arena, "expected an answer within %s, %s%s", limit,
                          took < 0 ? "" : "it took ", actual));
    free(limit);
    free(actual);
    return false;
}

/* The first mark of a kind in what the company said in this step, with the slot it is about. NULL:
 * there is none. */
static const struct event *marked(struct journey *j, enum mark_kind kind, const char **slot)
{
    for (size_t i = checks_first(j); i < j->transcript->count; i++) {
        struct marks marks = { 0 };

        if (!checks_ours(j, &j->transcript->events[i]))
            continue;
        journey_read(j, (int)i, &marks);
        for (size_t k = 0; k < marks.count; k++) {
            if (marks.items[k].kind != kind || marks.items[k].confidence < .5)
                continue;
            *slot = marks.items[k].slot;
            return &j->transcript->events[i];
        }
    }
    return NULL;
}

static bool check_marks(struct journey *j, const struct expect *x)
{
    const char *slot = NULL;
    const struct event *asks = x->asks_nothing ? marked(j, MARK_ASKS, &slot) : NULL;
    bool ok = true;

    if (asks) {
        const char *words = slot ? reader_slot_words(j->audit->o.reader,
                                                     journey_value(j, "customer.language"), slot,
                                                     j->arena) : NULL;

        unmet_by(j, words ? arena_printf(j->arena, "expected to be asked for nothing, not for the "
                                         "%s", words)
                          : "expected to be asked for nothing", asks);
        ok = false;
    }
    if (x->hands_over && !marked(j, MARK_HANDS_OVER, &slot)) {
        unmet(j, "expected to be handed over to a person");
        ok = false;
    }
    return ok;
}

static bool check_expect(struct journey *j)
{
    const struct expect *x = &journey_step(j)->expect;
    bool ok = check_texts(j, x);

    if (x->language && !check_language(j, x))
        ok = false;
    if (!check_within(j, x))
        ok = false;
    if (!check_marks(j, x))
        ok = false;
    if (x->working_link && j->link_problem) {
        unmet(j, arena_printf(j->arena, "expected a link that works (%s)", j->link_problem));
        ok = false;
    }
    return ok;
}

/* Group 1 of the first company message that matches, else the whole match. */
static bool save_matching(struct journey *j, const struct named_pattern *p)
{
    for (size_t i = checks_first(j); i < j->transcript->count; i++) {
        const struct event *e = &j->transcript->events[i];
        struct regex_match m;

        if (!checks_ours(j, e) ||
            regex_search(p->pattern.regex, slice_str(e->text), 0, &m) != ST_OK)
            continue;

        int group = m.count > 1 && m.start[1] != SIZE_MAX ? 1 : 0;

        journey_capture(j, p->name, arena_strndup(j->arena, e->text + m.start[group],
                                                  m.end[group] - m.start[group]));
        return true;
    }
    return false;
}

/* What a program makes of this step's words of the company: a list of events, as a transcript has
 * them. */
static bool save_picked(struct journey *j, const struct named_pattern *p)
{
    CLEANUP(buf_release) struct buf value = BUF_INIT(16384);
    CLEANUP(buf_release) struct buf why = BUF_INIT(1024);
    const struct picker pick = { &j->audit->world.filters, &why };
    json_t *said = json_array();
    bool ok;

    for (size_t i = checks_first(j); i < j->transcript->count; i++)
        if (checks_ours(j, &j->transcript->events[i]))
            json_array_append_new(said, event_json(&j->transcript->events[i]));
    ok = pick_text(&pick, said, p->pattern.text, &value) && value.len && !value.full;
    json_decref(said);
    if (ok)
        journey_capture(j, p->name, value.ptr);
    else if (why.len)
        journey_note(j, EVENT_NOTE, PARTY_HARNESS, "jq", "\"%s\": %s", p->name, why.ptr);
    return ok;
}

static bool save(struct journey *j, const struct named_pattern *p)
{
    return p->pattern.regex ? save_matching(j, p) : save_picked(j, p);
}

bool checks_pass(struct journey *j)
{
    const struct step *s = journey_step(j);
    bool ok = check_expect(j);

    for (size_t i = 0; i < s->save.count; i++) {
        if (save(j, &s->save.items[i]))
            continue;
        unmet(j, arena_printf(j->arena, "nothing to save as \"%s\"", s->save.items[i].name));
        ok = false;
    }
    return ok;
}
