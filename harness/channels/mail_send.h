#ifndef CHANNELS_MAIL_SEND_H
#define CHANNELS_MAIL_SEND_H
/**
 * Mail send: one message over SMTP to those it is for, and what became of it for each.
 *
 * Our server and the company's refusals are told apart by the command that was refused and by the
 * reply codes of RFC 5321 and 3463. Once the last byte is out and no reply came, nobody knows
 * whether the mail was taken: that is SEND_UNKNOWN, and it must not be sent again.
 * Threads   loop thread only; the callback comes from the loop, once, and frees the sending.
 */
#include "harness/channels/mail_server.h"
#include "harness/loop/loop.h"

enum send_result {
    SEND_OK,
    SEND_LATER,                   /* 4xx: not taken now; may be tried again */
    SEND_REFUSED,                 /* 5xx for the recipient or the mail: the customer's problem */
    SEND_OURS,                    /* no connection, login, certificate, relaying: our side */
    SEND_UNKNOWN,                 /* handed over, never confirmed */
};

/** One of those a mail is for, and what the server said to RCPT TO. */
struct mail_recipient {
    const char *address;
    enum send_result result;      /* SEND_OK taken, LATER, REFUSED, OURS (no relaying) */
    int status;                   /* of the reply; 0: not asked */
    const char *words;
};

struct mail_sent {
    enum send_result result;      /* SEND_OK: at least one recipient was taken */
    bool before_recipients;       /* it ended before the first RCPT TO: about us, whatever the code */
    const char *stage;            /* "connect", "TLS", "greeting or EHLO", "AUTH", "MAIL FROM", … */
    const struct mail_recipient *recipients;       /* borrowed for the call */
    size_t recipient_count;
    int status;                   /* the last SMTP reply; 0 none */
    const char *words;            /* the server's, or what went wrong; borrowed for the call */
    const char *url;              /* smtp://host:port */
    int64_t at_us;
    struct timings timings;
};

typedef void mail_sent_fn(void *context, const struct mail_sent *how);

struct mail_sending;

/**
 * @param to       `count` addresses, at least one; the mail goes to those that are taken.
 * @param copy     NULL, or one more recipient, who gets it only if another does; that the server will
 *                 not take this one is no matter.
 * @param message  what mail_compose made; its bytes are taken over (the buf is empty afterwards).
 * @return NULL when libcurl cannot make a handle; no callback then.
 */
struct mail_sending *mail_send(struct loop *l, const struct mail_server *s, const char *ehlo,
                               const char *from, const char *const *to, size_t count,
                               const char *copy, struct buf *message, mail_sent_fn *fn,
                               void *context);
/** The callback will not come. NULL is fine. */
void mail_send_cancel(struct mail_sending *m);

#endif
