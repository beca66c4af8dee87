#ifndef PLAY_CHOICES_H
#define PLAY_CHOICES_H
/**
 * Choices: the buttons a message offers, and the one that comes nearest to what is meant: by words
 * that are the same or begin alike, whatever their case and accents.
 */
#include "harness/model/event.h"

enum { CHOICES_MAX = 20 };

struct offer {
    const char *items[CHOICES_MAX];       /* borrowed from the event */
    size_t count;
};

struct offer choices_offered(const struct event *e);
/** NULL: none has anything to do with these words. Of two as near, the first. */
const char *choices_nearest(const struct offer *o, const char *words);
/** The first that begins with the phrase's first word ("Yes, please" with "Yes, that's right."). */
const char *choices_beginning(const struct offer *o, const char *phrase);

#endif
