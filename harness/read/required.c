#include "harness/read/required.h"

#include <string.h>

#include "harness/base/text.h"
#include "harness/read/needles.h"

enum { EXACT_MAX = 48, DEPTH_MAX = 60 };

/* A set of strings; `known` false: could be anything. */
struct set {
    bool known;
    const char **items;
    size_t count;
};

/* What a piece of a pattern can match: exactly these strings, or at least one of those inside. */
struct piece {
    struct set exact, inside;
    bool repeats;                 /* once or more often */
};

/* The edge of a word (\b) while strings are put together; in the result it is a flag. */
#define EDGE '\x02'

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
    return (struct piece){ one(a, "", 0), unknown_set, false };
}

static struct piece edge(struct arena *a)
{
    return (struct piece){ one(a, (const char[]){ EDGE }, 1), unknown_set, false };
}

static struct piece anything(void)
{
    return (struct piece){ unknown_set, unknown_set, false };
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

/* How much a string says: its length; nothing when it is one letter or blank, which stand anywhere. */
static size_t weight(const char *s)
{
    size_t len = 0;
    char last = 0;

    for (; *s; s++) {
        if (*s == EDGE)
            continue;
        last = *s;
        len++;
    }
    return len == 1 && (last == ' ' || last == '\'' || (last >= 'a' && last <= 'z')) ? 0 : len;
}

static size_t weakest(const struct set *s)
{
    size_t best = SIZE_MAX;

    for (size_t i = 0; i < s->count; i++)
        if (weight(s->items[i]) < best)
            best = weight(s->items[i]);
    return s->known && s->count ? best : 0;
}

/* The better of two demands: the longer shortest string, then the smaller set. */
static void demand(struct set *best, const struct set *s)
{
    size_t mine = weakest(s), other = weakest(best);

    if (!mine || s->count > REQUIRED_STRINGS_MAX)
        return;
    if (!best->known || mine > other || (mine == other && s->count < best->count))
        *best = *s;
}

static struct piece alternatives(struct parser *p);

/* A code point as it stands in the folded text; one that may have a case of its own is unknown. */
static struct piece literal(struct parser *p, int32_t c)
{
    char bytes[8] = "";
    struct buf b = BUF_INIT(8);

    if (c == 0 || c == EDGE || !needles_foldable(c))
        return anything();
    text_encode(&b, needles_folded(c));
    memcpy(bytes, b.ptr, b.len);

    size_t len = b.len;

    buf_release(&b);
    return (struct piece){ one(p->a, bytes, len), unknown_set, false };
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
    if (c == 'b')
        return edge(p->a);
    if (strchr("BAzZGK", c))
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
            bool digits = p->p[-1] >= '0' && p->p[-1] <= '9' && p->p[1] >= '0' && p->p[1] <= '9';

            plain = plain && digits;         /* to the folded text all digits are one */
            p->p++;
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
    return plain && set.count ? (struct piece){ set, unknown_set, false } : anything();
}

/* Behind "(?": a group that may be looked into, whatever its options about case; false: unknown. */
static bool open_group(struct parser *p)
{
    static const char *const plain[] = { "?:", "?>", "?-i:", "?i:" };

    for (size_t i = 0; i < ARRAY_LEN(plain); i++) {
        if (!text_starts_with(p->p, plain[i]))
            continue;
        p->p += strlen(plain[i]);
        return true;
    }
    if ((p->p[1] != '<' && p->p[1] != 'P') || !strchr(p->p, '>'))
        return false;
    p->p = strchr(p->p, '>') + 1;
    return true;
}

/* Behind "(": what kind of group; lookarounds are read and forgotten, but for those that are \b. */
static struct piece group(struct parser *p)
{
    static const char *const forgotten[] = { "?=", "?!", "?<=", "?<!" };
    bool forget = false, edges = false;

    for (size_t i = 0; i < ARRAY_LEN(forgotten); i++) {
        if (!text_starts_with(p->p, forgotten[i]))
            continue;
        forget = true;
        p->p += strlen(forgotten[i]);
        edges = forgotten[i][strlen(forgotten[i]) - 1] == '!' && text_starts_with(p->p, "\\w)");
        break;
    }
    if (!forget && ((*p->p == '?' && !open_group(p)) || *p->p == '*')) {
        p->lost = true;
        return anything();
    }

    struct piece inner = alternatives(p);

    if (*p->p != ')')
        p->lost = true;
    else
        p->p++;
    return edges ? edge(p->a) : forget ? nothing(p->a) : inner;
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

        return (struct piece){ join(p->a, &x.exact, &empty, EXACT_MAX), unknown_set, false };
    }
    x.repeats = many;
    return least > 0 ? x : anything();
}

static struct piece sequence(struct parser *p)
{
    struct set run = one(p->a, "", 0), best = unknown_set;
    bool whole = true;

    while (*p->p && *p->p != '|' && *p->p != ')' && !p->lost) {
        struct piece x = quantified(p);
        struct set both = cross(p->a, &run, &x.exact);

        if (both.known && !x.repeats) {
            run = both;
            continue;
        }
        whole = false;
        /* What repeats begins where the run ends, and ends where the next one begins. */
        demand(&best, both.known ? &both : &run);
        demand(&best, &x.inside);
        run = x.exact.known ? x.exact : one(p->a, "", 0);
    }
    if (whole)
        return (struct piece){ run, unknown_set, false };
    demand(&best, &run);
    return (struct piece){ unknown_set, best, false };
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

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/* The string without its edges; those at its ends that a text can be asked about become flags. */
static struct needed needed(struct arena *a, const char *s)
{
    char *text = arena_alloc(a, strlen(s) + 1), *end = text;
    size_t len = strlen(s);
    bool first = s[0] == EDGE, last = len && s[len - 1] == EDGE;

    for (; *s; s++)
        if (*s != EDGE)
            *end++ = *s;
    *end = 0;
    return (struct needed){ text, first && is_word(text[0]), last && is_word(end[-1]) };
}

struct required required_strings(struct arena *a, const char *pattern)
{
    struct arena *scratch = arena_new();
    struct parser p = { .a = scratch, .p = pattern };
    struct piece x = alternatives(&p);
    struct set best = x.inside;
    struct required ret = { 0 };

    demand(&best, &x.exact);
    if (!p.lost && !*p.p && weakest(&best)) {
        ret.items = arena_alloc(a, best.count * sizeof *ret.items);
        for (size_t i = 0; i < best.count; i++)
            ret.items[ret.count++] = needed(a, best.items[i]);
    }
    arena_free(scratch);
    return ret;
}
