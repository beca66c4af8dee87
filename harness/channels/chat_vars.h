#ifndef CHANNELS_CHAT_VARS_H
#define CHANNELS_CHAT_VARS_H
/**
 * Chat vars: an adapter's own blanks and what they stand for in one conversation.
 */
#include <stdbool.h>
#include <stddef.h>

#include "harness/model/adapter.h"

struct chat_var {
    char *name, *value;           /* value NULL = known, without a value so far */
};

struct chat_vars {
    struct chat_var *items;
    size_t count, cap;
};

enum { CHAT_VAR_MAX = 16 * 1024 };

/** Value NULL: makes the name known, and forgets what it stood for. Copied. */
void chat_vars_set(struct chat_vars *v, const char *name, const char *value);
/** Makes every name of an adapter's `save` known, without values. */
void chat_vars_know_saved(struct chat_vars *v, const struct adapter *a);
/** By the first `len` bytes of `name`; NULL unknown. */
const struct chat_var *chat_vars_find(const struct chat_vars *v, const char *name, size_t len);
void chat_vars_release(struct chat_vars *v);

#endif
