#include "harness/model/mark.h"

static const char *const names[] = {
#define X(id, name, text) name,
    MARK_LIST(X)
#undef X
};

static const char *const texts[] = {
#define X(id, name, text) text,
    MARK_LIST(X)
#undef X
};

const char *mark_name(enum mark_kind k)
{
    return names[k];
}

const char *mark_text(enum mark_kind k)
{
    return texts[k];
}
