#include "harness/loop/loop.h"

#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "harness/base/duration.h"
#include "harness/loop/inside.h"

/* A poll that returns within this time did not wait: what it found had been ready before. */
#define NO_WAIT_US INT64_C(20)
/* Whoever waits for an answer wakes so often, to see whether they could: stopped by a signal, or on a
 * machine that gives its processors to others, one is not told how long an answer has lain there. */
#define HEARTBEAT_US (50 * US_PER_MS)
/* Clocks that are kept right a little at a time are not set. */
#define WALL_SLACK_US (2 * US_PER_S)
/* So late a timer may well be. */
#define WAKE_SLACK_US (2 * US_PER_MS)

int64_t loop_real_now(const struct loop *l)
{
    return (int64_t)((uv_hrtime() - l->epoch_ns) / 1000);
}

static size_t second_place(int64_t at_us)
{
    return (size_t)(at_us / US_PER_S) % LAG_SECONDS;
}

static void note_lag(struct loop *l, int64_t busy_us)
{
    int64_t second = l->real_us / US_PER_S;
    size_t i = second_place(l->real_us);

    if (l->lag.second[i] != second)
        l->lag.us[i] = 0;
    l->lag.second[i] = second;
    if (busy_us > l->lag.us[i])
        l->lag.us[i] = busy_us;
    if (busy_us > l->lag.worst_us)
        l->lag.worst_us = busy_us;
}

void loop_touch(struct loop *l)
{
    if (!l->stale)
        return;
    l->stale = false;
    l->real_us = loop_real_now(l);
    if (l->clock != CLOCK_REAL)
        return;
    l->now_us = l->real_us;
    if (l->wake_by_us && l->real_us > l->wake_by_us)
        note_lag(l, l->real_us - l->wake_by_us);
    l->wake_by_us = 0;
}

int64_t loop_wall(const struct loop *l)
{
    return l->wall_us + loop_now(l);
}

bool loop_is_shared(const struct loop *l)
{
    return l->clock == CLOCK_SHARED;
}

int64_t loop_now(const struct loop *l)
{
    /* Somebody's own libuv callback may be the first to look after a poll. The object is never
     * const: loop_new made it. */
    loop_touch((struct loop *)l);
    return l->now_us;
}

int64_t loop_lag(const struct loop *l)
{
    return l->lag_us;
}

int64_t loop_lag_at(const struct loop *l, int64_t at_us)
{
    int64_t second = at_us / US_PER_S;

    if (l->clock != CLOCK_REAL)
        return 0;
    if (at_us < 0 || second + LAG_SECONDS <= l->real_us / US_PER_S)
        return l->lag.worst_us;
    return l->lag.second[second_place(at_us)] == second ? l->lag.us[second_place(at_us)] : 0;
}

int64_t loop_lag_worst(const struct loop *l)
{
    return l->clock != CLOCK_REAL ? 0 : l->lag.worst_us;
}

int64_t loop_moment(const struct loop *l)
{
    int64_t now = loop_now(l);

    return l->clock != CLOCK_REAL ? now : loop_real_now(l);
}

struct uv_loop_s *loop_uv(struct loop *l)
{
    return &l->uv;
}

void loop_hold(struct loop *l)
{
    l->holds++;
}

void loop_release(struct loop *l)
{
    if (l->holds)
        l->holds--;
}

void loop_stop(struct loop *l)
{
    l->stopped = true;
}

static void on_wake(uv_timer_t *wake)
{
    uv_stop(wake->loop);          /* should it fire before the poll, the poll must not wait */
}

/* A peer that hangs up must be an error code of a write, not the end of the program. */
static void ignore_broken_pipes(void)
{
    struct sigaction now;

    if (sigaction(SIGPIPE, NULL, &now) == 0 && now.sa_handler == SIG_DFL) {
        now.sa_handler = SIG_IGN;
        sigaction(SIGPIPE, &now, NULL);
    }
}

static int64_t machine_wall_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * US_PER_S + now.tv_nsec / 1000;
}

bool loop_is_real(const struct loop *l)
{
    return l->clock == CLOCK_REAL;
}

int64_t loop_wall_set(const struct loop *l)
{
    int64_t by = machine_wall_us() - (l->wall_us + loop_real_now(l));

    return l->clock != CLOCK_REAL || (by < WALL_SLACK_US && by > -WALL_SLACK_US) ? 0 : by;
}

static struct loop *new_loop(enum clock_kind clock, uint64_t epoch_ns)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT))
        return NULL;
    ignore_broken_pipes();

    struct loop *l = mem_zero(1, sizeof(*l));
    l->clock = clock;
    if (uv_loop_init(&l->uv)) {
        free(l);
        return NULL;
    }
    uv_timer_init(&l->uv, &l->wake);
    l->epoch_ns = epoch_ns;
    l->wall_us = machine_wall_us();
    if (!posts_open(l) || !transfers_open(l)) {
        loop_free(l);
        return NULL;
    }
    return l;
}

struct loop *loop_new(enum clock_kind clock)
{
    return new_loop(clock, uv_hrtime());
}

struct loop *loop_beside(const struct loop *l)
{
    struct loop *beside = new_loop(l->clock, l->epoch_ns);

    if (beside)
        beside->wall_us = l->wall_us;
    return beside;
}

static void close_handle(uv_handle_t *h, void *context)
{
    (void)context;
    if (!uv_is_closing(h))
        uv_close(h, NULL);
}

void loop_free(struct loop *l)
{
    if (!l)
        return;
    l->closing = true;
    transfers_free(l);
    children_free(l);
    timers_free(&l->timers);
    shared_clock_free(l->shared);
    uv_walk(&l->uv, close_handle, NULL);
    uv_run(&l->uv, UV_RUN_DEFAULT);        /* close callbacks free what they close */
    uv_loop_close(&l->uv);
    posts_free(l);
    free(l);
}

/** Microseconds to wait for the next deadline: 0 not at all, -1 for as long as it takes. */
static int64_t time_to_wait(struct loop *l)
{
    int64_t real = loop_real_now(l);
    int64_t wait = -1;

    if (l->timers.due || l->transfers.first_done)
        return 0;                 /* left for the next turn */
    if (l->clock == CLOCK_REAL && l->timers.count) {
        wait = timers_next(&l->timers) - real;
        wait = wait > 0 ? wait : 0;
    }
    if (l->clock == CLOCK_REAL && l->transfers.active && (wait < 0 || wait > HEARTBEAT_US))
        wait = HEARTBEAT_US;
    if (l->transfers.count && l->transfers.due_us >= 0) {
        int64_t curl = l->transfers.due_us - real;

        curl = curl > 0 ? curl : 0;
        wait = wait < 0 || curl < wait ? curl : wait;
    }
    return wait;
}

bool loop_poll(struct loop *l, bool may_wait)
{
    int64_t busy_from = l->real_us;
    int64_t wait = may_wait ? time_to_wait(l) : 0;

    if (wait > 0) {
        /* Rounded up: waking early would only mean polling again. */
        uv_timer_start(&l->wake, on_wake, (uint64_t)((wait + US_PER_MS - 1) / US_PER_MS), 0);
    } else {
        uv_timer_stop(&l->wake);
        if (wait < 0 && !uv_loop_alive(&l->uv) && !posts_wait(l))
            return false;
    }
    int64_t left = loop_real_now(l);

    l->wake_by_us = wait > 0 ? left + wait + US_PER_MS + WAKE_SLACK_US : 0;
    note_lag(l, left - busy_from);
    l->stale = true;
    uv_run(&l->uv, wait == 0 ? UV_RUN_NOWAIT : UV_RUN_ONCE);
    loop_touch(l);
    /* What was there already when we came to look may have waited for as long as we were busy. */
    l->lag_us = l->real_us - left < NO_WAIT_US ? left - busy_from : 0;
    return true;
}

static bool in_flight(struct loop *l)
{
    if (l->transfers.count || posts_wait(l))
        return true;
    /* A hold that nothing can end any more must not stop time for ever. */
    return l->holds && uv_loop_alive(&l->uv);
}

/** Virtual clock: look around without waiting, and if still nothing is under way, jump. */
static bool step_virtual(struct loop *l)
{
    uv_timer_stop(&l->wake);
    if (!l->timers.count || in_flight(l))
        return loop_poll(l, true);
    loop_poll(l, false);
    if (!in_flight(l) && l->timers.count && timers_next(&l->timers) > l->now_us)
        l->now_us = timers_next(&l->timers);
    return true;
}

static bool step(struct loop *l)
{
    switch (l->clock) {
    case CLOCK_VIRTUAL: return step_virtual(l);
    case CLOCK_SHARED: return shared_clock_step(l);
    default: return loop_poll(l, true);
    }
}

void loop_run(struct loop *l)
{
    l->stopped = false;
    l->stale = true;
    loop_touch(l);
    while (!l->stopped) {
        int64_t late = timers_run(l);

        if (l->clock == CLOCK_REAL && late > l->lag_us)
            l->lag_us = late;
        /* A callback that starts a transfer makes libcurl ask for its turn at once. A few rounds
         * save a poll each; the bound keeps sockets and timers served. */
        for (int round = 0; round < 4 && transfers_run(l) && !l->stopped; round++)
            ;
        bool posted = posts_run(l);

        if (l->stopped)
            break;
        if (posted ? !loop_poll(l, false) : !step(l))
            break;
    }
    uv_timer_stop(&l->wake);
}
