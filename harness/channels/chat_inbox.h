#ifndef CHANNELS_CHAT_INBOX_H
#define CHANNELS_CHAT_INBOX_H
/**
 * Inbox: what the company said in a chat, each thing once, on its way to the player.
 *
 * Outside an act the player may end the journey, and with it the visit, on any event. So what waits
 * then goes out one piece per turn of the loop, and nothing of ours is touched after it. During an
 * act it only listens, and everything can go out at once.
 */
#include "harness/channels/channel.h"

struct heard;

struct inbox {
    struct visit *visit;
    struct heard *first, **last;
    struct timer *deliver;
    char **ids;                   /* of messages taken */
    size_t id_count, id_cap;
    size_t taken;
};

enum { INBOX_MAX = 5000 };

/** Which of the customer's words a message answers; seq -1 none (a greeting). */
struct heard_after {
    int seq;
    int64_t at_us;                /* when those words were sent */
};

void inbox_init(struct inbox *b, struct visit *v);
/** Forgets the ids (a new conversation counts anew); what waits stays. */
void inbox_forget_ids(struct inbox *b);
void inbox_release(struct inbox *b);
/** A message with this id was taken by an earlier process. */
void inbox_know(struct inbox *b, const char *id);

/** Words of the company. Times are the loop's; DURATION_UNKNOWN: it was not seen. */
struct heard_words {
    const char *text;
    const char *id;               /* NULL = cannot be told from another */
    int64_t at_us;                /* when the last of them was readable */
    int64_t first_us;             /* when the first was, if they came in pieces */
    int64_t typing_us;            /* when somebody was seen typing */
    const char *const *choices;   /* buttons */
    size_t choice_count;
};

/** @return false: taken before, or the inbox is full. */
bool inbox_take(struct inbox *b, const struct heard_words *w, struct heard_after after);
bool inbox_full(const struct inbox *b);
void inbox_take_failure(struct inbox *b, enum failure f, const char *text);

/** During an act. */
void inbox_deliver_now(struct inbox *b);
/** Otherwise. */
void inbox_deliver_later(struct inbox *b);

#endif
