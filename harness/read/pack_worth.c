/* Which patterns of a pack are worth trying on a text: found by the strings they need. */
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "harness/read/pack.h"

enum { QUOTE_LINE_MAX_BYTES = 4096 };

static bool has_mask(const char *text)
{
    return strstr(text, "\xEE\x80") != NULL;     /* U+E000 to U+E03F */
}

/* What stands between masks stands in the sentence too, so that one search serves both. */
static void add_needed(struct pack *p, const char *source, size_t index)
{
    struct required required = source ? required_strings(p->arena, source)
                                      : (struct required){ 0 };

    if (!required.count)
        p->always[index / 64] |= UINT64_C(1) << index % 64;
    for (size_t k = 0; k < required.count; k++)
        needles_add(has_mask(required.items[k].text) ? &p->masks : &p->plain,
                    &required.items[k], index);
}

static void add_quotes(struct pack *p)
{
    const struct patterns *quotes = &p->lexicon->quotes;

    for (size_t i = 0; i < quotes->count; i++) {
        struct required required = required_strings(p->arena, quotes->items[i].pattern.text);

        if (!required.count)
            p->always_quotes[i / 64] |= UINT64_C(1) << i % 64;
        for (size_t k = 0; k < required.count; k++)
            needles_add(&p->quoting, &required.items[k], i);
    }
}

static void make_ready(struct pack *p)
{
    p->always = arena_alloc(p->arena, PACK_WORDS * sizeof *p->always);
    p->always_quotes = arena_alloc(p->arena, PACK_QUOTES_MAX / 8);
    for (size_t i = 0; i < p->rule_count; i++)
        add_needed(p, p->rules[i].source, i);
    add_needed(p, p->time_source, p->rule_count);
    for (size_t i = 0; i < p->time_count; i++)
        add_needed(p, p->times[i].source, p->rule_count + 1 + i);
    add_quotes(p);
}

void pack_ready(const struct pack *p)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    struct pack *mine = (struct pack *)p;       /* const to its readers; this is its own affair */

    if (atomic_load_explicit(&mine->ready, memory_order_acquire))
        return;
    pthread_mutex_lock(&lock);
    if (!atomic_load_explicit(&mine->ready, memory_order_relaxed)) {
        make_ready(mine);
        atomic_store_explicit(&mine->ready, true, memory_order_release);
    }
    pthread_mutex_unlock(&lock);
}

bool pack_is_quote(const struct pack *p, struct slice line)
{
    const struct patterns *quotes = &p->lexicon->quotes;
    uint64_t worth[PACK_QUOTES_MAX / 64];
    struct buf folded = BUF_INIT(QUOTE_LINE_MAX_BYTES * 2);
    bool found = false;

    memcpy(worth, p->always_quotes, sizeof worth);
    needles_fold(&folded, line);
    needles_find(&p->quoting, buf_slice(&folded), worth);
    buf_release(&folded);
    for (size_t i = 0; i < quotes->count && !found; i++)
        found = bit_set(worth, i) &&
                regex_search_valid(quotes->items[i].pattern.regex, line, 0, NULL) == ST_OK;
    return found;
}

void pack_worth(const struct pack *p, struct slice folded, uint64_t *worth)
{
    memcpy(worth, p->always, PACK_WORDS * sizeof *worth);
    needles_find(&p->plain, folded, worth);
}
