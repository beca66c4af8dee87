#ifndef CHANNELS_IMAP_FOLDER_H
#define CHANNELS_IMAP_FOLDER_H
/**
 * Imap folder: what is known of one watched folder, from the server's answers. Pure; no socket.
 *
 * Numbers  UIDs are good as long as UIDVALIDITY stays; when it changes all are forgotten and the
 *          folder has to be caught up again: mails may come a second time then.
 * Memory   lasts across connections; {0} is a folder nothing is known of.
 */
#include "harness/channels/imap.h"

struct imap_folder {
    uint32_t validity, next_uid;  /* next_uid: of the last EXAMINE */
    uint32_t last_uid;            /* everything up to it is queued or dealt with */
    bool caught_up;               /* what came before the start is dealt with */
    uint32_t *queue;              /* UIDs to fetch, ascending */
    size_t queued, queue_cap;
};

void imap_folder_release(struct imap_folder *f);
/** Nobody watched for a while: what came in between has to be looked through by its date. */
void imap_folder_restart(struct imap_folder *f);
/** The head of the queue is not fetched any more. */
void imap_folder_skip(struct imap_folder *f);

/** The first UID whose date has to be asked for; what lies before is too old to matter. */
uint32_t imap_folder_catch_up_from(struct imap_folder *f);
/** All dates were told. */
void imap_folder_caught_up(struct imap_folder *f);

/* Untagged answers; those that do not concern the command are passed over. */
void imap_folder_on_examine(struct imap_folder *f, const struct imap_answer *a);
void imap_folder_on_search(struct imap_folder *f, const struct imap_answer *a);
/** Queues what the server received at or after `since` (seconds since 1970). */
void imap_folder_on_dates(struct imap_folder *f, const struct imap_answer *a, int64_t since);
/**
 * @return is it the mail at the head? It leaves the queue. *mail: its bytes, borrowed from the
 *         answer. *arrived: INTERNALDATE, seconds since 1970; -1 not told.
 */
MUST_CHECK bool imap_folder_on_fetch(struct imap_folder *f, const struct imap_answer *a,
                                     struct slice *mail, int64_t *arrived);

#endif
