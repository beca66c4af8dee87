#ifndef CHANNELS_IMAP_CLIENT_H
#define CHANNELS_IMAP_CLIENT_H
/**
 * Imap client: one folder of one IMAP account, watched for new mail over one connection.
 *
 * The folder is opened with EXAMINE and read with BODY.PEEK, so nothing in it can change (why not
 * libcurl's own FETCH: mail_stream.h).
 *
 * New mail  every `poll`: NOOP, then UID SEARCH (Dovecot looks for mail at once only for NOOP).
 *           What a look finds had arrived at most `poll` and one round trip before. In between
 *           IDLE (RFC 2177) where the server offers it: what it tells of is looked for at once.
 * Memory    last UID and UIDVALIDITY live as long as the client, across stop and start. When
 *           UIDVALIDITY changes, everything since the start is read again: mails given out before
 *           are given out once more.
 * Errors    a lost connection is tried again after 0.5 s, 1 s, … 30 s. It is given up as broken
 *           when the login or the certificate is refused, there is no such folder, the first
 *           connection fails 4 times, or a later one for 5 minutes.
 * Threads   loop thread only. Callbacks come from the loop, never from inside a call.
 */
#include "harness/channels/mail_server.h"
#include "harness/loop/loop.h"

struct imap_client;

/** None may call imap_client_free; imap_client_stop is fine. */
struct imap_client_events {
    /** The folder is open for the first time since start: from now on nothing is missed. */
    void (*ready)(void *context);
    /** A new mail; bytes are borrowed, at most MAIL_IN_MAX_BYTES of them. arrived: when the server
     *  got it, by its clock, in seconds since 1970; -1 unknown. */
    void (*mail)(void *context, struct slice bytes, int64_t arrived);
    /** What had arrived between `since` and the start has been given out. Once per start. */
    void (*looked)(void *context);
    /** The connection was lost and is being tried again; once per loss. */
    void (*trouble)(void *context, const char *why);
    /** There is no folder with the attribute asked for: nothing to watch. NULL: broken instead. */
    void (*absent)(void *context);
    /** It is over until imap_client_start. */
    void (*broken)(void *context, const char *why);
};

/**
 * `server` and its strings must outlive the client; its path is the folder, or an attribute such as
 * "\Junk" (RFC 6154): then the folder that has it. Nothing happens before imap_client_start.
 */
struct imap_client *imap_client_new(struct loop *l, const struct mail_server *server,
                                    const struct imap_client_events *events, void *context);
/** NULL is fine. */
void imap_client_free(struct imap_client *c);

/**
 * Connect and go on watching. Mail that the server received before `since` (seconds since 1970, its
 * own clock) while nobody watched is not given out. No effect while it runs.
 */
void imap_client_start(struct imap_client *c, int64_t since);
/** What to do between two looks: IDLE where the server has it, or say nothing. */
enum imap_rest { REST_IDLE, REST_SILENT };
/**
 * How long to rest between two looks when something was last expected so long ago: `poll_us` at first,
 * then a sixtieth of the time, half a minute at most. An hour's wait is known to the minute, and a
 * provider is not asked a quarter of a million times.
 */
int64_t imap_rest_us(int64_t poll_us, int64_t waited_us);
/** Mail is expected soon: now looks are frequent again. */
void imap_client_expect(struct imap_client *c);
/** How long nobody had looked before the search under way, which no server called for; else 0. */
int64_t imap_client_blind_us(const struct imap_client *c);
/** The shortest rest between two looks; from the next rest on. */
void imap_client_set_poll(struct imap_client *c, int64_t poll_us, enum imap_rest how);
/** Log out and let go of the connection, so that the loop can end. */
void imap_client_stop(struct imap_client *c);

#endif
