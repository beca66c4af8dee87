#include "harness/read/words.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "harness/base/text.h"

static const uint64_t FNV_START = UINT64_C(14695981039346656037);
static const uint64_t FNV_PRIME = UINT64_C(1099511628211);

static uint64_t hash_on(uint64_t h, const char *s, size_t len)
{
    for (size_t i = 0; i < len; i++)
        h = (h ^ (unsigned char)s[i]) * FNV_PRIME;
    return h;
}

void words_init(struct words *w)
{
    *w = (struct words){ .folded = BUF_INIT(WORDS_MAX_BYTES) };
}

void words_release(struct words *w)
{
    buf_release(&w->folded);
    free(w->items);
    words_init(w);
}

bool words_letter(int32_t c)
{
    if (c < 0x80)
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_LU: case UTF8PROC_CATEGORY_LL: case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM: case UTF8PROC_CATEGORY_LO: case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC: case UTF8PROC_CATEGORY_ND: case UTF8PROC_CATEGORY_NL:
        return true;
    default:
        return false;
    }
}

static void add_word(struct words *w, struct slice text, size_t start, size_t end, bool ascii,
                     bool broken)
{
    if (w->count)
        buf_addc(&w->folded, broken ? '\x1f' : ' ');

    struct word word = { (uint32_t)start, (uint32_t)end, (uint32_t)w->folded.len, 0 };

    if (ascii) {
        for (size_t i = start; i < end; i++) {
            char c = text.ptr[i];

            buf_addc(&w->folded, c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c);
        }
    } else {
        text_fold(&w->folded, (struct slice){ text.ptr + start, end - start });
    }
    word.fold_len = (uint32_t)(w->folded.len - word.fold);
    MEM_GROW(w->items, w->cap, w->count + 1);
    w->items[w->count++] = word;
}

void words_split(struct words *w, struct slice text)
{
    bool broken = false;

    w->count = 0;
    buf_clear(&w->folded);
    for (size_t i = 0; i < text.len && !w->folded.full;) {
        size_t start = i;
        bool ascii = true;

        for (;;) {
            int32_t c;
            size_t used = i < text.len ? text_decode(text.ptr + i, text.len - i, &c) : 0;

            if (!used || !words_letter(c))
                break;
            ascii &= c < 0x80;
            i += used;
        }
        if (i > start) {
            add_word(w, text, start, i, ascii, broken);
            broken = false;
            continue;
        }

        int32_t c;

        i += text_decode(text.ptr + i, text.len - i, &c);
        broken |= c != ' ' && c != '\n' && c != '-' && c != '\'' && c != 0x2010 && c != 0x2011 &&
                  c != 0x00B0;                   /* "n° de commande" is one phrase */
    }
}

struct slice words_folded(const struct words *w, size_t i)
{
    return (struct slice){ w->folded.ptr + w->items[i].fold, w->items[i].fold_len };
}

void dictionary_release(struct dictionary *d)
{
    free(d->entries);
    *d = (struct dictionary){ 0 };
}

static struct entry *find_entry(const struct dictionary *d, uint64_t hash, const char *key,
                                size_t len)
{
    if (!d->size)
        return NULL;
    for (size_t i = hash & (d->size - 1);; i = (i + 1) & (d->size - 1)) {
        struct entry *e = &d->entries[i];

        if (!e->key ||
            (e->hash == hash && !strncmp(e->key, key, len) && e->key[len] == 0))
            return e;
    }
}

static void grow(struct dictionary *d)
{
    struct dictionary bigger = { .size = d->size ? d->size * 2 : 64, .count = d->count,
                                 .longest = d->longest };

    bigger.entries = mem_zero(bigger.size, sizeof *bigger.entries);
    for (size_t i = 0; i < d->size; i++) {
        const struct entry *e = &d->entries[i];

        if (e->key)
            *find_entry(&bigger, e->hash, e->key, strlen(e->key)) = *e;
    }
    free(d->entries);
    *d = bigger;
}

void dictionary_add(struct dictionary *d, const char *key, int value)
{
    size_t len = strlen(key);
    unsigned words = 1;

    if (!len)
        return;
    if (d->count * 2 >= d->size)
        grow(d);

    uint64_t hash = hash_on(FNV_START, key, len);
    struct entry *e = find_entry(d, hash, key, len);

    if (e->key)
        return;
    *e = (struct entry){ hash, key, value };
    d->count++;
    for (const char *p = key; *p; p++)
        words += *p == ' ';
    if (words > d->longest)
        d->longest = words;
}

int dictionary_find(const struct dictionary *d, struct slice key)
{
    const struct entry *e = find_entry(d, hash_on(FNV_START, key.ptr, key.len), key.ptr, key.len);

    return e && e->key ? e->value : -1;
}

int dictionary_match(const struct dictionary *d, const struct dictionary *d2,
                     const struct words *w, size_t i, size_t *count, int *from)
{
    unsigned longest = d2 && d2->longest > d->longest ? d2->longest : d->longest;
    const char *begin = w->folded.ptr + w->items[i].fold;
    uint64_t hash = FNV_START;
    size_t hashed = 0;
    int found = -1;

    for (size_t n = 0; n < longest && i + n < w->count; n++) {
        const struct word *word = &w->items[i + n];
        size_t len = (size_t)(w->folded.ptr + word->fold + word->fold_len - begin);

        if (n && w->folded.ptr[word->fold - 1] != ' ')
            break;
        hash = hash_on(hash, begin + hashed, len - hashed);
        hashed = len;

        const struct entry *e = find_entry(d, hash, begin, len);
        const struct entry *e2 = d2 ? find_entry(d2, hash, begin, len) : NULL;

        if (e2 && e2->key) {
            found = e2->value;
            *from = 2;
            *count = n + 1;
        } else if (e && e->key) {
            found = e->value;
            *from = 1;
            *count = n + 1;
        }
    }
    return found;
}
