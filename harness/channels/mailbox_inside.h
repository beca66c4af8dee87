#ifndef CHANNELS_MAILBOX_INSIDE_H
#define CHANNELS_MAILBOX_INSIDE_H
/**
 * What the mailbox's own files share and nobody else includes.
 */
#include "harness/channels/mail_seen.h"
#include "harness/channels/mailbox.h"
#include "harness/channels/maildir.h"

enum { LIMBO_MAX = 3000, LIMBO_MAX_BYTES = 32 * 1024 * 1024, WHY_MAX = 600 };

struct mailbox_member {
    struct mailbox *box;
    struct mailbox_member *next;
    struct arena *arena;
    struct mail_thread *thread;
    struct mailbox_events events;
    void *context;
    int64_t joined_us;
    struct mailbox_watch watch;
    bool told_ready, told_looked, told_broken, told_trouble;
};

/* A mail that is nobody's so far. */
struct limbo {
    struct arena *arena;
    struct mail *mail;
    struct slice raw;             /* in the arena */
    int64_t noticed_us;
    size_t bytes;
    bool contested;
    bool foreign;                 /* counted as such */
};

/* One watched folder of the mailbox. */
struct folder {
    struct mailbox *box;
    struct mail_server server;
    struct imap_client *client;   /* one of the two; both NULL: not watched */
    struct maildir *maildir;
    bool ready, looked;           /* or never will be, and that is no matter */
    bool spam;
};

enum { FOLDER_MAIN, FOLDER_SPAM, FOLDER_COUNT };

struct mailbox {
    struct mailboxes *all;
    struct mailbox *next;
    struct arena *arena;          /* of the server's strings */
    struct mail_server server;
    const char *spam;             /* as in mailbox_watch */
    struct folder folders[FOLDER_COUNT];
    struct mailbox_member *members;
    size_t member_count;
    struct timer *kick;           /* something is to be told, tried again or closed */
    struct mail_seen seen;        /* mails of all folders */
    struct mail_seen gone;        /* addresses of members that have left */
    bool running, ready, looked, broken, trouble;
    bool copies;                  /* it has held copies of our own mails */
    char why[WHY_MAX];
    struct limbo limbo[LIMBO_MAX];
    size_t limbo_count, limbo_bytes;
    bool retry;                   /* some thread knows more than when limbo was last looked at: */
    struct mailbox_member *learner;   /* this one; NULL = several */
};

struct mailboxes {
    struct loop *loop;
    struct mail_tokens *tokens;
    struct mailbox *first;
    struct mailbox_run run;
    struct mail_seen people;      /* addresses of this run's customers */
    size_t foreign;
};

/* mailbox.c: look soon what is to be told or given out. */
void mailbox_kick_soon(struct mailbox *b);

/* mailbox_owners.c */
/** imap_client_events.mail of a folder. */
void mailbox_take_mail(void *folder, struct slice bytes, int64_t arrived);
/** Gives out at most one of those that waited; true when there may be more. */
bool mailbox_retry_limbo(struct mailbox *b);
void mailbox_free_limbo(struct mailbox *b, size_t i);
/** A member that has this address has left: mail that comes for it now is late, not foreign. */
void mailbox_remember_gone(struct mailbox *b, const char *address);
/** An address as mail_read gives recipients, into a set. */
void mailbox_add_address(struct mail_seen *set, const char *address);

#endif
