#ifndef TESTS_MAIL_PEERS_H
#define TESTS_MAIL_PEERS_H
/**
 * Two small mail servers on the loop under test: SMTP that takes or refuses, IMAP with one folder.
 * They can hang up at any command.
 */
#include <stdbool.h>
#include <stdint.h>

#include "harness/base/buf.h"
#include "harness/loop/loop.h"

enum { PEER_MAILS_MAX = 4000 };

struct peers {
    struct loop *loop;
    struct uv_tcp_s *smtp, *imap;
    int smtp_port, imap_port;
    struct peer_connection *open; /* linked */

    /* IMAP */
    char *mails[PEER_MAILS_MAX];  /* NULL: removed; its UID is its index + uid_base */
    int64_t dates[PEER_MAILS_MAX];
    bool junk[PEER_MAILS_MAX];    /* it lies in the folder "Junk mail" */
    bool special_use;             /* LIST tells which folder that is */
    const char *oauth;            /* this login alone is taken, base64 as in XOAUTH2; NULL LOGIN */
    size_t mail_count;
    uint32_t validity, uid_base;
    bool refuse_login;
    bool idle;                    /* IDLE is offered */
    bool refuse_idle;             /* ... but not given */
    int idles;                    /* begun */
    bool late_tags;               /* the end of an answer comes in a packet of its own */
    int commands;                 /* seen, on all connections, after the login */
    int cut_at;                   /* hang up instead of answering that one; -1 never */
    int imap_connections;

    /* SMTP */
    const char *smtp_refuse;      /* "RCPT": answer this command with... */
    const char *smtp_reply;       /* ... that; NULL: hang up */
    int smtp_refusals;            /* only so many times; -1 always */
    struct buf received;          /* what came between DATA and the dot, as on the wire */
    int smtp_connections, smtp_mails;
    void (*on_data)(struct peers *p);   /* a mail is there; its 250 is not out yet */
    void *context;
};

void peers_start(struct peers *p, struct loop *l);
/** Hang up, stop listening, free the mails. The handles go with the loop. */
void peers_stop(struct peers *p);
/** Put a mail into the folder, received at `date` (seconds since 1970). */
void peers_deliver(struct peers *p, const char *mail, int64_t date);
/** All connections end now. */
void peers_cut(struct peers *p);

#endif
