#include "harness/cli/wrap.h"

#include <string.h>

enum { COLUMNS = 80 };

void wrap_add(struct buf *out, const char *text, size_t at, size_t indent)
{
    bool first = true;

    while (*text) {
        size_t len = strcspn(text, " ");

        if (!first && at + 1 + len > COLUMNS) {
            buf_addc(out, '\n');
            buf_add_repeat(out, ' ', indent);
            at = indent;
        } else if (!first) {
            buf_addc(out, ' ');
            at++;
        }
        buf_add(out, text, len);
        at += len;
        first = false;
        text += len;
        while (*text == ' ')
            text++;
    }
    buf_addc(out, '\n');
}
