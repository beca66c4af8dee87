#include "harness/channels/js_pattern.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct reader {
    const char *p;
    struct buf *out;
};

/* Both inside and outside of classes they mean the same to both, but for those below. */
#define SAME "sSfnrtv0cx"

static const struct ascii {
    char letter;
    const char *outside, *inside;         /* NULL: cannot be said there */
} asciis[] = {
    { 'd', "[0-9]", "0-9" }, { 'D', "[^0-9]", NULL },
    { 'w', "[A-Za-z0-9_]", "A-Za-z0-9_" }, { 'W', "[^A-Za-z0-9_]", NULL },
};

/** \u0041 or \u{41}, behind the u. */
static bool code_point(struct reader *r)
{
    bool braces = *r->p == '{';
    const char *from = r->p + braces;
    size_t len = strspn(from, "0123456789abcdefABCDEF");

    if (braces ? !len || len > 6 || from[len] != '}' : len < 4)
        return false;
    buf_addf(r->out, "\\x{%.*s}", braces ? (int)len : 4, from);
    r->p = from + (braces ? len + 1 : 4);
    return true;
}

static bool ascii_class(struct reader *r, bool inside)
{
    for (size_t i = 0; i < ARRAY_LEN(asciis); i++) {
        const char *says = inside ? asciis[i].inside : asciis[i].outside;

        if (asciis[i].letter != *r->p)
            continue;
        if (says)
            buf_adds(r->out, says);
        r->p++;
        return says != NULL;
    }
    return false;
}

/** \p{L}, \P{L}, behind the backslash. */
static bool property(struct reader *r)
{
    size_t len = strcspn(r->p, "}");

    if (r->p[1] != '{' || !r->p[len])
        return false;
    buf_addf(r->out, "\\%.*s", (int)len + 1, r->p);
    r->p += len + 1;
    return true;
}

/** Behind a backslash. */
static bool escape(struct reader *r, bool inside)
{
    char c = *r->p;

    if (!c)
        return false;
    if (c == 'u') {
        r->p++;
        return code_point(r);
    }
    if (strchr("dDwW", c))
        return ascii_class(r, inside);
    if (c == 'p' || c == 'P')
        return property(r);
    if (!strchr("^$\\.*+?()[]{}|/" SAME, c) &&
        !strchr(inside ? "b-&!#%,:;<=>@`~" : "bBk123456789", c))
        return false;
    buf_addc(r->out, '\\');
    buf_addc(r->out, c);
    r->p++;
    return true;
}

/** One character of a class, or a set of them; *single: it may begin or end a range. */
static bool class_atom(struct reader *r, bool *single)
{
    char c = *r->p;

    *single = c != '\\' || !strchr("dDwWsSpP", r->p[1]);
    if (!c || strchr("()[]{}/-|", c))
        return false;
    /* Two of them together mean something else, or will one day. */
    if (ispunct((unsigned char)c) && r->p[1] == c && strchr("&!#$%*+,.:;<=>?@^`~", c))
        return false;
    if (c == '\\') {
        r->p++;
        return escape(r, true);
    }
    buf_addc(r->out, c);
    r->p++;
    return true;
}

/** Behind the opening bracket. */
static bool class(struct reader *r)
{
    bool single, other;

    buf_addc(r->out, '[');
    if (*r->p == '^')
        buf_addc(r->out, *r->p++);
    if (*r->p == ']')
        return false;             /* nothing, or anything: nobody asks for that */
    while (*r->p != ']') {
        if (!class_atom(r, &single))
            return false;
        if (*r->p != '-')
            continue;
        buf_addc(r->out, *r->p++);
        if (!single || !class_atom(r, &other) || !other)
            return false;
    }
    buf_addc(r->out, *r->p++);
    return true;
}

/** {2}, {2,}, {2,4}, behind the opening brace. */
static bool quantifier(struct reader *r)
{
    size_t len = strspn(r->p, "0123456789"), more = 0;

    if (!len)
        return false;
    if (r->p[len] == ',')
        more = 1 + strspn(r->p + len + 1, "0123456789");
    if (r->p[len + more] != '}')
        return false;
    buf_addf(r->out, "{%.*s}", (int)(len + more), r->p);
    r->p += len + more + 1;
    return true;
}

bool js_pattern(const char *pattern, struct buf *out)
{
    struct reader r = { pattern, out };
    bool ok = true;

    while (ok && *r.p) {
        char c = *r.p++;

        if (c == '\\')
            ok = escape(&r, false);
        else if (c == '[')
            ok = class(&r);
        else if (c == '{')
            ok = quantifier(&r);
        else if (c == ']' || c == '}')
            ok = false;
        else
            buf_addc(out, c);
    }
    return ok && !out->full;
}
