#ifndef CHANNELS_CHAT_INSIDE_H
#define CHANNELS_CHAT_INSIDE_H
/**
 * What the chat channel's own files share and nobody else includes.
 */
#include "harness/channels/chat_inbox.h"
#include "harness/channels/chat_stream.h"
#include "harness/channels/chat_webhook.h"
#include "harness/channels/chat_wire.h"
#include "harness/channels/http.h"
#include "harness/channels/websocket.h"

struct chat_settings {
    const char *adapter;
    const struct template *url, *token;
    int64_t settle;
    struct pairs with;
    const struct template *listen, *callback, *secret;
    const char *ca;
};

/** One message of the customer on its way; outlives its act when the answer takes long. */
struct saying {
    struct saying *next;
    struct chat *chat;
    struct http_exchange *call;
    int seq;
    unsigned turn;
    int64_t at_us;
    size_t history_before, history_after;     /* lengths: to take words back that never arrived */

    /* An answer in pieces. */
    struct chat_stream stream;
    bool streaming, failed;
    bool ended, finished;         /* ended: nothing more is read; finished: no more words come */
    struct buf words, why;
    int64_t first_us, last_us;
    struct timer *enough;
};

struct chat {
    struct visit *visit;
    const struct adapter *adapter;
    const char *url, *token;
    struct http *http;

    struct inbox inbox;
    char *session, *after;        /* the conversation; the last message heard in it */
    char *conversation;           /* our own name for it */
    char uuid[37];                /* the same as a UUID */
    unsigned conversations;
    struct chat_vars vars;
    struct named_text *with;      /* the channel's own values for them */
    size_t with_count;
    struct buf history;

    bool acting;                  /* visit_done is owed */
    bool said;                    /* its words have left over the socket: never again */
    char *words;                  /* what the act says */
    int repeats_seq;
    size_t prepared;              /* of the adapter's prepare calls */
    struct http_exchange *opening;
    struct saying *sayings, *current;     /* current: the act's own */
    struct timer *act_timer;      /* its beginning; then its end, when the answer takes longer */

    struct http_exchange *leaving;        /* the customer's leave is being taken */

    bool listening;
    struct http_exchange *poll;
    struct timer *next_poll;
    int64_t interval, poll_at;    /* poll_at: loop time of the next poll, or of the last one */
    bool poll_kept;               /* poll_at is of another process, on a clock that stood still */
    int polls_failed;
    int64_t polled_us, silent_us; /* when the poll began; since when they fail */

    struct websocket *socket;     /* NULL: none, or broken */
    bool socket_open, hearing_greeting;
    int64_t socket_since_us;      /* when it was begun, or broke */
    int reconnects;               /* tried since it broke; 0 = it did not */
    struct timer *reconnect;
    bool resumed;                 /* the conversation is there, its socket was another process's */

    struct webhook_member *hook;  /* NULL = nobody calls back */
    char *own_path, *callback;    /* behind our address; both together, as the company reaches it */
    const char *callback_base, *secret;
    char **deliveries;            /* ids of calls taken */
    size_t delivery_count, delivery_cap, refused;

    const struct saying *reading; /* whose answer is being read; NULL a poll's or the greeting */
    int64_t read_at_us, typing_us;
    bool greeting, over;
    size_t new_messages;
    struct heard_after last, before;      /* the latest words sent, and those before them */
    bool unsent;                  /* the latest are told, and have not left yet */
    bool late_poll;               /* what is read was asked for before the latest words left */
    unsigned turns, broken_turn;  /* times something was said; when the connection broke; 0 never */
    char *said_last;              /* the latest words */
    struct chat_vars presses;     /* the latest choices, and what is sent for each */
    size_t answers;               /* messages since they left */
    bool was_away;                /* restored: what was pushed meanwhile nobody heard */
};

#define CHAT_HISTORY_MAX (256 * 1024)

/* A conversation may pause for as long as a person thinks; the player ends it, not the wire. */
#define CHAT_SAY_PATIENCE_US (1800 * US_PER_S)
#define CHAT_POLL_PATIENCE_US (60 * US_PER_S)
/* A service that has said which piece is the last may still end its answer properly. */
#define CHAT_STREAM_GRACE_US (200 * US_PER_MS)

/* chat.c */
/** Ends the act: nothing of the chat may be touched afterwards. */
void chat_act_over(struct chat *c, enum done how);
void chat_forget_session(struct chat *c);
/** Its UUID comes of the conversation's name. */
void chat_name_uuid(struct chat *c);

/* chat_calls.c */
struct http_exchange *chat_call(struct chat *c, const struct adapter_call *how, const char *text,
                                http_piece_fn *piece, int64_t patience_us, http_fn *fn,
                                void *context);
/** The address of a call, and its header lines, which the caller frees one by one. */
void chat_make_url(const struct chat *c, const char *path, const struct wire_blanks *blanks,
                   struct buf *url);
char **chat_make_headers(const struct chat *c, const struct wire_blanks *blanks, size_t *count);
struct wire_blanks chat_blanks(const struct chat *c, const char *text);
/** Queues what an answer holds, or a piece of one. False: it held a failure as well, or only that;
 *  with `over` the conversation has ended, and is to be forgotten. */
bool chat_read(struct chat *c, struct slice body, int64_t at_us, char **session);
/** The same for a whole answer; forgets a conversation that has ended. */
bool chat_read_all(struct chat *c, const struct http_answer *a, char **session);
/** Something that came unasked, over a socket or a callback. The visit may be closed in it. */
void chat_take_pushed(struct chat *c, struct slice body, int64_t at_us);
/** The queue goes out: at once during an act, else a piece per turn of the loop. */
void chat_deliver(struct chat *c);
void chat_take_failure(struct chat *c, enum failure f, const char *why, struct slice answer);
/** What is sent for the act's words: what the button that says so stands for, or they themselves. */
const char *chat_words_sent(const struct chat *c);
/** Adds to the history what somebody says. */
void chat_remember(struct chat *c, const char *pattern, const char *text);

/* chat_open.c: until the conversation is there; then says the act's words, or ends the act. */
void chat_begin(struct chat *c);
/** A token that an answer gave is kept out of the transcript. */
void chat_hide_token(struct chat *c);

/* chat_keep.c: the channel's save and restore */
json_t *chat_save(struct visit *v);
void chat_restore(struct visit *v, const json_t *saved);

/* chat_say.c */
/** The words are on their way: the `sent` event. */
int chat_sent(struct chat *c);
void chat_say(struct chat *c);
void chat_forget_saying(struct saying *s);

/* chat_socket.c */
/** Opens it; then says the act's words, or ends the act. */
void chat_socket_begin(struct chat *c);
/** The act's words over the open socket; begins it again when it broke. */
void chat_socket_say(struct chat *c);
void chat_socket_stop(struct chat *c);
/** Sends a text of the adapter's over the open socket. */
bool chat_socket_send(struct chat *c, const char *pattern, const char *text);

/* chat_callback.c */
/** Listens, when the adapter says so. */
MUST_CHECK enum status chat_callback_open(struct chat *c, const struct chat_settings *set,
                                          struct diags *diags);
/** Another conversation: where it is called back. */
void chat_callback_rename(struct chat *c);
void chat_callback_close(struct chat *c);
/** What the adapter and the channel's settings must have for each other. */
void chat_callback_check(const struct scenario *s, const struct channel_spec *spec,
                         const struct adapter *a, struct diags *diags);

/* chat_leave.c: the channel's leave */
bool chat_leave(struct visit *v);

/* chat_loss.c: notes about what a break cost */
/** "My kettle leaks." (turn 3): the latest words. */
void chat_add_turn(const struct chat *c, struct buf *out);
void chat_tell_break(struct chat *c, const char *why);
void chat_tell_again(struct chat *c, int64_t away_us);
/** Something else is going to be said, and the break took the answer to what was said before. */
void chat_tell_lost(struct chat *c);
/** Polls are answered again. */
void chat_tell_asked_again(struct chat *c, int64_t away_us);
/** The call with the words broke after it had begun. */
void chat_tell_in_doubt(struct chat *c);
/** A later process listens: once. */
void chat_tell_away(struct chat *c);

/* chat_poll.c */
void chat_poll_soon(struct chat *c, int64_t delay);
/** The customer listens again: at once, or when another process would have asked next. */
void chat_poll_again(struct chat *c);
void chat_poll_stop(struct chat *c);

#endif
