/* scripted_reply: a set phrase in place of an answer; somebody else's name, or the blank for one. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "harness/base/text.h"
#include "harness/judge/detector.h"

static bool says_something(const struct view *v, int seq)
{
    static const enum mark_kind kinds[] = {
        MARK_ASKS, MARK_CONFIRMS, MARK_ACKNOWLEDGES, MARK_REFERENCE, MARK_PROMISES, MARK_EXPLAINS,
        MARK_SOLVES, MARK_COMPENSATES, MARK_INFORMS, MARK_HANDS_OVER, MARK_PUSHES,
        MARK_NOT_UNDERSTOOD, MARK_REFUSES, MARK_CLOSES, MARK_ANYTHING_ELSE,
    };

    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        if (view_mark(v, seq, kinds[i]))
            return true;
    return false;
}

/* How many words stand in text[start, end): runs without a blank. */
static unsigned words_in(const char *text, size_t start, size_t end)
{
    unsigned count = 0;

    for (size_t i = start; i < end; i++)
        count += text[i] != ' ' && (i == start || text[i - 1] == ' ');
    return count;
}

static bool has_mark(const struct view *v, int seq, size_t start, size_t end)
{
    const struct mark *last, *m = view_marks(v, seq, &last);

    for (; m < last; m++)
        if (m->kind != MARK_LANGUAGE && m->start < end && start < m->end)
            return true;
    return false;
}

/* A clause that no mark touches is about something nobody here knows: "Thank you for your patience!
 * Your table is ready." Short ones ("At Northline,") say nothing. */
static bool says_more(const struct view *v, int seq)
{
    enum { CLAUSE_WORDS = 4 };
    static const char ends[] = ",;:.!?\n";
    const char *text = view_event(v, seq)->text;
    size_t len = strlen(text);

    for (size_t start = 0, end; start < len; start = end + 1) {
        end = start + strcspn(text + start, ends);
        if (words_in(text, start, end) >= CLAUSE_WORDS && !has_mark(v, seq, start, end))
            return true;
    }
    return false;
}

/* Something of substance in the same exchange makes the phrase a courtesy. */
static bool answered_beside(const struct view *v, int seq)
{
    const struct exchange *x = view_exchange(v, seq);

    for (int i = x->first_seq; i <= x->last_seq; i++)
        if (i != seq && v->exchange_of[i] == v->exchange_of[seq] &&
            view_is_reply(view_event(v, i)) && says_something(v, i))
            return true;
    return false;
}

/* A word of a name somewhere in a text. */
static bool names_in(const char *name, const char *text)
{
    char *folded = text ? text_folded(text) : NULL;
    bool found = false;

    for (size_t len; folded && *name && !found; name += len + (name[len] == ' ')) {
        len = strcspn(name, " ");

        char *word = mem_strndup(name, len), *plain = text_folded(word);

        found = strlen(plain) > 2 && strstr(folded, plain);
        free(word);
        free(plain);
    }
    free(folded);
    return found;
}

/* Whoever the customer has named, whoever signs, and whoever the mail is from: not a wrong name. */
static bool heard_of(const struct view *v, int seq, const struct mark *m)
{
    const struct event *e = view_event(v, seq);

    for (int i = 0; i < seq; i++) {
        const struct event *said = view_event(v, i);

        if (said->from != PARTY_CUSTOMER || said->kind != EVENT_SENT)
            continue;
        if (names_in(m->value, said->text))
            return true;
        for (size_t k = 0; k < said->field_count; k++)
            if (names_in(m->value, said->fields[k].text))
                return true;
    }
    return names_in(m->value, e->sender) || names_in(m->value, e->text + m->end) ||
           names_in(m->value, v->t->company_name);
}

/* Forwarded as it came: the greeting is the one of the mail inside. */
static bool passed_on(const struct event *e)
{
    static const char *const marks[] = { "fwd:", "fw:", "wg:", "tr:", "i:" };

    for (size_t i = 0; e->subject && i < ARRAY_LEN(marks); i++)
        if (!strncasecmp(e->subject, marks[i], strlen(marks[i])))
            return true;
    return false;
}

/* Once an exchange: every mail of a system has the same mistake. */
static bool misnamed(struct view *v, int seq, int done)
{
    const struct event *e = view_event(v, seq);
    const struct mark *m = e->kind == EVENT_MESSAGE ? view_mark(v, seq, MARK_MISNAMES) : NULL;

    if (!m || v->exchange_of[seq] == done || e->nature == NATURE_BOUNCE || passed_on(e) ||
        (!m->boilerplate && (!m->value || heard_of(v, seq, m))))
        return false;
    finding_say(v, finding_add(v, "scripted_reply", m->boilerplate ? "placeholder" : "wrong_name",
                               "boilerplate", seq, m->confidence), "greeting", "text",
                arena_strndup(v->a, e->text + m->start, m->end - m->start), "rule", m->rule, NULL);
    return true;
}

void detect_scripted(struct view *v)
{
    int done = -1;

    for (size_t i = 0; i < v->t->count; i++) {
        if (!view_is_reply(&v->t->events[i]) || v->exchange_of[i] < 0)
            continue;
        if (misnamed(v, (int)i, done))
            done = v->exchange_of[i];

        const struct mark *m = view_mark(v, (int)i, MARK_BOILERPLATE);

        if (!m || says_something(v, (int)i) || says_more(v, (int)i) || answered_beside(v, (int)i))
            continue;
        finding_say(v, finding_add(v, "scripted_reply", NULL, "boilerplate", (int)i,
                                   m->confidence), "set_phrase", "rule", m->rule, NULL);
    }
}
