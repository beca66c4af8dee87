/* Where a result's journeys lie: in memory while they are few, then as JSON in a file. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/scratch.h"
#include "harness/model/json_out.h"
#include "harness/model/result_inside.h"

/* One row of the index: where in the texts a journey lies. All zero: nowhere. */
struct entry {
    uint64_t at, len;
    uint64_t status;
};

struct spool {
    struct scratch texts, index;
    size_t counts[JOURNEY_STATUS_COUNT];
    struct { size_t place; struct journey_result *jr; } open[RESULT_OPEN];
    size_t next;                  /* of `open`: the longest unasked */
    bool failed;
};

static struct spool *spool_new(const char *folder)
{
    struct spool *s = mem_zero(1, sizeof *s);

    scratch_init(&s->texts, folder);
    scratch_init(&s->index, folder);
    return s;
}

static void spool_free(struct spool *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < RESULT_OPEN; i++)
        journey_result_free(s->open[i].jr);
    scratch_release(&s->texts);
    scratch_release(&s->index);
    free(s);
}

static bool spool_put(struct spool *s, size_t place, const struct journey_result *jr)
{
    CLEANUP(buf_release) struct buf text = BUF_INIT(RESULT_JOURNEY_MAX_BYTES);
    struct json_out o = json_out_line(&text);

    journey_result_write(&o, jr);

    struct entry e = { s->texts.len, text.len, jr->status };
    bool ok = !text.full && scratch_add(&s->texts, text.ptr, text.len) &&
              scratch_put(&s->index, place * sizeof e, &e, sizeof e);

    if (ok)
        s->counts[jr->status]++;
    s->failed |= !ok;
    return ok;
}

static struct journey_result *parse(struct slice text)
{
    json_t *j = json_loadb(text.ptr, text.len, JSON_ALLOW_NUL, NULL);
    struct arena *a = arena_new();
    struct diags diags;
    struct journey_result *jr;

    diags_init(&diags);
    jr = journey_result_read(&(struct members){ NULL, "journey", -1, j, &diags, a });
    diags_release(&diags);
    arena_free(a);
    json_decref(j);
    return jr;
}

/* A new one; an empty one when it cannot be read back. */
static struct journey_result *spool_get(struct spool *s, size_t place)
{
    CLEANUP(buf_release) struct buf text = BUF_INIT(RESULT_JOURNEY_MAX_BYTES);
    struct journey_result *jr = NULL;
    struct entry e;

    if (scratch_get(&s->index, place * sizeof e, &e, sizeof e) && e.len &&
        e.len < RESULT_JOURNEY_MAX_BYTES) {
        buf_add_repeat(&text, '\0', (size_t)e.len);
        if (scratch_get(&s->texts, e.at, text.ptr, (size_t)e.len))
            jr = parse(buf_slice(&text));
    }
    if (jr)
        return jr;
    s->failed = true;
    jr = mem_zero(1, sizeof *jr);
    jr->transcript = transcript_new();
    jr->status = JOURNEY_NOT_TESTED;
    return jr;
}

static const struct journey_result *spool_open(struct spool *s, size_t place)
{
    for (size_t i = 0; i < RESULT_OPEN; i++)
        if (s->open[i].jr && s->open[i].place == place)
            return s->open[i].jr;

    size_t slot = s->next++ % RESULT_OPEN;

    journey_result_free(s->open[slot].jr);
    s->open[slot].jr = spool_get(s, place);
    s->open[slot].place = place;
    return s->open[slot].jr;
}

/* All of them move; when that fails they stay in memory, all of them. */
static void move_out(struct result *r)
{
    struct spool *s = spool_new(r->folder);
    bool ok = true;

    for (size_t i = 0; ok && i < r->count; i++)
        ok = !r->journeys[i] || spool_put(s, i, r->journeys[i]);
    if (!ok) {
        spool_free(s);
        r->held_max = SIZE_MAX;
        return;
    }
    for (size_t i = 0; i < r->count; i++)
        journey_result_free(r->journeys[i]);
    r->journeys = NULL;
    r->spool = s;
}

void result_put(struct result *r, size_t place, struct journey_result *jr)
{
    if (place >= r->count && !r->spool)
        ARENA_GROW(r->arena, r->journeys, r->cap, place + 1);
    r->count = place >= r->count ? place + 1 : r->count;
    if (r->spool) {
        spool_put(r->spool, place, jr);
        journey_result_free(jr);
        return;
    }
    r->journeys[place] = jr;
    r->held += transcript_bytes(jr->transcript) +
               (jr->judgement ? arena_bytes(jr->judgement->arena) : 0);
    if (r->held > r->held_max)
        move_out(r);
}

void result_add(struct result *r, struct journey_result *jr)
{
    result_put(r, r->count, jr);
}

static bool is_there(struct result *r, size_t i)
{
    struct entry e = { 0, 0, 0 };

    if (!r->spool)
        return r->journeys[i] != NULL;
    return scratch_get(&r->spool->index, i * sizeof e, &e, sizeof e) && e.len;
}

void result_close_gaps(struct result *r)
{
    size_t kept = 0;

    for (size_t i = 0; i < r->count; i++) {
        if (!is_there(r, i))
            continue;
        if (r->spool && kept < i) {
            struct entry e;

            r->spool->failed |= !scratch_get(&r->spool->index, i * sizeof e, &e, sizeof e) ||
                                !scratch_put(&r->spool->index, kept * sizeof e, &e, sizeof e);
        } else if (!r->spool) {
            r->journeys[kept] = r->journeys[i];
        }
        kept++;
    }
    r->count = kept;
}

const struct journey_result *result_journey(const struct result *r, size_t i)
{
    return r->spool ? spool_open(r->spool, i) : r->journeys[i];
}

struct journey_result *result_take(struct result *r, size_t i)
{
    struct journey_result *jr;

    if (r->spool)
        return spool_get(r->spool, i);
    jr = r->journeys[i];
    r->journeys[i] = NULL;
    return jr;
}

bool result_whole(const struct result *r)
{
    return !r->spool || !r->spool->failed;
}

void result_counts(const struct result *r, size_t counts[JOURNEY_STATUS_COUNT])
{
    for (int i = 0; i < JOURNEY_STATUS_COUNT; i++)
        counts[i] = r->spool ? r->spool->counts[i] : 0;
    for (size_t i = 0; !r->spool && i < r->count; i++)
        counts[r->journeys[i]->status]++;
}

void result_free(struct result *r)
{
    if (!r)
        return;
    for (size_t i = 0; r->journeys && i < r->count; i++)
        journey_result_free(r->journeys[i]);
    spool_free(r->spool);
    arena_free(r->arena);                        /* holds r itself */
}
