#ifndef CHANNELS_IMAP_CLIENT_INSIDE_H
#define CHANNELS_IMAP_CLIENT_INSIDE_H
/**
 * IMAP client inside: what its two files share and nobody else includes. One talks and reads, the
 * other decides how long to rest between two looks.
 */
#include "harness/channels/imap_client.h"
#include "harness/channels/imap_folder.h"
#include "harness/channels/mail_stream.h"

/* What the one command under way is, or why there is none. */
enum phase {
    PHASE_STOPPED, PHASE_CONNECTING, PHASE_CAPABILITY, PHASE_LIST, PHASE_EXAMINE, PHASE_CATCH_UP,
    PHASE_NOOP, PHASE_SEARCH, PHASE_FETCH, PHASE_RESTING, PHASE_IDLE, PHASE_IDLING, PHASE_DONE,
    PHASE_RETRY, PHASE_BROKEN
};

struct imap_client {
    struct loop *loop;
    const struct mail_server *server;
    struct imap_client_events events;
    void *context;

    enum phase phase;
    struct mail_stream *stream;   /* NULL between connections */
    bool open;                    /* it is logged in */
    unsigned connection;          /* counts them: tells whether a callback has ended ours */
    struct timer *timer;          /* rest, retry or the deadline of a command */
    struct imap_reader reader;
    unsigned tag;
    bool holding;                 /* a virtual clock waits for our answer */
    bool can_idle, can_special;   /* this server, on this connection */
    struct buf name;              /* of the folder with the attribute; empty: not known */
    bool pushed;                  /* the server told of mail since the last search began */
    struct lookout *lookout;
    bool look_again;              /* the lookout called while a command was under way */
    bool was_pushed, found;       /* the last search: was begun for that, found something */

    int64_t poll_us, since;
    int64_t expected_us;          /* loop time mail was last expected, or came */
    int64_t searched_us, blind_us;            /* the last search; its distance to the one before */
    bool idle;                    /* IDLE is wished */
    bool told_ready, told_looked, ever_ready, told_trouble;
    unsigned tries;               /* connections that failed in a row */
    int64_t lost_at;

    struct imap_folder folder;    /* outlives connections */
    uint32_t fetching;            /* the UID asked for last; the mail may come before the "OK" */
    unsigned head_tries;          /* connections that ended while fetching the queue's head */
};

/* imap_client.c */
/** A virtual clock waits for our answer while one is held. */
void imap_client_hold(struct imap_client *c, bool on);
void imap_client_command(struct imap_client *c, enum phase phase, const char *text);
void imap_client_end_idle(struct imap_client *c);

/* imap_client_rest.c */
void imap_client_search(struct imap_client *c);
/** Nothing is to be done: wait for the next look. */
void imap_client_rest(struct imap_client *c);
/** The server took our IDLE. */
void imap_client_idles(struct imap_client *c);
/** The lookout's callback. */
void imap_client_look(void *client);

#endif
