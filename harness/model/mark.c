#include "harness/model/mark.h"

#include <string.h>

const char *const mark_names[] = {
#define X(id, name, text) name,
    MARK_LIST(X)
#undef X
    NULL
};

static const char *const texts[] = {
#define X(id, name, text) text,
    MARK_LIST(X)
#undef X
};

const char *mark_name(enum mark_kind k)
{
    return mark_names[k];
}

const char *mark_text(enum mark_kind k)
{
    return texts[k];
}

bool mark_is_customers(enum mark_kind k)
{
    return k >= MARK_TELLS;
}

enum mark_kind mark_kind_find(const char *name)
{
    for (int k = 0; k < MARK_COUNT; k++)
        if (!strcmp(mark_names[k], name))
            return (enum mark_kind)k;
    return MARK_COUNT;
}

void mark_keep_texts(struct mark *m, struct arena *a)
{
    const char **const made[] = { &m->value, &m->topic, &m->about, &m->aim };

    for (size_t i = 0; i < ARRAY_LEN(made); i++)
        if (*made[i])
            *made[i] = arena_strdup(a, *made[i]);
}
