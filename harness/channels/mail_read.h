#ifndef CHANNELS_MAIL_READ_H
#define CHANNELS_MAIL_READ_H
/**
 * Mail read: the bytes of one received mail → what a person reads and what threading needs.
 *
 * Everything lies in the arena given; strings are valid UTF-8, never NULL unless said. A broken
 * mail is read as far as possible; reading never fails. MIME by GMime, charsets by iconv (as
 * browsers do it: iso-8859-1 and unknown are windows-1252 unless they are valid UTF-8).
 * Pure: no clock, no network.
 */
#include <stdbool.h>
#include <stdint.h>

#include "harness/base/buf.h"
#include "harness/model/event.h"

enum {
    MAIL_IN_MAX_BYTES = 4 * 1024 * 1024,      /* of a mail that we take; the rest is not read */
    MAIL_TEXT_MAX_BYTES = 512 * 1024,         /* of its text */
    MAIL_IDS_MAX = 60, MAIL_RECIPIENTS_MAX = 40, MAIL_PARTS_MAX = 200, MAIL_DEPTH_MAX = 20,
};

struct mail_ids {
    const char **items;           /* without <> */
    size_t count, cap;
};

/** What a delivery report says (RFC 3464); a failed one makes the mail a bounce. */
enum delivery { DELIVERY_NONE, DELIVERY_FAILED, DELIVERY_DELAYED, DELIVERY_OTHER };

struct mail_file {
    const char *name, *type;                  /* "invoice.pdf", "application/pdf" */
    int64_t size;                             /* bytes, decoded */
};

struct mail_link {
    const char *label, *url;                  /* label: the words one clicks; "" none */
};

/** What a header says about who wrote a mail; what it is worth stands in mail_kind.c. */
enum sign {
    SIGN_REPLIED,                             /* a machine that answers mail */
    SIGN_VACATION,                            /* a person's own absence notice */
    SIGN_GENERATED,                           /* a machine that writes mail */
    SIGN_NOTIFIED,                            /* a machine that tells of an event */
    SIGN_NOBODY,                              /* sent from <>: no answer wanted, not even a bounce */
    SIGN_HELPDESK,                            /* a ticket system: people and machines write there */
    SIGN_PERSON,                              /* a mail program that people use */
    SIGN_UNSUBSCRIBE, SIGN_LIST, SIGN_BULK, SIGN_CAMPAIGN,
    SIGN_SUPPRESS,                            /* asks other machines not to answer */
    SIGN_THREAD,                              /* answers another mail */
    SIGN_CONFIRM,                             /* an answer would confirm something */
    SIGN_SURVEY,                              /* a tool that asks for opinions */
    SIGN_NO_REPLY,                            /* an address that says nobody reads it */
    SIGN_POST,                                /* tells what somebody said: "Priya, 19 Nov, 14:02" */
    SIGN_BOX,                                 /* sent by a box of machines: "orders@", "alerts@" */
    SIGN_FIELDS,                              /* lines of fields: "Status: Open" */
    SIGN_SIGNED,                              /* a person's name below the text */
    SIGN_TEAM,                                /* a team's, a firm's */
    SIGN_NAMED,                               /* a person's name in From */
    SIGN_COUNT
};

enum { MAIL_SIGNS_MAX = 24, MAIL_LINKS_MAX = 200 };

struct mail_sign {
    enum sign sign;
    const char *label;                        /* "Auto-Submitted: auto-replied" */
};

struct mail {
    const char *subject;
    const char *sender_name, *sender;         /* From; "" none */
    const char *reply_address;                /* Reply-To's, else From's */
    const char *addressee;                    /* the name in To; "" none */
    const char *message_id;                   /* without <>; NULL none */
    struct mail_ids answers;                  /* In-Reply-To, References, the mail reported on */
    struct mail_ids recipients;               /* Delivered-To and its kin, To, Cc; lower case */
    struct mail_sign signs[MAIL_SIGNS_MAX];
    size_t sign_count;
    enum delivery delivery;
    bool report;                              /* an RFC 3464 report, not only its words */
    const char *delivery_reason;              /* "550 5.1.1 mailbox closed"; "" none */
    const char *text;                         /* what is new in it, see mail_text.h */
    const char *full_text;                    /* with quotes and signature */
    struct mail_file *attachments;
    size_t attachment_count;
    struct mail_link *links;                  /* http and https, of what is new, each URL once */
    size_t link_count;
    const char *unsubscribe;                  /* the way out of bulk mail: List-Unsubscribe's first
                                               * address, a link, or the words for it; "" none */
    int64_t date;                             /* Date, seconds since 1970; -1 none */
    int32_t date_offset;                      /* its zone, seconds ahead of UTC */
    const char *spf, *dkim, *dmarc;           /* the receiving server's verdicts; "" none */
    const char *spam_folder;                  /* where it lay, for the mailbox to set; NULL not */
    int64_t arrived_us;                       /* loop time; the mailbox sets it, too */
};

struct mail *mail_read(struct arena *a, struct slice bytes);

#endif
