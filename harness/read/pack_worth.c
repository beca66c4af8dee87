/* Which patterns of a pack are worth trying on a text: found by the strings they need. */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "harness/read/pack.h"

enum { QUOTE_LINE_MAX_BYTES = 4096 };

static bool has_mask(const char *text)
{
    return strstr(text, "\xEE\x80") != NULL;     /* U+E000 to U+E03F */
}

/* The sources of the patterns: rules, units of the counted time, fixed times; then quotes. */
static const char *source_of(const struct pack *p, size_t i)
{
    if (i < p->rule_count)
        return p->rules[i].source;
    i -= p->rule_count;
    return i < p->unit_count ? p->unit_sources[i] : p->times[i - p->unit_count].source;
}

static size_t source_count(const struct pack *p)
{
    return p->rule_count + p->unit_count + p->time_count;
}

/* What is worth trying when a source's strings are there; all units stand for one pattern. */
static size_t bit_of(const struct pack *p, size_t i)
{
    if (i < p->rule_count)
        return i;
    i -= p->rule_count;
    return p->rule_count + (i < p->unit_count ? 0 : 1 + i - p->unit_count);
}

static struct required needs_of(struct pack *p, const char *source, struct slice *known)
{
    if (known->ptr)
        return required_read(p->arena, known);
    return source ? required_strings(p->arena, source) : (struct required){ 0 };
}

/* What stands between masks stands in the sentence too, so that one search serves both. */
static void add_needed(struct pack *p, struct slice *known, size_t i)
{
    struct required required = needs_of(p, source_of(p, i), known);
    size_t index = bit_of(p, i);

    if (!required.count)
        p->always[index / 64] |= UINT64_C(1) << index % 64;
    for (size_t k = 0; k < required.count; k++)
        needles_add(has_mask(required.items[k].text) ? &p->masks : &p->plain,
                    &required.items[k], index);
}

static void add_quotes(struct pack *p, struct slice *known)
{
    const struct patterns *quotes = &p->lexicon->quotes;

    for (size_t i = 0; i < quotes->count; i++) {
        struct required required = needs_of(p, quotes->items[i].pattern.text, known);

        if (!required.count)
            p->always_quotes[i / 64] |= UINT64_C(1) << i % 64;
        for (size_t k = 0; k < required.count; k++)
            needles_add(&p->quoting, &required.items[k], i);
    }
}

static void fill_prepared(struct pack *p)
{
    struct diags diags;

    diags_init(&diags);

    enum status st = pack_fill(p, &diags);

    assert(!st && "a prepared pack is not as it was when it was prepared");
    (void)st;
    diags_release(&diags);
}

static void make_ready(struct pack *p)
{
    struct slice known = p->lexicon->prepared ? p->lexicon->needs : (struct slice){ NULL, 0 };

    if (p->lexicon->prepared)
        fill_prepared(p);
    p->always = arena_alloc(p->arena, PACK_WORDS * sizeof *p->always);
    p->always_quotes = arena_alloc(p->arena, PACK_QUOTES_MAX / 8);
    for (size_t i = 0; i < source_count(p); i++)
        add_needed(p, &known, i);
    add_quotes(p, &known);
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

static void write_needs(const char *source, struct buf *out)
{
    struct arena *a = arena_new();

    required_write(source ? required_strings(a, source) : (struct required){ 0 }, out);
    arena_free(a);
}

void pack_write_needs(const struct pack *p, struct buf *out)
{
    const struct patterns *quotes = &p->lexicon->quotes;

    for (size_t i = 0; i < source_count(p); i++)
        write_needs(source_of(p, i), out);
    for (size_t i = 0; i < quotes->count; i++)
        write_needs(quotes->items[i].pattern.text, out);
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
