/* A company's own patterns, before anything is read with them: one that takes too long on some text
 * would be passed over silently there. */
#include <string.h>

#include "harness/read/pack.h"
#include "harness/read/read.h"
#include "harness/read/tidy.h"

/* What goes wrong most: the same few characters over and over, then one that does not fit. */
static const char *const units[] = {
    "a", " ", "a ", "1", "1 ", "1-", "-", ".", ", ", "a@", "A-1", "\xC3\xA4", "\xD8\xA7 ",
    "\xEE\x80\x80 ", "\xEE\x80\x81 ",            /* a slot, a time, as frames see them */
};

static void fill(struct buf *out, struct slice unit)
{
    buf_clear(out);
    while (unit.len && out->len + unit.len + 1 < SENTENCE_MAX_BYTES)
        buf_add(out, unit.ptr, unit.len);
    buf_addc(out, '\x01');
}

static bool letter(char c)
{
    return (unsigned char)c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z');
}

/* The words a pattern is written with come closest to matching again and again. */
static void words_of(struct buf *out, const char *pattern)
{
    buf_clear(out);
    for (const char *s = pattern; *s; s++) {
        if (*s == '\\' && s[1])
            s++;
        else if (letter(*s))
            buf_addc(out, *s);
        else if (out->len && out->ptr[out->len - 1] != ' ')
            buf_addc(out, ' ');
    }
}

static bool too_long(const struct regex *r, const struct buf *text)
{
    return r && regex_search(r, buf_slice(text), 0, NULL) == ST_LIMIT;
}

/* The text that is too much for a rule, in `text`; false when none of those tried is. */
static bool find_text(const struct rule *r, struct buf *text, struct buf *words)
{
    words_of(words, r->source);
    for (size_t i = 0; i < ARRAY_LEN(units) + words->len + 1; i++) {
        size_t k = i - ARRAY_LEN(units);

        if (i < ARRAY_LEN(units))
            fill(text, slice_str(units[i]));
        else if (k == words->len)
            fill(text, buf_slice(words));
        else if (memchr(words->ptr, words->ptr[k], k))
            continue;                            /* that letter was tried */
        else
            fill(text, (struct slice){ words->ptr + k, 1 });
        if (too_long(r->match, text) || too_long(r->unless, text) ||
            too_long(r->section_unless, text))
            return true;
    }
    return false;
}

/* Only the patterns matter: what slots are to each other stands in the pack they go over. */
static struct lexicon alone(const struct lexicon *own, struct arena *a)
{
    struct lexicon l = *own;

    l.slots.items = arena_alloc(a, (own->slots.count + 1) * sizeof(struct lexicon_slot));
    for (size_t i = 0; i < own->slots.count; i++) {
        struct lexicon_slot *s = LIST_ITEM(struct lexicon_slot, l.slots, i);

        *s = *LIST_ITEM(struct lexicon_slot, own->slots, i);
        s->is_a = s->follows = NULL;
        s->answered_by = (struct texts){ 0 };
    }
    return l;
}

enum status own_words_check(const char *name, const struct lexicon *own, struct diags *diags)
{
    enum { SHOWN = 12 };
    struct arena *a = arena_new();
    struct lexicon l = alone(own, a);
    struct pack *p = NULL;
    struct buf text = BUF_INIT(SENTENCE_MAX_BYTES + 8), words = BUF_INIT(SENTENCE_MAX_BYTES);
    enum status st = pack_compile(&l, diags, &p);

    for (size_t i = 0; p && i < p->rule_count; i++) {
        if (!find_text(&p->rules[i], &text, &words))
            continue;
        diag_error(diags, "%s: %s: the pattern \"%.80s\" takes too long on \"%.*s\xE2\x80\xA6\": "
                   "repetitions within repetitions, as in (a+)+, are the usual cause",
                   name, p->rules[i].label, p->rules[i].source, SHOWN, text.ptr);
        st = ST_INVALID;
    }
    pack_free(p);
    buf_release(&text);
    buf_release(&words);
    arena_free(a);
    return st;
}
