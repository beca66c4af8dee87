/* `expect` and `save`: what the scenario's author wants of the company's words in a step. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/regex.h"
#include "harness/base/text.h"
#include "harness/play/journey.h"

static bool company_said(const struct event *e)
{
    return e->from == PARTY_COMPANY && (e->kind == EVENT_MESSAGE || e->kind == EVENT_PAGE);
}

/* The company's words that a step is judged by: those since it began; a wait that was met by a
 * message which had come before looks at that message. */
static size_t first_event(const struct journey *j)
{
    size_t first = (size_t)j->step_seq;

    if (journey_step(j)->verb == VERB_WAIT && j->consumed_count &&
        (size_t)j->consumed[j->consumed_count - 1] < first)
        first = (size_t)j->consumed[j->consumed_count - 1];
    return first;
}

static bool ours(const struct journey *j, const struct event *e)
{
    int channel = journey_step(j)->channel;

    return company_said(e) &&
           (channel < 0 || (e->channel && !strcmp(e->channel, j->scenario->channels[channel].name)));
}

static void unmet(struct journey *j, const char *expected)
{
    struct buf said = BUF_INIT(4096);

    for (size_t i = j->transcript->count; i-- > first_event(j);) {
        if (!ours(j, &j->transcript->events[i]))
            continue;
        text_add_clipped(&said, slice_str(j->transcript->events[i].text), 160);
        break;
    }

    journey_note(j, EVENT_FAILED, PARTY_CUSTOMER, "expect", "%s; the company said: %s", expected,
                 said.len ? said.ptr : "nothing");
    buf_release(&said);
}

typedef bool said_test(const struct event *e, const void *what);

static bool any_said(const struct journey *j, said_test *test, const void *what)
{
    for (size_t i = first_event(j); i < j->transcript->count; i++)
        if (ours(j, &j->transcript->events[i]) && test(&j->transcript->events[i], what))
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
        unmet(j, "expected to hear one of the texts under one_of");
        ok = false;
    }
    return ok;
}

static bool check_language(struct journey *j, const struct expect *x)
{
    for (size_t i = first_event(j); i < j->transcript->count; i++) {
        struct marks marks = { 0 };

        if (!ours(j, &j->transcript->events[i]))
            continue;
        reader_read(j->audit->o.reader, j->transcript, (int)i, j->arena, &marks);
        for (size_t k = 0; k < marks.count; k++) {
            if (marks.items[k].kind != MARK_LANGUAGE || !strcmp(marks.items[k].value, x->language))
                continue;
            unmet(j, arena_printf(j->arena, "expected an answer in language \"%s\"",
                                  x->language));
            return false;
        }
    }
    return true;
}

static bool check_expect(struct journey *j)
{
    const struct expect *x = &journey_step(j)->expect;
    bool ok = check_texts(j, x);

    if (x->language && !check_language(j, x))
        ok = false;
    if (x->within >= 0 && !any_said(j, within, &x->within)) {
        char *limit = duration_text(x->within);

        unmet(j, arena_printf(j->arena, "expected an answer within %s", limit));
        free(limit);
        ok = false;
    }
    return ok;
}

/* Group 1 of the first company message that matches, else the whole match. */
static bool save(struct journey *j, const struct named_pattern *p)
{
    for (size_t i = first_event(j); i < j->transcript->count; i++) {
        const struct event *e = &j->transcript->events[i];
        struct regex_match m;

        if (!ours(j, e) ||
            regex_search(p->pattern.regex, slice_str(e->text), 0, &m) != ST_OK)
            continue;

        int group = m.count > 1 && m.start[1] != SIZE_MAX ? 1 : 0;

        journey_capture(j, p->name, arena_strndup(j->arena, e->text + m.start[group],
                                                  m.end[group] - m.start[group]));
        return true;
    }
    return false;
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
