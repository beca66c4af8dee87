#ifndef CHANNELS_MAIL_MATCH_H
#define CHANNELS_MAIL_MATCH_H
/**
 * Mail match: whose mail is this? Pure; decides among the threads of one mailbox.
 *
 * Order  our Message-ID in In-Reply-To, References or a returned mail · an id learned from an
 *        earlier mail of the thread · a reference in the subject, learned likewise, in a mail that
 *        came to nobody else's address · the recipient address, when exactly one thread has it (or
 *        exactly one of those wrote to the sender). A mail that answers an id at the customer's
 *        domain which no thread knows belongs to another journey, perhaps of another run: then
 *        subject and address prove nothing. Last, words of ours that are quoted in it and that no
 *        other of the threads has written.
 * Safety what is not clear is nobody's: never a wrong journey.
 */
#include "harness/channels/mail_read.h"

/** What one visit knows about its mail. Owned by the visit; strings in its arena. */
struct mail_thread {
    const char *address;          /* where answers come to: the customer's, as written */
    const char *partner;          /* the company's address; "" none */
    struct mail_ids sent;         /* ids of our mails */
    struct mail_ids learned;      /* ids of the company's mails */
    struct mail_ids tags;         /* references from subjects: "[#1042]", "KTL-1042", folded */
    struct mail_ids own_words;    /* what the customer said first (an order number): no reference */
    struct mail_ids asked;        /* words of our mails, folded, each once (mail_echo.h) */
    struct mail_ids said;         /* beginnings of the lines of our mails, as mail_match folds them */
};

enum match_by { MATCH_NONE, MATCH_SENT_ID, MATCH_LEARNED_ID, MATCH_SUBJECT, MATCH_ADDRESS,
                MATCH_QUOTE, MATCH_COUNT };
extern const char *const match_names[MATCH_COUNT];

struct mail_match {
    int thread;                   /* index; -1 nobody's */
    enum match_by by;
    const char *evidence;         /* the id, tag, address or words; borrowed; NULL none */
    bool contested;               /* nobody's because several have its address, or wrote the same */
};

/** Entries of `threads` may be NULL (they take no part). */
struct mail_match mail_match(const struct mail *m, const struct mail_thread *const *threads,
                             size_t count);

/** The same by ids, tags and address alone: what a thread may learn. Cheaper. */
struct mail_match mail_match_signs(const struct mail *m, const struct mail_thread *const *threads,
                                   size_t count);

/** Words of ours that stand in the mail, quoted or not; borrowed, NULL none. */
const char *mail_match_quoted(const struct mail *m, const struct mail_thread *t);

/** Take from a mail that is this thread's what later ones may carry: its id, its subject's tags. */
void mail_thread_learn(struct arena *a, struct mail_thread *t, const struct mail *m);
/** Remember an id and a subject of ours, before the mail leaves. */
void mail_thread_sent(struct arena *a, struct mail_thread *t, const char *message_id,
                      const char *subject);
/** Remember the words of a mail of ours, without what it quotes: answers may quote them. */
void mail_thread_said(struct arena *a, struct mail_thread *t, const char *words);
/** What looks like a reference in `text` is the customer's own. */
void mail_thread_own_words(struct arena *a, struct mail_thread *t, const char *text);

/** Is this mail one of our own, come back to us as a copy? */
bool mail_thread_is_own(const struct mail_thread *t, const struct mail *m);

#endif
