#include "harness/cli/signals.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "harness/base/mem.h"

static const int watched[] = { SIGINT, SIGTERM };
enum { WATCHED = sizeof watched / sizeof *watched };

/* One wish may arrive twice: `timeout` signals the program and then its whole group. */
static const int64_t again_after_ns = 500 * INT64_C(1000000);

/* A signal handler can be handed nothing: this is what it needs. 0 = none came yet. */
static volatile int64_t first_ns;

struct signals {
    uv_signal_t handles[WATCHED];
    void (*on_first)(void *context, int number);
    void *context;
    int open;
};

static int64_t now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

/* True for the first; ends the program when a second is meant. Async-signal-safe. */
static bool first_signal(int number)
{
    int64_t now = now_ns();

    if (first_ns && now - first_ns > again_after_ns)
        _exit(128 + number);
    if (first_ns)
        return false;
    first_ns = now;
    return true;
}

static void on_loop(uv_signal_t *handle, int number)
{
    struct signals *s = handle->data;

    if (first_signal(number))
        s->on_first(s->context, number);
}

static void on_process(int number)
{
    first_signal(number);
}

static void on_closed(uv_handle_t *handle)
{
    struct signals *s = handle->data;

    if (!--s->open)
        free(s);
}

struct signals *signals_watch(uv_loop_t *loop, void (*on_first)(void *context, int number),
                              void *context)
{
    struct signals *s = mem_zero(1, sizeof *s);

    s->on_first = on_first;
    s->context = context;
    s->open = WATCHED;
    for (size_t i = 0; i < WATCHED; i++) {
        uv_signal_init(loop, &s->handles[i]);
        s->handles[i].data = s;
        uv_signal_start(&s->handles[i], on_loop, watched[i]);
        uv_unref((uv_handle_t *)&s->handles[i]);
    }
    return s;
}

void signals_over(struct signals *s)
{
    struct sigaction answer = { .sa_handler = on_process, .sa_flags = SA_RESTART };
    sigset_t held, before;

    if (!s)
        return;
    /* libuv puts the default back as it lets go; what comes in between must not end us. */
    sigemptyset(&held);
    for (size_t i = 0; i < WATCHED; i++)
        sigaddset(&held, watched[i]);
    pthread_sigmask(SIG_BLOCK, &held, &before);
    uv_loop_t *loop = s->handles[0].loop;
    for (size_t i = 0; i < WATCHED; i++)
        uv_close((uv_handle_t *)&s->handles[i], on_closed);
    uv_run(loop, UV_RUN_NOWAIT);
    sigemptyset(&answer.sa_mask);
    for (size_t i = 0; i < WATCHED; i++)
        sigaction(watched[i], &answer, NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}
