#ifndef CHANNELS_MAILBOX_H
#define CHANNELS_MAILBOX_H
/**
 * Mailbox: one reader per mailbox (server, user, folder; or Maildir) and loop, shared by every visit
 * of the loop; each mail is given to the one visit it belongs to, once. A mail is known by its
 * bytes: one that is moved to another folder, or renumbered by the server, does not count again.
 *
 * Time      a mail that came while nobody looked for seconds has the time its server had it (whole
 *           seconds). Else its time is when the loop noticed it: up to `poll` (the smallest any
 *           member asks for) plus a round trip after the server had it; sooner where IDLE tells
 *           of it. Looks become rarer while nothing comes: imap_rest_us.
 * Which     mail the server received before the member joined (its own clock, whole seconds) does
 *           not count; what came after, but before the connection was up, does.
 * Nobody's  mail that belongs to no member is left alone and counted. It is kept in memory for a
 *           while (3000 mails, 32 MiB), since what a thread learns later may claim it; but a mail
 *           that several could have claimed by its address never goes to the one who is left.
 * Spam      the folder for suspected spam is watched beside it over a connection of its own. That it
 *           cannot be is no failure: members are told as of trouble, and the rest goes on.
 * Threads   loop thread only. Callbacks come from the loop, never from inside a call, and may join
 *           and leave.
 */
#include "harness/channels/imap_client.h"
#include "harness/channels/mail_match.h"
#include "harness/channels/mail_server.h"
#include "harness/channels/mail_token.h"
#include "harness/loop/loop.h"

struct mailboxes;
struct mailbox_member;

struct mailboxes *mailboxes_new(struct loop *l);
/* mailboxes_free and mailboxes_foreign: declared in channel.h, for the player. */

/** Of a run that several processes play, before the first member joins. */
struct mailbox_run {
    int64_t epoch_us;             /* wall clock at loop time 0, since 1970 */
    int64_t since_us;             /* loop time the run began: mail from then on matters */
    const char *id;               /* the Message-IDs of all its mails begin with "id."; NULL none */
    bool by_date;                 /* the servers live in another time: a mail's Date counts */
};
void mailboxes_run(struct mailboxes *all, const struct mailbox_run *run);
/** The access tokens of the same loop, for the same visits. */
struct mail_tokens *mailboxes_tokens(struct mailboxes *all);

struct mailbox_events {
    /** From now on nothing is missed. Once per join. */
    void (*ready)(void *context);
    /** A mail of this member's thread; it is learned from already. Borrowed for the call.
     *  bytes: as it came; empty where nobody wished for them. */
    void (*mail)(void *context, const struct mail *m, const struct mail_match *how,
                 struct slice bytes);
    /** The connection was lost and is being tried again, or there is no spam folder to watch. */
    void (*trouble)(void *context, const char *why);
    /** Nothing will come any more: our side's fault. Once per join. */
    void (*broken)(void *context, const char *why);
    /** Everything that had arrived before the member joined has been given out. Once per join, after
     *  ready. NULL: nobody asks. */
    void (*looked)(void *context);
    /** One of our own mails lies in the mailbox, a copy. NULL likewise. */
    void (*own)(void *context, const char *message_id);
};

/** How a member wishes the mailbox to be watched; of several the most eager counts. */
struct mailbox_watch {
    int64_t poll_us;
    enum imap_rest rest;
    const char *spam;             /* folder, or "\\Junk": the one with this attribute; NULL none */
    bool bytes;                   /* mails are wished for as they came, too */
};

/**
 * Listen. `server` is copied where it is kept; `thread` and `arena` (for what it learns) are
 * borrowed until mailbox_leave.
 */
struct mailbox_member *mailbox_join(struct mailboxes *all, const struct mail_server *server,
                                    struct mailbox_watch watch, struct arena *arena,
                                    struct mail_thread *thread,
                                    const struct mailbox_events *events, void *context);
/** The member goes on for one that joined at this loop time: what came since then is its, too. */
void mailbox_joined_at(struct mailbox_member *m, int64_t at_us);
/** The member has just written: an answer may come soon, and the mailbox is looked at often. */
void mailbox_expect(struct mailbox_member *m);
/** Has the mailbox ever held a copy of a mail of this run? Then what has none was not sent. */
bool mailbox_has_copies(const struct mailbox_member *m);
/** No callback comes any more. NULL is fine. */
void mailbox_leave(struct mailbox_member *m);

#endif
