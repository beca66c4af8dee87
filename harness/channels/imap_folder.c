#include "harness/channels/imap_folder.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/mem.h"

enum { CATCH_UP_UIDS = 20000, QUEUE_MAX = 100000 };

void imap_folder_release(struct imap_folder *f)
{
    free(f->queue);
    *f = (struct imap_folder){ 0 };
}

void imap_folder_restart(struct imap_folder *f)
{
    f->caught_up = false;
    f->queued = 0;
}

void imap_folder_skip(struct imap_folder *f)
{
    memmove(f->queue, f->queue + 1, --f->queued * sizeof *f->queue);
}

uint32_t imap_folder_catch_up_from(struct imap_folder *f)
{
    uint32_t from = f->last_uid + 1;

    if (f->last_uid == 0 && f->next_uid > CATCH_UP_UIDS)
        from = f->next_uid - CATCH_UP_UIDS;
    f->last_uid = from - 1;
    return from;
}

void imap_folder_caught_up(struct imap_folder *f)
{
    f->caught_up = true;
    if (f->next_uid && f->next_uid - 1 > f->last_uid)
        f->last_uid = f->next_uid - 1;
}

static void enqueue(struct imap_folder *f, uint32_t uid)
{
    size_t at = f->queued;

    if (f->queued == QUEUE_MAX)
        return;
    while (at && f->queue[at - 1] > uid)
        at--;
    if (at && f->queue[at - 1] == uid)
        return;
    MEM_GROW(f->queue, f->queue_cap, f->queued + 1);
    memmove(f->queue + at + 1, f->queue + at, (f->queued - at) * sizeof *f->queue);
    f->queue[at] = uid;
    f->queued++;
}

void imap_folder_on_examine(struct imap_folder *f, const struct imap_answer *a)
{
    uint32_t validity = imap_code(a->rest, "UIDVALIDITY");
    uint32_t next = imap_code(a->rest, "UIDNEXT");

    if (!imap_is(a->word, "OK"))
        return;
    if (next)
        f->next_uid = next;
    if (validity && validity != f->validity) {
        if (f->validity) {        /* every number we knew is void */
            f->last_uid = 0;
            imap_folder_restart(f);
        }
        f->validity = validity;
    }
}

void imap_folder_on_search(struct imap_folder *f, const struct imap_answer *a)
{
    struct slice numbers = a->rest;
    uint32_t uid, top = f->last_uid;

    if (!imap_is(a->word, "SEARCH"))
        return;
    while (imap_number(&numbers, &uid)) {
        if (uid > f->last_uid)    /* "n:*" names the newest mail even when it is below n */
            enqueue(f, uid);
        top = uid > top ? uid : top;
    }
    f->last_uid = top;
}

void imap_folder_on_dates(struct imap_folder *f, const struct imap_answer *a, int64_t since)
{
    struct imap_fetch one;

    if (!imap_is(a->word, "FETCH") || imap_fetch_parse(a->rest, &one) != ST_OK || !one.uid)
        return;
    if (one.uid > f->last_uid && (one.date < 0 || one.date >= since))
        enqueue(f, one.uid);
    if (one.uid >= f->next_uid)
        f->next_uid = one.uid + 1;
}

bool imap_folder_on_fetch(struct imap_folder *f, const struct imap_answer *a, struct slice *mail,
                          int64_t *arrived)
{
    struct imap_fetch one;

    if (!imap_is(a->word, "FETCH") || imap_fetch_parse(a->rest, &one) != ST_OK ||
        !one.has_body || !f->queued || one.uid != f->queue[0])
        return false;
    imap_folder_skip(f);
    *arrived = one.date;
    *mail = one.body;
    return true;
}
