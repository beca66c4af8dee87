/* wrong_language: an answer in a language the customer does not write. */
#include <string.h>

#include "harness/judge/detector.h"

static bool same_language(const char *a, const char *b)
{
    size_t len = strcspn(a, "-_");

    return len == strcspn(b, "-_") && !strncmp(a, b, len);
}

void detect_language(struct view *v)
{
    int exchange = -1;                           /* once an exchange */

    for (size_t i = 0; v->t->language && i < v->t->count; i++) {
        const struct event *e = &v->t->events[i];
        const struct mark *m = view_is_reply(e) ? view_mark(v, e->seq, MARK_LANGUAGE) : NULL;

        if (!m || same_language(m->value, v->t->language) || v->exchange_of[i] == exchange)
            continue;
        exchange = v->exchange_of[i];

        struct finding *f = finding_add(v, "wrong_language", NULL, "wrong_lang", e->seq,
                                        m->confidence);

        finding_say(v, f, "written_in", "language", m->value, "own", v->t->language, NULL);
    }
}
