#ifndef PLAY_CHOICES_H
#define PLAY_CHOICES_H
/**
 * Choices: the buttons a message offers, and the one that comes nearest to what is meant: by words
 * that are the same or begin alike, whatever their case and accents, and by words that mean the same
 * ("broken", "damaged"): the packs' `hear.meaning`, one text of words each.
 */
#include "harness/model/event.h"
#include "harness/play/questions.h"

enum { CHOICES_MAX = 20 };

struct offer {
    const char *items[CHOICES_MAX];       /* borrowed from the event, or in the arena */
    const char *says[CHOICES_MAX];        /* what is said to choose it; NULL = the item itself */
    size_t count;
};

struct offer choices_offered(const struct event *e);
/**
 * Choices written out in a message: "1) Refund 2) Exchange", "A. Yes", "Reply 1 for refund", or a
 * line each behind bullets. None, unless the message asks to choose. Strings lie in `a`.
 */
struct offer choices_written(const struct question_words *w, const char *text, struct arena *a);
/** What to say for an item of the offer. */
const char *choices_say(const struct offer *o, const char *item);
/** NULL: none has anything to do with these words. Of two as near, the first. */
const char *choices_nearest(const struct question_words *w, const struct offer *o,
                            const char *words);
/** The first that begins with the phrase's first word ("Yes, please" with "Yes, that's right."). */
const char *choices_beginning(const struct offer *o, const char *phrase);
/** Does each begin with a word of `hear.KEY`? There are at least two. */
bool choices_all_begin(const struct offer *o, const struct question_words *w, const char *key);
/** The first that does not begin with a word of `hear.KEY`. */
const char *choices_not_beginning(const struct offer *o, const struct question_words *w,
                                  const char *key);

#endif
