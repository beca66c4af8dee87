#ifndef CLI_SESSION_H
#define CLI_SESSION_H
/**
 * Session: plays chosen journeys on one loop or several, judges each as it ends, gathers the result,
 * stops on signals. What `run` and `demo` have in common.
 */
#include "harness/cli/choose.h"
#include "harness/cli/command.h"
#include "harness/cli/journaling.h"
#include "harness/cli/lanes.h"
#include "harness/cli/outputs.h"
#include "harness/cli/progress.h"
#include "harness/judge/judge.h"
#include "harness/play/audit.h"

struct session {
    const struct options *options;
    const struct data *data;
    struct loop *loop;                    /* borrowed */
    struct overrides *overrides;          /* borrowed; may be NULL */
    struct scenario *const *scenarios;    /* borrowed */
    const size_t *numbers;                /* of each, in the whole audit; borrowed, NULL 0, 1, … */
    const size_t *ranks;                  /* of each, in the result; borrowed, NULL as they are played */
    const int64_t *starts;                /* of each, microseconds since 1970, 0 now; borrowed, NULL
                                           * all now */
    int64_t started_us;                   /* when the run began, since 1970 */
    bool placed;                          /* journeys keep their numbers, for `shopper merge` */
    size_t count;
    void (*ended)(void *context);         /* the last journey is over; may be NULL */
    void *context;

    struct result *result;                /* owned */
    struct lanes lanes;
    pthread_mutex_t lock;                 /* of what the lanes change: result, late_waits, lag_us,
                                           * parked, wake_us */
    size_t late_waits;                    /* that harness lag has touched */
    int64_t lag_us;                       /* the most of it */
    struct progress *progress;
    struct evidence *evidence;            /* borrowed; NULL none is kept */
    struct journaling *journaling;        /* borrowed; NULL no journal */
    struct polite_limit *limits;          /* in the options' arena; from --limit */
    size_t limit_count;
    struct signals *signals;
    size_t parked;
    int64_t wake_us;                      /* of those parked, the first; microseconds since 1970 */
    int64_t park_after_us, ramp_us, jitter_us;
    int64_t epoch_us;
    int stopped_by;                       /* signal, 0 none */
};

/** Begin; the journeys run while loop_run runs. */
void session_start(struct session *s);
/** The company is gone, or a signal came: end what runs. From any lane's thread. */
void session_stop(struct session *s);
/** --limit, --park-after, --ramp, --jitter and --marker, before the first contact; false with a diag. */
bool limits_ready(struct options *o, struct diags *diags, struct session *s);
/** Make the folder of --transcripts, before the first contact; false with a diag. */
bool transcripts_ready(const struct options *o, struct diags *diags);
/** The folder of --evidence, for evidence_free. *ret NULL: none is asked for; false with a diag. */
bool evidence_ready(const struct options *o, struct diags *diags, struct evidence **ret);
/** After loop_run: orders the result, frees the rest. */
void session_finish(struct session *s);
void session_release(struct session *s);

/** The exit code of a finished result (design: 5 beats 4 beats 1 beats 0). */
enum exit_code exit_code_of(const struct result *r, int stopped_by);
/** The same of a session; 4 with a diag when not all the evidence could be kept. */
enum exit_code session_code(const struct session *s, struct diags *diags);

/** Judge one transcript into a journey result, which takes the transcript over. */
struct journey_result *judged(const struct data *d, struct reading_memory *memory,
                              struct transcript *t, bool stopped);

/** An id for a run: differs from that of every other. */
const char *new_run_id(struct arena *a);
/** "shopper 0.1.0"; now as RFC 3339 in UTC. */
const char *tool_name(void);
const char *wall_clock(struct arena *a);
/** The same of a time, microseconds since 1970. */
const char *wall_text(struct arena *a, int64_t at_us);

/**
 * The console report (unless quiet or stdout is taken) and every --report.
 * @return ST_IO when one could not be written; diags say which.
 */
MUST_CHECK enum status report_all(struct outputs *out, const struct options *o,
                                  const struct result *r, struct diags *diags);

#endif
