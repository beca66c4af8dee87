#ifndef PLAY_HEAR_H
#define PLAY_HEAR_H
/**
 * Hear: what one turn of the company means to the customer of a conversation. Internal to play.
 */
#include "harness/play/journey.h"
#include "harness/play/questions.h"

enum { ASKS_MAX = 8 };

/** Something asked for. */
struct asked {
    const char *slot;                     /* NULL = a question nobody's pack knows */
    const char *words;                    /* what the company calls it; NULL = it did not say */
    size_t at;                            /* about which byte of its sentence */
};

/** One turn of the company, read. */
struct heard {
    struct asked asks[ASKS_MAX];          /* in the order in which they were asked, each slot once */
    size_t ask_count;
    bool confirms, not_understood, hands_over, promises, anything_else, closes, refuses, pushes,
         solves, waits, invalid, bare;    /* waits: they ask for a moment; invalid: what was
                                          * told is; bare: nothing but the value is wanted */
    bool listing;                         /* while it is read: what is wanted stands in a list */
    const char *date_form;                /* the message that names a form for dates; NULL none */
    const char *wrong;                    /* slot read back otherwise than the customer knows it */
    struct question question;             /* the last one */
};

struct heard hear_turn(struct journey *j);
/** The first event of it. */
size_t hear_begin(const struct journey *j);
bool hear_is_company(const struct journey *j, const struct event *e);
struct question_words hear_words(struct journey *j);
/** What the customer knows of a slot: `name` and `email` are their own; NULL nothing. */
const char *hear_value(struct journey *j, const char *slot);

#endif
