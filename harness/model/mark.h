#ifndef MODEL_MARK_H
#define MODEL_MARK_H
/**
 * Mark: what a reader sees in one message, the company's or (for some kinds) the customer's.
 *
 * Units  start and end are byte offsets into the event's text, end excluded; confidence 0..1.
 */
#include <stdbool.h>
#include <stdint.h>

#include "harness/base/mem.h"
#include "harness/model/when.h"

/* X(id, name, what a person is told) */
#define MARK_LIST(X)                                                            \
    X(ASKS, "asks", "asks for")                                                 \
    X(CONFIRMS, "asks_to_confirm", "reads back to confirm")                     \
    X(ACKNOWLEDGES, "acknowledges", "says it was received")                     \
    X(REFERENCE, "gives_reference", "gives a reference")                        \
    X(PROMISES, "promises_time", "promises a time")                             \
    X(APOLOGISES, "apologises", "apologises")                                   \
    X(EXPLAINS, "explains", "explains")                                         \
    X(SOLVES, "solves", "solves it")                                            \
    X(COMPENSATES, "compensates", "compensates")                                \
    X(INFORMS, "informs", "tells something new")                                \
    X(HANDS_OVER, "hands_over", "hands over")                                   \
    X(PUSHES, "pushes_elsewhere", "sends the customer to another channel")      \
    X(NOT_UNDERSTOOD, "not_understood", "did not understand")                   \
    X(REFUSES, "refuses", "refuses")                                            \
    X(CLOSES, "closes", "ends the conversation")                                \
    X(ANYTHING_ELSE, "anything_else", "asks whether there is anything else")    \
    X(GREETS, "greets", "greets by name")                                       \
    X(MISNAMES, "misnames", "greets by another name")                           \
    X(RUDE, "rude", "is rude")                                                  \
    X(BOILERPLATE, "boilerplate", "answers with a set phrase")                  \
    X(LANGUAGE, "language", "is written in")                                    \
    X(NO_REPLY, "no_reply", "comes from a mailbox nobody reads")                \
    X(DISPUTES, "disputes", "says a given value is wrong")                      \
    X(READS_BACK, "reads_back", "reads back")                                   \
    /* from here: what the customer's own messages show */                      \
    X(TELLS, "tells", "the customer tells")                                     \
    X(UNSURE, "unsure", "the customer does not know")                           \
    X(CHANGES, "changes_mind", "the customer wants something else")             \
    X(REQUESTS, "requests", "the customer wants something done")                \
    X(WANTS_HUMAN, "wants_human", "the customer asks for a person")             \
    X(CHASES, "chases", "the customer asks again")                              \
    X(AFFIRMS, "affirms", "the customer agrees")                                \
    X(OBJECTS, "objects", "the customer says that was no answer")               \
    X(THANKS, "thanks", "the customer is content")

enum mark_kind {
#define X(id, name, text) MARK_##id,
    MARK_LIST(X)
#undef X
    MARK_COUNT
};
extern const char *const mark_names[];   /* by kind; ends with NULL */
const char *mark_name(enum mark_kind k);
const char *mark_text(enum mark_kind k);

/** changes_mind: a booking is to be at another time; the times named with it are the old ones. */
#define MARK_BOOKED "booked"

struct mark {
    enum mark_kind kind;
    int seq;                      /* event */
    size_t start, end;
    const char *slot;             /* asks, confirms, reads_back, tells: slot id, NULL when no pack
                                   * knows it; changes_mind: what is to be different, NULL everything;
                                   * pushes: target ("phone"); else NULL */
    const char *value;            /* reference, language tag, told value; asks: the question's own
                                   * words, folded, without the most frequent ones; changes_mind:
                                   * MARK_BOOKED; misnames: what stands for the name; else NULL */
    const char *topic;            /* asks, tells what no pack knows: of its words those that name it */
    const char *about, *aim;      /* asks, tells, requests: names of the sentence's subjects, each
                                   * behind a blank: the others, and the loose ones; NULL none */
    int64_t within_us;            /* promises; DURATION_UNKNOWN elsewhere */
    struct when when;             /* promises: the time as it was named; kind WHEN_NONE elsewhere */
    bool boilerplate;             /* apologises: a set phrase; misnames: a blank nobody filled in */
    double confidence;
    const char *rule;             /* "en:asks.order_number/2": pack, section, slot, row */
};

/** Whether the kind is read in the customer's own messages. */
bool mark_is_customers(enum mark_kind k);
/** By name; MARK_COUNT when there is none. */
enum mark_kind mark_kind_find(const char *name);
/** The texts of a mark that were made for its message, copied into `a`; slot and rule are the pack's. */
void mark_keep_texts(struct mark *m, struct arena *a);

/** Items lie in the arena given to whoever fills it. */
struct marks {
    struct mark *items;           /* ordered by seq, then start */
    size_t count, cap;
};

#endif
