#ifndef COMPANY_CHATS_H
#define COMPANY_CHATS_H
/**
 * Chats: conversations and what the company has said in them. Every message has a time from which
 * it can be read; so a pause for thought or a colleague's later message needs no timer.
 */
#include <stdint.h>

#include "tests/company/tickets.h"

enum { CHAT_ID_MAX = 48, CHAT_SAID_MAX = 500 };

struct said {
    int64_t due_us;
    char *text;                   /* owned */
};

/** Where the dialogue stands; bot.c's own. */
struct talk {
    struct facts facts;
    enum topic topic;
    enum slot expecting;          /* the slot just asked for */
    unsigned waived;              /* bits: slots that need not be known after all */
    int asked_order_turn;         /* turn in which the order number was asked for; 0 never */
    int turn;                     /* the customer's messages */
    int misunderstood;            /* in a row */
    bool confirming, confirmed, led, found, human, solved, asked_twice;
    struct ticket *ticket;        /* NULL until known */
};

struct chat {
    char id[CHAT_ID_MAX];
    const struct clock *clock;
    uint32_t seed;                /* for the variety of its words */
    struct said *said;            /* company messages; id = index + 1 */
    size_t count, cap;
    int64_t closed_us;            /* when it ends; 0 open */
    struct talk talk;
};

struct chats;

struct clock;

/** The clock is borrowed. */
struct chats *chats_new(const struct clock *clock);
void chats_free(struct chats *c);
struct chat *chats_open(struct chats *c);
struct chat *chats_find(const struct chats *c, const char *id);      /* NULL unknown */

/** Says it `after_us` from now, but never before what was said earlier. Takes the text. */
void chat_say(struct chat *chat, char *text, int64_t after_us);
/** Ends it with the last message. */
void chat_close(struct chat *chat);
bool chat_is_closed(const struct chat *chat);
/** When the last message is due; now when there is none to wait for. */
int64_t chat_last_due(const struct chat *chat);

#endif
