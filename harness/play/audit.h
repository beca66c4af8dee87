#ifndef PLAY_AUDIT_H
#define PLAY_AUDIT_H
/**
 * Audit: plays journeys, some at once, on one loop. Out come transcripts; judging them is not ours.
 *
 * Threads  one loop, one thread, with its callbacks on it. Several audits may play one run on several
 *          threads: same options, same scenarios, one `common`, a lane and a loop for each.
 */
#include "harness/channels/channel.h"
#include "harness/play/common.h"
#include "harness/play/evidence.h"
#include "harness/model/kept.h"
#include "harness/read/read.h"

/** Live progress: called from the loop, for every event after it is in the transcript. */
struct audit_observer {
    void *context;
    void (*started)(void *context, size_t index);
    void (*event)(void *context, size_t index, const struct event *e);
    /** The transcript is the observer's from here on. stopped: it was cut short by audit_stop. */
    void (*ended)(void *context, size_t index, struct transcript *t, bool stopped);
    /** Nothing to do for a while: it waits in the journal, until about then (microseconds since
     *  1970). NULL where there is no journal. */
    void (*parked)(void *context, size_t index, int64_t wake_us);
};

/** Where {{ env.X }} comes from; the same lookups that loading used. */
struct audit_env {
    const char *(*get)(void *context, const char *name);
    void *context;
};

/** The journal. Without `write` there is none. */
struct audit_keeper {
    void *context;
    /** All of it or nothing, on the disk when it returns. On a thread of its own, several at a time
     *  when several audits play. */
    enum status (*write)(void *context, const struct kept_batch *b);
    /** It could not: nothing more will be sent. On the loop, once; audit_stop is fine. */
    void (*failed)(void *failed_context);
    void *failed_context;
};

/** Where a journey stood when its journal was written last; false: it has not begun. The caller gets
 *  both: a transcript (NULL: it cannot be read, so nothing may be done) and a reference. */
typedef bool audit_before_fn(void *context, size_t index, struct transcript **t, json_t **parts);

struct audit_options {
    struct loop *loop;
    const struct reader *reader;
    struct reading_memory *read_before;   /* of the audit's thread; NULL none */
    const struct adapters *adapters;
    const struct channel *const *channels;/* NULL-terminated; NULL = the registry (tests bring theirs) */
    struct audit_env env;
    struct audit_observer observer;
    const char *user_agent;
    const char *marker;                   /* as in channel_world */
    const char *run_id;                   /* [a-z0-9]+; in Message-IDs */
    const char *started;                  /* RFC 3339 wall clock for transcripts */
    int64_t epoch_us;                     /* wall clock at the loop's time 0, since 1970 */
    bool shares_connections;              /* as in channel_world */
    struct evidence *evidence;            /* borrowed; NULL: none is kept */
    uint64_t seed;                        /* the customers' choice of words */
    const size_t *numbers;                /* of each scenario, for names and words that do not depend on
                                           * who plays beside it; borrowed, NULL 0, 1, … */
    struct common *common;                /* NULL: it plays alone, and what follows counts */
    size_t lane;
    size_t at_once;                       /* journeys side by side */
    struct ramp ramp;                     /* until they are so many */
    int64_t jitter_us;                    /* who has no start of their own begins by chance up to so
                                           * much later */
    const struct polite_limit *limits;    /* per company host; borrowed */
    size_t limit_count;
    size_t max_contacts;                  /* messages sent by all customers together */
    int64_t chat_patience_us, mail_patience_us;   /* when a scenario says nothing */
    struct audit_keeper keeper;
    int64_t park_after_us;                /* with a keeper: who rests longer than that is parked then */
    audit_before_fn *before;              /* NULL: everything begins; context is the keeper's */
    const int64_t *starts;                /* as in common_plan */
    const bool *over;                     /* per journey: played already; NULL none */
    size_t contacts_before;               /* messages sent by earlier processes of this run */
    int64_t since_us;                     /* `before`: loop time at which the run began */
};

struct audit;

/** Scenarios are borrowed until audit_free. */
struct audit *audit_new(const struct audit_options *o, struct scenario *const *scenarios,
                        size_t count);
void audit_free(struct audit *a);

/**
 * What no schema can check: adapters that do not exist, and, with the environment's values in
 * place, URLs that are none or that lie outside company.hosts, before the first contact. Channels
 * whose variables are not set are passed over.
 * @param tried  a loop to try things on, made when one is needed and NULL; loop_free it when all are
 *               checked.
 */
void audit_check(const struct scenario *s, const struct adapters *adapters, struct audit_env env,
                 struct loop **tried, struct diags *diags);

/** Begin; loop_run then returns when the last journey has ended. */
void audit_start(struct audit *a);

/** Nothing begins any more on any lane: it waits for nobody's start. */
void audit_done(struct audit *a);

/** Must it play on lane 0? Something of it belongs to one loop. */
bool audit_bound(const struct scenario *s, const struct adapters *adapters);
/** Before the start: addresses of customers on other lanes are told to the lane with the mailboxes. */
void audit_tells(struct audit *a, struct audit *mail_lane);

/** Mails in the customers' mailboxes that belong to none of the journeys. */
size_t audit_foreign_mails(const struct audit *a);

/** Stop early: running journeys end where they are, the others do not begin. Idempotent. */
void audit_stop(struct audit *a);

#endif
