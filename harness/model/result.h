#ifndef MODEL_RESULT_H
#define MODEL_RESULT_H
/**
 * Result: one finished audit; everything a reporter may know. JSON schema: scenarios/schema/
 * result.schema.json, version RESULT_VERSION.
 *
 * Ownership  the result owns its journeys; a journey owns its transcript; the rest of a journey
 *            (marks, findings, exchanges, strings) lies in its judgement's arena.
 * Memory     journeys lie in memory while they are few; beyond held_max bytes all of them move to a
 *            file without a name, and come back one by one: result_journey.
 */
#include <stdio.h>

#include "harness/model/event.h"
#include "harness/model/finding.h"

enum { RESULT_VERSION = 1 };

enum outcome { OUTCOME_NOT_SOLVED = -1, OUTCOME_OPEN = 0, OUTCOME_SOLVED = 1 };
const char *outcome_name(enum outcome o);         /* "not_solved", "open", "solved" */

/** The mood at a moment of a wait. */
struct mood_point {
    int64_t t_us;                 /* journey clock */
    double mood;
};

/** One customer message and everything the company sent until the next one or the time-out. */
struct exchange {
    int first_seq, last_seq;      /* events it spans */
    int asked_seq;                /* the customer's message; -1 when the company began */
    int answered_seq;             /* the company's first message in it; -1 none */
    enum channel_family family;   /* FAMILY_COUNT unknown */
    int64_t wait_us;              /* felt until answered_seq; DURATION_UNKNOWN */
    int64_t receipt_us;           /* mail, form: felt until the first receipt; or UNKNOWN */
    int64_t answer_us;            /* likewise until the first answer that is more than one */
    double loss, gain;            /* noisy-or of the losses and gains, 0..1 */
    double m, m_after;            /* moment; after an apology or compensation */
    double mood;                  /* E after this exchange */
    struct mood_point *waiting;   /* the mood on the way there, while nothing came; in time order */
    size_t waiting_count;         /* 0 when no wait can be seen */
};

/** The score's lines beside the findings, so that all shares add up to 100 - score. */
struct points_line {
    const char *what;             /* "outcome", "ordinary service" (moments no better than expected),
                                   * "waits" (none of them a finding), "cap for abuse", "clamping" */
    double share;
};

struct score {
    bool known;                   /* false: an empty journey has no score */
    double value;                 /* 0..100, not rounded */
    double low, high;             /* strict (>= .2) and mild (>= .8) */
    char grade, grade_low, grade_high;
    double worst, end, mean, remembered;   /* R and its parts */
    double effort, ces;           /* F, 1..7 */
    int outcome;                  /* enum outcome */
    const char *outcome_why;      /* evidence for people */
    int outcome_seq;              /* event that proves it; -1 none */
    bool times_unknown;
    struct points_line *lines;
    size_t line_count;
};

struct judgement {
    struct arena *arena;
    struct marks marks;
    struct findings findings;
    struct exchange *exchanges;
    size_t exchange_count;
    struct score score;
};
/** An empty one, lying in its own new arena: everything in it is allocated there. */
struct judgement *judgement_new(void);
void judgement_free(struct judgement *j);         /* NULL is fine */

enum journey_status {
    JOURNEY_MET,                  /* met its bar */
    JOURNEY_FELL_SHORT,           /* score, finding, or a check of a step */
    JOURNEY_NOT_TESTED,           /* our side */
    JOURNEY_INTERRUPTED,          /* stopped by a signal */
    JOURNEY_STATUS_COUNT
};
extern const char *const journey_status_names[JOURNEY_STATUS_COUNT + 1];

struct journey_result {
    struct transcript *transcript;        /* owned */
    struct judgement *judgement;          /* owned; NULL when judging made no sense */
    enum journey_status status;
    const char **reasons;                 /* why it fell short or could not be tested; arena */
    size_t reason_count;
    int64_t duration_us;
    int64_t place;                        /* 1.. among all shards' journeys; 0: the audit was whole */
};

struct result {
    struct arena *arena;
    const char *tool;                     /* "shopper 0.1.0" */
    const char *started;                  /* RFC 3339; NULL when judged from files */
    const char *expectations;             /* name of the expectations used */
    const char **changes;                 /* what they say otherwise than the industry's */
    size_t change_count;
    int64_t duration_us;
    const char **left_out;                /* what was not played, and why; for every report */
    size_t left_out_count;
    int64_t shard, shards;                /* this is part `shard` (1..) of `shards`; 0 of 0: whole */
    size_t count;
    struct journey_result **journeys;     /* in the order given; NULL once they lie in the file */
    size_t cap, held;                     /* held: bytes of them */
    size_t held_max;                      /* RESULT_HELD_BYTES */
    const char *folder;                   /* for the file; NULL = /tmp; borrowed */
    struct spool *spool;                  /* the file; NULL while all lie in memory */
};
enum { RESULT_HELD_BYTES = 64 * 1024 * 1024 };

struct result *result_new(void);
void result_free(struct result *r);
void result_freep(struct result **r);
/** Takes over jr (made with mem_zero). */
void result_add(struct result *r, struct journey_result *jr);
/** The same at a place of one's own: places may stay empty until result_close_gaps. */
void result_put(struct result *r, size_t place, struct journey_result *jr);
void result_close_gaps(struct result *r);
/**
 * Journey i, borrowed: it stays until RESULT_OPEN other journeys were asked for. Never NULL: one that
 * cannot be read back is empty, and result_whole says so.
 */
const struct journey_result *result_journey(const struct result *r, size_t i);
enum { RESULT_OPEN = 8 };
/** The same for good: the caller owns it, the result must not be asked for it again. */
struct journey_result *result_take(struct result *r, size_t i);
/** False when some journeys could not be kept or read back; errno may know why. */
bool result_whole(const struct result *r);
void journey_result_free(struct journey_result *jr);

/** Counts per status; the exit code follows from them (design.md section 5). */
void result_counts(const struct result *r, size_t counts[JOURNEY_STATUS_COUNT]);

/** As JSON (json_out.h), in pieces, as a result need not fit into memory: all but the journeys, as
 *  members of what is open; one journey; and parts of one. */
void result_head_write_members(struct json_out *o, const struct result *r);
void journey_result_write(struct json_out *o, const struct journey_result *jr);
void score_write(struct json_out *o, const char *key, const struct score *s);
void finding_write_members(struct json_out *o, const struct finding *f);

enum { RESULT_JOURNEY_MAX_BYTES = 1 << 30 };

/** What is done to each journey that was read, before it is kept; NULL nothing. */
struct result_change {
    void (*each)(void *context, struct journey_result *jr);
    void *context;
};

/**
 * The same back again, for `shopper report`: read piece by piece, however long it is.
 * @return ST_OK; ST_INVALID with the reasons in diags; ST_IO `in` or the file for the journeys
 *         failed, errno says why. *ret untouched on failure.
 */
MUST_CHECK enum status result_read(const char *name, FILE *in, const char *folder,
                                   struct result_change change, struct diags *diags,
                                   struct result **ret);
/** The same from memory. */
MUST_CHECK enum status result_parse(const char *name, struct slice text, struct diags *diags,
                                    struct result **ret);

/** "61" and "C": the score as every reporter prints it (rounded half up). */
int score_rounded(double value);
/** The same to one place, for accounts: with it the shares add up to 100 exactly. */
double score_tenths(double value);

#endif
