#include "tests/company/fill.h"

#include <string.h>

static const struct blank *blank_at(const char *open, const struct blank *blanks, size_t count)
{
    const char *close = strchr(open, '}');

    for (size_t i = 0; close && i < count; i++) {
        size_t len = strlen(blanks[i].name);

        if (len == (size_t)(close - open) - 1 && memcmp(open + 1, blanks[i].name, len) == 0)
            return &blanks[i];
    }
    return NULL;
}

void fill(struct buf *out, const char *text, const struct blank *blanks, size_t count)
{
    while (*text) {
        size_t plain = strcspn(text, "{");
        const struct blank *b = text[plain] ? blank_at(text + plain, blanks, count) : NULL;

        buf_add(out, text, plain);
        text += plain;
        if (b) {
            buf_adds(out, b->value ? b->value : "");
            text += strlen(b->name) + 2;
        } else if (*text) {
            buf_addc(out, *text++);
        }
    }
}
