#include "harness/judge/likeness.h"

#include <string.h>

#include "harness/base/buf.h"

enum { WORDS_MAX = 24, STEM = 5, SHORT = 5, ENDING = 3 };

static size_t split(const char *s, struct slice *out)
{
    size_t n = 0;

    while (s && *s && n < WORDS_MAX) {
        size_t len = strcspn(s, " ");

        if (len)
            out[n++] = (struct slice){ s, len };
        s += len + (s[len] == ' ');
    }
    return n;
}

static bool begins_letter(char c)
{
    return ((unsigned char)c & 0xC0) != 0x80;
}

static size_t letters(struct slice s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.len; i++)
        n += begins_letter(s.ptr[i]);
    return n;
}

/* Letters both begin with. */
static size_t shared(struct slice a, struct slice b)
{
    size_t i = 0, n = 0;

    while (i < a.len && i < b.len && a.ptr[i] == b.ptr[i])
        n += begins_letter(a.ptr[i++]);
    return n && ((i < a.len && !begins_letter(a.ptr[i])) ||
                 (i < b.len && !begins_letter(b.ptr[i]))) ? n - 1 : n;
}

/* The same stem, or a word of SHORT bytes (three letters where they take two) with an ending. */
static bool same(struct slice a, struct slice b)
{
    size_t la = letters(a), lb = letters(b), both = shared(a, b);
    size_t less = la < lb ? la : lb, more = la < lb ? lb : la;

    return both >= STEM || (both == less && less == more) ||
           (both == less && (la < lb ? a.len : b.len) >= SHORT && more <= less + ENDING);
}

static bool among(struct slice word, const struct slice *words, size_t count)
{
    for (size_t k = 0; k < count; k++)
        if (same(word, words[k]))
            return true;
    return false;
}

double likeness(const char *one, const char *two)
{
    struct slice a[WORDS_MAX], b[WORDS_MAX];
    size_t na = split(one, a), nb = split(two, b), both = 0;

    for (size_t i = 0; i < na; i++)
        both += among(a[i], b, nb);
    if (both == 1 && na == 1 && nb == 1) {
        size_t la = letters(a[0]), lb = letters(b[0]);

        return la <= lb + ENDING && lb <= la + ENDING;
    }
    return both < 2 ? 0 : (double)both / (double)(na + nb - both);
}

const char *likeness_topic(const char *one, const char *two)
{
    struct slice a[WORDS_MAX], b[WORDS_MAX];
    size_t na = split(one, a), nb = split(two, b);

    if (na > nb)
        return likeness_topic(two, one);
    for (size_t i = 0; i < na; i++)
        if (!among(a[i], b, nb))
            return NULL;
    return na ? two : NULL;
}

bool likeness_apart(const char *one, const char *two, const char *topic)
{
    struct slice of[WORDS_MAX], a[WORDS_MAX], b[WORDS_MAX];
    size_t topics = split(topic, of), na = split(one, a), nb = split(two, b);
    size_t only_a = 0, only_b = 0;

    for (size_t i = 0; i < na; i++)
        only_a += !among(a[i], of, topics) && !among(a[i], b, nb);
    for (size_t i = 0; i < nb; i++)
        only_b += !among(b[i], of, topics) && !among(b[i], a, na);
    return only_a && only_b;
}

bool likeness_names(const char *a, const char *b)
{
    while (*a) {
        size_t len = 1 + strcspn(a + 1, " ");

        for (const char *p = b; (p = strchr(p, ' ')); p++)
            if (!strncmp(p, a, len) && (p[len] == ' ' || !p[len]))
                return true;
        a += len;
    }
    return false;
}

bool likeness_question(const char *text, size_t len)
{
    static const char ARABIC[] = "\xD8\x9F";
    const size_t n = sizeof ARABIC - 1;

    return text[len - 1] == '?' || (len >= n && !memcmp(text + len - n, ARABIC, n));
}
