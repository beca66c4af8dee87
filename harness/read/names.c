/* Whether a name in a greeting is the customer's: as written, in another spelling, short, or in another
 * script. Doubt speaks for the company. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/read/reading.h"

enum { LETTERS_MAX = 32, NAME_WORDS = 4 };

/* A word of a name as it is compared: spellings that are heard alike are one. */
struct sound {
    int32_t c[LETTERS_MAX];
    size_t n;
    bool arabic;
};

void pack_names(struct pack *p)
{
    const struct texts *names = &p->lexicon->names;

    for (size_t i = 0; i < names->count; i++) {
        struct words w;

        words_init(&w);
        words_split(&w, slice_str(names->items[i]));
        for (size_t k = 0; k < w.count; k++) {
            struct slice one = words_folded(&w, k);

            dictionary_add(&p->given, arena_strndup(p->arena, one.ptr, one.len), (int)i);
        }
        words_release(&w);
    }
}

static bool is_arabic(int32_t c)
{
    return c >= 0x600 && c <= 0x6FF;
}

static void push(struct sound *s, int32_t c)
{
    if (s->n < LETTERS_MAX && (!s->n || s->c[s->n - 1] != c))
        s->c[s->n++] = c;
}

/* "Mueller", "Müller" and "Muller"; "Yusuf" and "Jussuf"; "Thomas" and "Tomas". */
static struct sound sound_of(struct slice folded)
{
    struct sound s = { .n = 0 };
    int32_t last = 0;

    for (size_t i = 0; i < folded.len;) {
        int32_t c;

        i += text_decode(folded.ptr + i, folded.len - i, &c);
        s.arabic = s.arabic || is_arabic(c);
        if (c == 'e' && (last == 'a' || last == 'o' || last == 'u')) {
            last = 0;
            continue;
        }
        last = c;
        if (c != 'h' && c != '\'' && c != '-')
            push(&s, c == 'y' || c == 'j' ? 'i' : c == 'c' ? 'k' : c == 'w' ? 'v' : c);
    }
    return s;
}

/* What of a letter is left when a name is carried over between Latin and Persian; 0 nothing. */
static int32_t consonant(int32_t c, bool first)
{
    static const struct { int32_t from, to; } letters[] = {
        { 'p', 'p' }, { 'b', 'b' }, { 'v', 'v' }, { 'f', 'f' }, { 't', 't' }, { 'd', 't' },
        { 's', 's' }, { 'z', 's' }, { 'x', 's' }, { 'k', 'k' }, { 'q', 'k' }, { 'g', 'k' },
        { 'm', 'm' }, { 'n', 'n' }, { 'l', 'l' }, { 'r', 'r' },
        { 0x67E, 'p' }, { 0x628, 'b' }, { 0x641, 'f' }, { 0x62A, 't' }, { 0x637, 't' },
        { 0x62F, 't' }, { 0x633, 's' }, { 0x635, 's' }, { 0x62B, 's' }, { 0x632, 's' },
        { 0x630, 's' }, { 0x636, 's' }, { 0x638, 's' }, { 0x698, 's' }, { 0x634, 's' },
        { 0x686, 's' }, { 0x62C, 's' }, { 0x6A9, 'k' }, { 0x6AF, 'k' }, { 0x642, 'k' },
        { 0x63A, 'k' }, { 0x62E, 'k' }, { 0x645, 'm' }, { 0x646, 'n' }, { 0x644, 'l' },
        { 0x631, 'r' },
    };

    if (c == 0x648)
        return first ? 'v' : 0;
    for (size_t i = 0; i < ARRAY_LEN(letters); i++)
        if (letters[i].from == c)
            return letters[i].to;
    return 0;
}

static struct sound skeleton(const struct sound *s)
{
    struct sound out = { .n = 0 };

    for (size_t i = 0; i < s->n; i++) {
        int32_t c = s->c[i];
        int32_t to = c == 's' && i + 1 < s->n && s->c[i + 1] == 'k' ? 0 : consonant(c, i == 0);

        if (to)
            push(&out, to);
    }
    return out;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* How many letters must change (Levenshtein). */
static size_t distance(const struct sound *a, const struct sound *b)
{
    size_t row[LETTERS_MAX + 1];

    for (size_t k = 0; k <= b->n; k++)
        row[k] = k;
    for (size_t i = 1; i <= a->n; i++) {
        size_t diagonal = row[0];

        row[0] = i;
        for (size_t k = 1; k <= b->n; k++) {
            size_t up = row[k], same = diagonal + (a->c[i - 1] != b->c[k - 1]);

            row[k] = smaller(smaller(up, row[k - 1]) + 1, same);
            diagonal = up;
        }
    }
    return row[b->n];
}

static bool holds(const struct sound *whole, const struct sound *part)
{
    for (size_t i = 0; i + part->n <= whole->n; i++)
        if (!memcmp(whole->c + i, part->c, part->n * sizeof *part->c))
            return true;
    return false;
}

/* "Alex" and "Alexander", "Hannes" and "Johannes", "Kate" and "Katherine", "Marie" and "Maria". */
static bool akin(const struct sound *a, const struct sound *b)
{
    enum { SHORT_NAME = 4, HEARD = 3, LONG_NAME = 6 };
    size_t least = smaller(a->n, b->n), same = 0;

    if (a->arabic != b->arabic) {
        struct sound x = skeleton(a), y = skeleton(b);
        size_t most = x.n > y.n ? x.n : y.n;

        return distance(&x, &y) * 3 <= most;
    }
    while (same < least && a->c[same] == b->c[same])
        same++;
    if (least >= HEARD && (holds(a, b) || holds(b, a)))
        return true;
    if (same >= HEARD && least <= SHORT_NAME)
        return true;
    return distance(a, b) <= (least >= LONG_NAME ? 2 : least >= HEARD ? 1 : 0);
}

static int entry_of(const struct pack *p, struct slice word)
{
    pack_ready(p);
    return dictionary_find(&p->given, word);
}

static bool is_given(const struct reading *r, struct slice word)
{
    for (size_t i = 0; i < r->reader->count; i++)
        if (entry_of(r->reader->packs[i], word) >= 0)
            return true;
    return false;
}

static bool of_one_entry(const struct reading *r, struct slice a, struct slice b)
{
    for (size_t i = 0; i < r->reader->count; i++) {
        int entry = entry_of(r->reader->packs[i], a);

        if (entry >= 0 && entry == entry_of(r->reader->packs[i], b))
            return true;
    }
    return false;
}

static bool is_particle(struct slice word)
{
    static const char *const particles[] = {
        "von", "van", "vom", "zu", "zum", "zur", "de", "der", "den", "des", "di", "da", "do", "dos",
        "du", "d", "el", "al", "bin", "ben", "ibn", "af", "av", "ten", "ter", "y", "e", "und",
    };

    for (size_t i = 0; i < ARRAY_LEN(particles); i++)
        if (slice_eq(word, particles[i]))
            return true;
    return false;
}

/* Written as names are: a capital letter first, no digits; Persian has no capitals. */
static bool is_name(struct slice word)
{
    int32_t first;

    for (size_t i = 0; i < word.len; i++)
        if (word.ptr[i] >= '0' && word.ptr[i] <= '9')
            return false;
    if (!word.len)
        return false;
    (void)text_decode(word.ptr, word.len, &first);
    return first > 0x7F || (first >= 'A' && first <= 'Z');
}

static bool says_little(const struct pack *p, struct slice word)
{
    return dictionary_find(&p->stopwords, word) >= 0 || dictionary_find(&p->light, word) >= 0 ||
           dictionary_find(&p->slots, word) >= 0;
}

/* Whether some word of a text may be the same name as one of these. */
static bool shares(const struct reading *r, const struct words *name, const char *text)
{
    struct words w;
    bool found = false;

    words_init(&w);
    words_split(&w, slice_str(text));
    for (size_t i = 0; i < w.count && !found; i++) {
        struct slice mine = words_folded(&w, i);
        struct sound own = sound_of(mine);

        for (size_t k = 0; k < name->count && own.n && !found; k++) {
            struct slice theirs = words_folded(name, k);
            struct sound other = sound_of(theirs);

            found = !is_particle(theirs) && other.n && (akin(&own, &other) ||
                                                       of_one_entry(r, mine, theirs));
        }
    }
    words_release(&w);
    return found;
}

static bool is_customers(const struct reading *r, const struct words *name)
{
    const struct transcript *t = r->t;
    const char *email = t->customer_email ? t->customer_email : "";
    const char *box = arena_strndup(r->a, email, strcspn(email, "@"));
    bool found = shares(r, name, t->customer_name) || shares(r, name, box);

    for (size_t i = 0; i < t->know_count && !found; i++)
        found = t->knows[i].text && shares(r, name, t->knows[i].text);
    return found;
}

/* All words look like a name's; without a title one of them is a given name. */
static bool names_somebody(const struct reading *r, const struct words *name, size_t start,
                           bool titled)
{
    bool given = false, any = false;

    for (size_t i = 0; i < name->count; i++) {
        struct slice word = words_folded(name, i);
        struct slice written = { r->tidy.text.ptr + start + name->items[i].start,
                                 name->items[i].end - name->items[i].start };

        if (is_particle(word) && (i || slice_eq(word, "von") || slice_eq(word, "van") ||
                                  slice_eq(word, "de")))
            continue;
        if (!is_name(written) || (!titled && says_little(r->pack, word)))
            return false;
        given = given || is_given(r, word);
        any = any || text_length(word) > 1;
    }
    return any && (titled || given);
}

/* The customer's own name stands in the message, too: perhaps it is a colleague who is greeted. */
static bool named_elsewhere(const struct reading *r)
{
    for (size_t i = 0; i < ARRAY_LEN(r->names); i++)
        for (size_t k = 0; r->names[i] && k < r->words.count; k++) {
            struct slice word = words_folded(&r->words, k);
            char *own = text_folded(r->names[i]);
            bool same = word.len > 2 && slice_eq(word, own);

            free(own);
            if (same)
                return true;
        }
    return false;
}

bool reading_other_name(const struct reading *r, size_t start, size_t end, bool titled,
                        double *sure)
{
    static const double ELSEWHERE = .62, OTHER_SCRIPT = .75;
    struct words name;
    bool other;

    if (end <= start || !r->t->customer_name || !*r->t->customer_name)
        return false;
    words_init(&name);
    words_split(&name, (struct slice){ r->tidy.text.ptr + start, end - start });
    other = name.count && name.count <= NAME_WORDS &&
            names_somebody(r, &name, start, titled) && !is_customers(r, &name);
    if (other) {
        struct sound own = sound_of(slice_str(r->t->customer_name));

        *sure = named_elsewhere(r) ? ELSEWHERE : 1;
        if (own.arabic != sound_of(words_folded(&name, 0)).arabic)
            *sure *= OTHER_SCRIPT;
    }
    words_release(&name);
    return other;
}
