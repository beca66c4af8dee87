#ifndef CHANNELS_PICK_H
#define CHANNELS_PICK_H
/**
 * Pick: values of an answer, by a plain path (json_path.h) or by "jq: PROGRAM" (jq_filter.h).
 */
#include "harness/channels/jq_filter.h"
#include "harness/channels/json_path.h"

/** Begun when a jq program is met; shared by all of one thread. `why` may be NULL. */
struct picker {
    struct jq_filters **filters;
    struct buf *why;              /* of a program that failed; the rest of what is picked is then
                                   * of no value */
};

/** As json_path_walk. False: the path is none, or the program failed. */
bool pick_walk(const struct picker *p, const json_t *root, const char *path, json_path_fn *fn,
               void *context);
/** A new reference; NULL none. */
json_t *pick_first(const struct picker *p, const json_t *root, const char *path);
/** Of the first value, as json_text_of; appended. False: there is none, or it is no text. */
bool pick_text(const struct picker *p, const json_t *root, const char *path, struct buf *out);
/** @param why for people, with what would be right. */
bool pick_check(const struct picker *p, const char *path, struct buf *why);

#endif
