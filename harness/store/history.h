#ifndef STORE_HISTORY_H
#define STORE_HISTORY_H
/**
 * History: one SQLite file that keeps a few figures of every audit: a row per audit, per play and
 * per kind of finding. No messages, no names of people: it may be kept for years.
 *
 * Several runs may write to it at once; each audit is one transaction.
 */
#include "harness/base/diag.h"
#include "harness/model/trend.h"

struct history;

enum history_open { HISTORY_WRITE, HISTORY_READ };

/**
 * @param how  WRITE makes the file when it is not there; READ refuses that.
 * @return ST_OK; ST_IO it cannot be opened, is no history, or was made by a newer version (diags say
 *         which). *ret untouched on failure.
 */
MUST_CHECK enum status history_open(const char *path, enum history_open how, struct diags *diags,
                                    struct history **ret);
void history_close(struct history *h);            /* NULL is fine */

/** Keep an audit. `now` (RFC 3339) stands where the result does not say when it began; one that
 *  is kept already (same beginning and duration) is left alone. ST_IO: diags say why. */
MUST_CHECK enum status history_add(struct history *h, const struct result *r, const char *now,
                                   struct diags *diags);

/** Everything, or each journey's last `last` plays (0 = all); in the arena. */
MUST_CHECK enum status history_read(struct history *h, size_t last, struct arena *a,
                                    struct diags *diags, struct trends *ret);

#endif
