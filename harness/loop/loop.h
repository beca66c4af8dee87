#ifndef LOOP_LOOP_H
#define LOOP_LOOP_H
/**
 * Loop: one libuv loop with a clock, timers, and libcurl transfers under curl_multi_socket_action.
 *
 * Clock    real: CLOCK_MONOTONIC, read once each time the poll returns. virtual: time stands still
 *          while a transfer or a hold is in flight and otherwise jumps to the next timer. A child
 *          does not hold it (a server child lives for the whole run): who waits for one holds.
 *          shared: virtual, and somebody else's: it stands still until that one says what time it is
 *          (shared_clock.c; the practice company, whose messages must not be overtaken by time).
 * Signals  loop_new has SIGPIPE ignored if nobody decided otherwise: a peer that hangs up is an
 *          error of that write, not the end of the program.
 * Units    microseconds since loop_new.
 * Threads  everything of one loop belongs to one thread; nothing is shared between loops. Only
 *          loop_post may be called from another one.
 */
#include <curl/curl.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "harness/base/buf.h"
#include "harness/base/status.h"
#include "harness/model/event.h"          /* struct timings */

struct loop;
struct uv_loop_s;

enum clock_kind { CLOCK_REAL, CLOCK_VIRTUAL, CLOCK_SHARED };

/** NULL when libuv or libcurl cannot start (too few descriptors). */
struct loop *loop_new(enum clock_kind clock);
/** One on somebody else's clock: the path of its socket. NULL: `why` says it for people. */
struct loop *loop_new_shared(const char *socket_path, struct buf *why);
void loop_free(struct loop *l);           /* cancels what is left, without calling back */

/** One more, for another thread, whose clock says the same. NULL as above. */
struct loop *loop_beside(const struct loop *l);

/** Now, as of when the poll returned. */
int64_t loop_now(const struct loop *l);
/** The real clock, read now: for lengths of time inside one turn of the loop, nothing else. */
int64_t loop_real_now(const struct loop *l);
/**
 * The wall clock, microseconds since 1970: as it was when the loop was made, and the loop's own time
 * since. So it does not jump when somebody sets the machine's clock.
 */
int64_t loop_wall(const struct loop *l);
/** Nobody waits for real: no use in drawing progress, or in looking for mail by a timer. */
bool loop_is_shared(const struct loop *l);
/** By how much the machine's wall clock has been set since the loop began; 0 where it is not ours to
 *  look at, and for less than two seconds. Times of day that are waited for move with it. */
int64_t loop_wall_set(const struct loop *l);
/** May it be set? */
bool loop_is_real(const struct loop *l);
/** How late the loop's last wake-up was served: its own queue, in microseconds (harness lag). */
int64_t loop_lag(const struct loop *l);
/**
 * The harness lag around a moment of the last minute: the longest the loop was busy with other things
 * in that second, and so the most by which something may have been noticed or sent late. For earlier
 * moments: of all time. 0 on a virtual clock.
 */
int64_t loop_lag_at(const struct loop *l, int64_t at_us);
/** The worst of all time. */
int64_t loop_lag_worst(const struct loop *l);
/** The moment of something that is done now, such as words that leave: on the real clock as read now,
 *  since the poll may have returned a while ago. */
int64_t loop_moment(const struct loop *l);
/** libuv's own loop, for the few who need it (signals, processes, pipes). */
struct uv_loop_s *loop_uv(struct loop *l);

/** Runs until nothing is left to do or loop_stop. */
void loop_run(struct loop *l);
void loop_stop(struct loop *l);

typedef void timer_fn(void *context);

/* Posts: the one way from thread to thread. */
struct post;
/**
 * From any thread: fn(context) is called by the loop, in the order of posting; a loop runs on while
 * something is posted. What is still there when the loop is freed is not called.
 * @return valid until fn is called.
 */
struct post *loop_post(struct loop *l, timer_fn *fn, void *context);
/** It is not called any more. On the loop it was posted to; NULL is fine. */
void post_cancel(struct post *p);
/** loop_run does not end for want of work before loop_leave: something may yet be posted. Counted;
 *  on the loop's own thread. */
void loop_stay(struct loop *l);
void loop_leave(struct loop *l);

/* Timers: due ones run in order of (time, creation). */
struct timer;
struct timer *timer_start(struct loop *l, int64_t at_us, timer_fn *fn, void *context);
/** NULL is fine; a timer that has fired is gone by itself: forget its pointer in its callback. */
void timer_cancel(struct timer *t);

/* Transfers: any libcurl easy handle (HTTP, SMTP, IMAP). The loop sets nothing but PRIVATE. */
struct transfer;
/**
 * @param result  libcurl's.
 * @param at_us   loop time at which the last bytes were readable, though it was busy then.
 * The easy handle is removed from the loop already and belongs to the caller again.
 */
typedef void transfer_fn(void *context, CURL *easy, CURLcode result, int64_t at_us);
struct transfer *transfer_start(struct loop *l, CURL *easy, transfer_fn *fn, void *context);
/**
 * The same for a handle with CURLOPT_CONNECT_ONLY. After CURLE_OK it stays in the loop, so that
 * curl_easy_send and curl_easy_recv work on it (libcurl closes such a connection when its handle is
 * removed), and is no longer under way: the loop does not run on for it. End it with
 * transfer_cancel. After any other result it is gone, as above. Its socket (CURLINFO_ACTIVESOCKET)
 * is watched by a watch.
 */
struct transfer *connection_start(struct loop *l, CURL *easy, transfer_fn *fn, void *context);
/**
 * Takes the handle out; the callback will not come. NULL is fine. In the callback: forget it.
 * Neither this nor transfer_start may be called from inside libcurl's own callbacks (write, read).
 */
void transfer_cancel(struct transfer *t);
/* Watches: a socket of a connection that stays. Freed before its connection is ended. */
struct watch;
enum watch_events { WATCH_READ = 1, WATCH_WRITE = 2, WATCH_ERROR = 4 };
/** Called each time the socket is ready; the watch may be freed in it. */
typedef void watch_fn(void *context, unsigned events);
/** Asleep until watch_set. NULL: not a socket that can be watched. */
struct watch *watch_new(struct loop *l, curl_socket_t fd, watch_fn *fn, void *context);
/** What to wait for from now on; 0 = nothing. */
void watch_set(struct watch *w, unsigned events);
/** NULL is fine. */
void watch_free(struct watch *w);

/**
 * Phases of a finished transfer by libcurl's clocks; a kept connection has no connect.
 * @param late_us  transfer_late: what was our own queue is taken out of the time until the end.
 */
struct timings transfer_timings(CURL *easy, int64_t late_us);
/** In a transfer_fn: how long its sockets were ready, all in all, before the loop came to them. */
int64_t transfer_late(const struct loop *l);

/**
 * Things in flight that hold a virtual clock still (mail under way, a child at work). A hold that
 * nothing in the loop could end any more (no transfer, no libuv handle left) does not count.
 */
void loop_hold(struct loop *l);
void loop_release(struct loop *l);

/**
 * On a shared clock mail is not looked for by timers, which would be countless in eight weeks: fn is
 * called when there may be some, looks, and holds while it does. On other clocks never. Freed before
 * the loop.
 */
struct lookout;
struct lookout *lookout_new(struct loop *l, void (*fn)(void *context), void *context);
void lookout_free(struct lookout *x);     /* NULL is fine */

/* Work on a thread of its own. */
struct work;
typedef void work_fn(void *context);
/**
 * Runs `work` on a thread, then `done` on the loop. Holds a virtual clock and keeps loop_run from
 * ending. The context must outlive it; what is under way when the loop is freed is waited for,
 * without `done`.
 * @return good until `done` begins.
 */
struct work *work_start(struct loop *l, work_fn *work, work_fn *done, void *context);
/** Nobody waits for it any more: instead of `done`, drop(context) is called when it has ended, also
 *  while the loop is freed. */
void work_abandon(struct work *w, work_fn *drop);

/* Child processes (practice company, drivers): one line of output at a time. */
struct child;
struct child_callbacks {
    void (*line)(void *context, const char *text);      /* stdout, without the newline */
    void (*ended)(void *context, int status, int signal); /* the child is gone; free it after */
};
/**
 * argv NULL-terminated, argv[0] is looked up in PATH. stdin is a pipe that closes when we go away,
 * however we go; stderr is ours. A line longer than 64 KiB is cut.
 * @return NULL when it could not be started: errno says why.
 */
struct child *child_start(struct loop *l, const char *const *argv,
                          const struct child_callbacks *callbacks, void *context);
void child_write(struct child *c, const char *text);
void child_close_input(struct child *c);
void child_kill(struct child *c, int signal);
pid_t child_pid(const struct child *c);
/** NULL is fine. A child that still runs is killed and collected; no callback comes after. */
void child_free(struct child *c);

#endif
