#ifndef CHANNELS_MAIL_STREAM_H
#define CHANNELS_MAIL_STREAM_H
/**
 * Mail stream: a connection to a mail server on which libcurl has done the greeting, TLS and login
 * (CURLOPT_CONNECT_ONLY), and on which the commands are ours.
 *
 * Tokens    from a command (mail_token.h) come before the connection; when the server refuses one,
 *           another is asked for and the connection is made once more.
 * Why ours  libcurl's FETCH marks mail as read and what it passes on of a custom one can be forged
 *           from inside a mail; its SMTP gives the same result for many refusals, goes on without a
 *           login where none is offered, and waits for the answer to QUIT with the loop at rest.
 * Threads   loop thread only. Callbacks come from the loop; each of them may free the stream.
 */
#include "harness/channels/mail_server.h"
#include "harness/loop/loop.h"

struct mail_stream;

struct mail_stream_events {
    /** Logged in. */
    void (*open)(void *context);
    void (*bytes)(void *context, const char *bytes, size_t len);
    /** It could not be opened (rc says why) or has ended (CURLE_RECV_ERROR). Once, and the last. */
    void (*closed)(void *context, CURLcode rc);
};

/** @param path  for the URL (SMTP: the EHLO name). NULL: libcurl cannot make a handle. */
struct mail_stream *mail_stream_open(struct loop *l, const struct mail_server *s, const char *path,
                                     const struct mail_stream_events *events, void *context);
/** Closes at once, without a word. NULL is fine. */
void mail_stream_free(struct mail_stream *s);

/** Bytes to send when the socket takes them; copied. Only after open(). */
void mail_stream_send(struct mail_stream *s, const char *bytes, size_t len);

/** Did the server take a login (SMTP's 235)? */
bool mail_stream_logged_in(const struct mail_stream *s);
/** The server's last lines before open() or closed(); "" when it said nothing. Borrowed. */
const char *mail_stream_last_words(const struct mail_stream *s);
/**
 * What to tell a person when no new try helps: our password, our certificates, the server's set-up.
 * NULL: another reason, perhaps a passing one. Borrowed until closed() returns.
 */
const char *mail_stream_hopeless(const struct mail_stream *s, CURLcode rc);
/** libcurl's handle, for its times and codes. */
CURL *mail_stream_easy(const struct mail_stream *s);

#endif
