/* Word list entries that stand for several: "(number|no|code) of (the|your) order". */
#include <string.h>

#include "harness/read/pack.h"

/* How many ways the group that opens at s has, *end its ")"; 0 when it is none. */
static size_t ways_of(const char *s, const char **end)
{
    size_t ways = 1;

    for (s++; *s && *s != '(' && *s != ')'; s++)
        ways += *s == '|';
    *end = s;
    return *s == ')' ? ways : 0;
}

size_t variants_count(const char *text)
{
    size_t all = 1;

    for (const char *s = text; (s = strpbrk(s, "()")); s++) {
        size_t ways = *s == '(' ? ways_of(s, &s) : 0;

        if (!ways || ways > VARIANTS_MAX / all)
            return 0;
        all *= ways;
    }
    return all;
}

const char *variant(struct arena *a, const char *text, size_t i)
{
    struct buf out = BUF_INIT(VARIANT_MAX_BYTES);
    const char *end;

    if (!strchr(text, '('))
        return text;
    for (const char *s = text; *s; s++) {
        if (*s != '(') {
            buf_addc(&out, *s);
            continue;
        }

        size_t ways = ways_of(s, &end);

        for (size_t skip = i % ways; skip; skip--)
            s = strchr(s + 1, '|');
        s++;
        buf_add(&out, s, strcspn(s, "|)"));
        i /= ways;
        s = end;
    }

    const char *copy = arena_strndup(a, out.ptr ? out.ptr : "", out.len);

    buf_release(&out);
    return copy;
}
