#ifndef MODEL_KEPT_H
#define MODEL_KEPT_H
/**
 * Kept: what the journal keeps of journeys, on its way there and back.
 *
 * A batch is written whole or not at all, so what is read back is how things stood at one moment:
 * the events up to there, and the parts that a journey needs to go on from there.
 * Parts     JSON objects by name: "journey", "visit NAME". They hold cookies, tokens and captures,
 *           so nobody reads them but the player that goes on; reports come from header and events.
 *           They go when the journey is over.
 */
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "harness/base/mem.h"

enum kept_status {
    KEPT_NEW,                     /* not begun */
    KEPT_OPEN,                    /* begun, not over */
    KEPT_PARKED,                  /* the same, and there is nothing to do before `wake_us` */
    KEPT_OVER,
    KEPT_STATUS_COUNT
};
extern const char *const kept_status_names[KEPT_STATUS_COUNT + 1];

enum kept_what { KEPT_HEADER, KEPT_EVENT, KEPT_PART, KEPT_STATE };

struct kept_row {
    enum kept_what what;
    size_t journey;               /* its index in the run */
    int seq;                      /* KEPT_EVENT */
    const char *name;             /* KEPT_PART */
    const char *json;             /* KEPT_STATE has none */
    enum kept_status status;      /* KEPT_STATE, and what follows */
    int64_t wake_us;              /* microseconds since 1970; 0 = any time */
    size_t contacts;              /* messages it has sent */
};

/** Rows in the order they came about. Strings lie in the arena. */
struct kept_batch {
    struct arena *arena;
    struct kept_row *rows;
    size_t count, cap;
};

struct kept_batch kept_batch_new(void);
void kept_batch_release(struct kept_batch *b);
/** Copies the row's strings. */
void kept_batch_add(struct kept_batch *b, const struct kept_row *row);

/** One journey as read back. */
struct kept_journey {
    enum kept_status status;
    int64_t wake_us;
    size_t contacts;
    json_t *header;               /* NULL: not begun */
    json_t *events;               /* array */
    json_t *parts;                /* object: name to object */
};
void kept_journey_release(struct kept_journey *k);

#endif
