/* dead_link: a link in a mail or on a page leads nowhere. no_unsubscribe: bulk mail with no way out. */
#include <string.h>

#include "harness/base/text.h"
#include "harness/judge/detector.h"

static const char *field_of(const struct event *e, const char *name)
{
    for (size_t i = 0; i < e->field_count; i++)
        if (!strcmp(e->fields[i].name, name))
            return e->fields[i].text;
    return NULL;
}

static void dead_links(struct view *v, const struct event *note)
{
    bool on_page = view_family(v, note) == FAMILY_FORM;

    for (size_t i = 0; i < note->field_count; i++) {
        if (!text_starts_with(note->fields[i].text, LINK_DEAD))
            continue;

        struct finding *f = finding_add(v, "dead_link", on_page ? "page" : NULL, NULL, note->seq, .95);

        if (note->reply_to >= 0 && note->reply_to < note->seq)
            finding_evidence(v, f, note->reply_to);
        finding_say(v, f, "as_told", "text",
                    arena_printf(v->a, "%.300s: %.200s", note->fields[i].name,
                                 note->fields[i].text), NULL);
    }
}

/* A receipt, a survey about one's own question or a list one has joined is no advertisement. */
static void no_unsubscribe(struct view *v, const struct event *e)
{
    static const double SURE = .6;

    if (e->mail_kind == MAIL_NEWSLETTER && e->mail_confidence >= SURE &&
        !field_of(e, "unsubscribe"))
        finding_say(v, finding_add(v, "no_unsubscribe", NULL, NULL, e->seq, e->mail_confidence),
                    "no_way_out", NULL);
}

void detect_mail_care(struct view *v)
{
    for (size_t i = 0; i < v->t->count; i++) {
        const struct event *e = &v->t->events[i];

        if (links_is_note(e))
            dead_links(v, e);
        else if (e->kind == EVENT_MESSAGE && e->from == PARTY_COMPANY)
            no_unsubscribe(v, e);
    }
}
