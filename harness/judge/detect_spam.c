/* spam_folder: the company's mail came, but to a folder where few people look. */
#include <string.h>

#include "harness/judge/detector.h"

void detect_spam(struct view *v)
{
    for (size_t i = 0; i < v->t->count; i++) {
        const struct event *e = &v->t->events[i];

        if (e->kind != EVENT_MESSAGE || e->from != PARTY_COMPANY)
            continue;
        for (size_t k = 0; k < e->field_count; k++)
            if (!strcmp(e->fields[k].name, "spam folder"))
                finding_say(v, finding_add(v, "spam_folder", NULL, NULL, e->seq, .95),
                            "in_folder", "text", e->fields[k].text, NULL);
    }
}
