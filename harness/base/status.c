#include "harness/base/status.h"

static const char *const names[] = {
#define X(name, text) #name,
    STATUS_LIST(X)
#undef X
};

static const char *const texts[] = {
#define X(name, text) text,
    STATUS_LIST(X)
#undef X
};

const char *status_name(enum status st)
{
    return (unsigned)st < ST_COUNT ? names[st] : "?";
}

const char *status_text(enum status st)
{
    return (unsigned)st < ST_COUNT ? texts[st] : "?";
}
