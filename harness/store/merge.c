#include "harness/store/merge.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/model/civil.h"

unsigned shard_of(const char *journey, unsigned of)
{
    return (unsigned)((text_hash(journey) >> 32) % of) + 1;
}

static bool same(const char *a, const char *b)
{
    return !strcmp(a ? a : "", b ? b : "");
}

static bool same_changes(const struct result *a, const struct result *b)
{
    bool same_all = a->change_count == b->change_count;

    for (size_t i = 0; same_all && i < a->change_count; i++)
        same_all = same(a->changes[i], b->changes[i]);
    return same_all;
}

static void check_pair(const struct merge_part *first, const struct merge_part *p,
                       struct diags *diags)
{
    const struct result *a = first->result, *b = p->result;

    if (!same(a->expectations, b->expectations) || !same_changes(a, b))
        diag_error(diags, "%s was judged by other expectations than %s", p->name, first->name);
    if (a->shards != b->shards)
        diag_error(diags, "%s is one of %lld shards, %s one of %lld: they are no one audit", p->name,
                   (long long)(b->shards ? b->shards : 1), first->name,
                   (long long)(a->shards ? a->shards : 1));
}

static void check(const struct merge_part *parts, size_t count, struct diags *diags)
{
    for (size_t i = 1; i < count; i++)
        check_pair(&parts[0], &parts[i], diags);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < i; k++)
            if (parts[i].result->shards && parts[i].result->shard == parts[k].result->shard)
                diag_error(diags, "%s and %s are both shard %lld", parts[k].name, parts[i].name,
                           (long long)parts[i].result->shard);
}

/* Where a journey of the parts stands in the whole. */
struct placed {
    struct result *part;
    size_t index, order;
    int64_t place;
};

static int by_place(const void *a, const void *b)
{
    const struct placed *x = a, *y = b;

    if (x->place != y->place)
        return x->place < y->place ? -1 : 1;
    return x->order < y->order ? -1 : 1;
}

static void take_journeys(struct merge_part *parts, size_t count, struct result *r)
{
    struct placed *all;
    size_t total = 0, n = 0;

    for (size_t i = 0; i < count; i++)
        total += parts[i].result->count;
    all = mem_zero(total + 1, sizeof *all);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < parts[i].result->count; k++, n++)
            all[n] = (struct placed){ parts[i].result, k, n,
                                      result_journey(parts[i].result, k)->place };
    qsort(all, total, sizeof *all, by_place);
    for (size_t i = 0; i < total; i++) {
        struct journey_result *jr = result_take(all[i].part, all[i].index);

        jr->place = 0;
        result_add(r, jr);
    }
    for (size_t i = 0; i < count; i++)
        parts[i].result->count = 0;
    free(all);
}

static void leave_out(struct result *r, const char *text)
{
    const char **more;

    for (size_t i = 0; i < r->left_out_count; i++)
        if (same(r->left_out[i], text))
            return;
    more = arena_alloc(r->arena, (r->left_out_count + 1) * sizeof *more);
    if (r->left_out_count)
        memcpy(more, r->left_out, r->left_out_count * sizeof *more);
    more[r->left_out_count++] = arena_strdup(r->arena, text);
    r->left_out = more;
}

/* Since 1970; 0 when nobody knows when it began. */
static int64_t seconds(const struct result *r)
{
    int64_t at = 0;

    return r->started && civil_parse(r->started, &at, NULL) ? at : 0;
}

/* From the first's beginning to the last's end. */
static void span(const struct merge_part *parts, size_t count, struct result *r)
{
    const struct result *first = parts[0].result;
    int64_t end_us = 0;

    for (size_t i = 1; i < count; i++)
        if (seconds(parts[i].result) < seconds(first))
            first = parts[i].result;
    for (size_t i = 0; i < count; i++) {
        const struct result *p = parts[i].result;
        int64_t begun = seconds(p) - seconds(first);
        int64_t end = begun * US_PER_S + p->duration_us;

        end_us = end > end_us ? end : end_us;
    }
    r->started = first->started ? arena_strdup(r->arena, first->started) : NULL;
    r->duration_us = end_us;
}

static bool name_missing(const struct merge_part *parts, size_t count, struct result *r)
{
    int64_t shards = parts[0].result->shards;
    bool complete = true;

    for (int64_t s = 1; s <= shards; s++) {
        bool found = false;

        for (size_t i = 0; i < count; i++)
            found = found || parts[i].result->shard == s;
        if (!found)
            leave_out(r, arena_printf(r->arena, "shard %lld of %lld: its result is missing",
                                      (long long)s, (long long)shards));
        complete = complete && found;
    }
    return complete;
}

enum status result_merge(struct merge_part *parts, size_t count, struct diags *diags,
                         struct result **ret, bool *complete)
{
    size_t before = diags->errors;

    check(parts, count, diags);
    if (diags->errors > before)
        return ST_INVALID;

    const struct result *first = parts[0].result;
    struct result *r = result_new();

    r->folder = first->folder;
    r->tool = first->tool ? arena_strdup(r->arena, first->tool) : NULL;
    r->expectations = first->expectations ? arena_strdup(r->arena, first->expectations) : NULL;
    r->changes = arena_alloc(r->arena, (first->change_count + 1) * sizeof *r->changes);
    for (size_t i = 0; i < first->change_count; i++)
        r->changes[r->change_count++] = arena_strdup(r->arena, first->changes[i]);
    span(parts, count, r);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < parts[i].result->left_out_count; k++)
            leave_out(r, parts[i].result->left_out[k]);
    *complete = name_missing(parts, count, r);
    take_journeys(parts, count, r);
    *ret = r;
    return ST_OK;
}
