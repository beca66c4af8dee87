#include "harness/channels/mail_echo.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"

enum {
    ASKED_MAX = 80, WORD_MIN_BYTES = 3, WORD_MAX_BYTES = 60, IGNORED_MAX_BYTES = 128 * 1024,
    STEM_MIN = 4, COMPOUND_MIN = 5, FEW_WORDS = 4, ENOUGH_WORDS = 6, SHOWN_MAX = 6,
};

const char *const echo_names[ECHO_COUNT] = { "unclear", "yes", "no" };

/* How sure each is; judged. */
static const double BY_NUMBER = .95, BY_WORDS = .85, BY_ONE_WORD = .7, DOUBT = .5, BY_NOTHING = .6;

static bool in_word(int32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           (c > 0xBF && c != 0x60C && c != 0x61B && c != 0x61F && c != 0x6D4 &&
            !(c >= 0x2000 && c < 0x2C00));
}

/* The next word of a folded text, "a-10442" as one; empty at its end. */
static struct slice next_word(const char **p)
{
    const char *end = *p + strlen(*p);
    struct slice word = { *p, 0 };

    while (*p < end) {
        int32_t c;
        size_t used = text_decode(*p, (size_t)(end - *p), &c);

        if (in_word(c)) {
            if (!word.len)
                word.ptr = *p;
            word.len = (size_t)(*p + used - word.ptr);
        } else if (word.len && c != '-') {
            break;
        }
        *p += used;
    }
    return word;
}

static bool has_digit(struct slice word)
{
    for (size_t i = 0; i < word.len; i++)
        if (word.ptr[i] >= '0' && word.ptr[i] <= '9')
            return true;
    return false;
}

void mail_thread_asked(struct arena *a, struct mail_thread *t, const char *words)
{
    char *folded = text_folded(words);
    const char *p = folded;

    for (struct slice w = next_word(&p); w.len && t->asked.count < ASKED_MAX; w = next_word(&p))
        if (w.len >= WORD_MIN_BYTES && w.len <= WORD_MAX_BYTES) {
            const char *word = arena_strndup(a, w.ptr, w.len);
            bool known = false;

            for (size_t i = 0; i < t->asked.count && !known; i++)
                known = !strcmp(t->asked.items[i], word);
            if (known)
                continue;
            ARENA_GROW(a, t->asked.items, t->asked.cap, t->asked.count + 1);
            t->asked.items[t->asked.count++] = word;
        }
    free(folded);
}

/* " word word …": what proves nothing. */
static void ignore(struct buf *out, const char *text)
{
    char *folded = text_folded(text);
    const char *p = folded;

    for (struct slice w = next_word(&p); w.len; w = next_word(&p)) {
        buf_addc(out, ' ');
        buf_add(out, w.ptr, w.len);
    }
    buf_addc(out, ' ');
    free(folded);
}

static void ignore_texts(struct buf *out, const struct texts *list)
{
    for (size_t i = 0; i < list->count; i++)
        ignore(out, list->items[i]);
}

static bool ignored(const struct buf *out, struct slice word)
{
    char key[WORD_MAX_BYTES + 3] = " ";

    if (word.len < WORD_MIN_BYTES || word.len > WORD_MAX_BYTES)
        return true;
    memcpy(key + 1, word.ptr, word.len);
    key[word.len + 1] = ' ';
    key[word.len + 2] = '\0';
    return strstr(out->ptr, key) != NULL;
}

/* Letters of Persian have two bytes each. */
static size_t letters(struct slice s)
{
    return (unsigned char)s.ptr[0] >= 0xD8 ? s.len / 2 : s.len;
}

static bool holds(struct slice whole, struct slice part)
{
    for (size_t i = 0; i + part.len <= whole.len; i++)
        if (!memcmp(whole.ptr + i, part.ptr, part.len))
            return true;
    return false;
}

/* "leak" and "leaking", "Kocher" and "Wasserkocher"; numbers only as they are. */
static bool of_one_stem(struct slice a, struct slice b)
{
    size_t same = 0, most = a.len > b.len ? a.len : b.len;

    if (a.len == b.len && !memcmp(a.ptr, b.ptr, a.len))
        return true;
    if (has_digit(a) || has_digit(b))
        return false;
    while (same < a.len && same < b.len && a.ptr[same] == b.ptr[same])
        same++;
    if (letters((struct slice){ a.ptr, same }) >= STEM_MIN && same * 5 >= most * 3)
        return true;
    return letters(a) >= COMPOUND_MIN && letters(b) >= COMPOUND_MIN &&
           (a.len > b.len ? holds(a, b) : holds(b, a));
}

/* What the answer shares with the question. */
struct shared {
    struct buf words;             /* "kettle, leaks" */
    size_t count, asked, own;     /* own: words of the answer that say something */
    bool number;
};

static void show(struct buf *out, struct slice word, size_t at)
{
    if (at < SHOWN_MAX)
        buf_addf(out, "%s%.*s", at ? ", " : "", (int)word.len, word.ptr);
}

static bool answered(const char *text, struct slice asked)
{
    for (struct slice w = next_word(&text); w.len; w = next_word(&text))
        if (of_one_stem(w, asked))
            return true;
    return false;
}

static void compare(struct shared *s, const struct mail_thread *t, const char *text,
                    const struct buf *nothing, struct buf *missing)
{
    const char *p = text;

    for (struct slice w = next_word(&p); w.len; w = next_word(&p))
        s->own += !ignored(nothing, w);
    for (size_t i = 0; i < t->asked.count; i++) {
        struct slice word = slice_str(t->asked.items[i]);

        if (ignored(nothing, word))
            continue;
        if (answered(text, word)) {
            show(&s->words, word, s->count++);
            s->number = s->number || has_digit(word);
        } else {
            show(missing, word, s->asked - s->count);
        }
        s->asked++;
    }
}

static void decide(struct mail_echo *e, struct arena *a, const struct shared *s,
                   const struct buf *missing)
{
    bool yes = s->number || s->count > 1 || (s->count && s->asked <= FEW_WORDS);
    bool no = !s->count && s->asked > 1 && s->own >= ENOUGH_WORDS;

    e->speaks = yes ? ECHO_YES : no ? ECHO_NO : ECHO_UNCLEAR;
    e->confidence = s->number       ? BY_NUMBER
                    : s->count > 1  ? BY_WORDS
                    : yes           ? BY_ONE_WORD
                    : no            ? BY_NOTHING
                                    : DOUBT;
    e->evidence = s->count ? arena_strndup(a, s->words.ptr, s->words.len)
                           : arena_printf(a, "none of %.*s", (int)missing->len, missing->ptr);
}

struct mail_echo mail_echo(struct arena *a, const struct mail *m, const struct mail_thread *t,
                           const struct lexicons *packs, const char *const *names,
                           size_t name_count)
{
    CLEANUP(buf_release) struct buf nothing = BUF_INIT(IGNORED_MAX_BYTES);
    CLEANUP(buf_release) struct buf missing = BUF_INIT(IGNORED_MAX_BYTES);
    struct shared s = { .words = BUF_INIT(IGNORED_MAX_BYTES) };
    struct mail_echo e = { .quoted = mail_match_quoted(m, t), .evidence = "" };
    char *text = text_folded(m->text);

    buf_addc(&nothing, ' ');
    for (size_t i = 0; packs && i < packs->count; i++) {
        ignore_texts(&nothing, &packs->items[i]->stopwords);
        ignore_texts(&nothing, &packs->items[i]->light);
        ignore_texts(&nothing, &packs->items[i]->chatter);
    }
    for (size_t i = 0; i < name_count; i++)
        if (names[i])
            ignore(&nothing, names[i]);
    compare(&s, t, text, &nothing, &missing);
    decide(&e, a, &s, &missing);
    buf_release(&s.words);
    free(text);
    return e;
}
