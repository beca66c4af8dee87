#ifndef STORE_JOURNAL_H
#define STORE_JOURNAL_H
/**
 * Journal: the durable copy of a run, one SQLite file, so that it can go on after a crash.
 *
 * Shape    tables meta(key, value), journeys(journey, status, wake_us, contacts, header),
 *          events(journey, seq, json), parts(journey, name, json). `parts` holds secrets: the file
 *          is made with mode 0600, and only the player that goes on reads them.
 * Durable  WAL mode, synchronous=FULL: a batch that was written survives kill -9 and power loss; a
 *          torn one is not there at all.
 * Locking  one program at a time: locking_mode=EXCLUSIVE, for as long as it is open.
 * Threads  journal_write, journal_read: any; the rest one call at a time.
 *          Must not depend on: loop, channels, reporters.
 */
#include "harness/base/diag.h"
#include "harness/model/kept.h"

struct journal;

enum { JOURNAL_VERSION = 1 };

/**
 * A new one. The file must not exist yet, or be empty.
 * @return ST_OK; ST_INVALID there is something already; ST_DENIED in use; ST_IO it cannot be made
 *         or written; with a diag that says what to do. *ret is untouched on failure.
 */
MUST_CHECK enum status journal_create(const char *path, struct diags *diags, struct journal **ret);

/**
 * One that is there.
 * @return ST_OK; ST_NOT_FOUND no file; ST_INVALID no journal, of another version, or damaged;
 *         ST_DENIED another shopper has it open; ST_IO; with a diag.
 */
MUST_CHECK enum status journal_open(const char *path, struct diags *diags, struct journal **ret);

void journal_close(struct journal *j);            /* NULL is fine */

/** What the run was started with. */
MUST_CHECK enum status journal_set_meta(struct journal *j, const char *key, const char *value);
/** Copy in the arena; NULL when it is not there. */
char *journal_meta(struct journal *j, struct arena *a, const char *key);

/** All of it or nothing, and on the disk when it returns. ST_IO: journal_why says why. */
MUST_CHECK enum status journal_write(struct journal *j, const struct kept_batch *b);
/** Why the last call failed: "database or disk is full". */
const char *journal_why(const struct journal *j);

/**
 * One journey.
 * @param ret  on ST_OK, and to be released; a journey that was never written is KEPT_NEW.
 * @return ST_OK; ST_INVALID damaged; ST_IO.
 */
MUST_CHECK enum status journal_read(struct journal *j, size_t journey, struct kept_journey *ret);

/** The same without events and parts: cheap, for deciding what to do. */
MUST_CHECK enum status journal_glance(struct journal *j, size_t journey, struct kept_journey *ret);

#endif
