/* Buttons and quick replies: which of them comes nearest to what the customer means. */
#include "harness/play/choices.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"

enum { STEM_BYTES = 5, WORD_MIN_BYTES = 3 };

static bool is_choice(const struct named_text *f)
{
    return text_starts_with(f->name, "choice ");
}

struct offer choices_offered(const struct event *e)
{
    struct offer o = { { NULL }, 0 };

    for (size_t i = 0; i < e->field_count && o.count < CHOICES_MAX; i++)
        if (is_choice(&e->fields[i]))
            o.items[o.count++] = e->fields[i].text;
    return o;
}

static bool in_word(char c)
{
    return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

/** The next word of folded text, from *at on; length 0: none. */
static struct slice next_word(const char **at)
{
    struct slice w;

    while (**at && !in_word(**at))
        ++*at;
    w.ptr = *at;
    while (in_word(**at))
        ++*at;
    w.len = (size_t)(*at - w.ptr);
    return w;
}

/** The same word, or two that begin alike: "refund" and "refunds". */
static bool alike(struct slice a, struct slice b)
{
    size_t most = a.len < b.len ? a.len : b.len, want;
    bool ascii = true;

    for (size_t i = 0; i < most; i++)
        ascii &= (unsigned char)a.ptr[i] < 0x80;
    want = ascii ? STEM_BYTES : 2 * STEM_BYTES;   /* other scripts take two bytes a letter */
    if (most < want)
        return a.len == b.len && !memcmp(a.ptr, b.ptr, a.len);
    return !memcmp(a.ptr, b.ptr, want);
}

static bool has_like(const char *text, struct slice word)
{
    struct slice w;

    while ((w = next_word(&text)).len)
        if (alike(w, word))
            return true;
    return false;
}

/** Words of the choice that stand in the text, in percent of the choice; 0 none. */
static size_t nearness(const char *choice, const char *text)
{
    size_t words = 0, same = 0;
    struct slice w;

    while ((w = next_word(&choice)).len) {
        if (w.len < WORD_MIN_BYTES && !isdigit((unsigned char)*w.ptr))
            continue;
        words++;
        same += has_like(text, w);
    }
    return words ? same * 100 / words : 0;
}

const char *choices_nearest(const struct offer *o, const char *words)
{
    char *text = words ? text_folded(words) : NULL;
    const char *best = NULL;
    size_t most = 0;

    for (size_t i = 0; text && i < o->count; i++) {
        char *choice = text_folded(o->items[i]);
        size_t near = nearness(choice, text);

        if (near > most) {
            most = near;
            best = o->items[i];
        }
        free(choice);
    }
    free(text);
    return best;
}

const char *choices_beginning(const struct offer *o, const char *phrase)
{
    char *text = phrase ? text_folded(phrase) : NULL;
    const char *at = text, *found = NULL;
    struct slice first = { NULL, 0 };

    if (text)
        first = next_word(&at);
    for (size_t i = 0; first.len && !found && i < o->count; i++) {
        char *choice = text_folded(o->items[i]);
        const char *c = choice;
        struct slice w = next_word(&c);

        if (w.len == first.len && !memcmp(w.ptr, first.ptr, w.len))
            found = o->items[i];
        free(choice);
    }
    free(text);
    return found;
}
