#include "harness/cli/session.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "harness/base/text.h"
#include "harness/cli/command.h"
#include "harness/cli/compare.h"
#include "harness/cli/signals.h"
#include "harness/model/staff.h"

/* Less than that nobody notices; it is marked in the transcript and told nowhere else. */
enum { RUN_ID_CHARS = 10, FELT_LAG_US = 100000 };

static const int64_t chat_patience = 5 * 60 * US_PER_S, mail_patience = 48 * 3600 * US_PER_S;

const char *tool_name(void)
{
    return "shopper " SHOPPER_VERSION;
}

const char *wall_text(struct arena *a, int64_t at_us)
{
    time_t at = (time_t)(at_us / US_PER_S);
    struct tm tm;
    char text[32];

    gmtime_r(&at, &tm);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm);
    return arena_strdup(a, text);
}

const char *wall_clock(struct arena *a)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return wall_text(a, now.tv_sec * US_PER_S);
}

/* Not a secret: it only has to differ between runs, for Message-IDs. */
const char *new_run_id(struct arena *a)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    unsigned char bytes[RUN_ID_CHARS] = { 0 };
    char *id = arena_alloc(a, RUN_ID_CHARS + 1);

    if (getrandom(bytes, sizeof bytes, 0) < 0)
        bytes[0] = (unsigned char)getpid();
    for (size_t i = 0; i < RUN_ID_CHARS; i++)
        id[i] = letters[bytes[i] % (sizeof letters - 1)];
    return id;
}

static void on_signal(void *context, int number)
{
    struct session *s = context;

    s->stopped_by = number;
    session_stop(s);
}

/* Judging */

static int64_t last_time(const struct transcript *t)
{
    return t->count ? t->events[t->count - 1].t_us : 0;
}

struct journey_result *judged(const struct data *d, struct reading_memory *memory,
                              struct transcript *t, bool stopped)
{
    struct journey_result *jr = mem_zero(1, sizeof *jr);

    jr->transcript = t;
    jr->duration_us = last_time(t);
    jr->judgement = judge_again(d->reader, d->expectations, memory, t);
    jr->status = judge_bar(d->reader, t, jr->judgement, &jr->reasons, &jr->reason_count);
    if (stopped) {                               /* what it would have come to, nobody knows */
        jr->status = JOURNEY_INTERRUPTED;
        jr->reason_count = 0;
    }
    return jr;
}

enum exit_code exit_code_of(const struct result *r, int stopped_by)
{
    size_t counts[JOURNEY_STATUS_COUNT];

    if (stopped_by)
        return stopped_by == SIGTERM ? EXIT_SIGTERM : EXIT_SIGINT;
    result_counts(r, counts);
    if (counts[JOURNEY_NOT_TESTED] || counts[JOURNEY_INTERRUPTED])
        return EXIT_NOT_TESTED;
    return counts[JOURNEY_FELL_SHORT] ? EXIT_FELL_SHORT : EXIT_MET;
}

enum exit_code session_code(const struct session *s, struct diags *diags)
{
    const char *problem = s->evidence ? evidence_problem(s->evidence) : NULL;
    enum exit_code code = exit_code_of(s->result, s->stopped_by);

    if (s->journaling && s->journaling->failed) {
        journaling_complain(s->journaling, diags);
        code = EXIT_NOT_TESTED;
    } else if (s->parked && !s->stopped_by) {
        return EXIT_PARKED;
    }
    if (!problem)
        return code;
    diag_error(diags, "%s", problem);
    return worse_code(code, EXIT_NOT_TESTED);
}

/* Transcripts on request */

bool transcripts_ready(const struct options *o, struct diags *diags)
{
    const char *folder = option_text(o, OPT_TRANSCRIPTS);

    if (!folder || make_folder(folder) == ST_OK)
        return true;
    diag_error(diags, "cannot make the folder %s", folder);
    return false;
}

bool evidence_ready(const struct options *o, struct diags *diags, struct evidence **ret)
{
    const char *folder = option_text(o, OPT_EVIDENCE);

    *ret = folder ? evidence_open(folder, diags) : NULL;
    return !folder || *ret;
}

static void write_transcript(struct session *s, size_t index, const struct transcript *t)
{
    const char *folder = option_text(s->options, OPT_TRANSCRIPTS);
    struct buf path = BUF_INIT(8192);
    char *name = text_folded(t->journey);

    if (folder) {
        for (char *p = name; *p; p++)
            if (!((*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9')))
                *p = '-';
        buf_addf(&path, "%s/%03zu-%.60s.jsonl", folder, index + 1, name);

        FILE *f = fopen(path.ptr, "w");

        if (!f || transcript_write(t, f) || fclose(f))
            fprintf(stderr, "shopper: error: cannot write %s\n", path.ptr);
    }
    free(name);
    buf_release(&path);
}

static size_t rank_of(const struct session *s, size_t index)
{
    return s->ranks ? s->ranks[index] : index;
}

/* The audits' observer, on the thread of any lane */

static void on_started(void *context, size_t index)
{
    const struct lane *lane = context;
    struct session *s = lane->session;

    progress_started(s->progress, index, s->scenarios[index]->name, loop_now(lane->loop));
}

static void on_event(void *context, size_t index, const struct event *e)
{
    const struct lane *lane = context;
    struct session *s = lane->session;

    progress_event(s->progress, index, e);
    if (e->lag_us < FELT_LAG_US)
        return;
    pthread_mutex_lock(&s->lock);
    s->late_waits++;
    s->lag_us = e->lag_us > s->lag_us ? e->lag_us : s->lag_us;
    pthread_mutex_unlock(&s->lock);
}

static const char *const status_notes[JOURNEY_STATUS_COUNT] = {
    "met its bar", "fell short", "could not be tested", "stopped",
};

static void on_ended(void *context, size_t index, struct transcript *t, bool stopped)
{
    const struct lane *lane = context;
    struct session *s = lane->session;
    struct buf note = BUF_INIT(256);

    struct journey_result *jr = judged(s->data, lane->read_before, t, stopped);

    if (option_on(s->options, OPT_HIDE_NAMES))   /* after judging, before anything is written */
        staff_hide_one(jr);
    write_transcript(s, index, t);

    const struct score *score = jr->judgement ? &jr->judgement->score : NULL;

    buf_adds(&note, status_notes[jr->status]);
    if (score && score->known)
        buf_addf(&note, ", %d %c", score_rounded(score->value), score->grade);
    progress_ended(s->progress, index, note.ptr);
    buf_release(&note);
    jr->place = s->placed ? (int64_t)s->numbers[index] + 1 : 0;
    pthread_mutex_lock(&s->lock);
    result_put(s->result, rank_of(s, index), jr);
    pthread_mutex_unlock(&s->lock);
}

static void on_parked(void *context, size_t index, int64_t wake_us)
{
    struct session *s = ((const struct lane *)context)->session;

    pthread_mutex_lock(&s->lock);
    s->wake_us = !s->parked++ || wake_us < s->wake_us ? wake_us : s->wake_us;
    pthread_mutex_unlock(&s->lock);
    progress_ended(s->progress, index, "parked");
}

static void on_journal_failed(void *context)
{
    struct session *s = ((const struct lane *)context)->session;

    pthread_mutex_lock(&s->lock);
    s->journaling->failed = true;
    pthread_mutex_unlock(&s->lock);
    session_stop(s);
}

/* What earlier processes of this run have played is judged, not played. */
static void take_over(struct session *s)
{
    const struct journaling *g = s->journaling;
    struct reading_memory *read_before = g && g->over ? reading_memory_new() : NULL;

    for (size_t i = 0; g && g->over && i < s->count; i++) {
        struct transcript *t = NULL;
        json_t *parts = NULL;

        if (!g->over[i] || !journaling_before(s->journaling, i, &t, &parts))
            continue;
        json_decref(parts);
        if (!t)
            continue;

        struct journey_result *jr = judged(s->data, read_before, t, false);

        if (option_on(s->options, OPT_HIDE_NAMES))
            staff_hide_one(jr);
        jr->place = s->placed ? (int64_t)s->numbers[i] + 1 : 0;
        result_put(s->result, rank_of(s, i), jr);
        progress_played(s->progress);
    }
    reading_memory_free(read_before);
}

/* "support.example.com=50/600" */
static bool read_limit(struct options *o, const char *text, struct polite_limit *ret)
{
    enum { LIMIT_MAX = 1000000 };
    const char *equals = strrchr(text, '=');
    unsigned long long n, r;
    char rest;

    if (!equals || equals == text || sscanf(equals + 1, "%7llu/%7llu%c", &n, &r, &rest) != 2 ||
        n < 1 || r < 1 || n > LIMIT_MAX || r > LIMIT_MAX || strpbrk(text, "*/ ") < equals)
        return false;
    *ret = (struct polite_limit){ arena_strndup(o->arena, text, (size_t)(equals - text)),
                                  (size_t)n, (size_t)r };
    return true;
}

static bool read_time(const struct options *o, enum option_id id, int64_t *ret, struct diags *diags)
{
    const char *text = option_text(o, id);

    if (!text || duration_parse(text, ret) == ST_OK)
        return true;
    diag_error(diags, "%s: expected a time such as 30s or 5m, not \"%s\"", o->values[id].from, text);
    return false;
}

/* It becomes a line of a header. */
static bool good_marker(const struct options *o, struct diags *diags)
{
    enum { MARKER_MAX = 200 };
    const char *text = option_text(o, OPT_MARKER);
    size_t len = text ? strlen(text) : 1;
    bool good = len && len <= MARKER_MAX;

    for (const char *p = text; good && p && *p; p++)
        good = *p >= ' ' && *p <= '~';
    if (good && (!text || (*text != ' ' && text[len - 1] != ' ')))
        return true;
    diag_error(diags, "%s: expected up to %d letters, digits and signs of ASCII in one line",
               o->values[OPT_MARKER].from, MARKER_MAX);
    return false;
}

bool limits_ready(struct options *o, struct diags *diags, struct session *s)
{
    static const struct polite_limit others = { NULL, 4, 30 };
    const struct option_value *given = &o->values[OPT_LIMIT];

    s->limits = arena_alloc(o->arena, (given->count + 1) * sizeof *s->limits);
    for (size_t i = 0; i < given->count; i++) {
        if (!read_limit(o, given->items[i], &s->limits[s->limit_count++])) {
            diag_error(diags, "%s: \"%s\" is no limit; expected HOST=N/R, N customers at once and R "
                       "contacts a minute, such as support.example.com=20/600", given->from,
                       given->items[i]);
            return false;
        }
    }
    s->limits[s->limit_count++] = others;
    return read_time(o, OPT_PARK_AFTER, &s->park_after_us, diags) &&
           read_time(o, OPT_RAMP, &s->ramp_us, diags) &&
           read_time(o, OPT_JITTER, &s->jitter_us, diags) && good_marker(o, diags);
}

static const int64_t *starts_on_loop(const struct session *s, int64_t epoch_us)
{
    int64_t *starts = arena_alloc(s->options->arena, (s->count + 1) * sizeof *starts);

    for (size_t i = 0; i < s->count; i++)
        starts[i] = s->starts[i] ? s->starts[i] - epoch_us : 0;
    return starts;
}

void session_start(struct session *s)
{
    const struct options *o = s->options;
    struct journaling *g = s->journaling;

    s->result = result_new();
    s->result->tool = tool_name();
    s->result->started = arena_strdup(s->result->arena,
                                      g ? g->started
                                                      : wall_text(o->arena, loop_wall(s->loop)));
    data_name_expectations(s->data, s->result);
    s->result->folder = scratch_folder();
    pthread_mutex_init(&s->lock, NULL);
    s->progress = progress_new(s->loop, o, s->count);

    struct audit_options ao = {
        .loop = s->loop, .reader = s->data->reader, .adapters = &s->data->adapters,
        .env = { environment_get, s->overrides },
        .observer = { NULL, on_started, on_event, on_ended, on_parked },
        .user_agent = "shopper/" SHOPPER_VERSION, .marker = option_text(o, OPT_MARKER),
        .run_id = g ? g->run_id : new_run_id(s->result->arena), .started = s->result->started,
        .limits = s->limits, .limit_count = s->limit_count, .numbers = s->numbers,
        .shares_connections = option_on(o, OPT_REUSE_CONNECTIONS),
        .evidence = s->evidence, .epoch_us = loop_wall(s->loop) - loop_now(s->loop),
        .seed = (uint64_t)option_int(o, OPT_SEED), .at_once = (size_t)option_int(o, OPT_JOBS),
        .max_contacts = (size_t)option_int(o, OPT_MAX_CONTACTS),
        .chat_patience_us = chat_patience, .mail_patience_us = mail_patience,
        .keeper = g ? journaling_keeper(g, on_journal_failed, NULL) : (struct audit_keeper){ 0 },
        .before = g && g->resumed ? journaling_before : NULL, .over = g ? g->over : NULL,
        .contacts_before = g ? g->contacts : 0,
    };

    if (s->starts)
        ao.starts = starts_on_loop(s, ao.epoch_us);
    if (g)
        ao.since_us = g->started_us - ao.epoch_us;
    ao.park_after_us = s->park_after_us;
    ao.jitter_us = s->jitter_us;
    ao.ramp = (struct ramp){ g ? ao.since_us : loop_now(s->loop), s->ramp_us, ao.seed };

    s->epoch_us = ao.epoch_us;
    take_over(s);
    /* A clock that is not ours stands still for one loop, not for several. */
    lanes_open(&s->lanes, s, &ao,
               loop_is_shared(s->loop) ? 1 : lanes_worth((size_t)option_int(o, OPT_LOOPS),
                                                         ao.at_once, s->count));
    s->signals = signals_watch(loop_uv(s->loop), on_signal, s);
    lanes_start(&s->lanes);
}

void session_stop(struct session *s)
{
    lanes_stop(&s->lanes);
}

static void leave_out(struct result *r, const char *what)
{
    const char **all = arena_alloc(r->arena, (r->left_out_count + 1) * sizeof *all);

    for (size_t i = 0; i < r->left_out_count; i++)
        all[i] = r->left_out[i];
    all[r->left_out_count++] = what;
    r->left_out = all;
}

void session_finish(struct session *s)
{
    size_t foreign;

    signals_over(s->signals);
    s->signals = NULL;
    progress_free(s->progress);
    s->progress = NULL;
    foreign = lanes_foreign_mails(&s->lanes);
    lanes_close(&s->lanes);
    pthread_mutex_destroy(&s->lock);
    result_close_gaps(s->result);                /* those that a signal kept from beginning */
    if (s->parked)
        leave_out(s->result, arena_printf(s->result->arena,
                  "%zu journey%s: parked until %s; then: shopper resume %s", s->parked,
                  s->parked == 1 ? "" : "s",
                  wall_text(s->result->arena, s->wake_us + US_PER_S - 1),
                  s->journaling->path));
    if (s->result->count + s->parked < s->count)
        leave_out(s->result, arena_printf(s->result->arena,
                  "%zu journeys: stopped before they began",
                  s->count - s->result->count - s->parked));
    if (s->late_waits)
        leave_out(s->result, arena_printf(s->result->arena,
                  "%zu wait%s: part of %s, at most %.3g ms, may be harness lag, which is marked and "
                  "not held against the company", s->late_waits, s->late_waits == 1 ? "" : "s",
                  s->late_waits == 1 ? "it" : "each", (double)s->lag_us / US_PER_MS));
    if (foreign)
        leave_out(s->result, arena_printf(s->result->arena,
                  "%zu mail%s in the mailbox: of no journey, not touched", foreign,
                  foreign == 1 ? "" : "s"));
    s->result->duration_us = loop_now(s->loop);
    if (s->journaling)
        s->result->duration_us += s->epoch_us - s->journaling->started_us;
}

void session_release(struct session *s)
{
    result_freep(&s->result);
}

enum status report_all(struct outputs *out, const struct options *o, const struct result *r,
                       struct diags *diags)
{
    if (!option_on(o, OPT_QUIET) && !out->to_stdout) {
        const struct reporter *console = reporter_find("console");
        struct report_options ro = report_options_for(o, stdout);

        if (console->write(r, &ro, stdout) != ST_OK) {
            diag_error(diags, "cannot write to standard output");
            return ST_IO;
        }
    }

    enum status st = outputs_write(out, o, r, diags);

    if (!result_whole(r)) {
        diag_error(diags, "not all journeys could be kept in %s: disk full?", scratch_folder());
        st = ST_IO;
    }
    if (!option_on(o, OPT_QUIET) && !out->to_stdout)
        for (size_t i = 0; i < out->count; i++)
            if (out->items[i].path)
                printf("report: %s\n", out->items[i].path);
    return st;
}
