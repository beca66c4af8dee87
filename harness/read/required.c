#include "harness/read/required.h"

#include <string.h>

#include "harness/base/text.h"
#include "harness/read/needles.h"

enum { EXACT_MAX = 32, DEPTH_MAX = 60 };

/* A set of strings; `known` false: could be anything. */
struct set {
    bool known;
    const char **items;
    size_t count;
};

/* What a piece of a pattern can match: exactly these strings, or at least one of those inside. */
struct piece {
    struct set exact, inside;
};

struct parser {
    struct arena *a;
    const char *p;
    int depth;
    bool lost;                    /* syntax not understood: give up */
};

static const struct set unknown_set = { 0 };

static struct set one(struct arena *a, const char *s, size_t len)
{
    struct set set = { true, arena_alloc(a, sizeof *set.items), 1 };

    set.items[0] = arena_strndup(a, s, len);
    return set;
}

static struct piece nothing(struct arena *a)
{
    return (struct piece){ one(a, "", 0), unknown_set };
}

static struct piece anything(void)
{
    return (struct piece){ unknown_set, unknown_set };
}

static bool has(const struct set *s, const char *text)
{
    for (size_t i = 0; i < s->count; i++)
        if (!strcmp(s->items[i], text))
            return true;
    return false;
}

static struct set join(struct arena *a, const struct set *x, const struct set *y, size_t max)
{
    struct set set = { true, NULL, 0 };

    if (!x->known || !y->known || x->count + y->count > max)
        return unknown_set;
    set.items = arena_alloc(a, (x->count + y->count) * sizeof *set.items);
    for (size_t i = 0; i < x->count; i++)
        set.items[set.count++] = x->items[i];
    for (size_t i = 0; i < y->count; i++)
        if (!has(&set, y->items[i]))
            set.items[set.count++] = y->items[i];
    return set;
}

static struct set cross(struct arena *a, const struct set *x, const struct set *y)
{
    struct set set = { true, NULL, 0 };

    if (!x->known || !y->known || x->count * y->count > EXACT_MAX)
        return unknown_set;
    set.items = arena_alloc(a, x->count * y->count * sizeof *set.items);
    for (size_t i = 0; i < x->count; i++) {
        for (size_t k = 0; k < y->count; k++) {
            size_t first = strlen(x->items[i]), rest = strlen(y->items[k]);

            if (first + rest > REQUIRED_LENGTH_MAX)
                return unknown_set;

            char *both = arena_alloc(a, first + rest + 1);

            memcpy(both, x->items[i], first);
            memcpy(both + first, y->items[k], rest);
            set.items[set.count++] = both;
        }
    }
    return set;
}

static size_t shortest(const struct set *s)
{
    size_t best = SIZE_MAX;

    for (size_t i = 0; i < s->count; i++)
        if (strlen(s->items[i]) < best)
            best = strlen(s->items[i]);
    return s->known && s->count ? best : 0;
}

/* The better of two demands: the longer shortest string, then the smaller set. */
static void demand(struct set *best, const struct set *s)
{
    size_t mine = shortest(s), other = shortest(best);

    if (mine < REQUIRED_LENGTH_MIN || s->count > REQUIRED_STRINGS_MAX)
        return;
    if (!best->known || mine > other || (mine == other && s->count < best->count))
        *best = *s;
}

static struct piece alternatives(struct parser *p);

/* Ranges beyond ASCII without letters that have a case: Arabic, Indic, punctuation, CJK, masks. */
static bool has_no_case(int32_t c)
{
    static const struct { int32_t first, last; } ranges[] = {
        { 0x0600, 0x0DFF }, { 0x2000, 0x206F }, { 0x3000, 0x9FFF }, { 0xE000, 0xF8FF },
    };

    for (size_t i = 0; i < ARRAY_LEN(ranges); i++)
        if (c >= ranges[i].first && c <= ranges[i].last)
            return true;
    return c < 0x80;
}

/* A code point as it stands in the folded text; one that may have a case of its own is unknown. */
static struct piece literal(struct parser *p, int32_t c)
{
    char bytes[8] = "";
    struct buf b = BUF_INIT(8);

    if (!has_no_case(c) || c == 0)
        return anything();
    text_encode(&b, c < 0x80 && c >= 'A' && c <= 'Z' ? c + 32 : c);
    memcpy(bytes, b.ptr, b.len);

    size_t len = b.len;

    buf_release(&b);
    return (struct piece){ one(p->a, bytes, len), unknown_set };
}

/* "\x{200C}" and the like; p is behind "\x". */
static struct piece hexadecimal(struct parser *p)
{
    int32_t c = 0;

    if (*p->p != '{') {
        p->lost = true;
        return anything();
    }
    for (p->p++; *p->p && *p->p != '}'; p->p++) {
        char d = *p->p;

        c = c * 16 + (d <= '9' ? d - '0' : (d | 32) - 'a' + 10);
        if (c > 0x10FFFF || c < 0)
            p->lost = true;
    }
    if (*p->p)
        p->p++;
    return p->lost ? anything() : literal(p, c);
}

static struct piece escape(struct parser *p)
{
    char c = *p->p;

    if (!c) {
        p->lost = true;
        return anything();
    }
    p->p++;
    if (c == 'x')
        return hexadecimal(p);
    if (strchr("bBAzZGK", c))
        return nothing(p->a);
    if (strchr("dDwWsShHvVRNX", c))
        return anything();
    if (c == 'p' || c == 'P') {
        if (*p->p == '{')
            while (*p->p && *p->p != '}')
                p->p++;
        p->lost = p->lost || !*p->p;
        p->p += *p->p != '\0';
        return anything();
    }
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) {
        p->lost = true;           /* \Q, back references, control characters */
        return anything();
    }
    return literal(p, c);
}

/* "[...]": the set of its characters when they are few and plain. */
static struct piece class(struct parser *p)
{
    struct set set = { true, arena_alloc(p->a, 8 * sizeof *set.items), 0 };
    bool plain = *p->p != '^';
    size_t n = 0;

    for (; *p->p && (*p->p != ']' || n == 0); n++) {
        int32_t c;

        if (*p->p == '\\' && p->p[1]) {
            plain = plain && !((p->p[1] >= 'a' && p->p[1] <= 'z') ||
                               (p->p[1] >= 'A' && p->p[1] <= 'Z'));
            p->p++;
        } else if (*p->p == '[' && p->p[1] == ':') {
            p->lost = true;
        } else if (*p->p == '-' && n > 0 && p->p[1] != ']') {
            plain = false;
        }
        p->p += text_decode(p->p, strlen(p->p), &c);

        struct piece one_char = literal(p, c);

        if (!one_char.exact.known || set.count == 8)
            plain = false;
        else if (!has(&set, one_char.exact.items[0]) && set.count < 8)
            set.items[set.count++] = one_char.exact.items[0];
    }
    if (*p->p != ']') {
        p->lost = true;
        return anything();
    }
    p->p++;
    return plain && set.count ? (struct piece){ set, unknown_set } : anything();
}

/* Behind "(": what kind of group; lookarounds are read and forgotten. */
static struct piece group(struct parser *p)
{
    static const char *const forgotten[] = { "?=", "?!", "?<=", "?<!" };
    bool forget = false;

    for (size_t i = 0; i < ARRAY_LEN(forgotten); i++) {
        if (!text_starts_with(p->p, forgotten[i]))
            continue;
        forget = true;
        p->p += strlen(forgotten[i]);
        break;
    }
    if (!forget && *p->p == '?') {
        if (p->p[1] == ':' || p->p[1] == '>') {
            p->p += 2;
        } else if ((p->p[1] == '<' || p->p[1] == 'P') && strchr(p->p, '>')) {
            p->p = strchr(p->p, '>') + 1;
        } else {
            p->lost = true;
            return anything();
        }
    } else if (!forget && *p->p == '*') {
        p->lost = true;
        return anything();
    }

    struct piece inner = alternatives(p);

    if (*p->p != ')')
        p->lost = true;
    else
        p->p++;
    return forget ? nothing(p->a) : inner;
}

static struct piece atom(struct parser *p)
{
    int32_t c;

    switch (*p->p) {
    case '(': p->p++; return group(p);
    case '[': p->p++; return class(p);
    case '\\': p->p++; return escape(p);
    case '.': p->p++; return anything();
    case '^': case '$': p->p++; return nothing(p->a);
    default: break;
    }
    p->p += text_decode(p->p, strlen(p->p), &c);
    return literal(p, c);
}

/* "{2}", "{1,5}": at p; false when it is no quantifier. */
static bool counts(const char *s, int *least, size_t *len)
{
    const char *q = s + 1;
    bool digits = false;

    *least = 0;
    for (; *q >= '0' && *q <= '9' && *least < 1000; q++, digits = true)
        *least = *least * 10 + (*q - '0');
    if (*q == ',')
        for (q++; *q >= '0' && *q <= '9'; q++)
            ;
    *len = (size_t)(q + 1 - s);
    return digits && *q == '}';
}

static struct piece quantified(struct parser *p)
{
    struct piece x = atom(p);
    int least = 1;
    bool many = false, optional = false;
    size_t len = 1;

    switch (*p->p) {
    case '?': optional = true; break;
    case '*': many = true; least = 0; break;
    case '+': many = true; break;
    case '{':
        if (!counts(p->p, &least, &len))
            return x;
        many = true;
        break;
    default: return x;
    }
    p->p += len;
    if (*p->p == '?' || *p->p == '+')
        p->p++;                   /* lazy, possessive */
    if (optional) {
        struct set empty = one(p->a, "", 0);

        return (struct piece){ join(p->a, &x.exact, &empty, EXACT_MAX), unknown_set };
    }
    if (many && least > 0) {
        struct set inside = x.inside;

        demand(&inside, &x.exact);
        return (struct piece){ unknown_set, inside };
    }
    return anything();
}

static struct piece sequence(struct parser *p)
{
    struct set run = one(p->a, "", 0), best = unknown_set;
    bool whole = true;

    while (*p->p && *p->p != '|' && *p->p != ')' && !p->lost) {
        struct piece x = quantified(p);
        struct set both = cross(p->a, &run, &x.exact);

        if (both.known) {
            run = both;
            continue;
        }
        whole = false;
        demand(&best, &run);
        demand(&best, &x.inside);
        run = x.exact.known ? x.exact : one(p->a, "", 0);
    }
    if (whole)
        return (struct piece){ run, unknown_set };
    demand(&best, &run);
    return (struct piece){ unknown_set, best };
}

static struct piece alternatives(struct parser *p)
{
    struct piece all = { 0 };
    struct set inside = unknown_set;

    if (++p->depth > DEPTH_MAX)
        p->lost = true;
    for (bool first = true; !p->lost; first = false) {
        struct piece x = sequence(p);
        struct set mine = x.inside;

        demand(&mine, &x.exact);
        if (first) {
            all.exact = x.exact;
            inside = mine;
        } else {
            all.exact = join(p->a, &all.exact, &x.exact, EXACT_MAX);
            inside = join(p->a, &inside, &mine, REQUIRED_STRINGS_MAX);
        }
        if (*p->p != '|')
            break;
        p->p++;
    }
    p->depth--;
    if (!all.exact.known)
        all.inside = inside;
    return all;
}

struct required required_strings(struct arena *a, const char *pattern)
{
    struct arena *scratch = arena_new();
    struct parser p = { .a = scratch, .p = pattern };
    struct piece x = alternatives(&p);
    struct set best = x.inside;
    struct required ret = { 0 };

    demand(&best, &x.exact);
    if (!p.lost && !*p.p && shortest(&best) >= REQUIRED_LENGTH_MIN) {
        ret.items = arena_alloc(a, best.count * sizeof *ret.items);
        for (size_t i = 0; i < best.count; i++)
            ret.items[ret.count++] = arena_strdup(a, best.items[i]);
    }
    arena_free(scratch);
    return ret;
}
