/* Buttons and quick replies: which of them comes nearest to what the customer means. */
#include "harness/play/choices.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"

enum { STEM_BYTES = 5, WORD_MIN_BYTES = 3, ENDING_BYTES = 8 };

static bool is_choice(const struct named_text *f)
{
    return text_starts_with(f->name, "choice ");
}

struct offer choices_offered(const struct event *e)
{
    struct offer o = { .count = 0 };

    for (size_t i = 0; i < e->field_count && o.count < CHOICES_MAX; i++)
        if (is_choice(&e->fields[i]))
            o.items[o.count++] = e->fields[i].text;
    return o;
}

/* Choices in writing */

/** What stands before a choice: "2) ", "(b) ", "3 for ", "- ". */
struct marker {
    const char *at, *end;         /* end: where the choice begins */
    struct slice label;           /* what is said for it; ptr NULL a bullet */
    int number;                   /* 1 for "1" and "a"; 0 a bullet */
};

static const char *skip_blanks(const char *at)
{
    return at + strspn(at, " \t");
}

/** A label of one or two digits, of any script, or one letter. */
static bool read_label(const char *at, struct marker *m)
{
    m->number = 0;
    m->label = (struct slice){ at, 0 };
    for (int digits = 0; digits < 2; digits++) {
        int32_t cp;
        size_t len = *at ? text_decode(at, strlen(at), &cp) : 0;
        int digit = !len ? -1 : cp >= '0' && cp <= '9' ? cp - '0'
                    : cp >= 0x6f0 && cp <= 0x6f9 ? cp - 0x6f0
                    : cp >= 0x660 && cp <= 0x669 ? cp - 0x660 : -1;

        if (digit < 0)
            break;
        m->number = m->number * 10 + digit;
        at += len;
    }
    if (at == m->label.ptr && isalpha((unsigned char)*at) && tolower((unsigned char)*at) < 'k')
        m->number = tolower((unsigned char)*at++) - 'a' + 1;
    m->label.len = (size_t)(at - m->label.ptr);
    return m->label.len > 0;
}

static bool read_number(const struct question_words *w, const char *at, struct marker *m)
{
    static const char *const ends[] = { ")", "]", ".", ":", " -", " \u2013", "=", " =",
                                        "\ufe0f\u20e3", "\u20e3" };
    bool digits;

    m->at = at;
    at += *at == '(' || *at == '[';
    if (!read_label(at, m))
        return false;
    at = m->label.ptr + m->label.len;
    digits = !isalpha((unsigned char)*m->label.ptr);
    for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
        if (!text_starts_with(at, ends[i]))
            continue;
        m->end = skip_blanks(at + strlen(ends[i]));
        return m->end > at + strlen(ends[i]) || (i > 7 && *m->end);
    }
    if (!digits || *at != ' ')
        return false;
    at = skip_blanks(at);         /* "1 for refund" */
    m->end = skip_blanks(at + strcspn(at, " \n"));
    return questions_is(w, "for", (struct slice){ at, strcspn(at, " \n") });
}

static bool read_bullet(const char *at, const char *text, struct marker *m)
{
    static const char *const bullets[] = { "- ", "* ", "\u2022 ", "\u00b7 ", "\u2013 " };

    for (size_t i = 0; i < ARRAY_LEN(bullets) && (at == text || at[-1] == '\n'); i++)
        if (text_starts_with(at, bullets[i])) {
            *m = (struct marker){ .at = at, .end = skip_blanks(at + strlen(bullets[i])) };
            return true;
        }
    return false;
}

/** The next marker from `at` on that goes on counting behind `number`; at NULL: none. */
static struct marker next_marker(const struct question_words *w, const char *text, const char *at,
                                 int number)
{
    struct marker m;

    for (; *at; at++) {
        if (at > text && !strchr(" \t\n(,;:.", at[-1]))
            continue;
        if (number <= 0 && read_bullet(at, text, &m))
            return m;
        if (number >= 0 && read_number(w, at, &m) && m.number == number + 1)
            return m;
    }
    return (struct marker){ .at = NULL };
}

static void keep_written(struct offer *o, const struct marker *m, const char *until,
                         struct arena *a)
{
    const char *end = m->end + strcspn(m->end, "\n");
    struct slice text;

    end = until && until < end ? until : end;
    text = text_trim((struct slice){ m->end, (size_t)(end - m->end) });
    while (text.len && strchr(",;.", text.ptr[text.len - 1]))
        text.len--;
    if (!text.len)
        return;
    if (m->number)
        o->says[o->count] = arena_strndup(a, m->label.ptr, m->label.len);
    o->items[o->count++] = arena_strndup(a, text.ptr, text.len);
}

struct offer choices_written(const struct question_words *w, const char *text, struct arena *a)
{
    struct offer o = { .count = 0 };
    struct marker m = next_marker(w, text, text, 0);
    const char *mark = strchr(text, '?') ? strchr(text, '?') : strstr(text, "؟");
    bool asked = m.at && ((mark && mark < m.at) || questions_has(w, "choose", text));

    while (asked && m.at && o.count < CHOICES_MAX) {
        struct marker next = next_marker(w, text, m.end, m.number ? m.number : -1);

        keep_written(&o, &m, next.at, a);
        m = next;
    }
    if (o.count < 2)
        o.count = 0;
    return o;
}

const char *choices_say(const struct offer *o, const char *item)
{
    for (size_t i = 0; i < o->count; i++)
        if (o->items[i] == item && o->says[i])
            return o->says[i];
    return item;
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

/** What may follow a word that is the same: "card" and "cards", and what Persian hangs on. */
static bool is_ending(struct slice rest, bool ascii)
{
    return ascii ? slice_eq(rest, "s") || slice_eq(rest, "es") : rest.len <= ENDING_BYTES;
}

/** The same word, or two that begin alike: "refund" and "refunds". */
static bool alike(struct slice a, struct slice b)
{
    size_t most = a.len < b.len ? a.len : b.len, want;
    bool ascii = true;

    for (size_t i = 0; i < most; i++)
        ascii &= (unsigned char)a.ptr[i] < 0x80;
    want = ascii ? STEM_BYTES : 2 * STEM_BYTES;   /* other scripts take two bytes a letter */
    if (most >= want)
        return !memcmp(a.ptr, b.ptr, want);
    if (memcmp(a.ptr, b.ptr, most))
        return false;
    return a.len == b.len ||
           (most >= (ascii ? WORD_MIN_BYTES : 2 * WORD_MIN_BYTES) &&
            is_ending((struct slice){ (a.len > b.len ? a.ptr : b.ptr) + most,
                                      (a.len > b.len ? a.len : b.len) - most }, ascii));
}

static bool has_like(const char *text, struct slice word)
{
    struct slice w;

    while ((w = next_word(&text)).len)
        if (alike(w, word))
            return true;
    return false;
}

/** Is there a word in the text that means the same? */
static bool has_meaning(const struct texts *groups, const char *text, struct slice word)
{
    bool found = false;

    for (size_t i = 0; groups && i < groups->count && !found; i++) {
        char *group = questions_fold(groups->items[i]);
        const char *at = group;
        struct slice w;

        if (has_like(group, word))
            while ((w = next_word(&at)).len && !found)
                found = has_like(text, w);
        free(group);
    }
    return found;
}

/** Words of the choice that stand in the text, in percent of the choice; 0 none. What only means the
 *  same counts less. */
static size_t nearness(const struct texts *groups, const char *choice, const char *text)
{
    size_t words = 0, same = 0;
    struct slice w;

    while ((w = next_word(&choice)).len) {
        if (w.len < WORD_MIN_BYTES && !isdigit((unsigned char)*w.ptr))
            continue;
        words++;
        same += has_like(text, w) ? 100 : has_meaning(groups, text, w) ? 60 : 0;
    }
    return words ? same / words : 0;
}

const char *choices_nearest(const struct question_words *w, const struct offer *o,
                            const char *words)
{
    const struct texts *groups = reader_texts(w->reader, w->language, "hear.meaning");
    char *text = words ? questions_fold(words) : NULL;
    const char *best = NULL;
    size_t most = 0;

    for (size_t i = 0; text && i < o->count; i++) {
        char *choice = questions_fold(o->items[i]);
        size_t near = nearness(groups, choice, text);

        if (near > most) {
            most = near;
            best = o->items[i];
        }
        free(choice);
    }
    free(text);
    return best;
}

static bool begins_with(const char *item, const struct question_words *w, const char *key)
{
    const char *word = item + strspn(item, " ");

    return questions_is(w, key, (struct slice){ word, strcspn(word, " ,.!") });
}

bool choices_all_begin(const struct offer *o, const struct question_words *w, const char *key)
{
    for (size_t i = 0; i < o->count; i++)
        if (!begins_with(o->items[i], w, key))
            return false;
    return o->count > 1;
}

const char *choices_not_beginning(const struct offer *o, const struct question_words *w,
                                  const char *key)
{
    for (size_t i = 0; i < o->count; i++)
        if (!begins_with(o->items[i], w, key))
            return o->items[i];
    return NULL;
}

const char *choices_beginning(const struct offer *o, const char *phrase)
{
    char *text = phrase ? questions_fold(phrase) : NULL;
    const char *at = text, *found = NULL;
    struct slice first = { NULL, 0 };

    if (text)
        first = next_word(&at);
    for (size_t i = 0; first.len && !found && i < o->count; i++) {
        char *choice = questions_fold(o->items[i]);
        const char *c = choice;
        struct slice w = next_word(&c);

        if (w.len == first.len && !memcmp(w.ptr, first.ptr, w.len))
            found = o->items[i];
        free(choice);
    }
    free(text);
    return found;
}
