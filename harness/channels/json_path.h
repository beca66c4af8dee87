#ifndef CHANNELS_JSON_PATH_H
#define CHANNELS_JSON_PATH_H
/**
 * Json path: plain dotted paths into an answer (`session`, `data.messages[]`, `content[0].text`).
 */
#include <jansson.h>

#include "harness/base/buf.h"

/**
 * Walks `path` from root and calls fn for each value it leads to; an absent member leads nowhere.
 * fn returning false ends the walk. `root` itself for path "" or ".".
 * @return false: the path is no path (an unclosed bracket, an index that is no number).
 */
typedef bool json_path_fn(void *context, const json_t *value);
bool json_path_walk(const json_t *root, const char *path, json_path_fn *fn, void *context);

/** First value, borrowed; NULL none. */
const json_t *json_path_first(const json_t *root, const char *path);

/** Does it look like a path? For check(). */
bool json_path_valid(const char *path);

/** A string as it is, numbers and booleans as JSON writes them. False: something else. */
bool json_text_of(const json_t *value, struct buf *out);

#endif
