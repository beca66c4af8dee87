#ifndef CHANNELS_EMAIL_H
#define CHANNELS_EMAIL_H
/**
 * Email: what the files of the email channel share and nobody else includes. One visit is one
 * customer's mail program: its settings, its thread, the mail on its way.
 */
#include "harness/channels/channel.h"
#include "harness/channels/mail_compose.h"
#include "harness/channels/mail_send.h"
#include "harness/channels/mailbox.h"

enum { EMAIL_SENT_MAX = 200 };    /* mails of one visit */

struct email_settings {
    const struct template *to, *cc, *from, *smtp, *imap, *maildir, *subject, *marker, *token, *spam;
    int tls;                      /* enum mail_tls */
    const char *ca, *token_command;
    int64_t poll, retry;
    int idle;                     /* 0 where the server has it, 1 off */
    int format;                   /* 0 plain text, 1 as HTML too */
    int links;                    /* 0 looked at, 1 left alone */
};

/* The last mail of the company, as far as an answer needs it. */
struct received {
    const char *message_id, *subject, *name, *reply_address, *text;
    struct mail_ids references;   /* of it, and then itself */
    int64_t date;
};

struct own_mail {
    const char *message_id;
    int seq;                      /* of the `sent` event; -1 = on its way */
    int64_t at_us;
};

/* A mail that answers ours before our server's 250 has reached us. */
struct early {
    struct event event;
    const char *key;              /* email_mail_key */
    int64_t at_us;
    struct early *next;
};

/* What is being sent. */
struct outgoing {
    bool active;
    struct mail_draft draft;
    const char *words;            /* the customer's own, without the quote */
    int repeats_seq;
    size_t own;                   /* index into `own` */
    unsigned tries;
    const char **left;            /* addresses that have not taken it yet */
    size_t left_count;
    bool sent;                    /* some have */
    struct mail_sending *sending;
    struct timer *timer;
    struct early *early, **early_end;
    bool look;                    /* it may have left before a crash: not sent before a look */
};

struct email_state {
    bool opened;
    struct mail_server smtp, imap;
    struct mail_person from, to;
    const struct mail_person *cc; /* who get each mail as well */
    size_t cc_count;
    const char *default_subject, *marker;
    const char *spam;             /* as in mailbox_watch */
    struct mail_token *tokens;    /* of token_command; NULL none */
    const char *known_token;      /* of it, the last that the transcript is kept clean of */
    struct mail_thread thread;
    struct mailbox_member *member;
    bool ready;
    const char *broken;           /* why; NULL = not */
    struct received last;         /* message_id may be NULL; subject NULL = nothing came */
    struct own_mail own[EMAIL_SENT_MAX];
    size_t own_count;
    int drafted_step;             /* the step of the last draft ... */
    unsigned drafted;             /* ... and how many mails it has made */
    const char *own_subject;      /* of our last mail; NULL none */
    struct mail_ids own_references;
    struct outgoing out;
    int64_t committed_us;         /* wall clock: the last mail was about to leave */

    /* Of an earlier process. */
    bool resumed, looked;         /* looked: what came meanwhile has been given out */
    const char *doubted;          /* Message-ID of the mail it was sending; NULL none */
    bool proved;                  /* that one has arrived */
    struct mail_ids before;       /* mails it had heard (email_mail_key) */
};

extern const struct object email_settings_object;

struct email_state *email_state(struct visit *v);
const struct email_settings *email_settings(const struct visit *v);

/* email_open.c */
void email_check(const struct scenario *s, const struct channel_spec *spec,
                 const struct channel_world *world, struct diags *diags);
enum status email_open(struct visit *v, struct diags *diags);

/* email_draft.c */
/** Make the mail of an action (send, reply, chase) in state->out; its id is known to the thread. */
void email_draft(struct visit *v, const struct action *a);
/** Remember the company's mail as the one to answer. */
void email_keep_last(struct visit *v, const struct mail *m);

/* email_echo.c */
/** What a person's answer quotes of ours and whether it speaks of it, as fields of its event. */
void email_add_echo(struct visit *v, const struct mail *m, struct event *e);

/* email_recipients.c */
/** The drafted mail is for all of them. */
void email_begin_recipients(struct visit *v);
/**
 * The server took the mail for some: refusals of the others become the company's failures, in the
 * server's words. What is left are those that may take it later, or nobody.
 * @param last  no further try comes: they are refused, too.
 */
void email_settle_recipients(struct visit *v, const struct mail_sent *how, bool last);

/* email_keep.c: the channel's save and restore */
json_t *email_save(struct visit *v);
void email_restore(struct visit *v, const json_t *saved);
/** What a mail is known by across processes; in the visit's arena. */
const char *email_mail_key(struct visit *v, const struct mail *m);
bool email_heard_before(struct visit *v, const struct mail *m);
/** It stands in the transcript now; key NULL: nobody keeps it. */
void email_note_heard(struct visit *v, const char *key);

#endif
