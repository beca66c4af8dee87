#ifndef PLAY_DOOR_H
#define PLAY_DOOR_H
/**
 * Door: the one way into a transcript. Secrets are taken out here, once, for every report.
 *
 * A secret is a text (password, token); wherever it occurs in an event, as it is or as URLs, forms,
 * JSON or HTML write it, "***" stands instead. Texts under four bytes are not kept out: they would
 * blank ordinary words.
 */
#include "harness/model/event.h"

struct door {
    struct arena *arena;
    const char **secrets;
    size_t count, cap;
};

void door_init(struct door *d, struct arena *arena);
void door_keep_out(struct door *d, const char *secret);
/** Copy of s without secrets, in the arena; s itself when there is nothing to remove. */
const char *door_clean(struct door *d, const char *s);
/** Append s without secrets. */
void door_clean_bytes(const struct door *d, struct slice s, struct buf *out);
/** Append *e to t. Returns the stored event. */
const struct event *door_pass(struct door *d, struct transcript *t, const struct event *e);

#endif
