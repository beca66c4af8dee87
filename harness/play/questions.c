/* What the company's words want: sentence by sentence, by words that lie in the packs. */
#include "harness/play/questions.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/read/words.h"

enum { SHORTENED_MAX = 3, ENDING_MAX = 6, OPTION_WORDS_MAX = 4, SENTENCE_WORDS = 200 };

/* Sentences */

static size_t mark_length(const char *at)
{
    static const char *const marks[] = { ".", "!", "?", "\n", "؟", "…" };

    for (size_t i = 0; i < ARRAY_LEN(marks); i++)
        if (text_starts_with(at, marks[i]))
            return strlen(marks[i]);
    return 0;
}

/** "no. please": a short word before a full stop, and what follows is no beginning. */
static bool is_shortened(const char *begin, const char *stop)
{
    const char *word = stop, *next = stop + 1 + strspn(stop + 1, " ");

    while (word > begin && isalpha((unsigned char)word[-1]))
        word--;
    return *stop == '.' && stop > word && stop - word <= SHORTENED_MAX &&
           islower((unsigned char)*next);
}

struct slice questions_sentence(const char **text)
{
    const char *begin = *text + strspn(*text, " \t\r\n"), *at = begin;

    while (*at) {
        size_t len = is_shortened(begin, at) ? 0 : mark_length(at);

        at += len ? len : 1;
        if (len && (at[-1] == '\n' || !*at || strchr(" \t\r\n\")", *at)))
            break;                /* a full stop in a number or an address ends nothing */
    }
    *text = at;
    return (struct slice){ at == begin ? NULL : begin, (size_t)(at - begin) };
}

/* Words */

char *questions_fold(const char *text)
{
    char *folded = text_folded(text);
    size_t len;
    int32_t cp;

    for (char *at = folded; *at; at += len) {
        len = text_decode(at, strlen(at), &cp);
        if (cp < 0x80 || words_letter(cp))
            continue;
        memset(at, ' ', len);
        if (cp == 0x61f)
            *at = '?';
    }
    return folded;
}

static bool letter(char c)
{
    return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

size_t questions_find(const char *folded, const char *words)
{
    size_t len = strlen(words), least = (unsigned char)*words < 0x80 ? ENDING_MAX
                                                                      : 2 * ENDING_MAX;

    for (const char *at = folded; len && (at = strstr(at, words)); at++) {
        const char *end = at + len;
        size_t ending = 0;

        if (at > folded && letter(at[-1]))
            continue;
        while (letter(end[ending]))
            ending++;
        if (ending <= (len >= least ? ENDING_MAX : 0))
            return (size_t)(at - folded);
    }
    return SIZE_MAX;
}

static const struct texts *heard_as(const struct question_words *w, const char *key)
{
    char name[64] = "hear.";

    strncat(name, key, sizeof name - strlen(name) - 1);
    return reader_texts(w->reader, w->language, name);
}

/** How far behind the sentence's beginning one of these words stands; SIZE_MAX none does. */
static size_t place(const struct question_words *w, const char *key, const char *folded)
{
    const struct texts *words = heard_as(w, key);
    size_t first = SIZE_MAX;

    for (size_t i = 0; words && i < words->count; i++) {
        char *word = text_folded(words->items[i]);
        size_t at = questions_find(folded, word);

        first = at < first ? at : first;
        free(word);
    }
    return first;
}

static bool has(const struct question_words *w, const char *key, const char *folded)
{
    return place(w, key, folded) != SIZE_MAX;
}

bool questions_is(const struct question_words *w, const char *key, struct slice word)
{
    const struct texts *words = heard_as(w, key);
    char *own = mem_strndup(word.ptr, word.len);
    bool found = false;

    for (size_t i = 0; words && i < words->count && !found; i++)
        found = text_same(words->items[i], own);
    free(own);
    return found;
}

bool questions_has(const struct question_words *w, const char *key, const char *text)
{
    char *folded = questions_fold(text);
    bool found = has(w, key, folded);

    free(folded);
    return found;
}

/* The one or the other */

/** Letter by letter where it can be: "où" is no "ou". */
static bool is_or(const struct question_words *w, struct slice word)
{
    const struct texts *words = heard_as(w, "or");
    char *own = mem_strndup(word.ptr, word.len);
    bool found = false;

    for (size_t i = 0; words && i < words->count && !found; i++)
        found = (unsigned char)*words->items[i] < 0x80 ? text_same_ascii(words->items[i], own)
                                                       : text_same(words->items[i], own);
    free(own);
    return found;
}

static size_t split(struct slice sentence, struct slice *words)
{
    const char *at = sentence.ptr, *end = at + sentence.len;
    size_t count = 0;

    while (at < end && count < SENTENCE_WORDS) {
        size_t len;

        while (at < end && strchr(" \t\r\n", *at))
            at++;
        len = strcspn(at, " \t\r\n");
        len = len < (size_t)(end - at) ? len : (size_t)(end - at);
        if (len)
            words[count++] = (struct slice){ at, len };
        at += len;
    }
    return count;
}

/** Words as they stand, without the marks around them. */
static const char *option(const struct slice *words, size_t count, struct arena *a)
{
    const char *from = words[0].ptr, *to = words[count - 1].ptr + words[count - 1].len;

    while (from < to && strchr("\"'(,;: ", *from))
        from++;
    while (from < to && (strchr("\"').,;:!? ", to[-1]) ||
                         (to - from > 2 && (!memcmp(to - 2, "؟", 2) || !memcmp(to - 2, "،", 2)))))
        to -= strchr("\"').,;:!? ", to[-1]) ? 1 : 2;
    return arena_strndup(a, from, (size_t)(to - from));
}

/** False: there is no "or" with something on either side. */
static bool either(const struct question_words *w, struct slice sentence, struct question *q,
                   struct arena *a)
{
    struct slice words[SENTENCE_WORDS];
    size_t count = split(sentence, words), at, right, left;

    while (count && words[count - 1].len == 1 && strchr("?!.", *words[count - 1].ptr))
        count--;                  /* French sets them apart */
    at = count;
    while (at > 0 && !is_or(w, words[at - 1]))
        at--;
    if (at < 2 || at == count)
        return false;
    right = count - at;
    left = right < at - 1 ? right : at - 1;
    q->kind = QUESTION_EITHER;
    if (right > OPTION_WORDS_MAX)
        return true;
    q->options[0] = option(words + at - 1 - left, left, a);
    q->options[1] = option(words + at, right, a);
    return true;
}

/** "…, yes or no?", "or not?" */
static bool only_no(const struct question_words *w, const struct question *q)
{
    return q->options[1] && questions_is(w, "no", slice_str(q->options[1]));
}

static struct question read_question(const struct question_words *w, struct slice sentence,
                                     const char *folded, struct arena *a)
{
    enum { EARLY = 12 };          /* bytes: "and ", "sorry, " */
    static const struct { const char *key; enum question_kind kind; } known[] = {
        { "helped", QUESTION_HELPED }, { "begin", QUESTION_BEGIN },
        { "courtesy", QUESTION_COURTESY }, { "attach", QUESTION_ATTACH },
    };
    struct question q = { .kind = QUESTION_NONE };

    for (size_t i = 0; i < ARRAY_LEN(known); i++)
        if (has(w, known[i].key, folded))
            return (struct question){ .kind = known[i].kind };
    if (either(w, sentence, &q, a))
        return only_no(w, &q) ? (struct question){ .kind = QUESTION_OFFER, .yes_or_no = true } : q;
    q = (struct question){ .kind = QUESTION_YES_NO };
    if (place(w, "offer", folded) <= EARLY)
        q.kind = QUESTION_OFFER;
    else if (has(w, "request", folded))
        q.kind = QUESTION_REQUEST;
    else if (has(w, "question", folded))
        q.kind = QUESTION_OPEN;
    else if (has(w, "offer", folded))
        q.kind = QUESTION_OFFER;
    return q;
}

struct question questions_last(const struct question_words *w, const char *text,
                               struct arena *a)
{
    struct question q = { .kind = QUESTION_NONE };
    struct slice sentence;

    while ((sentence = questions_sentence(&text)).ptr) {
        char *own = mem_strndup(sentence.ptr, sentence.len), *folded = questions_fold(own);

        if (strchr(folded, '?'))
            q = read_question(w, sentence, folded, a);
        else if (q.kind == QUESTION_NONE && has(w, "yes", folded) && has(w, "no", folded) &&
                 has(w, "choose", folded))
            q.kind = QUESTION_YES_NO;             /* "Reply YES or NO." */
        else if (has(w, "done", folded))
            q = (struct question){ .kind = QUESTION_DONE };
        else if (q.kind == QUESTION_NONE && has(w, "attach", folded))
            q.kind = QUESTION_ATTACH;
        free(own);
        free(folded);
    }
    return q;
}
