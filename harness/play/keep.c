#include "harness/play/keep.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/duration.h"
#include "harness/play/journey.h"

/* Nobody waits for it: how long changes are gathered. What is lost with a crash is as much. */
#define GATHER_US (20 * US_PER_MS)

/* So many rows make a batch, and what is left goes into the next one: a batch is made between two
 * polls, and thousands of journeys may have changed. */
enum { BATCH_ROWS = 1000 };

struct waiting {
    struct journey *journey;      /* NULL: does not wait any more */
    timer_fn *fn;
    void *context;
};

struct keep {
    struct audit *audit;
    struct loop *loop;
    struct timer *timer;
    int64_t due_us, gather_us;
    struct journey **changed;     /* entries may be NULL; oldest first */
    size_t changed_first, changed_count, changed_cap;
    struct waiting *waiting;      /* oldest first */
    size_t waiting_first, waiting_count, waiting_cap;
    size_t waiting_written;       /* of them, from the first: in the batch under way */
    struct kept_batch next, writing;
    bool busy, failed;
    bool more;                    /* changes that had no room in the batch under way */
    enum status written;
};

struct keep *keep_new(struct audit *a)
{
    struct keep *k = mem_zero(1, sizeof *k);

    k->audit = a;
    k->loop = a->o.loop;
    /* A clock that waits for us goes on when the journal has all that happened before. */
    k->gather_us = loop_is_shared(k->loop) ? 0 : GATHER_US;
    k->next = kept_batch_new();
    return k;
}

void keep_free(struct keep *k)
{
    if (!k)
        return;
    timer_cancel(k->timer);
    kept_batch_release(&k->next);
    kept_batch_release(&k->writing);
    free(k->changed);
    free(k->waiting);
    free(k);
}

static void flush(void *context);

static void flush_soon(struct keep *k, int64_t delay_us)
{
    int64_t due = loop_now(k->loop) + delay_us;

    if (k->busy || k->failed || (k->timer && k->due_us <= due))
        return;
    timer_cancel(k->timer);
    k->due_us = due;
    k->timer = timer_start(k->loop, due, flush, k);
}

void keep_changed(struct keep *k, struct journey *j)
{
    if (!k || j->kept.mute)
        return;
    if (!j->kept.slot) {
        MEM_GROW(k->changed, k->changed_cap, k->changed_count + 1);
        k->changed[k->changed_count++] = j;
        j->kept.slot = k->changed_count;
    }
    flush_soon(k, k->gather_us);
}

void keep_wait(struct keep *k, struct journey *j, timer_fn *fn, void *context)
{
    keep_changed(k, j);
    MEM_GROW(k->waiting, k->waiting_cap, k->waiting_count + 1);
    k->waiting[k->waiting_count++] = (struct waiting){ j, fn, context };
    j->kept.wait = k->waiting_count;
    flush_soon(k, 0);
}

void keep_stop_waiting(struct keep *k, struct journey *j)
{
    if (k && j->kept.wait)
        k->waiting[j->kept.wait - 1].journey = NULL;
    j->kept.wait = 0;
}

static void unlist(struct keep *k, struct journey *j)
{
    if (j->kept.slot)
        k->changed[j->kept.slot - 1] = NULL;
    j->kept.slot = 0;
}

void keep_forget(struct keep *k, struct journey *j)
{
    if (!k)
        return;
    keep_stop_waiting(k, j);
    unlist(k, j);
}

void keep_last(struct keep *k, struct journey *j, enum kept_status status, int64_t wake_us)
{
    if (!k || j->kept.mute)
        return;

    const struct kept_row row = {
        .what = KEPT_STATE, .journey = j->index, .status = status, .wake_us = wake_us,
        .contacts = j->kept.contacts,
    };

    keep_stop_waiting(k, j);
    unlist(k, j);
    journey_collect(j, &k->next);
    kept_batch_add(&k->next, &row);
    flush_soon(k, 0);
}

/* Those whose words were in the batch may act, oldest first. Any of them may change the list. */
static void let_go(struct keep *k)
{
    for (; k->waiting_written; k->waiting_written--) {
        struct waiting w = k->waiting[k->waiting_first++];

        if (!w.journey)
            continue;
        w.journey->kept.wait = 0;
        w.fn(w.context);
    }
    if (k->waiting_first == k->waiting_count)
        k->waiting_first = k->waiting_count = 0;
}

static void on_thread(void *context)
{
    struct keep *k = context;
    const struct audit_keeper *to = &k->audit->o.keeper;

    k->written = to->write(to->context, &k->writing);
}

static void on_written(void *context)
{
    struct keep *k = context;
    const struct audit_keeper *to = &k->audit->o.keeper;

    k->busy = false;
    kept_batch_release(&k->writing);
    if (k->written != ST_OK) {
        k->failed = true;
        to->failed(to->failed_context);
        return;
    }
    let_go(k);
    if (k->waiting_count > k->waiting_first || k->next.count)
        flush_soon(k, 0);
    else if (k->changed_count > k->changed_first)
        flush_soon(k, k->more ? 0 : k->gather_us);
}

/* The next rows, of the journeys that changed first. */
static void collect(struct keep *k)
{
    while (k->changed_first < k->changed_count && k->next.count < BATCH_ROWS) {
        struct journey *j = k->changed[k->changed_first++];

        if (!j)
            continue;
        j->kept.slot = 0;
        journey_collect(j, &k->next);
    }
    k->more = k->changed_first < k->changed_count;
    if (k->changed_first < k->changed_count / 2)
        return;
    k->changed_count -= k->changed_first;
    memmove(k->changed, k->changed + k->changed_first, k->changed_count * sizeof *k->changed);
    for (size_t i = 0; i < k->changed_count; i++)
        if (k->changed[i])
            k->changed[i]->kept.slot = i + 1;
    k->changed_first = 0;
}

/* Who waits was among those that changed before: the first that is still there ends the list. */
static size_t whose_words_are_in(const struct keep *k)
{
    size_t i = k->waiting_first;

    while (i < k->waiting_count && (!k->waiting[i].journey || !k->waiting[i].journey->kept.slot))
        i++;
    return i - k->waiting_first;
}

static void flush(void *context)
{
    struct keep *k = context;

    k->timer = NULL;
    collect(k);
    k->waiting_written = whose_words_are_in(k);
    if (!k->next.count) {
        let_go(k);
        return;
    }
    k->writing = k->next;
    k->next = kept_batch_new();
    k->busy = true;
    work_start(k->loop, on_thread, on_written, k);
}
