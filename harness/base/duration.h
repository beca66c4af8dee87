#ifndef BASE_DURATION_H
#define BASE_DURATION_H
/**
 * Durations and sizes with units. Durations are microseconds everywhere in shopper.
 */
#include <stdint.h>

#include "harness/base/buf.h"

#define US_PER_MS INT64_C(1000)
#define US_PER_S  INT64_C(1000000)
#define DURATION_UNKNOWN INT64_C(-1)

/**
 * "500ms", "1.5s", "15m", "2h", "3d", "8w", and sums such as "1h30m". Units: us ms s m h d w.
 * @return ST_INVALID no unit or not a number; ST_LIMIT over 100 years. *us is untouched then.
 */
MUST_CHECK enum status duration_parse(const char *text, int64_t *us);

/** "850 ms", "4.2 s", "3 min 5 s", "2 h 10 min", "3 d 4 h": at most two units, for people. */
void duration_add(struct buf *out, int64_t us);
char *duration_text(int64_t us);              /* caller frees */

/** "10", "64k", "5M", "1G" (1024 each; an optional "B" or "iB" follows). Same errors. */
MUST_CHECK enum status size_parse(const char *text, int64_t *bytes);

#endif
