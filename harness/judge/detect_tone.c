/* rude_tone. */
#include <string.h>

#include "harness/judge/detector.h"

void detect_tone(struct view *v)
{
    for (size_t i = 0; i < v->t->count; i++) {
        const struct mark *m = view_is_reply(&v->t->events[i]) ? view_mark(v, (int)i, MARK_RUDE)
                                                               : NULL;

        if (!m)
            continue;

        bool abuse = m->value && !strcmp(m->value, "abuse");
        struct finding *f = finding_add(v, "rude_tone", abuse ? "abuse" : NULL,
                                        abuse ? "abuse" : "rude", (int)i, m->confidence);

        finding_say(v, f, "read", "rule", m->rule, NULL);
    }
}
