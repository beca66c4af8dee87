#ifndef COMPANY_FAULTS_H
#define COMPANY_FAULTS_H
/**
 * Faults: the ways in which the company can be a bad one, by name.
 *
 * Each is applied at one place, which asks fault_on(). What the harness must find for each of
 * them stands in faults.tsv.
 */
#include <stdbool.h>

#include "harness/base/diag.h"

/* X(id, name, what the company does) */
#define FAULT_LIST(X)                                                                       \
    X(ASK_TWICE, "ask_twice", "the chat asks again for the order number it was given")      \
    X(ASK_WHAT_WAS_GIVEN, "ask_what_was_given",                                             \
      "the chat asks for what the customer's first message there told")                     \
    X(FORGET_OTHER_CHANNEL, "forget_other_channel",                                         \
      "the chat asks for what the form or a mail told, though the reference is named")      \
    X(NO_ACK, "no_ack", "no confirmation of receipt, neither by mail nor on the page")      \
    X(LATE_ACK, "late_ack", "the confirmation of receipt comes after 5 seconds")            \
    X(NO_REFERENCE, "no_reference", "the confirmation names no reference number")           \
    X(NO_TIME, "no_time", "the confirmation names no time")                                 \
    X(BREAK_PROMISE, "break_promise", "says \"within 4 seconds\", answers after 7")         \
    X(SLOW, "slow", "the first reply of each chat is held back: slow=DURATION")             \
    X(FALLBACK_LOOP, "fallback_loop", "the chat understands nothing, ever")                 \
    X(CALL_US, "call_us", "the chat's last word is \"please call us\"")                     \
    X(NOREPLY_MAILBOX, "noreply_mailbox", "answers come from a mailbox nobody reads")       \
    X(CLOSE_CHAT, "close_chat", "the chat ends unsolved at the second message")             \
    X(ERROR_500, "error_500", "form and chat answer with an error")                         \
    X(BROKEN_LINK, "broken_link", "the contact page is not there")                          \
    X(WRONG_LANGUAGE, "wrong_language", "answers in German, whatever was written")          \
    X(RUDE, "rude", "is impolite")                                                          \
    X(BOILERPLATE, "boilerplate", "set phrases in place of an answer")                      \
    X(CONTRADICT, "contradict", "says one thing, and then the opposite")                    \
    X(SILENT, "silent", "accepts everything and never answers")

enum fault {
#define X(id, name, help) FAULT_##id,
    FAULT_LIST(X)
#undef X
    FAULT_COUNT
};

struct faults {
    bool on[FAULT_COUNT];
    int64_t slow_us;
};

/** When the company answers, microseconds after it heard from the customer. */
struct manners {
    int64_t ack_us;               /* -1 = never */
    int64_t answer_us;            /* a new matter, by mail; -1 = never */
    int64_t reply_us;             /* a further mail of a thread; -1 = never */
    char promise[24];             /* how soon it says it answers: "4 seconds" */
    bool same_words;              /* of its ways to say something always the first */
};

/**
 * Read "ask_twice,slow=3s" ("" and "none" are no fault).
 * @return ST_OK; ST_INVALID with a diag for every name that is not one.
 */
MUST_CHECK enum status faults_parse(const char *text, struct faults *f, struct diags *diags);
/** @param given  what the company is like without them */
struct manners faults_manners(const struct faults *f, const struct manners *given);
/**
 * Read "receipt=1h,answer=20d,reply=2d" ("never" for any) and "same-words": the rest stays as usual. An answer of
 * its own is promised in that time.
 * @return ST_OK; ST_INVALID with a diag.
 */
MUST_CHECK enum status manners_parse(const char *text, struct manners *ret, struct diags *diags);
bool fault_on(const struct faults *f, enum fault which);
/** Name and meaning of each, a line each. */
void faults_list(struct buf *out);

#endif
