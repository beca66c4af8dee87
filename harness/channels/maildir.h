#ifndef CHANNELS_MAILDIR_H
#define CHANNELS_MAILDIR_H
/**
 * Maildir: a folder of mail on this machine's disk, watched for new mail. Nothing in it is moved,
 * renamed or flagged: a mail is new as long as its name (up to the ':' before the flags) is.
 *
 * New mail  every `poll`: new/ and cur/ are listed, unless neither has changed.
 * Errors    no new/ or no cur/: broken, or where the folder may be missing absent.
 * Events    as an IMAP client's (imap_client.h), from the loop, never from inside a call.
 */
#include "harness/channels/imap_client.h"

struct maildir;

/**
 * @param path  of the Maildir, or of a folder in it; copied. Of several that may be meant the first
 *              that is there: "/var/mail/.Junk\n/var/mail/.Spam".
 */
struct maildir *maildir_new(struct loop *l, const char *path,
                            const struct imap_client_events *events, void *context);
/** NULL is fine. */
void maildir_free(struct maildir *m);

/** Mail that came before `since` (seconds since 1970) while nobody watched is not given out. */
void maildir_start(struct maildir *m, int64_t since);
void maildir_set_poll(struct maildir *m, int64_t poll_us);
void maildir_stop(struct maildir *m);

#endif
